"""One thread for a store that wants its calls in order, and that must not lose the last of them."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class StoreLane(Executor):
    """Runs calls one after the other on one daemon thread, which starts with the first call. Usable from any thread.

    A call that was cancelled before its turn is passed over.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._guard = threading.Lock()
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn`` after all that was submitted before. After ``close`` it is cancelled at once."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - delivered to whoever waits
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._guard:
            if self._closed:
                future.cancel()
                return future
            self._calls.put(run)
            if self._thread is None:
                self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
                self._thread.start()
        return future

    def close(self, seconds: float = 0.0) -> bool:
        """Take no more calls; wait up to ``seconds`` for those that are left, and say whether all are done."""
        with self._guard:
            if not self._closed:
                self._closed = True
                self._calls.put(None)
            thread = self._thread
        if thread is None:
            return True
        thread.join(seconds)
        return not thread.is_alive()

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
