"""The whole window with a real widget in it: what was seen, the sentence at the end, and the evidence of it."""

import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from meld_desktop.app.embedding import WebEmbedder
from meld_desktop.app.references import protect_constants
from meld_desktop.domain.products import Product
from meld_desktop.domain.view_size import ViewSize
from meld_desktop.domain.witness.entry import EntryKind
from meld_desktop.evidence.verify import verify_pack
from meld_desktop.web.widget_view import WidgetView
from tests.ui.bench import Bench

protect_constants()

_PRESS = """(() => {
  const usable = [...document.querySelectorAll("button")].filter(b => !b.disabled && b.offsetParent);
  const button = usable.find(b => b.innerText.includes(%s));
  if (button) button.click();
  return button !== undefined;
})()"""


@pytest.fixture
def bench(qapp: QApplication, qtbot: QtBot, tmp_path: Path, flush: Callable[[], None]) -> Iterator[Bench]:
    look = qapp.font(), qapp.palette(), qapp.styleSheet()
    qapp.setStyle("Fusion")
    embedder = WebEmbedder()
    bench = Bench(qapp, tmp_path / "data", embedder=embedder)
    bench.window.show()
    yield bench
    embedder.close()
    bench.close()
    flush()
    qapp.setFont(look[0])
    qapp.setPalette(look[1])
    qapp.setStyleSheet(look[2])


class Flow:
    """A customer in the widget of the window."""

    def __init__(self, bench: Bench, qtbot: QtBot) -> None:
        self.bench = bench
        self.qtbot = qtbot
        self.witness = bench.services.witness

    @property
    def view(self) -> WidgetView:
        view = self.bench.result.widget.embedded
        assert view is not None
        return cast(WidgetView, view)

    def make(self) -> None:
        self.bench.line("Customer ID").setText("anna@customers.example")
        self.bench.tick(Product.BALANCES)
        with self.qtbot.waitSignal(self.bench.result.widget.link_shown, timeout=20_000):
            self.bench.button("Create link").click()
        self.hears("init")

    def hears(self, name: str) -> None:
        session = self.witness.current
        assert session is not None

        def has_heard() -> bool:
            return any(name in event for event in session.comparable().events)

        self.qtbot.waitUntil(has_heard, timeout=20_000)

    def press(self, text: str) -> None:
        answers: list[object] = [False]
        asked = 0
        script = _PRESS % json.dumps(text)

        def pressed() -> bool:
            nonlocal asked
            if True in answers:
                return True
            if asked < len(answers):  # one question at a time, or it would be pressed twice
                asked += 1
                self.view.run_in_widget(script, answers.append)
            return False

        self.qtbot.waitUntil(pressed, timeout=20_000)

    def connect_bank(self) -> None:
        self.press("Maple Test Bank")
        self.press("Fill in")
        self.press("Continue")
        self.press("Agree and connect")
        self.hears("connect_complete")


@pytest.fixture
def flow(bench: Bench, qtbot: QtBot) -> Flow:
    return Flow(bench, qtbot)


def test_a_finished_flow_is_told_in_one_sentence_and_proved_without_a_secret(
    flow: Flow, qtbot: QtBot, tmp_path: Path
) -> None:
    flow.make()
    session = flow.witness.current
    assert session is not None
    token = session.secrets[0]
    flow.connect_bank()
    assert "Connected Maple Test Bank with 2 accounts" in str(session.conclusion)
    qtbot.waitUntil(lambda: len(session.pictures) >= 2, timeout=20_000)
    kinds = {entry.kind for entry in session.entries}
    assert kinds >= {EntryKind.REQUEST, EntryKind.ANSWER, EntryKind.TOKEN, EntryKind.NAVIGATION, EntryKind.EVENT}
    pack = tmp_path / "evidence.zip"
    with qtbot.waitSignal(flow.bench.services.evidence.saved, timeout=20_000):
        flow.bench.services.evidence.save(session, pack, "seen by QA", "T-1")
    assert verify_pack(pack).ok
    with zipfile.ZipFile(pack) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    for name, content in contents.items():
        assert token.encode() not in content, name
        assert b"anna@customers.example" not in content, name
    assert [name for name in contents if name.startswith("pictures/")]
    assert b"Connected Maple Test Bank" in contents["timeline.html"]


def test_a_status_of_meld_is_taken_down_while_the_window_is_seen(flow: Flow, qtbot: QtBot) -> None:
    flow.make()
    session = flow.witness.current
    assert session is not None

    def told() -> bool:
        return any(entry.kind is EntryKind.STATUS for entry in session.entries)

    qtbot.waitUntil(told, timeout=20_000)


def test_the_size_that_was_chosen_holds_for_the_next_widget(flow: Flow, qtbot: QtBot) -> None:
    flow.make()
    flow.bench.result.tools.size_buttons[ViewSize.TABLET].click()
    assert flow.view.choices.size is ViewSize.TABLET
    first = flow.view
    with qtbot.waitSignal(flow.bench.result.widget.link_shown, timeout=20_000):
        flow.bench.button("Create link").click()
    assert flow.view is not first
    assert flow.view.choices.size is ViewSize.TABLET
    assert flow.bench.services.preferences.settings.view_size == "tablet"


def test_a_picture_on_demand_is_in_the_timeline(flow: Flow, qtbot: QtBot) -> None:
    flow.make()
    session = flow.witness.current
    assert session is not None
    qtbot.waitUntil(lambda: len(session.pictures) == 1, timeout=20_000)
    flow.bench.result.widget.take_picture()
    qtbot.waitUntil(lambda: len(session.pictures) == 2, timeout=20_000)
    assert flow.bench.strip.message.title == "Picture taken"


def test_a_widget_that_stays_blank_is_explained_with_the_ways_out(flow: Flow) -> None:
    flow.make()
    flow.view.blank.emit()
    widget = flow.bench.result.widget
    for name in ("Reload", "Open in browser", "Do without the graphics card"):
        assert flow.bench.button(name, widget._blank_note).isVisible()
    flow.bench.button("Do without the graphics card", widget._blank_note).click()
    assert flow.bench.services.preferences.settings.software_rendering is True
    flow.bench.button("Reload", widget._blank_note).click()
    assert not widget._blank_note.isVisible()
