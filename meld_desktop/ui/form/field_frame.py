"""A frame that looks like one line edit and holds several controls."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from meld_desktop.ui.theme.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Tokens

_RADIUS = 6.0


def tokens_in_use() -> Tokens:
    """Return the tokens the application's palette was made from, for widgets that paint themselves."""
    palette = QApplication.palette()
    accent = palette.color(QPalette.ColorRole.Highlight).name()
    base = palette.color(QPalette.ColorRole.Base)
    for tokens in (LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK):
        if (tokens.accent, tokens.field) == (accent, base.name()):
            return tokens
    return LIGHT if base.lightness() > 127 else DARK


class FlatRows(QStyledItemDelegate):
    """Paints rows without Fusion's focus frame, which lays a gradient over the colour of the current row."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the row as one that is at most selected."""
        option.state &= ~QStyle.StateFlag.State_HasFocus
        super().paint(painter, option, index)


class FieldFrame(QWidget):
    """Draws the outline of a field around what is in ``rows``; a click on its blank part goes to ``target``.

    Lives on the main thread. Give it every control whose focus it should show with ``show_focus_of``.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = ""
        self._watched: list[QWidget] = []
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(6, 3, 6, 3)
        self.rows.setSpacing(0)

    def show_focus_of(self, *widgets: QWidget) -> None:
        """Draw the outline in the accent colour while one of ``widgets`` has the focus. The first takes the clicks."""
        for widget in widgets:
            self._watched.append(widget)
            widget.installEventFilter(self)

    def set_tone(self, tone: str) -> None:
        """Colour the outline: "error", "warning", or "" for none of these."""
        if tone != self._tone:
            self._tone = tone
            self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the focus."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.update()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.EnabledChange}:
            self.update()
        super().changeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Put the focus where typing works."""
        if self._watched and event.button() == Qt.MouseButton.LeftButton:
            self._watched[0].setFocus(Qt.FocusReason.MouseFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Draw the field."""
        tokens = tokens_in_use()
        focused = any(widget.hasFocus() for widget in self._watched)
        width = 2.0 if focused else 1.0
        colour = {"error": tokens.error, "warning": tokens.warning}.get(self._tone, tokens.border)
        if focused and not self._tone:
            colour = tokens.accent
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colour), width))
        painter.setBrush(QColor(tokens.field if self.isEnabled() else tokens.background))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), _RADIUS, _RADIUS)
        painter.end()
