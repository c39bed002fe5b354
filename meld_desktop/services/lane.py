"""Calls that block without saying for how long: they run on threads of their own, and nobody waits forever."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class DaemonExecutor(ThreadPoolExecutor):
    """An executor whose threads never hold up the end of the program.

    The interpreter joins the threads of an ordinary pool when it ends: one name look-up or keyring call that hangs
    would keep a closed program alive. Each call gets its own daemon thread instead.
    """

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run ``fn`` on a new daemon thread."""
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

        threading.Thread(target=run, name="lane", daemon=True).start()
        return future


class Lane:
    """Runs blocking calls one after the other, each within a time limit.

    For resources that want one user at a time, such as a keyring. A call that overruns is left behind on its thread;
    what it returns later is dropped. Used from the worker's asyncio loop only.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._executor = DaemonExecutor()
        self._turn: asyncio.Lock | None = None

    async def run(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what ``call`` returns. Raises what it raises, or TimeoutError when it takes too long."""
        self._turn = self._turn or asyncio.Lock()
        async with self._turn:
            future = asyncio.wrap_future(self._executor.submit(call, *args, **kwargs))
            return await asyncio.wait_for(future, self._seconds)
