"""The one narrow way from the frame page into the program."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import QWebEnginePage

from meld_desktop.web.frame import LISTENER_WORLD


class Bridge(QObject):
    """What the listener's isolated world may call: one slot, no properties, no signals of its own."""

    def __init__(self, hear: Callable[[str, str, str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._hear = hear

    @Slot(str, str, str)
    def hear(self, kind: str, origin: str, text: str) -> None:
        """Take one report of the listener: "ready", "message", "dropped", "ignored" or "loaded"."""
        self._hear(kind, origin, text)


def attach(page: QWebEnginePage, hear: Callable[[str, str, str], None]) -> None:
    """Let the listener in ``page`` call ``hear(kind, origin, text)``, on the GUI thread, as long as the page lives."""
    channel = QWebChannel(page)
    channel.registerObject("bridge", Bridge(hear, channel))
    page.setWebChannel(channel, LISTENER_WORLD)
