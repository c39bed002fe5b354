"""The Links panel: one list of all links, and what may be done with each."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from meld_desktop.domain.connection_action import Action
from meld_desktop.domain.connection_status import DOCUMENTED, ConnectionState
from meld_desktop.domain.environment_guard import EnvironmentGuard
from meld_desktop.domain.environments import SANDBOX, custom_environment
from meld_desktop.domain.links.query import LinkQuery
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.text import Text
from meld_desktop.services.connection_actions import ConnectionActions
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys
from meld_desktop.services.link_book import PAGE, LinkBook
from meld_desktop.services.link_watch import LinkWatch
from meld_desktop.services.worker import Worker
from meld_desktop.storage.links import LinkStore
from meld_desktop.ui.links.model import CUSTOMER, ENVIRONMENT, STATUS
from meld_desktop.ui.links.panel import LinksPanel
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.theme.choice import ThemeChoice
from meld_desktop.ui.theme.theme import Theme
from tests.services.connections import Meld, tells
from tests.ui.bench import Drawer, flush
from tests.ui.geometry import cut_in

NOW = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)


def record(number: int = 0, **values: object) -> LinkRecord:
    given: dict[str, object] = {
        "made_at": NOW - timedelta(minutes=number),
        "environment": "sandbox",
        "host": "api-sb.meld.io",
        "customer": f"customer-{number}",
        "connection_id": f"con-{number}",
        "institution_name": "Maple Bank",
        "products": ("BALANCES",),
        "request": '{"externalCustomerId":"a"}',
        "expires_at": NOW + timedelta(hours=2),
        "status": "ACTIVE",
        **values,
    }
    return LinkRecord(**given)  # type: ignore[arg-type]


class Desk:
    """A panel on real services, used as a person does."""

    def __init__(self, application: QApplication, folder: Path, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.root = QObject()
        self.worker = Worker(self.root)
        self.store = LinkStore(folder)
        self.theme = Theme(application, ThemeChoice.LIGHT)
        self.demo = Demo()
        self.keys = Keys(self.worker, Drawer(), {"MELD_API_KEY": "a-key-of-the-tests"}, self.root)
        self.links = LinkBook(self.worker, folder, self.root, now=lambda: NOW)
        self.actions = ConnectionActions(self.worker, self.keys, self.demo, EnvironmentGuard(), self.root)
        self.watch = LinkWatch(self.worker, self.keys, self.demo, self.root)
        self.panel = LinksPanel(self.links, self.actions, self.theme, watch=self.watch, now=lambda: NOW)
        self.panel.resize(1352, 820)
        self.said: list[Message] = []
        self.panel.said.connect(self.said.append)
        self.bugs: list[BaseException] = []
        self.worker.broke.connect(self.bugs.append)

    def open(self, *records: LinkRecord) -> LinksPanel:
        """Show the panel with these links in the list."""
        self.store.add_many(records)
        with self.qtbot.waitSignals([self.links.paged, self.links.counted]):
            self.panel.show()
        return self.panel

    def choose(self, row: int = 0) -> None:
        self.panel.view.setFocus()
        self.panel.view.choose(row)

    def customers(self) -> list[str]:
        model = self.panel.model
        return [model.record(row).customer for row in range(model.rowCount())]

    def search(self, text: str) -> None:
        with self.qtbot.waitSignal(self.links.paged):
            self.panel.filters.search.setText(text)

    def question(self) -> QMessageBox:
        (box,) = [box for box in self.panel.findChildren(QMessageBox) if box.isVisible()]
        return box

    def answer(self, text: str) -> None:
        box = self.question()
        next(button for button in box.buttons() if button.text().replace("&", "") == text).click()

    def close(self) -> None:
        self.panel.close()
        self.links.close(10)
        self.worker.close()
        self.store.close()
        self.demo.close()
        for thing in (self.panel, self.theme, self.root):
            thing.deleteLater()
        flush()
        assert not self.bugs, self.bugs


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    before = set(QApplication.topLevelWidgets())
    look = qapp.font(), qapp.palette(), qapp.styleSheet()
    qapp.setStyle("Fusion")
    made = Desk(qapp, tmp_path, qtbot)
    yield made
    made.close()
    qapp.setFont(look[0])
    qapp.setPalette(look[1])
    qapp.setStyleSheet(look[2])
    assert not [widget for widget in QApplication.topLevelWidgets() if widget not in before]


# --- the list


def test_links_are_listed_newest_first_and_counted(desk: Desk) -> None:
    panel = desk.open(record(2), record(0), record(1))
    assert desk.customers() == ["customer-0", "customer-1", "customer-2"]
    assert panel.list.count.text() == "Links: 3"


def test_an_empty_list_says_what_will_be_in_it(desk: Desk) -> None:
    panel = desk.open()
    assert panel.list.nothing.isVisible()
    assert panel.list.nothing.title.text() == "No links yet"
    assert not panel.list.nothing.everything.isVisible()
    assert not panel.filters.export.isEnabled()


def test_typing_finds_links_and_everything_comes_back(desk: Desk, qtbot: QtBot) -> None:
    panel = desk.open(record(0, note="prefers e-mail"), record(1, ticket="T-77"), record(2))
    desk.search("prefers")
    assert desk.customers() == ["customer-0"]
    desk.search("t-77")
    assert desk.customers() == ["customer-1"]
    desk.search("nobody at all")
    assert panel.list.nothing.isVisible()
    assert panel.list.nothing.title.text() == "Nothing matches"
    with qtbot.waitSignal(desk.links.paged):
        panel.list.nothing.everything.click()
    assert len(desk.customers()) == 3


@pytest.mark.parametrize(
    ("box", "choice", "left"),
    [
        ("environment", "Production", ["customer-1"]),
        ("environment", "Other address", ["customer-3"]),
        ("status", "Waiting", ["customer-2"]),
        ("status", "Needs attention", ["customer-1"]),
        ("time", "Today", ["customer-0", "customer-1"]),
        ("time", "Last 7 days", ["customer-0", "customer-1", "customer-2"]),
    ],
)
def test_filters_leave_what_fits(desk: Desk, qtbot: QtBot, box: str, choice: str, left: list[str]) -> None:
    desk.open(
        record(0),
        record(1, environment="production", status="DEGRADED"),
        record(2, status="IN_PROGRESS", made_at=NOW - timedelta(days=3)),
        record(3, environment="custom", host="meld.example.com", made_at=NOW - timedelta(days=300)),
    )
    with qtbot.waitSignal(desk.links.paged):
        getattr(desk.panel.filters, box).setCurrentText(choice)
    assert desk.customers() == left


def test_a_heading_sorts_and_turns_round(desk: Desk, qtbot: QtBot) -> None:
    panel = desk.open(record(0, customer="b"), record(1, customer="c"), record(2, customer="a"))
    for expected in (["a", "b", "c"], ["c", "b", "a"]):
        with qtbot.waitSignal(desk.links.paged):
            panel.view.horizontalHeader().sectionClicked.emit(CUSTOMER)
        assert desk.customers() == expected


def test_links_of_a_customer_stand_together(desk: Desk, qtbot: QtBot) -> None:
    panel = desk.open(record(0, customer="b"), record(1, customer="a"), record(2, customer="b"))
    with qtbot.waitSignal(desk.links.paged):
        panel.filters.group.click()
    assert desk.customers() == ["a", "b", "b"]
    with qtbot.waitSignal(desk.links.paged):
        panel.view.horizontalHeader().sectionClicked.emit(STATUS)
    assert not panel.filters.group.isChecked()


def test_more_is_fetched_as_one_scrolls(desk: Desk, qtbot: QtBot) -> None:
    panel = desk.open(*(record(number) for number in range(3 * PAGE)))
    assert panel.model.rowCount() == PAGE
    assert panel.list.count.text() == "Links: 600"
    panel.view.scrollToBottom()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2 * PAGE)
    panel.view.scrollToBottom()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 3 * PAGE)
    assert desk.customers() == [f"customer-{number}" for number in range(3 * PAGE)]


def test_a_link_made_meanwhile_comes_in_without_moving_what_is_read(desk: Desk, qtbot: QtBot) -> None:
    panel = desk.open(*(record(number) for number in range(PAGE)))
    desk.choose(120)
    panel.view.verticalScrollBar().setValue(panel.view.verticalScrollBar().maximum() // 2)
    chosen, top = panel.view.current, panel.model.record(panel.view.rowAt(0))
    desk.store.add_many([record(0, customer="new", made_at=NOW + timedelta(minutes=1))])
    with qtbot.waitSignal(desk.links.paged):
        desk.links.changed.emit(None)
    assert desk.customers()[0] == "new"
    assert panel.view.current == chosen
    assert panel.model.record(panel.view.rowAt(0)) == top


def test_rows_are_copied_as_they_read(desk: Desk) -> None:
    panel = desk.open(record(0, ticket="T-1"), record(1, environment="production"))
    panel.view.selectAll()
    panel.view.copy()
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
    assert [line[CUSTOMER] for line in lines] == ["customer-0", "customer-1"]
    assert lines[1][ENVIRONMENT] == "Production"
    assert desk.said[-1].title == "Links copied: 2"
    assert "2 links selected" in panel.details.hint.text()


# --- one link


def test_details_say_how_it_stands_and_what_to_do(desk: Desk) -> None:
    panel = desk.open(record(0, status="RECONNECT_REQUIRED", status_reason="TOKEN_EXPIRED", environment="production"))
    desk.choose()
    details = panel.details
    assert details.customer.text() == "customer-0"
    assert details.environment.text() == "Production: real customers"
    assert details.line.text() == "The bank's permission has run out."
    assert details.next_step.text() == "Let the customer log in again through a repair."


@pytest.mark.parametrize(("status", "reason"), [*DOCUMENTED, ("SOMETHING_NEW", ""), ("", "")])
def test_buttons_are_there_where_the_documented_table_allows_them(desk: Desk, status: str, reason: str) -> None:
    panel = desk.open(record(0, status=status, status_reason=reason))
    desk.choose()
    state = ConnectionState(status, reason)
    details = panel.details
    assert details.refresh_button.isEnabled() == state.may_refresh
    assert details.repair_button.isEnabled() == state.may_repair
    assert details.delete_button.isEnabled() == state.is_connected
    assert details.check_button.isEnabled() == state.is_connected
    assert details.make_button.isEnabled()
    assert details.forget_button.isEnabled()


def test_a_link_whose_time_is_up_says_so(desk: Desk) -> None:
    panel = desk.open(
        record(0, status="IN_PROGRESS", expires_at=NOW - timedelta(minutes=1)), record(1, status="IN_PROGRESS")
    )
    model = panel.model
    assert model.index(0, STATUS).data() == "Time is up"
    assert model.index(1, STATUS).data() == "Waiting · 2 h left"
    desk.choose(0)
    assert panel.details.next_step.text() == "Create a new link."


def test_what_is_noted_is_kept_and_found(desk: Desk, qtbot: QtBot) -> None:
    panel = desk.open(record(0), record(1))
    desk.choose(1)
    QTest.keyClicks(panel.details.ticket, "T-4711")
    panel.details.note.setPlainText("called twice")
    with qtbot.waitSignal(desk.links.updated):
        panel.view.choose(0)  # leaving it keeps it
    kept = desk.store.page(LinkQuery(text="called")).records
    assert [(each.customer, each.ticket) for each in kept] == [("customer-1", "T-4711")]
    assert panel.details.ticket.text() == ""
    panel.view.choose(1)
    assert panel.details.ticket.text() == "T-4711"
    assert panel.details.note.toPlainText() == "called twice"


def test_a_change_from_elsewhere_leaves_what_is_being_typed(desk: Desk, qtbot: QtBot) -> None:
    panel = desk.open(record(0))
    desk.choose()
    panel.details.ticket.setFocus()
    QTest.keyClicks(panel.details.ticket, "T-")
    with qtbot.waitSignal(desk.links.paged):
        desk.links.status("con-0", ConnectionState("EXPIRED"))
    assert panel.details.ticket.text() == "T-"
    assert panel.details.line.text().startswith("Expired")


@pytest.mark.parametrize(
    ("signal", "button"),
    [
        ("make_again", "Make again"),
        ("edit_and_make", "Edit and make"),
        ("repair", "Repair"),
        ("share", "Share…"),
        ("check", "Check delivery…"),
    ],
)
def test_what_the_window_does_is_asked_for_with_the_link(desk: Desk, qtbot: QtBot, signal: str, button: str) -> None:
    panel = desk.open(record(0, status="DEGRADED"))
    panel.set_shareable({"con-0"})
    desk.choose()
    with qtbot.waitSignal(getattr(panel, signal)) as asked:
        next(each for each in panel.findChildren(QPushButton) if each.accessibleName() == button).click()
    assert asked.args[0] == panel.view.current


def test_only_a_link_still_in_memory_can_be_shared(desk: Desk) -> None:
    panel = desk.open(record(0), record(1))
    panel.set_shareable({"con-1"})
    desk.choose(0)
    assert not panel.details.share_button.isEnabled()
    desk.choose(1)
    assert panel.details.share_button.isEnabled()


# --- with the keyboard alone


def test_the_keyboard_is_enough(desk: Desk, qtbot: QtBot) -> None:
    panel = desk.open(record(0), record(1))
    qtbot.waitUntil(panel.isActiveWindow)
    panel.focus_first()
    QTest.keyClick(panel.filters.search, Qt.Key.Key_Down)
    assert panel.view.hasFocus()
    assert panel.view.current == panel.model.record(0)
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    assert panel.view.current == panel.model.record(1)
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert panel.details.make_button.hasFocus()
    QTest.keyClick(panel.details.make_button, Qt.Key.Key_Escape)
    assert panel.view.hasFocus()
    with qtbot.waitSignal(panel.make_again) as again:
        QTest.keyClick(panel.view, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert again.args[0].customer == "customer-1"
    QTest.keyClick(panel.view, Qt.Key.Key_Delete)
    assert "customer-1" in desk.question().text()
    desk.answer("Cancel")
    QTest.keyClick(panel.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert panel.filters.search.hasFocus()


def test_the_menu_offers_what_the_buttons_offer(desk: Desk) -> None:
    panel = desk.open(record(0, status="EXPIRED"))
    desk.choose()
    panel.view.menu_wanted.emit(QPoint(0, 0))
    (menu,) = [menu for menu in panel.findChildren(QMenu) if menu.isVisible()]
    enabled = {action.text().replace("&", "") for action in menu.actions() if action.isEnabled() and action.text()}
    assert enabled == {"Copy", "Make again", "Edit and make", "Forget customer…"}
    menu.close()


# --- forgetting and deleting


def test_forgetting_asks_first_and_names_the_customer(desk: Desk, qtbot: QtBot) -> None:
    panel = desk.open(record(0), record(1), record(2, customer="customer-1"))
    desk.choose(1)
    panel.details.forget_button.click()
    assert desk.question().text() == "Forget customer customer-1?"
    desk.answer("Cancel")
    assert desk.store.count(LinkQuery()) == 3
    panel.details.forget_button.click()
    with qtbot.waitSignals([desk.links.forgotten, desk.links.paged]):
        desk.answer("Forget customer")
    assert desk.customers() == ["customer-0"]
    assert desk.said[-1].title == "Customer forgotten"
    assert "customer-1 removed from this computer: 2" in desk.said[-1].text


def test_links_of_several_customers_are_not_forgotten_at_once(desk: Desk, qtbot: QtBot) -> None:
    panel = desk.open(record(0), record(1))
    panel.view.setFocus()
    panel.view.selectAll()
    QTest.keyClick(panel.view, Qt.Key.Key_Delete)
    assert desk.said[-1].title == "Links of several customers are selected"
    assert not panel.findChildren(QMessageBox)


def test_deleting_names_customer_bank_and_environment(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = desk.open(record(0, environment="production", host="api.meld.io"))
    deleted: list[LinkRecord] = []
    monkeypatch.setattr(desk.actions, "delete", deleted.append)
    desk.choose()
    panel.details.delete_button.click()
    box = desk.question()
    assert box.text() == "Delete the connection of customer customer-0 with Maple Bank in Production?"
    assert box.informativeText().startswith("This is Production")
    desk.answer("Cancel")
    assert deleted == []
    panel.details.delete_button.click()
    desk.answer("Delete connection")
    assert [each.customer for each in deleted] == ["customer-0"]


def test_a_deleted_connection_is_shown_as_such(desk: Desk, qtbot: QtBot) -> None:
    panel = desk.open(record(0))
    desk.choose()
    with qtbot.waitSignal(desk.links.updated):
        desk.actions.done.emit(Action.DELETE, panel.view.current, None)
    assert panel.model.index(0, STATUS).data() == "Deleted"
    assert desk.said[-1].title == "Connection deleted"
    assert not panel.details.delete_button.isEnabled()


# --- files


def test_what_is_found_is_exported(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    panel = desk.open(record(0), record(1, status="EXPIRED"), record(2))
    with qtbot.waitSignal(desk.links.paged):
        panel.filters.status.setCurrentText("Expired")
    panel.filters.export.click()
    file = tmp_path / "out.csv"
    (dialog,) = [dialog for dialog in panel.findChildren(QDialog) if dialog.isVisible()]
    dialog.reject()
    with qtbot.waitSignal(desk.links.exported):
        panel.export_to(file)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        assert [row["customer"] for row in csv.DictReader(opened)] == ["customer-1"]
    assert desk.said[-1].title == "Links exported: 1"


def test_an_import_says_in_words_what_went_in_and_what_did_not(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.open()
    file = tmp_path / "in.csv"
    file.write_text("made_at,environment,customer\n2026-01-01T00:00:00Z,demo,anna\nlately,demo,bert\n", "utf-8")
    with qtbot.waitSignals([desk.links.imported, desk.links.paged]):
        desk.links.import_file(file)
    message = desk.said[-1]
    assert (message.tone, message.title) == (Tone.WARNING, "Links imported: 1")
    assert "Line 3, made_at: “lately” is not a time" in message.text
    assert desk.customers() == ["anna"]


# --- trouble


def test_trouble_with_the_list_is_said_and_can_be_tried_again(desk: Desk, qtbot: QtBot) -> None:
    import sqlite3

    desk.store.add(record(0))
    desk.store.close()
    with sqlite3.connect(desk.store.path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with qtbot.waitSignal(desk.links.failed):
        desk.panel.show()
    assert desk.panel.list.nothing.title.text() == "The list of links cannot be shown"
    assert "newer Meld Desktop" in desk.panel.list.nothing.text.text()
    assert "Creating links works all the same." in desk.said[-1].text
    with sqlite3.connect(desk.store.path) as connection:
        connection.execute("PRAGMA user_version = 2")
    connection.close()
    with qtbot.waitSignal(desk.links.paged):
        desk.panel.list.nothing.retry.click()
    assert desk.customers() == ["customer-0"]


# --- asking Meld


def test_meld_is_asked_only_while_the_panel_is_seen(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = desk.open(record(0, status="IN_PROGRESS"))
    monkeypatch.setattr(desk.keys, "key_for", _never)
    panel.set_environment(SANDBOX)
    desk.keys.check(SANDBOX)
    qtbot.waitUntil(lambda: desk.watch.is_asking)
    panel.hide()
    assert not desk.watch.is_asking
    assert not desk.links._look.isActive()
    panel.show()
    qtbot.waitUntil(lambda: desk.watch.is_asking)
    panel.hide()


async def _never(_environment: object) -> str:
    import asyncio

    await asyncio.Event().wait()
    return ""


def test_a_customer_who_finishes_is_seen_and_told(desk: Desk, qtbot: QtBot) -> None:
    panel = desk.open(record(0, status="IN_PROGRESS", institution_name=""))
    with qtbot.waitSignal(panel._settling.timeout):
        desk.choose()
    with qtbot.waitSignals([panel.completed, desk.links.updated]):
        desk.watch.status_changed.emit("con-0", ConnectionState("ACTIVE", "", "Maple Bank"))
    assert panel.model.index(0, STATUS).data() == "Connected"
    assert desk.store.page(LinkQuery()).records[0].institution_name == "Maple Bank"


def test_what_meld_says_now_is_in_the_details(desk: Desk, qtbot: QtBot) -> None:
    meld = Meld()
    meld.script = [tells("ACTIVE", data=True)]
    with meld.server:
        here = custom_environment(meld.server.url)
        panel = desk.open(record(0, environment="custom", host=here.host, status="IN_PROGRESS", connection_id="one"))
        desk.choose()
        panel.set_environment(here)
        with qtbot.waitSignal(desk.links.updated):
            desk.keys.check(here)
    assert panel.details.line.text() == "Connected, and the first data has arrived."
    assert meld.asked == 1


def test_why_meld_does_not_tell_is_said(desk: Desk) -> None:
    panel = desk.open(record(0))
    desk.choose()
    desk.watch.ended.emit("con-0", Text("Meld does not know this connection any more"))
    assert panel.details.followed.text() == "Meld does not know this connection any more"


# --- how it looks


@pytest.mark.parametrize("size", [(936, 600), (1352, 820)])
@pytest.mark.parametrize("theme", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_no_text_is_cut(desk: Desk, size: tuple[int, int], theme: ThemeChoice) -> None:
    long = record(0, customer="customer-" + "0123456789" * 19, institution_name="A bank of many words " * 9)
    desk.theme.choose(theme)
    panel = desk.open(replace(long, status="DEGRADED", ticket="T" * 90, environment="production"))
    panel.resize(*size)
    assert cut_in(panel) == []
    desk.choose()
    assert cut_in(panel) == []
    assert panel.minimumSizeHint().width() <= 936


def test_every_control_has_a_name(desk: Desk) -> None:
    panel = desk.open(record(0))
    desk.choose()
    nameless = [
        widget
        for widget in panel.findChildren(QPushButton)
        if widget.isVisible() and not (widget.accessibleName() or widget.text())
    ]
    assert not nameless
    assert panel.filters.search.accessibleName() == "Search links"
    assert panel.view.accessibleName() == "Links"
    index = panel.model.index(0, STATUS)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Status: Connected"


def test_escape_empties_the_search_before_anything_else(desk: Desk) -> None:
    panel = desk.open(record(0))
    panel.filters.search.setText("abc")
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert QApplication.sendEvent(panel.filters.search, event)
    assert event.isAccepted()
