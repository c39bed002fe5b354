"""A timeline with its services, without the rest of the window, and links to make sessions from."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget

from meld_desktop.domain.environments import DEMO
from meld_desktop.domain.link import Exchange, Link
from meld_desktop.domain.token import TokenFacts
from meld_desktop.domain.widget_events import WidgetEvent
from meld_desktop.domain.witness.observation import ConsoleLevel, ConsoleLine, Hop, HopKind
from meld_desktop.domain.witness.session import Session
from meld_desktop.services.evidence import Evidence
from meld_desktop.services.keys import Keys
from meld_desktop.services.witness import Witness
from meld_desktop.services.worker import Worker
from meld_desktop.ui.messages import Message
from meld_desktop.ui.result.timeline.model import WHAT
from meld_desktop.ui.result.timeline.pane import TimelinePane
from meld_desktop.ui.theme.choice import ThemeChoice
from meld_desktop.ui.theme.theme import Theme
from tests.ui.bench import FULL, Drawer, flush

W = TypeVar("W", bound=QWidget)

BEGAN = datetime(2026, 11, 23, 14, 2, 3, tzinfo=UTC)
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwbGFudGVkIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg"
KEY = "planted-key-of-the-tests"


def link(customer: str = "support-4711", **changes: object) -> Link:
    """Return a link as *Create link* makes it."""
    request = replace(FULL, external_customer_id=customer, **changes)  # type: ignore[arg-type]
    url = "http://127.0.0.1:4077/bank-linking/connect/start"
    exchange = Exchange("POST", url, (), request.to_json(), 201, "Created", (("X-Request-ID", "b23d65"),), "{}", 0.084)
    widget = f"http://127.0.0.1:4078/?connectToken={TOKEN}"
    facts = TokenFacts(BEGAN, BEGAN + timedelta(hours=4))
    return Link(DEMO, request, "connection-1", "customer-1", customer, widget, facts, exchange)


def png(colour: str = "#0b6e6e", width: int = 60, height: int = 105) -> bytes:
    """Return a picture."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(held.data())


class Clock:
    """A clock that goes only when it is told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return BEGAN + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds


class Scene:
    """One timeline and all it stands on. ``close`` leaves nothing behind."""

    def __init__(self, application: QApplication, theme: str = "light", size: tuple[int, int] = (900, 700)) -> None:
        self.root = QObject()
        self.clock = Clock()
        self.worker = Worker(self.root)
        self.bugs: list[BaseException] = []
        self.worker.broke.connect(self.bugs.append)
        self.keys = Keys(self.worker, Drawer(), {"MELD_API_KEY": KEY}, self.root)
        self.witness = Witness(self.root, now=self.clock.now, monotonic=self.clock.monotonic)
        self.evidence = Evidence(self.worker, self.keys, self.root, now=self.clock.now)
        self.theme = Theme(application, ThemeChoice(theme))
        self.window = QWidget()
        column = QVBoxLayout(self.window)
        column.setContentsMargins(0, 0, 0, 0)
        self.pane = TimelinePane(self.theme, self.witness, self.evidence, self.window)
        column.addWidget(self.pane)
        self.window.resize(*size)
        self.said: list[Message] = []
        self.pane.said.connect(self.said.append)

    @property
    def session(self) -> Session:
        session = self.witness.current
        assert session is not None
        return session

    def begin(self, customer: str = "support-4711", **changes: object) -> None:
        """Make a link, and tell at once what is known of it."""
        self.witness.begin(link(customer, **changes))
        self.witness.flush()

    def play(self) -> None:
        """Let a customer connect a bank, with a redirect to the wrong place."""
        for seconds, seen in (
            (1.0, Hop(f"http://127.0.0.1:4078/?connectToken={TOKEN}", "frame", HopKind.START)),
            (2.0, Hop("https://login.bank.example/oauth?state=planted-state", "window 1", HopKind.WINDOW)),
            (3.0, ConsoleLine(ConsoleLevel.ERROR, "TypeError: x", "login.bank.example/app.js", 12, "window 1")),
            (4.0, Hop("https://other.example.com/done?code=planted-code", "window 1", HopKind.NAVIGATION)),
        ):
            self.clock.seconds = seconds
            self.witness.observe(seen)
        accounts = [{"name": "Planted Checking", "mask": "4455", "type": "depository", "subtype": "checking"}]
        complete = {"institutionName": "Maple Test Bank", "accountCount": 1, "accounts": accounts}
        self.clock.seconds = 7.3
        self.witness.hear(WidgetEvent("init"))
        self.witness.hear(WidgetEvent("connect_complete", complete))
        self.witness.flush()

    def flood(self, count: int, start: int = 0) -> None:
        """Let a page write as many lines, each another one."""
        for number in range(start, start + count):
            line = ConsoleLine(ConsoleLevel.ERROR, f"line {number}", "bank.example/app.js", number, "frame")
            self.witness.observe(line)
        self.witness.flush()

    def titles(self) -> list[str]:
        """Return what the rows say."""
        model = self.pane.model
        return [str(model.index(row, WHAT).data()) for row in range(model.rowCount())]

    def find(self, kind: type[W], name: str, inside: QWidget | None = None) -> W:
        """Return the one control of this kind with this accessible name."""
        found = [widget for widget in (inside or self.window).findChildren(kind) if widget.accessibleName() == name]
        assert len(found) == 1, f"{len(found)} controls are called {name}"
        return found[0]

    def dialog(self) -> QDialog:
        """Return the dialog on show."""
        shown = [dialog for dialog in self.window.findChildren(QDialog) if dialog.isVisible()]
        assert len(shown) == 1, shown
        return shown[0]

    def close(self) -> None:
        self.window.close()
        self.witness.end()
        self.worker.close()
        for thing in (self.window, self.theme, self.root):
            thing.deleteLater()
        flush()
        assert not self.bugs, self.bugs


MakeScene = Callable[..., Scene]


@contextmanager
def scene_for(application: QApplication, **options: object) -> Iterator[Scene]:
    """Show a timeline; at the end no widget may be left, and the application looks as before."""
    before = set(QApplication.topLevelWidgets())
    look = application.font(), application.palette(), application.styleSheet()
    application.setStyle("Fusion")
    scene = Scene(application, **options)  # type: ignore[arg-type]
    scene.window.show()
    QTest.qWaitForWindowActive(scene.window)
    yield scene
    scene.close()
    application.setFont(look[0])
    application.setPalette(look[1])
    application.setStyleSheet(look[2])
    left = [widget for widget in QApplication.topLevelWidgets() if widget not in before]
    assert not left, f"left behind: {left}"


def pack_in(folder: Path) -> Path:
    """Return the one pack in ``folder``."""
    (found,) = folder.glob("*.zip")
    return found
