"""Preferences: written a moment later, once; never lost; and a disk that says no is told."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from meld_desktop.services.preferences import Preferences
from meld_desktop.services.worker import Worker
from meld_desktop.storage.settings import Settings, load_settings
from tests.services.conftest import Heard


@pytest.fixture
def preferences(tmp_path: Path, worker: Worker, parent: QObject) -> Preferences:
    return Preferences(tmp_path / "data", Settings(), worker, parent)


def written(folder: Path) -> Settings | None:
    return load_settings(folder) if (folder / "settings.json").exists() else None


def test_a_change_holds_at_once_and_is_written_a_moment_later(
    preferences: Preferences, tmp_path: Path, qtbot: QtBot
) -> None:
    preferences.change(theme="dark")
    preferences.change(environment="sandbox", splitter=(1, 2))
    assert preferences.settings == Settings(theme="dark", environment="sandbox", splitter=(1, 2))
    assert written(tmp_path / "data") is None
    qtbot.waitUntil(lambda: written(tmp_path / "data") is not None)
    assert written(tmp_path / "data") == preferences.settings


def test_many_changes_are_one_write(preferences: Preferences, tmp_path: Path, qtbot: QtBot) -> None:
    end = time.monotonic() + 1.0
    width = 0
    while time.monotonic() < end:
        width += 1
        preferences.change(splitter=(width, 800))
        qtbot.wait(20)
        assert written(tmp_path / "data") is None
    qtbot.waitUntil(lambda: written(tmp_path / "data") == Settings(splitter=(width, 800)))


def test_nothing_changed_nothing_written(preferences: Preferences, tmp_path: Path) -> None:
    preferences.change(theme="system")
    preferences.close()
    assert not (tmp_path / "data").exists()


def test_there_and_back_again_writes_what_holds(preferences: Preferences, tmp_path: Path) -> None:
    preferences.change(theme="dark")
    preferences.close()
    preferences.change(theme="system")
    preferences.close()
    assert written(tmp_path / "data") == Settings()


def test_closing_writes_at_once_without_a_worker(preferences: Preferences, worker: Worker, tmp_path: Path) -> None:
    preferences.change(theme="dark")
    worker.close()
    preferences.close()
    assert written(tmp_path / "data") == Settings(theme="dark")


def test_a_write_that_the_end_of_the_program_cuts_off_is_made_up_for(
    tmp_path: Path, worker: Worker, parent: QObject
) -> None:
    """The moment between the timer and the disk: the job is made, and the worker closes before it has run."""
    preferences = Preferences(tmp_path / "data", Settings(), worker, parent)
    preferences.change(theme="dark")
    preferences._write()
    worker.close()
    preferences.close()
    assert written(tmp_path / "data") == Settings(theme="dark")


def test_a_disk_that_says_no(tmp_path: Path, worker: Worker, parent: QObject, qtbot: QtBot) -> None:
    (tmp_path / "data").write_text("in the way")
    preferences = Preferences(tmp_path / "data", Settings(), worker, parent)
    heard = Heard().listen(unsaved=preferences.unsaved)
    with qtbot.waitSignal(preferences.unsaved):
        preferences.change(theme="dark")
    assert isinstance(heard.said[0][1], OSError)
    assert preferences.settings.theme == "dark"
    (tmp_path / "data").unlink()
    preferences.close()
    assert written(tmp_path / "data") == Settings(theme="dark")
    assert len(heard.said) == 1


def test_a_disk_that_says_no_at_the_end(tmp_path: Path, worker: Worker, parent: QObject) -> None:
    (tmp_path / "data").write_text("in the way")
    preferences = Preferences(tmp_path / "data", Settings(), worker, parent)
    heard = Heard().listen(unsaved=preferences.unsaved)
    preferences.change(theme="dark")
    preferences.close()
    assert heard.names == ["unsaved"]
    assert (tmp_path / "data").read_text() == "in the way"


def test_the_last_of_several_writes_is_what_stays(
    preferences: Preferences, tmp_path: Path, settle: Callable[[], None], qtbot: QtBot
) -> None:
    for width in range(20):
        preferences.change(splitter=(width, 1))
        preferences._write()
    qtbot.waitUntil(lambda: written(tmp_path / "data") == Settings(splitter=(19, 1)))
    settle()
    preferences.close()
    assert written(tmp_path / "data") == Settings(splitter=(19, 1))
