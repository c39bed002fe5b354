"""Saving evidence from the timeline: what is asked, what is remembered, what is said, and that no note is lost."""

import errno
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPlainTextEdit, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from meld_desktop.evidence import pack
from meld_desktop.evidence.verify import verify_pack
from meld_desktop.ui.messages import Tone
from meld_desktop.ui.result.timeline.evidence_dialog import EvidenceDialog
from tests.ui.geometry import cut_in
from tests.ui.timelines import Scene, pack_in, scene_for


@pytest.fixture
def scene(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    with scene_for(qapp) as made:
        made.begin()
        made.play()
        made.pane._draft.folder = str(tmp_path)
        yield made


def _open(scene: Scene) -> EvidenceDialog:
    scene.find(QPushButton, "Save evidence…").click()
    dialog = scene.dialog()
    assert isinstance(dialog, EvidenceDialog)
    return dialog


def _save(dialog: EvidenceDialog) -> None:
    dialog.save.click()


def test_saving_says_what_to_do_next(scene: Scene, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = _open(scene)
    scene.find(QPlainTextEdit, "Note", dialog).setPlainText("It hung.\nTwice.")
    scene.find(QLineEdit, "Ticket ID", dialog).setText("T-42")
    name = Path(scene.find(QLineEdit, "File", dialog).text()).name
    assert "support-4711" not in name
    assert name.startswith("meld-evidence-2026")
    with qtbot.waitSignal(dialog.destroyed):
        _save(dialog)
    saved = pack_in(tmp_path)
    assert saved.name == name
    assert verify_pack(saved).ok
    (message,) = scene.said
    assert message.tone is Tone.SUCCESS
    assert message.title == "Evidence saved"
    assert f"Attach {name} to the ticket" in message.text
    assert f"meld-link verify {name}" in message.text
    again = _open(scene)
    assert again.note.toPlainText() == again.ticket.text() == ""
    assert Path(again.file.text()).parent == tmp_path
    assert again.file.text() != str(saved), "a name that is free"
    again.reject()


def test_the_folder_is_remembered_for_the_run(scene: Scene, tmp_path: Path, qtbot: QtBot) -> None:
    other = tmp_path / "cases"
    other.mkdir()
    dialog = _open(scene)
    dialog.file.setText(str(other / "mine"))
    with qtbot.waitSignal(dialog.destroyed):
        _save(dialog)
    assert pack_in(other).name == "mine.zip"
    dialog = _open(scene)
    assert Path(dialog.file.text()).parent == other
    dialog.file.setText("only-a-name")
    with qtbot.waitSignal(dialog.destroyed):
        _save(dialog)
    assert (other / "only-a-name.zip").is_file()


@pytest.mark.parametrize(
    ("code", "words"), [(errno.EROFS, "read-only"), (errno.ENOSPC, "The disk is full"), (errno.EACCES, "may not write")]
)
def test_a_failure_keeps_the_note_and_says_what_to_do(
    scene: Scene, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise OSError(code, os.strerror(code))

    dialog = _open(scene)
    dialog.note.setPlainText("Do not lose me")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refuse)
        with qtbot.waitSignal(scene.evidence.failed):
            _save(dialog)
    assert dialog.isVisible()
    assert words in dialog.problem.text
    assert dialog.problem.isVisible()
    assert dialog.file.accessibleDescription() == dialog.problem.text
    assert dialog.file.hasFocus()
    assert dialog.note.toPlainText() == "Do not lose me"
    assert dialog.note.isEnabled()
    assert scene.said == []
    assert cut_in(dialog) == []
    with qtbot.waitSignal(dialog.destroyed):
        _save(dialog)
    assert verify_pack(pack_in(tmp_path)).ok


def test_a_note_survives_the_closing_of_the_dialog(scene: Scene) -> None:
    dialog = _open(scene)
    dialog.ticket.setText("T-7")
    QTest.keyClicks(dialog.note, "Half a thought")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    again = _open(scene)
    assert (again.note.toPlainText(), again.ticket.text()) == ("Half a thought", "T-7")
    again.reject()


def test_a_long_save_shows_progress_and_can_be_stopped(
    scene: Scene, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = threading.Event()
    real = pack.write_pack

    def slow(*arguments: object, **named: object) -> None:
        held.wait(20)
        real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(pack, "write_pack", slow)
    dialog = _open(scene)
    dialog.note.setPlainText("Keep me")
    progress = scene.find(QProgressBar, "Saving the evidence", dialog)
    _save(dialog)
    assert not dialog.save.isEnabled()
    assert dialog.cancel.isEnabled()
    qtbot.waitUntil(progress.isVisible)
    dialog.cancel.click()
    assert dialog.isVisible()
    assert "cancelled" in dialog.problem.text
    assert not progress.isVisible()
    assert dialog.note.toPlainText() == "Keep me"
    held.set()
    qtbot.waitUntil(lambda: list(tmp_path.iterdir()) == [])
    with qtbot.waitSignal(dialog.destroyed):
        _save(dialog)
    assert verify_pack(pack_in(tmp_path)).ok


def test_a_file_that_is_there_is_not_replaced_unasked(scene: Scene, tmp_path: Path, qtbot: QtBot) -> None:
    there = tmp_path / "there.zip"
    there.write_bytes(b"precious")
    dialog = _open(scene)
    dialog.file.setText(str(there))
    _save(dialog)
    assert "Press Save again" in dialog.problem.text
    assert there.read_bytes() == b"precious"
    with qtbot.waitSignal(dialog.destroyed):
        _save(dialog)
    assert verify_pack(there).ok


def test_without_a_file_name_nothing_is_saved(scene: Scene, tmp_path: Path) -> None:
    dialog = _open(scene)
    dialog.file.setText("  ")
    _save(dialog)
    assert "Type a file name" in dialog.problem.text
    assert not scene.evidence.is_saving
    dialog.reject()
    assert list(tmp_path.iterdir()) == []


def test_browse_asks_without_blocking(scene: Scene, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = _open(scene)
    scene.find(QPushButton, "Browse…", dialog).click()
    chooser = dialog.findChild(QFileDialog)
    assert chooser is not None
    assert chooser.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    (tmp_path / "chosen.zip").write_bytes(b"old")
    chooser.fileSelected.emit(str(tmp_path / "chosen.zip"))
    chooser.close()
    assert dialog.file.text() == str(tmp_path / "chosen.zip")
    with qtbot.waitSignal(dialog.destroyed):
        _save(dialog)  # the chooser has asked whether to replace it
    assert verify_pack(tmp_path / "chosen.zip").ok


def test_everything_has_a_name_and_tab_goes_in_order(scene: Scene, qtbot: QtBot) -> None:
    dialog = _open(scene)
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.note.setFocus()
    seen: list[QWidget] = []
    while (at := QApplication.focusWidget()) is not None and at not in seen:
        seen.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    names = [QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name) for widget in seen]
    assert names == ["Note", "Ticket ID", "File", "Browse…", "Save", "Cancel"]
    assert cut_in(dialog) == []
    dialog.reject()
