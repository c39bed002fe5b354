"""The one worker thread: an asyncio loop beside the GUI, and the jobs that cross back from it.

The GUI submits a coroutine and gets a ``Job``. Results arrive by queued signal in a bound method of the job, which
lives on the main thread, so that no slot of the window ever runs anywhere else.
"""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from meld_desktop.domain.errors import MeldError
from meld_desktop.services.lane import DaemonExecutor


class Job(QObject):
    """One coroutine under way. Lives on the main thread.

    Exactly one of ``succeeded`` (with what the coroutine returned), ``failed`` (with a MeldError), ``broken`` (with any
    other exception: a bug) and ``cancelled`` is emitted, then ``finished``. After ``cancel`` a late answer changes
    nothing.
    """

    succeeded = Signal(object)
    failed = Signal(object)
    broken = Signal(object)
    cancelled = Signal()
    finished = Signal()

    _crossed = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._task: asyncio.Task[Any] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over = False
        self._crossed.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self.finished.connect(self.deleteLater)

    @property
    def is_over(self) -> bool:
        """Whether the outcome has been emitted."""
        return self._over

    def cancel(self) -> None:
        """End the job now: ``cancelled`` is emitted before this returns, the socket closes on the worker's loop."""
        if self._over:
            return
        self._over = True
        if self._loop is not None and self._loop.is_running():
            self._loop.call_soon_threadsafe(self._cancel_task)
        self.cancelled.emit()
        self.finished.emit()

    def _cancel_task(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def start(self, loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any]) -> None:
        """Run ``coroutine`` on ``loop``. Called once, by the worker."""
        self._loop = loop
        loop.call_soon_threadsafe(self._begin, coroutine)

    def _begin(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        if self._over:
            coroutine.close()
            return
        self._task = asyncio.get_running_loop().create_task(self._run(coroutine))

    async def _run(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        try:
            result = await coroutine
        except Exception as error:  # noqa: BLE001 - sorted into failures and bugs on the main thread
            self._crossed.emit(None, error)
        else:
            self._crossed.emit(result, None)

    def _deliver(self, result: object, error: BaseException | None) -> None:
        if self._over:
            return
        self._over = True
        if error is None:
            self.succeeded.emit(result)
        elif isinstance(error, MeldError):
            self.failed.emit(error)
        else:
            self.broken.emit(error)
        self.finished.emit()


class Worker(QObject):
    """Owns the worker thread. Lives on the main thread; the loop starts with the first job.

    ``broke`` carries an exception that is a bug, for the crash dialog.
    """

    broke = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._jobs: set[Job] = set()
        self._closed = False

    def submit(self, coroutine: Coroutine[Any, Any, Any]) -> Job:
        """Run ``coroutine`` on the worker's loop and return its job. After ``close`` the job is cancelled at once."""
        job = Job(self)
        if self._closed:
            coroutine.close()
            job.cancel()
            return job
        self._jobs.add(job)
        job.broken.connect(self.broke)
        job.finished.connect(self._forget)
        job.start(self._running_loop(), coroutine)
        return job

    def close(self) -> None:
        """Cancel every job and end the loop. Does not wait for calls that hang; idempotent."""
        self._closed = True
        for job in list(self._jobs):
            job.cancel()
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(0.5)
            self._loop = self._thread = None

    def _forget(self) -> None:
        self._jobs = {job for job in self._jobs if not job.is_over}

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._loop.set_default_executor(DaemonExecutor())
            self._thread = threading.Thread(target=_serve, args=(self._loop,), name="worker", daemon=True)
            self._thread.start()
        return self._loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        if tasks:
            loop.run_until_complete(asyncio.wait(tasks, timeout=0.3))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
