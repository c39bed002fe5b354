"""Windows for the tests, and the watch over what they leave behind."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from meld_desktop.app.references import protect_constants
from meld_desktop.domain.environments import custom_environment
from tests.support.strict_meld import StrictMeld
from tests.ui.bench import Bench, flush

protect_constants()

_OFFSCREEN = (r"^This plugin does not support (propagateSizeHints|raise|grabbing the keyboard)",)

MakeBench = Callable[..., Bench]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(*_OFFSCREEN))


@pytest.fixture
def make_bench(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[MakeBench]:
    """Make windows that are taken apart at the end, and must leave no widget behind."""
    before = set(QApplication.topLevelWidgets())
    look = qapp.font(), qapp.palette(), qapp.styleSheet()
    qapp.setStyle("Fusion")
    made: list[Bench] = []

    def make(*, show: bool = True, **options: object) -> Bench:
        bench = Bench(qapp, tmp_path / "data", **options)  # type: ignore[arg-type]
        made.append(bench)
        if show:
            bench.window.show()
            qtbot.waitUntil(bench.window.isActiveWindow)
        return bench

    yield make
    for bench in made:
        if shiboken6.isValid(bench.window):
            bench.close()
    flush()
    qapp.setFont(look[0])
    qapp.setPalette(look[1])
    qapp.setStyleSheet(look[2])
    left = [widget for widget in QApplication.topLevelWidgets() if widget not in before]
    assert not left, f"left behind: {left}"


@pytest.fixture(autouse=True, scope="module")
def _no_timer_left() -> Iterator[None]:
    """Fail the last test of a module when one of them left a running timer behind."""
    yield
    timers = [thing for thing in gc.get_objects() if type(thing) is QTimer and shiboken6.isValid(thing)]
    running = [timer for timer in timers if timer.isActive()]
    assert not running, f"still running: {running}"


@pytest.fixture
def bench(make_bench: MakeBench) -> Bench:
    """A window in Demo."""
    return make_bench()


@pytest.fixture
def meld() -> Iterator[StrictMeld]:
    """A strict Meld on loopback."""
    with StrictMeld() as server:
        yield server


@pytest.fixture
def remote(make_bench: MakeBench, meld: StrictMeld) -> Bench:
    """A window whose environment is the strict Meld."""
    return make_bench(environment=custom_environment(meld.url), environ={"MELD_API_KEY": "a-key-of-the-tests"})
