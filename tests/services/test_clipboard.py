"""The clipboard that forgets: marked as confidential, and cleared only while it still holds what was copied."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QObject, QUrl
from PySide6.QtGui import QClipboard, QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from meld_desktop.services.clipboard import CHOICES, SECONDS, ConfidentialClipboard
from tests.services.conftest import Heard

LINK = "https://institution-connect-sb.meld.io?connectToken=eyJ0eXAi.Qm9keQ.c2ln"
SHORT = 0.03


@pytest.fixture
def board(qapp: QCoreApplication) -> Iterator[QClipboard]:
    """The real clipboard, left empty."""
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    yield clipboard
    clipboard.clear()


@pytest.fixture
def ours(parent: QObject, board: QClipboard) -> ConfidentialClipboard:
    return ConfidentialClipboard(SHORT, parent)


def test_the_text_is_there_and_marked(board: QClipboard, parent: QObject) -> None:
    ConfidentialClipboard(parent=parent).copy(LINK)
    content = board.mimeData()
    assert content.text() == LINK
    windows = 'application/x-qt-windows-mime;value="{}"'
    expected = {
        "x-kde-passwordManagerHint": b"secret",
        "org.nspasteboard.ConcealedType": b"secret",
        windows.format("ExcludeClipboardContentFromMonitorProcessing"): b"\x01",
        windows.format("CanIncludeInClipboardHistory"): bytes(4),
        windows.format("CanUploadToCloudClipboard"): bytes(4),
    }
    assert {name: bytes(content.data(name).data()) for name in content.formats() if name != "text/plain"} == expected


def test_it_is_cleared_after_the_time(ours: ConfidentialClipboard, board: QClipboard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(ours.cleared):
        ours.copy(LINK)
        assert ours.holds_ours()
    assert board.text() == ""
    assert not ours.holds_ours()


def _text(board: QClipboard) -> None:
    board.setText("what I copied since")


def _nearly(board: QClipboard) -> None:
    board.setText(LINK + " ")


def _picture(board: QClipboard) -> None:
    image = QImage(2, 2, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    board.setImage(image)


def _file(board: QClipboard) -> None:
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile("/tmp/x")])
    content.setText(LINK)
    board.setMimeData(content)


@pytest.mark.parametrize("copy", [_text, _nearly, _picture, _file])
def test_what_was_copied_since_is_left_alone(
    ours: ConfidentialClipboard, board: QClipboard, qtbot: QtBot, copy: object
) -> None:
    heard = Heard().listen(cleared=ours.cleared)
    ours.copy(LINK)
    copy(board)  # type: ignore[operator]
    before = board.mimeData().formats()
    with qtbot.waitSignal(ours._timer.timeout):
        assert not ours.holds_ours()
    assert board.mimeData().formats() == before
    assert before
    assert heard.said == []


def test_a_clipboard_that_was_emptied_is_no_news(ours: ConfidentialClipboard, board: QClipboard, qtbot: QtBot) -> None:
    heard = Heard().listen(cleared=ours.cleared)
    ours.copy(LINK)
    board.clear()
    with qtbot.waitSignal(ours._timer.timeout):
        pass
    assert heard.said == []


def test_a_manager_that_took_the_text_over_without_its_marks_does_not_save_it(
    ours: ConfidentialClipboard, board: QClipboard, qtbot: QtBot
) -> None:
    ours.copy(LINK)
    with qtbot.waitSignal(ours.cleared):
        board.setText(LINK)
    assert board.text() == ""


def test_a_second_copy_gets_its_whole_time(parent: QObject, board: QClipboard) -> None:
    ours = ConfidentialClipboard(300, parent)
    ours.copy(LINK)
    ours._timer.start(1_000)
    ours.copy("another")
    assert ours._timer.remainingTime() > 200_000
    assert board.text() == "another"


def test_the_time_can_be_set_while_something_is_there(parent: QObject, board: QClipboard, qtbot: QtBot) -> None:
    ours = ConfidentialClipboard(0, parent)
    ours.copy(LINK)
    assert not ours._timer.isActive()
    ours.set_seconds(300)
    assert ours._timer.isActive()
    ours.set_seconds(0)
    assert not ours._timer.isActive()
    with qtbot.waitSignal(ours.cleared):
        ours.set_seconds(SHORT)
    assert board.text() == ""


def test_setting_the_time_counts_nothing_when_nothing_was_copied(parent: QObject, board: QClipboard) -> None:
    ours = ConfidentialClipboard(0, parent)
    ours.set_seconds(300)
    assert not ours._timer.isActive()


def test_the_end_of_the_program_clears(parent: QObject, board: QClipboard) -> None:
    ours = ConfidentialClipboard(300, parent)
    ours.copy(LINK)
    ours.close()
    assert board.text() == ""
    assert not ours._timer.isActive()
    ours.copy(LINK)
    board.setText("theirs")
    ours.close()
    assert board.text() == "theirs"


def test_never_is_never(parent: QObject, board: QClipboard) -> None:
    ours = ConfidentialClipboard(0, parent)
    ours.copy(LINK)
    ours.close()
    assert board.text() == LINK


def test_the_object_keeps_no_copy(ours: ConfidentialClipboard, board: QClipboard) -> None:
    ours.copy(LINK)
    assert LINK not in str(vars(ours))
    assert sum(value == LINK for value in vars(ours).values()) == 0
    ours.clear()


def test_the_choices_hold_the_default() -> None:
    assert SECONDS in CHOICES
    assert 0 in CHOICES
