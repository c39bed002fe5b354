"""Shares one link: copies it, writes the message that goes with it, shows it as a QR code."""

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QDateTime, QEvent, QLocale, Qt, QTime, QTimer, QUrl, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QDesktopServices, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from meld_desktop.domain.link import Link
from meld_desktop.domain.link_clock import EXPIRED, Phase, countdown, phase_of, remaining, utc_now
from meld_desktop.domain.messages.compose import Facts, all_products
from meld_desktop.domain.messages.mailto import LONGEST, UnusableRecipientError, mailto_url
from meld_desktop.domain.messages.template import CHANNEL_LABELS, Channel
from meld_desktop.domain.messages.template import Message as CustomerMessage
from meld_desktop.services.clipboard import CHOICES, ConfidentialClipboard
from meld_desktop.services.templates import Loaded, Templates
from meld_desktop.ui.dialog import Dialog
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.result.qr_dialog import code_of
from meld_desktop.ui.share.choices import ShareChoices
from meld_desktop.ui.share.message_pane import MessagePane
from meld_desktop.ui.strings import localized, sentences
from meld_desktop.ui.theme.style import set_property

_TICK_MS = 1000
_QR_SIDE = 360
_WIDTH = 860


class ShareDialog(Dialog):
    """Opened with ``open``; Esc closes it. Nothing it shows is taken down anywhere.

    ``said`` carries a Message for the strip; ``chosen`` the ShareChoices to begin with the next time. ``bank`` is the
    name of the bank where it is known; ``now`` is the clock the link lives by. The clipboard outlives the dialog.
    """

    said = Signal(object)
    chosen = Signal(object)

    def __init__(
        self,
        link: Link,
        templates: Templates,
        clipboard: ConfidentialClipboard,
        choices: ShareChoices | None = None,
        parent: QWidget | None = None,
        *,
        bank: str = "",
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        super().__init__(self.tr("Share the link"), parent)
        self.setMinimumWidth(_WIDTH)
        self._link = link
        self._templates = templates
        self._clipboard = clipboard
        self._now = now
        self._is_over = False
        choices = choices or ShareChoices()
        customer = link.request.external_customer_id or link.external_customer_id
        self._facts = facts = Facts(
            link.widget_url,
            bank,
            all_products(link.request.products, link.request.optional_products),
            link.token.expires,
            customer,
        )
        whose = self.tr("{environment}: the link of {customer}")
        self._whose = Paragraph(
            whose.format(environment=localized(link.environment.name), customer=customer), "heading", self
        )
        self._life = Paragraph(parent=self)
        self._real = Paragraph(self.tr("This is Production: the link leads to the customer's real bank."), parent=self)
        set_property(self._real, "role", "attention")
        self._real.setVisible(link.environment.is_production)
        self.copy = QPushButton(self.tr("&Copy link"), self)
        self.copy.setAccessibleName(self.tr("Copy link"))
        self.copy.setDefault(True)
        set_property(self.copy, "role", "primary")
        self.copy.clicked.connect(self._copy_link)
        self.seconds = QComboBox(self)
        self._fill_seconds()
        self.seconds.currentIndexChanged.connect(self._set_seconds)
        self.tabs = QTabBar(self)
        self.tabs.setAccessibleName(self.tr("How to share"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for channel in Channel:
            self.tabs.addTab(localized(CHANNEL_LABELS[channel]))
        self.tabs.addTab(self.tr("QR code"))
        self.message = MessagePane(templates, facts, choices, self)
        self.panes = QStackedWidget(self)
        self.panes.addWidget(self.message)
        self.panes.addWidget(self._qr_pane())
        self.tabs.setCurrentIndex(list(Channel).index(choices.channel))
        self.tabs.currentChanged.connect(self._show_tab)
        self.message.chosen.connect(self._choose)
        self.message.copy_wanted.connect(self._copy_text)
        self.message.mail_wanted.connect(self._open_mail)
        self.message.edit_wanted.connect(self._edit)
        self._status = Paragraph("", "soft", self)
        self._lay_out()
        clipboard.cleared.connect(self._cleared)
        self._ticks = QTimer(self)
        self._ticks.setInterval(_TICK_MS)
        self._ticks.timeout.connect(self.refresh)
        self.refresh()
        self.copy.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        label = QLabel(self.tr("Clear the clip&board after"), self)
        label.setBuddy(self.seconds)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.copy)
        row.addSpacing(8)
        row.addWidget(label)
        row.addWidget(self.seconds)
        row.addStretch(1)
        line = QFrame(self)
        set_property(line, "role", "hairline")
        tabs = QVBoxLayout()
        tabs.setSpacing(0)
        tabs.addWidget(self.tabs)
        tabs.addWidget(line)
        buttons = QDialogButtonBox(self)
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        column = self.column
        for widget in (self._whose, self._real, self._life):
            column.addWidget(widget)
        column.addSpacing(4)
        column.addLayout(row)
        column.addSpacing(4)
        column.addLayout(tabs)
        column.addSpacing(4)
        column.addWidget(self.panes, 1)
        last = QHBoxLayout()
        last.setSpacing(16)
        last.addWidget(self._status, 1)
        last.addWidget(buttons)
        column.addLayout(last)

    def _qr_pane(self) -> QWidget:
        pane = QWidget(self)
        row = QHBoxLayout(pane)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        self.code = code_of(self._link.widget_url, pane, _QR_SIDE)
        if self.code is None:
            said = self.tr("This link is too long for a QR code. Copy it, or send a message.")
        else:
            row.addWidget(self.code, 0, Qt.AlignmentFlag.AlignTop)
            said = self.tr("The customer scans it with the phone's camera.")
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(Paragraph(said, parent=pane))
        warning = Paragraph(
            self.tr("Whoever scans this has the customer's link. Close it before you share your screen."), parent=pane
        )
        set_property(warning, "role", "attention")
        column.addWidget(warning)
        column.addStretch(1)
        row.addLayout(column, 1)
        return pane

    def _fill_seconds(self) -> None:
        words = {
            30: self.tr("30 seconds"),
            60: self.tr("1 minute"),
            120: self.tr("2 minutes"),
            300: self.tr("5 minutes"),
            0: self.tr("Never"),
        }
        for seconds in CHOICES:
            self.seconds.addItem(words[seconds], seconds)
        self.seconds.setCurrentIndex(max(0, self.seconds.findData(self._clipboard.seconds)))

    def _set_seconds(self) -> None:
        self._clipboard.set_seconds(self.seconds.currentData())

    def refresh(self) -> None:
        """Say anew how long the link works; offer nothing any more when it does not."""
        left = remaining(self._link, self._now())
        phase = phase_of(left)
        self._is_over = phase is Phase.EXPIRED
        if self._is_over:
            self._life.setText(sentences(EXPIRED, self.tr("Close this and make the link again.")))
        else:
            self._life.setText(sentences(countdown(left, _end(self._link.token.expires, left))))
        set_property(self._life, "role", "attention" if phase in {Phase.SOON, Phase.EXPIRED} else "soft")
        for widget in (self.copy, self.seconds):
            widget.setEnabled(not self._is_over)
        self.message.set_usable(not self._is_over)
        if self.code is not None:
            self.code.setVisible(not self._is_over)

    def showEvent(self, event: QShowEvent) -> None:
        """Count while somebody can see it."""
        super().showEvent(event)
        self.refresh()
        self._ticks.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Count no more."""
        super().hideEvent(event)
        self._ticks.stop()

    def changeEvent(self, event: QEvent) -> None:
        """Read the template again when the person comes back, perhaps from editing its file."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and hasattr(self, "_ticks"):
            self.message.refresh()

    def _show_tab(self, place: int) -> None:
        channels = list(Channel)
        self.panes.setCurrentIndex(0 if place < len(channels) else 1)
        if place < len(channels):
            self.message.show_channel(channels[place])
            self._choose()
        self._say("")

    def _choose(self) -> None:
        self.chosen.emit(self.message.choices)

    def _works(self) -> bool:
        self.refresh()
        return not self._is_over

    def _copy_link(self) -> None:
        self._copy_text(self._link.widget_url, self.tr("Link copied"))

    def _copy_text(self, text: str, said: str) -> None:
        if self._works():
            self._clipboard.copy(text)
            self._tell(Message(Tone.SUCCESS, said, self._until_cleared()))

    def _until_cleared(self) -> str:
        if not self._clipboard.seconds:
            return self.tr("It stays in the clipboard until you copy something else.")
        time = self.seconds.currentText()
        return self.tr("It leaves the clipboard after {time}, unless you copy something else.").format(time=time)

    def _cleared(self) -> None:
        self._say(self.tr("The clipboard is empty again."))

    def _open_mail(self, message: CustomerMessage, to: str, whole: bool) -> None:
        if not self._works():
            return
        try:
            address = mailto_url(message, to)
            if not whole or len(address) > LONGEST:
                whole = False
                address = mailto_url(CustomerMessage(message.channel, message.subject, ""), to)
        except UnusableRecipientError as error:
            self.message.say_unusable_recipient(localized(error.text))
            return
        if not whole:
            self._clipboard.copy(message.body)
        opened = QDesktopServices.openUrl(QUrl.fromEncoded(address.encode("ascii")))
        waiting = "" if whole else self.tr("The text is in the clipboard: paste it into the mail.")
        if opened:
            self._tell(Message(Tone.SUCCESS, self.tr("Mail program opened"), waiting))
        else:
            self._clipboard.copy(message.body)
            self._tell(
                Message(
                    Tone.WARNING,
                    self.tr("No mail program"),
                    self.tr("This computer has none that opens by itself. The text is in the clipboard: paste it."),
                )
            )

    def _edit(self, loaded: Loaded) -> None:
        from meld_desktop.ui.share.template_editor import TemplateEditor

        TemplateEditor(self._templates, loaded, self._facts, self.message.zone.zone, self).open()

    def _tell(self, message: Message) -> None:
        self._say(sentences(message.title, message.text))
        self.said.emit(message)

    def _say(self, text: str) -> None:
        """Say ``text`` here and to screen readers: the window's strip cannot be reached while the dialog is open."""
        self._status.setText(text)
        if text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._status, text))


def _end(expires: datetime | None, left: timedelta | None) -> str:
    """Return when the link ends, in local time: a time of day, with the date when that is not soon."""
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
