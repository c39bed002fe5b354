"""Asks Meld what became of the links on show in the list, one at a time, while somebody looks."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.errors import Exit, Kind, MeldError
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.services.connection_question import FIRST_SECONDS, LONGEST_SECONDS, ConnectionQuestion, Sleep
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys, KeySource, KeyState
from meld_desktop.services.worker import Job, Worker

BETWEEN_SECONDS = 0.5
"""Between two questions, whatever they are about: a long list must not become a burst of requests."""
_MOST_KEPT = 2000
_AT_HAND = frozenset({KeySource.NOT_NEEDED, KeySource.VARIABLE, KeySource.SESSION, KeySource.KEYRING})


@dataclass(slots=True)
class _Followed:
    """One connection: when to ask next, and what was said last. ``is_over`` once nothing more is to come."""

    connection_id: str
    due: float
    pause: float = FIRST_SECONDS
    state: ConnectionState | None = None
    is_over: bool = False


def belongs(record: LinkRecord, environment: Environment) -> bool:
    """Say whether ``record`` was made in ``environment``, so that its key is the right one."""
    return record.environment == environment.id and (environment.is_demo or record.host in {"", environment.host})


class LinkWatch(QObject):
    """Follows the connections of the records it is shown. Lives on the main thread, asks on the worker's loop.

    ``status_changed`` carries the connection's id and a ConnectionState whenever it is another one than before;
    ``ended`` its id and a Text when Meld will not tell of it. Each connection is asked for at once, after 2 s, then
    half as often each time down to once a minute. Nothing is asked while nobody looks, in another environment than the
    one in use, without its key at hand, sooner than Meld's ``Retry-After``, or when nothing more is to come.
    """

    status_changed = Signal(str, object)
    ended = Signal(str, object)

    def __init__(
        self,
        worker: Worker,
        keys: Keys,
        demo: Demo,
        parent: QObject,
        *,
        sleep: Sleep | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._keys = keys
        self._demo = demo
        self._sleep = sleep
        self._monotonic = monotonic
        self._environment: Environment | None = None
        self._has_key = False
        self._visible = False
        self._shown: tuple[LinkRecord, ...] = ()
        self._followed: dict[str, _Followed] = {}
        self._question: ConnectionQuestion | None = None
        self._job: Job | None = None
        self._asking: _Followed | None = None
        self._asks_at = 0.0
        self._not_before = 0.0
        keys.state_changed.connect(self._key_known)

    @property
    def is_asking(self) -> bool:
        """Whether a question is planned or under way."""
        return self._job is not None

    def state_of(self, connection_id: str) -> ConnectionState | None:
        """Return what Meld said last of a connection in this run, None when it said nothing yet."""
        followed = self._followed.get(connection_id)
        return followed.state if followed else None

    def set_environment(self, environment: Environment) -> None:
        """Follow what was made in ``environment`` from now on, and nothing else."""
        if environment == self._environment:
            return
        self._break_off()
        self._environment = environment
        self._question = None
        self._has_key = environment.is_demo
        self._followed.clear()
        self._not_before = 0.0
        self._go_on()

    def set_visible(self, visible: bool) -> None:
        """Say whether anybody looks; a question under way is broken off when nobody does."""
        if visible == self._visible:
            return
        self._visible = visible
        if visible:
            self._go_on()
        else:
            self._break_off()

    def show(self, records: Sequence[LinkRecord]) -> None:
        """Follow ``records``, the ones on show, and no others."""
        self._shown = tuple(record for record in records if record.connection_id)
        if self._asking is not None and self._asks_at > self._monotonic():
            self._break_off()
        self._go_on()

    def ask_again(self, connection_id: str) -> None:
        """Ask for a connection anew, because something was done with it."""
        if (followed := self._followed.get(connection_id)) is not None:
            followed.is_over = False
            followed.pause = FIRST_SECONDS
            followed.due = self._monotonic() + FIRST_SECONDS
            self.show(self._shown)

    def _key_known(self, state: KeyState) -> None:
        if state.environment != self._environment:
            return
        self._has_key = state.source in _AT_HAND
        self._break_off()
        self._question = None  # the next one goes out with the key that is there now
        self._go_on()

    def _wanted(self) -> list[_Followed]:
        """Return what is still to be asked for."""
        environment = self._environment
        if environment is None:
            return []
        found = []
        for record in self._shown:
            if not belongs(record, environment) or record.status in {"EXPIRED", "DELETED"}:
                continue
            followed = self._followed.get(record.connection_id)
            if followed is None:
                while len(self._followed) >= _MOST_KEPT:
                    del self._followed[next(iter(self._followed))]
                followed = _Followed(record.connection_id, self._monotonic())
                self._followed[record.connection_id] = followed
            if not followed.is_over:
                found.append(followed)
        return found

    def _go_on(self) -> None:
        if self._job is not None or not self._visible or not self._has_key:
            return
        wanted = self._wanted()
        if not wanted or self._environment is None:
            return
        now = self._monotonic()
        followed = min(wanted, key=lambda each: each.due)
        self._asking = followed
        self._asks_at = max(now, followed.due, self._not_before)
        if self._question is None:
            self._question = ConnectionQuestion(self._keys, self._demo, self._environment, self._sleep)
        self._job = job = self._worker.submit(self._question.ask(followed.connection_id, self._asks_at - now))
        job.succeeded.connect(partial(self._answered, followed))
        job.failed.connect(partial(self._failed, followed))
        job.broken.connect(self._break_off)

    def _break_off(self, _bug: object = None) -> None:
        job, self._job = self._job, None
        followed, self._asking = self._asking, None
        if job is None:
            return
        job.cancel()
        if followed is not None and self._asks_at <= self._monotonic():
            followed.due = self._monotonic() + followed.pause  # the question was out: do not ask on each look

    def _answered(self, followed: _Followed, state: ConnectionState) -> None:
        self._job = self._asking = None
        changed = state != followed.state
        followed.state = state
        followed.is_over = state.is_settled
        self._plan(followed, FIRST_SECONDS if changed else min(followed.pause * 2, LONGEST_SECONDS))
        if changed:
            self.status_changed.emit(followed.connection_id, state)
        self._go_on()

    def _failed(self, followed: _Followed, error: MeldError) -> None:
        self._job = self._asking = None
        now = self._monotonic()
        if error.exit_code == Exit.NO_KEY and error.kind is not Kind.FORBIDDEN:
            self._has_key = False  # no more questions until there is another key: each would be refused
            self._question = None
            self.ended.emit(followed.connection_id, error.title)
            return
        if error.retryable:
            self._plan(followed, min(followed.pause * 2, LONGEST_SECONDS))
            self._not_before = max(self._not_before, now + (error.retry_after or followed.pause))
        else:
            followed.is_over = True
            self.ended.emit(followed.connection_id, _reason(error))
        self._go_on()

    def _plan(self, followed: _Followed, pause: float) -> None:
        now = self._monotonic()
        followed.pause = pause
        followed.due = now + pause
        self._not_before = max(self._not_before, now + BETWEEN_SECONDS)


def _reason(error: MeldError) -> Text:
    return {
        Kind.FORBIDDEN: Text(QT_TRANSLATE_NOOP("domain", "This API key may not look at connections")),
        Kind.NOT_FOUND: Text(QT_TRANSLATE_NOOP("domain", "Meld does not know this connection any more")),
    }.get(error.kind, error.title)
