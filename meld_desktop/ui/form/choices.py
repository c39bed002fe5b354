"""Editors for yes or no, and for one of a few."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from meld_desktop.domain.fields import FieldSpec
from meld_desktop.ui.form.editor import FieldEditor
from meld_desktop.ui.strings import localized


class FlagEditor(FieldEditor):
    """A check box."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__([spec], parent)
        self.box = QCheckBox(localized(spec.label), self)
        self.box.setAccessibleName(localized(spec.label))
        self.box.setChecked(bool(spec.default))
        self.box.setToolTip(localized(spec.help))
        self.box.toggled.connect(self.changed)
        self.body.addWidget(self.box)
        self.finish(hint=localized(spec.help))

    def values(self) -> dict[str, object]:
        """Return whether the box is ticked."""
        return {self.specs[0].id: self.box.isChecked()}

    def set_values(self, values: dict[str, object]) -> None:
        """Tick or untick the box."""
        self.box.setChecked(bool(values[self.specs[0].id]))

    def focus_target(self) -> QWidget:
        """Return the check box."""
        return self.box


class TristateEditor(FieldEditor):
    """A check box that starts as *not set*: the account's own preference applies (OAS: it is an override)."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__([spec], parent)
        self.box = QCheckBox(localized(spec.label), self)
        self.box.setAccessibleName(localized(spec.label))
        self.box.setTristate(True)
        self.box.setCheckState(Qt.CheckState.PartiallyChecked)
        self.box.setToolTip(localized(spec.help))
        self.box.checkStateChanged.connect(self.changed)
        self.body.addWidget(self.box)
        self.finish(hint=self.tr("A dash means: as set for the account."))

    def values(self) -> dict[str, object]:
        """Return True, False, or None while it is not set."""
        state = self.box.checkState()
        return {self.specs[0].id: None if state is Qt.CheckState.PartiallyChecked else state is Qt.CheckState.Checked}

    def set_values(self, values: dict[str, object]) -> None:
        """Show True, False, or None as the dash."""
        value = values[self.specs[0].id]
        if value is None:
            self.box.setCheckState(Qt.CheckState.PartiallyChecked)
        else:
            self.box.setChecked(bool(value))

    def focus_target(self) -> QWidget:
        """Return the check box."""
        return self.box


class ChoiceEditor(FieldEditor):
    """One of the spec's choices; the first entry leaves it to the account."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__([spec], parent, heading=localized(spec.label))
        self.combo = QComboBox(self)
        self.combo.setAccessibleName(localized(spec.label))
        self.combo.setToolTip(localized(spec.help))
        self.combo.addItem(self.tr("As set for the account"), "")
        for value, label in spec.choices:
            self.combo.addItem(localized(label), value)
        self.combo.currentIndexChanged.connect(self.changed)
        self.body.addWidget(self.combo)
        self.finish(description=localized(spec.help))

    def values(self) -> dict[str, object]:
        """Return the chosen wire value, empty when it is left to the account."""
        return {self.specs[0].id: self.combo.currentData()}

    def set_values(self, values: dict[str, object]) -> None:
        """Choose the entry of a wire value."""
        self.combo.setCurrentIndex(max(0, self.combo.findData(values[self.specs[0].id])))

    def focus_target(self) -> QWidget:
        """Return the combo box."""
        return self.combo
