"""What the line under the form says of an answer, and what tells one bank from another."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.domain.banks.bank import Bank, BankProvider
from meld_desktop.domain.banks.changes import ALLOW_REDIRECT, DROP_REGIONS, Change, add_region, make_optional
from meld_desktop.domain.banks.picker import Answer, Form, Suggestion
from meld_desktop.domain.banks.summary import (
    MOST_SAID,
    age,
    matching,
    more,
    one_line,
    particulars,
    request_after,
    told,
)
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
OWNERS, BALANCES = make_optional(Product.OWNERS), make_optional(Product.BALANCES)


def one(adds: int, *changes: Change) -> Suggestion:
    return Suggestion(tuple(sorted(changes)), adds)


def answer(count: int, *suggestions: Suggestion) -> Answer:
    return Answer(Form(), count, 20_000, suggestions, 0)


# --- how many


@pytest.mark.parametrize(
    ("count", "said", "so_far"),
    [
        (0, "No bank matches.", "No bank matches so far."),
        (1, "1 bank matches.", "1 bank matches so far."),
        (38, "38 banks match.", "38 banks match so far."),
    ],
)
def test_how_many_match(count: int, said: str, so_far: str) -> None:
    assert str(matching(answer(count))) == said
    assert str(matching(answer(count), so_far=True)) == so_far


def test_numbers_are_written_as_the_window_writes_them() -> None:
    found = answer(12_345, one(4_321, OWNERS))
    assert str(matching(found, number="{:,}".format)) == "12,345 banks match."
    said = more(found.suggestions[0], found, "{:,}".format)
    assert str(said) == "4,321 more if Owners were optional"


def test_more_than_none_is_said_differently() -> None:
    none = answer(0, one(4, OWNERS, ALLOW_REDIRECT))
    assert str(more(none.suggestions[0], none)) == "4 would match if Owners were optional and if redirects were allowed"


# --- which suggestions


def test_the_first_are_said_and_no_more_than_fit() -> None:
    four = (one(9, ALLOW_REDIRECT), one(4, BALANCES), one(3, OWNERS), one(2, DROP_REGIONS))
    assert told(four) == four[:MOST_SAID]
    assert told(()) == ()


def test_each_subject_has_its_turn_and_the_order_stays() -> None:
    regions = [one(50, DROP_REGIONS), one(40, add_region("CA")), one(30, add_region("GB"))]
    last = one(4, OWNERS)
    assert told([*regions, last]) == (regions[0], regions[1], last)
    assert told(regions) == tuple(regions)


def test_the_smallest_come_before_any_larger() -> None:
    small = one(50, DROP_REGIONS), one(40, add_region("CA")), one(30, OWNERS)
    assert told([*small, one(99, DROP_REGIONS, OWNERS)]) == small
    assert told([*small[:1], one(99, DROP_REGIONS, OWNERS)]) == (small[0], one(99, DROP_REGIONS, OWNERS))


def test_dropping_the_regions_is_not_said_where_a_country_does_as_much() -> None:
    country, drop = one(2, add_region("CA")), one(2, DROP_REGIONS)
    assert told([country, drop]) == (country,)
    more_by_drop = one(3, DROP_REGIONS)
    assert told([more_by_drop, country]) == (more_by_drop, country)
    both = one(2, add_region("CA"), OWNERS), one(2, DROP_REGIONS, OWNERS), one(2, DROP_REGIONS, BALANCES)
    assert told(both) == (both[0], both[2])


def test_a_change_that_does_as_much_as_another_is_not_taken_for_the_regions() -> None:
    two = one(2, OWNERS), one(2, DROP_REGIONS)
    assert told(two) == two


def test_many_changes_at_once_are_said_only_where_fewer_do_nothing() -> None:
    many = one(99, OWNERS, BALANCES, DROP_REGIONS, ALLOW_REDIRECT)
    assert told([one(1, OWNERS), many]) == (one(1, OWNERS),)
    assert told([many]) == (many,)


# --- the request after a click

_CHANGES = st.lists(
    st.sampled_from([*map(make_optional, Product), *map(add_region, ("US", "CA", "GB")), DROP_REGIONS, ALLOW_REDIRECT]),
    unique=True,
)
_REQUESTS = st.builds(
    lambda products, optional, regions, redirect: ConnectStartRequest(
        external_customer_id="c",
        products=tuple(products),
        optional_products=tuple(product for product in optional if product not in products),
        regions=tuple(regions),
        institution_id="i",
        allow_redirect=redirect,
    ),
    st.lists(st.sampled_from(Product), unique=True),
    st.lists(st.sampled_from(Product), unique=True),
    st.lists(st.sampled_from(["US", "CA-ON", "GB", "us-ca"]), unique=True),
    st.booleans(),
)


@settings(deadline=None, max_examples=300)
@given(_REQUESTS, _CHANGES)
def test_the_request_after_changes_is_the_form_after_them(request: ConnectStartRequest, changes: list[Change]) -> None:
    after = request_after(request, tuple(sorted(changes)))
    assert Form.of_request(after) == Form.of_request(request).changed(changes)
    everything = {*request.products, *request.optional_products}
    assert {*after.products, *after.optional_products} == everything
    assert len(after.products) + len(after.optional_products) == len(everything)
    assert len(set(map(str.upper, after.regions))) == len(after.regions)
    assert (after.external_customer_id, after.institution_id) == ("c", "i")


def test_what_is_not_changed_keeps_its_place() -> None:
    request = ConnectStartRequest(
        products=(Product.OWNERS, Product.BALANCES), optional_products=(Product.TRANSACTIONS,), regions=("us", "CA-ON")
    )
    after = request_after(request, (OWNERS, add_region("GB"), add_region("US")))
    assert after.products == (Product.BALANCES,)
    assert after.optional_products == (Product.TRANSACTIONS, Product.OWNERS)
    assert after.regions == ("us", "CA-ON", "GB")


# --- how old


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(days=-3), "as of now"),
        (timedelta(seconds=59), "as of now"),
        (timedelta(seconds=60), "as of 1 minute ago"),
        (timedelta(minutes=59, seconds=59), "as of 59 minutes ago"),
        (timedelta(hours=1), "as of 1 hour ago"),
        (timedelta(hours=23, minutes=59), "as of 23 hours ago"),
        (timedelta(days=1), "as of 1 day ago"),
        (timedelta(days=2, hours=23), "as of 2 days ago"),
        (timedelta(days=400), "as of 400 days ago"),
    ],
)
def test_age(ago: timedelta, said: str) -> None:
    assert str(age(NOW - ago, NOW)) == said


# --- one bank


def bank(number: int, name: str = "Maple", *ways: str, domain: str = "", sub: str = "", test: bool = False) -> Bank:
    providers = []
    for way in ways:
        provider, _, regions = way.partition(" ")
        providers.append(BankProvider(provider, "", False, frozenset(regions.split()), frozenset()))
    return Bank(f"id{number}", name, sub, domain=domain, is_test=test, providers=tuple(providers))


def said(*banks: Bank) -> list[list[str]]:
    return [[str(part) for part in parts] for parts in particulars(banks)]


def test_what_tells_banks_apart() -> None:
    assert said(
        bank(1, "Maple", "PLAID US US-TN", "MX CA-ON", domain="maple.example", sub="maple.example"),
        bank(2, "Maple", "PLAID GB", domain="maple.example", sub="Business", test=True),
        bank(3, "Alone"),
    ) == [
        ["maple.example", "CA, US", "PLAID, MX"],
        ["maple.example", "Business", "GB", "PLAID", "test bank"],
        [],
    ]


def test_many_countries_are_counted() -> None:
    assert said(bank(1, "Maple", "MX AT BE DE ES FR US US-CA"))[0][0] == "AT, BE, DE, ES and 2 more"
    assert said(bank(1, "Maple", "MX AT BE DE ES"))[0][0] == "AT, BE, DE, ES"


def test_the_id_tells_apart_what_nothing_else_does() -> None:
    twins = bank(1, "Maple", "MX US"), bank(2, "Maple", "MX US"), bank(3, "Oak", "MX US")
    assert said(*twins) == [["US", "MX", "id1"], ["US", "MX", "id2"], ["US", "MX"]]


def test_a_name_is_one_line_without_what_would_turn_it_around() -> None:
    assert one_line(" Maple\n\tBank\u202e \u2066x\x00 ") == "Maple Bank x"
    assert one_line("بنك <b>e\u0301</b> a\u200db") == "بنك <b>e\u0301</b> a\u200db"
