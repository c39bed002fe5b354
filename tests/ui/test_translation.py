"""Every visible word goes through the translators, and the plurals of English come with the program."""

import ast
import html
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QTabBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from meld_desktop.app.composition import _install_translators
from meld_desktop.domain.environments import DEMO, PRODUCTION, SANDBOX, custom_environment
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.widget_events import NoticeKind, WidgetEvent
from meld_desktop.locations import resource
from meld_desktop.services.demo import Demo
from meld_desktop.ui.result.outcomes import Outcomes
from tests.ui.bench import FULL, Bench
from tests.ui.conftest import MakeBench
from tests.ui.geometry import settle, states

_PRODUCT = Path(__file__).parents[2] / "meld_desktop"


class Pseudo(QTranslator):
    """Puts every text into brackets, and leaves what fills its gaps outside of them."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        del context, disambiguation, n
        return "⟦" + re.sub(r"(\{\w+\}|%n)", r"⟧\1⟦", source) + "⟧"

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[None]:
    translator = Pseudo()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


# What is the same in every language: names, addresses, codes, what a person typed, what Meld said.
_SAME = re.compile(
    r"Meld Desktop( [\d.]+)?|(Qt|Python|Chromium) [\d.]+|(Linux|Windows|macOS)-\S*|MELD_API_KEY|POST( /[\w/-]+)?"
    r"|https?://\S*|[\w.-]+\.(meld\.io|example\.com)|api\.a+…?[\w.]*|#0B6E6E|X-Request-ID: b23|Created"
    r"|support-4711|testUser|customer-\w*|Maple|x{20,}|blurple|nope|zz|javascript|\b[x1]\b|\b(US|CA|GB|DE|FR|ES|BR|MX)\b"
    r"|Meld explains at length[^⟦]*|cURL|HTTPie|Python \(httpx\)|JavaScript \(fetch\)|PowerShell"
)


SCENARIOS = {scenario.name for scenario in Demo().scenarios()}
"""Names that the command line and the files of the local Meld share; what each means is said beside it."""


_TAG = re.compile(r"<[^<>]*>")
"""Tool tips that may hold somebody else's text are marked up by ``tool_tip``."""


def untranslated(text: str) -> str:
    """Return the words of ``text`` that went through no translator."""
    if text in SCENARIOS:
        return ""
    rest = text.replace("\u200b", "").replace("&", "")
    while (shorter := re.sub(r"⟦[^⟦⟧]*⟧", " ", rest)) != rest:
        rest = shorter
    rest = _SAME.sub(" ", rest)
    return " ".join(re.findall(r"[^\W\d_]{2,}", rest))


def _shown(widget: QWidget) -> Iterator[str]:
    yield html.unescape(_TAG.sub(" ", widget.toolTip()))
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    if widget.isWindow():
        yield widget.windowTitle()
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(place) for place in range(widget.count()))
    if isinstance(widget, QTabBar):
        yield from (widget.tabText(place) for place in range(widget.count()))
    if isinstance(widget, QTextEdit):
        yield widget.toPlainText()


def _words_of(window: QWidget) -> dict[str, str]:
    """Return the untranslated words of each text in a window, hidden ones too."""
    found = {}
    for widget in [window, *window.findChildren(QWidget)]:
        for text in _shown(widget):
            if words := untranslated(text):
                found[text] = words
    for action in window.findChildren(QAction):
        if words := untranslated(action.text()):
            found[action.text()] = words
    return found


def test_the_sweep_sees_what_is_not_translated(pseudo: None, bench: Bench) -> None:
    assert untranslated(QCoreApplication.translate("X", "Hello {name}").format(name="world")) == "world"
    assert untranslated("⟦No API key⟧") == ""
    bench.panel.create_button.setText("Create link")
    assert _words_of(bench.window) == {"Create link": "Create link"}


def test_no_word_of_the_window_and_its_dialogs_is_left_untranslated(pseudo: None, bench: Bench) -> None:
    found: dict[str, str] = {}
    for state in states(bench):
        settle()
        found |= {f"{state}: {text}": words for text, words in _words_of(bench.window).items()}
    assert found == {}


@pytest.mark.parametrize("environment", [DEMO, SANDBOX, PRODUCTION, custom_environment("https://api.example.com")])
def test_no_greeting_is_left_untranslated(pseudo: None, make_bench: MakeBench, environment: object) -> None:
    bench = make_bench(environment=environment)
    assert untranslated(bench.strip.text.toPlainText()) == ""
    assert untranslated(bench.window.windowTitle()) == ""


def test_no_failure_is_left_untranslated(pseudo: None, bench: Bench) -> None:
    for kind in Kind:
        bench.panel._failed(MeldError(kind, retry_after=5))
        assert untranslated(bench.strip.text.toPlainText()) == "", kind
        assert "⟦" in bench.strip.text.toPlainText()


def test_no_outcome_is_left_untranslated(pseudo: None) -> None:
    outcomes = Outcomes()
    events = [
        *[WidgetEvent(name) for name in ("init", "cancel", "error", "handover", "connect_complete")],
        WidgetEvent("error", {"message": "Error creating user"}),
    ]
    said = []
    for event in events:
        activity, message = outcomes.of_event(event, "support-4711")
        said += [activity.title, activity.detail] if activity else []
        said += [message.title, message.text] if message else []
    said += [outcomes.notice_title(kind) for kind in NoticeKind]
    assert len(said) > 25
    assert [text for text in said if untranslated(text.replace("Error creating user", ""))] == []


def test_what_is_said_now_and_then_is_translated(pseudo: None, make_bench: MakeBench, qtbot: QtBot) -> None:
    bench = make_bench(environment=SANDBOX)
    shows = bench.strip.text.toPlainText
    said = []
    bench.form.set_request(FULL)
    bench.panel._cancelled()
    said.append(shows())
    bench.services.browser.opened.emit()
    said.append(shows())
    bench.services.browser.failed.emit()
    said.append(shows())
    bench.preferences.unsaved.emit(OSError())
    said.append(shows())
    bench.content.open_key_dialog()
    dialog = bench.dialog()
    dialog.line.setText("k")  # type: ignore[attr-defined]
    dialog.keep_button.click()  # type: ignore[attr-defined]
    said.append(shows())
    bench.content.use_environment(DEMO)
    bench.content.open_key_dialog()
    said.append(shows())
    bench.window.header.scenarios.scenario.activated.emit(1)
    name = bench.window.header.scenarios.scenario.itemText(1)
    assert name in shows()
    said.append(shows().replace(name, ""))
    assert len(set(said)) == len(said)
    assert [text for text in said if untranslated(text)] == []


def test_the_question_before_production_is_translated(pseudo: None, bench: Bench) -> None:
    for state in states(bench):
        if state == "production":
            bench.result.widget.browser_wanted.emit(bench.result.widget._link)
            (box,) = bench.window.findChildren(QMessageBox)
            assert box.text().count("⟦") > 1
            assert _words_of(box) == {}
            box.reject()
    assert not [dialog for dialog in bench.window.findChildren(QDialog) if dialog.isVisible()]


# --- the plurals


@pytest.fixture
def in_language(qapp: QApplication) -> Iterator[object]:
    """Install the program's translators for a language, and take them out again."""
    before = QLocale()
    installed: list[QTranslator] = []

    def use(language: str) -> None:
        QLocale.setDefault(QLocale(language))
        installed.extend(_install_translators(qapp))

    yield use
    for translator in installed:
        qapp.removeTranslator(translator)
        translator.deleteLater()
    QLocale.setDefault(before)


@pytest.mark.parametrize("language", ["en_US", "en_GB", "C", "de_DE", "ja_JP"])
def test_english_plurals_are_there_for_every_language_without_its_own(in_language: object, language: str) -> None:
    in_language(language)  # type: ignore[operator]
    said = [QCoreApplication.translate("Outcomes", "%n account(s)", "", count) for count in (0, 1, 2)]
    assert said == ["0 accounts", "1 account", "2 accounts"]


def _plurals() -> set[tuple[str, str]]:
    """Return context and source of every text with a number."""
    found = set()
    for path in (_PRODUCT / "ui").rglob("*.py"):
        for kind in [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ClassDef)]:
            for call in ast.walk(kind):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "tr":
                    text = call.args[0]
                    if isinstance(text, ast.Constant) and "%n" in str(text.value):
                        assert len(call.args) == 3
                        found.add((kind.name, str(text.value)))
    return found


def test_each_text_with_a_number_has_its_english_forms(in_language: object) -> None:
    tree = ElementTree.parse(resource("translations", "meld-desktop_en.ts"))
    listed = {
        (str(context.findtext("name")), str(message.findtext("source")))
        for context in tree.iter("context")
        for message in context.iter("message")
    }
    assert listed == _plurals()
    assert listed
    assert not [node for node in tree.iter("translation") if node.get("type") == "unfinished"]
    in_language("en_US")  # type: ignore[operator]
    for context, source in listed:
        one, two = (QCoreApplication.translate(context, source, "", count) for count in (1, 2))
        assert "(s)" not in one + two
        assert one.startswith("1 ")
        assert two.startswith("2 ")
        assert one[2:] != two[2:]
