"""The regions field: what is typed, pasted, picked and taken away, and what is said about it."""

from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFocusEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QPushButton, QVBoxLayout, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from meld_desktop.domain.fields import field
from meld_desktop.domain.region_names import load_index_in
from meld_desktop.domain.regions import RegionIndex, load_index
from meld_desktop.domain.validation import Problem, Severity
from meld_desktop.ui.form.field_frame import tokens_in_use
from meld_desktop.ui.form.region_browser import RegionBrowser
from meld_desktop.ui.form.region_chips import ChipsModel, ChipsView
from meld_desktop.ui.form.region_input import VISIBLE_ROWS, CompletionModel, RegionInput, Taking
from meld_desktop.ui.form.regions import RegionsEditor
from meld_desktop.ui.theme.choice import ThemeChoice
from meld_desktop.ui.theme.theme import Theme

Key = Qt.Key
W = TypeVar("W", bound=QWidget)

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore(r"^This plugin does not support")


class Loader:
    """Hands the index over when told to, as the worker does some time after it was asked."""

    def __init__(self, index: RegionIndex) -> None:
        self.index = index
        self.waiting: list[Callable[[RegionIndex], None]] = []
        self.asked = 0

    def __call__(self, callback: Callable[[RegionIndex], None]) -> None:
        self.asked += 1
        self.waiting.append(callback)

    def deliver(self) -> None:
        waiting, self.waiting = self.waiting, []
        for callback in waiting:
            callback(self.index)


class Scene:
    """The editor in a window with another control after it, found by what a screen reader finds them by."""

    def __init__(self, qtbot: QtBot, index: RegionIndex) -> None:
        self.loader = Loader(index)
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        self.editor = RegionsEditor(field("regions"), self.loader)
        self.other = QLineEdit()
        column.addWidget(self.editor)
        column.addWidget(self.other)
        column.addStretch(1)
        self.window.resize(440, 500)
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window).__enter__()
        self.line = self.named(RegionInput, "Add region")
        self.chips = self.named(ChipsView, "Selected regions")
        self.other.setFocus()
        self.changes = 0
        self.editor.changed.connect(self._count)

    def _count(self) -> None:
        self.changes += 1

    def named(self, kind: type[W], name: str) -> W:
        (found,) = [w for w in self.editor.findChildren(kind) if name in {w.accessibleName(), w.property("text")}]
        return found

    def type(self, text: str) -> None:
        self.line.setFocus()
        for letter in text:
            if letter.isascii():
                QTest.keyClicks(self.line, letter)
            else:  # QTest aborts on these
                plain = Qt.KeyboardModifier.NoModifier
                QApplication.sendEvent(self.line, QKeyEvent(QEvent.Type.KeyPress, Key.Key_unknown, plain, letter))

    def press(self, key: Qt.Key, on: QWidget | None = None) -> None:
        QTest.keyClick(on or self.line, key)

    def codes(self) -> tuple[str, ...]:
        value = self.editor.values()["regions"]
        assert isinstance(value, tuple)
        return value

    @property
    def shown(self) -> list[str]:
        model = self.chips.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    @property
    def said(self) -> str:
        return "\n".join(
            label.text()
            for label in self.editor.findChildren(QLabel)
            if label.isVisibleTo(self.editor) and label.property("role") in {"error", "warning"}
        )

    @property
    def offered(self) -> list[str]:
        model = self.line.popup.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())] if self.popped else []

    @property
    def popped(self) -> bool:
        return self.line.popup.isVisible()


@pytest.fixture(scope="module")
def index() -> RegionIndex:
    index = load_index()
    index.warm_up()
    return index


@pytest.fixture
def early(qtbot: QtBot, index: RegionIndex) -> Scene:
    """The editor before the index is there."""
    return Scene(qtbot, index)


@pytest.fixture
def scene(early: Scene) -> Scene:
    """The editor with the index."""
    early.editor.prepare()
    early.loader.deliver()
    return early


# --- asking for the index


def test_the_index_is_not_asked_for_before_someone_needs_it(early: Scene) -> None:
    assert early.loader.asked == 0


@pytest.mark.parametrize("need", ["focus", "text", "browse", "values", "prepare"])
def test_the_first_need_asks_for_the_index_and_no_other_does(early: Scene, need: str) -> None:
    needs: dict[str, Callable[[], object]] = {
        "focus": early.line.setFocus,
        "text": lambda: early.line.setText("Canada"),
        "browse": early.editor.browse,
        "values": lambda: early.editor.set_values({"regions": ("US",)}),
        "prepare": early.editor.prepare,
    }
    needs[need]()
    assert early.loader.asked == 1
    for again in needs.values():
        again()
    assert early.loader.asked == 1


def test_an_empty_field_set_again_asks_for_nothing(early: Scene) -> None:
    early.editor.set_values({"regions": ()})
    assert early.loader.asked == 0


def test_what_was_typed_and_entered_before_the_index_is_handled_when_it_comes(early: Scene) -> None:
    early.type("Ontario")
    early.press(Key.Key_Return)
    assert early.line.text() == "Ontario"
    assert early.codes() == ()
    early.loader.deliver()
    assert early.codes() == ("CA-ON",)
    assert early.line.text() == ""


def test_text_pasted_before_the_index_is_handled_when_it_comes(early: Scene) -> None:
    early.line.setText("US, CA-ON; Germany")
    early.loader.deliver()
    assert early.shown == ["United States", "Ontario (CA-ON)", "Germany"]


@pytest.mark.parametrize("typed", ["US, CA-ON; Ge", "US CA-ON Ge"])
def test_a_name_half_typed_when_the_index_comes_is_not_taken_for_a_code(early: Scene, typed: str) -> None:
    early.type(typed)
    early.loader.deliver()
    assert "Georgia" not in early.shown
    assert early.line.text().endswith("Ge")


@pytest.mark.parametrize("first", [Taking.ENTER, Taking.PUT_IN, Taking.LEFT])
def test_who_types_on_before_the_index_comes_is_not_interrupted(early: Scene, first: Taking) -> None:
    if first is Taking.PUT_IN:
        early.line.setText("US, CA-ON; G")
    else:
        early.type("US, CA-ON; G")
    if first is Taking.ENTER:
        early.press(Key.Key_Return)
    if first is Taking.LEFT:
        early.other.setFocus()
        early.line.setFocus()
    early.type("e")
    early.loader.deliver()
    assert early.shown == ["United States", "Ontario (CA-ON)"]
    assert early.line.text() == "Ge"
    early.type("rmany")
    early.press(Key.Key_Return)
    assert early.shown == ["United States", "Ontario (CA-ON)", "Germany"]


def test_a_name_half_typed_when_the_index_comes_is_completed(early: Scene) -> None:
    early.type("onta")
    assert not early.popped
    early.loader.deliver()
    assert early.offered[0] == "Ontario — CA-ON, Canada"
    assert early.line.text() == "onta"


def test_text_that_cannot_be_judged_yet_keeps_the_request_back(early: Scene) -> None:
    early.line.setText("Canada")
    (problem,) = early.editor.pending_problems()
    assert (problem.field, problem.severity) == ("regions", Severity.ERROR)
    assert "still being read" in str(problem.text)
    early.loader.deliver()
    assert early.editor.pending_problems() == []


def test_an_index_for_a_window_that_was_closed_is_dropped(qtbot: QtBot, index: RegionIndex) -> None:
    loader = Loader(index)
    editor = RegionsEditor(field("regions"), loader)
    editor.prepare()
    with qtbot.waitSignal(editor.destroyed):
        editor.deleteLater()
    loader.deliver()
    assert loader.waiting == []


# --- typing and pasting


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("US, CA-ON; Germany", ("US", "CA-ON", "DE")),
        ("US\nca\tDE", ("US", "CA", "DE")),
        ("US CA GB", ("US", "CA", "GB")),
        ("Korea, Republic of; Bristol, City of", ("KR", "GB-BST")),
        ("us, US, United States", ("US",)),
    ],
)
def test_a_list_put_in_at_once_becomes_chips_at_once(scene: Scene, text: str, codes: tuple[str, ...]) -> None:
    scene.line.setText(text)
    assert scene.codes() == codes
    assert len(scene.shown) == len(codes)
    assert scene.line.text() == ""


def test_a_pasted_list_becomes_chips_at_once(scene: Scene) -> None:
    QApplication.clipboard().setText("US\nCA-ON\nGermany\n")
    scene.line.setFocus()
    scene.line.paste()
    assert scene.shown == ["United States", "Ontario (CA-ON)", "Germany"]


def test_a_single_name_put_in_waits_for_enter_and_is_not_lost_without_it(scene: Scene) -> None:
    scene.line.setText("Canada")
    assert scene.shown == []
    assert scene.codes() == ("CA",)
    scene.press(Key.Key_Return)
    assert scene.shown == ["Canada"]
    assert scene.codes() == ("CA",)


@pytest.mark.parametrize("separator", [",", ";"])
def test_typing_a_separator_takes_what_stands_before_it(scene: Scene, separator: str) -> None:
    scene.type(f"canada{separator}")
    assert scene.shown == ["Canada"]
    assert scene.line.text() == ""


def test_a_comma_inside_a_name_does_not_end_it(scene: Scene) -> None:
    scene.type("Congo, The Democratic Republic of the")
    assert scene.shown == []
    scene.press(Key.Key_Return)
    assert scene.codes() == ("CD",)


def test_a_name_that_could_go_on_is_taken_when_another_one_follows(scene: Scene) -> None:
    scene.type("Bolivia,")
    assert scene.shown == []
    assert scene.said == ""
    scene.type(" Chile,")
    assert scene.codes() == ("BO", "CL")


@pytest.mark.parametrize("popped", [True, False])
def test_leaving_the_field_takes_what_parses(scene: Scene, popped: bool) -> None:
    scene.type("ontario")
    if not popped:
        scene.press(Key.Key_Escape, scene.line.popup)
    assert scene.popped is popped
    scene.other.setFocus()
    assert not scene.popped
    assert scene.shown == ["Ontario (CA-ON)"]


def test_another_window_in_front_does_not_take_half_a_name(scene: Scene) -> None:
    scene.type("ontar")
    scene.press(Key.Key_Escape, scene.line.popup)
    QApplication.sendEvent(scene.line, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason))
    assert scene.said == ""
    QApplication.sendEvent(scene.line, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.TabFocusReason))
    assert "“ontar”" in scene.said


def test_commit_takes_what_stands_there(scene: Scene) -> None:
    scene.line.setText("Canada")
    scene.editor.commit()
    assert scene.shown == ["Canada"]


def test_a_separator_that_comes_to_the_end_by_deleting_takes_nothing(scene: Scene) -> None:
    scene.type("Xyz;")
    assert scene.line.text() == "Xyz, "
    scene.press(Key.Key_Backspace)
    assert scene.line.text() == "Xyz,"


# --- completion


def test_completions_say_name_code_and_country(scene: Scene) -> None:
    scene.type("ont")
    assert "Ontario — CA-ON, Canada" in scene.offered
    scene.press(Key.Key_Escape, scene.line.popup)
    assert not scene.popped
    assert scene.line.text() == "ont"


def test_no_more_than_twelve_completions_are_seen_at_once(scene: Scene) -> None:
    scene.type("s")
    popup = scene.line.popup
    row = popup.visualRect(popup.model().index(0, 0)).height()
    assert popup.model().rowCount() > VISIBLE_ROWS
    assert popup.viewport().height() // row == VISIBLE_ROWS


def test_enter_takes_the_highlighted_completion(scene: Scene) -> None:
    scene.type("new")
    scene.press(Key.Key_Down, scene.line.popup)
    wanted = str(scene.line.popup.currentIndex().data())
    assert scene.line.text() == "new"
    scene.press(Key.Key_Return, scene.line.popup)
    assert scene.shown[0].partition(" (")[0] == wanted.partition(" — ")[0]
    assert len(scene.shown) == 1
    assert not scene.popped
    assert scene.line.text() == ""


def test_enter_takes_the_best_completion_of_a_part_of_a_name(scene: Scene) -> None:
    scene.type("ontar")
    scene.press(Key.Key_Return, scene.line.popup)
    assert scene.codes() == ("CA-ON",)


def test_enter_prefers_what_the_text_says_to_what_it_could_become(scene: Scene) -> None:
    scene.type("ca")
    assert not scene.line.popup.currentIndex().isValid()
    scene.press(Key.Key_Return, scene.line.popup)
    assert scene.codes() == ("CA",)


def test_a_click_takes_a_completion(scene: Scene) -> None:
    scene.type("onta")
    popup = scene.line.popup
    QTest.mouseClick(
        popup.viewport(), Qt.MouseButton.LeftButton, pos=popup.visualRect(popup.model().index(0, 0)).center()
    )
    assert scene.codes() == ("CA-ON",)
    assert not scene.popped


def test_a_completion_replaces_only_what_it_completes(scene: Scene) -> None:
    scene.type("Xyz;ontar")
    scene.press(Key.Key_Return, scene.line.popup)
    assert scene.shown == ["Ontario (CA-ON)"]
    assert scene.line.text().strip(" ,;") == "Xyz"
    assert "Xyz" in scene.said


def test_nothing_is_offered_for_nothing(scene: Scene) -> None:
    scene.type("zzzz")
    assert not scene.popped
    scene.line.clear()
    assert not scene.popped


# --- junk


def test_junk_stays_is_named_and_keeps_the_request_back_while_the_rest_is_kept(scene: Scene) -> None:
    scene.line.setText("US, Xyz, CA-ON")
    assert scene.shown == ["United States", "Ontario (CA-ON)"]
    assert scene.line.text() == "Xyz"
    assert "“Xyz” is not a region" in scene.said
    (problem,) = scene.editor.pending_problems()
    assert (problem.field, problem.severity) == ("regions", Severity.ERROR)
    scene.line.clear()
    assert scene.editor.pending_problems() == []


def test_a_name_of_several_places_lists_them(scene: Scene) -> None:
    scene.type("Córdoba")
    scene.press(Key.Key_Return, scene.line.popup)
    assert scene.shown == []
    assert "“Córdoba” could be AR-X (Argentina), CO-COR (Colombia) or ES-CO (Spain)." in scene.said


def test_a_near_miss_is_answered_with_a_suggestion(scene: Scene) -> None:
    scene.line.setText("ontari;")
    assert "Did you mean Ontario (CA-ON)?" in scene.said


def test_one_types_on_after_junk(scene: Scene) -> None:
    scene.type("Xyz;CA;")
    assert scene.shown == ["Canada"]
    assert scene.line.text() == "Xyz, "
    assert "“Xyz”" in scene.said


def test_the_complaint_goes_when_the_junk_does(scene: Scene) -> None:
    scene.type("Xyz")
    scene.press(Key.Key_Return)
    assert "“Xyz”" in scene.said
    scene.press(Key.Key_Backspace)
    assert scene.said == ""


def test_a_flood_of_junk_is_counted_not_recited(scene: Scene) -> None:
    scene.line.setText(", ".join(f"zzz{number}" for number in range(300)))
    assert len(scene.editor.pending_problems()) == 5
    assert "296 more are not regions either." in scene.said


def test_junk_is_said_to_screen_readers_and_shown_at_the_field(scene: Scene) -> None:
    scene.line.setText("Xyz, Xyy")
    assert "“Xyz”" in scene.line.accessibleDescription()
    assert scene.line.property("problem") == "error"


def test_problems_from_the_form_and_junk_are_said_together_once(scene: Scene) -> None:
    scene.line.setText("Xyz")
    other = Problem("regions", Severity.WARNING, field("regions").help)
    scene.editor.show_problems([other, *scene.editor.pending_problems()])
    assert scene.said.count("“Xyz”") == 1
    assert str(field("regions").help) in scene.said
    scene.line.setText("")
    scene.editor.show_problems([])
    assert scene.said == ""


def test_a_chosen_code_that_iso_does_not_have_is_shown_and_refused(scene: Scene) -> None:
    scene.editor.set_values({"regions": ("US", "QQ-1")})
    assert scene.shown == ["United States", "QQ-1"]
    assert scene.codes() == ("US", "QQ-1")
    (problem,) = scene.editor.pending_problems()
    assert "QQ-1" in str(problem.text)
    assert "QQ-1" in scene.said
    QTest.keyClick(scene.line, Key.Key_Backspace)
    QTest.keyClick(scene.chips, Key.Key_Delete)
    assert scene.said == ""


# --- values and the changed signal


def test_values_keep_their_order_and_survive_a_round_trip(scene: Scene) -> None:
    scene.editor.set_values({"regions": ("DE", "US", "CA-ON")})
    assert scene.codes() == ("DE", "US", "CA-ON")
    assert scene.shown == ["Germany", "United States", "Ontario (CA-ON)"]
    scene.editor.set_values({"regions": ()})
    assert scene.codes() == ()


def test_codes_show_as_they_are_until_the_index_is_there(early: Scene) -> None:
    early.editor.set_values({"regions": ("US", "CA-ON")})
    assert early.shown == ["US", "CA-ON"]
    assert early.editor.pending_problems() == []
    early.loader.deliver()
    assert early.shown == ["United States", "Ontario (CA-ON)"]


def test_setting_values_forgets_what_was_typed(scene: Scene) -> None:
    scene.line.setText("Xyz, Xyy")
    scene.editor.set_values({"regions": ("US",)})
    assert scene.line.text() == ""
    assert scene.said == ""


def test_changed_is_emitted_once_for_each_change_and_not_otherwise(scene: Scene) -> None:
    def changes(step: Callable[[], object]) -> int:
        before = scene.changes
        step()
        return scene.changes - before

    assert changes(lambda: scene.line.setText("US, CA")) == 1
    assert changes(lambda: scene.line.setText("US, CA")) == 0
    assert changes(lambda: scene.line.setText("Xyz, Xyy")) == 1
    assert changes(lambda: scene.editor.set_values({"regions": ("US", "CA")})) == 1
    assert changes(lambda: scene.editor.set_values({"regions": ("US", "CA")})) == 0
    assert changes(lambda: scene.editor.set_values({"regions": ("US",)})) == 1
    scene.press(Key.Key_Backspace)
    assert changes(lambda: scene.press(Key.Key_Delete, scene.chips)) == 1


def test_changed_is_emitted_when_junk_goes(scene: Scene) -> None:
    scene.type("Xyz")
    scene.press(Key.Key_Return)
    before = scene.changes
    scene.press(Key.Key_Backspace)
    assert scene.changes == before + 1


# --- chips


def test_the_list_is_there_only_when_it_has_chips_and_as_high_as_they_need(scene: Scene) -> None:
    assert not scene.chips.isVisible()
    scene.line.setText("US, CA")
    assert scene.chips.isVisible()
    low = scene.chips.height()
    scene.line.setText("DE, GB, FR, ES, IT, PL")
    QApplication.processEvents()
    assert scene.chips.height() > low
    model = scene.chips.model()
    last = scene.chips.visualRect(model.index(model.rowCount() - 1, 0))
    assert scene.chips.viewport().rect().contains(last)
    scene.editor.set_values({"regions": ()})
    assert not scene.chips.isVisible()


def test_the_list_wraps_anew_when_the_width_changes(scene: Scene) -> None:
    scene.line.setText("US, CA, DE, GB, FR, ES")
    QApplication.processEvents()
    narrow = scene.chips.height()
    scene.window.resize(1000, 500)
    QApplication.processEvents()
    assert scene.chips.height() < narrow


def test_a_long_name_never_outgrows_the_list(scene: Scene) -> None:
    scene.window.resize(240, 500)
    scene.line.setText("SH;")
    QApplication.processEvents()
    index = scene.chips.model().index(0, 0)
    assert scene.chips.visualRect(index).right() < scene.chips.viewport().width()
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "Saint Helena, Ascension and Tristan da Cunha (SH)"


def test_the_cross_takes_a_chip_away(scene: Scene) -> None:
    scene.line.setText("US, CA, DE")
    rect = scene.chips.visualRect(scene.chips.model().index(1, 0))
    QTest.mouseClick(scene.chips.viewport(), Qt.MouseButton.LeftButton, pos=rect.center() - QPoint(6, 0))
    assert scene.codes() == ("US", "CA", "DE")
    QTest.mouseClick(scene.chips.viewport(), Qt.MouseButton.LeftButton, pos=scene.chips.cross_of(rect).center())
    assert scene.codes() == ("US", "DE")


@pytest.mark.parametrize("key", [Key.Key_Delete, Key.Key_Backspace])
def test_the_keyboard_takes_chips_away_until_none_is_left(scene: Scene, key: Qt.Key) -> None:
    scene.line.setText("US, CA")
    scene.line.setFocus()
    scene.press(Key.Key_Backspace)
    assert scene.chips.hasFocus()
    assert scene.chips.currentIndex().row() == 1
    scene.press(key, scene.chips)
    assert scene.codes() == ("US",)
    assert scene.chips.currentIndex().row() == 0
    scene.press(key, scene.chips)
    assert scene.codes() == ()
    assert not scene.chips.isVisible()
    assert scene.line.hasFocus()


def test_backspace_in_text_deletes_a_letter_only(scene: Scene) -> None:
    scene.line.setText("US, CA")
    scene.type("ab")
    scene.press(Key.Key_Backspace)
    assert scene.line.text() == "a"
    assert scene.line.hasFocus()


def test_arrows_walk_the_chips_and_go_on_to_the_line_edit(scene: Scene) -> None:
    scene.line.setText("US, CA, DE")
    scene.line.setFocus()
    scene.press(Key.Key_Left)
    for expected in (1, 0, 0):
        scene.press(Key.Key_Left, scene.chips)
        assert scene.chips.currentIndex().row() == expected
    for expected in (1, 2):
        scene.press(Key.Key_Right, scene.chips)
        assert scene.chips.currentIndex().row() == expected
    scene.press(Key.Key_Right, scene.chips)
    assert scene.line.hasFocus()


def test_typing_on_a_chip_types_into_the_line_edit(scene: Scene) -> None:
    scene.line.setText("US, CA")
    scene.line.setFocus()
    scene.press(Key.Key_Backspace)
    QTest.keyClicks(scene.chips, "g")
    assert scene.line.hasFocus()
    assert scene.line.text() == "g"


def test_a_duplicate_is_left_out_and_its_chip_lights_up(scene: Scene) -> None:
    scene.line.setText("US, CA")
    scene.type("canada")
    scene.press(Key.Key_Return)
    assert scene.codes() == ("US", "CA")
    assert scene.line.text() == ""
    assert scene.chips.is_lit(1)
    assert not scene.chips.is_lit(0)


def test_chips_are_painted_in_the_colours_of_each_theme(scene: Scene, qapp: QApplication) -> None:
    scene.line.setText("US, CA")
    theme = Theme(qapp, ThemeChoice.LIGHT)
    try:
        for choice in (ThemeChoice.LIGHT, ThemeChoice.DARK, ThemeChoice.CONTRAST):
            theme.choose(choice)
            assert tokens_in_use() == theme.tokens
            QApplication.processEvents()
            rect = scene.chips.visualRect(scene.chips.model().index(0, 0))
            spot = scene.chips.viewport().mapTo(scene.window, rect.topLeft() + QPoint(12, 3))
            image = scene.window.grab().toImage()
            assert image.pixelColor(spot * image.devicePixelRatio()).name() == theme.tokens.accent_soft
    finally:
        qapp.setStyleSheet("")
        theme.choose(ThemeChoice.LIGHT)


# --- what a screen reader hears


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Qt was asked to announce: offscreen there is no screen reader to listen with."""
    said: list[str] = []

    def listen(event: object) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            said.append(event.message())

    monkeypatch.setattr(QAccessible, "updateAccessibility", listen)
    return said


def test_adding_and_removing_is_announced(scene: Scene, heard: list[str]) -> None:
    scene.line.setText("US, CA-ON")
    scene.type("Canada;")
    scene.type("canada;")
    scene.press(Key.Key_Backspace)
    scene.press(Key.Key_Delete, scene.chips)
    assert heard == [
        "Added: United States, Ontario (CA-ON)",
        "Added: Canada",
        "Already there: Canada",
        "Removed: Canada",
    ]


def test_junk_is_announced(scene: Scene, heard: list[str]) -> None:
    scene.line.setText("Xyz;")
    assert len(heard) == 1
    assert "“Xyz” is not a region" in heard[0]


def test_names_on_the_screen_are_those_people_rely_on(scene: Scene) -> None:
    assert scene.line.accessibleName() == "Add region"
    assert scene.chips.accessibleName() == "Selected regions"
    assert scene.named(QPushButton, "Browse regions…").isEnabled()
    assert scene.line.placeholderText() == str(field("regions").placeholder)
    assert scene.editor.label is not None
    assert scene.editor.label.text() == "Regions"
    assert scene.editor.focus_target() is scene.line


# --- browsing


def test_browse_opens_the_list_with_the_chips_ticked_and_uses_what_is_chosen(scene: Scene, qtbot: QtBot) -> None:
    scene.line.setText("US, CA-ON")
    scene.named(QPushButton, "Browse regions…").click()
    (browser,) = scene.window.findChildren(RegionBrowser)
    assert browser.isVisible()
    before = scene.changes
    browser.chosen.emit(("CA-ON", "DE"))
    assert scene.shown == ["Ontario (CA-ON)", "Germany"]
    assert scene.changes == before + 1
    with qtbot.waitSignal(browser.destroyed):
        browser.reject()
    assert scene.shown == ["Ontario (CA-ON)", "Germany"]


def test_browse_before_the_index_is_there_opens_when_it_comes(early: Scene) -> None:
    early.named(QPushButton, "Browse regions…").click()
    assert early.window.findChildren(RegionBrowser) == []
    early.loader.deliver()
    (browser,) = early.window.findChildren(RegionBrowser)
    assert browser.isVisible()


# --- models


def test_the_chips_keep_qts_rules(qtmodeltester: ModelTester, index: RegionIndex) -> None:
    chips = ChipsModel()
    qtmodeltester.check(chips, force_py=True)  # type: ignore[no-untyped-call]
    chips.set_index(index)
    chips.add(["US", "CA-ON", "QQ"])
    assert chips.removeRows(1, 1)
    assert chips.codes == ("US", "QQ")
    chips.replace(["DE", "DE", "FR"])
    assert chips.codes == ("DE", "FR")
    assert not chips.removeRows(1, 2)
    assert not chips.removeRows(0, 1, chips.index(0))
    assert chips.rowCount(chips.index(0)) == 0
    assert chips.data(QModelIndex()) is None


def test_the_completions_keep_qts_rules(qtmodeltester: ModelTester, index: RegionIndex) -> None:
    completions = CompletionModel()
    qtmodeltester.check(completions, force_py=True)  # type: ignore[no-untyped-call]
    assert completions.search(index, "san") == completions.rowCount() > 10
    assert completions.rowCount(completions.index(0)) == 0
    assert completions.search(index, "") == 0


# --- languages


def test_names_are_those_of_the_windows_language_and_english_still_finds_them(qtbot: QtBot) -> None:
    scene = Scene(qtbot, load_index_in("de"))
    scene.editor.prepare()
    scene.loader.deliver()
    scene.line.setText("Germany, France; Österreich")
    assert scene.shown == ["Deutschland", "Frankreich", "Österreich"]
    assert scene.codes() == ("DE", "FR", "AT")


@pytest.mark.parametrize("language", ["en", "en_GB", "C", "xx"])
def test_english_and_unknown_languages_have_the_english_names(language: str) -> None:
    country = load_index_in(language).get("DE")
    assert country is not None
    assert country.name == "Germany"


def test_the_popup_is_a_list(scene: Scene) -> None:
    assert isinstance(scene.line.popup, QListView)
    assert scene.line.popup.accessibleName() == "Matching regions"


def test_the_index_arrives_in_the_middle_of_typing(early: Scene) -> None:
    early.type("US, CA-ON; Germ")
    early.loader.deliver()
    early.type("any")
    early.press(Qt.Key.Key_Return)
    assert early.codes() == ("US", "CA-ON", "DE")
    assert early.line.text() == ""
    assert early.said == ""
