"""What Meld's widget says while a customer uses it, read from untrusted messages.

The widget posts ``{domain: "meld-connect", eventName: ...}`` to its parent (EVT) or, through a native bridge, one
string ``[meld-connect]<eventName>?<metadata>`` (SDK). Which key of the web form holds the metadata is written down
nowhere, so several are read. Everything here is total: no input makes it raise.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import parse_qsl

from meld_desktop.domain.addresses import split
from meld_desktop.domain.text import Text

DOMAIN = "meld-connect"
CONNECT_COMPLETE = "connect_complete"
ERROR = "error"

MESSAGE_LIMIT = 64 * 1024
"""Longest message that is read, in bytes of UTF-8."""

_NAME_LIMIT = 64
_SENTENCE_LIMIT = 300
_COUNT_DIGITS = 6
_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:")
_BRIDGE_PREFIX = f"[{DOMAIN}]"
_CONTAINERS = ("metadata", "data", "payload", "details")


@dataclass(frozen=True, slots=True)
class WidgetEvent:
    """One event of the widget: its name and what came with it."""

    name: str
    metadata: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class ConnectedAccount:
    """An account as the widget names it on completion; missing parts are empty."""

    name: str
    mask: str
    kind: str
    subtype: str


@dataclass(frozen=True, slots=True)
class Completion:
    """What ``connect_complete`` tells: the bank and the accounts the customer connected."""

    institution_id: str
    institution_name: str
    account_count: int
    accounts: tuple[ConnectedAccount, ...]


class NoticeKind(StrEnum):
    """What sort of thing the web view did or refused to do."""

    POPUP_OPENED = "popup_opened"
    POPUP_CLOSED = "popup_closed"
    POPUP_CLOSED_BY_USER = "popup_closed_by_user"
    POPUP_BLOCKED = "popup_blocked"
    PERMISSION_DENIED = "permission_denied"
    DOWNLOAD_REFUSED = "download_refused"
    FILE_REFUSED = "file_refused"
    NAVIGATION_REFUSED = "navigation_refused"
    EXTERNAL_SCHEME = "external_scheme"
    CERTIFICATE_REFUSED = "certificate_refused"
    DIALOG_ANSWERED = "dialog_answered"
    MESSAGES_DROPPED = "messages_dropped"
    LOAD_FAILED = "load_failed"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the web view did or refused on the customer's behalf, in a sentence for people."""

    kind: NoticeKind
    text: Text


def origin_of(url: str) -> str:
    """Return the origin of a web address as browsers write it (``https://host[:port]``), or "" if it has none."""
    address = split(url)
    return address.origin if address is not None and address.scheme in ("http", "https") else ""


def parse_message(origin: str, data: str, widget_origin: str) -> WidgetEvent | None:
    """Return the event in one window message, or None when it is not one of the widget's.

    ``origin`` is the message's origin as the browser reports it, ``data`` the JSON text of what was posted, and
    ``widget_origin`` the only origin that is believed.
    """
    if not widget_origin or origin != widget_origin or len(data) > MESSAGE_LIMIT:
        return None
    if len(data.encode("utf-8", "replace")) > MESSAGE_LIMIT:
        return None
    posted = _json(data)
    if isinstance(posted, str):
        if posted.startswith(_BRIDGE_PREFIX):
            return _from_bridge_text(posted.removeprefix(_BRIDGE_PREFIX))
        posted = _json(posted)
    return _from_object(posted) if isinstance(posted, dict) else None


def completion_of(event: WidgetEvent) -> Completion | None:
    """Return what a ``connect_complete`` tells, None for other events. Missing or odd values become empty ones."""
    if event.name != CONNECT_COMPLETE:
        return None
    listed = event.metadata.get("accounts")
    if isinstance(listed, str):  # a bridge's query string carries a list only as text
        listed = _json(listed)
    accounts = (
        tuple(
            ConnectedAccount(
                name=_word(item.get("name")),
                mask=_word(item.get("mask")),
                kind=_word(item.get("type")),
                subtype=_word(item.get("subtype")),
            )
            for item in listed
            if isinstance(item, dict)
        )
        if isinstance(listed, list)
        else ()
    )
    return Completion(
        institution_id=_word(event.metadata.get("institutionId")),
        institution_name=_word(event.metadata.get("institutionName")),
        account_count=_count(event.metadata.get("accountCount"), len(accounts)),
        accounts=accounts,
    )


def error_sentence(event: WidgetEvent) -> str:
    """Return what the widget said about a failure: one line of plain text of limited length, or ""."""
    said: list[str] = []
    for key in ("displayMessage", "message", "reason", "details", "error", "code"):
        word = _word(event.metadata.get(key))
        if word and word not in said:
            said.append(word)
    return shorten(": ".join(said[:2]))


def shorten(text: str, limit: int = _SENTENCE_LIMIT) -> str:
    """Return untrusted text as one printable line of at most ``limit`` characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: limit * 4]).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _word(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    try:
        return shorten(str(value))
    except ValueError:  # an integer too long to be written out
        return ""


def _count(value: object, otherwise: int) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _COUNT_DIGITS:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 10**_COUNT_DIGITS:
        return otherwise
    return int(value)


def _name(value: object) -> str:
    good = isinstance(value, str) and 0 < len(value) <= _NAME_LIMIT and _NAME_CHARACTERS.issuperset(value)
    return str(value) if good else ""


def _from_bridge_text(text: str) -> WidgetEvent | None:
    name, _, rest = text.partition("?")
    if not (name := _name(name.strip())):
        return None
    return WidgetEvent(name, MappingProxyType(_flattened(_object_in(rest, pairs=True))))


def _from_object(posted: dict[str, object]) -> WidgetEvent | None:
    if posted.get("domain") != DOMAIN or not (name := _name(posted.get("eventName"))):
        return None
    rest = {key: value for key, value in posted.items() if key not in ("domain", "eventName")}
    return WidgetEvent(name, MappingProxyType(_flattened(rest)))


def _flattened(metadata: dict[str, object]) -> dict[str, object]:
    """Lift what lies in a container to the top, where the top does not say otherwise."""
    flat = dict(metadata)
    for container in _CONTAINERS:
        held = metadata.get(container)
        if isinstance(held, str):
            # "details" is also a plain sentence, so only JSON counts there.
            held = _object_in(held, pairs=container != "details")
        if isinstance(held, dict) and held:
            del flat[container]
            flat = {**held, **flat}
    return flat


def _object_in(text: str, *, pairs: bool) -> dict[str, object]:
    text = text.strip()
    if text.startswith(("{", "%7B", "%7b")):
        if not text.startswith("{"):
            text = dict(parse_qsl(f"json={text}")).get("json", "")
        found = _json(text)
        return found if isinstance(found, dict) else {}
    if not pairs or "=" not in text:
        return {}
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=200))
    except ValueError:
        return {}
