"""The widget on the screen: one link in a profile of its own, in our frame page or top level."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWebEngineCore import QWebEngineDownloadRequest, QWebEngineFrame, QWebEngineLoadingInfo, QWebEnginePage
from PySide6.QtWidgets import QApplication, QWidget

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.view_size import ViewChoices
from meld_desktop.domain.widget_events import Notice, NoticeKind, origin_of, parse_message, shorten
from meld_desktop.domain.witness.observation import IgnoredReason, LeftOutKind, Observation
from meld_desktop.web import bridge, frame
from meld_desktop.web.blankness import BlankWatch
from meld_desktop.web.context_menu import use_short_menu
from meld_desktop.web.frames import branch
from meld_desktop.web.message_panel import NOT_LOADED, STOPPED
from meld_desktop.web.notice_gate import NoticeGate
from meld_desktop.web.observer import Observer
from meld_desktop.web.page import WidgetPage
from meld_desktop.web.policy import Rules
from meld_desktop.web.profile import new_profile
from meld_desktop.web.request_watch import RequestWatch
from meld_desktop.web.views import frame_properties
from meld_desktop.web.widget_stage import WidgetStage

_QUEUED = Qt.ConnectionType.QueuedConnection
_REASONS = frozenset(IgnoredReason)
_ABORTED = -3
"""Chromium's ERR_ABORTED: what a refused navigation ends with, and no failure of the page that stays."""


class WidgetView(WidgetStage):
    """Shows one widget URL, hears its events and keeps it within the navigation policy.

    Lives on the GUI thread. Every signal comes from the event loop, never from inside Chromium, so a slot may call
    ``reload`` or ``dispose`` right away.
    """

    event_received = Signal(object)
    """A WidgetEvent, from the widget's own origin."""
    noticed = Signal(object)
    """A Notice: a popup, a refusal, a failed load."""
    returned = Signal(str)
    """The return URL was reached and stopped before it loaded; its host and path."""
    loaded = Signal()
    """The widget's document finished loading; once for each start."""
    prepared = Signal()
    """After ``prepare``: the page around the widget is there and waits for an address."""
    navigation_started = Signal()
    """The widget's address begins to load; once for each start."""
    renderer_died = Signal(object)
    """A Text with what happened. The view already says it, with a Reload button."""
    blank = Signal()
    """Ten seconds after the start nothing is painted in the widget, and it said nothing; at most once a start."""
    observed = Signal(object)
    """An Observation of what the pages do, in order with the other signals."""
    _later = Signal(object, object)
    """A callable and its argument: Chromium's answers come from inside it, where nothing may be deleted."""

    def __init__(
        self,
        widget_url: str = "",
        *,
        return_url: str = "",
        loopback_allowed: bool = False,
        top_level: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(ViewChoices(is_top_level=top_level), parent)
        self._widget_url = widget_url
        self._widget_origin = origin_of(widget_url)
        self._return_url, self._loopback_allowed = return_url, loopback_allowed
        self._rules = self._rules_now()
        self._background = self.palette().color(QPalette.ColorRole.Window)
        self._dark = False
        self._gate = NoticeGate()
        self._disposed = False
        self._has_loaded = False
        self._is_prepared = False
        self._windows = 0
        self._later.connect(self._on_later, _QUEUED)
        self._open_profile()
        self._page = self._new_page()
        self._view.setPage(self._page)
        use_short_menu(self._view, self.reload)
        self._popups.watch(self._page)
        self._panel.reload_wanted.connect(self.reload, _QUEUED)
        self._blank_watch = BlankWatch(self._widget_frames, self)
        self._blank_watch.blank.connect(self.blank)

    def prepare(self) -> None:
        """Load the page around the widget while there is no link yet; ``prepared`` says when it is there."""
        if not self._disposed and not self._widget_url and not self.choices.is_top_level:
            self._load_page()

    def take(self, widget_url: str, *, return_url: str, loopback_allowed: bool) -> None:
        """Become the view of this link, for a view made without one.

        Raises ``RuntimeError`` when it is another link's already: its profile knows what that link's banks stored.
        """
        if self._widget_url:
            raise RuntimeError("a view shows one link only")
        self._widget_url = widget_url
        self._widget_origin = origin_of(widget_url)
        self._return_url, self._loopback_allowed = return_url, loopback_allowed
        self._rules = self._rules_now()
        self._page.use(self._rules, widget_url)

    @property
    def is_prepared(self) -> bool:
        """Whether ``start`` would find the page around the widget ready."""
        return self._is_prepared

    def start(self) -> None:
        """Load the widget."""
        if self._disposed or not self._widget_url:
            return
        self._has_loaded = False
        self._blank_watch.begin()
        self._page.expect_widget()
        if self._is_prepared:
            self._is_prepared = False
            self._page.runJavaScript(frame.opening_script(self._widget_url), frame.LISTENER_WORLD)
        else:
            self._load_page()

    def reload(self) -> None:
        """Begin again with the same link: bank windows close, cookies stay, a dead renderer is replaced."""
        if not self._disposed:
            self._renew_page()
            self.start()

    def back_to_start(self) -> None:
        """Begin again as if the link had just been made: cookies and all that the banks stored are forgotten too."""
        if self._disposed:
            return
        old = self._profile
        self._popups.close_all()
        self._open_profile()
        self._renew_page()
        self.destroyed.disconnect(old.deleteLater)
        old.deleteLater()  # after its pages, which are on their way out already
        self.start()

    def dispose(self) -> None:
        """End it: bank windows, page and view, then the profile with everything the banks stored. Idempotent.

        What is deleted goes when the event loop comes round, in that order. At quit, send the deferred deletions
        (``QCoreApplication.sendPostedEvents(None, QEvent.DeferredDelete)``) after this.
        """
        if self._disposed:
            return
        self._disposed = True
        self._blank_watch.end()
        self._close_stage()
        self._main.setFocusProxy(self._panel)
        self._view.hide()
        self._view.deleteLater()
        self._profile.deleteLater()

    def set_appearance(self, background: QColor | str, dark: bool) -> None:
        """Give the page around the widget the window's own colours. The widget itself keeps Meld's."""
        self._background, self._dark = QColor(background), dark
        if self._disposed:
            return
        self._page.setBackgroundColor(self._background)
        self._restyle()

    def run_in_widget(self, script: str, callback: Callable[[object], None]) -> None:
        """Run JavaScript in the widget's document and call ``callback`` with the result (None without a widget).

        The call comes from the event loop, or never when the document goes away before it answers. For the guided tour
        and tests: nothing a user does comes this way.
        """
        widget = self._widget_frame()
        if widget is None:
            self._later.emit(callback, None)
        else:
            widget.runJavaScript(script, partial(self._later.emit, callback))

    def _rules_now(self) -> Rules:
        return Rules(
            widget_origin=self._widget_origin,
            frame_origin="" if self.choices.is_top_level else frame.FRAME_ORIGIN,
            return_url=self._return_url,
            loopback_allowed=self._loopback_allowed,
        )

    def _open_profile(self) -> None:
        # A child of the application, not of this widget: children die in the order they came, and a profile must
        # outlive its pages. If nobody calls dispose(), the profile goes after the view all the same.
        self._profile = new_profile(QApplication.instance() or self)
        self.destroyed.connect(self._profile.deleteLater)
        self._profile.downloadRequested.connect(self._on_download)
        # Children of the profile, which may make requests until it ends.
        self._observer = Observer(self._profile)
        self._observer.seen.connect(self._on_observed, _QUEUED)
        # Kept here, because Qt does not keep it: without a reference it is gone at once, in spite of its parent.
        self._watch = RequestWatch(self._observer, self._profile)
        self._profile.setUrlRequestInterceptor(self._watch)
        self._profile.scripts().insert(self._observer.script())

    def _renew_page(self) -> None:
        self._popups.close_all()
        # A new page, because the old one may be dead, or may hold on with a "leave this page?" of its own.
        self._is_prepared = False
        old, self._page = self._page, self._new_page()
        self._popups.watch(self._page)
        self._view.setPage(self._page)
        old.deleteLater()
        self._arrange()
        self._show_view()

    def _change_level(self) -> None:
        if not self._disposed:
            self._rules = self._rules_now()
            self._renew_page()
            self.start()

    def _restyle(self) -> None:
        style = self._style()
        self._room.set_colours(self._background, QColor(style["--line"]))
        if not self._disposed and not self.choices.is_top_level:
            self._page.runJavaScript(frame.style_script(style), frame.LISTENER_WORLD)

    def _load_page(self) -> None:
        self._page.scripts().clear()
        self._page.scripts().insert(
            frame.listener_script(self._widget_url, top_level=self.choices.is_top_level, style=self._style())
        )
        self._page.setBackgroundColor(self._background)
        self._page.expect_frame()
        if self.choices.is_top_level:
            self._page.load(QUrl(self._widget_url))
        else:
            self._page.setHtml(frame.frame_html(), QUrl(frame.FRAME_ORIGIN + "/"))

    def _new_page(self) -> WidgetPage:
        page = WidgetPage(
            self._profile, self._rules, observer=self._observer, widget_url=self._widget_url, parent=self._view
        )
        self._listen(page)
        page.heard.connect(self._on_report, _QUEUED)
        page.started.connect(self._on_started, _QUEUED)
        page.start_refused.connect(self._on_start_refused, _QUEUED)
        page.renderProcessTerminated.connect(self._on_renderer_death, _QUEUED)
        page.loadingChanged.connect(self._on_loading, _QUEUED)
        bridge.attach(page, page.hear)
        return page

    def _new_popup_page(self, parent: QObject) -> WidgetPage:
        self._windows += 1
        window = f"window {self._windows}"
        page = WidgetPage(self._profile, self._rules, observer=self._observer, window=window, parent=parent)
        self._listen(page)
        return page

    def _listen(self, page: WidgetPage) -> None:
        page.noticed.connect(self._on_notice, _QUEUED)
        page.returned.connect(self._on_returned, _QUEUED)

    def _style(self) -> dict[str, str]:
        return {
            "--background": self._background.name(QColor.NameFormat.HexRgb),
            "--line": "#303844" if self._dark else "#dfe3e8",
            **frame_properties(self.choices),
        }

    def _widget_frame(self) -> QWebEngineFrame | None:
        if self._disposed:
            return None
        if self.choices.is_top_level:
            return self._page.mainFrame()
        return next(iter(self._page.mainFrame().children()), None)

    def _widget_frames(self) -> tuple[QWebEngineFrame, ...]:
        widget = self._widget_frame()
        return branch(widget) if widget is not None else ()

    def _on_notice(self, notice: Notice) -> None:
        if self._disposed:
            return
        if (shown := self._gate.pass_on(notice)) is not None:
            self.noticed.emit(shown)
        if shown is not notice:
            self._observer.leave_out(LeftOutKind.NOTICES, "widget")

    def _on_observed(self, observation: Observation) -> None:
        if not self._disposed:
            self.observed.emit(observation)

    def _on_returned(self, place: str) -> None:
        if not self._disposed:
            self.returned.emit(place)

    def _on_started(self) -> None:
        if not self._disposed:
            self.navigation_started.emit()

    def _on_start_refused(self, reason: Text) -> None:
        self._fail(NoticeKind.NAVIGATION_REFUSED, reason)

    def _on_report(self, kind: str, origin: str, text: str) -> None:
        if self._disposed:
            return
        if kind in {"message", "dropped"}:
            self._blank_watch.end()
        if kind == "message":
            event = parse_message(origin, text, self._widget_origin)
            if event is not None:
                self.event_received.emit(event)
            else:
                self._observer.ignored(IgnoredReason.UNREADABLE, origin, 1)
        elif kind == "ignored":
            self._on_ignored(origin, text)
        elif kind == "ready":
            if not self._widget_url:  # else the link came first, and its page is loading in place of the empty one
                self._is_prepared = True
                self.prepared.emit()
        elif kind == "dropped":
            dropped = Text(
                QT_TRANSLATE_NOOP("domain", "The widget said too much at once; {count} messages were not read."),
                count=text,
            )
            self._on_notice(Notice(NoticeKind.MESSAGES_DROPPED, dropped))
        elif kind == "loaded" and (widget := self._widget_frame()) is not None:
            # The frame's load event also comes for Chromium's own error page, which keeps the address it failed at.
            widget.runJavaScript(
                "location.protocol", frame.LISTENER_WORLD, partial(self._later.emit, self._on_protocol)
            )

    def _on_ignored(self, origin: str, text: str) -> None:
        reason, _, count = text.partition(" ")
        if reason in _REASONS and count.isdecimal():
            self._observer.ignored(IgnoredReason(reason), origin, int(count[:9]))

    def _on_later(self, call: Callable[[object], None], argument: object) -> None:
        call(argument)

    def _on_protocol(self, protocol: object) -> None:
        if protocol == "chrome-error:":
            self._on_load_failed()
        elif not self._disposed and not self._has_loaded:
            self._has_loaded = True
            self._blank_watch.loaded()
            self.loaded.emit()

    def _on_loading(self, info: QWebEngineLoadingInfo) -> None:
        if self._disposed or not self.choices.is_top_level:
            return
        if info.status() is QWebEngineLoadingInfo.LoadStatus.LoadSucceededStatus:
            self._on_protocol("")
        elif info.status() is QWebEngineLoadingInfo.LoadStatus.LoadFailedStatus and info.errorCode() != _ABORTED:
            self._on_load_failed()

    def _on_load_failed(self) -> None:
        self._fail(NoticeKind.LOAD_FAILED, NOT_LOADED)

    def _on_renderer_death(self, status: QWebEnginePage.RenderProcessTerminationStatus, _code: int) -> None:
        if self._disposed or status is QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus:
            return
        self._is_prepared = False
        self._blank_watch.end()
        self._show_message(STOPPED)
        self.renderer_died.emit(STOPPED)

    def _on_download(self, download: QWebEngineDownloadRequest) -> None:
        download.cancel()
        self._page.notice(
            NoticeKind.DOWNLOAD_REFUSED,
            QT_TRANSLATE_NOOP("domain", "{host} offered a file ({name}). Nothing is saved from here."),
            host=download.url().host(),
            name=shorten(download.suggestedFileName(), 80),
        )

    def _fail(self, kind: NoticeKind, text: Text) -> None:
        if self._disposed:
            return
        self._blank_watch.end()
        self._show_message(text)
        self._on_notice(Notice(kind, text))
