"""JSON to unfold, with the keyboard all the way, and to copy values and places from."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from meld_desktop.ui.arrow_tree import ArrowTree
from meld_desktop.ui.result.json_model import NAME, JsonTreeModel, parse
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_MOST_UNFOLDED = 2000
"""Unfolding more rows than that at once takes longer than a key press may."""


class JsonTree(ArrowTree):
    """Shows a JSON text as a tree. ``copied`` carries what was copied, for a message."""

    copied = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values = JsonTreeModel(theme, self)
        self.setModel(self.values)
        self.setIndentation(18)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        set_property(self, "role", "code")
        header = self.header()
        header.setSectionsMovable(False)
        header.setResizeContentsPrecision(0)  # measure what can be seen, not thousands of rows
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.ResizeToContents)
        self._copy_value = self._action(self.tr("Copy value"), QKeySequence(QKeySequence.StandardKey.Copy))
        self._copy_value.triggered.connect(self.copy_value)
        self._copy_path = self._action(self.tr("Copy path"), QKeySequence("Ctrl+Alt+C"))
        self._copy_path.triggered.connect(self.copy_path)
        self._unfold = self._action(self.tr("Unfold everything below"), QKeySequence("*"))
        self._unfold.triggered.connect(self.unfold)
        self._fold = self._action(self.tr("Fold everything"), QKeySequence("/"))
        self._fold.triggered.connect(self._fold_all)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        theme.changed.connect(self.viewport().update)

    def show_text(self, text: str) -> bool:
        """Show ``text``; return whether it is JSON that can be shown so. Otherwise the tree is empty."""
        try:
            value = parse(text)
        except (ValueError, RecursionError):
            self.values.set_value([])
            return False
        self.values.set_value(value)
        first = self.values.index(0, NAME)
        if first.isValid():
            self.setCurrentIndex(first)
        return True

    def copy_value(self) -> None:
        """Copy the value of the current row."""
        if (index := self._current()).isValid():
            QGuiApplication.clipboard().setText(self.values.text_of(index))
            self.copied.emit(self.values.path_of(index))

    def copy_path(self) -> None:
        """Copy where the current row stands."""
        if (index := self._current()).isValid():
            path = self.values.path_of(index)
            QGuiApplication.clipboard().setText(path)
            self.copied.emit(path)

    def unfold(self) -> None:
        """Unfold the current row and what is below it, nearest first, as much as a person can wait for."""
        waiting, shown = [self._current()], 0
        while waiting:
            later: list[QModelIndex] = []
            for index in waiting:
                if shown >= _MOST_UNFOLDED or not self.values.hasChildren(index):
                    continue
                rows = self.values.rowCount(index)
                shown += rows
                self.expand(index)
                later += [self.values.index(row, NAME, index) for row in range(rows)]
            waiting = later

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Qt's own star, which unfolds without end, out."""
        if event.key() == Qt.Key.Key_Asterisk:
            self.unfold()
        else:
            super().keyPressEvent(event)

    def _fold_all(self) -> None:
        top = self._current()
        while top.parent().isValid():
            top = top.parent()
        self.collapseAll()
        self.setCurrentIndex(top)

    def _current(self) -> QModelIndex:
        return self.currentIndex().siblingAtColumn(NAME)

    def _action(self, text: str, keys: QKeySequence) -> QAction:
        action = QAction(text, self)
        action.setShortcut(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.addAction(action)
        return action
