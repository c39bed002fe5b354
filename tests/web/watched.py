"""A WidgetView on the screen, and the hands and ears of a test on it."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from meld_desktop.domain.widget_events import Notice, NoticeKind, WidgetEvent
from meld_desktop.domain.witness.observation import Hop, Observation
from meld_desktop.web.widget_view import WidgetView


class Watched:
    """A WidgetView on the screen with what it said so far."""

    def __init__(self, view: WidgetView, qtbot: QtBot) -> None:
        self.view = view
        self._qtbot = qtbot
        self.events: list[WidgetEvent] = []
        self.notices: list[Notice] = []
        self.returned: list[str] = []
        self.observed: list[Observation] = []
        view.event_received.connect(self.events.append)
        view.noticed.connect(self.notices.append)
        view.returned.connect(self.returned.append)
        view.observed.connect(self.observed.append)

    def start(self) -> "Watched":
        self.view.resize(500, 720)
        self.view.show()
        with self._qtbot.waitSignal(self.view.loaded, timeout=20_000):
            self.view.start()
        return self

    def kinds(self) -> list[NoticeKind]:
        return [notice.kind for notice in self.notices]

    def names(self) -> list[str]:
        return [event.name for event in self.events]

    def hops(self) -> list[Hop]:
        return [one for one in self.observed if isinstance(one, Hop)]

    def has_popup(self) -> bool:
        return bool(self.view._popups.windows)

    def wait(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=15_000)

    def run(self, script: str) -> object:
        """Run a script in the widget and return what it gives."""
        answers: list[object] = []
        self.view.run_in_widget(script, answers.append)
        self.wait(lambda: bool(answers))
        return answers[0]

    def wait_until(self, script: str) -> None:
        """Wait until ``script`` is true in the widget, whichever document is there by then."""
        answers: list[object] = []

        def holds() -> bool:
            self.view.run_in_widget(script, answers.append)  # a document on its way out never answers
            return True in answers

        self.wait(holds)

    def run_in_popup(self, script: str, number: int = 0) -> object:
        answers: list[object] = []
        self.view._popups.windows[number].page.runJavaScript(script, 0, answers.append)
        self.wait(lambda: bool(answers))
        return answers[0]

    def settled(self) -> None:
        """Wait until everything the widget posted so far has been heard."""
        before = self.names().count("settled")
        self.run("say('settled')")
        self.wait(lambda: self.names().count("settled") > before)

    def click(self) -> None:
        """Click into the widget: a real input event, so the page counts it as the user's."""
        target = self.view._view.focusProxy()
        assert target is not None
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=QPoint(180, 120))

    def click_to(self, script: str) -> None:
        """Have a click into the widget run ``script``, once."""
        before = self.names().count("clicked")
        assert self.run(f"window.go = () => {{ window.go = null; say('clicked'); {script} }}; 1") == 1

        def arrived() -> bool:
            if self.names().count("clicked") == before and self.view._view.isVisible():  # else a tab is in front of it
                self.click()  # Chromium drops clicks until the page has been painted
            return self.names().count("clicked") > before

        self.wait(arrived)
