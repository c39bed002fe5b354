"""How long each phase of an exchange took, from what httpcore tells while it works."""

import time
from collections.abc import Callable

from meld_desktop.domain.link import Timing

_CONNECT, _TLS = "connect_tcp", "start_tls"
_HEADERS, _BODY = "send_request_headers", "send_request_body"
_WAIT, _READ = "receive_response_headers", "receive_response_body"


class PhaseClock:
    """Notes when phases begin and end; ``timing`` may be asked at any time."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._began: dict[str, float] = {}
        self._ended: dict[str, float] = {}
        self._first: float | None = None

    def note(self, event: str) -> None:
        """Take down one event of httpcore's ``trace`` extension, such as ``http11.send_request_body.complete``."""
        *_, phase, moment = ("", "", *event.split("."))
        now = self._now()
        if self._first is None:
            self._first = now
        if moment == "started":
            if phase == _TLS:
                # What was said before went to a proxy, to open the way: a part of connecting.
                for earlier in (_HEADERS, _BODY, _WAIT, _READ):
                    self._began.pop(earlier, None)
                    self._ended.pop(earlier, None)
            self._began[phase] = now
        elif phase in self._began:
            self._ended[phase] = now

    def seconds(self) -> float:
        """Return how long ago the first phase began: what comes before is this program's own preparation."""
        return 0.0 if self._first is None else self._now() - self._first

    def timing(self) -> Timing:
        """Return what is known."""
        return Timing(
            connect=self._span(_CONNECT, until=self._began.get(_TLS)),
            tls=self._span(_TLS),
            sending=self._span(_HEADERS, until=self._ended.get(_BODY)),
            waiting=self._span(_WAIT),
            reading=self._span(_READ),
        )

    def _span(self, phase: str, *, until: float | None = None) -> float | None:
        began, ended = self._began.get(phase), self._ended.get(phase)
        if until is not None:
            ended = until
        return None if began is None or ended is None else max(0.0, ended - began)
