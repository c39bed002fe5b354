"""A label for whole sentences, as plain text that wraps."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from meld_desktop.ui.strings import breakable
from meld_desktop.ui.theme.style import set_property


class Paragraph(QLabel):
    """Wraps its text. What others said (Meld, a person, a file name) is never read as markup."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(True)
        if role:
            set_property(self, "role", role)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show ``text``; a word too long for the line is broken."""
        self._text = text
        super().setText(breakable(text))

    def text(self) -> str:
        """Return what was given to show."""
        return self._text
