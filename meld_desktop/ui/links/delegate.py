"""Paints the cells of the list of links: one line each, the status with its icon, Production in its own colour."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.ui.links.model import CUSTOMER, ENVIRONMENT, RECORD, STARTS_GROUP, STATUS
from meld_desktop.ui.links.words import Mood, standing_of
from meld_desktop.ui.theme.icons import pixmap
from meld_desktop.ui.theme.theme import Theme

_Index = QModelIndex | QPersistentModelIndex

PAD = 8
ICON = 16
_BAR = 3
_ROOM = 14


class LinksDelegate(QStyledItemDelegate):
    """Draws rows of one height, whatever they hold: no row is ever measured."""

    def __init__(self, theme: Theme, parent: QTableView, now: Callable[[], datetime]) -> None:
        super().__init__(parent)
        self._theme = theme
        self._now = now
        self._pixmaps: dict[tuple[str, str, float], QPixmap] = {}
        self.is_grouped = False

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one cell."""
        record: LinkRecord = index.data(RECORD)
        tokens = self._theme.tokens
        view = self.parent()
        painter.save()
        starts = not self.is_grouped or bool(index.data(STARTS_GROUP))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(tokens.accent_soft))
        if self.is_grouped and starts and index.row():
            painter.fillRect(QRect(option.rect.topLeft(), QSize(option.rect.width(), 1)), QColor(tokens.line))
        is_current = isinstance(view, QTableView) and view.hasFocus() and view.currentIndex().row() == index.row()
        if is_current and index.column() == STATUS:
            painter.fillRect(QRect(option.rect.topLeft(), QSize(_BAR, option.rect.height())), QColor(tokens.accent))
        rect = option.rect.adjusted(PAD, 0, -PAD, 0)
        font, colour = QFont(option.font), tokens.soft
        column = index.column()
        if column == STATUS:
            standing = standing_of(record, self._now())
            colour = self._colour(standing.mood)
            self._paint_icon(painter, rect, standing.icon, colour)
            rect = rect.adjusted(ICON + PAD, 0, 0, 0)
        elif column == CUSTOMER:
            colour = tokens.text if starts else tokens.soft
            font.setWeight(QFont.Weight.DemiBold if starts else QFont.Weight.Normal)
        elif column == ENVIRONMENT and record.environment == "production":
            colour = tokens.error
            font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the one height, and no width: the columns have theirs."""
        del index
        return QSize(0, row_height(option.fontMetrics.height()))

    def _colour(self, mood: Mood) -> str:
        tokens = self._theme.tokens
        return {
            Mood.QUIET: tokens.soft,
            Mood.WAITING: tokens.info,
            Mood.GOOD: tokens.success,
            Mood.ATTENTION: tokens.warning,
            Mood.BAD: tokens.error,
        }[mood]

    def _paint_icon(self, painter: QPainter, rect: QRect, name: str, colour: str) -> None:
        ratio = painter.device().devicePixelRatio()
        key = (name, colour, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = pixmap(name, colour, ICON, ratio)
        painter.drawPixmap(rect.left(), rect.center().y() - ICON // 2 + 1, self._pixmaps[key])


def row_height(text_height: int) -> int:
    """Return the height of a row whose text is this high."""
    return max(text_height, ICON) + _ROOM
