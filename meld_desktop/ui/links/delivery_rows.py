"""One row a product: what was asked for, what became of it, and why."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from meld_desktop.domain.delivery import Arrival, ProductDelivery
from meld_desktop.domain.text import NOTHING, Text
from meld_desktop.ui.links.delivery_words import arrival_of, asked_as, facts_of, line_of, name_of
from meld_desktop.ui.paragraph import Paragraph
from meld_desktop.ui.strings import localized
from meld_desktop.ui.theme.icons import pixmap
from meld_desktop.ui.theme.style import set_property
from meld_desktop.ui.theme.theme import Theme

_SIZE = 18
_ICONS = {
    Arrival.ARRIVED: ("success", "success"),
    Arrival.PARTIAL: ("warning", "warning"),
    Arrival.COMING: ("status", "info"),
    Arrival.MISSING: ("error", "error"),
    Arrival.UNKNOWN: ("info", "soft"),
}
"""The picture, and the colour it has: never the colour alone."""


class DeliveryRows(QWidget):
    """Shows one judgement after the other; those that nobody asked for share a line at the end."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: dict[str, _Row] = {}
        self._others = Paragraph(role="hint", parent=self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self._others)
        self._column.addStretch(1)
        self._others.hide()
        theme.changed.connect(self._paint)

    def show_rows(self, rows: Sequence[ProductDelivery], *, is_looking: bool, said: Text = NOTHING) -> None:
        """Show ``rows``; what is not known yet is being looked up while ``is_looking``.

        ``said`` stands above the rows already and is not repeated in each.
        """
        asked = [row for row in rows if row.arrival is not Arrival.NOT_ASKED]
        for place, row in enumerate(asked):
            if row.product not in self._rows:
                self._rows[row.product] = made = _Row(self)
                self._column.insertWidget(place, made)
            self._rows[row.product].show_row(row, self._theme, is_looking=is_looking, said=said)
        others = ", ".join(name_of(row) for row in rows if row.arrival is Arrival.NOT_ASKED)
        self._others.setText(
            QCoreApplication.translate("Delivery", "Not asked for: {products}").format(products=others)
            if others
            else ""
        )
        self._others.setVisible(bool(others))

    def _paint(self) -> None:
        for row in self._rows.values():
            row.paint(self._theme)


class _Row(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._arrival = Arrival.UNKNOWN
        self._icon = QLabel(self)
        self._icon.setFixedWidth(_SIZE)
        self._name = QLabel(self)
        set_property(self._name, "role", "heading")
        self._asked = QLabel(self)
        set_property(self._asked, "role", "hint")
        self._became = Paragraph(parent=self)
        self._reason = Paragraph(role="hint", parent=self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._name, 0, 1)
        grid.addWidget(self._became, 0, 2)
        grid.addWidget(self._asked, 1, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._reason, 1, 2, Qt.AlignmentFlag.AlignTop)
        grid.setColumnMinimumWidth(1, 180)
        grid.setColumnStretch(2, 1)

    def show_row(self, row: ProductDelivery, theme: Theme, *, is_looking: bool, said: Text) -> None:
        """Show one judgement."""
        waits = is_looking and row.arrival is Arrival.UNKNOWN and not row.reason
        self._arrival = row.arrival
        self._name.setText(name_of(row))
        self._asked.setText(asked_as(row))
        became = QCoreApplication.translate("Delivery", "Looking…") if waits else arrival_of(row)
        self._became.setText(" · ".join(filter(None, (became, facts_of(row)))))
        self._reason.setText(localized(row.reason) if row.reason != said else "")
        self.setAccessibleName(line_of(row))
        self.paint(theme)

    def paint(self, theme: Theme) -> None:
        """Draw the picture in the colours of ``theme``."""
        name, colour = _ICONS[self._arrival]
        shade = str(getattr(theme.tokens, colour))
        self._icon.setPixmap(pixmap(name, shade, _SIZE, self.devicePixelRatioF()))
