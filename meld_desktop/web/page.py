"""A page of the widget or of a bank's window: every question Chromium asks is answered here, mostly with no."""

from PySide6.QtCore import QCoreApplication, QObject, QUrl, Signal
from PySide6.QtWebEngineCore import (
    QWebEngineCertificateError,
    QWebEngineDesktopMediaRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineProfile,
    QWebEngineWebAuthUxRequest,
)

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.widget_events import Notice, NoticeKind, shorten
from meld_desktop.domain.witness.observation import AttemptKind, ConsoleLevel, HopKind, LeftOutKind
from meld_desktop.web.observer import Observer
from meld_desktop.web.policy import Kind, Request, Rules, Verdict, decide, host_and_path

DIALOG_LIMIT = 3
"""How many alert, confirm and prompt dialogs of one page are reported; a page may loop over them."""

_PERMISSIONS = {
    QWebEnginePermission.PermissionType.MediaAudioCapture: QT_TRANSLATE_NOOP("domain", "the microphone"),
    QWebEnginePermission.PermissionType.MediaVideoCapture: QT_TRANSLATE_NOOP("domain", "the camera"),
    QWebEnginePermission.PermissionType.MediaAudioVideoCapture: QT_TRANSLATE_NOOP("domain", "camera and microphone"),
    QWebEnginePermission.PermissionType.DesktopVideoCapture: QT_TRANSLATE_NOOP("domain", "a recording of the screen"),
    QWebEnginePermission.PermissionType.DesktopAudioVideoCapture: QT_TRANSLATE_NOOP(
        "domain", "a recording of the screen with sound"
    ),
    QWebEnginePermission.PermissionType.MouseLock: QT_TRANSLATE_NOOP("domain", "the mouse pointer"),
    QWebEnginePermission.PermissionType.Notifications: QT_TRANSLATE_NOOP("domain", "notifications"),
    QWebEnginePermission.PermissionType.Geolocation: QT_TRANSLATE_NOOP("domain", "the location"),
    QWebEnginePermission.PermissionType.ClipboardReadWrite: QT_TRANSLATE_NOOP("domain", "the clipboard"),
    QWebEnginePermission.PermissionType.LocalFontsAccess: QT_TRANSLATE_NOOP("domain", "the list of fonts"),
}

_CONSOLE_LEVELS = {
    QWebEnginePage.JavaScriptConsoleMessageLevel.InfoMessageLevel: ConsoleLevel.INFO,
    QWebEnginePage.JavaScriptConsoleMessageLevel.WarningMessageLevel: ConsoleLevel.WARNING,
    QWebEnginePage.JavaScriptConsoleMessageLevel.ErrorMessageLevel: ConsoleLevel.ERROR,
}
_HOPS = {Verdict.FINISHED: HopKind.RETURN, Verdict.EXTERNAL: HopKind.APP, Verdict.REFUSE: HopKind.REFUSED}


class WidgetPage(QWebEnginePage):
    """One page under the rules of one widget. Lives on the GUI thread.

    Its signals are sent from the middle of Chromium's questions: connect them queued.
    """

    noticed = Signal(object)
    """A Notice."""
    returned = Signal(str)
    """The return URL was reached and not loaded; host and path of it."""
    heard = Signal(str, str, str)
    """A report of the listener: kind, origin, text."""
    started = Signal()
    """The widget's own address begins to load."""
    start_refused = Signal(object)
    """The widget's own address is not allowed; a Text."""

    def __init__(
        self,
        profile: QWebEngineProfile,
        rules: Rules,
        *,
        observer: Observer,
        widget_url: str = "",
        window: str = "",
        parent: QObject,
    ) -> None:
        """``window`` is the name of the bank's window that the page is for, "" for the widget's own page."""
        super().__init__(profile, parent)
        self._rules = rules
        self._widget_url = QUrl(widget_url)
        self._observer = observer
        self._window = window
        self._is_popup = bool(window)
        self._is_empty = True
        self._is_refusing = False
        self._frame_expected = False
        self._widget_expected = False
        self._dialogs = 0
        self.scripted_windows = 0
        self.certificateError.connect(self._on_certificate_error)
        self.permissionRequested.connect(self._on_permission)
        self.webAuthUxRequested.connect(self._on_passkey)
        self.desktopMediaRequested.connect(self._on_screen_capture)

    def use(self, rules: Rules, widget_url: str) -> None:
        """Take the rules and the address of a link, for a page that was made before the link was there."""
        self._rules = rules
        self._widget_url = QUrl(widget_url)

    def expect_frame(self) -> None:
        """Take the next load of the frame page as our own."""
        self._frame_expected = bool(self._rules.frame_origin)

    def expect_widget(self) -> None:
        """Take the next load of the widget's address as our own."""
        self._widget_expected = True

    def hear(self, kind: str, origin: str, text: str) -> None:
        """Pass on a report of the listener."""
        self.heard.emit(kind, origin, text)

    def notice(self, kind: NoticeKind, source: str, **values: object) -> None:
        """Say what was done or refused."""
        self.noticed.emit(Notice(kind, Text(source, **values)))

    @property
    def place(self) -> str:
        """The name of the page for an observation."""
        return self._window or "widget"

    def tell_window(self, url: QUrl, *, opened: bool, by_user: bool = False) -> None:
        """Tell the observer that the bank's window around this page opened or closed."""
        self._observer.window(self.place, _text(url), opened=opened, by_user=by_user)

    def is_window_allowed(self, url: QUrl) -> bool:
        """Tell whether a window may open with ``url``, and say so if not."""
        if url.isEmpty():
            return True
        return self._is_allowed(Request(_text(url), is_main_frame=True, kind=Kind.NEW_WINDOW))

    # A virtual method and not the signal: if this ever raised, Qt would take it for a no.
    def acceptNavigationRequest(  # noqa: D102
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main_frame: bool, /
    ) -> bool:
        url = QUrl(url)
        if is_main_frame and self._frame_expected:
            self._frame_expected = False
            return self._is_allowed(Request(_text(url)[:64], is_main_frame=True, kind=Kind.START))
        # "https://host?x" and "https://host/?x" are one address; Chromium says the latter.
        if self._widget_expected and _text(url).replace("/?", "?", 1) == _text(self._widget_url).replace("/?", "?", 1):
            self._widget_expected = False
            return self._starts(Request(_text(url), is_main_frame, self._is_popup, Kind.START))
        # A server's redirect, each hop of it, and also a page's own that waits for no click (meta refresh, scripts).
        redirect = kind is QWebEnginePage.NavigationType.NavigationTypeRedirect
        return self._is_allowed(
            Request(_text(url), is_main_frame, self._is_popup, Kind.REDIRECT if redirect else Kind.NAVIGATION)
        )

    def javaScriptAlert(self, origin: QUrl | str, message: str, /) -> None:  # noqa: D102
        self._report_dialog(origin, message, QT_TRANSLATE_NOOP("domain", "{host} says: {message}"))

    def javaScriptConfirm(self, origin: QUrl | str, message: str, /) -> bool:  # noqa: D102
        # Leaving a half-filled page is asked through the same door, in Qt's own words. Staying would trap the flow.
        leaving = "Are you sure you want to leave this page? Changes that you made may not be saved."
        if message in (leaving, QCoreApplication.translate("QWebEnginePage", leaving)):
            self._observer.attempt(AttemptKind.HOLD, _text(QUrl(origin)), self.place)
            return True
        self._report_dialog(
            origin,
            message,
            QT_TRANSLATE_NOOP(
                "domain",
                "{host} asked “{message}” and was answered with Cancel. If the flow needs another answer, use “Open in "
                "browser”.",
            ),
        )
        return False

    def javaScriptPrompt(self, origin: QUrl | str, message: str, default: str, /) -> tuple[bool, str]:  # noqa: ARG002, D102
        self._report_dialog(
            origin,
            message,
            QT_TRANSLATE_NOOP(
                "domain",
                "{host} asked for words (“{message}”) and was answered with Cancel. If the flow needs another answer, "
                "use “Open in browser”.",
            ),
        )
        return False, ""

    def javaScriptConsoleMessage(
        self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, message: str, line: int, source: str, /
    ) -> None:
        """Keep a page's console out of our log, as it may hold a connect token, and tell it to the observer."""
        self._observer.console(_CONSOLE_LEVELS.get(level, ConsoleLevel.INFO), message, source, line, self.place)

    def chooseFiles(self, *_: object) -> list[str]:  # noqa: N802 - Qt's name
        """Refuse to hand over files of this computer."""
        self.notice(
            NoticeKind.FILE_REFUSED,
            QT_TRANSLATE_NOOP("domain", "The page asked for a file of this computer. It got none."),
        )
        return []

    def _starts(self, request: Request) -> bool:
        decision = decide(request, self._rules)
        self._tell_hop(request, decision.verdict)
        if decision.verdict is Verdict.ALLOW:
            self.started.emit()
            return True
        self.start_refused.emit(decision.reason)
        return False

    def _is_allowed(self, request: Request) -> bool:
        decision = decide(request, self._rules)
        self._tell_hop(request, decision.verdict)
        match decision.verdict:
            case Verdict.ALLOW:
                return True
            case Verdict.FINISHED:
                self.returned.emit(host_and_path(request.url))
            case Verdict.EXTERNAL:
                self.noticed.emit(Notice(NoticeKind.EXTERNAL_SCHEME, decision.reason))
            case Verdict.REFUSE:
                self.noticed.emit(Notice(NoticeKind.NAVIGATION_REFUSED, decision.reason))
        return False

    def _tell_hop(self, request: Request, verdict: Verdict) -> None:
        # A new window is asked about before there is one; then all but the widget's own page stand in a frame.
        is_top = request.is_main_frame and (request.kind is not Kind.NEW_WINDOW or self._is_popup or self._is_bare)
        place = self.place if is_top else f"{self._window} frame".lstrip()
        kind = _HOPS.get(verdict)
        if kind is None:
            if request.kind is Kind.NEW_WINDOW:
                return  # the window tells of it when it goes there
            if request.kind is Kind.START:
                if is_top and not self._is_bare:
                    return  # our own frame page
                kind = HopKind.START
            elif self._is_popup and is_top and self._is_empty:
                self._is_empty = False
                kind = HopKind.WINDOW
            else:
                kind = HopKind.REDIRECT if request.kind is Kind.REDIRECT else HopKind.NAVIGATION
        self._observer.hop(request.url, place, kind)

    @property
    def _is_bare(self) -> bool:
        """Whether the widget stands here without our page around it."""
        return not self._rules.frame_origin

    def _report_dialog(self, origin: QUrl | str, message: str, source: str) -> None:
        self._dialogs += 1
        if self._dialogs <= DIALOG_LIMIT:
            host = QUrl(origin).host() or "?"
            self.notice(NoticeKind.DIALOG_ANSWERED, source, host=host, message=shorten(message))
        elif self._dialogs == DIALOG_LIMIT + 1:
            self.notice(
                NoticeKind.DIALOG_ANSWERED,
                QT_TRANSLATE_NOOP("domain", "The page keeps opening message boxes. The rest of them is not shown."),
            )
        if self._dialogs > DIALOG_LIMIT:
            self._observer.leave_out(LeftOutKind.DIALOGS, self.place)

    def _on_certificate_error(self, error: QWebEngineCertificateError) -> None:
        error.rejectCertificate()
        self.notice(
            NoticeKind.CERTIFICATE_REFUSED,
            QT_TRANSLATE_NOOP(
                "domain",
                "The identity of {host} could not be verified ({why}), so nothing was loaded from it. Check the date "
                "and time of this computer; on a company network, ask whether traffic is inspected.",
            ),
            host=error.url().host(),
            why=shorten(error.description(), 120),
        )

    def _on_permission(self, permission: QWebEnginePermission) -> None:
        permission.deny()
        what = _PERMISSIONS.get(permission.permissionType(), QT_TRANSLATE_NOOP("domain", "a special permission"))
        self.notice(
            NoticeKind.PERMISSION_DENIED,
            QT_TRANSLATE_NOOP("domain", "{host} asked for {what}. It was denied."),
            host=permission.origin().host(),
            what=Text(what),
        )

    def _on_screen_capture(self, request: QWebEngineDesktopMediaRequest) -> None:
        request.cancel()
        self.notice(
            NoticeKind.PERMISSION_DENIED,
            QT_TRANSLATE_NOOP("domain", "{host} asked for {what}. It was denied."),
            host=self.url().host(),
            what=Text(QT_TRANSLATE_NOOP("domain", "a recording of the screen")),
        )

    def _on_passkey(self, request: QWebEngineWebAuthUxRequest) -> None:
        if self._is_refusing:
            return  # we are asked again from within the refusal, on and on
        self._is_refusing = True
        request.cancel()
        self._is_refusing = False
        self.notice(
            NoticeKind.PERMISSION_DENIED,
            QT_TRANSLATE_NOOP(
                "domain", "{host} asked for a passkey, which does not work here. Use “Open in browser” for this bank."
            ),
            host=request.relyingPartyId(),
        )


def _text(url: QUrl) -> str:
    return bytes(url.toEncoded().data()).decode("ascii", "replace")
