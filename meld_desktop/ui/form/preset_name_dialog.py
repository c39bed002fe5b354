"""Asks for the name of a preset: of a new one, or another name for one there is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QWidget

from meld_desktop.domain.presets.builtin import built_in
from meld_desktop.domain.presets.preset import LONGEST_NAME, Preset, PresetError
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.text import Text
from meld_desktop.services.presets import Action, Done, Presets
from meld_desktop.storage.presets import StoredPreset
from meld_desktop.ui.dialog import Dialog
from meld_desktop.ui.form.preset_words import summary
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.problem_line import ProblemLine
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.style import set_property


class PresetNameDialog(Dialog):
    """Opened with ``open``; closes itself when the preset is kept. Made by ``save_as`` and ``rename``."""

    def __init__(
        self,
        title: str,
        presets: Presets,
        request: ConnectStartRequest,
        renamed: StoredPreset | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self.setMinimumWidth(440)
        self._presets = presets
        self._request = request
        self._renamed = renamed
        self._replaced = ""
        self._waits_for: Action | None = None
        label = QLabel(self.tr("&Name"), self)
        set_property(label, "role", "heading")
        self.line = QLineEdit(renamed.preset.name if renamed else "", self)
        self.line.setAccessibleName(self.tr("Preset name"))
        self.line.setPlaceholderText(self.tr("for example Mortgage check"))
        self.line.setMaxLength(LONGEST_NAME)
        self.line.selectAll()
        label.setBuddy(self.line)
        self.problem = ProblemLine(self)
        what = Paragraph(summary(request), "hint", self)
        left_out = Paragraph(self.tr("The customer is not part of a preset."), "hint", self)
        left_out.setVisible(renamed is None)
        buttons = QDialogButtonBox(self)
        text = self.tr("&Save") if renamed is None else self.tr("&Rename")
        self.save = buttons.addButton(text, QDialogButtonBox.ButtonRole.AcceptRole)
        self.save.setDefault(True)
        set_property(self.save, "role", "primary")
        self.cancel = buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.cancel.setAutoDefault(False)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        for widget in (label, self.line, self.problem, what, left_out):
            self.column.addWidget(widget)
        self.column.addSpacing(8)
        self.column.addWidget(buttons)
        self.line.textChanged.connect(self._typed)
        presets.done.connect(self._done)
        presets.failed.connect(self._failed)
        self._typed()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self) -> None:
        self._replaced = ""
        self.problem.clear()
        self.line.setAccessibleDescription("")
        self.save.setEnabled(bool(self.line.text().strip()))

    def _save(self) -> None:
        name = self.line.text().strip()
        try:
            preset = Preset(name, self._request)
        except PresetError as error:
            self._say(localized(error.text))
            return
        if self._renamed is not None:
            self._await(Action.RENAMED)
            self._presets.rename(self._renamed.id, name)
            return
        taken = self._taken(name)
        if taken and taken != self._replaced:
            self._replaced = taken
            self._say(self.tr("There is a preset with this name. Press Save again to replace it."), "warning")
            return
        self._await(Action.SAVED)
        self._presets.save(preset, taken)

    def _taken(self, name: str) -> str:
        """Return the id of the own preset called ``name``; empty when there is none, or when it cannot be replaced."""
        current = self._presets.current
        if current is None or built_in(name):
            return ""
        return next((own.id for own in current.presets if own.preset.name.casefold() == name.casefold()), "")

    def _await(self, action: Action) -> None:
        self._waits_for = action
        for widget in (self.line, self.save):
            widget.setEnabled(False)

    def _done(self, done: Done) -> None:
        if done.action is self._waits_for:
            self.accept()

    def _failed(self, problem: Text) -> None:
        if self._waits_for is None:
            return
        self._waits_for = None
        for widget in (self.line, self.save):
            widget.setEnabled(True)
        self._say(localized(problem))

    def _say(self, problem: str, tone: str = "error") -> None:
        self.problem.say(problem, tone)
        self.line.setAccessibleDescription(problem)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)


def save_as(presets: Presets, request: ConnectStartRequest, parent: QWidget) -> PresetNameDialog:
    """Return the dialog that keeps ``request`` as a new preset, or in place of one of the same name."""
    dialog = PresetNameDialog("", presets, request, None, parent)
    dialog.setWindowTitle(dialog.tr("Save as preset"))
    return dialog


def rename(presets: Presets, stored: StoredPreset, parent: QWidget) -> PresetNameDialog:
    """Return the dialog that gives ``stored`` another name."""
    dialog = PresetNameDialog("", presets, stored.preset.request, stored, parent)
    dialog.setWindowTitle(dialog.tr("Rename preset"))
    return dialog
