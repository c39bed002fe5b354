"""Refreshes, repairs and deletes the connections of links that were made before."""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from meld_desktop.domain.connection_action import Action, ActionError, refused_here
from meld_desktop.domain.environment_guard import EnvironmentGuard
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.link import Link
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.links.replay import request_of
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.services.connection_calls import ConnectionCalls
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys
from meld_desktop.services.worker import Job, Worker

if TYPE_CHECKING:
    from meld_desktop.api.client import MeldClient

_Key = tuple[str, str, str]


class ConnectionActions(QObject):
    """Lives on the main thread, works on the worker's loop.

    Each of ``refresh``, ``repair`` and ``delete`` ends in exactly one of ``done`` (Action, the record, the result: a
    Refresh, a Link, or None) and ``failed`` (Action, the record, a MeldError); ``busy_changed`` carries the record when
    something begins or ends. Nothing is ever sent twice by itself. While one action of a connection is under way a
    second one fails at once, and so does a second repair while the link of the first is still open.
    """

    done = Signal(object, object, object)
    failed = Signal(object, object, object)
    busy_changed = Signal(object)

    def __init__(
        self,
        worker: Worker,
        keys: Keys,
        demo: Demo,
        guard: EnvironmentGuard,
        parent: QObject,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._calls = ConnectionCalls(keys, demo, guard)
        self._now = now
        self._jobs: dict[_Key, Job] = {}
        self._repairs: dict[_Key, Link] = {}

    def set_environment(self, environment: Environment) -> None:
        """Say which environment the window is in: one that is not built in is called only while it is in use."""
        self._calls.use_environment(environment)

    def is_busy(self, record: LinkRecord) -> bool:
        """Whether something is under way with the connection of ``record``."""
        return _key(record) in self._jobs

    def open_repair(self, record: LinkRecord) -> Link | None:
        """Return the repair link of this connection that is still to be finished; None when there is none."""
        link = self._repairs.get(_key(record))
        if link is not None and link.token.expires is not None and link.token.expires <= self._now():
            del self._repairs[_key(record)]
            return None
        return link

    def repair_ended(self, connection_id: str) -> None:
        """Say that a repair was finished, given up, or that its link is not on show any more: another one may begin."""
        self._repairs = {key: link for key, link in self._repairs.items() if key[2] != connection_id}

    def refresh(self, record: LinkRecord) -> None:
        """Have the data of the connection fetched anew."""

        async def send(client: "MeldClient", _environment: Environment) -> object:
            from meld_desktop.api.connection_refresh import refresh_connection

            return await refresh_connection(client, record.connection_id)

        self._start(Action.REFRESH, record, self._calls.call(Action.REFRESH, record, send))

    def repair(self, record: LinkRecord) -> None:
        """Make a link that leads the customer to the login of the same bank again."""
        if self.open_repair(record) is not None:
            self._refuse(record, _OPEN_TITLE, _OPEN_HINT, Action.REPAIR)
            return

        async def send(client: "MeldClient", environment: Environment) -> object:
            from meld_desktop.api.connection_repair import repair_connection

            request = request_of(record)
            return await repair_connection(
                client, environment, record.connection_id, request, customer_id=record.meld_customer_id
            )

        self._start(Action.REPAIR, record, self._calls.call(Action.REPAIR, record, send))

    def delete(self, record: LinkRecord) -> None:
        """Delete the connection, here and at the provider, for good. The asking is the window's business."""

        async def send(client: "MeldClient", _environment: Environment) -> object:
            from meld_desktop.api.connection_delete import delete_connection

            await delete_connection(client, record.connection_id)
            return None

        self._start(Action.DELETE, record, self._calls.call(Action.DELETE, record, send))

    def cancel(self, record: LinkRecord) -> None:
        """Stop waiting for an answer, at once; Meld may have done it all the same. Neither signal follows."""
        if (job := self._jobs.get(_key(record))) is not None:
            job.cancel()

    def _start(self, action: Action, record: LinkRecord, coroutine: Coroutine[Any, Any, object]) -> None:
        if self.is_busy(record):
            coroutine.close()
            self._refuse(record, _BUSY_TITLE, _BUSY_HINT, action)
            return
        self._jobs[_key(record)] = job = self._worker.submit(coroutine)
        job.finished.connect(partial(self._over, record))
        job.succeeded.connect(partial(self._done, action, record))
        job.failed.connect(partial(self._failed, action, record))
        self.busy_changed.emit(record)
        if job.is_over:  # the program is ending: nothing was begun
            self._over(record)

    def _over(self, record: LinkRecord) -> None:
        if self._jobs.pop(_key(record), None) is not None:
            self.busy_changed.emit(record)

    def _done(self, action: Action, record: LinkRecord, result: object) -> None:
        self._over(record)
        if isinstance(result, Link):
            self._repairs[_key(record)] = result
        elif action is Action.DELETE:
            self._repairs.pop(_key(record), None)
        self.done.emit(action, record, result)

    def _failed(self, action: Action, record: LinkRecord, error: MeldError) -> None:
        self._over(record)
        self.failed.emit(action, record, error)

    def _refuse(self, record: LinkRecord, title: str, hint: str, action: Action) -> None:
        error: ActionError = refused_here(action, Kind.CONFLICT, Text(title), Text(hint))
        self.failed.emit(action, record, error)


_BUSY_TITLE = QT_TRANSLATE_NOOP("domain", "Already under way")
_BUSY_HINT = QT_TRANSLATE_NOOP("domain", "Wait for the answer about this connection, then go on.")
_OPEN_TITLE = QT_TRANSLATE_NOOP("domain", "This connection is being repaired already")
_OPEN_HINT = QT_TRANSLATE_NOOP("domain", "Finish the repair that is open, or close it, before you begin another one.")


def _key(record: LinkRecord) -> _Key:
    """Return what makes two rows the same connection: a link and its repairs share one."""
    return (record.environment, record.host, record.connection_id)
