"""The Timeline tab: what it shows, hides, finds, copies and says."""

from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import quote

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableView,
    QTextEdit,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from meld_desktop.domain.redaction import MASK
from meld_desktop.domain.text import Text
from meld_desktop.domain.widget_events import WidgetEvent
from meld_desktop.domain.witness.entry import EntryKind
from meld_desktop.domain.witness.observation import Hop, HopKind
from meld_desktop.ui.messages import Tone
from meld_desktop.ui.result.timeline import summary as summary_module
from meld_desktop.ui.result.timeline.delegate import TimelineDelegate
from meld_desktop.ui.result.timeline.kinds import label_of, place_words
from meld_desktop.ui.result.timeline.model import KIND, PLACE, TIME, WHAT, TimelineModel, since_begin
from meld_desktop.ui.result.timeline.picture_view import PictureView
from tests.ui.geometry import cut_in
from tests.ui.timelines import TOKEN, MakeScene, Scene, png, scene_for


@pytest.fixture
def make_scene(qapp: QApplication, qtbot: QtBot) -> Iterator[MakeScene]:
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(scene_for(qapp, **options))


@pytest.fixture
def scene(make_scene: MakeScene) -> Scene:
    """A timeline of a finished session."""
    made = make_scene()
    made.begin()
    made.play()
    return made


def _row_with(scene: Scene, word: str) -> int:
    model = scene.pane.model
    (row, *_) = [n for n in range(model.rowCount()) if word in model.wording.haystack(model.entry(n))]
    return row


def _everything_shown(scene: Scene) -> str:
    """Return every text that the pane shows or says to a screen reader, whichever row is chosen."""
    model, view = scene.pane.model, scene.pane.view
    texts = []
    for row in range(model.rowCount()):
        view.choose(row)
        view.copy()
        texts += [scene.pane.details.text.toPlainText(), QGuiApplication.clipboard().text()]
        for column in range(model.columnCount()):
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.UserRole):
                texts.append(str(model.index(row, column).data(role)))
            for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
                texts.append(str(model.index(row, column).data(role)))
    texts += [label.text() for label in scene.pane.findChildren(QLabel)]
    return "\n".join(texts)


# --- before there is anything


def test_before_the_first_link_it_says_what_will_be_here(make_scene: MakeScene) -> None:
    scene = make_scene()
    shown = [label.text() for label in scene.pane.findChildren(QLabel) if label.isVisible()]
    assert any("Nothing to see yet…" in text for text in shown)
    assert not scene.pane.summary.isVisible()
    assert not scene.find(QPushButton, "Save evidence…").isEnabled()
    assert not scene.find(QPushButton, "Take picture").isEnabled()
    scene.pane.save_evidence()
    assert [message.title for message in scene.said] == ["Nothing to save yet"]


# --- rows


def test_each_row_says_when_what_and_where(scene: Scene) -> None:
    model = scene.pane.model
    row = _row_with(scene, "login.bank.example")
    assert model.index(row, TIME).data() == "0:02.0"
    assert model.index(row, PLACE).data() == "Window 1"
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
        clock = model.entry(row).at.astimezone().strftime("%H:%M:%S")
        assert clock in model.index(row, TIME).data(role)
    assert model.index(row, KIND).data() == "Page"
    assert [model.headerData(n, Qt.Orientation.Horizontal) for n in range(4)] == [
        "Time",
        "Kind",
        "What happened",
        "Place",
    ]


@pytest.mark.parametrize(
    ("seconds", "said"), [(0, "0:00.0"), (7.34, "0:07.3"), (59.96, "1:00.0"), (3723.4, "1:02:03.4"), (-1, "0:00.0")]
)
def test_the_time_since_the_beginning(seconds: float, said: str) -> None:
    assert since_begin(seconds) == said


def test_places_are_told_in_words() -> None:
    told = [place_words(place) for place in ("widget", "frame", "window 2", "window 2 frame", "elsewhere")]
    assert told == ["Widget", "Frame", "Window 2", "Window 2 frame", "elsewhere"]


def test_what_came_again_is_one_row_with_a_count(scene: Scene) -> None:
    rows = scene.pane.model.rowCount()
    for _ in range(12):
        scene.witness.person(Text("Link copied"))
        scene.witness.flush()
    assert scene.pane.model.rowCount() == rows + 1
    assert scene.titles()[-1] == "Link copied (×12)"


def test_a_new_link_starts_a_new_timeline(scene: Scene) -> None:
    scene.pane.tools.search.setText("bank")
    QTest.keyClick(scene.pane.tools.search, Qt.Key.Key_Return)
    scene.begin("someone-else")
    assert scene.pane.session is scene.session
    assert scene.pane.model.total == len(scene.session.entries)
    assert "Connected" not in scene.pane.summary.sentence.text()


def test_what_the_session_lets_go_is_gone_and_counted(make_scene: MakeScene) -> None:
    scene = make_scene()
    scene.begin()
    for part in range(4):
        scene.flood(2_000, part * 2_000)
    assert scene.session.left_out > 0
    left_out = QLocale().toString(scene.session.left_out)
    model = scene.pane.model
    assert [model.entry(n).number for n in range(model.rowCount())] == [e.number for e in scene.session.entries]
    shown = [label.text() for label in scene.pane.findChildren(QLabel) if label.isVisible()]
    assert any(text == f"Left out to save memory: {left_out}" for text in shown), shown


def test_a_burst_is_told_at_once_and_no_row_is_measured(make_scene: MakeScene, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a flood costs does not grow with the number of rows: only those on show are asked for."""
    scene = make_scene()
    scene.begin()
    asked = {"data": 0, "sizeHint": 0, "inserted": 0}
    data, hint = TimelineModel.data, TimelineDelegate.sizeHint

    def count_data(model: TimelineModel, *arguments: object) -> object:
        asked["data"] += 1
        return data(model, *arguments)  # type: ignore[arg-type]

    def count_hint(delegate: TimelineDelegate, *arguments: object) -> object:
        asked["sizeHint"] += 1
        return hint(delegate, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(TimelineModel, "data", count_data)
    monkeypatch.setattr(TimelineDelegate, "sizeHint", count_hint)
    scene.pane.model.rowsInserted.connect(lambda *_: asked.update(inserted=asked["inserted"] + 1))
    scene.flood(4_000)
    QApplication.processEvents()
    on_show = scene.pane.view.viewport().height() // scene.pane.view.verticalHeader().defaultSectionSize() + 2
    assert 0 < asked["inserted"] <= 4
    assert asked["sizeHint"] == 0
    assert asked["data"] < on_show * 4 * 12


# --- the end, or where one is


def test_it_follows_the_end_while_one_is_there(make_scene: MakeScene) -> None:
    scene = make_scene()
    scene.begin()
    scene.flood(200)
    QApplication.processEvents()
    bar = scene.pane.view.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    scene.flood(50, 200)
    QApplication.processEvents()
    assert bar.value() == bar.maximum()


def test_it_stays_put_when_one_has_gone_up(make_scene: MakeScene, qtbot: QtBot) -> None:
    scene = make_scene()
    scene.begin()
    scene.flood(200)
    QApplication.processEvents()
    view, model = scene.pane.view, scene.pane.model
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    at_top = model.entry(view.rowAt(0)).number
    scene.flood(50, 200)
    QApplication.processEvents()
    assert model.entry(view.rowAt(0)).number == at_top
    button = scene.find(QPushButton, "Go to the end")
    assert button.isVisible()
    button.click()
    QApplication.processEvents()
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    assert not button.isVisible()


def test_it_stays_put_when_entries_above_fall_out(make_scene: MakeScene) -> None:
    scene = make_scene()
    scene.begin()
    scene.flood(4_900)
    QApplication.processEvents()
    view, model = scene.pane.view, scene.pane.model
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)
    at_top = model.entry(view.rowAt(0)).number
    scene.flood(1_000, 4_900)
    QApplication.processEvents()
    assert scene.session.left_out > 500
    assert model.entry(view.rowAt(0)).number == at_top
    assert not view.follows


# --- filter and search


def _tick(scene: Scene, *kept: str) -> None:
    menu = scene.find(QToolButton, "Filter").menu()
    for action in menu.actions():
        if action.isCheckable() and action.isChecked() != (action.text() in kept):
            action.trigger()


def test_the_filter_shows_only_the_ticked_kinds(scene: Scene) -> None:
    _tick(scene, "Pages and redirects")
    model = scene.pane.model
    assert {model.entry(row).kind for row in range(model.rowCount())} == {EntryKind.NAVIGATION}
    button = scene.find(QToolButton, "Filter")
    assert button.text() == "Filter: 1 of 13"
    assert button.accessibleDescription() == "1 of 13 kinds are shown"
    scene.witness.hear(WidgetEvent("handover"))
    scene.witness.observe(Hop("https://late.example/", "frame", HopKind.NAVIGATION))
    scene.witness.flush()
    assert {model.entry(row).kind for row in range(model.rowCount())} == {EntryKind.NAVIGATION}
    assert "late.example" in model.wording.haystack(model.entry(model.rowCount() - 1))
    scene.pane.tools.show_all_kinds()
    assert model.rowCount() == model.total


def test_the_menu_of_kinds_stays_open_while_one_ticks(scene: Scene, qtbot: QtBot) -> None:
    button = scene.find(QToolButton, "Filter")
    menu = button.menu()
    menu.popup(button.mapToGlobal(QPoint(0, button.height())))
    qtbot.waitUntil(menu.isVisible)
    first = menu.actions()[0]
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(first).center())
    assert not first.isChecked()
    assert menu.isVisible()
    menu.setActiveAction(first)
    QTest.keyClick(menu, Qt.Key.Key_Space)
    assert first.isChecked()
    assert menu.isVisible()
    menu.close()


@pytest.mark.parametrize("words", ["maple test", "MAPLE", "bank connect_complete", "institutionname maple"])
def test_the_search_finds_words_in_title_detail_and_facts(scene: Scene, qtbot: QtBot, words: str) -> None:
    scene.pane.tools.search.setText(words)
    model = scene.pane.model
    qtbot.waitUntil(lambda: 0 < model.rowCount() < model.total and not model.is_searching)
    assert all(
        words.split(maxsplit=1)[0].lower() in model.wording.haystack(model.entry(row))
        for row in range(model.rowCount())
    )
    assert any(model.entry(row).kind is EntryKind.EVENT for row in range(model.rowCount()))


def test_the_search_goes_on_in_slices_and_takes_in_what_comes(make_scene: MakeScene, qtbot: QtBot) -> None:
    scene = make_scene()
    scene.begin()
    scene.flood(4_000)
    model = scene.pane.model
    model.search("line 39")
    scene.flood(100, 4_000)
    model.search("line 399")
    scene.flood(2, 39_900)
    qtbot.waitUntil(lambda: not model.is_searching)
    found = [model.wording.haystack(model.entry(row)) for row in range(model.rowCount())]
    assert len(found) == len([n for n in [*range(4_100), 39_900, 39_901] if "399" in str(n)])
    assert [model.entry(n).number for n in range(len(found))] == sorted(
        model.entry(n).number for n in range(len(found))
    )


def test_when_nothing_matches_it_says_so_and_leads_back(scene: Scene, qtbot: QtBot) -> None:
    search = scene.find(QLineEdit, "Search timeline")
    search.setText("no such word")
    QTest.keyClick(search, Qt.Key.Key_Return)
    back = scene.find(QPushButton, "Show everything")
    qtbot.waitUntil(back.isVisible)
    back.click()
    assert scene.pane.model.rowCount() == scene.pane.model.total
    assert search.text() == ""


def test_escape_empties_the_search_and_the_arrow_leads_to_the_rows(scene: Scene) -> None:
    search = scene.find(QLineEdit, "Search timeline")
    search.setFocus()
    QTest.keyClicks(search, "maple")
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert search.text() == ""
    QTest.keyClick(search, Qt.Key.Key_Down)
    assert scene.pane.view.hasFocus()
    assert scene.pane.view.currentIndex().isValid()
    QTest.keyClick(scene.pane.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert search.hasFocus()


# --- values


def test_values_are_masked_until_they_are_asked_for(scene: Scene) -> None:
    planted = ("support-4711", "planted-state", "planted-code", "Planted Checking", "4455")
    shown = _everything_shown(scene)
    assert not [word for word in planted if word in shown]
    assert MASK in shown
    box = scene.find(QCheckBox, "Show values")
    box.setChecked(True)
    shown = _everything_shown(scene)
    assert [word for word in planted if word in shown] == list(planted)
    box.setChecked(False)
    shown = _everything_shown(scene)
    assert not [word for word in planted if word in shown]


def test_tokens_stay_masked_whatever_is_asked_for(scene: Scene) -> None:
    scene.find(QCheckBox, "Show values").setChecked(True)
    scene.witness.person(Text("Copied {what}", what=f"http://127.0.0.1/?connectToken={TOKEN}"))
    scene.witness.flush()
    assert TOKEN not in _everything_shown(scene)
    wording = scene.pane.model.wording
    assert TOKEN not in type(wording)(shows_values=True).clean(f"see {TOKEN} here")
    assert "opaque-secret-1" not in type(wording)(secrets=["opaque-secret-1"], shows_values=True).clean(
        "opaque-secret-1"
    )


def test_a_masked_value_is_not_found_by_the_search(scene: Scene, qtbot: QtBot) -> None:
    model = scene.pane.model
    model.search("planted-state")
    qtbot.waitUntil(lambda: not model.is_searching)
    assert model.rowCount() == 0
    scene.find(QCheckBox, "Show values").setChecked(True)
    qtbot.waitUntil(lambda: not model.is_searching)
    assert model.rowCount() == 1


@pytest.mark.parametrize("customer", ["7", "a b&c", "søren@example.com"])
def test_any_customer_is_masked_and_other_words_stay(make_scene: MakeScene, customer: str) -> None:
    scene = make_scene()
    scene.begin(customer)
    scene.play()
    shown = _everything_shown(scene)
    assert "Connected Maple Test Bank with 1 account" in shown
    request = dict(scene.pane.model.wording.facts(scene.pane.model.entry(0)))
    assert customer not in request.values()


@pytest.mark.parametrize("customer", ["7", "customer & sons"])
def test_the_customer_is_masked_in_sentences_too(make_scene: MakeScene, customer: str) -> None:
    scene = make_scene()
    scene.begin(customer)
    scene.witness.person(Text("Handed to {who} of {count}", who=customer, count=17))
    scene.witness.observe(Hop(f"https://bank.example/for/{quote(customer)}/x", "frame", HopKind.NAVIGATION))
    scene.witness.flush()
    assert scene.titles()[-2] == f"Handed to {MASK} of 17"
    if len(customer) > 3:
        shown = _everything_shown(scene)
        assert customer not in shown
        assert quote(customer) not in shown
    scene.find(QCheckBox, "Show values").setChecked(True)
    assert scene.titles()[-2] == f"Handed to {customer} of 17"


# --- copying


def test_a_copied_row_is_one_tab_separated_line(scene: Scene) -> None:
    row = _row_with(scene, "login.bank.example")
    view = scene.pane.view
    view.setFocus()
    view.choose(row)
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    (line,) = QGuiApplication.clipboard().text().splitlines()
    cells = line.split("\t")
    assert len(cells) == 7
    assert cells[1:3] == ["2.000", "Page"]
    assert cells[5] == "Window 1"
    assert "login.bank.example" in line


def test_a_page_cannot_break_the_line_that_is_copied(scene: Scene) -> None:
    scene.witness.person(Text("one\ttwo\nthree"), Text("four\r\nfive"))
    scene.witness.flush()
    view = scene.pane.view
    view.choose(scene.pane.model.rowCount() - 1)
    view.copy()
    text = QGuiApplication.clipboard().text()
    assert (text.count("\n"), text.count("\t")) == (0, 6)
    scene.witness.hear(WidgetEvent("odd", {"first\tname": "one\ntwo\tthree"}))
    scene.witness.flush()
    view.choose(scene.pane.model.rowCount() - 1)
    view.copy()
    text = QGuiApplication.clipboard().text()
    assert "one two three" in text
    assert (text.count("\n"), text.count("\t")) == (0, 6)


def test_several_rows_are_copied_one_a_line(scene: Scene, qtbot: QtBot) -> None:
    scene.flood(3_000)
    view = scene.pane.view
    view.selectAll()
    with qtbot.waitSignal(view.copied) as copied:
        view.copy()
    assert copied.args == [scene.pane.model.rowCount()]
    assert len(QGuiApplication.clipboard().text().splitlines()) == scene.pane.model.rowCount()
    assert scene.said[-1].title.startswith("Entries copied: ")


# --- sentence and verdict


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    said: list[str] = []

    class Announcer:
        AnnouncementPoliteness = QAccessible.AnnouncementPoliteness

        @staticmethod
        def updateAccessibility(event: object) -> None:
            said.append(event.message())  # type: ignore[attr-defined]

    monkeypatch.setattr(summary_module, "QAccessible", Announcer)
    return said


def test_the_sentence_is_shown_and_announced_once(make_scene: MakeScene, announced: list[str]) -> None:
    scene = make_scene()
    scene.begin()
    announced.clear()
    scene.play()
    summary = scene.pane.summary
    assert summary.sentence.text() == str(scene.session.conclusion)
    assert summary.tone is Tone.SUCCESS
    assert summary.standing.text() == "Connected"
    assert announced == [f"Connected. {scene.session.conclusion}"]
    scene.witness.person(Text("Link copied"))
    scene.witness.flush()
    scene.find(QCheckBox, "Show values").setChecked(True)
    assert len(announced) == 1


@pytest.mark.parametrize(
    ("event", "tone", "word"),
    [("cancel", Tone.WARNING, "Ended"), ("error", Tone.ERROR, "Problem"), ("init", Tone.INFO, "Under way")],
)
def test_how_it_stands_is_said_in_a_word(make_scene: MakeScene, event: str, tone: Tone, word: str) -> None:
    scene = make_scene()
    scene.begin()
    scene.witness.hear(WidgetEvent(event, {"message": "Wrong password"} if event == "error" else {}))
    scene.witness.flush()
    assert (scene.pane.summary.tone, scene.pane.summary.standing.text()) == (tone, word)


def test_a_crash_is_said_to_be_a_failure(make_scene: MakeScene) -> None:
    scene = make_scene()
    scene.begin()
    scene.witness.died(Text("Its process ended."))
    scene.witness.flush()
    assert scene.pane.summary.tone is Tone.ERROR


def _verdict_words(scene: Scene) -> str:
    return "\n".join(label.text() for label in scene.pane.summary.findChildren(QLabel) if label.isVisible())


def test_the_verdict_names_what_was_expected_what_arrived_and_what_differs(make_scene: MakeScene) -> None:
    scene = make_scene()
    scene.begin(redirect_url="https://example.com/done")
    scene.witness.observe(Hop("https://example.com/wrong?code=planted-code", "window 1", HopKind.NAVIGATION))
    scene.witness.hear(WidgetEvent("connect_complete", {"institutionName": "Maple", "accountCount": 1}))
    scene.witness.end()
    scene.pane._show_verdict()
    words = _verdict_words(scene)
    verdict = scene.pane.session.verdict if scene.pane.session else None
    assert verdict is not None
    assert verdict.outcome.name == "MISMATCH"
    assert "https://example.com/done" in words
    assert "https://example.com/wrong" in words
    assert "planted-code" not in words
    assert words.splitlines()[-1] == "path"


def test_a_match_is_said(make_scene: MakeScene) -> None:
    scene = make_scene()
    scene.begin(redirect_url="https://example.com/done")
    scene.witness.observe(Hop("https://example.com/done?status=ok", "window 1", HopKind.RETURN))
    scene.witness.flush()
    assert scene.session.verdict.outcome.name == "MATCH"
    assert "https://example.com/done" in _verdict_words(scene)


# --- details and pictures


def test_the_chosen_row_is_told_whole(scene: Scene) -> None:
    row = _row_with(scene, "connect_complete")
    scene.pane.view.choose(row)
    details = scene.find(QTextEdit, "Details")
    assert details.isVisible()
    assert "Maple Test Bank" in details.toPlainText()


def test_what_others_said_is_never_markup(scene: Scene) -> None:
    scene.witness.person(Text("{said}", said="<b>bold</b><img src='file:///etc/passwd'>"))
    scene.witness.flush()
    scene.pane.view.choose(scene.pane.model.rowCount() - 1)
    assert "<b>bold</b><img" in scene.pane.details.text.toPlainText().replace("\u200b", "")


def _with_pictures(scene: Scene) -> list[int]:
    numbers = [scene.session.entries[-2].number, scene.session.entries[-1].number]
    for number, colour in zip(numbers, ("#112233", "#445566"), strict=True):
        scene.witness.keep_picture(number, "event", png(colour), 60, 105)
    scene.witness.flush()
    return numbers


@pytest.mark.parametrize("by", ["enter", "double click", "button"])
def test_a_picture_opens(scene: Scene, qtbot: QtBot, by: str) -> None:
    first, second = _with_pictures(scene)
    view, model = scene.pane.view, scene.pane.model
    index = model.index(model.row_of(first), WHAT)
    assert "with a picture" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    view.setFocus()
    view.choose(index.row())
    if by == "enter":
        QTest.keyClick(view, Qt.Key.Key_Return)
    elif by == "double click":
        place = view.visualRect(index).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    else:
        scene.find(QPushButton, "Show picture").click()
    viewer = scene.dialog()
    assert isinstance(viewer, PictureView)
    assert viewer.canvas.pixmap().toImage().pixelColor(5, 5).name() == "#112233"
    QTest.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.canvas.pixmap().toImage().pixelColor(5, 5).name() == "#445566"
    assert model.entry(view.currentIndex().row()).number == second
    assert viewer.canvas.accessibleDescription()
    assert cut_in(viewer) == []
    QTest.keyClick(viewer, Qt.Key.Key_Escape)


def test_a_picture_that_made_room_is_explained(scene: Scene) -> None:
    (first, _) = _with_pictures(scene)
    scene.session.drop_pictures()
    scene.pane.show_picture(first)
    assert scene.said[-1].title == "This picture is no longer kept"


def test_a_picture_is_wanted(scene: Scene, qtbot: QtBot) -> None:
    with qtbot.waitSignal(scene.pane.picture_wanted):
        scene.find(QPushButton, "Take picture").click()


# --- for everybody


def test_everything_has_a_name_and_is_reached_by_tab(scene: Scene) -> None:
    _with_pictures(scene)
    scene.pane.view.choose(scene.pane.model.rowCount() - 1)
    wanted = [
        widget
        for widget in scene.window.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    seen: list[QWidget] = []
    scene.pane.tools.search.setFocus(Qt.FocusReason.TabFocusReason)
    while (at := QApplication.focusWidget()) is not None and at not in seen:
        seen.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    names = [QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name) for widget in seen]
    assert names == [
        "Search timeline",
        "Filter",
        "Show values",
        "Take picture",
        "Compare…",
        "Save evidence…",
        "Timeline",
        "Details",
        "Show picture",
    ]
    assert set(wanted) == set(seen)


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@pytest.mark.parametrize("width", [560, 700, 1200])
def test_nothing_is_cut(make_scene: MakeScene, theme: str, width: int) -> None:
    scene = make_scene(theme=theme, size=(width, 640))
    assert cut_in(scene.window) == []
    scene.begin("customer-" + "0123456789" * 19)
    scene.play()
    assert cut_in(scene.window) == []
    scene.find(QCheckBox, "Show values").setChecked(True)
    _tick(scene, "Widget events")
    scene.pane.view.choose(0)
    assert cut_in(scene.window) == []
    assert scene.window.width() == width
    scene.pane.model.search("no such word")
    assert cut_in(scene.window) == []


def test_words_of_kinds_and_places_are_not_shortened(scene: Scene) -> None:
    view = scene.pane.view
    metrics = view.fontMetrics()
    for kind in EntryKind:
        assert metrics.horizontalAdvance(label_of(kind)) + 16 + 6 + 16 <= view.columnWidth(KIND), kind
    for place in ("widget", "frame", "window 1", "window 1 frame"):
        assert metrics.horizontalAdvance(place_words(place)) + 16 <= view.columnWidth(PLACE), place


def test_a_row_looks_different_with_the_focus(scene: Scene) -> None:
    view = scene.pane.view
    view.choose(1)
    scene.pane.tools.search.setFocus()
    QApplication.processEvents()
    before = view.viewport().grab().toImage()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    assert view.viewport().grab().toImage() != before


def test_the_table_is_a_table_to_a_screen_reader(scene: Scene) -> None:
    interface = QAccessible.queryAccessibleInterface(scene.find(QTableView, "Timeline"))
    assert interface.role() == QAccessible.Role.Table
    buttons = [
        button for button in scene.pane.findChildren(QAbstractButton) if button.isVisible() and button.focusPolicy()
    ]
    assert all(QAccessible.queryAccessibleInterface(button).text(QAccessible.Text.Name) for button in buttons)
