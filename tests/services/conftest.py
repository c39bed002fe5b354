"""A worker that is closed again, and what the tests of the services watch signals with."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, SignalInstance
from pytestqt.qtbot import QtBot

from meld_desktop.services.worker import Worker
from tests.support.strict_meld import StrictMeld


class Heard(QObject):
    """Takes down what signals say, in order, and that they say it on the main thread."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, Any]] = []

    def listen(self, **signals: SignalInstance) -> "Heard":
        """Take down each signal under its name."""
        for name, signal in signals.items():
            signal.connect(_Ear(self, name).hear)
        return self

    @property
    def names(self) -> list[str]:
        """The names of the signals that came."""
        return [name for name, _ in self.said]


class _Ear(QObject):
    def __init__(self, heard: Heard, name: str) -> None:
        super().__init__(heard)
        self._heard = heard
        self._name = name

    def hear(self, *values: object) -> None:
        assert threading.current_thread() is threading.main_thread()
        self._heard.said.append((self._name, values[0] if values else None))


@pytest.fixture
def parent(qapp: QCoreApplication) -> Iterator[QObject]:
    """The object that owns those of the test; deleted at its end, on this thread."""
    owner = QObject()
    yield owner
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def worker(parent: QObject) -> Iterator[Worker]:
    """A worker; what breaks on it is a failure of the test."""
    working = Worker(parent)
    broken = Heard().listen(broke=working.broke)
    yield working
    working.close()
    assert broken.said == []


@pytest.fixture
def settle(qtbot: QtBot, worker: Worker) -> Callable[[], None]:
    """Wait until the worker's loop and then the main thread have done all they had to do so far."""

    def wait() -> None:
        async def nothing() -> None:
            return None

        for _ in range(3):
            job = worker.submit(nothing())
            with qtbot.waitSignal(job.finished):
                pass
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    return wait


@pytest.fixture
def meld() -> Iterator[StrictMeld]:
    """A strict server that must be content with every request of the test."""
    with StrictMeld() as server:
        yield server
        assert not server.violations
