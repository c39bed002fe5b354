"""A message with its link shortened, so that it can be read and shown; what is copied from it has the whole link."""

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from meld_desktop.domain.redaction import MASK, Redactor
from meld_desktop.services.clipboard import MARKS


def shortened(link: str) -> str:
    """Return ``link`` without its token."""
    return Redactor()(link).replace(MASK, "…")


class MessageText(QPlainTextEdit):
    """Read-only. ``link`` is a secret: it is not shown, only copied, and then marked as confidential."""

    def __init__(self, link: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._short = shortened(link)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(8)

    def show_text(self, text: str) -> None:
        """Show ``text``, in which the link stands whole or shortened."""
        short = text.replace(self._link, self._short)
        if short != self.toPlainText():
            self.setPlainText(short)

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802 - Qt's name
        """Return what is selected, with the whole link even when only a part of it was."""
        text = self.toPlainText()
        cursor = self.textCursor()
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        content = QMimeData()
        at = text.find(self._short)
        if at >= 0 and start < at + len(self._short) and end > at:
            start, end = min(start, at), max(end, at + len(self._short))
            for name, value in MARKS.items():
                content.setData(name, value)
        content.setText(text[start:end].replace(self._short, self._link))
        return content
