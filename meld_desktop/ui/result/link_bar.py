"""The link itself: to copy, to open elsewhere, and until when it works."""

from PySide6.QtCore import QLocale, Qt, QTime, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from meld_desktop.domain.link import Link
from meld_desktop.domain.redaction import Redactor
from meld_desktop.ui.theme.icons import icon
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_NARROW = 640


class LinkBar(QWidget):
    """Shows one link. ``copied``, ``browser_wanted`` and ``reload_wanted`` tell what the person did."""

    copied = Signal()
    browser_wanted = Signal()
    reload_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._link: Link | None = None
        self.url = QLineEdit(self)
        self.url.setReadOnly(True)
        self.url.setAccessibleName(self.tr("Widget URL"))
        self.url.setPlaceholderText(self.tr("The link shows here"))
        set_property(self.url, "role", "code")
        self.copy = QPushButton(self.tr("Copy link"), self)
        self.copy.setAccessibleName(self.tr("Copy link"))
        self.copy.setToolTip(self.tr("Copy the link for the customer (Ctrl+Shift+C)"))
        self.copy.clicked.connect(self._copy)
        self.browser = QPushButton(self.tr("Open in browser"), self)
        self.browser.setAccessibleName(self.tr("Open in browser"))
        self.browser.setToolTip(self.tr("Open the link outside this window (Ctrl+Shift+O)"))
        self.browser.clicked.connect(self.browser_wanted)
        self.reload = QToolButton(self)
        self.reload.setAccessibleName(self.tr("Reload widget"))
        self.reload.setToolTip(self.tr("Start the widget again from its beginning (F5)"))
        self.reload.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_property(self.reload, "role", "plain")
        self.reload.clicked.connect(self.reload_wanted)
        self.until = QLabel(self)
        set_property(self.until, "role", "soft")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 12, 16, 12)
        self._grid.setSpacing(8)
        self._grid.setColumnStretch(0, 1)
        for place, widget in enumerate((self.url, self.copy, self.browser, self.reload, self.until)):
            self._grid.addWidget(widget, 0, place)
        theme.changed.connect(self._paint)
        self._paint()
        self.show_link(None)

    def show_link(self, link: Link | None) -> None:
        """Show ``link``, or that there is none."""
        self._link = link
        self.url.setText(link.widget_url if link else "")
        self.url.setCursorPosition(0)
        self.url.setEnabled(link is not None)
        self.copy.setEnabled(link is not None)
        self.browser.setEnabled(link is not None)
        self.until.setText(self.works_until(link) if link else "")
        self.until.setVisible(bool(self.until.text()))
        self.show_reload(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the link its room: in a narrow window the time goes below it."""
        super().resizeEvent(event)
        place = (1, 0, 1, 3) if event.size().width() < _NARROW else (0, 4, 1, 1)
        if self._grid.getItemPosition(self._grid.indexOf(self.until)) != place:
            self._grid.addWidget(self.until, *place)

    def show_reload(self, shown: bool) -> None:
        """Offer to reload while a widget is embedded."""
        self.reload.setVisible(shown)

    def works_until(self, link: Link) -> str:
        """Return until when the link works, in local time; empty when its token does not say."""
        if link.token.expires is None:
            return ""
        local = link.token.expires.astimezone()
        time = QLocale().toString(QTime(local.hour, local.minute), QLocale.FormatType.ShortFormat)
        return self.tr("Works until {time}").format(time=time)

    def hide_secret(self) -> None:
        """Show the link with its token masked, for pictures."""
        if self._link is not None:
            self.url.setText(Redactor()(self._link.widget_url))
            self.url.setCursorPosition(0)

    def _copy(self) -> None:
        if self._link is not None:
            QGuiApplication.clipboard().setText(self._link.widget_url)
            self.copied.emit()

    def _paint(self) -> None:
        self.reload.setIcon(icon("reload", self._theme.tokens.soft))
