"""What travels in the body of ``connect/start``, against bodies written from the documentation (OAS, VCR, TOK)."""

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ATTRIBUTES, ConnectStartRequest, field_value, request_from

EVERYTHING = ConnectStartRequest(
    external_customer_id="support-4711",
    products=(Product.BALANCES, Product.TRANSACTIONS),
    optional_products=(Product.INVESTMENT_HOLDINGS,),
    regions=("US", "CA-ON"),
    institution_search_string="Chase",
    institution_id="Ntj3AwgdridJc2rtfeheku",
    redirect_url="https://example.com/linked",
    allow_redirect=False,
    selection_style="TILE",
    institution_selection_text="Pick your bank",
    account_logo_url="https://example.com/logo.png",
    font="Inter",
    show_border=True,
    border_color="#003366",
    border_text_color="white",
    routing_retry=False,
    routing_retry_bank_button_color="#111111",
    routing_retry_provider_button_color="#222222",
)
EVERYTHING_BODY = {
    "externalCustomerId": "support-4711",
    "products": ["BALANCES", "TRANSACTIONS"],
    "optionalProducts": ["INVESTMENT_HOLDINGS"],
    "regions": ["US", "CA-ON"],
    "institutionSearchString": "Chase",
    "institutionId": "Ntj3AwgdridJc2rtfeheku",
    "redirectUrl": "https://example.com/linked",
    "allowRedirect": False,
    "accountPreferenceOverride": {
        "selectionStyle": "TILE",
        "institutionSelectionText": "Pick your bank",
        "accountLogoUrl": "https://example.com/logo.png",
        "font": "Inter",
        "showBorder": True,
        "borderColor": "#003366",
        "borderTextColor": "white",
        "routingRetry": False,
        "routingRetryBankButtonColor": "#111111",
        "routingRetryProviderButtonColor": "#222222",
    },
}


def test_every_field_travels_under_its_documented_name() -> None:
    assert EVERYTHING.body() == EVERYTHING_BODY


def test_the_recorded_request() -> None:
    request = ConnectStartRequest(external_customer_id="user@domain.com", products=(Product.BALANCES, Product.OWNERS))
    assert request.to_json() == '{"externalCustomerId":"user@domain.com","products":["BALANCES","OWNERS"]}'


def test_nothing_set_sends_nothing() -> None:
    assert ConnectStartRequest().body() == {}


def test_allow_redirect_is_sent_only_when_it_says_something() -> None:
    assert "allowRedirect" not in ConnectStartRequest(allow_redirect=True).body()
    assert ConnectStartRequest(allow_redirect=False).body() == {"allowRedirect": False}


@pytest.mark.parametrize("name", ["show_border", "routing_retry"])
def test_a_tristate_can_say_no(name: str) -> None:
    wire = {"show_border": "showBorder", "routing_retry": "routingRetry"}[name]
    for value in (True, False):
        assert request_from({name: value}).body() == {"accountPreferenceOverride": {wire: value}}
    assert request_from({name: None}).body() == {}


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_each_field_alone(name: str) -> None:
    value = getattr(EVERYTHING, name)
    body = request_from({name: value}).body()
    assert len(json.dumps(body)) < len(json.dumps(EVERYTHING_BODY))
    (wire, sent), *others = body.items()
    assert not others
    if isinstance(sent, dict):
        (wire, sent), *others = sent.items()
        assert not others
        assert EVERYTHING_BODY["accountPreferenceOverride"][wire] == sent  # type: ignore[index]
    else:
        assert EVERYTHING_BODY[wire] == sent


def test_products_travel_as_plain_text_for_any_json_writer() -> None:
    products = EVERYTHING.body()["products"]
    assert isinstance(products, list)
    assert {type(product) for product in products} == {str}


@settings(deadline=None, max_examples=50)
@given(
    st.builds(
        ConnectStartRequest,
        external_customer_id=st.text(),
        regions=st.lists(st.text()).map(tuple),
        institution_selection_text=st.text(),
    )
)
def test_any_text_survives_the_way(request: ConnectStartRequest) -> None:
    for indent in (None, 2):
        assert json.loads(request.to_json(indent=indent)) == request.body()
    assert json.loads(request.to_json()).get("externalCustomerId", "") == request.external_customer_id


def test_text_is_shown_as_typed() -> None:
    assert ConnectStartRequest(external_customer_id="Zoë 🏦").to_json() == '{"externalCustomerId":"Zoë 🏦"}'


def test_preview_and_wire_differ_in_blanks_only() -> None:
    shown, sent = EVERYTHING.to_json(indent=2), EVERYTHING.to_json()
    assert "\n" in shown
    assert "\n" not in sent
    assert json.loads(shown) == json.loads(sent)
    assert list(json.loads(shown)) == list(json.loads(sent)) == list(EVERYTHING.body())


def test_a_request_is_a_value() -> None:
    assert dataclasses.replace(EVERYTHING) == EVERYTHING
    assert hash(dataclasses.replace(EVERYTHING)) == hash(EVERYTHING)
    with pytest.raises(dataclasses.FrozenInstanceError):
        EVERYTHING.font = "Comic"  # type: ignore[misc]


def test_values_by_field_id() -> None:
    values = {name: field_value(EVERYTHING, name) for name in ATTRIBUTES}
    assert request_from(values) == EVERYTHING
    with pytest.raises(KeyError):
        field_value(EVERYTHING, "requiredProducts")
    with pytest.raises(TypeError):
        request_from({"required_products": ()})
