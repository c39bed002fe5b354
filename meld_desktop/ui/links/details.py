"""Everything about the chosen link, and what can be done with it."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.text import NOTHING, Text
from meld_desktop.ui.links.facts import facts_of
from meld_desktop.ui.links.words import Mood, environment_label, standing_of, state_of, time_left
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.strings import localized, sentences
from meld_desktop.ui.theme.icons import pixmap
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_SAVE_MS = 700
_LONGEST_TICKET = 200
_LONGEST_NOTE = 4000
_NOTE_LINES = 3
_ICON = 18
_WIDTH = 330


class LinkDetails(QScrollArea):
    """Shows one link, how many are selected, or what to do when none is.

    Each button has a signal with the LinkRecord; ``noted`` carries id, ticket and note when the person wrote something.
    ``left`` comes on Esc.
    """

    make_again = Signal(object)
    edit_and_make = Signal(object)
    share = Signal(object)
    refresh = Signal(object)
    repair = Signal(object)
    check = Signal(object)
    delete = Signal(object)
    forget = Signal(object)
    noted = Signal(int, str, str)
    left = Signal()

    def __init__(self, theme: Theme, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("linkDetails")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(_WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._theme = theme
        self._now = now
        self._record: LinkRecord | None = None
        self._state: ConnectionState | None = None
        self._is_filling = False
        self._noted = ("", "")
        self._noting = QTimer(self)
        self._noting.setSingleShot(True)
        self._noting.setInterval(_SAVE_MS)
        self._noting.timeout.connect(self.save_notes)
        self.hint = Paragraph(self.tr("Choose a link to see what became of it and what to do next."), "soft", self)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._about = QWidget(self)
        self.environment = QLabel(self._about)
        self.environment.setObjectName("linkEnvironment")
        self.environment.setTextFormat(Qt.TextFormat.PlainText)
        self.environment.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.customer = Paragraph("", "title", self._about)
        self._icon = QLabel(self._about)
        self.line = Paragraph(parent=self._about)
        self.next_step = Paragraph("", "heading", self._about)
        self.followed = Paragraph("", "hint", self._about)
        self.make_button = self._button(self.tr("&Make again"), self.make_again, "primary")
        self.make_button.setToolTip(self.tr("Makes a new link with the same request (Ctrl+R)"))
        self.edit_button = self._button(self.tr("E&dit and make"), self.edit_and_make)
        self.edit_button.setToolTip(
            self.tr("Fills the form with this request, so that you can change it (Ctrl+Shift+R)")
        )
        self.share_button = self._button(self.tr("&Share…"), self.share)
        self.repair_button = self._button(self.tr("&Repair"), self.repair)
        self.refresh_button = self._button(self.tr("Refresh d&ata"), self.refresh)
        self.check_button = self._button(self.tr("&Check delivery…"), self.check)
        self.delete_button = self._button(self.tr("De&lete…"), self.delete)
        self.forget_button = self._button(self.tr("&Forget customer…"), self.forget)
        self.forget_button.setToolTip(self.tr("Removes everything kept here about this customer (Del)"))
        self.ticket = QLineEdit(self._about)
        self.ticket.setAccessibleName(self.tr("Ticket"))
        self.ticket.setMaxLength(_LONGEST_TICKET)
        self.note = QPlainTextEdit(self._about)
        self.note.setAccessibleName(self.tr("Note"))
        self.note.setTabChangesFocus(True)
        self.note.setPlaceholderText(
            self.tr("For your colleagues and for the search. No passwords, no account numbers.")
        )
        self.facts = QLabel(self._about)
        self.facts.setObjectName("linkFacts")
        self.facts.setTextFormat(Qt.TextFormat.RichText)
        self.facts.setWordWrap(True)
        self.facts.setAccessibleName(self.tr("Facts"))
        self.facts.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._lay_out()
        self.ticket.textEdited.connect(self._noting.start)
        self.note.textChanged.connect(self._note_changed)
        self.ticket.editingFinished.connect(self.save_notes)
        for widget in self._about.findChildren(QWidget):
            widget.installEventFilter(self)
        theme.changed.connect(self._paint)
        self.show_none()

    @property
    def record(self) -> LinkRecord | None:
        """The link on show."""
        return self._record

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """What can be done with the link, in order."""
        return (
            self.make_button,
            self.edit_button,
            self.share_button,
            self.repair_button,
            self.refresh_button,
            self.check_button,
            self.delete_button,
            self.forget_button,
        )

    def show_none(self, selected: int = 0, *, can_choose: bool = True) -> None:
        """Show no link, but how many are selected, or that one can be chosen."""
        self.save_notes()
        self._record = None
        self._about.hide()
        self.hint.show()
        if selected:
            self.hint.setText(self.tr("{count} links selected. Ctrl+C copies them.").format(count=selected))
        elif can_choose:
            self.hint.setText(self.tr("Choose a link to see what became of it and what to do next."))
        else:
            self.hint.setText("")

    def show_record(
        self,
        record: LinkRecord,
        state: ConnectionState | None,
        followed: Text = NOTHING,
        *,
        can_share: bool,
        can_act: bool,
        is_busy: bool,
    ) -> None:
        """Show ``record``; ``state`` is what Meld said of it in this run, ``followed`` why it is not asked any more.

        ``can_share`` says whether its address is still in memory, ``can_act`` whether connections can be acted upon,
        ``is_busy`` whether something is under way with this one.
        """
        is_other = self._record is None or self._record.id != record.id
        if is_other:
            self.save_notes()
        self._record, self._state = record, state
        shown = state or state_of(record)
        self.hint.hide()
        self._about.show()
        self._fill_notes(record, is_other)
        self.environment.setText(environment_label(record))
        self.environment.setToolTip(record.host)
        set_property(self.environment, "environment", record.environment)
        self.customer.setText(record.customer)
        self._say_status(record, shown, followed)
        self.share_button.setEnabled(can_share)
        self.share_button.setToolTip(
            "" if can_share else self.tr("The address of a link is never kept. Make it again to share it.")
        )
        may_act = can_act and bool(record.connection_id) and not is_busy
        for button, is_allowed, why_not in (
            (self.refresh_button, shown.may_refresh, self.tr("Not possible while the connection is in this state.")),
            (self.repair_button, shown.may_repair, self.tr("Not possible while the connection is in this state.")),
            (self.check_button, shown.is_connected, self.tr("Nothing is delivered before the customer is connected.")),
            (self.delete_button, shown.is_connected, self.tr("There is no connection to delete.")),
        ):
            button.setEnabled(may_act and is_allowed)
            button.setToolTip("" if is_allowed and may_act else self.tr("Please wait…") if is_busy else why_not)
        self.make_button.setEnabled(bool(record.request))
        self.edit_button.setEnabled(bool(record.request))
        set_property(self.repair_button, "role", "primary" if shown.may_repair and not shown.may_refresh else "")
        set_property(self.make_button, "role", "" if shown.is_connected else "primary")
        self._paint()
        if is_other:
            self.verticalScrollBar().setValue(0)

    def tick(self) -> None:
        """Say the times anew."""
        if self._record is not None:
            self._say_status(self._record, self._state or state_of(self._record), None)
            self._paint()

    def focus(self) -> None:
        """Go to the first thing that can be done."""
        for button in (self.make_button, self.forget_button):
            if button.isVisibleTo(self) and button.isEnabled():
                button.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def save_notes(self) -> None:
        """Give away what the person wrote, if anything is new."""
        self._noting.stop()
        record = self._record
        if record is None or self._is_filling:
            return
        ticket, note = self.ticket.text().strip(), self.note.toPlainText().strip()[:_LONGEST_NOTE]
        if (ticket, note) != self._noted:
            self._noted = (ticket, note)
            self.noted.emit(record.id, ticket, note)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave with Esc; give away a note when its field is left."""
        if event.type() == QEvent.Type.FocusOut and watched is self.note:
            self.save_notes()
        is_key = event.type() in {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride}
        if is_key and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self.left.emit()
            return True
        return super().eventFilter(watched, event)

    def _button(self, text: str, signal: SignalInstance, role: str = "") -> QPushButton:
        button = QPushButton(text, self._about)
        button.setAccessibleName(text.replace("&", ""))
        button.clicked.connect(_Sender(self, signal).send)
        if role:
            set_property(button, "role", role)
        return button

    def _say_status(self, record: LinkRecord, state: ConnectionState, followed: Text | None) -> None:
        now = self._now()
        standing = standing_of(record, now)
        is_waiting = state.status == "IN_PROGRESS"
        if not state.status:
            self.line.setText(self.tr("Nothing is known of its status yet."))
        elif is_waiting and record.expires_at is not None and record.expires_at <= now:
            self.line.setText(self.tr("Nobody finished the widget in time."))
        else:
            left = time_left(record.expires_at, now) if is_waiting and record.expires_at is not None else ""
            self.line.setText(sentences(state.line, left))
        step = localized(state.next_step)
        if is_waiting:
            step = (
                self.tr("Create a new link.") if standing.icon == "close" else self.tr("Remind the customer, or wait.")
            )
        self.next_step.setText(step)
        self.next_step.setVisible(bool(step))
        if followed is not None:
            self.followed.setText(localized(followed))
            self.followed.setVisible(bool(followed))
        self.facts.setText(facts_of(record, state, now, self._theme.tokens.soft))

    def _fill_notes(self, record: LinkRecord, is_other: bool) -> None:
        """Show what was noted; what is being typed stays."""
        if not is_other and (self._noting.isActive() or self.ticket.hasFocus() or self.note.hasFocus()):
            return
        self._is_filling = True
        if self.ticket.text() != record.ticket:
            self.ticket.setText(record.ticket)
        if self.note.toPlainText() != record.note:
            self.note.setPlainText(record.note)
        self._noted = (record.ticket.strip(), record.note.strip()[:_LONGEST_NOTE])
        self._is_filling = False

    def _note_changed(self) -> None:
        if not self._is_filling:
            self._noting.start()

    def _lay_out(self) -> None:
        status = QHBoxLayout()
        status.setSpacing(8)
        status.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        status.addWidget(self.line, 1)
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, button in enumerate(self.buttons[:-2]):
            grid.addWidget(button, place // 2, place % 2)
        column = QVBoxLayout(self._about)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.environment)
        column.addWidget(self.customer)
        column.addLayout(status)
        column.addWidget(self.next_step)
        column.addWidget(self.followed)
        column.addSpacing(4)
        column.addLayout(grid)
        column.addSpacing(4)
        for text, field in ((self.tr("&Ticket"), self.ticket), (self.tr("&Note"), self.note)):
            label = QLabel(text, self._about)
            label.setBuddy(field)
            set_property(label, "role", "heading")
            column.addWidget(label)
            column.addWidget(field)
        column.addSpacing(4)
        column.addWidget(self.facts)
        column.addSpacing(8)
        line = QFrame(self._about)
        set_property(line, "role", "hairline")
        column.addWidget(line)
        last = QHBoxLayout()
        last.setSpacing(8)
        last.addWidget(self.delete_button)
        last.addWidget(self.forget_button)
        column.addLayout(last)
        column.addStretch(1)
        holder = QWidget(self)
        holder.setObjectName("linkDetailsPage")
        outer = QVBoxLayout(holder)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._about)
        hint = QVBoxLayout()
        hint.setContentsMargins(32, 48, 32, 16)
        hint.addWidget(self.hint)
        hint.addStretch(1)
        outer.addLayout(hint)
        self.setWidget(holder)

    def _paint(self) -> None:
        record = self._record
        if record is None:
            return
        tokens = self._theme.tokens
        standing = standing_of(record, self._now())
        colour = {
            Mood.QUIET: tokens.soft,
            Mood.WAITING: tokens.info,
            Mood.GOOD: tokens.success,
            Mood.ATTENTION: tokens.warning,
            Mood.BAD: tokens.error,
        }[standing.mood]
        self._icon.setPixmap(pixmap(standing.icon, colour, _ICON, self.devicePixelRatioF()))
        self.note.setFixedHeight(_NOTE_LINES * self.note.fontMetrics().lineSpacing() + 18)
        self.facts.setText(facts_of(record, self._state or state_of(record), self._now(), tokens.soft))


class _Sender(QObject):
    """Sends the link on show with a signal."""

    def __init__(self, details: LinkDetails, signal: SignalInstance) -> None:
        super().__init__(details)
        self._details = details
        self._signal = signal

    def send(self) -> None:
        """Send it, with what was noted given away before."""
        self._details.save_notes()
        if self._details.record is not None:
            self._signal.emit(self._details.record)
