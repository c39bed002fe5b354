"""What a connect token says, in plain words and in a sensible order. Unknown claims stay as Meld wrote them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from meld_desktop.domain.products import LABELS
from meld_desktop.domain.redaction import Redactor
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.token import moment_of

ClaimValue = str | datetime | Text | tuple[str | Text, ...]
_LONGEST = 2_000
_MOST = 200
_redact = Redactor()


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One thing a token says. ``claim`` is its name in the token; "" for what follows from several.

    ``value`` is text as Meld wrote it, a moment (aware, in UTC), a sentence, or a list of such texts.
    """

    claim: str
    label: Text
    value: ClaimValue


def claim_rows(claims: Mapping[str, object]) -> tuple[ClaimRow, ...]:
    """Return a row for everything in ``claims``; claims that nobody documented come last. Never raises.

    At most 200 rows, and at most 2,000 characters a value; what looks like a token in it is masked.
    """
    rows = [
        ClaimRow(name, label, _value(name, claims[name])) for name, (label, _read) in _KNOWN.items() if name in claims
    ]
    if lifetime := _lifetime(claims):
        rows.insert(sum(row.claim in {"exp", "iat"} for row in rows), lifetime)
    rows += [
        ClaimRow(_text(name), Text("{claim}", claim=_text(name)), _text(value))
        for name, value in claims.items()
        if name not in _KNOWN
    ]
    return tuple(rows[:_MOST])


def _value(name: str, value: object) -> ClaimValue:
    _label, read = _KNOWN[name]
    said = read(value)
    return _text(value) if said is None else said


def _lifetime(claims: Mapping[str, object]) -> ClaimRow | None:
    issued, expires = moment_of(claims.get("iat")), moment_of(claims.get("exp"))
    if issued is None or expires is None or expires < issued:
        return None
    minutes = round((expires - issued).total_seconds() / 60)
    length = Text(QT_TRANSLATE_NOOP("domain", "{hours} h {minutes} min"), hours=minutes // 60, minutes=minutes % 60)
    return ClaimRow("", Text(QT_TRANSLATE_NOOP("domain", "Works for")), length)


def _products(value: object) -> tuple[str | Text, ...] | None:
    names = _names(value)
    if names is None:
        return None
    labels: Mapping[str, Text] = {product.value: label for product, label in LABELS.items()}
    return tuple(labels.get(name, name) for name in names)


def _names(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
        return None
    return tuple(_text(name) for name in value[:_MOST])


def _redirect(value: object) -> Text | None:
    if not isinstance(value, bool):
        return None
    return Text(QT_TRANSLATE_NOOP("domain", "offered")) if value else Text(QT_TRANSLATE_NOOP("domain", "not offered"))


def _as_written(_value: object) -> None:
    return None


def _text(value: object) -> str:
    """Return ``value`` as it stands in JSON, a text without its quotes; long ones shortened."""
    if isinstance(value, str):
        said = value
    else:
        try:
            said = json.dumps(value, ensure_ascii=False)
        except (ValueError, TypeError, RecursionError):
            said = "…"
    said = _redact(said[: 2 * _LONGEST])
    return said if len(said) <= _LONGEST else said[:_LONGEST] + "…"


_KNOWN: dict[str, tuple[Text, Callable[[object], ClaimValue | None]]] = {
    "exp": (Text(QT_TRANSLATE_NOOP("domain", "Works until")), moment_of),
    "iat": (Text(QT_TRANSLATE_NOOP("domain", "Made at")), moment_of),
    "products": (Text(QT_TRANSLATE_NOOP("domain", "Required products")), _products),
    "regions": (Text(QT_TRANSLATE_NOOP("domain", "Regions")), _names),
    "redirect": (Text(QT_TRANSLATE_NOOP("domain", "Banks with own login page")), _redirect),
    "routingProfile": (Text(QT_TRANSLATE_NOOP("domain", "Routing profile")), _as_written),
    "connection": (Text(QT_TRANSLATE_NOOP("domain", "Connection ID")), _as_written),
    "customer": (Text(QT_TRANSLATE_NOOP("domain", "Customer ID at Meld")), _as_written),
    "account": (Text(QT_TRANSLATE_NOOP("domain", "Your account at Meld")), _as_written),
    "iss": (Text(QT_TRANSLATE_NOOP("domain", "Made by")), _as_written),
}
"""The documented claims (VCR, AND, TOK, REP) in the order in which people ask for them."""
