"""The institution's id: typed, pasted or found by the bank's name."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QListView
from pytestqt.qtbot import QtBot

from meld_desktop.domain.banks.bank import Bank, BankProvider
from meld_desktop.domain.banks.search import BankSearch
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.text import Text
from meld_desktop.domain.validation import Problem, Severity
from meld_desktop.ui.form.bank_list import BankListModel, wrapped
from meld_desktop.ui.form.form import LinkForm
from meld_desktop.ui.form.institution_picker import InstitutionPicker
from meld_desktop.ui.theme.choice import ThemeChoice
from meld_desktop.ui.theme.theme import Theme
from tests.ui.geometry import cut_in, settle

_LONG = "A bank with a name of two hundred characters " * 5


def way(name: str, *regions: str) -> BankProvider:
    return BankProvider(name, "", False, frozenset(regions), frozenset())


BANKS = [
    Bank("us-maple", "Maple Bank", domain="maple.example", rank=1, providers=(way("PLAID", "US"), way("MX", "US-TN"))),
    Bank("ca-maple", "Maple Bank", domain="maple.example", rank=2, providers=(way("PLAID", "CA"),), is_test=True),
    Bank("html", "Maple <b>&amp;</b><img src=x>", rank=3),
    Bank("rtl", "Maple \u202eبنك\u202c e\u0301", domain="القيقب.example", rank=4, providers=(way("MX", "AE"),)),
    Bank("long", f"Maple {_LONG}"[:199] + ".", domain="d" * 90 + ".example", rank=5),
    Bank("maple", "Another", rank=6),
    *[Bank(f"oak{number}", f"Oak {number}", domain=f"oak{number}.example", rank=10 + number) for number in range(20)],
]


@dataclass
class Desk:
    """A form, and someone who answers its picker from a list of banks."""

    form: LinkForm
    asked: list[str] = field(default_factory=list)
    identified: list[str] = field(default_factory=list)
    answers: bool = True

    def __post_init__(self) -> None:
        self.search = BankSearch(BANKS)
        self.picker.asked.connect(self.complete)
        self.picker.identified.connect(self.identify)

    @property
    def picker(self) -> InstitutionPicker:
        return self.form.institution

    @property
    def view(self) -> QListView:
        assert self.picker._popup is not None
        return self.picker._popup.view

    @property
    def is_open(self) -> bool:
        return self.picker._popup is not None and self.view.isVisible()

    @property
    def rows(self) -> list[str]:
        model = self.view.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    def complete(self, text: str) -> None:
        self.asked.append(text)
        if self.answers:
            self.picker.offer(text, self.search.find(text, 20))

    def identify(self, bank_id: str) -> None:
        self.identified.append(bank_id)
        self.picker.show_name(next((bank.name for bank in BANKS if bank.id == bank_id), ""))

    def type(self, text: str) -> None:
        for letter in text:
            QTest.keyClicks(self.view if self.is_open else self.picker.line, letter)

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.view if self.is_open else self.picker.line, key)

    @property
    def value(self) -> str:
        return self.form.request().institution_id


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    look = qapp.font(), qapp.palette(), qapp.styleSheet()
    qapp.setStyle("Fusion")
    theme = Theme(qapp, ThemeChoice.LIGHT)
    yield theme
    theme.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.setFont(look[0])
    qapp.setPalette(look[1])
    qapp.setStyleSheet(look[2])


@pytest.fixture
def desk(theme: Theme, qtbot: QtBot) -> Desk:
    form = LinkForm(theme, lambda _received: None)
    qtbot.addWidget(form)
    form.setFixedSize(380, 700)
    form.show()
    qtbot.waitUntil(form.isActiveWindow)
    desk = Desk(form)
    desk.picker.line.setFocus()
    return desk


# --- the value is the id


def test_the_picker_is_the_editor_of_the_id_and_keeps_its_name(desk: Desk) -> None:
    assert desk.picker.specs[0].id == "institution_id"
    assert desk.picker.line.accessibleName() == "Institution ID"
    assert "Goes straight to this bank" in desk.picker.line.accessibleDescription()
    assert "name to find its ID" in desk.picker.line.toolTip()


def test_typing_a_name_offers_banks_and_choosing_one_sets_its_id(desk: Desk, qtbot: QtBot) -> None:
    desk.type("maple b")
    assert desk.asked == ["m", "ma", "map", "mapl", "maple", "maple", "maple b"]
    assert desk.rows[:2] == [
        "Maple Bank, maple.example  ·  US  ·  PLAID, MX",
        "Maple Bank, maple.example  ·  CA  ·  PLAID  ·  test bank",
    ]
    assert desk.value == "maple b"
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Down)
    assert desk.value == "maple b"  # what is highlighted is not yet chosen
    with qtbot.waitSignal(desk.form.changed):
        desk.press(Qt.Key.Key_Return)
    assert desk.value == "ca-maple"
    assert desk.picker.name == "Maple Bank"
    assert not desk.is_open
    assert desk.picker.line.hasFocus()
    assert desk.asked[-1] == "maple b"  # what was chosen is not looked for again


def test_a_click_chooses(desk: Desk) -> None:
    desk.type("oak 1")
    index = desk.view.model().index(1, 0)
    assert index.isValid()
    QTest.mouseClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=desk.view.visualRect(index).center())
    assert desk.value == desk.search.find("oak 1")[1].id
    assert not desk.is_open


def test_an_unknown_id_stays_as_it_is_typed(desk: Desk, qtbot: QtBot) -> None:
    desk.type("zz-99")
    assert not desk.is_open
    desk.press(Qt.Key.Key_Tab)
    assert desk.value == "zz-99"
    assert desk.picker.name == ""


def test_enter_and_tab_keep_what_was_typed_when_nothing_is_highlighted(desk: Desk) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Tab):
        desk.picker.line.clear()
        desk.picker.line.setFocus()
        desk.type("maple")
        assert desk.is_open
        assert not desk.view.currentIndex().isValid()
        desk.press(key)
        assert not desk.is_open
        assert desk.value == "maple"
    assert not desk.picker.line.hasFocus()


def test_the_name_of_an_id_typed_by_hand_is_shown_and_goes_again(desk: Desk) -> None:
    desk.type("maple")
    assert desk.picker.name == "Another"
    assert "Another" in desk.picker.line.accessibleDescription()
    desk.type("x")
    assert desk.picker.name == ""
    assert "Another" not in desk.picker.line.accessibleDescription()
    assert desk.identified == ["m", "ma", "map", "mapl", "maple", "maplex"]


def test_pasting_an_id_shows_the_name_and_offers_nothing_more(desk: Desk) -> None:
    QGuiApplication.clipboard().setText("  us-maple\n")
    desk.picker.line.paste()
    assert desk.value == "us-maple"
    assert desk.picker.name == "Maple Bank"
    assert not desk.is_open


def test_pasting_a_name_offers_its_banks(desk: Desk) -> None:
    QGuiApplication.clipboard().setText("Maple Bank")
    desk.picker.line.paste()
    assert desk.is_open
    assert [row.partition(",")[0] for row in desk.rows[:2]] == ["Maple Bank", "Maple Bank"]


def test_a_request_that_is_shown_asks_for_the_name_only(desk: Desk) -> None:
    desk.form.set_request(ConnectStartRequest(institution_id="us-maple"))
    assert (desk.asked, desk.identified) == ([], ["us-maple"])
    assert desk.picker.name == "Maple Bank"
    desk.form.set_request(ConnectStartRequest())
    assert desk.picker.name == ""


def test_the_name_that_was_chosen_stays_when_no_list_knows_it_any_more(desk: Desk) -> None:
    desk.type("maple b")
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Return)
    desk.picker.show_name("")
    assert desk.picker.name == "Maple Bank"
    desk.type("x")
    assert desk.picker.name == ""


# --- the list


def test_escape_closes_the_list_first(desk: Desk) -> None:
    desk.type("oak")
    desk.press(Qt.Key.Key_Escape)
    assert not desk.is_open
    assert desk.value == "oak"
    assert desk.picker.line.hasFocus()
    desk.press(Qt.Key.Key_Down)
    assert desk.is_open
    assert desk.asked[-1] == "oak"


def test_the_list_goes_with_the_text_and_with_the_focus(desk: Desk) -> None:
    desk.type("oak")
    for _ in range(3):
        desk.press(Qt.Key.Key_Backspace)
    assert not desk.is_open
    desk.type("oak")
    assert desk.is_open
    desk.form.focus_first()
    assert not desk.is_open


def test_late_offers_change_nothing(desk: Desk) -> None:
    desk.answers = False
    desk.type("oak")
    desk.picker.offer("oa", BANKS)
    assert not desk.is_open
    desk.form.focus_first()
    desk.picker.offer("oak", BANKS)
    assert not desk.is_open
    desk.picker.line.setFocus()
    desk.picker.offer("oak", BANKS)
    assert desk.is_open


def test_no_match_closes_the_list(desk: Desk) -> None:
    desk.type("oak")
    assert desk.is_open
    desk.type("zz")
    assert not desk.is_open


def test_names_are_plain_text_everywhere(desk: Desk) -> None:
    desk.type("maple")
    model = desk.view.model()
    found = {str(model.index(row, 0).data()): model.index(row, 0) for row in range(model.rowCount())}
    (html,) = [text for text in found if "<b>" in text]
    assert html == "Maple <b>&amp;</b><img src=x>"
    assert "&lt;b&gt;&amp;amp;" in str(found[html].data(Qt.ItemDataRole.ToolTipRole))
    (rtl,) = [text for text in found if "بنك" in text]
    assert rtl == "Maple بنك e\u0301, \u2068القيقب.example\u2069  ·  AE  ·  MX"
    for bank in BANKS[2:5]:
        desk.picker.show_name(bank.name)
        (label,) = [
            label for label in desk.picker.findChildren(QLabel) if label.isVisible() and "Maple" in label.text()
        ]
        assert label.textFormat() == Qt.TextFormat.PlainText
        settle()
        assert cut_in(desk.form) == []
    assert desk.picker.name == BANKS[4].name
    assert len(BANKS[4].name) == 200


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_all_lines_of_a_row_fit_it(desk: Desk, theme: Theme, choice: ThemeChoice) -> None:
    theme.choose(choice)
    desk.type("maple")
    settle()
    width = desk.view.viewport().width()
    heights = [desk.view.sizeHintForRow(row) for row in range(len(desk.rows))]
    assert len(set(heights)) > 2  # short rows are not stretched to the height of long ones
    for row, height in enumerate(heights):
        index = desk.view.model().index(row, 0)
        assert desk.view.visualRect(index).height() == height
        assert desk.view.visualRect(index).width() <= width
    picture = desk.view.grab().toImage()
    ink = desk.view.palette().text().color()
    assert any(picture.pixelColor(x, 20) == ink for x in range(8, width))
    theme.choose(ThemeChoice.LIGHT)


@pytest.mark.parametrize("shift", [-400, 100])
def test_the_list_stands_beside_the_line_and_is_as_wide_as_the_row(desk: Desk, shift: int) -> None:
    desk.form.move(0, shift)
    desk.type("mapl")
    line, view = desk.picker.line, desk.view
    top = line.mapToGlobal(QPoint(0, 0)).y()
    assert view.geometry().bottom() <= top or view.geometry().top() >= top + line.height()
    assert view.width() == 380 - 48
    heights = [view.sizeHintForRow(row) for row in range(len(desk.rows))]
    assert len(heights) == 5
    assert view.height() == sum(heights) + 6  # nothing to scroll, and no gap
    assert line.screen().availableGeometry().contains(view.geometry())
    assert (view.geometry().top() > top) == (shift < 0)  # above the line where there is no room below it


def test_text_is_wrapped_into_so_many_lines_and_then_elided(qapp: QApplication) -> None:
    font = QFont()
    width = QFontMetrics(font).horizontalAdvance("one two three")
    assert wrapped("one two three", font, width, 2) == ["one two three"]
    assert wrapped("one two three four", font, width, 2) == ["one two three", "four"]
    lines = wrapped("one two three " * 3, font, width, 2)
    assert lines[0] == "one two three"
    assert lines[1].endswith("…")
    assert all(QFontMetrics(font).horizontalAdvance(line) <= width for line in wrapped("x" * 200, font, width, 3))
    assert wrapped("", font, width, 2) == []


def test_the_model_has_no_rows_below_its_rows(qapp: QApplication) -> None:
    model = BankListModel()
    model.show_banks(BANKS)
    assert model.rowCount() == len(BANKS)
    assert model.rowCount(model.index(0)) == 0
    assert model.data(QModelIndex()) is None
    assert model.data(model.index(0), Qt.ItemDataRole.DecorationRole) is None


# --- with the rest of the form


def test_a_problem_is_said_with_the_name(desk: Desk) -> None:
    desk.form.set_request(ConnectStartRequest(institution_id="us-maple"))
    problem = Problem("institution_id", Severity.WARNING, Text("Too much."))
    desk.picker.show_problems([problem])
    said = desk.picker.line.accessibleDescription()
    assert said.startswith("Too much. Maple Bank Goes straight")
    desk.form.set_request(ConnectStartRequest(institution_id="zz"))
    assert desk.picker.line.accessibleDescription().startswith("Too much. Goes straight")


def test_the_list_is_made_when_it_is_needed() -> None:
    program = (
        "import sys, meld_desktop.ui.form.form\n"
        "print([name for name in sys.modules if name.endswith(('.bank_list', '.picker', '.banks.bank', '.search'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_no_list_before_the_first_offer(desk: Desk) -> None:
    desk.answers = False
    desk.type("oak")
    assert desk.picker._popup is None
    before = set(QApplication.topLevelWidgets())
    desk.picker.offer("oak", BANKS[6:])
    assert set(QApplication.topLevelWidgets()) - before == {desk.view}


def test_two_entries_with_nothing_else_to_tell_them_apart_show_their_ids(desk: Desk) -> None:
    twins = [replace(BANKS[0], id="one"), replace(BANKS[0], id="two")]
    desk.answers = False
    desk.type("m")
    desk.picker.offer("m", twins)
    assert [row.rpartition("  ·  ")[2] for row in desk.rows] == ["one", "two"]
