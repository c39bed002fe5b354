"""The link itself: to copy, to open elsewhere, and how long it still works."""

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QDateTime, QLocale, Qt, QTime, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from meld_desktop.domain.link import Link
from meld_desktop.domain.link_clock import (
    EXPIRED,
    LIFETIME_UNKNOWN,
    Phase,
    clock_warning,
    countdown,
    phase_of,
    remaining,
    utc_now,
)
from meld_desktop.domain.redaction import Redactor
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.icons import icon, pixmap
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_URL_WIDTH = 220
"""Of the link at least this much is seen before the time moves below it."""
_BESIDE, _BELOW = (0, 6, 1, 1), (1, 0, 1, 6)
_TICK_MS = 1000
_ICON = 16


class LinkBar(QWidget):
    """Shows one link and counts its life down, each second while it can be seen.

    ``copied``, ``browser_wanted``, ``reload_wanted`` and ``qr_shown`` tell what the person did; ``make_again_wanted``
    carries the Link to make once more, ``share_wanted`` the Link to hand on. ``expired`` carries the Link when its time
    is over. ``demo_now`` is the clock that links of Demo live by, ``now`` the one of all others.
    """

    copied = Signal()
    browser_wanted = Signal()
    reload_wanted = Signal()
    qr_shown = Signal()
    share_wanted = Signal(object)
    expired = Signal(object)
    make_again_wanted = Signal(object)

    def __init__(
        self,
        theme: Theme,
        demo_now: Callable[[], datetime] = utc_now,
        parent: QWidget | None = None,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._demo_now = demo_now
        self._now = now
        self._link: Link | None = None
        self.put: Callable[[str], object] = QGuiApplication.clipboard().setText
        """Puts the link into the clipboard."""
        self._phase: Phase | None = None
        self.url = QLineEdit(self)
        self.url.setReadOnly(True)
        self.url.setAccessibleName(self.tr("Widget URL"))
        self.url.setPlaceholderText(self.tr("The link shows here"))
        set_property(self.url, "role", "code")
        self.copy = self._button(self.tr("Copy link"), self.tr("Copy the link for the customer (Ctrl+Shift+C)"))
        self.copy.clicked.connect(self._copy)
        self.browser = self._button(
            self.tr("Open in browser"), self.tr("Open the link outside this window (Ctrl+Shift+O)")
        )
        self.browser.clicked.connect(self._want_browser)
        self.share = self._button(self.tr("Share…"), self.tr("Write the message that goes with the link"))
        self.share.clicked.connect(self._want_share)
        self.qr = self._button(self.tr("QR code"), self.tr("Show the link as a picture, to try it on a phone"))
        self.qr.clicked.connect(self._show_qr)
        self.reload = QToolButton(self)
        self.reload.setAccessibleName(self.tr("Reload widget"))
        self.reload.setToolTip(self.tr("Start the widget again from its beginning (F5)"))
        self.reload.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_property(self.reload, "role", "plain")
        self.reload.clicked.connect(self.reload_wanted)
        self.until = QWidget(self)
        self._mark = QLabel(self.until)
        self._left = QLabel(self.until)
        self.make_again = self._button(
            self.tr("Make again"), self.tr("Create a new link for the same customer, with the very same request")
        )
        self.make_again.clicked.connect(self._want_again)
        self.warning = Paragraph(parent=self)
        set_property(self.warning, "role", "attention")
        ending = QGridLayout(self.until)
        ending.setContentsMargins(0, 0, 0, 0)
        ending.setSpacing(6)
        for place, widget in enumerate((self._mark, self._left, self.make_again)):
            ending.addWidget(widget, 0, place)
        ending.setColumnStretch(3, 1)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 12, 16, 12)
        self._grid.setSpacing(8)
        self._grid.setColumnStretch(0, 1)
        for place, widget in enumerate((self.url, self.copy, self.share, self.browser, self.qr, self.reload)):
            self._grid.addWidget(widget, 0, place)
        self._grid.addWidget(self.until, *_BELOW)
        self._grid.addWidget(self.warning, 2, 0, 1, 7)
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK_MS)
        self._ticks.timeout.connect(self.refresh)
        theme.changed.connect(self._paint)
        self._paint()
        self.show_link(None)

    def _button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        return button

    def show_link(self, link: Link | None) -> None:
        """Show ``link``, or that there is none."""
        self._link = link
        self._phase = None
        self.warning.setText(localized(clock_warning(link)) if link else "")
        self.warning.setVisible(bool(self.warning.text()))
        self.show_reload(False)
        self._offer(link is not None)
        self.url.setText(link.widget_url if link else "")
        self.url.setCursorPosition(0)
        self._mark.hide()
        self._left.setText("")
        self.make_again.hide()
        self.until.setVisible(link is not None)
        self.refresh()
        self._tick_if_seen()

    def refresh(self) -> None:
        """Say anew how much time is left; ``expired`` follows when there is none any more."""
        link = self._link
        if link is None:
            return
        left = remaining(link, self._time_of(link))
        phase = phase_of(left)
        self._left.setText(localized(countdown(left, self._end(link, left))))
        if phase is not self._phase:
            before, self._phase = self._phase, phase
            self._show_phase(link, phase, before)

    def _show_phase(self, link: Link, phase: Phase, before: Phase | None) -> None:
        is_over = phase is Phase.EXPIRED
        is_warning = phase is Phase.SOON
        set_property(self._left, "role", "attention" if is_warning else "soft")
        self._mark.setVisible(is_warning)
        self.make_again.setVisible(is_over)
        self._offer(not is_over)
        if is_over or before is Phase.EXPIRED:  # a clock may be put back
            self.url.setText(localized(EXPIRED) if is_over else link.widget_url)
            self.url.setCursorPosition(0)
        self._arrange(self.width())
        if is_over:
            self.expired.emit(link)

    def _offer(self, offered: bool) -> None:
        for widget in (self.url, self.copy, self.share, self.browser, self.qr):
            widget.setEnabled(offered)

    def _time_of(self, link: Link) -> datetime:
        return self._demo_now() if link.environment.is_demo else self._now()

    def _works(self) -> bool:
        """Say whether there is a link that still works, by now and not by the last tick."""
        self.refresh()
        return self._link is not None and self._phase is not Phase.EXPIRED

    def showEvent(self, event: QShowEvent) -> None:
        """Count while somebody can see it."""
        super().showEvent(event)
        self.refresh()
        self._tick_if_seen()

    def hideEvent(self, event: QHideEvent) -> None:
        """Count no more."""
        super().hideEvent(event)
        self._ticks.stop()

    def _tick_if_seen(self) -> None:
        if self._link is not None and self._link.token.expires is not None and self.isVisible():
            self._ticks.start()
        else:
            self._ticks.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the link its room: in a narrow window the time goes below it."""
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _arrange(self, width: int) -> None:
        margins = self._grid.contentsMargins()
        needed = margins.left() + _URL_WIDTH + margins.right()
        for widget in (self.copy, self.share, self.browser, self.qr, self.reload, self.until):
            needed += self._grid.horizontalSpacing() + widget.sizeHint().width()
        place = _BESIDE if width >= needed else _BELOW
        if self._grid.getItemPosition(self._grid.indexOf(self.until)) != place:
            self._grid.addWidget(self.until, *place)

    def show_reload(self, shown: bool) -> None:
        """Offer to reload while a widget is embedded."""
        self.reload.setVisible(shown)

    def works_until(self, link: Link) -> str:
        """Return until when the link works, in local time, or that nobody knows or that it is over."""
        left = remaining(link, self._time_of(link))
        if left is None:
            return localized(LIFETIME_UNKNOWN)
        if phase_of(left) is Phase.EXPIRED:
            return localized(EXPIRED)
        return self.tr("Works until {time}").format(time=self._end(link, left))

    def _end(self, link: Link, left: timedelta | None) -> str:
        expires = link.token.expires
        if expires is None or left is None:
            return ""
        locale, style = QLocale(), QLocale.FormatType.ShortFormat
        try:
            local = expires.astimezone()
        except (OverflowError, ValueError, OSError):  # an end of time in the wrong time zone
            local = expires
        if left >= timedelta(days=1):
            return locale.toString(QDateTime.fromString(local.strftime("%Y-%m-%dT%H:%M"), Qt.DateFormat.ISODate), style)
        return locale.toString(QTime(local.hour, local.minute), style)

    def hide_secret(self) -> None:
        """Show the link with its token masked, for pictures."""
        if self._link is not None:
            self.url.setText(Redactor()(self._link.widget_url))
            self.url.setCursorPosition(0)

    def _copy(self) -> None:
        if self._link is not None and self._works():
            self.put(self._link.widget_url)
            self.copied.emit()

    def _want_browser(self) -> None:
        if self._works():
            self.browser_wanted.emit()

    def _want_share(self) -> None:
        if self._link is not None and self._works():
            self.share_wanted.emit(self._link)

    def _want_again(self) -> None:
        if self._link is not None:
            self.make_again_wanted.emit(self._link)

    def _show_qr(self) -> None:
        if self._link is None or not self._works():
            return
        from meld_desktop.ui.result.qr_dialog import QrDialog

        dialog = QrDialog(self._link, self.works_until(self._link), self.window())
        self.expired.connect(dialog.show_expired)
        dialog.open()
        self.qr_shown.emit()

    def _paint(self) -> None:
        tokens = self._theme.tokens
        self.reload.setIcon(icon("reload", tokens.soft))
        self._mark.setPixmap(pixmap("warning", tokens.warning, _ICON, self.devicePixelRatioF()))
