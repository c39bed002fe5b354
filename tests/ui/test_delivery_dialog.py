"""The delivery check as a person sees it: empty, on its way, whole, in part, and when it fails."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from meld_desktop.domain.environment_guard import EnvironmentGuard
from meld_desktop.domain.environments import PRODUCTION, Environment
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.services.delivery import Delivery
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys
from meld_desktop.services.worker import Worker
from meld_desktop.ui.links.delivery_dialog import DeliveryDialog
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.theme.choice import ThemeChoice
from meld_desktop.ui.theme.theme import Theme
from tests.api.servers import reply
from tests.services.bank_data import BankData, account
from tests.ui.bench import Drawer, flush
from tests.ui.geometry import cut_in


@dataclass
class Desk:
    """What a dialog stands on, and the server it asks."""

    bank: BankData
    delivery: Delivery
    theme: Theme
    qtbot: QtBot

    def open(
        self, record: LinkRecord | None = None, environment: Environment | None = None, *, waits: bool = True
    ) -> DeliveryDialog:
        dialog = DeliveryDialog(
            self.delivery, record or self.bank.record(), environment or self.bank.environment, self.theme
        )
        dialog.open()
        if waits:
            self.settle()
        return dialog

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.delivery.is_looking)


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot) -> Iterator[Desk]:
    before = set(QApplication.topLevelWidgets())
    look = qapp.font(), qapp.palette(), qapp.styleSheet()
    qapp.setStyle("Fusion")
    root = QObject()
    worker, demo = Worker(root), Demo()
    bugs: list[object] = []
    worker.broke.connect(bugs.append)
    bank = BankData(page=10)
    with bank.server:
        keys = Keys(worker, Drawer(), {"MELD_API_KEY": "planted-key"}, root)
        delivery = Delivery(worker, keys, demo, EnvironmentGuard(), root)
        delivery.set_environment(bank.environment)
        theme = Theme(qapp, ThemeChoice.LIGHT)
        yield Desk(bank, delivery, theme, qtbot)
        worker.close()
    theme.deleteLater()
    root.deleteLater()
    flush()
    qapp.setFont(look[0])
    qapp.setPalette(look[1])
    qapp.setStyleSheet(look[2])
    left = [widget for widget in QApplication.topLevelWidgets() if widget not in before]
    assert not left, f"left behind: {left}"
    assert not bugs


def words(dialog: DeliveryDialog) -> list[str]:
    """Return the sentences on show."""
    shown = [label for label in dialog.findChildren(Paragraph) if label.isVisible()]
    return [label.text() for label in shown if label.text()]


def rows(dialog: DeliveryDialog) -> list[str]:
    """Return what the rows are called for those who hear them."""
    return [each.accessibleName() for each in dialog.rows.findChildren(QWidget) if each.accessibleName()]


def cells(dialog: DeliveryDialog) -> list[list[str]]:
    model = dialog.accounts.model()
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def button(dialog: DeliveryDialog, name: str) -> QPushButton:
    (found,) = [
        each for each in dialog.findChildren(QPushButton) if each.accessibleName() == name or each.text() == name
    ]
    return found


def test_everything_that_arrived(desk: Desk) -> None:
    dialog = desk.open()
    assert dialog.summary.text() == "Everything that was asked for has arrived."
    assert dialog.status.text() == "Connected, and the first data has arrived."
    assert [row.split(",")[0] for row in rows(dialog)] == [
        "Balances (required): Arrived",
        "Identifiers (optional): Arrived",
        "Investment holdings (optional): Arrived",
        "Investment transactions (optional): Arrived",
        "Owners (required): Arrived",
        "Transactions (required): Arrived",
    ]
    assert cells(dialog) == [
        ["Account 0", "••0000", "Checking", "1000.50 USD", "1", "ACH ••0000", "10+"],
        ["Account 1", "••0001", "Checking", "1000.50 USD", "1", "ACH ••0001", ""],
    ]
    assert not dialog.progress.isVisible()
    assert not dialog.problem.isVisible()
    assert cut_in(dialog) == []
    dialog.reject()


def test_whole_numbers_and_names_of_owners_are_nowhere(desk: Desk) -> None:
    dialog = desk.open()
    button(dialog, "Copy summary").click()
    shown = " ".join(
        [
            *words(dialog),
            *rows(dialog),
            *(cell for row in cells(dialog) for cell in row),
            QGuiApplication.clipboard().text(),
        ]
    )
    assert not [secret for secret in ("98765432", "021000021", "Planted", "planted-key") if secret in shown]
    dialog.reject()


def test_the_rest_is_counted_when_somebody_wants_it(desk: Desk) -> None:
    dialog = desk.open()
    assert any("so far" in row for row in rows(dialog))
    assert len(desk.bank.asked) == 5
    button(dialog, "Count the rest").click()
    assert dialog.progress.isVisible()
    desk.settle()
    assert len(desk.bank.asked) == 7
    assert rows(dialog)[-1].startswith(
        "Transactions (required): Arrived, 25 in one account · 10 Jan 2026 – 10 Dec 2026"
    )
    assert cells(dialog)[0][-1] == "25"
    assert not button(dialog, "Count the rest").isVisible()
    dialog.reject()


def test_what_is_missing_and_why(desk: Desk) -> None:
    desk.bank.state |= {"status": "PARTIALLY_ACTIVE", "statusReason": "PARTIAL_AGGREGATION_SUCCESS"}
    desk.bank.accounts = [account(0, historicalAggregationSucceeded=False), account(1, owners=None, balances=None)]
    desk.bank.lists["investmentHoldings"] = []
    desk.bank.fails["/investments/transactions"] = reply(b"{}", status="403 No")
    dialog = desk.open()
    assert dialog.summary.text() == "1 of 6 products have arrived in full."
    assert dialog.status.text().startswith("Connected, but only part of the data arrived. Refresh the connection")
    shown = rows(dialog)
    assert shown[0].startswith("Balances (required): Partly arrived, 1 of 2 accounts")
    assert shown[2].startswith("Investment holdings (optional): Missing. Connected, but only part")
    assert shown[3] == (
        "Investment transactions (optional): Not known. It could not be looked up: This API key may not do this."
    )
    assert "The older transactions did not come" in shown[5]
    said = [text for text in words(dialog) if text.startswith("Connected, but only part")]
    assert len(said) == 1, "what stands above the rows is not repeated in each"
    assert cut_in(dialog) == []
    dialog.reject()


def test_what_nobody_asked_for_shares_a_line(desk: Desk) -> None:
    dialog = desk.open(desk.bank.record(products=("OWNERS",), optional_products=()))
    assert len(rows(dialog)) == 1
    others = "Balances, Identifiers, Investment holdings, Investment transactions, Transactions"
    assert f"Not asked for: {others}" in words(dialog)
    dialog.reject()


def test_before_the_customer_has_finished(desk: Desk) -> None:
    desk.bank.state = {"status": "IN_PROGRESS"}
    dialog = desk.open()
    assert dialog.summary.text() == "Nothing has arrived yet."
    assert dialog.status.text() == "Nobody has finished the widget yet."
    assert not dialog.accounts.isVisible()
    assert all("Not there yet" in row for row in rows(dialog))
    dialog.reject()


def test_while_it_looks_and_when_it_is_stopped(desk: Desk) -> None:
    desk.bank.hangs = "/bank-linking/transactions"
    dialog = desk.open(waits=False)
    desk.qtbot.waitUntil(lambda: len(desk.bank.asked) == 3)
    assert dialog.progress.isVisible()
    assert dialog.summary.text() == "Asking Meld…"
    assert "Looking…" in words(dialog)
    assert rows(dialog)[0].startswith("Balances (required): Arrived")
    assert QApplication.focusWidget() is dialog.close_button
    button(dialog, "Stop").click()
    assert desk.bank.server.gone.wait(2)
    assert not dialog.progress.isVisible()
    assert "Looking…" not in words(dialog)
    assert dialog.summary.text() == "3 of 6 products have arrived in full."
    desk.bank.hangs = ""
    button(dialog, "Look again").click()
    desk.settle()
    assert dialog.summary.text() == "Everything that was asked for has arrived."
    dialog.reject()


def test_a_failure_and_another_try(desk: Desk) -> None:
    desk.bank.fails["/connections/"] = reply(b'{"message": "gone"}', status="404 No")
    dialog = desk.open()
    assert dialog.problem.text.startswith("Meld does not know this connection. Meld says: gone. It may be deleted")
    assert dialog.summary.text() == "Meld could not be asked."
    assert not dialog.copy.isEnabled()
    assert cut_in(dialog) == []
    desk.bank.fails.clear()
    button(dialog, "Look again").click()
    assert not dialog.problem.isVisible()
    desk.settle()
    assert dialog.summary.text() == "Everything that was asked for has arrived."
    dialog.reject()


def test_closing_ends_the_asking(desk: Desk) -> None:
    desk.bank.hangs = "/accounts"
    dialog = desk.open(waits=False)
    desk.qtbot.waitUntil(lambda: len(desk.bank.asked) == 2)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert desk.bank.server.gone.wait(2)
    assert not desk.delivery.is_looking
    assert len(desk.bank.asked) == 2


def test_the_summary_for_a_ticket(desk: Desk) -> None:
    dialog = desk.open()
    button(dialog, "Copy summary").click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[:2] == ["Customer: support-4711", "Bank: Maple Test Bank"]
    assert "Connection: connection-1" in lines
    assert "Everything that was asked for has arrived." in lines
    assert [line[2:] for line in lines if line.startswith("- ")] == rows(dialog)
    dialog.reject()


@pytest.mark.parametrize("theme", list(ThemeChoice))
@pytest.mark.parametrize("width", [600, 1000])
def test_nothing_is_cut(desk: Desk, theme: ThemeChoice, width: int) -> None:
    desk.theme.choose(theme)
    desk.bank.fails["/investments/transactions"] = reply(b'{"message": "long"}', status="500 No")
    record = desk.bank.record(customer="customer-" + "0123456789" * 12, institution_name="B" * 30)
    dialog = desk.open(record, PRODUCTION)
    dialog.resize(width, 700)
    assert cut_in(dialog) == []
    desk.theme.choose(ThemeChoice.DARK)
    assert cut_in(dialog) == []
    dialog.reject()


def test_everything_is_reached_with_the_keyboard_and_has_a_name(desk: Desk) -> None:
    dialog = desk.open()
    desk.qtbot.waitUntil(dialog.isActiveWindow)
    seen: list[QWidget] = []
    while (at := QApplication.focusWidget()) is not None and at not in seen:
        seen.append(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    names = [QAccessible.queryAccessibleInterface(each).text(QAccessible.Text.Name) for each in seen]
    assert sorted(names) == ["Accounts", "Close", "Copy summary", "Count the rest", "Look again"]
    assert [type(each) for each in seen if not isinstance(each, QPushButton)] == [QTreeView]
    dialog.reject()
