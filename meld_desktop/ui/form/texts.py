"""Editors for one line of text: plain, an address, a colour."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QColorDialog, QLineEdit, QWidget

from meld_desktop.domain.fields import FieldSpec
from meld_desktop.ui.form.editor import FieldEditor
from meld_desktop.ui.form.field_frame import tokens_in_use
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

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_pick"):
            self._show_swatch()

    def _show_swatch(self) -> None:
        """Show the colour in a frame; the empty frame means that none is set."""
        colour = QColor.fromString(self.line.text().strip())
        swatch = QPixmap(32, 32)
        swatch.fill(Qt.GlobalColor.transparent)
        painter = QPainter(swatch)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens_in_use().border), 2))
        painter.setBrush(colour if colour.isValid() else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(3, 3, 26, 26)
        painter.end()
        self._pick.setIcon(QIcon(swatch))

    def _choose(self) -> None:
        dialog = QColorDialog(QColor.fromString(self.line.text().strip()), self)
        dialog.setWindowTitle(localized(self.specs[0].label))
        dialog.colorSelected.connect(self._chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _chosen(self, colour: QColor) -> None:
        self.line.setText(colour.name())
