"""Two sessions compared: only what differs, in words that can be copied."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QPushButton, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from meld_desktop.domain.widget_events import WidgetEvent
from meld_desktop.domain.witness.compare import Difference, Section
from meld_desktop.domain.witness.observation import Hop, HopKind
from meld_desktop.ui.result.timeline.compare_dialog import CompareDialog
from tests.ui.geometry import cut_in
from tests.ui.timelines import Scene, scene_for


@pytest.fixture
def scene(qapp: QApplication, qtbot: QtBot) -> Iterator[Scene]:
    """A run with two sessions that differ."""
    with scene_for(qapp) as made:
        made.begin()
        made.play()
        made.begin("support-4712", institution_search_string="Oak")
        made.witness.hear(WidgetEvent("init"))
        made.witness.hear(WidgetEvent("error", {"message": "Wrong <b>password</b>"}))
        made.witness.observe(Hop("https://login.oak.example/oauth?state=planted", "window 1", HopKind.WINDOW))
        made.witness.flush()
        yield made


def _open(scene: Scene, qtbot: QtBot, *, waits: bool = True) -> CompareDialog:
    if waits:
        with qtbot.waitSignal(scene.evidence.compared):
            scene.find(QPushButton, "Compare…").click()
    else:
        scene.find(QPushButton, "Compare…").click()
    dialog = scene.dialog()
    assert isinstance(dialog, CompareDialog)
    return dialog


def _words(dialog: CompareDialog) -> str:
    return dialog.differing.toPlainText().replace("\u200b", "")


def test_the_sessions_of_the_run_can_be_told_apart(scene: Scene, qtbot: QtBot) -> None:
    dialog = _open(scene, qtbot)
    for name in ("First session", "Second session"):
        box = scene.find(QComboBox, name, dialog)
        assert box.count() == 2
        for place, session in enumerate(scene.witness.sessions):
            assert session.customer in box.itemText(place)
            assert session.began.astimezone().strftime("%H:%M:%S") in box.itemText(place)
            assert str(session.conclusion) in box.itemText(place)
    assert (dialog.first.currentIndex(), dialog.second.currentIndex()) == (0, 1)
    dialog.reject()


def test_only_what_differs_is_shown_grouped(scene: Scene, qtbot: QtBot) -> None:
    dialog = _open(scene, qtbot)
    words = _words(dialog)
    places = [words.index(f"\n{title}\n") for title in ("Request", "Hops", "Events", "Outcome")]
    assert places == sorted(places)
    assert "institutionSearchString" in words
    assert "Oak" in words
    assert "BALANCES" not in words, "the products are the same"
    assert "planted" not in words
    assert cut_in(dialog) == []
    dialog.reject()


def test_what_a_page_said_is_no_markup(scene: Scene, qtbot: QtBot) -> None:
    dialog = _open(scene, qtbot)
    scene.evidence.compared.emit((Difference(Section.EVENTS, "<i>#1</i>", "<b>bold</b>", "&lt;"),))
    words = _words(dialog)
    assert [word for word in ("<i>#1</i>", "<b>bold</b>", "&lt;") if word not in words] == []
    dialog.reject()


def test_what_differs_is_copied_a_line_each(scene: Scene, qtbot: QtBot) -> None:
    dialog = _open(scene, qtbot)
    scene.find(QPushButton, "Copy what differs", dialog).click()
    head, *lines = QGuiApplication.clipboard().text().splitlines()
    assert head.split("\t")[2:] == [dialog.first.currentText(), dialog.second.currentText()]
    assert [line.split("\t") for line in lines if "SearchString" in line] == [
        ["Request", "institutionSearchString", '"Maple"', '"Oak"']
    ]
    dialog.reject()


def test_nothing_differs_in_words(scene: Scene, qtbot: QtBot) -> None:
    scene.begin()
    scene.play()
    dialog = _open(scene, qtbot)
    with qtbot.waitSignal(scene.evidence.compared):
        dialog.first.setCurrentIndex(0)
    assert _words(dialog).startswith("Nothing differs")
    dialog.copy.click()
    assert QGuiApplication.clipboard().text().startswith("Nothing differs")
    dialog.reject()


def test_one_session_alone_says_what_to_do(qapp: QApplication, qtbot: QtBot) -> None:
    with scene_for(qapp) as scene:
        scene.begin()
        dialog = _open(scene, qtbot, waits=False)
        assert _words(dialog).startswith("Choose two different sessions")
        assert not dialog.copy.isEnabled()
        dialog.reject()


def _saved(scene: Scene, path: Path, qtbot: QtBot, session: int = 0) -> Path:
    with qtbot.waitSignal(scene.evidence.saved):
        scene.evidence.save(scene.witness.sessions[session], path)
    return path


def test_a_pack_is_compared_with(scene: Scene, tmp_path: Path, qtbot: QtBot) -> None:
    path = _saved(scene, tmp_path / "yesterday.zip", qtbot, session=1)
    dialog = _open(scene, qtbot)
    scene.find(QPushButton, "Open evidence pack…", dialog).click()
    chooser = dialog.findChild(QFileDialog)
    assert chooser is not None
    with qtbot.waitSignal(scene.evidence.compared):
        chooser.fileSelected.emit(str(path))
    chooser.close()
    assert dialog.second.currentText().startswith("yesterday.zip")
    assert dialog.first.count() == dialog.second.count() == 3
    assert "institutionSearchString" in _words(dialog)
    assert scene.pane._draft.folder == str(tmp_path)
    dialog.reject()


def test_two_packs_are_compared_before_any_link(qapp: QApplication, scene: Scene, tmp_path: Path, qtbot: QtBot) -> None:
    first = _saved(scene, tmp_path / "first.zip", qtbot, session=0)
    second = _saved(scene, tmp_path / "second.zip", qtbot, session=1)
    with scene_for(qapp) as empty:
        dialog = _open(empty, qtbot, waits=False)
        with qtbot.waitSignal(empty.evidence.loaded):
            dialog.read_pack(str(first))
        with qtbot.waitSignal(empty.evidence.compared):
            dialog.read_pack(str(second))
        assert dialog.first.currentText().startswith("first.zip")
        assert dialog.second.currentText().startswith("second.zip")
        assert "institutionSearchString" in _words(dialog)
        dialog.reject()


def test_a_changed_pack_is_refused_in_words(scene: Scene, tmp_path: Path, qtbot: QtBot) -> None:
    path = _saved(scene, tmp_path / "pack.zip", qtbot)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))
    dialog = _open(scene, qtbot)
    before = _words(dialog)
    with qtbot.waitSignal(scene.evidence.unreadable):
        dialog.read_pack(str(path))
    assert dialog.problem.isVisible()
    assert dialog.open_pack.isEnabled()
    assert dialog.second.count() == 2
    assert _words(dialog) == before
    assert cut_in(dialog) == []
    dialog.reject()


def test_a_great_many_differences_are_copied_but_not_all_laid_out(scene: Scene, qtbot: QtBot) -> None:
    dialog = _open(scene, qtbot)
    many = tuple(Difference(Section.HOPS, f"#{n}", f"first {n}", f"second {n}") for n in range(1_000))
    scene.evidence.compared.emit(many)
    assert "Not shown here, but copied: 800" in _words(dialog)
    assert "second 199" in _words(dialog)
    assert "second 200" not in _words(dialog)
    dialog.copy.click()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 1_001
    dialog.reject()


@pytest.mark.parametrize("width", [560, 900])
def test_everything_has_a_name_and_nothing_is_cut(scene: Scene, qtbot: QtBot, width: int) -> None:
    dialog = _open(scene, qtbot)
    dialog.resize(width, 560)
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.first.setFocus()
    seen: list[QWidget] = []
    while (at := QApplication.focusWidget()) is not None and at not in seen:
        seen.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    assert [type(widget) for widget in seen] == [QComboBox, QComboBox, QPushButton, QTextEdit, QPushButton, QPushButton]
    for widget, name in zip(
        seen[2:], ("Open evidence pack…", "What differs", "Copy what differs", "Close"), strict=True
    ):
        assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name) == name
    assert dialog.width() == width
    names = {dialog.first.currentText(), dialog.second.currentText()}
    assert {dialog.first.toolTip(), dialog.second.toolTip()} == names
    assert not [said for said in cut_in(dialog) if not said.startswith("“support-")]
    assert all(name in _words(dialog) for name in names), "what a narrow field shortens stands whole below"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
