"""The one worker thread: an asyncio loop beside the GUI, and the jobs that cross back from it.

The GUI submits a coroutine and gets a ``Job``. Results arrive by queued signal in a bound method of the job, which
lives on the main thread, so that no slot of the window ever runs anywhere else.
"""

import threading
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from meld_desktop.domain.errors import MeldError

if TYPE_CHECKING:
    import asyncio  # imported by the worker thread, because the window does not wait for it


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

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._task: asyncio.Task[Any] | None = None
        self._call: Callable[[Callable[[], object]], None] | None = None
        self._over = False
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
        if self._call is not None:
            self._call(self._cancel_task)
        self.cancelled.emit()
        self.finished.emit()

    def _cancel_task(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def start(
        self, call: Callable[[Callable[[], object]], None], crossing: "_Crossing", coroutine: Coroutine[Any, Any, Any]
    ) -> None:
        """Run ``coroutine`` on the loop that ``call`` schedules on. Called once, by the worker."""
        self._call = call
        call(partial(self._begin, crossing, coroutine))

    def _begin(self, crossing: "_Crossing", coroutine: Coroutine[Any, Any, Any]) -> None:
        if self._over:
            coroutine.close()
            return
        import asyncio

        self._task = asyncio.get_running_loop().create_task(self._run(crossing, coroutine))

    async def _run(self, crossing: "_Crossing", coroutine: Coroutine[Any, Any, Any]) -> None:
        try:
            result = await coroutine
        except Exception as error:  # noqa: BLE001 - sorted into failures and bugs on the main thread
            crossing.send(self, None, error)
        else:
            crossing.send(self, result, None)

    def deliver(self, result: object, error: BaseException | None) -> None:
        """Emit the outcome, on the main thread. Called by the worker."""
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


class _Crossing(QObject):
    """Carries outcomes from the worker's thread to the main thread.

    Not a job itself: a cancelled job is deleted on the main thread while its coroutine may be about to end, and an
    object must not be deleted while it emits.
    """

    arrived = Signal(object, object, object)

    def __init__(self) -> None:
        super().__init__()
        self.is_open = True

    def send(self, job: Job, result: object, error: BaseException | None) -> None:
        """Hand over the outcome of ``job``. Called on the worker's thread."""
        if self.is_open and not job.is_over:
            self.arrived.emit(job, result, error)


class Worker(QObject):
    """Owns the worker thread. Lives on the main thread; the thread starts with the first job.

    ``broke`` carries an exception that is a bug, for the crash dialog.
    """

    broke = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loop = _Loop()
        self._crossing = _Crossing()
        self._crossing.arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
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
        job.start(self._loop.call, self._crossing, coroutine)
        return job

    def close(self) -> None:
        """Cancel every job and end the loop. Does not wait for calls that hang; idempotent."""
        self._closed = True
        self._crossing.is_open = False
        for job in list(self._jobs):
            job.cancel()
        self._loop.close()

    def _deliver(self, job: Job, result: object, error: BaseException | None) -> None:
        job.deliver(result, error)

    def _forget(self) -> None:
        self._jobs = {job for job in self._jobs if not job.is_over}


class _Loop:
    """An asyncio loop on a daemon thread. What is called before it runs waits until it does."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: list[Callable[[], object]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def call(self, function: Callable[[], object]) -> None:
        """Call ``function`` on the loop, soon. Usable from any thread; after ``close`` nothing is called."""
        with self._guard:
            if self._closed:
                return
            if self._loop is not None:
                self._loop.call_soon_threadsafe(function)
                return
            self._waiting.append(function)
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name="worker", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """End the loop after what has been called so far; waits for half a second at most."""
        with self._guard:
            loop, thread = self._loop, self._thread
            if loop is not None and not self._closed:
                loop.call_soon_threadsafe(loop.stop)
            self._closed = True
        if thread is not None:
            thread.join(0.5)

    def _serve(self) -> None:
        import asyncio

        from meld_desktop.services.lane import DaemonExecutor

        loop = asyncio.new_event_loop()
        loop.set_default_executor(DaemonExecutor())
        asyncio.set_event_loop(loop)
        with self._guard:
            for function in self._waiting:
                loop.call_soon(function)
            self._waiting.clear()
            self._loop = loop
            if self._closed:
                loop.call_soon(loop.stop)
        try:
            loop.run_forever()
        finally:
            with self._guard:
                self._closed = True
            _end(loop)


def _end(loop: "asyncio.AbstractEventLoop") -> None:
    import asyncio

    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.wait(tasks, timeout=0.3))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
