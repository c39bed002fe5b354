"""How far a flow came: the facts that a conclusion rests on, and how each thing that happens changes them."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.text import NOTHING, QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.widget_events import (
    CONNECT_COMPLETE,
    ERROR,
    Completion,
    Notice,
    NoticeKind,
    WidgetEvent,
    completion_of,
)
from meld_desktop.domain.witness.observation import (
    Hop,
    HopKind,
    IgnoredMessages,
    IgnoredReason,
    Observation,
    WindowChange,
)
from meld_desktop.domain.witness.troubles import Cause, Trouble, trouble_of
from meld_desktop.domain.witness.verdict import is_for_an_app

_ECHO_SECONDS = 2.0
"""What a widget says so soon after an error still belongs to it."""


class Standing(Enum):
    """Where a flow stands: the last thing of weight that happened."""

    MADE = auto()
    LOADING = auto()
    LOADED = auto()
    NOT_LOADED = auto()
    BLANK = auto()
    READY = auto()
    WINDOW = auto()
    """A bank's window is open."""
    WINDOW_CLOSED = auto()
    """The bank closed its window."""
    WINDOW_SHUT = auto()
    """The bank's window was closed by hand."""
    TROUBLE = auto()
    GONE_ON = auto()
    """The widget was active again after an error."""
    LEFT = auto()
    HANDED_OVER = auto()
    RETURNED = auto()
    APP = auto()
    DIED = auto()


_BEFORE_READY = {Standing.MADE, Standing.LOADING, Standing.LOADED, Standing.NOT_LOADED, Standing.BLANK, Standing.DIED}
_OVER = {Standing.LEFT, Standing.HANDED_OVER, Standing.RETURNED}


@dataclass(frozen=True, slots=True)
class Course:
    """The facts of one link so far. Times are by Meld's clock; ``expires`` is None when the token does not say."""

    expires: datetime | None = None
    now: datetime | None = None
    standing: Standing = Standing.MADE
    stands_since: datetime | None = None
    began_to_load: datetime | None = None
    ready_since: datetime | None = None
    """When the widget said ``init`` last; None when it never did."""
    is_ready: bool = False
    """Whether it said so since it was loaded last."""
    saw_window: bool = False
    place: str = ""
    """Host of the bank's window, scheme of the app's address, or the return URL, as ``standing`` needs it."""
    windows: int = 0
    why_not_loaded: Text = NOTHING
    trouble: Trouble | None = None
    trouble_seconds: float = 0.0
    earlier: Trouble | None = None
    completion: Completion | None = None
    later_trouble: Trouble | None = None
    """What the widget reported after the bank was connected."""
    is_deaf: bool = False
    """Whether messages of the widget went unread."""
    is_mimicked: bool = False
    """Whether messages from a foreign origin pretended to be the widget's."""
    status: ConnectionState | None = None

    @property
    def is_past_expiry(self) -> bool:
        """Whether the token's end has passed."""
        return self.expires is not None and self.now is not None and self.now >= self.expires

    @property
    def is_connected(self) -> bool:
        """Whether the widget or Meld says that a bank is connected."""
        return self.completion is not None or (self.status is not None and self.status.is_connected)

    @property
    def is_finished(self) -> bool:
        """Whether nothing more is expected of the widget."""
        return self.is_connected or self.has_expired or self.standing in _OVER or self._is_deleted

    @property
    def has_expired(self) -> bool:
        """Whether the link is of no use any more because its time is over, by the token, Meld or the widget."""
        return (
            self.is_past_expiry
            or self.is_refused_as_expired
            or (self.status is not None and self.status.status == "EXPIRED")
        )

    @property
    def last_trouble(self) -> Trouble | None:
        """The error at which the flow stands, or at which the customer left."""
        return self.trouble if self.standing in {Standing.TROUBLE, Standing.LEFT} else None

    @property
    def is_refused_as_expired(self) -> bool:
        """Whether the widget said, first of all, that the token had expired."""
        trouble = self.last_trouble
        return trouble is not None and trouble.cause is Cause.TOKEN_EXPIRED and not self.saw_window

    def at(self, now: datetime) -> "Course":
        """Return this at a later moment."""
        return replace(self, now=now)

    def after_event(self, event: WidgetEvent, seconds: float) -> "Course":
        """Return this after the widget said something."""
        match event.name:
            case "init":
                again = self._to(Standing.READY, ready_since=self.now, is_ready=True, saw_window=False, windows=0)
                return replace(again, trouble=None, earlier=self.trouble or self.earlier)
            case name if name == CONNECT_COMPLETE:
                return replace(self, completion=completion_of(event), later_trouble=None)
            case name if name == ERROR:
                return self._after_error(trouble_of(event), seconds)
            case "cancel":
                # What the customer got over is not why they left.
                return self._to(Standing.LEFT, trouble=self.last_trouble)
            case "handover":
                return self._to(Standing.HANDED_OVER)
        if self.standing is Standing.TROUBLE and seconds - self.trouble_seconds > _ECHO_SECONDS:
            return self._to(Standing.GONE_ON)
        if self.standing in _BEFORE_READY - {Standing.MADE}:
            # It runs, though it has not said so.
            return self._to(Standing.READY, is_ready=True)
        return self

    def after_observation(self, seen: Observation) -> "Course":
        """Return this after the web view saw something."""
        match seen:
            case Hop():
                return self._after_hop(seen)
            case WindowChange():
                return self._after_window(seen.host, is_open=seen.opened, by_hand=seen.by_user)
            case IgnoredMessages():
                if seen.reason is IgnoredReason.FOREIGN_ORIGIN:
                    return self if self.is_mimicked else replace(self, is_mimicked=True)
                return self if self.is_deaf else replace(self, is_deaf=True)
        return self

    def after_notice(self, notice: Notice) -> "Course":
        """Return this after the web view told the person something."""
        host = notice.text.values.get("host")
        host = host if isinstance(host, str) else ""
        match notice.kind:
            case NoticeKind.POPUP_OPENED:
                return self._after_window(host, is_open=True)
            case NoticeKind.POPUP_CLOSED:
                return self._after_window(host, is_open=False)
            case NoticeKind.POPUP_CLOSED_BY_USER:
                return self._after_window(host, is_open=False, by_hand=True)
            case NoticeKind.LOAD_FAILED:
                return self._to(Standing.NOT_LOADED)
            case NoticeKind.CERTIFICATE_REFUSED if self.standing in _BEFORE_READY:
                source = QT_TRANSLATE_NOOP("domain", "the identity of {host} could not be verified")
                return replace(self, why_not_loaded=Text(source, host=host))
            case NoticeKind.NAVIGATION_REFUSED if self.standing is Standing.MADE:
                why = Text(QT_TRANSLATE_NOOP("domain", "its address was refused"))
                return self._to(Standing.NOT_LOADED, why_not_loaded=why)
            case NoticeKind.MESSAGES_DROPPED:
                return replace(self, is_deaf=True)
        return self

    def after_load(self) -> "Course":
        """Return this after the widget's document was loaded."""
        return self._to(Standing.LOADED) if self.standing in _BEFORE_READY else self

    def after_crash(self) -> "Course":
        """Return this after the renderer ended by itself."""
        return self._to(Standing.DIED, is_ready=False, windows=0)

    def after_blank(self) -> "Course":
        """Return this after nothing was painted for long."""
        return self._to(Standing.BLANK) if self.standing in _BEFORE_READY else self

    def after_return(self, place: str = "") -> "Course":
        """Return this after the return URL was reached."""
        return self._to(Standing.RETURNED, place=place)

    @property
    def _is_deleted(self) -> bool:
        return self.status is not None and self.status.status == "DELETED"

    def _to(self, standing: Standing, **facts: object) -> "Course":
        return replace(self, standing=standing, stands_since=self.now, **facts)  # type: ignore[arg-type]

    def _after_error(self, trouble: Trouble, seconds: float) -> "Course":
        if self.completion is not None:
            return replace(self, later_trouble=trouble)
        before = self.trouble if self.trouble is not None and self.trouble.brief != trouble.brief else self.earlier
        return self._to(Standing.TROUBLE, trouble=trouble, earlier=before, trouble_seconds=seconds)

    def _after_hop(self, hop: Hop) -> "Course":
        match hop.kind:
            case HopKind.START:
                facts = {"trouble": None, "earlier": self.trouble or self.earlier, "why_not_loaded": NOTHING}
                if self.standing is Standing.LOADING:
                    return self
                return self._to(Standing.LOADING, began_to_load=self.now, is_ready=False, windows=0, **facts)
            case HopKind.RETURN:
                return self.after_return()
            case HopKind.APP if self.standing not in _OVER | {Standing.MADE} and is_for_an_app(hop.url):
                return self._to(Standing.APP, place=hop.url.partition(":")[0].lower()[:40])
        return self

    def _after_window(self, host: str, *, is_open: bool, by_hand: bool = False) -> "Course":
        if is_open:
            windows = self.windows + 1
            if self.standing in _OVER:
                return replace(self, windows=windows, saw_window=True)
            return self._to(Standing.WINDOW, place=host, windows=windows, saw_window=True)
        windows = max(0, self.windows - 1)
        if self.standing is not Standing.WINDOW or windows:
            return replace(self, windows=windows)
        standing = Standing.WINDOW_SHUT if by_hand else Standing.WINDOW_CLOSED
        return self._to(standing, place=host or self.place, windows=windows)
