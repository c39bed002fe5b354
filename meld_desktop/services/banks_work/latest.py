"""Questions of which only the last one counts."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject

from meld_desktop.services.worker import Job, Worker

T = TypeVar("T")


class Latest(QObject):
    """Answers one question at a time, off the GUI thread. Lives on the main thread.

    While one is being answered, the newest of those that come waits and the others are dropped, so that fast typing
    never piles up threads. ``deliver`` gets the answer of the last question only, on the main thread.
    """

    def __init__(self, worker: Worker, deliver: Callable[[object], None], parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._deliver = deliver
        self._job: Job | None = None
        self._next: Callable[[], object] | None = None
        self._is_wanted = False

    def ask(self, question: Callable[[], object]) -> None:
        """Answer ``question``; what was asked before counts no more."""
        if self._job is not None:
            self._next = question
            return
        self._is_wanted = True
        self._job = job = self._worker.submit(off_thread(question))
        job.succeeded.connect(self._answered)
        job.broken.connect(self._broke)

    def forget(self) -> None:
        """Want no answer any more."""
        self._next, self._is_wanted = None, False

    def _answered(self, answer: object) -> None:
        self._job = None
        question, self._next = self._next, None
        if question is not None:
            self.ask(question)
        elif self._is_wanted:
            self._deliver(answer)

    def _broke(self, _bug: object) -> None:
        self._job = None
        question, self._next = self._next, None
        if question is not None:
            self.ask(question)


async def off_thread(work: Callable[[], T]) -> T:
    """Run ``work`` on a thread. Called on the worker's loop."""
    import asyncio

    return await asyncio.get_running_loop().run_in_executor(None, work)
