"""JSON for people: indented, with syntax colours, and with connect tokens masked."""

import json
import re

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_TOKENS = re.compile(
    r"""(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<string>"(?:[^"\\]|\\.)*")|(?P<word>\b(?:true|false|null)\b)"""
    r"""|(?P<number>-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)"""
)


def pretty(text: str) -> str:
    """Return JSON text indented by two; any other text as it is."""
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text


class JsonView(QPlainTextEdit):
    """Read-only text in a fixed-width font, coloured when it is JSON. Tab leaves it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        set_property(self, "role", "code")
        self._highlighter = _Highlighter(self, theme)

    def show_text(self, text: str) -> None:
        """Show ``text``, keeping the scroll position when it only changed a little."""
        if text == self.toPlainText():
            return
        place = self.verticalScrollBar().value()
        self.setPlainText(text)
        self.verticalScrollBar().setValue(place)


class _Highlighter(QSyntaxHighlighter):
    def __init__(self, view: QPlainTextEdit, theme: Theme) -> None:
        super().__init__(view.document())
        self._theme = theme
        self._formats: dict[str, QTextCharFormat] = {}
        theme.changed.connect(self._colour)
        self._colour()

    def _colour(self) -> None:
        tokens = self._theme.tokens
        for kind, colour in (
            ("key", tokens.accent),
            ("string", tokens.text),
            ("word", tokens.info),
            ("number", tokens.warning),
        ):
            look = QTextCharFormat()
            look.setForeground(QColor(colour))
            self._formats[kind] = look
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        for found in _TOKENS.finditer(text[:4000]):
            self.setFormat(found.start(), found.end() - found.start(), self._formats[str(found.lastgroup)])
