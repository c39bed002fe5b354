"""The lines of a timeline in words: what each thing that happened is called, and the facts beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from meld_desktop.domain.addresses import masked, split
from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.text import NOTHING, QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.widget_events import (
    CONNECT_COMPLETE,
    ERROR,
    Notice,
    NoticeKind,
    WidgetEvent,
    completion_of,
    error_sentence,
    shorten,
)
from meld_desktop.domain.witness.entry import EntryKind
from meld_desktop.domain.witness.observation import (
    Attempt,
    AttemptKind,
    ConsoleLevel,
    ConsoleLine,
    Hop,
    HopKind,
    IgnoredMessages,
    IgnoredReason,
    LeftOut,
    LeftOutKind,
    Observation,
    ResourceRequest,
    WindowChange,
)
from meld_desktop.domain.witness.troubles import reason_of

_NO_DATA: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Line:
    """What an entry says. ``twin`` names the happening when it is seen and told by two parts of the web view."""

    kind: EntryKind
    title: Text
    detail: Text = NOTHING
    place: str = ""
    data: Mapping[str, object] = field(default_factory=lambda: _NO_DATA)
    twin: str = ""


def as_is(text: str) -> Text:
    """Return a text that is the same in every language."""
    return Text("{text}", text=text) if text else NOTHING


def of_observation(seen: Observation) -> Line:
    """Return the line for what the web view saw."""
    match seen:
        case Hop():
            return _of_hop(seen)
        case ConsoleLine():
            return _of_console(seen)
        case IgnoredMessages():
            return _of_ignored(seen)
        case WindowChange():
            return _of_window(seen)
        case Attempt():
            return _of_attempt(seen)
        case LeftOut():
            return _of_left_out(seen)
        case ResourceRequest():
            return Line(EntryKind.NAVIGATION, as_is(f"{seen.method} {masked(seen.url)}"))


_HOPS = {
    HopKind.START: QT_TRANSLATE_NOOP("domain", "Opened {host}"),
    HopKind.NAVIGATION: QT_TRANSLATE_NOOP("domain", "Went to {host}"),
    HopKind.REDIRECT: QT_TRANSLATE_NOOP("domain", "Redirected to {host}"),
    HopKind.WINDOW: QT_TRANSLATE_NOOP("domain", "New window for {host}"),
    HopKind.RETURN: QT_TRANSLATE_NOOP("domain", "Reached the return URL at {host}"),
    HopKind.APP: QT_TRANSLATE_NOOP("domain", "App link to {host}, not followed"),
    HopKind.REFUSED: QT_TRANSLATE_NOOP("domain", "Page refused: {host}"),
}
_TWINS = {HopKind.RETURN: "return", HopKind.APP: "app", HopKind.REFUSED: "refused"}


def _of_hop(hop: Hop) -> Line:
    shown = masked(hop.url)
    address = split(hop.url)
    host = shown if address is None else address.origin.partition("://")[2]
    if hop.kind is HopKind.APP and address is not None:
        host = f"{address.scheme}://{address.host}"
    return Line(
        EntryKind.REFUSED if hop.kind is HopKind.REFUSED else EntryKind.NAVIGATION,
        Text(_HOPS[hop.kind], host=shorten(host, 120)),
        as_is(shown),
        hop.place,
        {"kind": hop.kind.value, "url": shown},
        _TWINS.get(hop.kind, ""),
    )


_LEVELS = {
    ConsoleLevel.INFO: QT_TRANSLATE_NOOP("domain", "Console"),
    ConsoleLevel.WARNING: QT_TRANSLATE_NOOP("domain", "Console warning"),
    ConsoleLevel.ERROR: QT_TRANSLATE_NOOP("domain", "Console error"),
}


def _of_console(line: ConsoleLine) -> Line:
    said, source = shorten(line.text), shorten(line.source, 200)
    data = {"level": line.level.value, "text": said, "source": source, "line": line.line}
    return Line(EntryKind.CONSOLE, Text(_LEVELS[line.level]), as_is(said), line.place, data)


_ORIGINS = 1_000
_IGNORED = {
    IgnoredReason.FOREIGN_ORIGIN: QT_TRANSLATE_NOOP("domain", "Ignored: messages that pretended to be the widget's"),
    IgnoredReason.UNREADABLE: QT_TRANSLATE_NOOP("domain", "Ignored: messages that cannot be read"),
    IgnoredReason.TOO_LONG: QT_TRANSLATE_NOOP("domain", "Ignored: messages that are too long"),
    IgnoredReason.TOO_MANY: QT_TRANSLATE_NOOP("domain", "Ignored: too many messages at once"),
}


def _of_ignored(seen: IgnoredMessages) -> Line:
    origin = ", ".join(one if one == "…" else masked(one) for one in seen.origin[:_ORIGINS].split(", ") if one)
    if origin:
        detail = Text(QT_TRANSLATE_NOOP("domain", "{count} from {origin}"), count=seen.count, origin=origin)
    else:
        detail = as_is(str(seen.count))
    data = {"reason": seen.reason.value, "origin": origin, "count": seen.count}
    twin = "dropped" if seen.reason is IgnoredReason.TOO_MANY else ""
    return Line(EntryKind.REFUSED, Text(_IGNORED[seen.reason]), detail, data=data, twin=twin)


_WINDOW_OPENED = QT_TRANSLATE_NOOP("domain", "Bank window opened")
_WINDOW_CLOSED = QT_TRANSLATE_NOOP("domain", "Bank window closed")
_WINDOW_SHUT = QT_TRANSLATE_NOOP("domain", "Bank window closed by hand")


def _of_window(seen: WindowChange) -> Line:
    source = _WINDOW_OPENED if seen.opened else _WINDOW_SHUT if seen.by_user else _WINDOW_CLOSED
    data = {"host": seen.host, "opened": seen.opened, "byUser": seen.by_user}
    twin = "window opened" if seen.opened else "window closed"
    return Line(EntryKind.WINDOW, Text(source), as_is(seen.host), seen.place, data, twin)


def _of_attempt(seen: Attempt) -> Line:
    source = (
        QT_TRANSLATE_NOOP("domain", "The page wanted the whole screen; it was denied")
        if seen.kind is AttemptKind.FULL_SCREEN
        else QT_TRANSLATE_NOOP("domain", "The page wanted to hold whoever leaves it; it was left all the same")
    )
    data = {"attempt": seen.kind.value, "host": seen.host}
    return Line(EntryKind.REFUSED, Text(source), as_is(seen.host), seen.place, data)


_LEFT_OUT = {
    LeftOutKind.HOPS: (EntryKind.NAVIGATION, QT_TRANSLATE_NOOP("domain", "{count} more navigations, not listed")),
    LeftOutKind.REQUESTS: (EntryKind.NAVIGATION, QT_TRANSLATE_NOOP("domain", "{count} more requests, not listed")),
    LeftOutKind.CONSOLE: (EntryKind.CONSOLE, QT_TRANSLATE_NOOP("domain", "{count} more console lines, not listed")),
    LeftOutKind.DIALOGS: (EntryKind.REFUSED, QT_TRANSLATE_NOOP("domain", "{count} more message boxes, not listed")),
    LeftOutKind.NOTICES: (EntryKind.REFUSED, QT_TRANSLATE_NOOP("domain", "{count} more notices, not listed")),
    LeftOutKind.ATTEMPTS: (EntryKind.REFUSED, QT_TRANSLATE_NOOP("domain", "{count} more attempts, not listed")),
}


def _of_left_out(seen: LeftOut) -> Line:
    kind, source = _LEFT_OUT[seen.what]
    data = {"leftOut": seen.what.value, "count": seen.count}
    return Line(kind, Text(source, count=seen.count), place=seen.place, data=data)


def of_event(event: WidgetEvent) -> Line:
    """Return the line for what the widget said."""
    data: dict[str, object] = {"event": event.name, "metadata": dict(event.metadata)}
    match event.name:
        case "init":
            title, detail = Text(QT_TRANSLATE_NOOP("domain", "The widget is ready")), NOTHING
        case name if name == CONNECT_COMPLETE:
            title, detail = _of_completion(event)
            completion = completion_of(event)
            data["institutionName"] = completion.institution_name if completion is not None else ""
        case name if name == ERROR:
            title = Text(QT_TRANSLATE_NOOP("domain", "The widget reports a problem"))
            detail = as_is(error_sentence(event)) or Text(QT_TRANSLATE_NOOP("domain", "It gave no reason"))
        case "cancel":
            title, detail = Text(QT_TRANSLATE_NOOP("domain", "The customer left the widget")), NOTHING
        case "handover":
            title, detail = Text(QT_TRANSLATE_NOOP("domain", "The widget is done and may be closed")), NOTHING
        case _:
            title = Text(QT_TRANSLATE_NOOP("domain", "The widget said {name}"), name=event.name)
            detail = as_is(error_sentence(event))
    return Line(EntryKind.EVENT, title, detail, data=data)


def _of_completion(event: WidgetEvent) -> tuple[Text, Text]:
    completion = completion_of(event)
    bank = completion.institution_name if completion is not None else ""
    title = Text(
        QT_TRANSLATE_NOOP("domain", "Connected {bank}"), bank=bank or Text(QT_TRANSLATE_NOOP("domain", "the bank"))
    )
    count = completion.account_count if completion is not None else 0
    if count == 1:
        return title, Text(QT_TRANSLATE_NOOP("domain", "1 account"))
    return title, Text(QT_TRANSLATE_NOOP("domain", "{count} accounts"), count=count) if count else NOTHING


def event_line(event: WidgetEvent) -> str:
    """Return an event as two sessions are compared by: its name, and what of its metadata carries meaning."""
    if event.name == CONNECT_COMPLETE and (completion := completion_of(event)) is not None:
        return f"{event.name} {completion.institution_name or '?'} {completion.account_count}"
    if event.name == ERROR:
        return f"{event.name} {reason_of(event) or error_sentence(event) or '?'}"
    return event.name


_NOTICES: Mapping[NoticeKind, tuple[EntryKind, str, str]] = {
    NoticeKind.POPUP_OPENED: (EntryKind.WINDOW, _WINDOW_OPENED, "window opened"),
    NoticeKind.POPUP_CLOSED: (EntryKind.WINDOW, _WINDOW_CLOSED, "window closed"),
    NoticeKind.POPUP_CLOSED_BY_USER: (EntryKind.WINDOW, _WINDOW_SHUT, "window closed"),
    NoticeKind.POPUP_BLOCKED: (EntryKind.REFUSED, QT_TRANSLATE_NOOP("domain", "Window blocked"), ""),
    NoticeKind.PERMISSION_DENIED: (EntryKind.REFUSED, QT_TRANSLATE_NOOP("domain", "Permission denied"), ""),
    NoticeKind.DOWNLOAD_REFUSED: (EntryKind.REFUSED, QT_TRANSLATE_NOOP("domain", "Download refused"), ""),
    NoticeKind.FILE_REFUSED: (EntryKind.REFUSED, QT_TRANSLATE_NOOP("domain", "File refused"), ""),
    NoticeKind.NAVIGATION_REFUSED: (EntryKind.REFUSED, QT_TRANSLATE_NOOP("domain", "Page refused"), "refused"),
    NoticeKind.EXTERNAL_SCHEME: (EntryKind.NAVIGATION, QT_TRANSLATE_NOOP("domain", "App link, not followed"), "app"),
    NoticeKind.CERTIFICATE_REFUSED: (EntryKind.REFUSED, QT_TRANSLATE_NOOP("domain", "Page not secure"), ""),
    NoticeKind.DIALOG_ANSWERED: (EntryKind.REFUSED, QT_TRANSLATE_NOOP("domain", "Message box answered"), ""),
    NoticeKind.MESSAGES_DROPPED: (EntryKind.REFUSED, QT_TRANSLATE_NOOP("domain", "Messages not read"), "dropped"),
    NoticeKind.LOAD_FAILED: (EntryKind.WIDGET, QT_TRANSLATE_NOOP("domain", "Page not loaded"), ""),
    NoticeKind.TOO_MANY: (EntryKind.REFUSED, QT_TRANSLATE_NOOP("domain", "Too many notices"), ""),
}


def of_notice(notice: Notice) -> Line:
    """Return the line for what the web view did or refused."""
    kind, title, twin = _NOTICES[notice.kind]
    return Line(kind, Text(title), notice.text, data={"notice": notice.kind.value}, twin=twin)


def of_return(place: str) -> Line:
    """Return the line for the return URL that was reached."""
    return Line(
        EntryKind.NAVIGATION, Text(QT_TRANSLATE_NOOP("domain", "Reached the return URL")), as_is(place), twin="return"
    )


def of_status(status: ConnectionState) -> Line:
    """Return the line for what Meld says about the connection."""
    data = {
        "status": status.status,
        "statusReason": status.reason,
        "institutionName": status.institution_name,
        "successfullyAggregatedAt": status.aggregated_at.isoformat() if status.aggregated_at else None,
    }
    shown = f"{status.status} ({status.reason})" if status.reason else status.status
    title = Text(QT_TRANSLATE_NOOP("domain", "Status: {status}"), status=shorten(shown, 120))
    return Line(EntryKind.STATUS, title, status.line, data=data)
