"""A word from the desktop when something happened while the person was looking elsewhere."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

_SHOWN_MS = 10_000


def notify(window: QWidget, title: str, text: str) -> bool:
    """Show a notification, and return whether the desktop takes any; the window asks for attention in any case.

    Nothing is shown while the window has the keyboard: its message strip says it then. ``text`` is on the screen for
    everyone who passes by: it holds no key and no link.
    """
    if window.isActiveWindow():
        return False
    QApplication.alert(window)
    if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
        return False
    icon = QSystemTrayIcon(window.windowIcon(), window)  # messages come from an icon; it stays as long as they do
    icon.show()
    icon.showMessage(title, text, window.windowIcon(), _SHOWN_MS)
    QTimer.singleShot(_SHOWN_MS, icon, icon.deleteLater)
    return True
