"""Presets: the same body byte for byte, no place for a customer or a secret, and a reason for every refusal."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meld_desktop.domain.fields import FIELDS, FieldSpec, Kind
from meld_desktop.domain.presets.builtin import BUILT_IN, built_in
from meld_desktop.domain.presets.documents import LARGEST, from_json, schema, to_json
from meld_desktop.domain.presets.preset import LONGEST_NAME, Preset, PresetError
from meld_desktop.domain.products import Product
from meld_desktop.domain.region_codes import validate
from meld_desktop.domain.request import ConnectStartRequest, request_from
from meld_desktop.domain.validation import check

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3NjMwMDAwMDB9.c2lnbmF0dXJl"

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
lists_of_products = st.lists(st.sampled_from(Product), max_size=7).map(tuple)
VALUES: dict[Kind, st.SearchStrategy[object]] = {
    Kind.TEXT: words,
    Kind.URL: words,
    Kind.COLOUR: words,
    Kind.PRODUCTS: lists_of_products,
    Kind.REGIONS: st.lists(words, max_size=4).map(tuple),
    Kind.FLAG: st.booleans(),
    Kind.TRISTATE: st.none() | st.booleans(),
    Kind.CHOICE: st.sampled_from(["", "LIST", "TILE"]),
}
requests = st.fixed_dictionaries({spec.id: VALUES[spec.kind] for spec in FIELDS}).map(request_from)
names = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=LONGEST_NAME)

FULL: dict[str, object] = {
    "products": ["TRANSACTIONS", "BALANCES"],
    "optionalProducts": ["OWNERS"],
    "regions": ["CA-ON", "US"],
    "institutionSearchString": "Crédit “Agricole” \\ \n",
    "institutionId": "bank_chase",
    "redirectUrl": "https://example.com/done?a=b&c=d",
    "allowRedirect": False,
    "accountPreferenceOverride": {"font": "Inter", "showBorder": False, "selectionStyle": "TILE"},
}


def document(**changes: Any) -> bytes:
    """Return the file of a preset with some members changed; None takes one out."""
    whole = {"format": "meld-desktop-preset", "version": 1, "name": "Mine", "request": FULL} | changes
    return json.dumps({name: value for name, value in whole.items() if value is not None}).encode()


# --- the same body


@given(requests, names, words)
def test_a_preset_gives_the_same_body_byte_for_byte(request: ConnectStartRequest, name: str, customer: str) -> None:
    back = from_json(to_json(Preset(name, request)))
    assert back.name == name
    assert back.request_for(request.external_customer_id).to_json() == request.to_json()
    assert back.request_for(customer).body().get("externalCustomerId", "") == customer
    assert to_json(back) == to_json(Preset(name, request))


def test_the_file_holds_the_documented_body_without_the_customer() -> None:
    preset = from_json(document())
    assert preset.request_for("c-1").body() == {"externalCustomerId": "c-1", **FULL}
    kept = json.loads(to_json(preset))
    assert kept == {"format": "meld-desktop-preset", "version": 1, "name": "Mine", "request": FULL}


def test_the_order_of_products_and_regions_stays() -> None:
    request = from_json(document()).request
    assert request.products == (Product.TRANSACTIONS, Product.BALANCES)
    assert request.regions == ("CA-ON", "US")


def test_what_an_editor_may_add_is_no_reason_to_refuse() -> None:
    assert from_json(b"\xef\xbb\xbf" + document()) == from_json(document())
    explicit = {"products": ["OWNERS"], "allowRedirect": True, "redirectUrl": "", "accountPreferenceOverride": {}}
    assert from_json(document(request=explicit)).request == ConnectStartRequest(products=(Product.OWNERS,))


# --- no place for a customer or a secret


def test_a_preset_leaves_the_customer_behind() -> None:
    preset = Preset("Mine", ConnectStartRequest(external_customer_id="support-4711", products=(Product.OWNERS,)))
    assert preset.request == ConnectStartRequest(products=(Product.OWNERS,))
    assert b"support-4711" not in to_json(preset)


def names_in(node: object) -> Iterator[str]:
    """Yield every name that an object may have anywhere in a JSON Schema, and prove that each object is closed."""
    if not isinstance(node, dict):
        return
    if "properties" in node:
        assert node["type"] == "object"
        assert node["additionalProperties"] is False
        for name, inner in node["properties"].items():
            yield name
            yield from names_in(inner)
    if "items" in node:
        yield from names_in(node["items"])


def test_the_schema_has_no_place_for_a_secret_or_a_customer() -> None:
    found = set(names_in(schema()))
    assert found == {"format", "version", "name", "request", "accountPreferenceOverride"} | {
        spec.wire[-1] for spec in FIELDS if spec.id != "external_customer_id"
    }
    suspicious = ("key", "token", "secret", "password", "auth", "credential", "widget", "customer", "header")
    assert [name for name in found if any(word in name.lower() for word in suspicious)] == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.sampled_from(["", "x", "OWNERS", "TILE"]),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(st.sampled_from([*FULL, "externalCustomerId", "apiKey", "font", "showBorder"]), inner)
        ),
        max_leaves=6,
    )
)
def test_the_schema_says_what_is_read(request: object) -> None:
    jsonschema = pytest.importorskip("jsonschema_rs")
    whole = json.loads(document()) | {"request": request}
    content = json.dumps(whole).encode()
    if jsonschema.is_valid(schema(), whole):
        from_json(content)
    else:
        with pytest.raises(PresetError):
            from_json(content)


@pytest.mark.parametrize("spec", [spec for spec in FIELDS if spec.kind in {Kind.TEXT, Kind.URL}], ids=lambda s: s.id)
def test_a_link_or_a_token_is_refused_wherever_it_is_pasted(spec: FieldSpec) -> None:
    if not spec.in_preset:
        return
    for pasted in (TOKEN, f"https://institution-connect.meld.io/?connectToken={TOKEN}", "?connectToken=opaque"):
        with pytest.raises(PresetError) as caught:
            Preset("Mine", request_from({spec.id: pasted}))
        assert str(spec.label) in str(caught.value)
        assert "eyJ" not in str(caught.value)
        assert "opaque" not in str(caught.value)


# --- refusals

REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "broken at line 1, column 1"),
    "cut off": (document()[:-9], "broken at line 1, column"),
    "second line": (b'{\n "format" "x"}', "broken at line 2, column 11"),
    "no text": (b'{"name": "\xff"}', "broken"),
    "endless": (b'{"x": ' + b"[" * 60_000, "broken"),
    "a huge number": (b'{"x": ' + b"9" * 60_000 + b"}", "broken"),
    "a list": (b"[1]", "not a preset"),
    "another file": (b'{"theme": "dark"}', "not a preset"),
    "newer": (document(version=2, request={"shape": "new"}), "version 2; this program reads version 1"),
    "older": (document(version=0), "version 0"),
    "version as text": (document(version="1\n2"), "version 1?2"),
    "version as true": (document(version=True), "version"),
    "no version": (document(version=None), "version"),
    "oversized": (document(name="x" * LARGEST), "larger than 64 KiB"),
    "no name": (document(name=None), "no name"),
    "blank name": (document(name="  "), "name"),
    "name as a number": (document(name=7), "no name"),
    "long name": (document(name="x" * 81), "at most 80 characters"),
    "name with lines": (document(name="a\nb"), "cannot be shown"),
    "no request": (document(request=None), "no request"),
    "request as a list": (document(request=[]), "“request”"),
    "a customer": (document(request={"externalCustomerId": "c"}), "“externalCustomerId”"),
    "a key": (document(apiKey="abc:def"), "“apiKey”"),
    "a key inside": (document(request={"apiKey": "abc:def"}), "“apiKey”"),
    "a field nobody knows": (document(request={"colour": "red"}), "“colour”"),
    "one nested": (
        document(request={"accountPreferenceOverride": {"theme": 1}}),
        "“accountPreferenceOverride.theme”",
    ),
    "look as text": (document(request={"accountPreferenceOverride": "x"}), "“accountPreferenceOverride”"),
    "products as text": (document(request={"products": "OWNERS"}), "“products”"),
    "a product of another type": (document(request={"products": [1]}), "“products”"),
    "unknown product": (document(request={"products": ["HISTORICAL_TRANSACTIONS"]}), "“HISTORICAL_TRANSACTIONS”"),
    "regions as an object": (document(request={"regions": {"US": 1}}), "“regions”"),
    "flag as a number": (document(request={"allowRedirect": 0}), "“allowRedirect”"),
    "text as null": (document(request={"redirectUrl": None}), "“redirectUrl”"),
    "unknown style": (document(request={"accountPreferenceOverride": {"selectionStyle": "GRID"}}), "Selection style"),
    "half a character": (document(request={"institutionId": "\ud800"}), "Institution ID"),
    "half a character in a list": (document(request={"regions": ["\ud800"]}), "Regions"),
    "twice": (document()[:-1] + b', "name": "Other"}', "“name” stands in the preset twice"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_cannot_be_used_is_refused_with_the_reason(what: str) -> None:
    content, reason = REFUSED[what]
    with pytest.raises(PresetError) as caught:
        from_json(content)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


@given(st.binary(max_size=200))
def test_any_bytes_are_a_preset_or_a_reason(content: bytes) -> None:
    with pytest.raises(PresetError):
        from_json(content)


def test_a_preset_that_could_not_be_read_again_is_not_written() -> None:
    with pytest.raises(PresetError, match="64 KiB"):
        to_json(Preset("Mine", ConnectStartRequest(font="x" * LARGEST)))


# --- built in


def test_the_presets_that_come_with_the_program() -> None:
    assert [each.preset.name for each in BUILT_IN] == [
        "Verify account", "Balances and transactions", "Investments", "Canada",
    ]  # fmt: skip
    assert [str(each.label) for each in BUILT_IN] == [each.preset.name for each in BUILT_IN]
    bodies = {each.id: each.preset.request_for("c").body() for each in BUILT_IN}
    assert bodies == {
        "verify-account": {"externalCustomerId": "c", "products": ["IDENTIFIERS", "OWNERS"]},
        "balances-and-transactions": {"externalCustomerId": "c", "products": ["BALANCES", "TRANSACTIONS"]},
        "investments": {
            "externalCustomerId": "c",
            "products": ["BALANCES"],
            "optionalProducts": ["INVESTMENT_HOLDINGS", "INVESTMENT_TRANSACTIONS"],
        },
        "canada": {"externalCustomerId": "c", "products": ["BALANCES", "TRANSACTIONS"], "regions": ["CA"]},
    }


@pytest.mark.parametrize("each", BUILT_IN, ids=lambda each: each.id)
def test_a_built_in_preset_can_be_sent_without_a_warning(each: Any) -> None:
    assert check(each.preset.request_for("c"), is_region=lambda code: validate(code) is not None) == []


def test_looking_one_up() -> None:
    assert built_in(" CANADA ") is BUILT_IN[3]
    assert built_in("verify-account") is built_in("Verify Account") is BUILT_IN[0]
    assert built_in("nothing") is None
