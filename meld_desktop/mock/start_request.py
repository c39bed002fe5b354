"""Reading the body of ``POST /bank-linking/connect/start`` (OAS ``ConnectStartRequest_2022_11_10``)."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import isfinite

from meld_desktop.mock.contract import COUNTRIES, PRODUCTS, SELECTION_STYLES
from meld_desktop.mock.ids import is_id
from meld_desktop.mock.problems import Problem, bad_id, bad_request

_REGION = re.compile(r"([A-Z]{2})(-[A-Z0-9]{1,3})?\Z")
_FIELDS = (
    "externalCustomerId",
    "products",
    "optionalProducts",
    "regions",
    "allowRedirect",
    "redirectUrl",
    "institutionId",
    "institutionSearchString",
    "accountPreferenceOverride",
)
_APPEARANCE: Mapping[str, type] = {
    "accountLogoUrl": str,
    "borderColor": str,
    "borderTextColor": str,
    "font": str,
    "institutionSelectionText": str,
    "routingRetry": bool,
    "routingRetryBankButtonColor": str,
    "routingRetryProviderButtonColor": str,
    "selectionStyle": str,
    "showBorder": bool,
}


@dataclass(frozen=True)
class Strictness:
    """Switches for what no source settles. Off, the Demo accepts what the endpoint's own description allows."""

    optional_only: bool = False
    """Refuse a request with optional products but no required one (TOK, OPT; OAS allows it)."""
    balances_alone: bool = False
    """Refuse BALANCES as the only product, as Meld did in 2022 (AND)."""
    unknown_fields: bool = False
    """Refuse fields the contract does not know instead of ignoring them."""


LENIENT = Strictness()


@dataclass(frozen=True)
class StartRequest:
    """A connection somebody asked for, checked."""

    external_customer_id: str
    products: tuple[str, ...] = ()
    optional_products: tuple[str, ...] = ()
    regions: tuple[str, ...] | None = None
    allow_redirect: bool = True
    redirect_url: str | None = None
    institution_id: str | None = None
    institution_search_string: str | None = None
    appearance: Mapping[str, object] | None = None


def read_start_request(body: bytes, strictness: Strictness) -> StartRequest:
    """Return the request in ``body``. Raises ``Problem`` (400) that names every mistake of the first kind found."""
    values = json_object(body)
    _check_shape(values, strictness)
    customer = values.get("externalCustomerId")
    if not isinstance(customer, str) or not customer.strip():
        raise bad_request("[externalCustomerId] must not be blank")
    required, optional = _names(values, "products"), _names(values, "optionalProducts")
    _check_products(required, optional, strictness)
    regions = _names(values, "regions") if values.get("regions") is not None else None
    _check_regions(regions or ())
    institution = _text(values, "institutionId")
    if institution is not None and not is_id(institution):
        raise bad_id(institution)
    override = values.get("accountPreferenceOverride")
    return StartRequest(
        external_customer_id=customer,
        products=tuple(dict.fromkeys(required)),
        optional_products=tuple(dict.fromkeys(optional)),
        regions=regions,
        allow_redirect=values.get("allowRedirect") is not False,
        redirect_url=_text(values, "redirectUrl"),
        institution_id=institution,
        institution_search_string=_text(values, "institutionSearchString"),
        appearance={k: v for k, v in override.items() if k in _APPEARANCE} if isinstance(override, dict) else None,
    )


def json_object(body: bytes) -> dict[str, object]:
    """Return the JSON object in ``body``. Raises ``Problem`` (400) when there is none."""
    try:
        values = json.loads(body, parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError):
        raise bad_request("The body is not readable JSON") from None
    if not isinstance(values, dict):
        raise bad_request("The body must be a JSON object")
    return values


def _finite(text: str) -> float:
    """NaN and infinity could not be written down as JSON again."""
    value = float(text)
    if not isfinite(value):
        raise ValueError(f"{text} is no JSON")
    return value


def _check_shape(values: Mapping[str, object], strictness: Strictness) -> None:
    """Types and enumerated values; a field that is null counts as left out."""
    errors = [
        *wrong_names(values, "products", PRODUCTS),
        *wrong_names(values, "optionalProducts", PRODUCTS),
        *wrong_names(values, "regions", None),
    ]
    texts = ("externalCustomerId", "redirectUrl", "institutionId", "institutionSearchString")
    errors += [f"[{name}] must be a string" for name in texts if not isinstance(values.get(name), str | None)]
    if not isinstance(values.get("allowRedirect"), bool | None):
        errors.append("[allowRedirect] must be true or false")
    if strictness.unknown_fields:
        errors += [f"[{name[:80]}] is not a known field" for name in values if name not in _FIELDS]
    override = values.get("accountPreferenceOverride")
    if isinstance(override, dict):
        errors += _wrong_appearance(override, strictness)
    elif override is not None:
        errors.append("[accountPreferenceOverride] must be an object")
    if errors:
        raise bad_request(*errors)


def _wrong_appearance(override: Mapping[str, object], strictness: Strictness) -> list[str]:
    errors = []
    for name, value in override.items():
        kind = _APPEARANCE.get(name)
        if kind is None:
            if strictness.unknown_fields:
                errors.append(f"[accountPreferenceOverride.{name[:80]}] is not a known field")
        elif value is not None and not isinstance(value, kind):
            wanted = "true or false" if kind is bool else "a string"
            errors.append(f"[accountPreferenceOverride.{name}] must be {wanted}")
        elif name == "selectionStyle" and value is not None and value not in SELECTION_STYLES:
            errors.append("[accountPreferenceOverride.selectionStyle] must be one of LIST, TILE")
    return errors


def wrong_names(values: Mapping[str, object], name: str, allowed: Collection[str] | None) -> list[str]:
    """Return what is wrong with a field that must be an array of names; a field left out is in order."""
    items = values.get(name)
    if items is None:
        return []
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        return [f"[{name}] must be an array of strings"]
    if allowed is None:
        return []
    return [f"[{name}] must not contain {item[:80]}: not a product" for item in items if item not in allowed]


def _check_products(required: tuple[str, ...], optional: tuple[str, ...], strictness: Strictness) -> None:
    if not required and not optional:
        raise bad_request("[products] at least one product must be specified")
    if twice := [name for name in PRODUCTS if name in required and name in optional]:
        raise bad_request(f"[optionalProducts] must not repeat a required product: {', '.join(twice)}")
    if strictness.optional_only and not required:
        raise bad_request("[optionalProducts] cannot be specified without at least one required product")
    if strictness.balances_alone and {*required, *optional} == {"BALANCES"}:
        # The recorded body names no field (AND).
        message = "Balances product not available by itself. Must specify at least one more product"
        raise Problem(400, "BAD_REQUEST", message)


def _check_regions(regions: tuple[str, ...]) -> None:
    errors = []
    for region in regions:
        match = _REGION.match(region)
        if match is None or match[1] not in COUNTRIES:
            errors.append(f"[regions] not a supported region: {region[:80]}")
    if len(set(regions)) < len(regions):
        errors.append("[regions] must not contain the same region twice")
    if errors:
        raise bad_request(*errors)


def _names(values: Mapping[str, object], name: str) -> tuple[str, ...]:
    items = values.get(name)
    return tuple(items) if isinstance(items, list) else ()


def _text(values: Mapping[str, object], name: str) -> str | None:
    value = values.get(name)
    return value if isinstance(value, str) else None
