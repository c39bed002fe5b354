"""The table of fields against the documented schema, which is written out here once more."""

import re
from dataclasses import fields

import pytest

from meld_desktop.domain.fields import FIELDS, FieldSpec, Group, Kind, field, fields_of
from meld_desktop.domain.request import ConnectStartRequest

# ConnectStartRequest_2022_11_10 and BankLinkingPreference, the newest schemas of the start request (OAS).
DOCUMENTED = {
    "externalCustomerId": "string",
    "products": "product[]",
    "optionalProducts": "product[]",
    "regions": "string[]",
    "allowRedirect": "boolean",
    "redirectUrl": "string",
    "institutionId": "string",
    "institutionSearchString": "string",
    "accountPreferenceOverride.accountLogoUrl": "string",
    "accountPreferenceOverride.borderColor": "string",
    "accountPreferenceOverride.borderTextColor": "string",
    "accountPreferenceOverride.font": "string",
    "accountPreferenceOverride.institutionSelectionText": "string",
    "accountPreferenceOverride.routingRetry": "boolean",
    "accountPreferenceOverride.routingRetryBankButtonColor": "string",
    "accountPreferenceOverride.routingRetryProviderButtonColor": "string",
    "accountPreferenceOverride.selectionStyle": "LIST|TILE",
    "accountPreferenceOverride.showBorder": "boolean",
}
TYPES = {
    Kind.TEXT: "string",
    Kind.URL: "string",
    Kind.COLOUR: "string",
    Kind.PRODUCTS: "product[]",
    Kind.REGIONS: "string[]",
    Kind.FLAG: "boolean",
    Kind.TRISTATE: "boolean",
    Kind.CHOICE: "LIST|TILE",
}
each_spec = pytest.mark.parametrize("spec", FIELDS, ids=lambda spec: spec.id)


def test_exactly_one_spec_an_attribute() -> None:
    assert sorted(spec.id for spec in FIELDS) == sorted(attribute.name for attribute in fields(ConnectStartRequest))


def test_exactly_the_documented_fields() -> None:
    assert sorted(spec.wire_name for spec in FIELDS) == sorted(DOCUMENTED)


@each_spec
def test_the_documented_type(spec: FieldSpec) -> None:
    assert TYPES[spec.kind] == DOCUMENTED[spec.wire_name]


@each_spec
def test_the_attribute_is_the_wire_name_in_snake_case(spec: FieldSpec) -> None:
    assert spec.id == re.sub(r"(?=[A-Z])", "_", spec.wire[-1]).lower()


@each_spec
def test_the_default_is_that_of_the_request(spec: FieldSpec) -> None:
    assert getattr(ConnectStartRequest(), spec.id) == spec.default
    assert type(getattr(ConnectStartRequest(), spec.id)) is type(spec.default)


@each_spec
def test_words_for_people(spec: FieldSpec) -> None:
    assert str(spec.label)
    assert str(spec.help).endswith(".")


def test_the_picker_styles() -> None:
    assert [value for value, _ in field("selection_style").choices] == ["LIST", "TILE"]
    assert [spec.id for spec in FIELDS if spec.choices] == ["selection_style"]


def test_flags_of_the_command_line() -> None:
    assert {spec.wire_name: spec.flag for spec in FIELDS if len(spec.wire) == 1} == {
        "externalCustomerId": "--customer",
        "products": "--product",
        "optionalProducts": "--optional",
        "regions": "--region",
        "institutionId": "--institution",
        "institutionSearchString": "--search",
        "redirectUrl": "--redirect-url",
        "allowRedirect": "--no-redirect",
    }
    assert {spec.flag for spec in FIELDS if len(spec.wire) == 2} == {
        f"{name.partition('.')[2]}=" for name in DOCUMENTED if "." in name
    }


def test_names_on_the_screen() -> None:
    labels = {spec.id: str(spec.label) for spec in FIELDS}
    assert labels == {
        "external_customer_id": "Customer ID",
        "products": "Required",
        "optional_products": "Optional",
        "regions": "Regions",
        "institution_search_string": "Institution search",
        "institution_id": "Institution ID",
        "redirect_url": "Redirect URL",
        "allow_redirect": "Allow redirect",
        "selection_style": "Selection style",
        "institution_selection_text": "Picker heading",
        "account_logo_url": "Logo URL",
        "font": "Font",
        "show_border": "Show border",
        "border_color": "Border colour",
        "border_text_color": "Border text colour",
        "routing_retry": "Routing retry",
        "routing_retry_bank_button_color": "Retry bank button colour",
        "routing_retry_provider_button_color": "Retry provider button colour",
    }


def test_a_preset_never_holds_a_customer() -> None:
    assert [spec.id for spec in FIELDS if not spec.in_preset] == ["external_customer_id"]


def test_groups_stand_together_in_the_order_of_the_form() -> None:
    assert [spec.group for spec in FIELDS] == sorted((spec.group for spec in FIELDS), key=list(Group).index)
    assert [spec for group in Group for spec in fields_of(group)] == list(FIELDS)
    assert all(fields_of(group) for group in Group)
    assert {spec.id for spec in fields_of(Group.APPEARANCE)} == {spec.id for spec in FIELDS if len(spec.wire) == 2}


def test_looking_one_up() -> None:
    assert all(field(spec.id) is spec for spec in FIELDS)
    with pytest.raises(KeyError):
        field("requiredProducts")
