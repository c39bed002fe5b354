"""The body of ``POST /bank-linking/connect/start`` as a plain value (OAS: ``ConnectStartRequest_2022_11_10``)."""

import json
from dataclasses import dataclass, fields

from meld_desktop.domain.fields import FIELDS, Kind, field
from meld_desktop.domain.products import Product


@dataclass(frozen=True, slots=True)
class ConnectStartRequest:
    """What the person asked for: one attribute a documented field, each described by one spec in ``fields.py``.

    An empty text, an empty tuple and None all mean *not set*: such a field is left out of the body.
    """

    external_customer_id: str = ""
    products: tuple[Product, ...] = ()
    optional_products: tuple[Product, ...] = ()
    regions: tuple[str, ...] = ()
    institution_search_string: str = ""
    institution_id: str = ""
    redirect_url: str = ""
    allow_redirect: bool = True
    selection_style: str = ""
    institution_selection_text: str = ""
    account_logo_url: str = ""
    font: str = ""
    show_border: bool | None = None
    border_color: str = ""
    border_text_color: str = ""
    routing_retry: bool | None = None
    routing_retry_bank_button_color: str = ""
    routing_retry_provider_button_color: str = ""

    def body(self) -> dict[str, object]:
        """Return the JSON body: fields in documented order, without those that are not set.

        ``allowRedirect`` is sent only when it is false, because true is Meld's default (OAS).
        """
        body: dict[str, object] = {}
        for spec in FIELDS:
            value = getattr(self, spec.id)
            if value == spec.default:
                continue
            if spec.kind is Kind.PRODUCTS:
                value = [product.value for product in value]
            elif spec.kind is Kind.REGIONS:
                value = list(value)
            *parents, name = spec.wire
            place = body
            for parent in parents:
                nested = place.setdefault(parent, {})
                assert isinstance(nested, dict)  # noqa: S101 - narrows the type; FIELDS never nests under a value
                place = nested
            place[name] = value
        return body

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the body as JSON text; what the preview shows and, without indent, what is sent."""
        separators = (",", ":") if indent is None else None
        return json.dumps(self.body(), ensure_ascii=False, indent=indent, separators=separators)


def field_value(request: ConnectStartRequest, field_id: str) -> object:
    """Return the value of one field; raises KeyError when there is no such field."""
    return getattr(request, field(field_id).id)


def request_from(values: dict[str, object]) -> ConnectStartRequest:
    """Build a request from values by field id; fields not named keep their default. Raises TypeError on others."""
    return ConnectStartRequest(**values)  # type: ignore[arg-type]


ATTRIBUTES = tuple(attribute.name for attribute in fields(ConnectStartRequest))
