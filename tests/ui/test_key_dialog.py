"""The key dialog: it shows no key, says what the keyring did, and leaves nothing behind."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QProgressBar, QWidget
from pytestqt.qtbot import QtBot

from meld_desktop.domain.environments import PRODUCTION, SANDBOX
from meld_desktop.domain.errors import KINDS, Kind
from meld_desktop.ui.key_dialog import KeyDialog
from meld_desktop.ui.problem_line import ProblemLine
from tests.ui.bench import Bench
from tests.ui.conftest import MakeBench

HOST = SANDBOX.host
KEYRING_KINDS = [
    Kind.KEYRING_MISSING,
    Kind.KEYRING_LOCKED,
    Kind.KEYRING_DENIED,
    Kind.KEYRING_SILENT,
    Kind.KEYRING_FAILED,
]


@pytest.fixture
def sandbox(make_bench: MakeBench) -> Bench:
    return make_bench(environment=SANDBOX)


class Opened:
    """The dialog on show and its parts."""

    def __init__(self, bench: Bench) -> None:
        bench.content.open_key_dialog()
        dialog = bench.dialog()
        assert isinstance(dialog, KeyDialog)
        self.dialog = dialog
        self.line = bench.find(QLineEdit, "API key", dialog)
        self.save = bench.button("Save", dialog)
        self.keep = bench.button("Keep until I quit", dialog)
        self.forget = bench.button("Forget key", dialog)
        self.cancel = bench.button("Cancel", dialog)

    @property
    def problem(self) -> str:
        (line,) = self.dialog.findChildren(ProblemLine)
        return line.text

    @property
    def state(self) -> str:
        return self.dialog.findChildren(QLabel)[0].text()

    @property
    def is_busy(self) -> bool:
        (bar,) = self.dialog.findChildren(QProgressBar)
        return bar.isVisible()


def _open(bench: Bench, qtbot: QtBot) -> Opened:
    opened = Opened(bench)
    qtbot.waitUntil(lambda: "Looking" not in opened.state)
    return opened


def _texts(widget: QWidget) -> str:
    labels = [label.text() for label in widget.findChildren(QLabel)]
    lines = [line.text() + line.placeholderText() for line in widget.findChildren(QLineEdit)]
    every = widget.findChildren(QWidget)
    said = [each.accessibleName() + each.accessibleDescription() + each.toolTip() for each in every]
    return " ".join([widget.windowTitle(), *labels, *lines, *said])


def test_a_saved_key_is_never_shown(sandbox: Bench, qtbot: QtBot) -> None:
    sandbox.drawer.keys[HOST] = "sk-very-secret"
    opened = _open(sandbox, qtbot)
    assert opened.state == f"A key for {HOST} is saved. Paste another one to replace it."
    assert "secret" not in _texts(opened.dialog)
    assert opened.line.echoMode() == QLineEdit.EchoMode.Password
    assert opened.line.text() == ""
    opened.dialog.reject()
    assert "secret" not in _texts(sandbox.window)


def test_a_key_is_trimmed_and_saved_for_its_host(sandbox: Bench, qtbot: QtBot) -> None:
    opened = _open(sandbox, qtbot)
    assert not opened.save.isEnabled()
    opened.line.setText("  BASIC-abc:1 \n")
    with qtbot.waitSignal(opened.dialog.finished):
        opened.save.click()
    assert sandbox.drawer.keys == {HOST: "BASIC-abc:1"}
    assert sandbox.strip.message.text == f"The key for {HOST} is saved in this computer's keyring."
    assert sandbox.window.header.key_status.text() == "key saved"


def test_a_key_that_cannot_travel_is_refused_at_the_field(sandbox: Bench, qtbot: QtBot) -> None:
    opened = _open(sandbox, qtbot)
    opened.line.setText("ключ")
    opened.save.click()
    assert "a character that no key has" in opened.problem
    assert "ключ" not in opened.problem
    assert opened.line.accessibleDescription() == opened.problem
    assert opened.line.hasFocus()
    assert sandbox.drawer.keys == {}
    opened.line.setText("abc")
    assert opened.problem == ""
    opened.dialog.reject()


def test_while_the_keyring_thinks_only_cancel_works(sandbox: Bench, qtbot: QtBot) -> None:
    opened = _open(sandbox, qtbot)
    sandbox.drawer.held.clear()
    opened.line.setText("abc")
    opened.save.click()
    assert opened.is_busy
    assert [opened.save.isEnabled(), opened.keep.isEnabled(), opened.line.isEnabled()] == [False] * 3
    assert opened.cancel.isEnabled()
    with qtbot.waitSignal(opened.dialog.finished):
        sandbox.drawer.held.set()
    assert sandbox.drawer.keys == {HOST: "abc"}


@pytest.mark.parametrize("kind", KEYRING_KINDS, ids=lambda kind: kind.name)
def test_each_keyring_failure_says_its_own_words(sandbox: Bench, qtbot: QtBot, kind: Kind) -> None:
    opened = _open(sandbox, qtbot)
    sandbox.drawer.fails = kind
    opened.line.setText("abc")
    opened.save.click()
    qtbot.waitUntil(lambda: opened.problem.startswith(str(KINDS[kind].title)))
    assert str(KINDS[kind].hint) in opened.problem
    assert not opened.is_busy
    assert opened.line.text() == "abc"
    others = [str(KINDS[other].title) for other in KEYRING_KINDS if other is not kind]
    assert not [title for title in others if title in opened.problem]
    opened.dialog.reject()


def test_a_keyring_that_does_not_answer_is_given_up(sandbox: Bench, qtbot: QtBot) -> None:
    sandbox.drawer.held.clear()
    opened = Opened(sandbox)
    qtbot.waitUntil(lambda: opened.problem.startswith("The keyring does not answer."), timeout=8000)
    assert opened.state == f"It is not known whether there is a key for {HOST}."
    opened.line.setText("abc")
    assert opened.keep.isEnabled()
    opened.dialog.reject()


def test_keep_until_i_quit_writes_nothing(sandbox: Bench, qtbot: QtBot) -> None:
    opened = _open(sandbox, qtbot)
    opened.line.setText("abc")
    opened.keep.click()
    assert sandbox.drawer.keys == {}
    assert sandbox.window.header.key_status.text() == "key kept until you quit"
    assert sandbox.strip.message.text == f"The key for {HOST} is kept until you quit."
    again = _open(sandbox, qtbot)
    assert again.state == f"A key for {HOST} is kept until you quit."
    again.dialog.reject()


def test_a_kept_key_is_for_its_host_only(sandbox: Bench, qtbot: QtBot) -> None:
    opened = _open(sandbox, qtbot)
    opened.line.setText("abc")
    opened.keep.click()
    sandbox.content.use_environment(PRODUCTION)
    qtbot.waitUntil(lambda: sandbox.window.header.key_status.text() == "no key yet")


def test_forget(sandbox: Bench, qtbot: QtBot) -> None:
    sandbox.drawer.keys[HOST] = "abc"
    opened = _open(sandbox, qtbot)
    with qtbot.waitSignal(opened.dialog.finished):
        opened.forget.click()
    assert sandbox.drawer.keys == {}
    assert sandbox.strip.message.text == f"The key for {HOST} is forgotten."
    assert not _open(sandbox, qtbot).forget.isEnabled()
    sandbox.dialog().reject()


def test_the_variable_is_named(make_bench: MakeBench) -> None:
    bench = make_bench(environment=SANDBOX, environ={"MELD_API_KEY": "sk-from-outside"})
    opened = Opened(bench)
    assert opened.state.startswith(f"The key in MELD_API_KEY is used for {HOST}.")
    assert "sk-from-outside" not in _texts(opened.dialog)
    opened.dialog.reject()


@pytest.mark.parametrize("how", ["escape", "cancel", "close"])
def test_however_it_closes_nothing_typed_is_left(sandbox: Bench, qtbot: QtBot, how: str) -> None:
    opened = _open(sandbox, qtbot)
    line, dialog = opened.line, opened.dialog
    line.setText("sk-typed")
    seen: list[str] = []
    line.textChanged.connect(seen.append)
    if how == "escape":
        QTest.keyClick(line, Qt.Key.Key_Escape)
    elif how == "cancel":
        opened.cancel.click()
    else:
        dialog.close()
    assert seen == [""]
    qtbot.waitUntil(lambda: not sandbox.window.findChildren(KeyDialog))
    assert sandbox.drawer.keys == {}


def test_return_saves(sandbox: Bench, qtbot: QtBot) -> None:
    opened = _open(sandbox, qtbot)
    opened.line.setText("abc")
    with qtbot.waitSignal(opened.dialog.finished):
        QTest.keyClick(opened.line, Qt.Key.Key_Return)
    assert sandbox.drawer.keys == {HOST: "abc"}


def test_demo_asks_for_no_key(bench: Bench) -> None:
    bench.content.open_key_dialog()
    assert not bench.window.findChildren(QDialog)
    assert bench.strip.message.title == "Demo needs no key"
