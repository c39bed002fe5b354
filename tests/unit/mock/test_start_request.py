"""What start accepts and refuses, field by field."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.mock.contract import COUNTRIES
from meld_desktop.mock.problems import Problem
from meld_desktop.mock.start_request import LENIENT, StartRequest, Strictness, read_start_request

LEAST: dict[str, Any] = {"externalCustomerId": "c", "products": ["BALANCES"]}
STRICT = Strictness(optional_only=True, balances_alone=True, unknown_fields=True)


def read(strictness: Strictness = LENIENT, /, **fields: Any) -> StartRequest:
    return read_start_request(json.dumps(LEAST | fields).encode(), strictness)


def refused(strictness: Strictness = LENIENT, /, **fields: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        read(strictness, **fields)
    assert caught.value.status == 400
    assert caught.value.code == "BAD_REQUEST"
    return caught.value


def test_the_least_request_has_the_documented_defaults() -> None:
    assert read() == StartRequest("c", ("BALANCES",))
    assert read().allow_redirect is True
    assert read().regions is None


def test_everything_that_can_be_asked_for_is_kept() -> None:
    appearance = {
        "accountLogoUrl": "https://example.com/logo.svg",
        "borderColor": "#003366",
        "borderTextColor": "white",
        "font": "Inter",
        "institutionSelectionText": "Where do you bank?",
        "routingRetry": True,
        "routingRetryBankButtonColor": "#111111",
        "routingRetryProviderButtonColor": "#222222",
        "selectionStyle": "TILE",
        "showBorder": False,
    }
    asked = read(
        STRICT,
        products=["BALANCES", "OWNERS"],
        optionalProducts=["TRANSACTIONS"],
        regions=["US-TN", "CA"],
        allowRedirect=False,
        redirectUrl="https://example.com/done",
        institutionId="W9kgBBLULSJFSKTwCpb5Gf",
        institutionSearchString="Chase",
        accountPreferenceOverride=appearance,
    )
    assert asked == StartRequest(
        "c",
        ("BALANCES", "OWNERS"),
        ("TRANSACTIONS",),
        ("US-TN", "CA"),
        False,
        "https://example.com/done",
        "W9kgBBLULSJFSKTwCpb5Gf",
        "Chase",
        appearance,
    )


def test_null_counts_as_left_out() -> None:
    names = ("products", "regions", "allowRedirect", "redirectUrl", "institutionId", "accountPreferenceOverride")
    asked = read(optionalProducts=["OWNERS"], **dict.fromkeys(names, None))
    assert asked == StartRequest("c", optional_products=("OWNERS",))


@pytest.mark.parametrize("products", [[], None])
def test_optional_products_alone_are_allowed_unless_the_switch_says_no(products: object) -> None:
    assert read(products=products, optionalProducts=["OWNERS"]).optional_products == ("OWNERS",)
    assert (
        "optionalProducts"
        in refused(Strictness(optional_only=True), products=products, optionalProducts=["OWNERS"]).message
    )


def test_balances_alone_are_allowed_unless_the_switch_says_no() -> None:
    strict = Strictness(balances_alone=True)
    assert refused(strict).message == "Balances product not available by itself. Must specify at least one more product"
    assert read(strict, optionalProducts=["OWNERS"]).products == ("BALANCES",)


def test_unknown_fields_are_ignored_unless_the_switch_says_no() -> None:
    assert read(requiredProducts=["OWNERS"], accountPreferenceOverride={"logo": 1}).appearance == {}
    problem = refused(Strictness(unknown_fields=True), requiredProducts=[], accountPreferenceOverride={"logo": 1})
    assert problem.errors == (
        "[requiredProducts] is not a known field",
        "[accountPreferenceOverride.logo] is not a known field",
    )


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"externalCustomerId": ""}, "[externalCustomerId] must not be blank"),
        ({"externalCustomerId": " \t"}, "[externalCustomerId] must not be blank"),
        ({"externalCustomerId": None}, "[externalCustomerId] must not be blank"),
        ({"externalCustomerId": 7}, "externalCustomerId"),
        ({"products": []}, "at least one product"),
        ({"products": ["BALANCE"]}, "BALANCE"),
        ({"products": ["HISTORICAL_TRANSACTIONS"]}, "HISTORICAL_TRANSACTIONS"),
        ({"products": ["balances"]}, "balances"),
        ({"products": "BALANCES"}, "products"),
        ({"products": [1]}, "products"),
        ({"optionalProducts": ["BALANCES"]}, "BALANCES"),
        ({"optionalProducts": ["X"]}, "optionalProducts"),
        ({"regions": ["us"]}, "us"),
        ({"regions": ["USA"]}, "USA"),
        ({"regions": ["ZZ"]}, "ZZ"),
        ({"regions": ["US-"]}, "US-"),
        ({"regions": ["US-TENN"]}, "US-TENN"),
        ({"regions": ["US\n"]}, "regions"),
        ({"regions": ["US", "US"]}, "twice"),
        ({"regions": [None]}, "regions"),
        ({"allowRedirect": "yes"}, "allowRedirect"),
        ({"allowRedirect": 1}, "allowRedirect"),
        ({"redirectUrl": 1}, "redirectUrl"),
        ({"institutionId": "Invalid"}, "Not a valid id: Invalid"),
        ({"institutionSearchString": []}, "institutionSearchString"),
        ({"accountPreferenceOverride": "TILE"}, "accountPreferenceOverride"),
        ({"accountPreferenceOverride": {"selectionStyle": "GRID"}}, "selectionStyle"),
        ({"accountPreferenceOverride": {"showBorder": "true"}}, "showBorder"),
        ({"accountPreferenceOverride": {"font": 3}}, "font"),
    ],
)
def test_a_mistake_is_named(fields: dict[str, object], named: str) -> None:
    assert named in refused(**fields).message


def test_several_mistakes_are_named_together() -> None:
    problem = refused(products=["A", "B"], allowRedirect=3)
    assert problem.errors == (
        "[products] must not contain A: not a product",
        "[products] must not contain B: not a product",
        "[allowRedirect] must be true or false",
    )
    assert problem.message == problem.errors[0]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 60_000, b"1" * 5_000])
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(Problem) as caught:
        read_start_request(body, LENIENT)
    assert caught.value.status == 400


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = (
    "externalCustomerId",
    "products",
    "optionalProducts",
    "regions",
    "allowRedirect",
    "redirectUrl",
    "institutionId",
)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from([*FIELDS, "accountPreferenceOverride", "other"]), JSON, max_size=6), st.booleans()
)
def test_whatever_is_sent_is_read_or_refused(fields: dict[str, object], strict: bool) -> None:
    body = json.dumps(fields).encode()
    with suppress(Problem):  # anything else that is raised fails the test
        assert read_start_request(body, STRICT if strict else LENIENT).external_customer_id.strip()


def test_the_countries_are_all_there() -> None:
    assert len(COUNTRIES) == 249
    assert {"US", "CA", "GB", "DE", "ES", "FR", "BR", "MX"} <= COUNTRIES
