"""A label for whole sentences: it wraps, and whatever holds it makes room for every line."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from meld_desktop.ui.theme.style import set_property


class Paragraph(QLabel):
    """Plain text that wraps and is never cut.

    A dialog asks its layout for a height before it knows its width, so a wrapping label would lose its last lines; this
    one claims the height it needs as soon as it has a width. What others said (Meld, a person) is never read as markup.
    """

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._least = 0
        self._is_laid_out = False
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            set_property(self, "role", role)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show ``text`` and claim its height."""
        super().setText(text)
        self._claim()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Claim the height the text has at the new width."""
        super().resizeEvent(event)
        self._is_laid_out = True
        self._claim()

    def claim_at_least(self, height: int) -> None:
        """Be at least this high, with the words at the bottom, to stand level with a neighbour."""
        self._least = height
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        self._claim()

    def _claim(self) -> None:
        needed = self.heightForWidth(self.width()) if self._is_laid_out and self.text() else 0
        if max(needed, self._least) != self.minimumHeight():
            self.setMinimumHeight(max(needed, self._least))
