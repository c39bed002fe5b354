"""Gathers what the pages of one widget do, and tells it in order, in small pieces and never more than is bearable."""

import secrets
from collections import Counter
from collections.abc import Callable
from time import monotonic

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWebEngineCore import QWebEngineScript

from meld_desktop.domain.widget_events import shorten
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
    WindowChange,
)
from meld_desktop.web.frame import LISTENER_WORLD, shipped
from meld_desktop.web.policy import host_and_path, host_of

URL_LIMIT = 8192
"""Longest address that is told; the rest of it is cut off."""
_WINDOW_SECONDS = 10.0
_FLUSH_MS = 1000
_AT_MOST = {
    LeftOutKind.HOPS: 100,  # of each kind: a storm of refusals does not hide the return URL
    LeftOutKind.REQUESTS: 1000,
    LeftOutKind.CONSOLE: 100,  # errors have a hundred of their own
    LeftOutKind.ATTEMPTS: 5,
}
"""How many of one sort and place are told in any ten seconds. The rest is counted."""
_ORIGIN_LIMIT = 3
_MADE_BY_A_PAGE = ("data:", "blob:", "javascript:", "filesystem:")
_SHOWN_OF_MADE = 64
_SOURCE_LIMIT = 200
_ORIGINS_LENGTH = 1000
_ATTEMPTS = frozenset(AttemptKind)


class Observer(QObject):
    """The ear of one widget's view, lent to its pages and to the watch on their requests. Lives on the GUI thread.

    Its signal is sent from the middle of Chromium's questions: connect it queued.
    """

    seen = Signal(object)
    """An Observation."""

    def __init__(self, parent: QObject, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(parent)
        self._clock = clock
        self._mark = secrets.token_hex(16)
        self._told: dict[tuple[LeftOutKind, str, str], tuple[float, int]] = {}
        self._left_out: Counter[tuple[LeftOutKind, str]] = Counter()
        self._ignored: Counter[IgnoredReason] = Counter()
        self._origins: dict[IgnoredReason, list[str]] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_FLUSH_MS)
        self._timer.timeout.connect(self.flush)

    def script(self) -> QWebEngineScript:
        """Return the script for every document of the profile that tells what nobody else would (``attempts.js``)."""
        script = QWebEngineScript()
        script.setName("attempts")
        script.setWorldId(LISTENER_WORLD)
        script.setInjectionPoint(QWebEngineScript.InjectionPoint.DocumentCreation)
        script.setRunsOnSubFrames(True)
        script.setSourceCode(shipped("attempts.js").replace("MARK", self._mark))
        return script

    def tell(self, observation: Observation) -> None:
        """Tell ``observation`` as it is."""
        self.seen.emit(observation)

    def may_tell(self, what: LeftOutKind, place: str, sort: str = "") -> bool:
        """Tell whether one more of this sort is bearable, and count it as left out when it is not."""
        now = self._clock()
        began, told = self._told.get((what, place, sort), (now, 0))
        if now - began >= _WINDOW_SECONDS:
            began, told = now, 0
        if told >= _AT_MOST[what]:
            self.leave_out(what, place)
            return False
        self._told[what, place, sort] = (began, told + 1)
        return True

    def leave_out(self, what: LeftOutKind, place: str) -> None:
        """Count something that is told to nobody."""
        self._left_out[what, place] += 1
        self._flush_later()

    def hop(self, url: str, place: str, kind: HopKind) -> None:
        """Tell where a frame or window went, or wanted to."""
        if self.may_tell(LeftOutKind.HOPS, place, kind):
            # Such an address holds a whole document, and no place in the network.
            limit = _SHOWN_OF_MADE if url.startswith(_MADE_BY_A_PAGE) else URL_LIMIT
            self.tell(Hop(url[:limit], place, kind))

    def console(self, level: ConsoleLevel, text: str, source: str, line: int, place: str) -> None:
        """Tell what a page wrote to its console. It may hold a connect token: whoever stores it masks that."""
        if text.startswith(self._mark):
            self._on_mark(text, place)
            return
        if self.may_tell(LeftOutKind.CONSOLE, place, "error" if level is ConsoleLevel.ERROR else ""):
            source = shorten(host_and_path(source[:URL_LIMIT]), _SOURCE_LIMIT)
            self.tell(ConsoleLine(level, shorten(text), source, line, place))

    def attempt(self, kind: AttemptKind, url: str, place: str) -> None:
        """Tell what a page tried."""
        if self.may_tell(LeftOutKind.ATTEMPTS, place, kind):
            self.tell(Attempt(kind, host_of(url[:URL_LIMIT]), place))

    def window(self, place: str, url: str, *, opened: bool, by_user: bool = False) -> None:
        """Tell that a bank's window opened or closed."""
        self.tell(WindowChange(place, host_of(url[:URL_LIMIT]), opened, by_user))

    def ignored(self, reason: IgnoredReason, origins: str, count: int) -> None:
        """Count messages that were not read, from ``origins`` (parted by blanks).

        They are told within a second, those of one reason together.
        """
        self._ignored[reason] += count
        known = self._origins.setdefault(reason, [])
        for origin in shorten(origins, _ORIGINS_LENGTH).split():
            if origin not in known and len(known) <= _ORIGIN_LIMIT:
                known.append(origin)
        self._flush_later()

    def flush(self) -> None:
        """Tell now what was only counted so far."""
        self._timer.stop()
        ignored, self._ignored = self._ignored, Counter()
        origins, self._origins = self._origins, {}
        left_out, self._left_out = self._left_out, Counter()
        for reason, count in ignored.items():
            named = origins[reason]
            words = ", ".join(named[:_ORIGIN_LIMIT]) + (", …" if len(named) > _ORIGIN_LIMIT else "")
            self.tell(IgnoredMessages(reason, words, count))
        for (what, place), count in left_out.items():
            self.tell(LeftOut(what, place, count))
        now = self._clock()
        self._told = {key: told for key, told in self._told.items() if now - told[0] < _WINDOW_SECONDS}

    def _on_mark(self, text: str, place: str) -> None:
        _, kind, origin = f"{text}  ".split(" ", 2)
        if kind in _ATTEMPTS:
            self.attempt(AttemptKind(kind), origin.strip(), place)

    def _flush_later(self) -> None:
        if not self._timer.isActive():
            self._timer.start()
