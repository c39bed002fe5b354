"""What is seen of one widget: its view in the room it was given, bank windows beside it, a message in its place."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from meld_desktop.domain.text import Text
from meld_desktop.domain.view_size import ViewChoices, ViewSize, nearest_zoom
from meld_desktop.domain.widget_answers import Filled, Shot
from meld_desktop.web.bank_tabs import BankTabs
from meld_desktop.web.fill_in import FillIn, Place
from meld_desktop.web.message_panel import MessagePanel
from meld_desktop.web.page import WidgetPage
from meld_desktop.web.pictures import Pictures, Seen
from meld_desktop.web.popups import Popups
from meld_desktop.web.views import ViewRoom


class WidgetStage(QWidget):
    """The outside of a ``WidgetView``. Lives on the GUI thread."""

    choices_changed = Signal(object)
    """The ViewChoices that hold from now on."""

    def __init__(self, choices: ViewChoices, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Widget"))
        self._choices = choices
        self._main = QStackedWidget(self)
        self._room = ViewRoom(choices, self._main)
        self._view = self._room.view
        self._panel = MessagePanel(self._main)
        self._main.addWidget(self._room)
        self._main.addWidget(self._panel)
        self._main.setFocusProxy(self._room)
        self._tabs = BankTabs(self._main, self)
        self._popups = Popups(self._new_popup_page, self, self._tabs)
        self._pictures = Pictures(self._seen, self)
        self._fill_in = FillIn(self._places, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._tabs)
        self.setFocusProxy(self._tabs)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    @property
    def choices(self) -> ViewChoices:
        """How the widget is looked at now."""
        return self._choices

    def choose(self, choices: ViewChoices) -> None:
        """Look at the widget like this from now on; it starts again when it goes to the top level or back."""
        choices = replace(choices, zoom=nearest_zoom(choices.zoom))
        if choices == self._choices:
            return
        before, self._choices = self._choices, choices
        self._arrange()
        self._restyle()
        if before.is_top_level != choices.is_top_level:
            self._change_level()
        self.choices_changed.emit(choices)

    def show_as(self, size: ViewSize) -> None:
        """Give the widget the room of such a device."""
        self.choose(replace(self._choices, size=size))

    def set_zoom(self, factor: float) -> None:
        """Enlarge the widget and the bank windows; 1.0 is their own size."""
        self.choose(replace(self._choices, zoom=factor))

    def set_windows_as_tabs(self, are_tabs: bool) -> None:
        """Show bank windows as tabs above the widget, those that are open too."""
        self.choose(replace(self._choices, windows_as_tabs=are_tabs))

    def set_top_level(self, is_top_level: bool) -> None:
        """Show the widget as a page of its own, or in our frame page; it starts again."""
        self.choose(replace(self._choices, is_top_level=is_top_level))

    def take_picture(self, callback: Callable[[Shot | Text], None]) -> None:
        """Take a picture of what is in sight of the widget and its bank windows, side by side, as PNG.

        Fields with something typed in them, e-mail addresses and runs of five or more digits are covered in the pages
        first. ``callback`` gets a ``Shot``, or a Text with the reason why there is none; from the event loop.
        """
        self._pictures.take(callback)

    def fill_in(self, username: str, password: str, code: str, callback: Callable[[Filled], None]) -> None:
        """Fill in the login form that is in sight: the focused one, or the only one.

        ``callback`` gets a ``Filled`` with what was done, from the event loop.
        """
        self._fill_in.fill(username, password, code, callback)

    def sizeHint(self) -> QSize:  # noqa: D102
        return QSize(400, 680)

    def minimumSizeHint(self) -> QSize:  # noqa: D102
        return QSize(240, 320)

    def _new_popup_page(self, parent: QObject) -> WidgetPage:
        raise NotImplementedError

    def _change_level(self) -> None:
        raise NotImplementedError

    def _restyle(self) -> None:
        raise NotImplementedError

    def _arrange(self) -> None:
        self._room.arrange(self._choices)
        self._popups.set_zoom(self._choices.zoom)
        self._popups.show_as_tabs(self._choices.windows_as_tabs)

    def _show_view(self) -> None:
        self._show(self._room)

    def _show_message(self, text: Text) -> None:
        self._panel.say(text)
        self._show(self._panel)

    def _show(self, widget: QWidget) -> None:
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self._main.isAncestorOf(focused)
        self._main.setCurrentWidget(widget)
        self._main.setFocusProxy(widget)
        if had_focus:
            widget.setFocus()

    def _close_stage(self) -> None:
        """Close bank windows, and tell everyone who still waits for an answer."""
        self._popups.close_all()
        self._pictures.close()
        self._fill_in.close()

    def _seen(self) -> list[Seen]:
        widget = Seen(self._view, below_main=not self._choices.is_top_level)
        everything = [widget, *(Seen(window.view) for window in self._popups.windows)]
        return [seen for seen in everything if isValid(seen.view) and seen.view.isVisible()]

    def _places(self) -> list[Place]:
        chosen = self._popups.chosen
        has_widget = isValid(self._view) and self._main.currentWidget() is self._room
        places = [Place(self._view.page(), chosen is None)] if has_widget else []
        return places + [Place(window.page, window is chosen) for window in self._popups.windows]

    def _on_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None:
            self._popups.look_at(now, is_widget=self._main.isAncestorOf(now))
