"""One line of a session's timeline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from meld_desktop.domain.text import NOTHING, Text


class EntryKind(StrEnum):
    """What sort of thing happened; the timeline is filtered by it."""

    REQUEST = "request"
    ANSWER = "answer"
    TOKEN = "token"  # noqa: S105 - a kind's name
    """What the connect token says about itself; never the token."""
    WIDGET = "widget"
    """The widget loaded, was loaded again, stayed blank, could not be loaded."""
    EVENT = "event"
    """What the widget said."""
    NAVIGATION = "navigation"
    WINDOW = "window"
    REFUSED = "refused"
    """What the web view refused: a permission, a download, a file, an address, a window, a dialog, messages."""
    CONSOLE = "console"
    CRASH = "crash"
    STATUS = "status"
    """The connection's status as Meld told it when asked."""
    PERSON = "person"
    """What the person at this computer did: copied the link, opened the browser, loaded again, closed the widget."""
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened, in words and as facts.

    ``number`` counts from 1. ``at`` is aware, in UTC; ``seconds`` is the time since the session began, from a clock
    that never jumps. ``data`` is plain JSON and, like both texts, free of connect tokens; values of queries in it are
    masked. ``count`` is above 1 when the same thing came again at once. ``picture`` names the picture of that moment.
    """

    number: int
    at: datetime
    seconds: float
    kind: EntryKind
    title: Text
    detail: Text = NOTHING
    place: str = ""
    data: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    count: int = 1
    picture: str = ""
