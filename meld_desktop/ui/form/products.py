"""The products: a row each, required or optional. Ticking one clears its twin, so both can never be on."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLabel, QWidget

from meld_desktop.domain.fields import FieldSpec
from meld_desktop.domain.products import LABELS, Product
from meld_desktop.ui.form.editor import FieldEditor
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.style import set_property

_COLUMN_WIDTH = 84


class ProductsEditor(FieldEditor):
    """Edits ``products`` and ``optional_products`` together; the two specs come in that order."""

    def __init__(self, specs: Sequence[FieldSpec], parent: QWidget | None = None) -> None:
        super().__init__(specs, parent, heading=self.tr("Products"))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(0)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(0, 1)
        corner = _column(self.tr("Load for this customer"), self)
        grid.addWidget(corner, 0, 0)
        for column, spec in enumerate(specs, 1):
            label = _column(localized(spec.label), self)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setToolTip(localized(spec.help))
            grid.addWidget(label, 0, column)
            grid.setColumnMinimumWidth(column, _COLUMN_WIDTH)
        self._boxes: dict[tuple[str, Product], QCheckBox] = {}
        for place, product in enumerate(Product):
            self._add_row(grid, 1 + 2 * place, product)
        self.body.addLayout(grid)
        self.finish()

    def _add_row(self, grid: QGridLayout, row: int, product: Product) -> None:
        line = QFrame(self)
        set_property(line, "role", "hairline")
        grid.addWidget(line, row, 0, 1, 3)
        name = QLabel(localized(LABELS[product]), self)
        name.setMinimumHeight(29)
        grid.addWidget(name, row + 1, 0)
        twins = []
        for column, spec in enumerate(self.specs, 1):
            box = QCheckBox(self)
            box.setAccessibleName(
                self.tr("{product} {required_or_optional}").format(
                    product=localized(LABELS[product]), required_or_optional=localized(spec.label).lower()
                )
            )
            box.setAccessibleDescription(localized(spec.help))
            box.setToolTip(localized(spec.help))
            grid.addWidget(box, row + 1, column, Qt.AlignmentFlag.AlignCenter)
            self._boxes[spec.id, product] = box
            twins.append(box)
        required, optional = twins
        required.toggled.connect(partial(_clear, optional))
        optional.toggled.connect(partial(_clear, required))
        required.toggled.connect(self.changed)
        optional.toggled.connect(self.changed)

    def values(self) -> dict[str, object]:
        """Return the ticked products of each column in the documented order."""
        return {
            spec.id: tuple(product for product in Product if self._boxes[spec.id, product].isChecked())
            for spec in self.specs
        }

    def set_values(self, values: dict[str, object]) -> None:
        """Tick exactly these products."""
        for spec in self.specs:
            wanted = values[spec.id]
            for product in Product:
                self._boxes[spec.id, product].setChecked(isinstance(wanted, tuple) and product in wanted)

    def focus_target(self) -> QWidget:
        """Return the first check box."""
        return self._boxes[self.specs[0].id, Product.BALANCES]


def _clear(twin: QCheckBox, ticked: bool) -> None:
    if ticked:
        twin.setChecked(False)


def _column(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setMinimumHeight(24)
    set_property(label, "role", "column")
    return label
