"""The request of a link that was made before, to make it again or to carry it into a repair."""

import json
from collections.abc import Mapping
from typing import Any

from meld_desktop.domain.fields import FIELDS, FieldSpec, Kind
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest, request_from


def request_of(record: LinkRecord) -> ConnectStartRequest:
    """Return the request that made ``record``: its ``to_json()`` is the recorded body.

    A record from a file may hold anything. What no request can have is left out, and without a readable body the
    request is what the record's own columns tell. Never raises.
    """
    try:
        body = json.loads(record.request)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        body = {
            "externalCustomerId": record.customer,
            "products": list(record.products),
            "optionalProducts": list(record.optional_products),
            "regions": list(record.regions),
            "institutionId": record.institution_id,
        }
    return request_from({spec.id: value for spec in FIELDS if (value := _value(body, spec)) is not None})


def _value(body: Mapping[str, Any], spec: FieldSpec) -> object | None:
    place: object = body
    for name in spec.wire:
        place = place.get(name) if isinstance(place, dict) else None
    if isinstance(place, list) and spec.kind in {Kind.PRODUCTS, Kind.REGIONS}:
        words = [word for word in place if isinstance(word, str)]
        if spec.kind is Kind.REGIONS:
            return tuple(words)
        return tuple(Product(word) for word in words if word in set(Product))
    if isinstance(place, bool) and (isinstance(spec.default, bool) or spec.default is None):
        return place
    return place if isinstance(place, str) and isinstance(spec.default, str) else None
