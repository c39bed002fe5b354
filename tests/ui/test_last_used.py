"""The line below a known customer ID."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.ui.form.last_used import LastUsed
from tests.ui.bench import Bench
from tests.ui.geometry import cut_in, settle
from tests.ui.links import NOON, HandClock
from tests.ui.test_translation import Pseudo, untranslated

SANS = ("BALANCES", "TRANSACTIONS")


def record(made: datetime = NOON, products: tuple[str, ...] = SANS, optional: tuple[str, ...] = ()) -> LinkRecord:
    return LinkRecord(
        made_at=made, environment="demo", customer="support-4711", products=products, optional_products=optional
    )


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def line(bench: Bench, clock: HandClock) -> LastUsed:
    """The line in a column as wide as the form's."""
    holder = QWidget(bench.window)
    column = QVBoxLayout(holder)
    line = LastUsed(holder, now=clock)
    column.addWidget(line)
    column.addStretch(1)
    holder.resize(320, 200)
    holder.show()
    settle()
    return line


def test_it_is_not_there_until_there_is_something_to_say(line: LastUsed) -> None:
    assert not line.isVisible()
    line.show_record(record())
    assert line.isVisible()
    line.show_record(None)
    assert not line.isVisible()
    assert line.text == ""
    assert not line._ticks.isActive()


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=-90), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=60), "a minute ago"),
        (timedelta(minutes=12), "12 minutes ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(minutes=61), "an hour ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(days=1), "yesterday"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=13), "13 days ago"),
        (timedelta(days=30), "on "),
    ],
)
def test_when_it_was(line: LastUsed, ago: timedelta, words: str) -> None:
    line.show_record(record(NOON - ago))
    assert line.text.startswith(f"Last used {words}")
    assert line.text.endswith(" with Balances and Transactions.")


def test_a_date_says_the_year(line: LastUsed) -> None:
    line.show_record(record(datetime(2025, 3, 2, 12, tzinfo=UTC)))
    assert "2025" in line.text


def test_a_little_after_midnight_is_not_yet_yesterday(line: LastUsed, clock: HandClock) -> None:
    clock.moment = datetime(2026, 11, 24).astimezone() + timedelta(minutes=30)
    line.show_record(record(clock.moment - timedelta(hours=2)))
    assert "2 hours ago" in line.text
    line.show_record(record(clock.moment - timedelta(hours=9)))
    assert "yesterday" in line.text


@pytest.mark.parametrize(
    ("products", "optional", "words"),
    [
        ((), (), "Last used just now."),
        (("OWNERS",), (), "Last used just now with Owners."),
        (("OWNERS",), ("BALANCES", "OWNERS"), "Last used just now with Balances and Owners."),
        (SANS, ("IDENTIFIERS",), "Last used just now with Balances, Identifiers and Transactions."),
        (("NEW_ONE", "BALANCES"), (), "Last used just now with Balances and NEW_ONE."),
    ],
)
def test_with_what(line: LastUsed, products: tuple[str, ...], optional: tuple[str, ...], words: str) -> None:
    line.show_record(record(products=products, optional=optional))
    assert line.text == words


def test_time_goes_on_while_it_can_be_seen(line: LastUsed, clock: HandClock, qtbot: QtBot) -> None:
    line._ticks.setInterval(10)
    line.show_record(record())
    clock.go(minutes=12)
    qtbot.waitUntil(lambda: "12 minutes ago" in line.text)
    line.hide()
    assert not line._ticks.isActive()


def test_the_same_again_with_the_keyboard(line: LastUsed, qtbot: QtBot) -> None:
    mine = record()
    line.show_record(mine)
    interface = QAccessible.queryAccessibleInterface(line.again)
    assert interface.text(QAccessible.Text.Name) == "Use the same again"
    assert interface.role() == QAccessible.Role.Button
    assert interface.text(QAccessible.Text.Description) == line.text
    with qtbot.waitSignal(line.wanted) as caught:
        QTest.keyClick(line.again, Qt.Key.Key_Space)
    assert caught.args == [mine]


@pytest.mark.parametrize("width", [200, 320, 600])
def test_nothing_is_cut(line: LastUsed, width: int) -> None:
    everything = ("BALANCES", "IDENTIFIERS", "INVESTMENT_HOLDINGS", "INVESTMENT_TRANSACTIONS", "OWNERS", "TRANSACTIONS")
    line.show_record(record(products=everything))
    holder = line.parentWidget()
    assert holder is not None
    holder.resize(width, 300)
    settle()
    assert cut_in(holder) == []


def test_it_is_translated(line: LastUsed, qapp: QApplication) -> None:
    translator = Pseudo()
    qapp.installTranslator(translator)
    try:
        for days in (0, 1, 3):
            line.show_record(record(NOON - timedelta(days=days)))
            for label in line.findChildren(QLabel):
                assert untranslated(label.text()) == ""
    finally:
        qapp.removeTranslator(translator)
