"""A window with its services, put together as the composition root does it, and taken apart again."""

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QCheckBox, QDialog, QLineEdit, QPushButton, QWidget

from meld_desktop.domain.environment_guard import EnvironmentGuard
from meld_desktop.domain.environments import DEMO, Environment
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.link import Link
from meld_desktop.domain.products import LABELS, Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.text import Text
from meld_desktop.services.banks import Banks
from meld_desktop.services.browser import Browser
from meld_desktop.services.connection_watch import ConnectionWatch
from meld_desktop.services.create_link import CreateLink
from meld_desktop.services.demo import Demo
from meld_desktop.services.evidence import Evidence
from meld_desktop.services.keys import Keys
from meld_desktop.services.preferences import Preferences
from meld_desktop.services.regions import Regions
from meld_desktop.services.witness import Witness
from meld_desktop.services.worker import Worker
from meld_desktop.storage.keys import KeyStore
from meld_desktop.storage.settings import Settings
from meld_desktop.ui.content import Content
from meld_desktop.ui.desk import DeskServices
from meld_desktop.ui.main_window import MainWindow
from meld_desktop.ui.result.embedding import Embedder
from meld_desktop.ui.services import Services
from meld_desktop.ui.theme.choice import ThemeChoice
from meld_desktop.ui.theme.theme import Theme

W = TypeVar("W", bound=QWidget)

NOT_HERE = Text("Not in these tests.")
FULL = ConnectStartRequest(
    external_customer_id="support-4711",
    products=(Product.BALANCES, Product.OWNERS),
    optional_products=(Product.TRANSACTIONS,),
    regions=("US", "CA-ON"),
    institution_search_string="Maple",
    redirect_url="https://example.com/done",
)
BROKEN = ConnectStartRequest(
    institution_search_string="Maple",
    institution_id="x",
    redirect_url="javascript:1",
    account_logo_url="ftp://example.com/a.png",
    border_color="blurple",
    border_text_color="nope",
    routing_retry_bank_button_color="1",
    routing_retry_provider_button_color="zz",
)


class NoBrowser:
    """An embedder for machines without WebEngine."""

    def refusal(self, environment: Environment) -> Text | None:
        return NOT_HERE

    def note(self, environment: Environment) -> Text | None:
        return None

    def make(self, link: Link, parent: QWidget) -> QWidget:
        raise ImportError


class Drawer(KeyStore):
    """A keyring for one test: it keeps keys in memory, and fails or hangs when it is told to."""

    def __init__(self) -> None:
        self.keys: dict[str, str] = {}
        self.fails: Kind | None = None
        self.held = threading.Event()
        self.held.set()

    def read(self, host: str) -> str | None:
        self._answer()
        return self.keys.get(host)

    def write(self, host: str, key: str) -> None:
        self._answer()
        self.keys[host] = key

    def delete(self, host: str) -> None:
        self._answer()
        self.keys.pop(host, None)

    def _answer(self) -> None:
        self.held.wait(20)
        if self.fails is not None:
            raise MeldError(self.fails)


class Bench:
    """One window and all it stands on. ``close`` leaves nothing behind."""

    def __init__(
        self,
        application: QApplication,
        folder: Path,
        *,
        environment: Environment = DEMO,
        settings: Settings | None = None,
        environ: Mapping[str, str] | None = None,
        embedder: Embedder | None = None,
    ) -> None:
        self.root = QObject()
        self.drawer = Drawer()
        self.worker = Worker(self.root)
        self.demo = Demo()
        self.keys = Keys(self.worker, self.drawer, environ or {}, self.root)
        self.preferences = Preferences(folder, settings or Settings(), self.worker, self.root)
        self.theme = Theme(application, ThemeChoice((settings or Settings(theme="light")).theme))
        self.bugs: list[BaseException] = []
        self.worker.broke.connect(self.bugs.append)
        guard = EnvironmentGuard()
        self.services = Services(
            CreateLink(self.worker, self.keys, self.demo, self.root, guard),
            self.keys,
            Regions(self.worker, "en", self.root),
            Browser(self.worker, self.root),
            self.preferences,
            self.demo,
            Witness(self.root),
            Evidence(self.worker, self.keys, self.root),
            ConnectionWatch(self.worker, self.keys, self.demo, self.root),
            Banks(self.worker, self.keys, self.demo, folder, self.root, language="en"),
            DeskServices(self.worker, self.keys, self.demo, folder, (settings or Settings()).preset, self.root, guard),
        )
        self.window = MainWindow((settings or Settings()).geometry)
        self.content = Content(self.window, self.services, embedder or NoBrowser(), self.theme, environment)
        self.panel = self.window.panel
        self.form = self.window.panel.form
        self.strip = self.window.strip
        self.result = self.window.panel.result

    def close(self) -> None:
        self.drawer.held.set()
        self.window.close()
        self.worker.close()
        self.panel.close_view()
        self.preferences.close()
        self.services.desk.close()
        self.demo.close()
        for thing in (self.window, self.theme, self.root):
            thing.deleteLater()
        flush()
        assert not self.bugs, self.bugs

    # --- finding and using controls as a person does: by their names

    def find(self, kind: type[W], name: str, inside: QWidget | None = None) -> W:
        """Return the one control of this kind with this accessible name."""
        found = [widget for widget in (inside or self.window).findChildren(kind) if _name_of(widget) == name]
        assert len(found) == 1, f"{len(found)} controls are called {name}"
        return found[0]

    def line(self, name: str) -> QLineEdit:
        return self.find(QLineEdit, name)

    def box(self, name: str) -> QCheckBox:
        return self.find(QCheckBox, name)

    def button(self, name: str, inside: QWidget | None = None) -> QPushButton:
        return self.find(QPushButton, name, inside)

    def tick(self, product: Product, column: str = "required") -> QCheckBox:
        box = self.box(f"{LABELS[product]} {column}")
        box.click()
        return box

    def said_at(self, field: str) -> str:
        """Return what is said at the field with this id."""
        return next(editor.said for editor in self.form.editors if field in {spec.id for spec in editor.specs})

    def action(self, menu_of: str, text: str) -> QAction:
        """Return an entry of the menu behind a button."""
        button = self.find(QAbstractButton, menu_of)
        menu = button.menu()  # type: ignore[attr-defined]
        found: QAction = next(action for action in menu.actions() if action.text().replace("&", "") == text)
        return found

    def dialog(self) -> QDialog:
        """Return the dialog on show."""
        shown = [dialog for dialog in self.window.findChildren(QDialog) if dialog.isVisible()]
        assert len(shown) == 1, shown
        return shown[0]


def _name_of(widget: QWidget) -> str:
    text = widget.text().replace("&", "") if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or text


def flush() -> None:
    """Let deleted objects go; what they held goes with the next round."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
