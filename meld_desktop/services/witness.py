"""Takes down what is seen of the links that were made, one session a link."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.link import Link
from meld_desktop.domain.text import NOTHING, Text
from meld_desktop.domain.witness.change import Change, Moment
from meld_desktop.domain.witness.entry import EntryKind

if TYPE_CHECKING:  # a start has no link yet
    from meld_desktop.domain.widget_events import Notice, WidgetEvent
    from meld_desktop.domain.witness.observation import Observation
    from meld_desktop.domain.witness.session import Session

BATCH_MS = 50
"""Changes are told together, at most this often: a page that floods us costs the window little."""
KEPT_SESSIONS = 20
SESSIONS_WITH_PICTURES = 5

_MOST_WAITING = 2_000
_EXPIRY_CHECK_MS = 30_000
"""A computer may sleep and clocks may be set: whether the token has expired is asked again and again."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Witness(QObject):
    """Keeps the sessions. Lives on the main thread; all its methods are for that thread.

    ``began`` carries the Session of a new link, at once; ``changed`` a list of Change, in order, with one for each
    entry; ``concluded`` the sentence about the current session when it has changed, after the changes. What is told
    without a session is ignored: it comes from a page that is on its way out.
    """

    began = Signal(object)
    changed = Signal(object)
    concluded = Signal(object)

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        now: Callable[[], datetime] = _utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._monotonic = monotonic
        self._sessions: list[Session] = []
        self._current: Session | None = None
        self._count = 0
        self._started = 0.0
        self._waiting: list[Change] = []
        self._said: Text | None = None
        self._batch = QTimer(self)
        self._batch.setSingleShot(True)
        self._batch.setInterval(BATCH_MS)
        self._batch.timeout.connect(self.flush)
        self._expiry = QTimer(self)
        self._expiry.setTimerType(Qt.TimerType.VeryCoarseTimer)
        self._expiry.setInterval(_EXPIRY_CHECK_MS)
        self._expiry.timeout.connect(self.check_expiry)

    @property
    def current(self) -> "Session | None":
        """The session of the link on show."""
        return self._current

    @property
    def sessions(self) -> "tuple[Session, ...]":
        """The last sessions, oldest first, with the current one."""
        return tuple(self._sessions)

    def begin(self, link: Link) -> "Session":
        """Start the session of a link that was just made; the one before is over."""
        from meld_desktop.domain.witness.session import Session

        self.flush()
        if self._current is not None:
            self._current.end()
        self._count += 1
        self._started = self._monotonic()
        self._current = session = Session(self._count, link, began=self._now())
        self._sessions = [*self._sessions[1 - KEPT_SESSIONS :], session]
        for old in self._sessions[:-SESSIONS_WITH_PICTURES]:
            old.drop_pictures()
        self._said = None
        if link.token.expires is not None:
            self._expiry.start()
        else:
            self._expiry.stop()
        self.began.emit(session)
        self._batch.start()
        return session

    def end(self) -> None:
        """Say that nothing is on show any more."""
        self.flush()
        if self._current is not None:
            self._current.end()
        self._current = None
        self._expiry.stop()

    def observe(self, observation: "Observation") -> None:
        """Take down what the web view saw."""
        if self._current is not None:
            self._tell(self._current.observe(self._moment(), observation))

    def hear(self, event: "WidgetEvent") -> None:
        """Take down what the widget said."""
        if self._current is not None:
            self._tell(self._current.hear(self._moment(), event))

    def notice(self, notice: "Notice") -> None:
        """Take down what the web view did or refused."""
        if self._current is not None:
            self._tell(self._current.notice(self._moment(), notice))

    def loaded(self) -> None:
        """Take down that the widget's page was loaded."""
        if self._current is not None:
            self._tell(self._current.loaded(self._moment()))

    def died(self, text: Text) -> None:
        """Take down that the widget's renderer ended by itself."""
        if self._current is not None:
            self._tell(self._current.died(self._moment(), text))

    def blank(self, text: Text = NOTHING) -> None:
        """Take down that the widget painted nothing and said nothing for ten seconds."""
        if self._current is not None:
            self._tell(self._current.blank(self._moment(), text))

    def returned(self, place: str) -> None:
        """Take down that the return URL was reached; ``place`` is its host and path."""
        if self._current is not None:
            self._tell(self._current.returned(self._moment(), place))

    def person(self, title: Text, detail: Text = NOTHING) -> None:
        """Take down what the person at this computer did."""
        if self._current is not None:
            self._tell(self._current.add(self._moment(), EntryKind.PERSON, title, detail))

    def status(self, state: ConnectionState) -> None:
        """Take down what Meld says about the connection, when it differs from before."""
        if self._current is not None:
            self._tell(self._current.status(self._moment(), state))

    def keep_picture(self, entry_number: int, label: str, png: bytes, width: int, height: int) -> None:
        """Keep a picture for the entry with this number; 0 adds an entry for it."""
        if self._current is not None:
            self._tell(self._current.keep_picture(self._moment(), entry_number, label, png, width, height))

    def check_expiry(self) -> None:
        """Take down that the token has expired, when it has; asked by a timer."""
        if self._current is None or self._current.is_connected:
            self._expiry.stop()
        else:
            self._tell(self._current.pass_time(self._moment()))

    def flush(self) -> None:
        """Tell at once what waits to be told."""
        self._batch.stop()
        changes, self._waiting = self._waiting, []
        if changes:
            self.changed.emit(_merged(changes))
        if self._current is not None and (sentence := self._current.conclusion) != self._said:
            self._said = sentence
            self.concluded.emit(sentence)

    def _moment(self) -> Moment:
        return Moment(self._now(), max(0.0, self._monotonic() - self._started))

    def _tell(self, change: Change | None) -> None:
        if change is None:
            return
        self._waiting.append(change)
        if len(self._waiting) >= _MOST_WAITING:
            self.flush()
        elif not self._batch.isActive():
            self._batch.start()


def _merged(changes: list[Change]) -> list[Change]:
    """Return one change for each entry: its last state, where it came first."""
    merged: dict[int, Change] = {}
    for change in changes:
        number = change.entry.number
        before = merged.get(number)
        if before is None:
            merged[number] = change
        else:
            merged[number] = Change(change.entry, before.is_new, before.dropped)
    return list(merged.values())
