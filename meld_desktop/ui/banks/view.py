"""The table of banks: rows of one height that are never measured."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from meld_desktop.ui.banks.model import DETAIL, IS_SHOWN, NAME, PLACE, PROVIDERS, SHOWN, BanksModel
from meld_desktop.ui.list_table import behave_as_list
from meld_desktop.ui.theme.icons import pixmap
from meld_desktop.ui.theme.theme import Theme

_Index = QModelIndex | QPersistentModelIndex

_PAD = 8
_GAP = 10
_ICON = 16
_BAR = 3
_ROW_AROUND = 16
_LONGEST = 400
"""Signs of a name that are drawn at most: more fit on no screen, and laying them out takes time."""


class BanksView(QTableView):
    """Shows a BanksModel. ``chosen`` carries the row that is the current one, ``wanted`` comes for Enter in a row.

    ``left_upwards`` says that the arrow goes up from the first row.
    """

    chosen = Signal(int)
    wanted = Signal(int)
    left_upwards = Signal()

    def __init__(self, theme: Theme, model: BanksModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banks")
        self.setAccessibleName(self.tr("Banks"))
        self.setModel(model)
        self.setItemDelegate(_Delegate(theme, self))
        behave_as_list(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + _ROW_AROUND)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        width = self.fontMetrics().averageCharWidth()
        header.resizeSection(SHOWN, max(self.fontMetrics().horizontalAdvance(self.tr("Shown")) + 24, 9 * width))
        self.selectionModel().currentRowChanged.connect(self._moved)
        theme.changed.connect(self._repaint)

    def choose(self, row: int) -> None:
        """Make ``row`` the current one and show it."""
        index = self.model().index(row, NAME)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave half of the width to the names."""
        super().resizeEvent(event)
        for column in (PLACE, PROVIDERS):
            self.horizontalHeader().resizeSection(column, self.viewport().width() * 21 // 100)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Use the current bank with Enter, and leave upwards from the first row."""
        row = self.currentIndex().row()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and row >= 0:
            self.wanted.emit(row)
        elif event.key() == Qt.Key.Key_Up and row <= 0:
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def _moved(self, current: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(current.row())

    def _repaint(self) -> None:
        self.viewport().update()


class _Delegate(QStyledItemDelegate):
    """Draws one line a cell, as plain text; whether a bank is shown with icon and word."""

    def __init__(self, theme: Theme, parent: QTableView) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixmaps: dict[tuple[str, str, float], QPixmap] = {}

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one cell."""
        tokens = self._theme.tokens
        view = self.parent()
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(tokens.accent_soft))
        focused = isinstance(view, QTableView) and view.hasFocus() and view.currentIndex().row() == index.row()
        if focused and index.column() == NAME:
            bar = QRect(option.rect)
            bar.setWidth(_BAR)
            painter.fillRect(bar, QColor(tokens.accent))
        painter.setFont(option.font)
        rect = option.rect.adjusted(_PAD, 0, -_PAD, 0)
        column = index.column()
        if column == SHOWN:
            is_shown = bool(index.data(IS_SHOWN))
            colour = tokens.success if is_shown else tokens.soft
            self._paint_icon(painter, rect, "success" if is_shown else "dash", colour)
            painter.setPen(QColor(colour))
            self._write(painter, rect.adjusted(_ICON + 6, 0, 0, 0), option, index.data())
        elif column == NAME:
            painter.setPen(QColor(tokens.text))
            used = self._write(painter, rect, option, index.data())
            rest = rect.adjusted(used + _GAP, 0, 0, 0)
            detail = index.data(DETAIL)
            if detail and rest.width() > 4 * option.fontMetrics.averageCharWidth():
                painter.setPen(QColor(tokens.soft))
                self._write(painter, rest, option, detail)
        else:
            painter.setPen(QColor(tokens.soft))
            self._write(painter, rect, option, index.data())
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the one height, and no width: the columns have theirs."""
        del index
        return QSize(0, option.fontMetrics.height() + _ROW_AROUND)

    def _write(self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, text: str) -> int:
        """Write ``text`` in one line, shortened where it must be, and return its width."""
        metrics = option.fontMetrics
        shown = metrics.elidedText(" ".join(text[:_LONGEST].split()), Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        return metrics.horizontalAdvance(shown)

    def _paint_icon(self, painter: QPainter, rect: QRect, name: str, colour: str) -> None:
        ratio = painter.device().devicePixelRatio()
        key = (name, colour, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = pixmap(name, colour, _ICON, ratio)
        painter.drawPixmap(rect.left(), rect.center().y() - _ICON // 2 + 1, self._pixmaps[key])
