"""Pieces of a sentence, some of them to click, set one after the other and wrapped like words."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QLabel,
    QLayout,
    QLayoutItem,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.strings import breakable

INSET = 4
"""Room beside the words of a piece: the frame of the focus is drawn in it."""
RISE = 2
"""Room above and below the words."""
_LEAST_HEIGHT = 24
"""What one can hit (WCAG 2.2, 2.5.8)."""
_ENDLESS = 1 << 20


class Flow(QLayout):
    """Gives each piece the width of its text, as far as there is room, and begins a new line where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        """Take one more piece."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many pieces there are, hidden ones too."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return a piece; None when there is none at ``index``."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take a piece out."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Ask for no more room than is needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Say that it wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        return max((place.bottom() + 1 for _, place in self._places(width)), default=0)

    def minimumSize(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the width of the widest word."""
        return QSize(max((piece.sizeHint().width() for _, piece in self._shown()), default=0), 0)

    def sizeHint(self) -> QSize:
        """Return the least: it takes the width it gets."""
        return self.minimumSize()

    def setGeometry(self, rect: QRect) -> None:
        """Lay the pieces out."""
        super().setGeometry(rect)
        parent = self.parentWidget()
        direction = parent.layoutDirection() if parent else Qt.LayoutDirection.LeftToRight
        for item, place in self._places(rect.width()):
            item.setGeometry(QStyle.visualRect(direction, rect, place.translated(rect.topLeft())))

    def _shown(self) -> Iterator[tuple[QLayoutItem, QWidget]]:
        for item in self._items:
            piece = item.widget()
            if piece is not None and not item.isEmpty():
                yield item, piece

    def _places(self, width: int) -> Iterator[tuple[QLayoutItem, QRect]]:
        """Yield each visible piece with its place; the pieces of a line are as high as the highest of them."""
        at = QPoint(0, 0)
        line: list[tuple[QLayoutItem, QRect]] = []
        for item, piece in self._shown():
            wide = min(wanted_width(piece), max(width, 1))
            if line and at.x() + wide > width:
                at = QPoint(0, at.y() + _height(line))
                yield from _levelled(line)
                line = []
            line.append((item, QRect(at, QSize(wide, piece.heightForWidth(wide)))))
            at += QPoint(wide, 0)
        yield from _levelled(line)


def _height(line: Sequence[tuple[QLayoutItem, QRect]]) -> int:
    return max((place.height() for _, place in line), default=0)


def _levelled(line: Sequence[tuple[QLayoutItem, QRect]]) -> Iterator[tuple[QLayoutItem, QRect]]:
    height = _height(line)
    for item, place in line:
        yield item, QRect(place.topLeft(), QSize(place.width(), height))


def wanted_width(piece: QWidget) -> int:
    """Return the width at which a piece needs one line."""
    piece.ensurePolished()  # the style sheet may make the words bold
    text = piece.words if isinstance(piece, LinkPiece) else piece.text() if isinstance(piece, QLabel) else ""
    return piece.fontMetrics().horizontalAdvance(text) + 2 * INSET + 1


class TextPiece(Paragraph):
    """Words to read."""

    def __init__(self, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", role, parent)
        self.setContentsMargins(INSET, RISE, INSET, RISE)
        self.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)

    def sizeHint(self) -> QSize:
        """Return the size of the widest word: what is longer wraps."""
        width = _widest_word(self, self.text())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the size of the widest word."""
        return self.sizeHint()

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped words, at least that of a link beside them."""
        return max(_LEAST_HEIGHT, super().heightForWidth(width))


class LinkPiece(QPushButton):
    """Words to click, which wrap as no other button's do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = ""
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("role", "link")

    def say(self, words: str) -> None:
        """Show ``words``, which are also the accessible name; nothing to say hides the button."""
        if words != self.words:
            self.words = words
            self.setText(words.replace("&", "&&"))
            self.setAccessibleName(words)
            self.updateGeometry()
            self.update()
        self.setVisible(bool(words))

    def hasHeightForWidth(self) -> bool:
        """Say that it wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped words."""
        box = QRect(0, 0, max(1, width - 2 * INSET), _ENDLESS)
        rect = self.fontMetrics().boundingRect(box, int(self._flags()), breakable(self.words))
        return max(_LEAST_HEIGHT, rect.height() + 2 * RISE)

    def sizeHint(self) -> QSize:
        """Return the size of the widest word: what is longer wraps."""
        width = _widest_word(self, self.words)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the size of the widest word."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Let the style draw the button, and put the words into it."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        font = self.font()
        font.setUnderline(True)
        painter.setFont(font)
        painter.setPen(option.palette.buttonText().color())
        self._draw(painter)
        painter.end()

    def _draw(self, painter: QPainter) -> None:
        painter.drawText(self.rect().adjusted(INSET, 0, -INSET, 0), int(self._flags()), breakable(self.words))

    def _flags(self) -> int:
        return int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)


def _widest_word(piece: QWidget, words: str) -> int:
    parts = breakable(words).replace("\u200b", " ").split()
    return max((piece.fontMetrics().horizontalAdvance(part) for part in parts), default=0) + 2 * INSET + 1
