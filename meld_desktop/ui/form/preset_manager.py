"""All presets in a list: to use, rename, delete, hand on, take over, and to choose what new forms begin with."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, QStandardPaths, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from meld_desktop.domain.presets.builtin import BUILT_IN
from meld_desktop.domain.presets.preset import Preset
from meld_desktop.domain.text import Text
from meld_desktop.services.presets import Action, Done, Presets
from meld_desktop.storage.presets import PresetList, StoredPreset
from meld_desktop.ui.dialog import Dialog
from meld_desktop.ui.form.field_frame import FlatRows
from meld_desktop.ui.form.preset_name_dialog import rename
from meld_desktop.ui.form.preset_words import done_words, name_of, summary
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.problem_line import ProblemLine
from meld_desktop.ui.strings import breakable, localized, sentences, tool_tip

_WIDTH = 560
_ROWS, _ROW_HEIGHT = 9, 28
_MOST_PROBLEMS = 2


@dataclass(frozen=True, slots=True)
class _Row:
    """A preset in the list; ``stored`` is None for one that comes with the program."""

    id: str
    name: str
    preset: Preset
    stored: StoredPreset | None = None


class PresetManager(Dialog):
    """Opened with ``open``. ``chosen`` carries the Preset to use; the dialog is closed then."""

    chosen = Signal(object)

    def __init__(self, presets: Presets, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Presets"), parent)
        self.setMinimumWidth(_WIDTH)
        self._presets = presets
        self._rows: list[_Row] = []
        self._failures: list[str] = []
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Presets"))
        self.list.setItemDelegate(FlatRows(self.list))
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setViewportMargins(4, 4, 4, 4)
        self.list.setMinimumHeight(_ROWS * _ROW_HEIGHT + 12)
        self.list.currentRowChanged.connect(self._show_row)
        self.list.itemActivated.connect(self._use)
        self._about = Paragraph("", "hint", self)
        self.problem = ProblemLine(self)
        self.use = self._button(self.tr("&Use"), self.tr("Use"))
        self.use.clicked.connect(self._use)
        self.default = self._button(self.tr("Set as &default"), self.tr("Set as default"))
        self.default.setToolTip(self.tr("New forms begin with this preset"))
        self.default.clicked.connect(self._toggle_default)
        self.rename = self._button(self.tr("&Rename…"), self.tr("Rename…"))
        self.rename.clicked.connect(self._rename)
        self.delete = self._button(self.tr("De&lete…"), self.tr("Delete…"))
        self.delete.clicked.connect(self._ask_delete)
        self.export = self._button(self.tr("&Export…"), self.tr("Export…"))
        self.export.clicked.connect(self._ask_export)
        self.importing = self._button(self.tr("&Import…"), self.tr("Import…"))
        self.importing.clicked.connect(self._ask_import)
        for key, act in ((Qt.Key.Key_F2, self._rename), (Qt.Key.Key_Delete, self._ask_delete)):
            shortcut = QShortcut(QKeySequence(key), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)
        self._lay_out()
        presets.listed.connect(self._show)
        presets.done.connect(self._done)
        presets.failed.connect(self._failed)
        presets.default_changed.connect(self._show_default)
        if presets.current is not None:
            self._show(presets.current)
        self._show_row()
        presets.load()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, text: str, name: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setAccessibleName(name)
        button.setAutoDefault(False)
        return button

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(8)
        for button in (self.use, self.default, self.rename, self.delete, self.export):
            side.addWidget(button)
        side.addStretch(1)
        side.addWidget(self.importing)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.list, 1)
        row.addLayout(side)
        buttons = QDialogButtonBox(self)
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        self.column.addLayout(row, 1)
        for widget in (self._about, self.problem):
            self.column.addWidget(widget)
        self.column.addSpacing(4)
        self.column.addWidget(buttons)

    @property
    def _current(self) -> _Row | None:
        at = self.list.currentRow()
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def _show(self, presets: PresetList) -> None:
        self._fill(presets.presets)
        self._show_problems()

    def _show_problems(self) -> None:
        """Say what was not done, and which files cannot be used."""
        presets = self._presets.current
        unusable = presets.problems if presets else ()
        said = list(self._failures)
        tone = "error" if said else "warning"
        said += [f"{problem.path.name}: {localized(problem.text)}" for problem in unusable[:_MOST_PROBLEMS]]
        if more := len(unusable[_MOST_PROBLEMS:]):
            said.append(self.tr("Other files that cannot be used: {count}").format(count=more))
        self.problem.say(sentences(*said), tone)

    def _fill(self, own: tuple[StoredPreset, ...]) -> None:
        """Show ``own`` presets and those of the program; the one that was chosen stays chosen."""
        before = self._current.id if self._current else ""
        place = self.list.currentRow()
        self._rows = [_Row(stored.id, stored.preset.name, stored.preset, stored) for stored in own]
        self._rows += [_Row(each.id, name_of(each), each.preset) for each in BUILT_IN]
        self.list.blockSignals(True)
        self.list.clear()
        for row in self._rows:
            item = QListWidgetItem(self._shown(row))
            item.setSizeHint(QSize(0, _ROW_HEIGHT))
            item.setToolTip(tool_tip(row.name))
            self.list.addItem(item)
        self.list.blockSignals(False)
        ids = [row.id for row in self._rows]
        self.list.setCurrentRow(ids.index(before) if before in ids else min(max(place, 0), len(ids) - 1))
        self._show_row()

    def _shown(self, row: _Row) -> str:
        words = "{name}" if row.stored else self.tr("{name} (built in)")
        if row.id == self._presets.default_id:
            words = self.tr("{name}, default") if row.stored else self.tr("{name} (built in), default")
        return words.format(name=row.name)

    def _show_default(self) -> None:
        for place, row in enumerate(self._rows):
            self.list.item(place).setText(self._shown(row))
        self._show_row()

    def _show_row(self) -> None:
        row = self._current
        own = row is not None and row.stored is not None
        self.rename.setEnabled(own)
        self.delete.setEnabled(own)
        for button in (self.use, self.default, self.export):
            button.setEnabled(row is not None)
        is_default = row is not None and row.id == self._presets.default_id
        text = self.tr("&Not as default") if is_default else self.tr("Set as &default")
        self.default.setText(text)
        self.default.setAccessibleName(text.replace("&", ""))
        reason = "" if own else self.tr("A preset that comes with the program stays as it is. Save it under your name.")
        for button in (self.rename, self.delete):
            button.setToolTip(reason)
            button.setAccessibleDescription(reason)
        self._about.setText(summary(row.preset.request) if row else "")

    def _use(self) -> None:
        if row := self._current:
            self.accept()
            self.chosen.emit(row.preset)

    def _toggle_default(self) -> None:
        if row := self._current:
            self._presets.set_default("" if row.id == self._presets.default_id else row.id)

    def _rename(self) -> None:
        row = self._current
        if row and row.stored:
            rename(self._presets, row.stored, self).open()

    def _ask_delete(self) -> None:
        row = self._current
        if not row or not row.stored:
            return
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Delete preset"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("Delete the preset “{name}”?").format(name=breakable(row.name)))
        yes = box.addButton(self.tr("&Delete"), QMessageBox.ButtonRole.DestructiveRole)
        no = box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(no)
        yes.clicked.connect(self._delete)
        box.open()

    def _delete(self) -> None:
        row = self._current
        if row and row.stored:
            self._failures.clear()
            self._presets.delete(row.stored)

    def _ask_export(self) -> None:
        if row := self._current:
            name = "".join(letter if letter.isalnum() or letter in " -_." else "-" for letter in row.name).strip(" .")
            chooser = self._chooser(self.tr("Export preset"), QFileDialog.AcceptMode.AcceptSave)
            chooser.selectFile(f"{name or 'preset'}.json")
            chooser.fileSelected.connect(self._export)
            chooser.open()

    def _ask_import(self) -> None:
        chooser = self._chooser(self.tr("Import presets"), QFileDialog.AcceptMode.AcceptOpen)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chooser.filesSelected.connect(self._import)
        chooser.open()

    def _chooser(self, title: str, mode: QFileDialog.AcceptMode) -> QFileDialog:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chooser = QFileDialog(self, title, folder)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.setAcceptMode(mode)
        chooser.setDefaultSuffix("json")
        chooser.setNameFilters([self.tr("Presets (*.json)"), self.tr("All files (*)")])
        return chooser

    def _export(self, file: str) -> None:
        if row := self._current:
            self._failures.clear()
            self._presets.export_file(row.preset, Path(file))

    def _import(self, files: list[str]) -> None:
        self._failures.clear()
        for file in files:
            self._presets.import_file(Path(file))

    def _done(self, done: Done) -> None:
        if done.action in {Action.IMPORTED, Action.RENAMED}:
            ids = [row.id for row in self._rows]
            if done.id in ids:
                self.list.setCurrentRow(ids.index(done.id))
        if done.action in {Action.IMPORTED, Action.EXPORTED} and not self.problem.text:
            self._about.setText(sentences(done_words(done), done.preset.name))

    def _failed(self, problem: Text) -> None:
        self._failures.append(localized(problem))
        self._show_problems()
