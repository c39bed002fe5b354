"""The line under the form: how many banks the customer will see, and the smallest changes that would show more."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from meld_desktop.domain.banks.changes import Changes
from meld_desktop.domain.banks.summary import MOST_SAID, age, matching, more, told
from meld_desktop.domain.link_clock import utc_now
from meld_desktop.ui.form.flow import INSET, RISE, Flow, LinkPiece, TextPiece
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.icons import pixmap
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

if TYPE_CHECKING:  # a start has no banks yet
    from meld_desktop.domain.banks.picker import Answer
    from meld_desktop.services.banks_work.values import BankState

_ICON = 16
_SETTLED_MS = 900
"""How long the answer must stay before a screen reader is told: while ticks change, nobody wants each number."""
_MINUTE_MS = 60_000


class BankAnswer(QFrame):
    """Says one state of the banks and one answer at a time. Lives on the main thread.

    ``change_wanted`` carries the changes of a suggestion that was clicked. ``banks_wanted`` asks for the panel of the
    banks, ``cancel_wanted`` and ``resume_wanted`` to stop loading and to go on with it. The focus stays here while
    suggestions come and go under it.
    """

    change_wanted = Signal(object)
    banks_wanted = Signal()
    cancel_wanted = Signal()
    resume_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(parent)
        self.setObjectName("bankAnswer")
        self.setAccessibleName(self.tr("Matching banks"))
        self._theme = theme
        self._now = now
        self._state: BankState | None = None
        self._answer: Answer | None = None
        self._changes: list[Changes] = []
        self._tone = self._speech = ""
        self._announced: str | None = None
        self._icon = QLabel(self)
        self._head = TextPiece("answer", self)
        self._links = [LinkPiece(self) for _ in range(MOST_SAID)]
        self._note = TextPiece("note", self)
        self._cancel, self._resume, self._banks = (LinkPiece(self) for _ in range(3))
        self._flow = Flow()
        for piece in (self._head, *self._links, self._note, self._cancel, self._resume, self._banks):
            self._flow.addWidget(piece)
        for place, link in enumerate(self._links):
            link.clicked.connect(partial(self._apply, place))
        self._cancel.clicked.connect(self.cancel_wanted)
        self._resume.clicked.connect(self.resume_wanted)
        self._banks.clicked.connect(self.banks_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(12 - INSET, 8 - RISE, 12 - INSET, 8 - RISE)
        row.setSpacing(2)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._flow, 1)
        self._icon.setContentsMargins(INSET, 2 * RISE, 0, 0)
        self._icon.hide()
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLED_MS)
        self._settled.timeout.connect(self._announce)
        self._ageing = QTimer(self)
        self._ageing.setInterval(_MINUTE_MS)
        self._ageing.timeout.connect(self._show)
        theme.changed.connect(self._paint)
        self._show()

    @property
    def said(self) -> str:
        """All that is said now, as it is read from left to right."""
        pieces = [self._head.text(), *(link.words for link in self._links), self._note.text()]
        pieces += [link.words for link in (self._cancel, self._resume, self._banks)]
        return " ".join(filter(None, pieces))

    def show_answer(self, state: "BankState | None", answer: "Answer | None") -> None:
        """Say what there is to say; ``answer`` is None while there is none, ``state`` before anything is known.

        The last answer stays until the next one comes, as long as there are banks of the same environment: then
        nothing flickers while ticks change and pages arrive.
        """
        if answer is None and state is not None and state.has_banks and self._state is not None:
            answer = self._answer if state.environment == self._state.environment else None
        self._state, self._answer = state, answer
        self._show()

    # --- what is said

    def _show(self) -> None:
        answer = self._answer if self._answer is not None and self._answer.total else None
        chosen = told(answer.suggestions) if answer else ()
        self._changes = [one.changes for one in chosen]
        suggested = [localized(more(one, answer, _number)) for one in chosen] if answer else []
        head = self._of_answer(answer) if answer else self._without_answer()
        note = self._note_for(has_answer=answer is not None)
        self._set_tone("neutral" if answer is None else "success" if answer.matching else "warning")
        wanted = [*suggested, *[""] * (MOST_SAID - len(suggested))]
        wanted += self._actions(has_answer=answer is not None)
        buttons = [*self._links, self._cancel, self._resume, self._banks]
        self._keep_focus_near([button for button, words in zip(buttons, wanted, strict=True) if words])
        self._head.setText(head)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        for button, words in zip(buttons, wanted, strict=True):
            button.say(words)
        self._flow.invalidate()
        self.updateGeometry()
        # Counts of what is loaded change all the time; nobody wants to hear each.
        self._speak(" ".join((head, f"{'; '.join(suggested)}." if suggested else "")).strip())

    def _of_answer(self, answer: "Answer") -> str:
        state = self._state
        unfinished = state is not None and (state.loading is not None or state.partial)
        return localized(matching(answer, so_far=unfinished, number=_number))

    def _without_answer(self) -> str:
        state = self._state
        if state is not None and state.loading is not None:
            return self.tr("Loading banks…")
        if state is not None and state.problem is not None:
            return localized(state.problem)
        if state is None or not state.has_banks:
            return self.tr("Banks are not loaded yet.")
        if state.count:
            return self.tr("Looking through {count} banks…").format(count=_number(state.count))
        return self.tr("There are no banks in the list.")

    def _note_for(self, *, has_answer: bool) -> str:
        state = self._state
        if state is None:
            return ""
        if state.loading is not None:
            return self._progress(*state.loading, state.waiting)
        if not has_answer:
            return ""
        if state.problem is not None:
            return localized(state.problem)
        if state.partial:
            return self.tr("{count} banks are loaded, the rest is missing.").format(count=_number(state.count))
        return self._age()

    def _age(self) -> str:
        from meld_desktop.services.banks_work.values import Source

        state = self._state
        if state is not None and state.source is Source.DEMO:
            return self.tr("from Demo's own list")
        old = localized(age(state.fetched_at, self._now())) if state is not None and state.fetched_at else ""
        imported = state is not None and state.source is Source.IMPORT
        return self.tr("from an import, {age}").format(age=old) if old and imported else old

    def _progress(self, done: int, total: int | None, waiting: int) -> str:
        if waiting:
            return self.tr("Meld asked to wait {seconds} s.").format(seconds=waiting)
        if total is None:
            return self.tr("{done} loaded").format(done=_number(done)) if done else ""
        return self.tr("{done} of {total} loaded").format(done=_number(done), total=_number(total))

    def _actions(self, *, has_answer: bool) -> list[str]:
        """Return the words of the buttons to cancel, to resume and to open the panel; empty ones are not wanted."""
        state = self._state
        loading = state is not None and state.loading is not None
        resumable = state is not None and state.resumable and not loading
        troubled = state is not None and state.problem is not None
        waits = not has_answer and not (state is not None and state.has_banks and state.count)
        return [
            self.tr("Cancel loading") if loading else "",
            self.tr("Go on loading") if resumable else "",
            self.tr("Open Banks…") if not loading and (troubled or waits) else "",
        ]

    # --- how it is said

    def _set_tone(self, tone: str) -> None:
        if tone == self._tone:
            return
        self._tone = tone
        for piece in (self, self._head, self._note, *self._links, self._cancel, self._resume, self._banks):
            if piece.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
                set_property(piece, "tone", tone)
            else:
                piece.setProperty("tone", tone)  # the style sheet reads it when the piece is first shown
        self._paint()

    def _paint(self) -> None:
        warns = self._tone == "warning"
        self._icon.setVisible(warns)
        if warns:
            self._icon.setPixmap(pixmap("warning", self._theme.tokens.warning, _ICON, self.devicePixelRatioF()))

    def _speak(self, speech: str) -> None:
        if speech != self._speech:
            self._speech = speech
            self._settled.start()

    def _announce(self) -> None:
        """Let a screen reader say the answer politely when it is another one; the first belongs to the start."""
        before, self._announced = self._announced, self._speech
        if before is not None and before != self._speech and self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self._speech))

    # --- what the person does

    def _apply(self, place: int) -> None:
        if place < len(self._changes):  # a click from outside may come when the suggestion is gone
            self.change_wanted.emit(self._changes[place])

    def _keep_focus_near(self, staying: list[LinkPiece]) -> None:
        """Move the focus before its button goes: to the last one before it, else to the next, else to the whole."""
        focused = self.window().focusWidget()
        if not isinstance(focused, LinkPiece) or not self.isAncestorOf(focused) or focused in staying:
            return
        order = [*self._links, self._cancel, self._resume, self._banks]
        before = [link for link in staying if order.index(link) < order.index(focused)]
        target = before[-1] if before else staying[0] if staying else self
        target.setVisible(True)
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Let the age of the data grow while it can be seen."""
        super().showEvent(event)
        self._show()
        self._ageing.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Do nothing while nobody looks."""
        super().hideEvent(event)
        self._ageing.stop()


def _number(count: int) -> str:
    return QLocale().toString(count)
