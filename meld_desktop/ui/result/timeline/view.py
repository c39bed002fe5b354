"""The table of the timeline: follows its end while one is there, stays put otherwise, and copies rows."""

from collections import deque
from dataclasses import dataclass
from time import perf_counter

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QMenu, QTableView, QWidget

from meld_desktop.domain.witness.entry import Entry, EntryKind
from meld_desktop.ui.list_table import behave_as_list
from meld_desktop.ui.result.timeline.delegate import ICON, PAD, TimelineDelegate, row_height
from meld_desktop.ui.result.timeline.kinds import label_of, place_words
from meld_desktop.ui.result.timeline.model import KIND, PLACE, TIME, WHAT, TimelineModel
from meld_desktop.ui.theme.theme import Theme

_Index = QModelIndex | QPersistentModelIndex

_SLICE_SECONDS = 0.008
_AROUND = 2 * PAD + 4
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_BY_KEY = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
}


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where one is in the table, by the numbers of entries; 0 for nowhere."""

    current: int
    top: int
    follows: bool


class TimelineView(QTableView):
    """Shows a TimelineModel.

    ``picture_asked`` carries the number of the entry whose picture is to be opened, ``copied`` how many rows are on the
    clipboard. ``current_moved`` comes when another row is the current one, ``follow_changed`` when ``follows`` is
    another.
    """

    picture_asked = Signal(int)
    current_moved = Signal()
    copied = Signal(int)
    follow_changed = Signal()

    def __init__(self, theme: Theme, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._follows = True
        self._kept: _Kept | None = None
        self._to_copy: deque[Entry] = deque()
        self._lines: list[str] = []
        self._slices = QTimer(self)
        self._slices.setInterval(0)
        self._slices.timeout.connect(self._copy_on)
        self.setObjectName("timeline")
        self.setAccessibleName(self.tr("Timeline"))
        behave_as_list(self)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(TimelineDelegate(theme, self))
        self.setModel(model)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns = self.horizontalHeader()
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setHighlightSections(False)
        columns.setSectionsClickable(False)
        columns.setStretchLastSection(False)
        columns.setMinimumSectionSize(40)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setSectionResizeMode(WHAT, QHeaderView.ResizeMode.Stretch)
        self._measure()
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._range_changed)
        bar.valueChanged.connect(self._scrolled)
        model.rowsAboutToBeRemoved.connect(self._rows_going)
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._find_again)
        self.doubleClicked.connect(self._activate)
        theme.changed.connect(self.viewport().update)

    @property
    def follows(self) -> bool:
        """Whether the end is on show and will be when there is more."""
        return self._follows

    def follow(self) -> None:
        """Go to the end, and stay there."""
        self._set_follows(True)
        self.scrollToBottom()

    def go_to(self, number: int) -> None:
        """Make the row of the entry with this number the current one, if it is shown."""
        row = self._model.row_of(number)
        if row >= 0:
            self.choose(row)

    def choose(self, row: int) -> None:
        """Make ``row`` the current and only selected one, whichever keys are down."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._model.index(row, WHAT), flags)

    def copy(self) -> None:
        """Copy the selected rows, one line each; very many are put together in slices, so that nothing waits."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        self._to_copy = deque(self._model.entry(row) for row in rows)
        self._lines = []
        if rows:
            self._copy_on()

    def _copy_on(self) -> None:
        until = perf_counter() + _SLICE_SECONDS
        wording = self._model.wording
        while self._to_copy and perf_counter() < until:
            self._lines.append(wording.copied(self._to_copy.popleft()))
        if self._to_copy:
            self._slices.start()
            return
        self._slices.stop()
        QGuiApplication.clipboard().setText("\n".join(self._lines))
        self.copied.emit(len(self._lines))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy with Ctrl+C, open a picture with Enter."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers() & ~_KEYPAD:
            self._activate(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin with the last row when none has been the current one yet."""
        super().focusInEvent(event)
        if event.reason() in _BY_KEY and not self.selectionModel().hasSelection() and self._model.rowCount():
            row = self.currentIndex().row() if self.currentIndex().isValid() else self._model.rowCount() - 1
            self.choose(row)
        self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy and to open the picture, by mouse and by key."""
        place = event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = self.visualRect(self.currentIndex()).bottomLeft() + QPoint(PAD, 0)
        index = self.currentIndex()
        if not index.isValid() or not self.selectionModel().hasSelection():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self.tr("&Copy"))
        copy.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copy.triggered.connect(self.copy)
        picture = menu.addAction(self.tr("Show &picture"))
        picture.setEnabled(bool(self._model.entry(index.row()).picture))
        picture.triggered.connect(self._activate_current)
        menu.popup(self.viewport().mapToGlobal(place))

    def currentChanged(self, current: _Index, previous: _Index) -> None:  # noqa: N802 - Qt's name
        """Tell that another row is the current one."""
        super().currentChanged(current, previous)
        self.viewport().update()  # the bar at the row's left side is drawn for the current row only
        self.current_moved.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Measure when the font is known."""
        self._measure()
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew when the font or its style changes."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange} and hasattr(self, "_kept"):
            self._measure()

    def _measure(self) -> None:
        """Give rows one height and columns the widths their longest words need."""
        self.ensurePolished()
        metrics = QFontMetrics(self.font())
        self.verticalHeader().setDefaultSectionSize(row_height(metrics.height()))
        kinds = max(metrics.horizontalAdvance(label_of(kind)) for kind in EntryKind)
        places = max(metrics.horizontalAdvance(place_words(place)) for place in ("widget", "frame", "window 1 frame"))
        for column, width in (
            (TIME, metrics.horizontalAdvance("0:00:00.0") + _AROUND),
            (KIND, kinds + ICON + 6 + _AROUND),
            (PLACE, places + _AROUND),
        ):
            self.horizontalHeader().resizeSection(column, width)

    def _range_changed(self, _least: int, most: int) -> None:
        if self._follows:
            self.verticalScrollBar().setValue(most)

    def _scrolled(self, value: int) -> None:
        self._set_follows(value >= self.verticalScrollBar().maximum())

    def _set_follows(self, follows: bool) -> None:
        if follows != self._follows:
            self._follows = follows
            self.follow_changed.emit()

    def _rows_going(self, _parent: QModelIndex, first: int, last: int) -> None:
        """Keep what is on show where it is when rows above it go."""
        bar = self.verticalScrollBar()
        top = self.rowAt(0)
        above = min(last, top - 1) - first + 1
        if not self._follows and above > 0:
            bar.setValue(bar.value() - above * self.verticalHeader().defaultSectionSize())
            self._set_follows(False)

    def _keep(self) -> None:
        """Remember what is current and what is on top, by their numbers."""
        index, top = self.currentIndex(), self.rowAt(0)
        self._kept = _Kept(
            self._model.entry(index.row()).number if index.isValid() else 0,
            self._model.entry(top).number if top >= 0 else 0,
            self._follows,
        )

    def _find_again(self) -> None:
        kept = self._kept
        if kept is not None:
            if kept.current:
                self.go_to(kept.current)
            if kept.follows:
                self.follow()
            elif kept.top:
                row = self._model.row_at_or_after(kept.top)
                self.scrollTo(self._model.index(row, WHAT), QAbstractItemView.ScrollHint.PositionAtTop)
        self.current_moved.emit()

    def _activate(self, index: _Index) -> None:
        if index.isValid() and (entry := self._model.entry(index.row())).picture:
            self.picture_asked.emit(entry.number)

    def _activate_current(self) -> None:
        self._activate(self.currentIndex())
