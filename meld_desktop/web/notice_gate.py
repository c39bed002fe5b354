"""Keeps a page from flooding the user with notices."""

from collections import deque
from collections.abc import Callable
from time import monotonic

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.widget_events import Notice, NoticeKind

_AT_MOST = 20
_SECONDS = 10.0


class NoticeGate:
    """Lets 20 notices through in any ten seconds, then one that says there are more, then none until it is calm."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._passed: deque[float] = deque()
        self._said_so = False

    def pass_on(self, notice: Notice) -> Notice | None:
        """Return what to show for ``notice``: itself, the sentence that there are too many, or nothing."""
        now = self._clock()
        while self._passed and now - self._passed[0] >= _SECONDS:
            self._passed.popleft()
        if len(self._passed) < _AT_MOST:
            self._passed.append(now)
            self._said_so = False
            return notice
        if self._said_so:
            return None
        self._said_so = True
        return Notice(
            NoticeKind.TOO_MANY,
            Text(QT_TRANSLATE_NOOP("domain", "The page causes too many notices. Some of them are not shown.")),
        )
