"""Windows that a bank's page opens: real ones, with their opener, few, and only after a click."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWebEngineCore import QWebEngineNewWindowRequest, QWebEnginePage, QWebEngineSettings
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QVBoxLayout, QWidget

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.widget_events import NoticeKind
from meld_desktop.web.context_menu import use_short_menu
from meld_desktop.web.page import WidgetPage

POPUP_LIMIT = 3
SCRIPTED_LIMIT = 3
"""How many windows without a click are reported for one page; the rest is blocked in silence."""

_NO_ADDRESS = Text(QT_TRANSLATE_NOOP("domain", "no address yet"))
_SMALLEST = (400, 560)
_LARGEST = (1000, 900)


class BankWindow(QWidget):
    """A window of its own around a bank's page, titled with the bank's host."""

    gone = Signal(object, bool)
    """The window (itself) is closing; True when the user closed it, False when the page or the program did."""

    def __init__(self, make_page: Callable[[QObject], WidgetPage], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._leaving = False
        self.setAccessibleName(self.tr("Bank window"))
        self._view = QWebEngineView(self)
        self.page = make_page(self._view)
        self._view.setPage(self.page)
        use_short_menu(self._view, self._view.reload)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self.setFocusProxy(self._view)
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
        """Take the size the page asks for, within what fits a screen."""
        self.resize(
            min(max(wanted.width(), _SMALLEST[0]), _LARGEST[0]),
            min(max(wanted.height(), _SMALLEST[1]), _LARGEST[1]),
        )

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

    def _on_renderer_death(self, status: QWebEnginePage.RenderProcessTerminationStatus, _code: int) -> None:
        if status is not QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus:
            self.leave()


class Popups(QObject):
    """Keeps the bank windows of one widget: opens them, counts them, closes them."""

    def __init__(self, make_page: Callable[[QObject], WidgetPage], owner: QWidget) -> None:
        super().__init__(owner)
        self._make_page = make_page
        self._owner = owner
        self._open: list[BankWindow] = []

    @property
    def windows(self) -> tuple[BankWindow, ...]:
        """The windows that are open now, oldest first."""
        return tuple(self._open)

    def watch(self, page: WidgetPage) -> None:
        """Answer every wish of ``page`` for a new window. Must stay a direct connection: the wish dies at once."""
        page.newWindowRequested.connect(self._on_request)

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
        page.notice(
            NoticeKind.POPUP_BLOCKED,
            QT_TRANSLATE_NOOP(
                "domain",
                "The page tried to open a window by itself ({host}). It was blocked; windows open only on a click.",
            ),
            host=host,
        )
        if page.scripted_windows >= SCRIPTED_LIMIT:
            # Each costs tens of milliseconds here even when refused: from now on Chromium refuses them by itself.
            page.settings().setAttribute(QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows, False)

    def _open_window(self, request: QWebEngineNewWindowRequest, opener: WidgetPage, host: str | Text) -> None:
        window = BankWindow(self._make_page, self._owner)
        window.gone.connect(self._on_gone)
        # Its end, found out in the middle of a navigation, must wait until Chromium has let go.
        window.page.returned.connect(window.leave, Qt.ConnectionType.QueuedConnection)
        self.watch(window.page)
        self._open.append(window)
        window.take_size(request.requestedGeometry())
        request.openIn(window.page)
        window.show()
        opener.notice(
            NoticeKind.POPUP_OPENED, QT_TRANSLATE_NOOP("domain", "The page opened a window ({host})."), host=host
        )

    def _on_gone(self, window: BankWindow, by_user: bool) -> None:
        self._open.remove(window)
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
