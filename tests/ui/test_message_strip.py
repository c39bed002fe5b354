"""The message strip: announced, starts with its title, as high as its text up to four lines, and dismissed."""

from typing import Any

import pytest
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from meld_desktop.ui import message_strip
from meld_desktop.ui.messages import Message, Tone
from tests.ui.bench import Bench

LONG = "This sentence is said again and again. " * 40


class Announced:
    """Stands where the accessibility bridge is, and passes on."""

    AnnouncementPoliteness = QAccessible.AnnouncementPoliteness

    def __init__(self) -> None:
        self.events: list[tuple[str, Any]] = []

    def updateAccessibility(self, event: QAccessibleAnnouncementEvent) -> None:
        self.events.append((event.message(), event.politeness()))
        QAccessible.updateAccessibility(event)


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> Announced:
    recorder = Announced()
    monkeypatch.setattr(message_strip, "QAccessible", recorder)
    return recorder


def test_every_message_is_announced_failures_at_once(bench: Bench, announced: Announced) -> None:
    bench.strip.show_message(Message(Tone.SUCCESS, "Link ready", "Send it."))
    bench.strip.show_message(Message(Tone.ERROR, "Meld has trouble", "Try again."))
    bench.strip.clear()
    polite, assertive = QAccessible.AnnouncementPoliteness.Polite, QAccessible.AnnouncementPoliteness.Assertive
    assert announced.events == [
        ("Link ready. Send it.", polite),
        ("Meld has trouble. Try again.", assertive),
    ]


@pytest.mark.parametrize("tone", Tone)
def test_what_screen_readers_read_starts_with_the_title(bench: Bench, tone: Tone) -> None:
    bench.strip.show_message(Message(tone, "Title <b>&amp;", "Text <img src=x> & more"))
    interface = QAccessible.queryAccessibleInterface(bench.strip.text)
    assert interface.text(QAccessible.Text.Name) == "Message"
    text = interface.textInterface()
    assert text.text(0, text.characterCount()) == "Title <b>&amp;. Text <img src=x> & more"


@pytest.mark.parametrize("tone", [tone for tone in Tone if tone is not Tone.NEUTRAL])
def test_a_tone_has_an_icon_of_its_own(bench: Bench, tone: Tone) -> None:
    bench.strip.show_message(Message(tone, "A title"))
    icon = bench.strip.findChildren(type(bench.window.header.key_status))[0]
    assert icon.isVisible()
    picture = icon.pixmap().toImage()
    others = []
    for other in Tone:
        if other not in {tone, Tone.NEUTRAL}:
            bench.strip.show_message(Message(other, "A title"))
            others.append(icon.pixmap().toImage())
    assert picture not in others


def test_text_wraps_up_to_four_lines_and_then_scrolls(bench: Bench, qtbot: QtBot) -> None:
    bench.window.resize(1024, 640)
    heights = []
    for words in ("Short.", LONG[:100], LONG[:200], LONG):
        bench.strip.show_message(Message(Tone.ERROR, "Meld has trouble", words, details="d", request_id="r"))
        qtbot.waitUntil(lambda: bench.strip.height() >= bench.strip.text.height())
        heights.append(bench.strip.text.height())
    line = bench.strip.text.fontMetrics().lineSpacing()
    assert heights == sorted(set(heights))
    assert 4 * line <= heights[-1] < 5 * line
    assert bench.strip.text.verticalScrollBar().maximum() > 0
    assert bench.window.height() == 640


def test_four_lines_are_seen_without_scrolling(bench: Bench, qtbot: QtBot) -> None:
    bench.window.resize(1024, 640)
    text = bench.strip.text
    words = LONG.split()
    for count in range(10, len(words)):
        bench.strip.show_message(Message(Tone.ERROR, "Trouble", " ".join(words[:count])))
        lines = round((text.document().size().height() - 4) / text.fontMetrics().lineSpacing())
        if lines > 4:
            break
        assert text.verticalScrollBar().maximum() == 0, f"{lines} lines, {count} words"
    else:
        pytest.fail("never came to five lines")


def test_the_buttons_are_there_when_they_can_do_something(bench: Bench) -> None:
    for details, request_id in (("", ""), ("d", ""), ("d", "r")):
        bench.strip.show_message(Message(Tone.ERROR, "Trouble", details=details, request_id=request_id))
        assert bench.button("Copy details").isVisible() is bool(details)
        assert bench.button("Copy request ID").isVisible() is bool(request_id)


def test_dismiss(bench: Bench) -> None:
    bench.strip.show_message(Message(Tone.ERROR, "Trouble", "Text", details="d", request_id="r", retry_after=5))
    bench.find(QToolButton, "Dismiss message").click()
    assert bench.strip.text.toPlainText() == ""
    assert not bench.button("Copy details").isVisible()
    assert not bench.find(QToolButton, "Dismiss message").isVisible()
    assert bench.strip.property("tone") == "neutral"


def test_the_greeting_stays(bench: Bench) -> None:
    assert bench.strip.message.title == "Ready"
    assert not bench.find(QToolButton, "Dismiss message").isVisible()
