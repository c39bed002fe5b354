"""The line edit regions are typed into, and the list of what the text may mean."""

from enum import Enum, auto
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QCompleter, QLineEdit, QListView, QWidget

from meld_desktop.domain.regions import Region, RegionIndex
from meld_desktop.ui.form.field_frame import FlatRows
from meld_desktop.ui.form.region_chips import CODE_ROLE

_Index = QModelIndex | QPersistentModelIndex

VISIBLE_ROWS = 12
_SEARCHED = 50
SEPARATORS = frozenset(",，、;|\t\r\n\v\f\u0085\u2028\u2029")


class Taking(Enum):
    """Why the text should be taken apart now."""

    ENTER = auto()
    LEFT = auto()
    """The focus went elsewhere."""
    SEPARATOR = auto()
    """One was typed."""
    PUT_IN = auto()
    """Text arrived all at once: pasted, dropped or set."""


class CompletionModel(QAbstractListModel):
    """What the typed text may mean, best first: "Ontario — CA-ON, Canada"."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._index: RegionIndex | None = None
        self._found: list[Region] = []

    def search(self, index: RegionIndex, text: str) -> int:
        """Show what ``text`` may mean and return how many that are."""
        found = index.search(text, _SEARCHED) if text else []
        if found != self._found:
            self.beginResetModel()
            self._index, self._found = index, found
            self.endResetModel()
        return len(found)

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many regions were found."""
        return 0 if parent and parent.isValid() else len(self._found)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the line for a region, or its code."""
        if not index.isValid():
            return None
        region = self._found[index.row()]
        if role == CODE_ROLE:
            return region.code
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole, Qt.ItemDataRole.ToolTipRole}:
            return self._line(region)
        return None

    def _line(self, region: Region) -> str:
        if region.is_country:
            return f"{region.name} — {region.code}"
        country = self._index.get(region.country) if self._index else None
        return f"{region.name} — {region.code}, {country.name if country else region.country}"


# The height QCompleter gives its popup leaves six pixels for border and padding.
_POPUP_STYLE = """
QListView, QListView:focus { border: 1px solid palette(dark); border-radius: 0; padding: 2px; }
QListView::item { min-height: 28px; padding: 0 7px; border: none; }
"""


class RegionInput(QLineEdit):
    """Takes names and codes, offers completions once it has an index. Lives on the main thread.

    ``taking`` carries a ``Taking``: the owner then takes the text apart. ``picked`` carries the code of a completion;
    ``backed_out`` says that Backspace or an arrow wants to go to the chips; ``needed`` that the index is wanted;
    ``rewritten`` carries the text after every change that was not made by ``put``.
    """

    taking = Signal(object)
    picked = Signal(str)
    backed_out = Signal()
    needed = Signal()
    rewritten = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._index: RegionIndex | None = None
        self._before = ""
        self._edited = self._putting = self._came_at_once = False
        self._completed_from = 0
        self._model = CompletionModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(VISIBLE_ROWS)
        # Not QLineEdit.setCompleter: that would write the highlighted line into the field.
        self._completer.setWidget(self)
        self.popup = QListView()
        self._completer.setPopup(self.popup)
        self.popup.clicked.connect(self._pick)
        self.popup.setAccessibleName(self.tr("Matching regions"))
        self.popup.setItemDelegate(FlatRows(self.popup))
        self.popup.setStyleSheet(_POPUP_STYLE)
        self.setAccessibleName(self.tr("Add region"))
        self.setStyleSheet(
            "QLineEdit, QLineEdit:focus { border: none; background: transparent; padding: 0; min-height: 28px; }"
        )
        self.textEdited.connect(self._note_edit)
        self.textChanged.connect(self._follow)
        if isinstance(application := QApplication.instance(), QApplication):
            application.focusChanged.connect(self._follow_focus)

    def set_index(self, index: RegionIndex) -> None:
        """Offer completions from now on."""
        self._index = index
        if self._came_at_once and self._says_several():
            self.taking.emit(Taking.PUT_IN)
        elif self.hasFocus() and self.text().strip():
            self.complete()

    def put(self, text: str) -> None:
        """Show ``text`` without taking it apart."""
        self._putting = True
        self.setText(text)
        self._putting = False
        self._before = text
        self.popup.hide()

    def complete(self) -> None:
        """Show what the text may mean: all of it, or else what stands after the last separator."""
        index, text = self._index, self.text()
        self._completed_from = 0
        if index is not None and not self._model.search(index, text.strip()):
            self._completed_from = max((at + 1 for at, letter in enumerate(text) if letter in SEPARATORS), default=0)
            self._model.search(index, text[self._completed_from :].strip())
        if index is None or not self._model.rowCount():
            self.popup.hide()
            return
        frame = self.parentWidget()
        corner = self.mapFrom(frame, QPoint(0, 0)) if frame else QPoint(0, 0)
        self._completer.complete(QRect(corner.x(), 0, frame.width() if frame else self.width(), self.height() + 5))
        meant = index.parse(text[self._completed_from :])
        # Enter takes what is highlighted. Text that already says exactly one thing, or could be several, is left to
        # speak for itself.
        clear = bool(meant.regions or meant.ambiguous)
        self.popup.setCurrentIndex(QModelIndex() if clear else self.popup.model().index(0, 0))

    def _note_edit(self) -> None:
        self._edited = True

    def _follow(self, text: str) -> None:
        edited, self._edited = self._edited, False
        before, self._before = self._before, text
        self._came_at_once = len(text) > len(before) + 1
        if self._putting:
            return
        self.rewritten.emit(text)
        if not text.strip():
            self.popup.hide()
            return
        self.needed.emit()
        at = self.cursorPosition()
        if not self._came_at_once:
            if len(text) > len(before) and text[at - 1 : at] in SEPARATORS:
                self.taking.emit(Taking.SEPARATOR)
            elif edited:
                self.complete()
        elif self._says_several() or not SEPARATORS.isdisjoint(text):
            self.taking.emit(Taking.PUT_IN)
        elif edited:
            self.complete()

    def _says_several(self) -> bool:
        """Say whether the text is several regions and nothing else, such as codes with blanks between them."""
        parsed = self._index.parse(self.text()) if self._index else None
        return parsed is not None and len(parsed.regions) > 1 and not parsed.unknown

    def _pick(self, index: QModelIndex) -> None:
        code = str(index.data(CODE_ROLE))
        self.put(self.text()[: self._completed_from])
        self.picked.emit(code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes the highlighted or the typed; Backspace at the start goes to the chips."""
        key = event.key()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            highlighted = self.popup.currentIndex()
            if self.popup.isVisible() and highlighted.isValid():
                self.popup.hide()
                self._pick(highlighted)
            elif self.text().strip():
                self.popup.hide()
                self.taking.emit(Taking.ENTER)
            else:
                super().keyPressEvent(event)
            return
        if key == Qt.Key.Key_Down and not self.popup.isVisible() and self.text().strip():
            self.complete()
            return
        if key in {Qt.Key.Key_Backspace, Qt.Key.Key_Left, Qt.Key.Key_Up} and not self.text():
            self.backed_out.emit()
            return
        super().keyPressEvent(event)

    def _follow_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        """Close the list when the focus is moved elsewhere: QCompleter keeps that from the line edit."""
        if old is self and new is not None and new is not self and self.popup.isVisible():
            self._leave()

    def _leave(self) -> None:
        self.popup.hide()
        if self.text().strip():
            self.taking.emit(Taking.LEFT)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Ask for the index as soon as someone is here."""
        super().focusInEvent(event)
        self.needed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take what parses when the field is left; not when a menu, the list or another window is in front."""
        super().focusOutEvent(event)
        if event.reason() not in {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}:
            self._leave()
