"""The top of the timeline: the one sentence about the session, and where its redirects led."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from meld_desktop.domain.witness.verdict import RedirectVerdict, VerdictOutcome
from meld_desktop.ui.messages import Tone
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.result.timeline.wording import Wording
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.icons import pixmap
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_LARGE_ICON = 22
_SMALL_ICON = 16
_READABLE = Qt.TextInteractionFlag.TextSelectableByMouse


class Summary(QWidget):
    """Says how the session stands: by icon, word and sentence, announced when the sentence changes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone = Tone.NEUTRAL
        self._verdict_tone = Tone.NEUTRAL
        self._shown: tuple[RedirectVerdict, Wording, str] | None = None
        self._icon = QLabel(self)
        self.standing = Paragraph("", "hint", self)
        self.sentence = Paragraph(parent=self)
        set_property(self.sentence, "role", "title")
        self.sentence.setTextInteractionFlags(_READABLE)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.standing)
        words.addWidget(self.sentence)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addLayout(words, 1)
        self._verdict = QWidget(self)
        self._verdict_icon = QLabel(self._verdict)
        self.verdict = Paragraph("", "", self._verdict)
        self.verdict.setTextInteractionFlags(_READABLE)
        self._grid = QGridLayout(self._verdict)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnMinimumWidth(0, _LARGE_ICON)
        self._grid.setColumnStretch(2, 1)
        self._grid.addWidget(self._verdict_icon, 0, 0, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self.verdict, 0, 1, 1, 2)
        self._rows = [self._add_row(place) for place in (1, 2, 3)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self._verdict)
        theme.changed.connect(self._paint)
        self.show_nothing()

    @property
    def tone(self) -> Tone:
        """How the sentence is meant."""
        return self._tone

    def show_nothing(self) -> None:
        """Say nothing: there is no session yet."""
        self.hide()
        self.sentence.setText("")

    def show_sentence(self, sentence: str, tone: Tone) -> None:
        """Show the sentence, and announce it when it is another one."""
        is_new = bool(sentence) and sentence != self.sentence.text()
        self._tone = tone
        self.standing.setText(self._word_for(tone))
        self.sentence.setText(sentence)
        self._paint()
        self.show()
        if is_new:
            event = QAccessibleAnnouncementEvent(self.sentence, f"{self.standing.text()}. {sentence}")
            if tone is Tone.ERROR:
                event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
            QAccessible.updateAccessibility(event)

    def show_verdict(self, verdict: RedirectVerdict, wording: Wording, return_url: str) -> None:
        """Show where the flow should have arrived, where it did, and what differs."""
        shown = (verdict, wording, return_url)
        if shown == self._shown:
            return
        self._shown = shown
        is_missing = verdict.outcome is VerdictOutcome.NOT_ARRIVED and verdict.is_over
        self._verdict_tone = {
            VerdictOutcome.MATCH: Tone.SUCCESS,
            VerdictOutcome.MISMATCH: Tone.ERROR,
        }.get(verdict.outcome, Tone.WARNING if is_missing else Tone.INFO)
        # What a person must compare stands below each other; otherwise one sentence is enough.
        side_by_side = verdict.outcome is VerdictOutcome.MISMATCH
        if side_by_side:
            self.verdict.setText(self.tr("Went somewhere else than the return URL"))
        else:
            self.verdict.setText(wording.clean(localized(verdict.text)))
        differs = ", ".join(self._parts().get(part, part) for part in verdict.differs)
        for (name, value), label, text in zip(
            self._rows,
            (self.tr("Expected"), self.tr("Arrived"), self.tr("Differs")),
            (
                wording.address(return_url) if side_by_side else "",
                wording.hop(verdict.hop, verdict.arrived) if side_by_side else "",
                differs if side_by_side else "",
            ),
            strict=True,
        ):
            name.setText(label)
            value.setText(text)
            name.setVisible(bool(text))
            value.setVisible(bool(text))
        self._paint()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icons anew for another screen or style."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_rows"):
            self._paint()

    def _add_row(self, place: int) -> tuple[QLabel, Paragraph]:
        name = QLabel(self._verdict)
        set_property(name, "role", "hint")
        value = Paragraph("", "hint", self._verdict)
        value.setTextInteractionFlags(_READABLE)
        self._grid.addWidget(name, place, 1, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, place, 2)
        return name, value

    def _word_for(self, tone: Tone) -> str:
        return {
            Tone.SUCCESS: self.tr("Connected"),
            Tone.WARNING: self.tr("Ended"),
            Tone.ERROR: self.tr("Problem"),
        }.get(tone, self.tr("Under way"))

    def _parts(self) -> dict[str, str]:
        return {
            "scheme": self.tr("scheme"),
            "host": self.tr("host"),
            "port": self.tr("port"),
            "path": self.tr("path"),
        }

    def _paint(self) -> None:
        tokens = self._theme.tokens
        colours = {Tone.SUCCESS: tokens.success, Tone.ERROR: tokens.error, Tone.WARNING: tokens.warning}
        ratio = self.devicePixelRatioF()
        for label, tone, size in (
            (self._icon, self._tone, _LARGE_ICON),
            (self._verdict_icon, self._verdict_tone, _SMALL_ICON),
        ):
            name = tone.value if tone in colours else "info"
            label.setPixmap(pixmap(name, colours.get(tone, tokens.info), size, ratio))
