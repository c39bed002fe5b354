"""The panel *Banks*: what a person sees, types and presses there, with banks of every kind."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QMainWindow, QPushButton, QTableView, QWidget
from pytestqt.qtbot import QtBot

from meld_desktop.domain.banks.changes import make_optional
from meld_desktop.domain.environments import DEMO, PRODUCTION, SANDBOX
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.services.banks import Banks
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys
from meld_desktop.services.worker import Worker
from meld_desktop.storage.institutions import InstitutionCache, name_of
from meld_desktop.ui.banks.model import DETAIL, NAME, SHOWN
from meld_desktop.ui.banks.panel import BanksPanel
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.theme.choice import ThemeChoice
from meld_desktop.ui.theme.theme import Theme
from tests.ui.bench import Drawer

W = TypeVar("W", bound=QWidget)

OWNERS = ConnectStartRequest(products=(Product.OWNERS,), regions=("US",))
STRANGE = (
    "<b>Bold</b> & <img src=x>",
    '=HYPERLINK("http://x")',
    "بنك الراجحي",
    "Z̸̢̛a̷l̵g̷o̶",
    "N" * 200,
    "&amp; &lt;",
)


def record(number: int, name: str, products: tuple[str, ...] = ("BALANCES", "OWNERS")) -> dict[str, Any]:
    way = {"id": f"p{number}", "oauth": False, "regions": ["US"], "products": list(products)}
    return {
        "id": f"bank{number}",
        "name": name,
        "rank": number + 1,
        "domain": f"b{number}.example",
        "providers": {"plaid": way},
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def panel(qapp: QApplication, qtbot: QtBot, folder: Path) -> Iterator[BanksPanel]:
    look = qapp.font(), qapp.palette(), qapp.styleSheet()
    owner = QObject()
    worker, demo = Worker(owner), Demo()
    keys = Keys(worker, Drawer(), {}, owner)
    banks = Banks(worker, keys, demo, folder, owner)
    window = QMainWindow()
    theme = Theme(qapp, ThemeChoice.LIGHT)
    shown = BanksPanel(banks, theme, window)
    window.setCentralWidget(shown)
    window.resize(948, 720)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    yield shown
    worker.close()
    demo.close()
    for thing in (window, theme, owner):
        thing.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.setFont(look[0])
    qapp.setPalette(look[1])
    qapp.setStyleSheet(look[2])


def keep(folder: Path, *records: dict[str, Any]) -> None:
    InstitutionCache(folder).replace(name_of(PRODUCTION), records, "api")


def _name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QPushButton) else ""
    return (widget.accessibleName() or text).replace("&", "")


def named(panel: QWidget, kind: type[W], name: str) -> W:
    """Return the visible widget with this accessible name; that of a button is its text."""
    found = [widget for widget in panel.findChildren(kind) if widget.isVisible() and _name(widget) == name]
    assert found, f"no {kind.__name__} “{name}”"
    return found[0]


def texts(panel: BanksPanel) -> list[str]:
    return [label.text() for label in panel.details.findChildren(Paragraph) if label.isVisible()]


@pytest.fixture
def open_kept(panel: BanksPanel, qtbot: QtBot, folder: Path) -> Callable[..., None]:
    def show(*records: dict[str, Any]) -> None:
        keep(folder, *records)
        panel.set_request(OWNERS)
        panel.set_environment(PRODUCTION)
        qtbot.waitUntil(lambda: panel.model.rowCount() == len(records))

    return show


def test_every_control_has_its_name(panel: BanksPanel, qtbot: QtBot) -> None:
    panel.set_environment(DEMO)
    qtbot.waitUntil(lambda: panel.details.bank is not None)
    named(panel, QLineEdit, "Search banks")
    for name in ("Country", "Provider", "Product", "Login", "Subdivision", "Test banks", "Shown"):
        named(panel, QComboBox, name)
    assert named(panel, QTableView, "Banks").model().rowCount() > 50
    for name in ("Use this bank", "Refresh", "Copy ID"):
        named(panel, QPushButton, name)


def test_a_bank_says_that_it_is_shown(panel: BanksPanel, qtbot: QtBot, open_kept: Callable[..., None]) -> None:
    open_kept(record(0, "First"), record(1, "Second", ("BALANCES",)))
    qtbot.waitUntil(lambda: "Shown to this customer: yes" in texts(panel))
    shown = [panel.model.index(row, SHOWN).data() for row in range(2)]
    assert shown == ["Yes", "No"]
    assert panel.data.summary.text().startswith("2 banks from Meld, fetched just now")


def test_a_hidden_bank_says_why_and_changes_the_form(
    panel: BanksPanel, qtbot: QtBot, open_kept: Callable[..., None]
) -> None:
    open_kept(record(0, "First"), record(1, "Second", ("BALANCES",)))
    panel.view.choose(1)
    qtbot.waitUntil(lambda: "Shown to this customer: no, because PLAID does not offer Owners" in texts(panel))
    with qtbot.waitSignal(panel.change_form) as blocker:
        named(panel.details, QPushButton, "Change the form so that it shows").click()
    assert blocker.args == [(make_optional(Product.OWNERS),)]
    panel.set_request(ConnectStartRequest(optional_products=(Product.OWNERS,)))
    qtbot.waitUntil(lambda: "Shown to this customer: yes" in texts(panel))
    qtbot.waitUntil(lambda: panel.model.index(1, SHOWN).data() == "Yes")
    assert panel.details.bank is not None
    assert panel.details.bank.name == "Second"


def test_a_bank_is_used_and_its_id_copied(panel: BanksPanel, qtbot: QtBot, open_kept: Callable[..., None]) -> None:
    open_kept(record(0, "First"), record(1, "Second"))
    qtbot.waitUntil(lambda: panel.details.bank is not None)
    with qtbot.waitSignal(panel.use_bank) as blocker:
        named(panel, QPushButton, "Use this bank").click()
    assert blocker.args[0].id == "bank0"
    with qtbot.waitSignal(panel.said) as blocker:
        named(panel, QPushButton, "Copy ID").click()
    assert QGuiApplication.clipboard().text() == "bank0"
    panel.filters.search.setFocus()
    QTest.keyClick(panel.filters.search, Qt.Key.Key_Down)
    assert panel.view.hasFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.use_bank) as blocker:
        QTest.keyClick(panel.view, Qt.Key.Key_Return)
    assert blocker.args[0].id == "bank1"


def test_typing_searches_and_nothing_found_says_what_to_do(
    panel: BanksPanel, qtbot: QtBot, open_kept: Callable[..., None]
) -> None:
    open_kept(record(0, "First"), record(1, "Second"))
    search = named(panel, QLineEdit, "Search banks")
    QTest.keyClicks(search, "seco")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1)
    assert panel.count.text() == "1 of 2 banks"
    QTest.keyClicks(search, "zzz")
    qtbot.waitUntil(panel.empty.isVisible)
    assert panel.empty.title.text() == "No bank matches"
    named(panel, QPushButton, "Clear search and filters").click()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2)
    assert search.text() == ""


def test_filters_narrow_the_list(panel: BanksPanel, qtbot: QtBot, open_kept: Callable[..., None]) -> None:
    abroad = record(2, "Third")
    abroad["providers"]["plaid"]["regions"] = ["CA-ON"]
    open_kept(record(0, "First"), record(1, "Second", ("BALANCES",)), abroad)
    subdivision = named(panel, QComboBox, "Subdivision")
    assert not subdivision.isEnabled()
    country = named(panel, QComboBox, "Country")
    country.setCurrentText("Canada")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1)
    assert subdivision.isEnabled()
    country.setCurrentIndex(0)
    named(panel, QComboBox, "Product").setCurrentText("Owners")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2)
    named(panel, QComboBox, "Shown").setCurrentText("Hidden only")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1)
    assert panel.model.bank(0).name == "Third"


def test_names_are_shown_as_text(panel: BanksPanel, qtbot: QtBot, open_kept: Callable[..., None]) -> None:
    open_kept(*(record(number, name) for number, name in enumerate(STRANGE)))
    for row, name in enumerate(STRANGE):
        panel.view.choose(row)
        qtbot.waitUntil(lambda name=name: name in texts(panel))  # type: ignore[misc]
        index = panel.model.index(row, NAME)
        assert index.data() == name
        assert "<b>" not in index.data(Qt.ItemDataRole.ToolTipRole)
        assert "<img" not in index.data(Qt.ItemDataRole.ToolTipRole)
        assert index.data(DETAIL) == f"b{row}.example"
    labels = [label for label in panel.findChildren(QLabel) if label.isVisible() and label.text()]
    said = [label for label in labels if label.textFormat() is not Qt.TextFormat.PlainText]
    assert [label.text() for label in said] == ["Banks"], "the title is ours; everything else is plain text"


def test_the_sandbox_offers_what_there_is(panel: BanksPanel, qtbot: QtBot) -> None:
    panel.set_environment(SANDBOX)
    qtbot.waitUntil(lambda: panel.empty.title.text() == "The sandbox has no list of banks")
    assert "production only" in panel.empty.text.text()
    assert not panel.data.refresh.isVisible()
    named(panel, QPushButton, "Look at Demo's banks").click()
    qtbot.waitUntil(lambda: panel.model.rowCount() > 50)
    assert "not what your customers will see" in panel.data.summary.text()


def test_nothing_yet_offers_to_fetch(panel: BanksPanel, qtbot: QtBot) -> None:
    panel.set_environment(PRODUCTION)
    qtbot.waitUntil(lambda: panel.empty.title.text() == "No banks yet for Production")
    assert named(panel, QPushButton, "Fetch the list").isEnabled()
    named(panel, QPushButton, "Refresh").click()
    assert named(panel, QPushButton, "Cancel loading").isEnabled()
    qtbot.waitUntil(panel.data.problem.isVisible)
    assert "key" in panel.data.problem.text()


def test_twenty_thousand_rows_are_not_looked_at_one_by_one(
    panel: BanksPanel, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: set[int] = set()
    ask = type(panel.model).data

    def data(model: Any, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        looked.add(index.row())
        return ask(model, index, role)

    monkeypatch.setattr(type(panel.model), "data", data)
    keep(folder, *(record(number, f"Bank {number}") for number in range(20_000)))
    panel.set_environment(PRODUCTION)
    qtbot.waitUntil(lambda: panel.model.rowCount() == 20_000, timeout=20_000)
    panel.view.scrollToBottom()
    panel.grab()
    assert 0 < len(looked) < 200


def test_an_import_with_markup_in_its_name(panel: BanksPanel, qtbot: QtBot, folder: Path) -> None:
    file = folder / "a & b.json"
    file.write_text(json.dumps([record(0, "First")]))
    panel.set_environment(SANDBOX)
    qtbot.waitUntil(panel.empty.take_in.isVisible)
    panel._import(str(file))
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1)
    assert panel.data.summary.text().startswith("1 banks from the file a & b.json, imported just now")
