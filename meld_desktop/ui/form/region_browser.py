"""The dialog that shows every region there is: search, tick several, use them."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from meld_desktop.domain.regions import RegionIndex
from meld_desktop.ui.arrow_tree import ArrowTree
from meld_desktop.ui.form.field_frame import tokens_in_use
from meld_desktop.ui.form.region_tree import CODE, NAME, RegionTreeModel
from meld_desktop.ui.theme.icons import icon
from meld_desktop.ui.theme.style import set_property

_Index = QModelIndex | QPersistentModelIndex


class RegionTree(ArrowTree):
    """Countries to unfold. ``left_upwards`` says that the arrow goes up from the first row."""

    left_upwards = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Regions"))
        self.setHeaderHidden(True)
        self.setIndentation(24)
        self.setStyleSheet("QTreeView { padding: 3px; }")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the search from the first row."""
        if event.key() == Qt.Key.Key_Up and not self.indexAbove(self.currentIndex()).isValid():
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)


class RegionBrowser(QDialog):
    """Ticks regions in a tree. Lives on the main thread; open it with ``open``, which does not block.

    ``chosen`` carries the tuple of ticked codes, in the order they were ticked, when they are to be used.
    """

    chosen = Signal(tuple)

    def __init__(self, index: RegionIndex, selected: Iterable[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Browse regions"))
        self.resize(520, 600)
        self._model = RegionTreeModel(index, selected, self)
        self._search = QLineEdit(self)
        self._search.setAccessibleName(self.tr("Search regions"))
        self._search.setPlaceholderText(self.tr("Search by name or code"))
        self._glass = QAction(self)
        self._wipe = QAction(self.tr("Clear the search"), self)
        self._wipe.setVisible(False)
        self._wipe.triggered.connect(self._search.clear)
        self._search.addAction(self._wipe, QLineEdit.ActionPosition.TrailingPosition)
        self._search.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._search.installEventFilter(self)
        self._none = QLabel(self)
        self._none.setWordWrap(True)
        self._none.hide()
        set_property(self._none, "role", "soft")
        self._tree = RegionTree(self)
        self._tree.setModel(self._model)
        header = self._tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(CODE, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(CODE, self.fontMetrics().horizontalAdvance("WW-WWW") + 16)
        self._count = QLabel(self)
        set_property(self._count, "role", "soft")
        self._buttons = QDialogButtonBox(self)
        use = self._buttons.addButton(self.tr("Use these regions"), QDialogButtonBox.ButtonRole.AcceptRole)
        use.setDefault(True)
        set_property(use, "role", "primary")
        cancel = self._buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setAutoDefault(False)
        self._clear = self._buttons.addButton(self.tr("Clear all"), QDialogButtonBox.ButtonRole.ResetRole)
        self._clear.setAutoDefault(False)
        self._lay_out()
        self._search.textChanged.connect(self._filter)
        self._tree.left_upwards.connect(self._search.setFocus)
        self._model.selection_changed.connect(self._say_count)
        self._clear.clicked.connect(self._model.clear)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._tint()
        self._say_count()
        self._search.setFocus()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(self._search)
        column.addWidget(self._none)
        column.addWidget(self._tree, 1)
        column.addWidget(self._count)
        column.addSpacing(4)
        column.addWidget(self._buttons)

    def accept(self) -> None:
        """Close and tell what was ticked."""
        super().accept()
        self.chosen.emit(self._model.selected)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_glass"):
            self._tint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Down and, with text in the field, Enter go from the search to the tree."""
        if watched is self._search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and bool(self._search.text())
            if event.key() == Qt.Key.Key_Down or enter:
                self._go_to_tree()
                return True
        return super().eventFilter(watched, event)

    def _go_to_tree(self) -> None:
        if not self._tree.currentIndex().isValid():
            self._tree.setCurrentIndex(self._model.index(0, NAME))
        self._tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _filter(self, query: str) -> None:
        self._wipe.setVisible(bool(query))
        best, unfolded = self._model.filter(query)
        for country in unfolded:
            self._tree.expand(country)
        if best.isValid():
            self._tree.setCurrentIndex(best)
            self._tree.scrollTo(best, QAbstractItemView.ScrollHint.PositionAtCenter)
        else:
            self._tree.scrollToTop()
        self._none.setText(
            self.tr("No region matches “{query}”. Try a name or a code, such as CA-ON.").format(query=query)
        )
        self._none.setVisible(not self._model.rowCount())

    def _say_count(self) -> None:
        count = len(self._model.selected)
        if count == 1:
            text = self.tr("1 region selected")
        else:
            text = self.tr("{count} regions selected").format(count=count) if count else self.tr("No region selected")
        self._count.setText(text)
        self._clear.setEnabled(bool(count))

    def _tint(self) -> None:
        self._wipe.setIcon(icon("close", tokens_in_use().soft))
        self._glass.setIcon(icon("search", tokens_in_use().soft))
