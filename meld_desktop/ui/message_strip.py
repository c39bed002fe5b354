"""The strip at the bottom: what happened and what to do next. Not modal, announced to screen readers."""

import html

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication, QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QTextEdit, QToolButton, QWidget

from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.theme.icons import icon, pixmap
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme


class MessageStrip(QFrame):
    """Shows one message at a time."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageStrip")
        self._theme = theme
        self._message = Message(Tone.NEUTRAL, "")
        self._left = 0
        self._icon = QLabel(self)
        self.text = _Words(self)
        self.text.setAccessibleName(self.tr("Message"))
        self._copy_id = QPushButton(self.tr("Copy request &ID"), self)
        self._copy_id.setAccessibleName(self.tr("Copy request ID"))
        self._copy_id.clicked.connect(self._copy_request_id)
        self._copy = QPushButton(self.tr("Copy &details"), self)
        self._copy.setAccessibleName(self.tr("Copy details"))
        self._copy.clicked.connect(self._copy_details)
        self._close = QToolButton(self)
        self._close.setAccessibleName(self.tr("Dismiss message"))
        self._close.setToolTip(self.tr("Dismiss message"))
        self._close.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_property(self._close, "role", "plain")
        self._close.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 12, 4)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self.text, 1)
        row.addWidget(self._copy_id)
        row.addWidget(self._copy)
        row.addWidget(self._close)
        self.setMinimumHeight(44)
        self._countdown = QTimer(self)
        self._countdown.setInterval(1000)
        self._countdown.timeout.connect(self._tick)
        theme.changed.connect(self._paint)
        self.clear()

    @property
    def message(self) -> Message:
        """The message on show."""
        return self._message

    def show_message(self, message: Message) -> None:
        """Show ``message`` in place of the last one, and announce it."""
        self._message = message
        self._left = message.retry_after or 0
        if self._left:
            self._countdown.start()
        else:
            self._countdown.stop()
        self._paint()
        if message.title:
            event = QAccessibleAnnouncementEvent(self.text, f"{message.title}. {message.text}")
            if message.tone is Tone.ERROR:
                event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
            QAccessible.updateAccessibility(event)

    def clear(self) -> None:
        """Show nothing."""
        self.show_message(Message(Tone.NEUTRAL, ""))

    def _tick(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self._countdown.stop()
        self._show_words()

    def _paint(self) -> None:
        message = self._message
        set_property(self, "tone", message.tone.value)
        self.style().unpolish(self.text)
        self.style().polish(self.text)
        tokens = self._theme.tokens
        colours = {
            Tone.SUCCESS: tokens.success,
            Tone.ERROR: tokens.error,
            Tone.WARNING: tokens.warning,
            Tone.INFO: tokens.info,
        }
        self._icon.setVisible(message.tone in colours)
        if message.tone in colours:
            ratio = self.devicePixelRatioF()
            self._icon.setPixmap(pixmap(message.tone.value, colours[message.tone], 18, ratio))
        self._close.setIcon(icon("close", tokens.soft))
        self._close.setVisible(message.tone is not Tone.NEUTRAL)
        self._copy.setVisible(bool(message.details))
        self._copy_id.setVisible(bool(message.request_id))
        self._show_words()

    def _show_words(self) -> None:
        message = self._message
        if not message.title:
            self.text.setPlainText("")
            return
        text = message.text
        if self._left > 0:
            text = self.tr("{text} You can try again in {seconds} s.").format(text=text, seconds=self._left)
        self.text.setHtml(f"<b>{html.escape(message.title)}.</b> {html.escape(text)}".rstrip())

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(self._message.details)

    def _copy_request_id(self) -> None:
        QGuiApplication.clipboard().setText(self._message.request_id)


class _Words(QTextEdit):
    """Read-only text that is as high as it needs to be, at most four lines."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self.document().contentsChanged.connect(self._fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the height to the new width."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """Return one line."""
        return QSize(200, self.fontMetrics().height() + 6)

    def _fit(self) -> None:
        self.document().setTextWidth(self.viewport().width())
        line = self.fontMetrics().lineSpacing()
        wanted = int(self.document().size().height()) + 2
        self.setFixedHeight(max(line + 6, min(wanted, 4 * line + 8)))
