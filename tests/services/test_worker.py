"""Jobs: their one outcome, on the main thread, and how they end before they are done."""

import asyncio
import gc
import threading
import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from pytestqt.qtbot import QtBot

from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.services.lane import DaemonExecutor, Lane
from meld_desktop.services.worker import Job, Worker
from tests.services.conftest import Heard

Settle = Callable[[], None]


def listen(job: Job) -> Heard:
    return Heard().listen(
        succeeded=job.succeeded, failed=job.failed, broken=job.broken, cancelled=job.cancelled, finished=job.finished
    )


async def where() -> threading.Thread:
    return threading.current_thread()


async def failing(error: Exception) -> None:
    raise error


async def forever() -> None:
    await asyncio.Event().wait()


def test_the_work_is_done_elsewhere_and_told_here(worker: Worker, qtbot: QtBot) -> None:
    job = worker.submit(where())
    heard = listen(job)
    with qtbot.waitSignal(job.finished):
        pass
    assert heard.names == ["succeeded", "finished"]
    assert heard.said[0][1] is not threading.main_thread()
    assert job.is_over


def test_even_a_free_function_is_called_here(worker: Worker, qtbot: QtBot) -> None:
    threads = []
    job = worker.submit(where())
    job.succeeded.connect(lambda _result: threads.append(threading.current_thread()))
    with qtbot.waitSignal(job.finished):
        pass
    assert threads == [threading.main_thread()]


def test_all_jobs_share_one_thread(worker: Worker, qtbot: QtBot) -> None:
    jobs = [worker.submit(where()) for _ in range(5)]
    heard = [listen(job) for job in jobs]
    with qtbot.waitSignals([job.finished for job in jobs]):
        pass
    assert len({each.said[0][1] for each in heard}) == 1


def test_a_failure(worker: Worker, qtbot: QtBot) -> None:
    error = MeldError(Kind.SERVER)
    job = worker.submit(failing(error))
    heard = listen(job)
    with qtbot.waitSignal(job.finished):
        pass
    assert heard.said == [("failed", error), ("finished", None)]


def test_a_bug_reaches_the_crash_dialog(parent: QObject, qtbot: QtBot) -> None:
    worker = Worker(parent)
    try:
        broke = Heard().listen(broke=worker.broke)
        error = ZeroDivisionError("bug")
        job = worker.submit(failing(error))
        heard = listen(job)
        with qtbot.waitSignal(job.finished):
            pass
        assert heard.said == [("broken", error), ("finished", None)]
        assert broke.said == [("broke", error)]
    finally:
        worker.close()


def test_cancelling_is_told_before_it_returns(worker: Worker) -> None:
    job = worker.submit(forever())
    heard = listen(job)
    job.cancel()
    assert heard.names == ["cancelled", "finished"]
    job.cancel()
    assert heard.names == ["cancelled", "finished"]


def test_cancelling_what_has_not_begun_leaves_nothing(worker: Worker, settle: Settle) -> None:
    begun = []

    async def work() -> None:
        begun.append(True)

    for _ in range(50):
        job = worker.submit(work())
        job.cancel()
    settle()
    assert len(begun) < 50
    gc.collect()  # a coroutine that was never run to its end or closed would warn here


def test_a_cancelled_task_is_told_on_the_loop(worker: Worker, qtbot: QtBot) -> None:
    started, ended = threading.Event(), threading.Event()

    async def work() -> None:
        started.set()
        try:
            await forever()
        finally:
            ended.set()

    job = worker.submit(work())
    assert started.wait(5)
    job.cancel()
    assert ended.wait(0.5)


def test_an_answer_that_was_on_its_way_changes_nothing(worker: Worker, settle: Settle) -> None:
    done = threading.Event()

    async def work() -> str:
        done.set()
        return "late"

    job = worker.submit(work())
    heard = listen(job)
    assert done.wait(5)  # the answer crosses, but the main thread has not looked yet
    job.cancel()
    settle()
    assert heard.names == ["cancelled", "finished"]


def test_an_answer_after_the_job_is_gone_changes_nothing(worker: Worker, settle: Settle) -> None:
    started, go = threading.Event(), threading.Event()

    async def stubborn(outcome: Exception | None) -> str:
        started.set()
        try:
            await forever()
        except asyncio.CancelledError:
            await asyncio.get_running_loop().run_in_executor(None, go.wait, 5)
            if outcome is not None:
                raise outcome from None
        return "late"

    for outcome in (None, MeldError(Kind.SERVER), ZeroDivisionError()):
        started.clear()
        go.clear()
        job = worker.submit(stubborn(outcome))
        heard = listen(job)
        assert started.wait(5)
        job.cancel()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        go.set()
        settle()
        gc.collect()  # an exception nobody fetched from the task would be logged here
        assert heard.names == ["cancelled", "finished"]


def test_jobs_are_deleted_when_they_are_over(worker: Worker, settle: Settle) -> None:
    for _ in range(20):
        worker.submit(forever()).cancel()
    settle()
    assert worker.findChildren(Job) == []


# --- the end


def test_closing_cancels_everything(parent: QObject) -> None:
    worker = Worker(parent)
    heard = [listen(worker.submit(forever())) for _ in range(10)]
    before = time.monotonic()
    worker.close()
    assert time.monotonic() - before < 0.5
    assert [each.names for each in heard] == [["cancelled", "finished"]] * 10
    assert not [thread for thread in threading.enumerate() if thread.name == "worker"]
    worker.close()


def test_closing_what_never_ran(parent: QObject) -> None:
    worker = Worker(parent)
    worker.close()
    worker.close()


def test_nothing_begins_after_the_end(parent: QObject) -> None:
    worker = Worker(parent)
    worker.close()
    job = worker.submit(where())
    assert job.is_over
    gc.collect()


def test_a_call_that_hangs_does_not_hold_up_the_end(parent: QObject) -> None:
    worker = Worker(parent)
    hanging, release, left = threading.Event(), threading.Event(), threading.Event()

    def hang() -> str:
        hanging.set()
        release.wait(20)
        left.set()
        return "late"

    async def on_a_lane() -> str:
        return await Lane(10).run(hang)

    async def on_the_executor() -> str:
        return await asyncio.get_running_loop().run_in_executor(None, hang)

    for work in (on_a_lane, on_the_executor):
        worker = Worker(parent)
        heard = listen(worker.submit(work()))
        assert hanging.wait(5)
        before = time.monotonic()
        worker.close()
        assert time.monotonic() - before < 0.5
        assert heard.names == ["cancelled", "finished"]
        release.set()
        assert left.wait(5)  # what it returns finds no loop any more: nothing may be logged about that
        for event in (hanging, release, left):
            event.clear()


# --- lanes


def run(worker: Worker, qtbot: QtBot, *works: object) -> list[tuple[str, object]]:
    jobs = [worker.submit(work) for work in works]  # type: ignore[arg-type]
    heard = [listen(job) for job in jobs]
    with qtbot.waitSignals([job.finished for job in jobs]):
        pass
    return [each.said[0] for each in heard]


def test_a_lane_returns_and_raises(worker: Worker, qtbot: QtBot) -> None:
    lane = Lane(5)
    error = MeldError(Kind.KEYRING_LOCKED)

    def refuse() -> None:
        raise error

    assert run(worker, qtbot, lane.run(max, 3, 7), lane.run(refuse)) == [("succeeded", 7), ("failed", error)]


def test_a_lane_takes_one_at_a_time(worker: Worker, qtbot: QtBot) -> None:
    lane = Lane(5)
    together = threading.Semaphore(1)

    def alone() -> bool:
        free = together.acquire(blocking=False)
        time.sleep(0.01)
        together.release()
        return free

    assert run(worker, qtbot, *(lane.run(alone) for _ in range(8))) == [("succeeded", True)] * 8


def test_a_lane_waits_no_longer_than_it_was_told(worker: Worker, qtbot: QtBot) -> None:
    lane = Lane(0.2)
    release = threading.Event()

    async def timed() -> float:
        before = time.monotonic()
        with pytest.raises(TimeoutError):
            await lane.run(release.wait, 10)
        return time.monotonic() - before

    ((name, seconds),) = run(worker, qtbot, timed())
    assert name == "succeeded"
    assert isinstance(seconds, float)
    assert 0.2 <= seconds < 0.4
    # The one that hangs is left behind; the lane goes on.
    assert run(worker, qtbot, lane.run(max, 1, 2)) == [("succeeded", 2)]
    release.set()


def test_threads_of_calls_never_hold_up_the_program() -> None:
    release = threading.Event()
    future = DaemonExecutor().submit(lambda: (threading.current_thread().daemon, release.wait(5)))
    release.set()
    assert future.result(5) == (True, True)
