"""The banks that were found, as a table that looks at a row only when it is shown."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from meld_desktop.domain.banks.bank import Bank
from meld_desktop.services.banks import BankRow, Facets, Found, Rows
from meld_desktop.ui.banks.wording import places_of, providers_of, tell_apart, where
from meld_desktop.ui.strings import tool_tip

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole

NAME, PLACE, PROVIDERS, SHOWN = range(4)
DETAIL = _Role.UserRole
IS_SHOWN = _Role.UserRole + 1


class BanksModel(QAbstractTableModel):
    """Holds what was found, no more. Lives on the main thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = Rows()
        self._facets = Facets()

    def show_found(self, found: Found, facets: Facets) -> None:
        """Show these banks from now on."""
        self.beginResetModel()
        self._rows = found.rows
        self._facets = facets
        self.endResetModel()

    def bank(self, row: int) -> Bank:
        """Return the bank in ``row``."""
        return self._rows[row].bank

    def row_of(self, bank_id: str) -> int:
        """Return the row of a bank, -1 when it is not shown."""
        return self._rows.row_of(bank_id)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of banks found."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return four."""
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        """Return the name of a column."""
        if orientation != Qt.Orientation.Horizontal or role != _Role.DisplayRole:
            return None
        return (self.tr("Bank"), self.tr("Where"), self.tr("Providers"), self.tr("Shown"))[section]

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> object:
        """Return what a cell shows, or says to a screen reader."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        column = index.column()
        if role == _Role.DisplayRole:
            return self._shown(row, column)
        if role == DETAIL:
            return self._beside(row.bank) if column == NAME else ""
        if role == IS_SHOWN:
            return row.shown
        if role == _Role.AccessibleTextRole:
            return self._told(row, column)
        if role == _Role.ToolTipRole:
            return tool_tip(self._told(row, column))
        return None

    def _shown(self, row: BankRow, column: int) -> str:
        if column == NAME:
            return row.bank.name
        if column == PLACE:
            return where(row.bank, self._facets)
        if column == PROVIDERS:
            return providers_of(row.bank) or self.tr("none")
        return self.tr("Yes") if row.shown else self.tr("No")

    def _told(self, row: BankRow, column: int) -> str:
        """Return the whole of what a cell can only show shortened."""
        if column == NAME:
            beside = self._beside(row.bank)
            return f"{row.bank.name} · {beside}" if beside else row.bank.name
        if column == PLACE:
            return places_of(row.bank.regions, self._facets)
        if column == SHOWN:
            return self.tr("Shown to this customer") if row.shown else self.tr("Not shown to this customer")
        return self._shown(row, column)

    def _beside(self, bank: Bank) -> str:
        parts = (self.tr("test bank") if bank.is_test else "", tell_apart(bank))
        return " · ".join(filter(None, parts))
