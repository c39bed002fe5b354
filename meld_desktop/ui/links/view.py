"""The table of links: keeps its place when the list changes, and asks for more as its end comes near."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QHeaderView, QTableView, QWidget

from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.ui.links.delegate import ICON, PAD, LinksDelegate, row_height
from meld_desktop.ui.links.model import (
    BANK,
    CUSTOMER,
    ENVIRONMENT,
    MADE,
    PRODUCTS,
    SORTS,
    STATUS,
    TICKET,
    LinksModel,
)
from meld_desktop.ui.links.words import STATUSES, moment_words, status_label
from meld_desktop.ui.list_table import behave_as_list
from meld_desktop.ui.theme.theme import Theme

_Index = QModelIndex | QPersistentModelIndex

_AHEAD = 100
"""Rows that are still there below what is on show when more are asked for."""
_MOST_COPIED = 100_000
_AROUND = 2 * PAD + 4
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_CUSTOMER_CHARACTERS = 14
_BY_KEY = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
}


class LinksView(QTableView):
    """Shows a LinksModel.

    ``sort_chosen`` carries what to order by and whether downwards, ``menu_wanted`` the place for a menu, ``copied`` how
    many rows are on the clipboard; ``moved`` comes when the current or the selected rows are others, ``scrolled`` when
    the rows on show may be, ``more_wanted`` near the end, ``opened`` on Enter or a double click.
    """

    sort_chosen = Signal(str, bool)
    menu_wanted = Signal(QPoint)
    copied = Signal(int)
    moved = Signal()
    scrolled = Signal()
    more_wanted = Signal()
    opened = Signal()

    def __init__(
        self, theme: Theme, model: LinksModel, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._kept: tuple[int, int, int] | None = None
        self._is_resetting = False
        self.setObjectName("links")
        self.setAccessibleName(self.tr("Links"))
        behave_as_list(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._delegate = LinksDelegate(theme, self, now)
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns = self.horizontalHeader()
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setHighlightSections(False)
        columns.setSectionsClickable(True)
        columns.setSortIndicatorShown(True)
        columns.setStretchLastSection(False)
        columns.setMinimumSectionSize(40)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setSectionResizeMode(CUSTOMER, QHeaderView.ResizeMode.Stretch)
        columns.sectionClicked.connect(self._choose_sort)
        self._measure()
        self.verticalScrollBar().valueChanged.connect(self._look)
        self.verticalScrollBar().rangeChanged.connect(self._look)
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._find_again)
        self.selectionModel().selectionChanged.connect(self._moved)
        self.doubleClicked.connect(self.opened)
        theme.changed.connect(self.viewport().update)

    @property
    def current(self) -> LinkRecord | None:
        """The link of the current row, if it is selected."""
        index = self.currentIndex()
        is_usable = index.isValid() and self.selectionModel().isRowSelected(index.row(), QModelIndex())
        return self._model.record(index.row()) if is_usable else None

    @property
    def selected(self) -> list[LinkRecord]:
        """The links of the selected rows, from top to bottom."""
        return [
            self._model.record(row) for row in sorted(index.row() for index in self.selectionModel().selectedRows())
        ]

    @property
    def selected_count(self) -> int:
        """How many rows are selected."""
        selection = self.selectionModel().selection()
        ranges = [selection.at(place) for place in range(selection.count())]
        return sum(each.height() for each in ranges if each.left() == STATUS)

    @property
    def on_show(self) -> list[LinkRecord]:
        """The links that can be seen now."""
        first = self.rowAt(0)
        if first < 0:
            return []
        last = self.rowAt(self.viewport().height() - 1)
        last = self._model.rowCount() - 1 if last < 0 else last
        return [self._model.record(row) for row in range(first, last + 1)]

    @property
    def is_at_top(self) -> bool:
        """Whether the first row is on show."""
        return self.verticalScrollBar().value() == 0

    def set_grouped(self, is_grouped: bool) -> None:
        """Show where another customer begins, or do not."""
        self._delegate.is_grouped = is_grouped
        self.viewport().update()

    def show_sort(self, sort: str, descending: bool) -> None:
        """Mark the heading the list is ordered by."""
        column = next((column for column, name in SORTS.items() if name == sort), -1)
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(column, order)

    def choose(self, row: int) -> None:
        """Make ``row`` the current and only selected one, whichever keys are down."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._model.index(row, STATUS), flags)

    def to_top(self) -> None:
        """Go to the first row when the next list comes."""
        self.clearSelection()
        self.setCurrentIndex(QModelIndex())
        self.scrollToTop()

    def copy(self) -> None:
        """Copy the selected rows as they read, one line each."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())[:_MOST_COPIED]
        if not rows:
            return
        columns = range(self._model.columnCount())
        lines = ["\t".join(str(self._model.index(row, column).data()) for column in columns) for row in rows]
        QGuiApplication.clipboard().setText("\n".join(lines))
        self.copied.emit(len(rows))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy with Ctrl+C, open with Enter."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers() & ~_KEYPAD:
            if self.current is not None:
                self.opened.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin with the first row when none has been the current one yet."""
        super().focusInEvent(event)
        if event.reason() in _BY_KEY and not self.selectionModel().hasSelection() and self._model.rowCount():
            self.choose(max(0, self.currentIndex().row()))
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu, by mouse and by key."""
        place = event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = self.visualRect(self.currentIndex()).bottomLeft() + QPoint(PAD, 0)
        if self.selectionModel().hasSelection():
            self.menu_wanted.emit(self.viewport().mapToGlobal(place))

    def currentChanged(self, current: _Index, previous: _Index) -> None:  # noqa: N802 - Qt's name
        """Tell that another row is the current one."""
        super().currentChanged(current, previous)
        self.viewport().update()  # the bar at the row's left side is drawn for the current row only
        self._moved()

    def showEvent(self, event: QShowEvent) -> None:
        """Measure when the font is known."""
        self._measure()
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what has no room: the details say it."""
        super().resizeEvent(event)
        self._choose_columns()
        self._look()

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew when the font or its style changes."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange} and hasattr(self, "_delegate"):
            self._measure()

    def _measure(self) -> None:
        """Give rows one height and columns the widths their usual words need."""
        self.ensurePolished()
        metrics = QFontMetrics(self.font())
        wide = metrics.averageCharWidth()
        self.verticalHeader().setDefaultSectionSize(row_height(metrics.height()))
        statuses = [
            *map(status_label, STATUSES),
            self.tr("{status} · {left}").format(status="Waiting", left="99 min left"),
        ]
        now = datetime(2026, 12, 28, 23, 59, tzinfo=UTC)
        moments = (now, now - timedelta(days=1), now - timedelta(days=30))
        self._widths = {
            STATUS: max(metrics.horizontalAdvance(text) for text in statuses) + ICON + PAD + _AROUND,
            TICKET: 12 * wide + _AROUND,
            BANK: 18 * wide + _AROUND,
            PRODUCTS: 26 * wide + _AROUND,
            ENVIRONMENT: metrics.horizontalAdvance(self.tr("Production")) + 3 * wide + _AROUND,
            MADE: max(metrics.horizontalAdvance(moment_words(moment, now)) for moment in moments) + _AROUND,
        }
        for column, width in self._widths.items():
            self.horizontalHeader().resizeSection(column, width)
        self._choose_columns()

    def _choose_columns(self) -> None:
        wide = QFontMetrics(self.font()).averageCharWidth()
        left = self.viewport().width() - _CUSTOMER_CHARACTERS * wide - _AROUND
        for column in (STATUS, MADE, ENVIRONMENT, BANK, TICKET, PRODUCTS):
            left -= self._widths[column]
            is_hidden = left < 0 and column not in {STATUS, MADE, ENVIRONMENT}
            if self.isColumnHidden(column) != is_hidden:
                self.setColumnHidden(column, is_hidden)

    def _choose_sort(self, column: int) -> None:
        """Order by a heading; a second click turns the order round. Times begin with the newest."""
        header = self.horizontalHeader()
        if column not in SORTS:
            return
        was_descending = header.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
        is_same = header.property("sorted") == column
        descending = not was_descending if is_same else column == MADE
        header.setProperty("sorted", column)
        self.sort_chosen.emit(SORTS[column], descending)

    def _look(self) -> None:
        """Ask for more in time, and tell which rows are on show."""
        last = self.rowAt(max(0, self.viewport().height() - 1))
        if last < 0 or last + _AHEAD >= self._model.rowCount():
            self.more_wanted.emit()
        self.scrolled.emit()

    def _moved(self) -> None:
        if not self._is_resetting:
            self.moved.emit()

    def _keep(self) -> None:
        """Remember what is current and what is on top, by their ids, and how far the top row is scrolled."""
        self._is_resetting = True
        index, top = self.currentIndex(), self.rowAt(0)
        current = self._model.record(index.row()).id if index.isValid() else 0
        if self.is_at_top or top < 0:
            self._kept = (current, 0, 0)
        else:
            self._kept = (current, self._model.record(top).id, self.rowViewportPosition(top))

    def _find_again(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            current, top, offset = kept
            if current and (row := self._model.row_of(current)) >= 0:
                flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
                self.setAutoScroll(False)
                self.selectionModel().setCurrentIndex(self._model.index(row, STATUS), flags)
                self.setAutoScroll(True)
            if top and (row := self._model.row_of(top)) >= 0:
                self.verticalScrollBar().setValue(row * self.verticalHeader().defaultSectionSize() - offset)
            elif not top:
                self.scrollToTop()
        self._is_resetting = False
        self.moved.emit()
        self._look()
