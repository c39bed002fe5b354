"""Reads Meld's error body (OAS: ``ErrorResponse``) without trusting its shape.

The bodies of 401 and 403 are not documented, and proxies answer with HTML: whatever cannot be read counts as empty.
"""

import re
from dataclasses import dataclass

import msgspec

from meld_desktop.domain.fields import FIELDS
from meld_desktop.domain.redaction import Redactor
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.validation import Problem, Severity

_MOST_PROBLEMS = 30


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """What could be read of an error body; empty texts where it said nothing."""

    code: str = ""
    message: str = ""
    display_message: str = ""
    errors: tuple[str, ...] = ()
    request_id: str = ""


def read_error_body(content: bytes) -> ErrorBody:
    """Return what ``content`` says; an empty ErrorBody when it is not a JSON object. Never raises."""
    try:
        # A message in another encoding than UTF-8 is better read with gaps than not at all.
        answer = msgspec.json.decode(content.decode("utf-8", "replace").removeprefix("\ufeff"))
    except (msgspec.DecodeError, RecursionError):
        return ErrorBody()
    if not isinstance(answer, dict):
        return ErrorBody()
    errors = answer.get("errors")
    return ErrorBody(
        _text(answer.get("code")),
        _text(answer.get("message")),
        _text(answer.get("displayMessage")),
        tuple(filter(None, map(_text, errors))) if isinstance(errors, list) else (),
        _text(answer.get("requestId")),
    )


def _text(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("message") or value.get("error")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def problems_in(body: ErrorBody, redact: Redactor) -> tuple[Problem, ...]:
    """Return one problem for each error that names a field; also for a message that does, when ``errors`` is empty.

    Meld words them like ``[externalCustomerId] must not be blank``.
    """
    said = body.errors or ((body.message,) if _BRACKETED.match(body.message) else ())
    problems = []
    for text in said[:_MOST_PROBLEMS]:
        if field := _field_named_in(text):
            shown = " ".join(redact(_BRACKETED.sub("", text, count=1)).split())[:300]
            what = Text(QT_TRANSLATE_NOOP("domain", "Meld says: {said}"), said=shown)
            problems.append(Problem(field, Severity.ERROR, what))
    return tuple(problems)


_BRACKETED = re.compile(r"^\s*\[[\w.]+(?:\[\d+\])?\]\s*")
_NAMES = {name: spec.id for spec in FIELDS for name in (spec.wire_name, spec.wire[-1])}
_NAME = re.compile(
    r"(?<![A-Za-z])(" + "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True)) + r")(?![A-Za-z])"
)


def _field_named_in(text: str) -> str | None:
    found = _NAME.search(text)
    return _NAMES[found[1]] if found else None
