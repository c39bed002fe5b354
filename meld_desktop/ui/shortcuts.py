"""The keyboard shortcuts: one table for the shortcuts themselves and for the page that lists them."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from shiboken6 import isValid

from meld_desktop.domain.text import QT_TRANSLATE_NOOP


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What a key does; the first of ``keys`` is the one shown."""

    id: str
    keys: tuple[str, ...]
    text: str

    @property
    def label(self) -> str:
        """What it does, in the language of the window."""
        return QCoreApplication.translate("Shortcuts", self.text)

    @property
    def shown(self) -> str:
        """The key as this system writes it."""
        return QKeySequence(self.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


SHORTCUTS = (
    Shortcut("create", ("Ctrl+Return", "Ctrl+Enter"), QT_TRANSLATE_NOOP("Shortcuts", "Create the link")),
    Shortcut("cancel", ("Esc",), QT_TRANSLATE_NOOP("Shortcuts", "Stop waiting for Meld")),
    Shortcut("customer", ("Ctrl+L",), QT_TRANSLATE_NOOP("Shortcuts", "Go to the customer ID")),
    Shortcut("copy", ("Ctrl+Shift+C",), QT_TRANSLATE_NOOP("Shortcuts", "Copy the link")),
    Shortcut("browser", ("Ctrl+Shift+O",), QT_TRANSLATE_NOOP("Shortcuts", "Open the link in the browser")),
    Shortcut("reload", ("F5",), QT_TRANSLATE_NOOP("Shortcuts", "Start the widget again")),
    Shortcut("widget", ("Ctrl+1",), QT_TRANSLATE_NOOP("Shortcuts", "Show the widget")),
    Shortcut("request", ("Ctrl+2",), QT_TRANSLATE_NOOP("Shortcuts", "Show the request")),
    Shortcut("response", ("Ctrl+3",), QT_TRANSLATE_NOOP("Shortcuts", "Show the response")),
    Shortcut("timeline", ("Ctrl+4",), QT_TRANSLATE_NOOP("Shortcuts", "Show the timeline")),
    Shortcut("token", ("Ctrl+5",), QT_TRANSLATE_NOOP("Shortcuts", "Show what the token says")),
    Shortcut("evidence", ("Ctrl+E",), QT_TRANSLATE_NOOP("Shortcuts", "Save the evidence")),
    Shortcut("picture", ("Ctrl+Shift+P",), QT_TRANSLATE_NOOP("Shortcuts", "Take a picture of the widget")),
    Shortcut("zoom-in", ("Ctrl++", "Ctrl+="), QT_TRANSLATE_NOOP("Shortcuts", "Enlarge the widget")),
    Shortcut("zoom-out", ("Ctrl+-",), QT_TRANSLATE_NOOP("Shortcuts", "Make the widget smaller")),
    Shortcut("actual-size", ("Ctrl+0",), QT_TRANSLATE_NOOP("Shortcuts", "Show the widget in its own size")),
    Shortcut("new-link", ("Ctrl+N",), QT_TRANSLATE_NOOP("Shortcuts", "Go to the form")),
    Shortcut("next-customer", ("Ctrl+Shift+N",), QT_TRANSLATE_NOOP("Shortcuts", "Next customer, same settings")),
    Shortcut("links", ("Ctrl+Shift+L",), QT_TRANSLATE_NOOP("Shortcuts", "Look at the links that were made")),
    Shortcut("banks", ("Ctrl+B",), QT_TRANSLATE_NOOP("Shortcuts", "Look at the banks")),
    Shortcut("key", ("Ctrl+K",), QT_TRANSLATE_NOOP("Shortcuts", "API key")),
    Shortcut("help", ("F1",), QT_TRANSLATE_NOOP("Shortcuts", "These shortcuts")),
    Shortcut("quit", ("Ctrl+Q",), QT_TRANSLATE_NOOP("Shortcuts", "Quit")),
)


def install(window: QWidget, actions: dict[str, Callable[[], object]]) -> None:
    """Give ``window`` every shortcut; ``actions`` has one callable for each id. Raises KeyError when one is missing."""
    for shortcut in SHORTCUTS:
        for keys in shortcut.keys:
            key = QShortcut(QKeySequence(keys), window)
            key.setContext(Qt.ShortcutContext.WindowShortcut)
            key.setAutoRepeat(False)
            key.activated.connect(actions[shortcut.id])
    application = QApplication.instance()
    if isinstance(application, QApplication):
        application.focusChanged.connect(_First(window).watch)


class _First(QObject):
    """Lets our shortcuts come before those of text fields, where X11 has keys such as Ctrl+E for the end of a line."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._keys = {QKeySequence(keys) for shortcut in SHORTCUTS for keys in shortcut.keys if "Ctrl" in keys}
        self._watched: QWidget | None = None

    def watch(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Look at what is typed into ``now``, when it is a text field of the window."""
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
        is_text = isinstance(now, QLineEdit | QTextEdit | QPlainTextEdit)
        self._watched = now if is_text and now is not None and now.window() is self._window else None
        if self._watched is not None:
            self._watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a field from claiming a key of ours."""
        if not (event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)):
            return super().eventFilter(watched, event)
        event.ignore()
        return QKeySequence(event.keyCombination()) in self._keys
