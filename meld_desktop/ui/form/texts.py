"""Editors for one line of text: plain, an address, a colour."""

from PySide6.QtGui import QAction, QColor, QIcon, QPixmap
from PySide6.QtWidgets import QColorDialog, QLineEdit, QWidget

from meld_desktop.domain.fields import FieldSpec
from meld_desktop.ui.form.editor import FieldEditor
from meld_desktop.ui.strings import localized


class TextEditor(FieldEditor):
    """One line of text. Outer blanks are not part of the value, because they come from careless pasting."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__([spec], parent, heading=localized(spec.label))
        self.line = QLineEdit(self)
        self.line.setAccessibleName(localized(spec.label))
        self.line.setPlaceholderText(localized(spec.placeholder))
        self.line.setToolTip(localized(spec.help))
        self.line.textChanged.connect(self.changed)
        self.body.addWidget(self.line)
        self.finish(description=localized(spec.help))

    def values(self) -> dict[str, object]:
        """Return the trimmed text."""
        return {self.specs[0].id: self.line.text().strip()}

    def set_values(self, values: dict[str, object]) -> None:
        """Show the text."""
        self.line.setText(str(values[self.specs[0].id]))
        self.line.setCursorPosition(0)  # a long value shows its beginning

    def focus_target(self) -> QWidget:
        """Return the line edit."""
        return self.line


class ColourEditor(TextEditor):
    """A CSS colour, typed or chosen, with a swatch of what it is."""

    def __init__(self, spec: FieldSpec, parent: QWidget | None = None) -> None:
        super().__init__(spec, parent)
        self._pick = QAction(self.tr("Choose a colour…"), self)
        self._pick.triggered.connect(self._choose)
        self.line.addAction(self._pick, QLineEdit.ActionPosition.TrailingPosition)
        self.line.textChanged.connect(self._show_swatch)
        self._show_swatch()

    def _show_swatch(self) -> None:
        colour = QColor.fromString(self.line.text().strip())
        swatch = QPixmap(32, 32)
        swatch.fill(colour if colour.isValid() else self.palette().mid().color())
        self._pick.setIcon(QIcon(swatch))

    def _choose(self) -> None:
        dialog = QColorDialog(QColor.fromString(self.line.text().strip()), self)
        dialog.setWindowTitle(localized(self.specs[0].label))
        dialog.colorSelected.connect(self._chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _chosen(self, colour: QColor) -> None:
        self.line.setText(colour.name())
