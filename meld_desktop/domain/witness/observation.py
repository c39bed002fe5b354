"""What the web view tells about its pages, as it happens: small values, in the order in which Chromium asked.

Addresses are whole here, with their query: whoever shows or writes one masks it (``addresses.masked``).
"""

from dataclasses import dataclass
from enum import StrEnum


class HopKind(StrEnum):
    """How a document came to be asked for."""

    START = "start"
    """Our own load of the widget's address."""
    NAVIGATION = "navigation"
    REDIRECT = "redirect"
    WINDOW = "window"
    """The first address of a new window."""
    RETURN = "return"
    """The return URL: reached, and stopped before it loaded."""
    APP = "app"
    """An address meant for an app (``meldapp://…``): shown, never followed."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Hop:
    """One document that some frame or window went to, or wanted to go to.

    ``place`` is "widget" (the page around the widget, or the widget itself when top level), "frame" (a frame of it)
    or "window 1", "window 2"… in the order in which windows opened; a frame of a window is "window 1 frame".
    """

    url: str
    place: str
    kind: HopKind


@dataclass(frozen=True, slots=True)
class ResourceRequest:
    """One request that a page made. The engine tells no status, no headers of the answer and no body."""

    method: str
    url: str
    resource: str
    """What it is for, in HAR's words: "document", "stylesheet", "image", "script", "font", "xhr", "media", "other"."""
    initiator: str
    """The origin that asked, "" when the engine names none."""


class ConsoleLevel(StrEnum):
    """How serious a page found its own message."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class ConsoleLine:
    """What a page wrote to its console. Untrusted, shortened to 300 characters."""

    level: ConsoleLevel
    text: str
    source: str
    """Host and path of the script, without a query."""
    line: int
    place: str


class IgnoredReason(StrEnum):
    """Why messages in the page were not read."""

    FOREIGN_ORIGIN = "foreign_origin"
    """They said ``domain: "meld-connect"``, but came from another origin than the widget's."""
    UNREADABLE = "unreadable"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class IgnoredMessages:
    """Messages that were counted and not read: at most one such observation a second and reason."""

    reason: IgnoredReason
    origin: str
    count: int


@dataclass(frozen=True, slots=True)
class WindowChange:
    """A bank's window opened or closed."""

    place: str
    host: str
    opened: bool
    by_user: bool = False


class AttemptKind(StrEnum):
    """What a page tried that was answered without troubling the person at this computer."""

    HOLD = "hold"
    """It wanted to hold whoever leaves it (``beforeunload``). It was left all the same."""
    FULL_SCREEN = "full_screen"
    """It wanted the whole screen and did not get it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something a page tried, answered in silence."""

    kind: AttemptKind
    host: str
    place: str


class LeftOutKind(StrEnum):
    """What came too thick to be told one by one."""

    HOPS = "hops"
    REQUESTS = "requests"
    CONSOLE = "console"
    DIALOGS = "dialogs"
    NOTICES = "notices"
    ATTEMPTS = "attempts"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many things were counted and not told: at most one such observation a second, kind and place."""

    what: LeftOutKind
    place: str
    count: int


Observation = Hop | ResourceRequest | ConsoleLine | IgnoredMessages | WindowChange | Attempt | LeftOut
