"""The picker's rules: told one by one, and compared with a search that tries everything."""

import random
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meld_desktop.domain.banks.bank import Bank
from meld_desktop.domain.banks.changes import ALLOW_REDIRECT, DROP_REGIONS, add_region, in_words, make_optional
from meld_desktop.domain.banks.picker import Form, Picker, Verdict, serves, verdict
from meld_desktop.domain.banks.reading import read_banks
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from tests.support.brute_picker import Brute, Record, Wish, apply, shown

PRODUCTS = [product.value for product in Product]
TAGS = ["US", "US-CA", "US-TN", "CA", "CA-ON", "ca-qc", "GB", "gb"]
FORM_REGIONS = ["US", "US-CA", "US-NY", "CA", "CA-ON", "us", "ca-qc", "GB-SCT", "FR"]


def record(number: int, *ways: Mapping[str, Any]) -> Record:
    return {"id": f"id{number}", "name": f"Bank {number}", "providers": {f"p{i}": way for i, way in enumerate(ways)}}


def way(products: str = "", regions: str = "", *, oauth: bool = False) -> Mapping[str, Any]:
    return {"id": "x", "oauth": oauth, "regions": regions.split(), "products": products.split()}


def bank(*ways: Mapping[str, Any]) -> Bank:
    (read,) = read_banks([record(1, *ways)]).banks
    return read


def form(products: str = "", regions: str = "", *, redirect: bool = True) -> Form:
    return Form.of(map(Product, products.split()), regions.split(), allow_redirect=redirect)


def fixes(found: Verdict) -> list[str]:
    return [" ".join(change.code for change in changes) for changes in found.fixes]


# --- the rules one by one


def test_a_bank_without_a_provider_is_never_shown_and_nothing_helps() -> None:
    assert verdict(bank(), form()) == Verdict(shown=False)
    assert verdict(bank(), form("OWNERS", "US", redirect=False)) == Verdict(shown=False)


def test_no_filter_shows_every_bank_that_has_a_provider() -> None:
    assert verdict(bank(way(oauth=True)), form()) == Verdict(shown=True)


def test_one_provider_must_do_it_all() -> None:
    two = bank(way("OWNERS", "US"), way("BALANCES", "CA"))
    assert not verdict(two, form("OWNERS BALANCES")).shown
    assert not verdict(two, form("OWNERS", "CA")).shown
    assert verdict(two, form("OWNERS", "US")).shown
    assert not verdict(bank(way("OWNERS", oauth=True), way("BALANCES")), form("OWNERS", redirect=False)).shown


@pytest.mark.parametrize(
    ("tags", "regions", "served"),
    [
        ("US", "US", True), ("US-TN", "US", True), ("US", "US-TN", True), ("US-TN", "US-TN", True),
        ("US-TN", "US-CA", False), ("US", "CA", False), ("US-CA", "CA", False), ("CA", "US-CA", False),
        ("CA-ON", "US CA", True), ("US-TN", "US-CA US-TN", True), ("", "US", False), ("", "", True),
        ("us-tn", "Us", True), ("US", "us-tn", True), ("US US", "US US us", True),
    ],
)  # fmt: skip
def test_regions(tags: str, regions: str, served: bool) -> None:
    assert verdict(bank(way("", tags)), form("", regions)).shown is served
    assert serves([tag.upper() for tag in tags.split()], [region.upper() for region in regions.split()]) is served


def test_the_fixes_of_a_bank() -> None:
    far = bank(way("OWNERS", "CA-ON GB", oauth=True))
    assert fixes(verdict(far, form("OWNERS BALANCES", "US", redirect=False))) == [
        "optional:BALANCES add-region:CA allow-redirect",
        "optional:BALANCES add-region:GB allow-redirect",
        "optional:BALANCES drop-regions allow-redirect",
    ]
    near = bank(way("OWNERS BALANCES", "US", oauth=True), way("OWNERS", "US"), way("", "US", oauth=True))
    assert fixes(verdict(near, form("OWNERS BALANCES", "US", redirect=False))) == [
        "optional:BALANCES",
        "allow-redirect",
    ]


def test_the_only_required_product_can_become_optional() -> None:
    assert fixes(verdict(bank(way()), form("OWNERS"))) == ["optional:OWNERS"]


def test_without_regions_nothing_is_said_of_regions() -> None:
    world = Picker([bank(way("", "CA")), bank(way("OWNERS"))])
    codes = [change.code for one in world.answer(form("OWNERS")).suggestions for change in one.changes]
    assert codes == ["optional:OWNERS"]


def test_a_local_bank_is_reached_by_its_country() -> None:
    local = bank(way("", "US-TN"))
    assert fixes(verdict(local, form("", "US-CA"))) == ["add-region:US", "drop-regions"]
    assert verdict(local, form("", "US-CA").changed([add_region("US")])).shown


def test_a_provider_that_serves_nowhere_needs_the_regions_dropped() -> None:
    assert fixes(verdict(bank(way()), form("", "US"))) == ["drop-regions"]


def test_a_form_is_read_from_a_request() -> None:
    request = ConnectStartRequest(
        "c", (Product.OWNERS,), (Product.BALANCES,), (" us ", "US", "ca_on"), allow_redirect=False
    )
    assert Form.of_request(request) == Form(
        frozenset({Product.OWNERS}), frozenset({"US", "CA-ON"}), allow_redirect=False
    )


def test_a_region_that_is_none_still_filters() -> None:
    assert not verdict(bank(way("", "US")), Form.of((), ["Zürich"])).shown


def test_a_changed_form() -> None:
    before = form("OWNERS BALANCES", "US", redirect=False)
    assert before.changed([]) == before
    assert before.changed([make_optional(Product.OWNERS), add_region("CA")]) == form(
        "BALANCES", "US CA", redirect=False
    )
    assert before.changed([DROP_REGIONS, ALLOW_REDIRECT]) == form("OWNERS BALANCES")


def test_suggestions_name_the_smallest_sets_first_and_then_only_what_beats_them() -> None:
    world = Picker(
        [
            bank(way("OWNERS", "US")),
            bank(way("", "US")),
            bank(way("", "US")),
            bank(way("OWNERS", "CA")),
            bank(way("", "US", oauth=True)),
        ]
    )
    answer = world.answer(form("OWNERS", "US", redirect=False))
    assert (answer.matching, answer.total, answer.bits) == (1, 5, 0b00001)
    assert [(" ".join(c.code for c in one.changes), one.adds) for one in answer.suggestions] == [
        ("optional:OWNERS", 2),
        ("add-region:CA", 1),
        ("drop-regions", 1),
        ("optional:OWNERS add-region:CA", 3),
        ("optional:OWNERS drop-regions", 3),
        ("optional:OWNERS allow-redirect", 3),
        ("optional:OWNERS add-region:CA allow-redirect", 4),
        ("optional:OWNERS drop-regions allow-redirect", 4),
    ]


def test_the_words_of_changes() -> None:
    words = in_words([make_optional(Product.OWNERS), add_region("CA"), ALLOW_REDIRECT])
    assert str(words) == "if Owners were optional and with CA added and if redirects were allowed"
    assert not in_words([])


# --- compared with trying everything


_ways = st.builds(
    lambda products, regions, oauth: {"oauth": oauth, "regions": regions, "products": products},
    st.lists(st.sampled_from([*PRODUCTS, "owners", "IDENTITIES", "HOLDINGS", "STATEMENTS"]), max_size=7),
    st.lists(st.sampled_from(TAGS), max_size=4),
    st.booleans(),
)
_worlds = st.lists(st.lists(_ways, max_size=3), max_size=6).map(
    lambda worlds: [record(number, *ways) for number, ways in enumerate(worlds)]
)
_wishes = st.builds(
    Wish,
    st.lists(st.sampled_from(PRODUCTS), max_size=4, unique=True).map(tuple),
    st.lists(st.sampled_from(FORM_REGIONS), max_size=3).map(tuple),
    st.booleans(),
)


def compare(records: list[Record], wish: Wish) -> None:
    banks = read_banks(records).banks
    asked = Form.of(map(Product, wish.products), wish.regions, allow_redirect=wish.redirect)
    brute, answer = Brute(records, wish), Picker(banks).answer(asked)
    assert {number for number in range(len(banks)) if answer.shows(number)} == brute.shown
    assert answer.matching == len(brute.shown)
    for number, one in enumerate(banks):
        found = verdict(one, asked)
        codes = [frozenset(change.code for change in changes) for changes in found.fixes]
        assert found.shown == (number in brute.shown)
        assert len(set(codes)) == len(codes)
        assert set(codes) == brute.fixes(number)
    suggested = [(frozenset(c.code for c in one.changes), one.adds) for one in answer.suggestions]
    assert len(set(suggested)) == len(suggested)
    assert set(suggested) == set(brute.suggestions())
    assert [(len(changes), -adds) for changes, adds in suggested] == sorted(
        (len(changes), -adds) for changes, adds in suggested
    )


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_worlds, st.lists(_wishes, min_size=4, max_size=4))
def test_no_difference_to_trying_everything(records: list[Record], wishes: list[Wish]) -> None:
    for wish in wishes:
        compare(records, wish)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_worlds, _wishes)
def test_every_fix_is_minimal_and_works(records: list[Record], wish: Wish) -> None:
    asked = Form.of(map(Product, wish.products), wish.regions, allow_redirect=wish.redirect)
    for source, one in zip(records, read_banks(records).banks, strict=True):
        for changes in verdict(one, asked).fixes:
            codes = [change.code for change in changes]
            assert shown(source, apply(wish, codes))
            assert verdict(one, asked.changed(changes)).shown
            for left_out in codes:
                assert not shown(source, apply(wish, [code for code in codes if code != left_out]))


def test_no_difference_in_a_crowd() -> None:
    chance = random.Random(20260203)
    records = [
        record(
            number,
            *(
                way(
                    " ".join(name for name in PRODUCTS if chance.random() < 0.7),
                    " ".join(chance.sample(TAGS, chance.randint(0, 3))),
                    oauth=chance.random() < 0.5,
                )
                for _ in range(chance.randint(0, 3))
            ),
        )
        for number in range(300)
    ]
    for _ in range(5):
        products = tuple(chance.sample(PRODUCTS, 3))
        compare(records, Wish(products, tuple(chance.sample(FORM_REGIONS, 2)), redirect=chance.random() < 0.3))
