"""A context menu with nothing in it that leads out of the widget."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtWebEngineCore import QWebEnginePage
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QMenu


def use_short_menu(view: QWebEngineView, reload: Callable[[], None]) -> None:
    """Give ``view`` a menu of Cut, Copy, Paste and Reload instead of Chromium's (save, source, new windows...)."""

    def show(at: QPoint) -> None:
        menu = short_menu(view, reload)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(view.mapToGlobal(at))

    view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    view.customContextMenuRequested.connect(show)


def short_menu(view: QWebEngineView, reload: Callable[[], None]) -> QMenu:
    """Return the menu for what was clicked last, owned by ``view``."""
    menu = QMenu(view)
    for action in (QWebEnginePage.WebAction.Cut, QWebEnginePage.WebAction.Copy, QWebEnginePage.WebAction.Paste):
        menu.addAction(view.pageAction(action))
    menu.addSeparator()
    menu.addAction(QCoreApplication.translate("WidgetView", "Reload")).triggered.connect(reload)
    return menu
