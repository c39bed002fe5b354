"""Paints the cells of the timeline: one line each, the detail softer than the title."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from meld_desktop.domain.witness.entry import Entry
from meld_desktop.ui.result.timeline.kinds import Weight, icon_of, weight_of
from meld_desktop.ui.result.timeline.model import DETAIL, ENTRY, KIND, WHAT
from meld_desktop.ui.theme.icons import pixmap
from meld_desktop.ui.theme.theme import Theme

_Index = QModelIndex | QPersistentModelIndex

PAD = 8
ICON = 16
_GAP = 10
_BAR = 3


class TimelineDelegate(QStyledItemDelegate):
    """Draws rows of one height, whatever they hold: no row is ever measured."""

    def __init__(self, theme: Theme, parent: QTableView) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixmaps: dict[tuple[str, str, float], QPixmap] = {}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one cell."""
        entry: Entry = index.data(ENTRY)
        tokens = self._theme.tokens
        view = self.parent()
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(tokens.accent_soft))
        is_current = isinstance(view, QTableView) and view.hasFocus() and view.currentIndex().row() == index.row()
        if is_current and index.column() == 0:
            bar = QRect(option.rect)
            bar.setWidth(_BAR)
            painter.fillRect(bar, QColor(tokens.accent))
        painter.setFont(option.font)
        rect = option.rect.adjusted(PAD, 0, -PAD, 0)
        column = index.column()
        if column == WHAT:
            self._paint_what(painter, rect, option, index, entry)
        elif column == KIND:
            self._paint_kind(painter, rect, option, index, entry)
        else:
            painter.setPen(QColor(tokens.soft))
            self._write(painter, rect, option, index.data())
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the one height, and no width: the columns have theirs."""
        del index
        return QSize(0, row_height(option.fontMetrics.height()))

    def _paint_kind(
        self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, index: _Index, entry: Entry
    ) -> None:
        tokens = self._theme.tokens
        colour = {Weight.ERROR: tokens.error, Weight.WARNING: tokens.warning}.get(weight_of(entry.kind), tokens.soft)
        self._paint_icon(painter, rect.left(), rect, icon_of(entry.kind), colour)
        painter.setPen(QColor(colour))
        self._write(painter, rect.adjusted(ICON + 6, 0, 0, 0), option, index.data())

    def _paint_what(
        self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, index: _Index, entry: Entry
    ) -> None:
        tokens = self._theme.tokens
        if entry.picture:
            self._paint_icon(painter, rect.right() - ICON, rect, "picture", tokens.accent)
            rect = rect.adjusted(0, 0, -ICON - _GAP, 0)
        weight = weight_of(entry.kind)
        painter.setPen(QColor(tokens.error if weight is Weight.ERROR else tokens.text))
        used = self._write(painter, rect, option, index.data())
        detail = index.data(DETAIL)
        rest = rect.adjusted(used + _GAP, 0, 0, 0)
        if detail and rest.width() > 2 * option.fontMetrics.averageCharWidth():
            painter.setPen(QColor(tokens.soft))
            self._write(painter, rest, option, detail)

    def _write(self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, text: str) -> int:
        """Write ``text`` in one line, shortened where it must be, and return its width."""
        metrics = option.fontMetrics
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        return metrics.horizontalAdvance(shown)

    def _paint_icon(self, painter: QPainter, left: int, rect: QRect, name: str, colour: str) -> None:
        ratio = painter.device().devicePixelRatio()
        key = (name, colour, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = pixmap(name, colour, ICON, ratio)
        painter.drawPixmap(left, rect.center().y() - ICON // 2 + 1, self._pixmaps[key])


def row_height(text_height: int) -> int:
    """Return the height of a row for text of this height."""
    return text_height + 14
