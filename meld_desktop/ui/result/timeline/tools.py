"""The tool row of the timeline: what is shown, and what can be done with it."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from meld_desktop.domain.witness.entry import EntryKind
from meld_desktop.ui.result.timeline.kinds import filter_label_of
from meld_desktop.ui.search_field import SearchField
from meld_desktop.ui.theme.icons import icon
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_TYPING_MS = 120
_SEARCH_WIDTH = 160


class Tools(QWidget):
    """Emits what the person wants: kinds, search text, values, a pack, a comparison, a picture."""

    kinds_chosen = Signal(object)
    searched = Signal(str)
    values_wanted = Signal(bool)
    save_wanted = Signal()
    compare_wanted = Signal()
    picture_wanted = Signal()
    table_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self.search = SearchField(self)
        self.search.setAccessibleName(self.tr("Search timeline"))
        self.search.setPlaceholderText(self.tr("Search timeline"))
        self.search.setToolTip(self.tr("Finds words in what happened and in what came with it (Ctrl+F)"))
        self.search.setMinimumWidth(_SEARCH_WIDTH)
        self._glass = QAction(self)
        self.wipe = QAction(self.tr("Clear the search"), self)
        self.wipe.setVisible(False)
        self.wipe.triggered.connect(self.search.clear)
        self.search.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.search.addAction(self.wipe, QLineEdit.ActionPosition.TrailingPosition)
        self.filter = QToolButton(self)
        self.filter.setAccessibleName(self.tr("Filter"))
        self.filter.setToolTip(self.tr("Choose which kinds of entries are shown"))
        self.filter.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.filter.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.filter.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow behind the word
        self.filter.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.filter.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        set_property(self.filter, "role", "button")
        self._menu = _StayingMenu(self.filter)
        self._actions = {kind: self._add_kind(kind) for kind in EntryKind}
        self._menu.addSeparator()
        self._all = self._menu.addAction(self.tr("Show all kinds"))
        self._all.triggered.connect(self.show_all_kinds)
        self.filter.setMenu(self._menu)
        self.values = QCheckBox(self.tr("Show &values"), self)
        self.values.setAccessibleName(self.tr("Show values"))
        self.values.setToolTip(
            self.tr("Shows values in addresses and what speaks of the customer. Connect tokens and keys stay masked.")
        )
        self.values.toggled.connect(self.values_wanted)
        self.picture = QPushButton(self.tr("Take &picture"), self)
        self.picture.setToolTip(self.tr("Keeps a picture of the widget as it is now; what was typed is covered"))
        self.compare = QPushButton(self.tr("C&ompare…"), self)
        self.compare.setToolTip(self.tr("Shows what differs between two sessions"))
        self.save = QPushButton(self.tr("Save &evidence…"), self)
        self.save.setToolTip(self.tr("Saves the timeline, the pictures and the requests in one file (Ctrl+E)"))
        for button, name in (
            (self.picture, self.tr("Take picture")),
            (self.compare, self.tr("Compare…")),
            (self.save, self.tr("Save evidence…")),
        ):
            button.setAccessibleName(name)
        self.picture.clicked.connect(self.picture_wanted)
        self.compare.clicked.connect(self.compare_wanted)
        self.save.clicked.connect(self.save_wanted)
        self._lay_out()
        self.search.textChanged.connect(self._typed)
        self.search.down_pressed.connect(self.table_wanted)
        self._typing.timeout.connect(self._search)
        self.search.returnPressed.connect(self._search)
        theme.changed.connect(self._paint)
        self._paint()
        self._say_filter()

    def show_all_kinds(self) -> None:
        """Tick every kind."""
        for action in self._actions.values():
            action.blockSignals(True)
            action.setChecked(True)
            action.blockSignals(False)
        self._choose()

    def set_usable(self, is_usable: bool) -> None:
        """Offer what needs a session, or only to compare packs."""
        for widget in (self.search, self.filter, self.values, self.picture, self.save):
            widget.setEnabled(is_usable)

    def clear(self) -> None:
        """Show everything: all kinds, no search."""
        self.search.clear()
        self._search()
        self.show_all_kinds()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use two rows where one is too narrow."""
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def minimumSizeHint(self) -> QSize:
        """Return the width of the wider of two rows: what does not fit beside goes below."""
        hint = super().minimumSizeHint()
        width = max(self._view.minimumSize().width(), self._do.minimumSize().width())
        return QSize(width, hint.height())

    def _lay_out(self) -> None:
        self._view = QHBoxLayout()
        self._view.setSpacing(8)
        self._view.addWidget(self.search, 1)
        self._view.addWidget(self.filter)
        self._view.addWidget(self.values)
        self._do = QHBoxLayout()
        self._do.setSpacing(8)
        for button in (self.picture, self.compare, self.save):
            self._do.addWidget(button)
        self._do.addStretch(1)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(0, 1)
        self._grid.addLayout(self._view, 0, 0)
        self._place = (1, 0)
        self._grid.addLayout(self._do, *self._place)

    def _arrange(self, width: int) -> None:
        needed = self._view.minimumSize().width() + self._do.minimumSize().width() + 16
        place = (0, 1) if width >= needed else (1, 0)
        if place != self._place:
            self._place = place
            self._grid.removeItem(self._do)
            self._grid.addLayout(self._do, *place)

    def _add_kind(self, kind: EntryKind) -> QAction:
        action = self._menu.addAction(filter_label_of(kind))
        action.setCheckable(True)
        action.setChecked(True)
        action.toggled.connect(self._choose)
        return action

    def _choose(self) -> None:
        self._say_filter()
        self.kinds_chosen.emit(self._chosen())

    def _chosen(self) -> frozenset[EntryKind]:
        return frozenset(kind for kind, action in self._actions.items() if action.isChecked())

    def _say_filter(self) -> None:
        chosen, every = len(self._chosen()), len(self._actions)
        self._all.setEnabled(chosen < every)
        if chosen == every:
            self.filter.setText(self.tr("Filter"))
            said = self.tr("All kinds are shown")
        else:
            self.filter.setText(self.tr("Filter: {chosen} of {all}").format(chosen=chosen, all=every))
            said = self.tr("{chosen} of {all} kinds are shown").format(chosen=chosen, all=every)
        self.filter.setAccessibleDescription(said)
        self._arrange(self.width())

    def _typed(self, text: str) -> None:
        self.wipe.setVisible(bool(text))
        self._typing.start()

    def _search(self) -> None:
        self._typing.stop()
        self.searched.emit(self.search.text())

    def _paint(self) -> None:
        tokens = self._theme.tokens
        self._glass.setIcon(icon("search", tokens.soft))
        self.wipe.setIcon(icon("close", tokens.soft))
        self.filter.setIcon(icon("chevron-down", tokens.soft))


class _StayingMenu(QMenu):
    """Stays open while items are ticked, so that several can be changed at once."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick without closing."""
        action: QAction | None = self.actionAt(event.position().toPoint())
        if action is not None and action.isCheckable() and action.isEnabled():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick with Space without closing; Enter ticks and closes."""
        action: QAction | None = self.activeAction()
        if event.key() == Qt.Key.Key_Space and action is not None and action.isCheckable():
            action.trigger()
        else:
            super().keyPressEvent(event)
