"""Windows that a bank's page opens: real ones or tabs, with their opener, few, and only after a click."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWebEngineCore import QWebEngineNewWindowRequest, QWebEnginePage, QWebEngineSettings
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QVBoxLayout, QWidget

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.widget_events import NoticeKind
from meld_desktop.web.bank_tabs import BankTabs
from meld_desktop.web.context_menu import use_short_menu
from meld_desktop.web.page import WidgetPage

POPUP_LIMIT = 3
SCRIPTED_LIMIT = 3
"""How many windows without a click are reported for one page; the rest is blocked in silence."""

_NO_ADDRESS = Text(QT_TRANSLATE_NOOP("domain", "no address yet"))
_SMALLEST = (400, 560)
_LARGEST = (1000, 900)


class BankWindow(QWidget):
    """A window of its own around a bank's page, or a tab, titled with the bank's host."""

    gone = Signal(object, bool)
    """The window (itself) is closing; True when the user closed it, False when the page or the program did."""
    host_changed = Signal(object, str)
    """The window (itself) shows another host now; "" for none yet."""

    def __init__(self, make_page: Callable[[QObject], WidgetPage], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._leaving = False
        self._size = QSize(*_SMALLEST)
        self.setAccessibleName(self.tr("Bank window"))
        self.view = QWebEngineView(self)
        self.page = make_page(self.view)
        self.view.setPage(self.page)
        use_short_menu(self.view, self.view.reload)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.setFocusProxy(self.view)
        self._show_host(QUrl())
        self.page.urlChanged.connect(self._show_host)
        self.page.windowCloseRequested.connect(self.leave)
        self.page.geometryChangeRequested.connect(self.take_size)
        self.page.renderProcessTerminated.connect(self._on_renderer_death)

    def leave(self) -> None:
        """Close because the page is done or the program wants it, not because the user left."""
        if not self._leaving:
            self._leaving = True
            self.close()
            self.gone.emit(self, False)

    def take_size(self, wanted: QRect) -> None:
        """Take the size the page asks for, within what fits a screen; a tab takes it when it becomes a window."""
        self._size = QSize(
            min(max(wanted.width(), _SMALLEST[0]), _LARGEST[0]),
            min(max(wanted.height(), _SMALLEST[1]), _LARGEST[1]),
        )
        if self.isWindow():
            self.resize(self._size)

    def stand_alone(self, owner: QWidget) -> None:
        """Become a window of its own, over ``owner``."""
        if not self.isWindow():
            self.setParent(owner, Qt.WindowType.Window)
        self.resize(self._size)
        self.show()

    def set_zoom(self, factor: float) -> None:
        """Show the page at ``factor``, and the pages that follow it."""
        self.view.setZoomFactor(factor)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: D102
        if not self._leaving:
            self._leaving = True
            self.gone.emit(self, True)
        super().closeEvent(event)

    def event(self, event: QEvent) -> bool:  # noqa: D102
        if event.type() is QEvent.Type.LanguageChange:
            self._show_host(self.page.url())
        return super().event(event)

    def _show_host(self, url: QUrl) -> None:
        title = self.tr("Bank window")
        self.setWindowTitle(f"{url.host()} – {title}" if url.host() else title)
        self.host_changed.emit(self, url.host())

    def _on_renderer_death(self, status: QWebEnginePage.RenderProcessTerminationStatus, _code: int) -> None:
        if status is not QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus:
            self.leave()


class Popups(QObject):
    """Keeps the bank windows of one widget: opens them, counts them, closes them, as windows or as tabs."""

    def __init__(self, make_page: Callable[[QObject], WidgetPage], owner: QWidget, tabs: BankTabs) -> None:
        super().__init__(owner)
        self._make_page = make_page
        self._owner = owner
        self._tabs = tabs
        self._are_tabs = False
        self._zoom = 1.0
        self._open: list[BankWindow] = []
        self._chosen: BankWindow | None = None

    @property
    def windows(self) -> tuple[BankWindow, ...]:
        """The windows that are open now, oldest first."""
        return tuple(self._open)

    @property
    def chosen(self) -> BankWindow | None:
        """The window that was opened or focused last, or None when the widget was."""
        if self._are_tabs:
            return next((window for window in self._open if window is self._tabs.current), None)
        return self._chosen if self._chosen in self._open else None

    def look_at(self, focused: QWidget, *, is_widget: bool) -> None:
        """Take note of what has the focus now; what is neither the widget nor a window of it changes nothing."""
        if is_widget:
            self._chosen = None
        else:
            inside = (window for window in self._open if window is focused or window.isAncestorOf(focused))
            self._chosen = next(inside, self._chosen)

    def watch(self, page: WidgetPage) -> None:
        """Answer every wish of ``page`` for a new window. Must stay a direct connection: the wish dies at once."""
        page.newWindowRequested.connect(self._on_request)

    def show_as_tabs(self, are_tabs: bool) -> None:
        """Show the windows that are open and those to come as tabs, or as windows."""
        if are_tabs == self._are_tabs:
            return
        self._are_tabs = are_tabs
        for window in self._open:
            self._place(window)

    def set_zoom(self, factor: float) -> None:
        """Show all windows at ``factor``."""
        self._zoom = factor
        for window in self._open:
            window.set_zoom(factor)

    def close_all(self) -> None:
        """Close every window without a word."""
        for window in self.windows:
            window.leave()

    def _on_request(self, request: QWebEngineNewWindowRequest) -> None:
        page = self.sender()
        if not isinstance(page, WidgetPage):
            return
        host = request.requestedUrl().host() or _NO_ADDRESS
        if not request.isUserInitiated():
            self._block(page, host)
        elif len(self._open) >= POPUP_LIMIT:
            page.notice(
                NoticeKind.POPUP_BLOCKED,
                QT_TRANSLATE_NOOP(
                    "domain", "The page wanted one more window ({host}). {limit} are open; close one of them first."
                ),
                host=host,
                limit=POPUP_LIMIT,
            )
        elif page.is_window_allowed(request.requestedUrl()):
            self._open_window(request, page, host)

    def _block(self, page: WidgetPage, host: str | Text) -> None:
        page.scripted_windows += 1
        is_last = page.scripted_windows >= SCRIPTED_LIMIT
        page.notice(
            NoticeKind.POPUP_BLOCKED,
            QT_TRANSLATE_NOOP(
                "domain",
                "The page keeps opening windows by itself ({host}). They are blocked, the rest of them is not shown.",
            )
            if is_last
            else QT_TRANSLATE_NOOP(
                "domain",
                "The page tried to open a window by itself ({host}). It was blocked; windows open only on a click.",
            ),
            host=host,
        )
        if is_last:
            # Each costs tens of milliseconds here even when refused: from now on Chromium refuses them by itself.
            page.settings().setAttribute(QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows, False)

    def _open_window(self, request: QWebEngineNewWindowRequest, opener: WidgetPage, host: str | Text) -> None:
        window = BankWindow(self._make_page, self._owner)
        window.gone.connect(self._on_gone)
        window.host_changed.connect(self._tabs.say)
        # Its end, found out in the middle of a navigation, must wait until Chromium has let go.
        window.page.returned.connect(window.leave, Qt.ConnectionType.QueuedConnection)
        self.watch(window.page)
        self._open.append(window)
        self._chosen = window
        window.take_size(request.requestedGeometry())
        window.page.tell_window(request.requestedUrl(), opened=True)
        request.openIn(window.page)
        window.set_zoom(self._zoom)
        self._place(window)
        opener.notice(
            NoticeKind.POPUP_OPENED, QT_TRANSLATE_NOOP("domain", "The page opened a window ({host})."), host=host
        )

    def _place(self, window: BankWindow) -> None:
        if self._are_tabs:
            self._tabs.add(window, window.page.url().host())
        else:
            self._tabs.take(window)
            window.stand_alone(self._owner)

    def _on_gone(self, window: BankWindow, by_user: bool) -> None:
        self._open.remove(window)
        self._tabs.take(window)
        window.page.tell_window(window.page.url(), opened=False, by_user=by_user)
        host = window.page.url().host() or _NO_ADDRESS
        if by_user:
            window.page.notice(
                NoticeKind.POPUP_CLOSED_BY_USER,
                QT_TRANSLATE_NOOP("domain", "The bank's window ({host}) was closed before the bank closed it."),
                host=host,
            )
        else:
            window.page.notice(
                NoticeKind.POPUP_CLOSED, QT_TRANSLATE_NOOP("domain", "The bank's window ({host}) closed."), host=host
            )
        window.deleteLater()
