"""What is wrong, said below a field: an icon and words, so that nothing is said by colour alone."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from meld_desktop.ui.form.field_frame import tokens_in_use
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.theme.icons import pixmap
from meld_desktop.ui.theme.style import set_property

_SIZE = 14


class ProblemLine(QWidget):
    """Shows one or more sentences in the tone ``error`` or ``warning``; hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = "error"
        self._icon = QLabel(self)
        self._words = Paragraph(parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.hide()

    @property
    def text(self) -> str:
        """What is said; empty while nothing is."""
        return self._words.text()

    @property
    def tone(self) -> str:
        """How it is meant: ``error`` or ``warning``."""
        return self._tone

    def say(self, text: str, tone: str = "error") -> None:
        """Say ``text``; nothing to say hides the line. Saying it again costs nothing: every key press does."""
        if (text, tone) == (self.text, self._tone):
            return
        self._tone = tone
        set_property(self._words, "role", tone)
        self._words.setText(text)
        self._paint()
        self.setVisible(bool(text))

    def clear(self) -> None:
        """Say nothing."""
        self.say("", self._tone)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_words"):
            self._paint()

    def _paint(self) -> None:
        if not self.text:
            return
        tokens = tokens_in_use()
        colour = tokens.warning if self._tone == "warning" else tokens.error
        self._icon.setPixmap(pixmap(self._tone, colour, _SIZE, self.devicePixelRatioF()))
        # The icon is centred on the first line of the words.
        self._icon.setContentsMargins(0, max(0, (self._words.fontMetrics().height() - _SIZE) // 2), 0, 0)
