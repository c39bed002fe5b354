"""The line under the form: what it says of each state, its suggestions, its looks, and what is announced."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from meld_desktop.domain.banks.changes import ALLOW_REDIRECT, DROP_REGIONS, Change, add_region, make_optional
from meld_desktop.domain.banks.picker import Answer, Form, Suggestion
from meld_desktop.domain.environments import DEMO, PRODUCTION, SANDBOX
from meld_desktop.domain.products import Product
from meld_desktop.domain.text import Text
from meld_desktop.services.banks_work.values import BankState, Source
from meld_desktop.ui.form import bank_answer
from meld_desktop.ui.form.bank_answer import BankAnswer
from meld_desktop.ui.form.flow import LinkPiece, TextPiece
from meld_desktop.ui.theme.choice import ThemeChoice
from meld_desktop.ui.theme.theme import Theme
from meld_desktop.ui.theme.tokens import DARK, LIGHT
from tests.ui.geometry import cut_in, settle
from tests.ui.test_translation import Pseudo, untranslated

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
MELD = BankState(PRODUCTION, 20_000, NOW - timedelta(days=2), Source.MELD)
OWNERS = make_optional(Product.OWNERS)
LONG = tuple(sorted((*map(make_optional, Product), DROP_REGIONS, ALLOW_REDIRECT)))
SAID_BY_MELD = "Meld <b>says</b> at length &amp; \u202ewhat\u202c it thinks of " + "averyveryverylongword" * 6


def one(adds: int, *changes: Change) -> Suggestion:
    return Suggestion(tuple(sorted(changes)), adds)


def answer(count: int, *suggestions: Suggestion) -> Answer:
    return Answer(Form(), count, 20_000, suggestions, 0)


THREE = (one(11, ALLOW_REDIRECT), one(4, OWNERS), one(2, add_region("CA")))


class Stand(QWidget):
    """The line as the window has it: in a column, between other controls."""

    def __init__(self, theme: Theme, width: int = 380) -> None:
        super().__init__()
        self.clock = NOW
        self.setFixedSize(width, 4000)
        self.before, self.after = QPushButton("before", self), QPushButton("after", self)
        self.line = BankAnswer(theme, self, now=lambda: self.clock)
        self.setTabOrder(self.before, self.line._links[0])
        self.setTabOrder(self.line._banks, self.after)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        for widget in (self.before, self.line, self.after):
            column.addWidget(widget)
        column.addStretch(1)

    def shown(self) -> list[LinkPiece]:
        return [link for link in self.line.findChildren(LinkPiece) if link.isVisible()]

    def link(self, name: str) -> LinkPiece:
        (found,) = [link for link in self.shown() if link.accessibleName() == name]
        return found


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
def stand(theme: Theme, qtbot: QtBot) -> Stand:
    stand = Stand(theme)
    qtbot.addWidget(stand)
    stand.show()
    qtbot.waitUntil(stand.isActiveWindow)
    return stand


# --- what is said


@pytest.mark.parametrize(
    ("state", "found", "said"),
    [
        (None, None, "Banks are not loaded yet. Open Banks…"),
        (BankState(PRODUCTION), None, "Banks are not loaded yet. Open Banks…"),
        (BankState(SANDBOX, problem=Text("Not there.")), None, "Not there. Open Banks…"),
        (BankState(PRODUCTION, loading=(0, None)), None, "Loading banks… Cancel loading"),
        (BankState(PRODUCTION, loading=(900, None)), None, "Loading banks… 900 loaded Cancel loading"),
        (
            BankState(PRODUCTION, loading=(900, None), waiting=7),
            None,
            "Loading banks… Meld asked to wait 7 s. Cancel loading",
        ),
        (BankState(PRODUCTION, problem=Text("Cut."), resumable=True), None, "Cut. Go on loading Open Banks…"),
        (MELD, None, "Looking through 20000 banks…"),
        (replace(MELD, count=0), None, "There are no banks in the list. Open Banks…"),
        (MELD, answer(38), "38 banks match. as of 2 days ago"),
        (MELD, answer(38, one(4, OWNERS)), "38 banks match. 4 more if Owners were optional as of 2 days ago"),
        (MELD, answer(0, one(4, OWNERS)), "No bank matches. 4 would match if Owners were optional as of 2 days ago"),
        (
            replace(MELD, source=Source.IMPORT),
            answer(1),
            "1 bank matches. from an import, as of 2 days ago",
        ),
        (BankState(DEMO, 66, None, Source.DEMO), answer(31), "31 banks match. from Demo's own list"),
        (
            BankState(PRODUCTION, 3, None, Source.MELD, loading=(300, 2000)),
            answer(2),
            "2 banks match so far. 300 of 2000 loaded Cancel loading",
        ),
        (
            BankState(PRODUCTION, 300, None, Source.MELD, partial=True, resumable=True),
            answer(2),
            "2 banks match so far. 300 banks are loaded, the rest is missing. Go on loading",
        ),
        (
            replace(MELD, problem=Text("Meld did not answer.")),
            answer(38),
            "38 banks match. Meld did not answer. Open Banks…",
        ),
    ],
)
def test_what_is_said(stand: Stand, state: BankState | None, found: Answer | None, said: str) -> None:
    stand.line.show_answer(state, found)
    assert stand.line.said == said
    seen = [piece.words if isinstance(piece, LinkPiece) else piece.text() for piece in _pieces(stand.line)]
    assert " ".join(seen) == said


def _pieces(line: BankAnswer) -> list[LinkPiece | TextPiece]:
    found: list[LinkPiece | TextPiece] = [*line.findChildren(LinkPiece), *line.findChildren(TextPiece)]
    settle()
    return sorted((piece for piece in found if piece.isVisible()), key=lambda piece: (piece.y(), piece.x()))


def test_the_name_of_the_whole(stand: Stand) -> None:
    assert stand.line.accessibleName() == "Matching banks"


def test_the_last_answer_stays_until_the_next_one_comes(stand: Stand) -> None:
    stand.line.show_answer(MELD, answer(38, *THREE))
    stand.shown()[1].setFocus()
    loading = replace(MELD, loading=(1000, 20_000))
    stand.line.show_answer(loading, None)
    assert stand.line.said.startswith("38 banks match so far. 11 more if redirects were allowed")
    assert stand.shown()[1].hasFocus()
    stand.line.show_answer(replace(MELD, environment=DEMO), None)
    assert stand.line.said == "Looking through 20000 banks…"
    stand.line.show_answer(MELD, answer(38))
    stand.line.show_answer(BankState(PRODUCTION), None)
    assert stand.line.said == "Banks are not loaded yet. Open Banks…"


def test_a_click_on_a_suggestion_that_is_gone_does_nothing(stand: Stand, qtbot: QtBot) -> None:
    stand.line.show_answer(MELD, answer(38, *THREE))
    last = stand.shown()[2]
    stand.line.show_answer(MELD, answer(38))
    with qtbot.assertNotEmitted(stand.line.change_wanted):
        last.click()


def test_the_age_grows_while_it_is_looked_at(stand: Stand) -> None:
    stand.line.show_answer(MELD, answer(38))
    stand.clock += timedelta(days=1)
    assert "as of 2 days ago" in stand.line.said
    assert stand.line._ageing.isActive()
    stand.line._ageing.timeout.emit()
    assert "as of 3 days ago" in stand.line.said
    stand.hide()
    assert not stand.line._ageing.isActive()


def test_what_others_wrote_is_shown_as_it_is(stand: Stand) -> None:
    stand.line.show_answer(BankState(PRODUCTION, problem=Text("{said}", said=SAID_BY_MELD)), None)
    (head,) = [label for label in stand.line.findChildren(QLabel) if "<b>" in label.text()]
    assert head.textFormat() == Qt.TextFormat.PlainText
    assert cut_in(stand) == []


# --- suggestions


def test_at_most_three_suggestions_each_a_click(stand: Stand, qtbot: QtBot) -> None:
    stand.line.show_answer(MELD, answer(38, *THREE, one(1, make_optional(Product.BALANCES))))
    links = stand.shown()
    assert [link.accessibleName() for link in links] == [
        "11 more if redirects were allowed",
        "4 more if Owners were optional",
        "2 more with CA added",
    ]
    for link, suggestion in zip(links, THREE, strict=True):
        with qtbot.waitSignal(stand.line.change_wanted) as wanted:
            QTest.mouseClick(link, Qt.MouseButton.LeftButton)
        assert wanted.args == [suggestion.changes]


def test_everything_is_reached_and_used_by_keyboard(stand: Stand, qtbot: QtBot) -> None:
    state = BankState(PRODUCTION, 300, None, Source.MELD, partial=True, resumable=True, problem=Text("Cut."))
    stand.line.show_answer(state, answer(38, *THREE))
    stand.before.setFocus()
    seen = []
    for _ in range(6):
        _tab()
        seen.append(QApplication.focusWidget())
    assert seen == [*stand.shown(), stand.after]
    stand.shown()[1].setFocus()
    with qtbot.waitSignal(stand.line.change_wanted) as wanted:
        QTest.keyClick(stand.shown()[1], Qt.Key.Key_Space)
    assert wanted.args == [THREE[1].changes]


def _tab() -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, Qt.Key.Key_Tab)


@pytest.mark.parametrize(
    ("state", "name", "signal"),
    [
        (BankState(PRODUCTION), "Open Banks…", "banks_wanted"),
        (BankState(PRODUCTION, loading=(1, 2)), "Cancel loading", "cancel_wanted"),
        (BankState(PRODUCTION, resumable=True), "Go on loading", "resume_wanted"),
    ],
)
def test_the_ways_on(stand: Stand, qtbot: QtBot, state: BankState, name: str, signal: str) -> None:
    stand.line.show_answer(state, None)
    with qtbot.waitSignal(getattr(stand.line, signal)):
        stand.link(name).click()


@pytest.mark.parametrize(
    ("left", "holder"),
    [
        (THREE[:2], 1),
        (THREE[:1], 0),
        ((), None),
    ],
)
def test_the_focus_stays_near(stand: Stand, left: tuple[Suggestion, ...], holder: int | None) -> None:
    stand.line.show_answer(MELD, answer(38, *THREE))
    stand.shown()[2].setFocus()
    stand.line.show_answer(MELD, answer(40, *left))
    wanted = stand.line if holder is None else stand.shown()[holder]
    assert QApplication.focusWidget() is wanted
    before = stand.line.grab().toImage()
    _tab()
    assert QApplication.focusWidget() is stand.after
    assert stand.line.grab().toImage() != before  # where the focus is can be seen


def test_the_focus_elsewhere_is_left_alone(stand: Stand) -> None:
    stand.line.show_answer(MELD, answer(38, *THREE))
    stand.after.setFocus()
    stand.line.show_answer(MELD, answer(40))
    assert QApplication.focusWidget() is stand.after


# --- looks


@pytest.mark.parametrize(("choice", "tokens"), [(ThemeChoice.LIGHT, LIGHT), (ThemeChoice.DARK, DARK)])
def test_the_background_says_how_it_stands_and_so_do_words_and_an_icon(
    stand: Stand, theme: Theme, choice: ThemeChoice, tokens: object
) -> None:
    theme.choose(choice)
    for found, tone in ((answer(38, *THREE), "success"), (answer(0, *THREE), "warning"), (None, "")):
        stand.line.show_answer(MELD if found else None, found)
        settle()
        picture = stand.line.grab().toImage()
        background = getattr(tokens, f"{tone}_background" if tone else "background")
        assert picture.pixelColor(picture.width() // 2, 4) == QColor(background)
        ink = getattr(tokens, tone or "accent")
        link = stand.shown()[0].grab().toImage()
        colours = {link.pixelColor(x, y).name() for x in range(link.width()) for y in range(link.height())}
        assert ink in colours
        icons = [
            label for label in stand.line.findChildren(QLabel) if label.isVisible() and not label.pixmap().isNull()
        ]
        assert len(icons) == (tone == "warning")
    theme.choose(ThemeChoice.LIGHT)


@pytest.fixture
def long_words(qapp: QApplication) -> Iterator[None]:
    class Longer(Pseudo):
        def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
            return super().translate(context, source, disambiguation, n) + "⟦ and half as long again⟧"

    translator = Longer()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


STATES: list[tuple[BankState | None, Answer | None]] = [
    (MELD, answer(12_345, *THREE)),
    (MELD, answer(0, one(12_345, *LONG))),
    (None, None),
    (BankState(PRODUCTION, 3, None, Source.MELD, loading=(300, 20_000)), answer(2, *THREE)),
    (BankState(PRODUCTION, 300, None, Source.MELD, partial=True, resumable=True), answer(2, *THREE)),
    (replace(MELD, source=Source.IMPORT), answer(1)),
    (BankState(DEMO, 66, None, Source.DEMO), answer(31)),
]


@pytest.mark.parametrize("pixels", [0, 28])
def test_nothing_is_cut_in_long_words_nor_at_twice_the_size(
    long_words: None, theme: Theme, qtbot: QtBot, qapp: QApplication, pixels: int
) -> None:
    """Twice the letters in the same column is more than 200 % of everything."""
    stand = Stand(theme)
    qtbot.addWidget(stand)
    if pixels:
        stand.setStyleSheet(f"#bankAnswer QLabel, #bankAnswer QPushButton {{ font-size: {pixels}px; }}")
    stand.show()
    for state, found in STATES:
        stand.line.show_answer(state, found)
        settle()
        settle()
        assert cut_in(stand.line) == []
        for piece in _pieces(stand.line):
            assert piece.height() >= piece.heightForWidth(piece.width())
            assert stand.line.contentsRect().contains(piece.geometry())
        assert stand.line.height() == stand.line.heightForWidth(stand.line.width())
        assert untranslated(stand.line.said.replace("CA", "")) == ""


def test_a_long_suggestion_is_painted_in_several_lines(theme: Theme, qtbot: QtBot) -> None:
    link = LinkPiece()
    link.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its frame would be taken for words
    qtbot.addWidget(link)
    link.say("as many words as fit into three lines or four")
    link.setFixedSize(120, link.heightForWidth(120))
    link.show()
    settle()
    picture, line = link.grab().toImage(), link.fontMetrics().lineSpacing()
    lines = (link.height() - 4) // line
    assert lines >= 3
    for number in range(lines):
        rows = range(2 + number * line, 2 + (number + 1) * line)
        inked = [x for x in range(120) for y in rows if picture.pixelColor(x, y).name() == LIGHT.accent]
        assert inked, number
        assert max(inked) < 120 - 3


def test_one_short_suggestion_stands_beside_the_count(theme: Theme, qtbot: QtBot) -> None:
    stand = Stand(theme, 560)
    qtbot.addWidget(stand)
    stand.show()
    stand.line.show_answer(MELD, answer(38, one(4, OWNERS)))
    assert len({piece.geometry().center().y() for piece in _pieces(stand.line)}) == 1


def test_it_reads_from_right_to_left_where_the_window_does(stand: Stand) -> None:
    stand.line.show_answer(BankState(PRODUCTION), None)
    head, link = _pieces(stand.line)
    assert head.x() < link.x()
    stand.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    settle()
    assert head.x() > link.x()


# --- what a screen reader is told


class Announced:
    """Stands in for the accessibility of Qt and keeps what was announced."""

    AnnouncementPoliteness = QAccessible.AnnouncementPoliteness

    def __init__(self) -> None:
        self.events: list[tuple[str, object]] = []

    def updateAccessibility(self, event: QAccessibleAnnouncementEvent) -> None:
        self.events.append((event.message(), event.politeness()))


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> Announced:
    recorder = Announced()
    monkeypatch.setattr(bank_answer, "QAccessible", recorder)
    return recorder


@pytest.fixture
def settled(stand: Stand, qtbot: QtBot) -> Callable[[], None]:
    """Wait until what is shown has stayed for a while."""
    stand.line._settled.setInterval(1)

    def wait() -> None:
        qtbot.waitUntil(lambda: not stand.line._settled.isActive())

    return wait


def test_changes_are_announced_politely_when_they_settle(
    stand: Stand, announced: Announced, settled: Callable[[], None]
) -> None:
    settled()
    for count in range(30, 39):
        stand.line.show_answer(MELD, answer(count, *THREE[:2]))
    assert announced.events == []
    settled()
    polite = QAccessible.AnnouncementPoliteness.Polite
    said = "38 banks match. 11 more if redirects were allowed; 4 more if Owners were optional."
    assert announced.events == [(said, polite)]


def test_what_comes_back_to_the_same_is_not_announced_again(
    stand: Stand, announced: Announced, settled: Callable[[], None]
) -> None:
    stand.line.show_answer(MELD, answer(38))
    settled()
    assert announced.events == []  # the first belongs to the start
    stand.line.show_answer(MELD, answer(37))
    stand.line.show_answer(MELD, answer(38))
    settled()
    assert announced.events == []


def test_progress_is_not_announced_step_by_step(
    stand: Stand, announced: Announced, settled: Callable[[], None]
) -> None:
    settled()
    for done in (1, 2, 3):
        stand.line.show_answer(BankState(PRODUCTION, loading=(done, 9)), None)
        settled()
    assert [said for said, _ in announced.events] == ["Loading banks…"]


def test_the_line_is_one_frame(stand: Stand) -> None:
    assert isinstance(stand.line, QFrame)
    assert stand.line.objectName() == "bankAnswer"
