"""Follows what becomes of a link's connection, by asking Meld now and then while somebody looks."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.errors import KINDS, Exit, Kind, MeldError
from meld_desktop.domain.link import Link
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.services.connection_question import FIRST_SECONDS, LONGEST_SECONDS, ConnectionQuestion, Sleep
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys
from meld_desktop.services.worker import Job, Worker


@dataclass(frozen=True, slots=True, eq=False)
class _Watched:
    """One link under watch, and how to ask for it."""

    link: Link
    question: ConnectionQuestion


class ConnectionWatch(QObject):
    """Watches one connection at a time. Lives on the main thread, asks on the worker's loop.

    ``status_changed`` carries a ConnectionState whenever it is another one than before; ``ended`` a Text when Meld
    will not tell any more. It asks after 2 s, then half as often each time down to once a minute, and after 2 s again
    when something has changed. It never asks while the one before is under way, while nobody looks, sooner than
    Meld's ``Retry-After``, or once nothing more is to come: a status that is final, or the first data.
    """

    status_changed = Signal(object)
    ended = Signal(object)

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
        self._visible = True
        self._watched: _Watched | None = None
        self._state: ConnectionState | None = None
        self._job: Job | None = None
        self._pause = FIRST_SECONDS
        self._due = 0.0
        self._not_before = 0.0

    @property
    def is_watching(self) -> bool:
        """Whether there is a connection whose next status is awaited, be it that nobody looks right now."""
        return self._watched is not None

    def watch(self, link: Link) -> None:
        """Follow the connection of ``link`` from now on, and no other. A link that names none is not followed."""
        self.stop()
        if not link.connection_id:
            return
        self._watched = _Watched(link, ConnectionQuestion(self._keys, self._demo, link.environment, self._sleep))
        self._state = None
        self._not_before = 0.0
        self._wait(FIRST_SECONDS)
        self._go_on()

    def stop(self) -> None:
        """Follow nothing; a question under way is broken off at once."""
        self._watched = None
        self._break_off()

    def set_visible(self, visible: bool) -> None:
        """Say whether anybody can see what is found out; nothing is asked while nobody can."""
        if visible == self._visible:
            return
        self._visible = visible
        if visible:
            self._go_on()
        elif self._break_off() and self._due <= self._monotonic():
            self._wait(self._pause)  # a question was out: showing and hiding in turns must not ask each time

    def hurry(self) -> None:
        """Ask soon, because the widget said that something has happened."""
        if self._watched is not None and self._due > self._monotonic() + FIRST_SECONDS:
            self._break_off()
            self._wait(FIRST_SECONDS)
            self._go_on()

    def _wait(self, seconds: float) -> None:
        self._pause = seconds
        self._due = max(self._monotonic() + seconds, self._not_before)

    def _go_on(self) -> None:
        if self._watched is None or not self._visible or self._job is not None:
            return
        watched = self._watched
        seconds = max(0.0, self._due - self._monotonic())
        self._job = job = self._worker.submit(watched.question.ask(watched.link.connection_id, seconds))
        job.succeeded.connect(partial(self._answered, watched))
        job.failed.connect(partial(self._failed, watched))
        job.broken.connect(self.stop)

    def _break_off(self) -> bool:
        """End the job; say whether there was one."""
        job, self._job = self._job, None
        if job is not None:
            job.cancel()
        return job is not None

    def _answered(self, watched: _Watched, state: ConnectionState) -> None:
        if watched is not self._watched:
            return
        self._job = None
        changed = state != self._state
        self._state = state
        if state.is_settled:
            self._watched = None
        if changed:
            self.status_changed.emit(state)
        if watched is self._watched:  # whoever heard it may have turned to another link
            self._wait(FIRST_SECONDS if changed else min(self._pause * 2, LONGEST_SECONDS))
            self._go_on()

    def _failed(self, watched: _Watched, error: MeldError) -> None:
        if watched is not self._watched:
            return
        self._job = None
        if not error.retryable or error.exit_code == Exit.NO_KEY:  # asking for the key again would ask the person
            self._watched = None
            self.ended.emit(_reason(error))
            return
        self._not_before = self._monotonic() + (error.retry_after or 0)
        self._wait(min(self._pause * 2, LONGEST_SECONDS))
        self._go_on()


def _reason(error: MeldError) -> Text:
    why = {
        Kind.BAD_REQUEST: KINDS[Kind.REFUSED_OTHERWISE].title,
        Kind.UNPROCESSABLE: KINDS[Kind.REFUSED_OTHERWISE].title,
        Kind.FORBIDDEN: Text(QT_TRANSLATE_NOOP("domain", "This API key may not look at connections")),
        Kind.NOT_FOUND: Text(QT_TRANSLATE_NOOP("domain", "Meld does not know this connection")),
        Kind.WRONG_SHAPE: Text(QT_TRANSLATE_NOOP("domain", "The answer is not a connection")),
    }.get(error.kind, error.title)
    return Text(QT_TRANSLATE_NOOP("domain", "The connection's status is no longer followed: {why}."), why=why)
