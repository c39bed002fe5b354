"""HTTP headers, folded away until someone wants them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from meld_desktop.ui.form.fold import Fold
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_MOST_LINES = 8
_AROUND = 2 * (8 + 2 + 4)
"""What the style sheet's padding and border, and the document's margin, take above and below."""


class HeaderLines(QPlainTextEdit):
    """Read-only lines ``Name: value``, as high as they need up to eight; Tab leaves it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        set_property(self, "role", "code")

    def show_headers(self, headers: tuple[tuple[str, str], ...]) -> None:
        """Show ``headers`` as they are."""
        self.setPlainText("\n".join(f"{name}: {value}" for name, value in headers))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Grow and shrink with the wrapped lines."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        lines = sum(
            max(1, self.document().findBlockByNumber(number).layout().lineCount())
            for number in range(min(self.blockCount(), _MOST_LINES))
        )
        height = min(lines, _MOST_LINES) * self.fontMetrics().lineSpacing() + _AROUND
        if height != self.height():
            self.setFixedHeight(height)


class HeaderFold(Fold):
    """A button *Headers (n)* with the lines below it."""

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        self.lines = HeaderLines(parent)
        self.lines.setAccessibleName(name)
        super().__init__("", self.lines, theme, parent)

    def show_headers(self, headers: tuple[tuple[str, str], ...]) -> None:
        """Show ``headers``; without any there is no button either."""
        self.button.setText(self.tr("Headers ({count})").format(count=len(headers)))
        self.button.setAccessibleName(self.button.text())
        self.lines.show_headers(headers)
        self.setVisible(bool(headers))
