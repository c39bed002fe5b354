"""The links that were fetched so far, as a table. Knows nothing of where they come from."""

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.ui.links.words import (
    bank_name,
    environment_word,
    exact_words,
    moment_words,
    one_line,
    product_names,
    standing_of,
    time_left,
)
from meld_desktop.ui.strings import tool_tip

_Index = QModelIndex | QPersistentModelIndex

STATUS, CUSTOMER, TICKET, BANK, PRODUCTS, ENVIRONMENT, MADE = range(7)
SORTS = {
    STATUS: "status",
    CUSTOMER: "customer",
    TICKET: "ticket",
    BANK: "institution",
    ENVIRONMENT: "environment",
    MADE: "made",
}
"""What a click on a heading orders by; nothing for products."""
RECORD = Qt.ItemDataRole.UserRole
STARTS_GROUP = Qt.ItemDataRole.UserRole + 1

_LONGEST_TIP = 400


class LinksModel(QAbstractTableModel):
    """Rows in the order of the query. ``now`` is the clock the times are said by."""

    def __init__(self, parent: QObject, now: Callable[[], datetime]) -> None:
        super().__init__(parent)
        self._records: list[LinkRecord] = []
        self._now = now
        self.is_grouped = False

    def show_records(self, records: Sequence[LinkRecord]) -> None:
        """Show ``records`` and nothing else. Rows that are the same stay what they are."""
        new = list(records)
        if [record.id for record in new] == [record.id for record in self._records]:
            before, self._records = self._records, new
            for row, record in enumerate(new):
                if record != before[row]:
                    self.dataChanged.emit(self.index(row, 0), self.index(row, MADE))
            return
        self.beginResetModel()
        self._records = new
        self.endResetModel()

    def add_records(self, records: Sequence[LinkRecord]) -> None:
        """Show ``records`` below the others, except those that are there already."""
        known = {record.id for record in self._records[-len(records) :]} if records else set()
        new = [record for record in records if record.id not in known]
        if new:
            first = len(self._records)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._records += new
            self.endInsertRows()

    def update_records(self, records: Sequence[LinkRecord]) -> None:
        """Show what is new about ``records`` in the rows they have."""
        new = {record.id: record for record in records}
        for row, record in enumerate(self._records):
            if record.id in new:
                self._records[row] = new[record.id]
                self.dataChanged.emit(self.index(row, 0), self.index(row, MADE))

    def record(self, row: int) -> LinkRecord:
        """Return the link of a row."""
        return self._records[row]

    def row_of(self, link_id: int) -> int:
        """Return the row of a link, -1 when it is not here."""
        return next((row for row, record in enumerate(self._records) if record.id == link_id), -1)

    def tick(self) -> None:
        """Say the times anew."""
        if self._records:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._records) - 1, MADE))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return how many links were fetched."""
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Return how many columns there are."""
        return 0 if parent.isValid() else MADE + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the heading of a column."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            self.tr("Status"),
            self.tr("Customer"),
            self.tr("Ticket"),
            self.tr("Bank"),
            self.tr("Products"),
            self.tr("Environment"),
            self.tr("Made"),
        )[section]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a cell says; in the role RECORD the link itself."""
        if not index.isValid():
            return None
        record = self._records[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(record, index.column())
        if role == RECORD:
            return record
        if role == STARTS_GROUP:
            return index.row() == 0 or self._records[index.row() - 1].customer != record.customer
        if role == Qt.ItemDataRole.AccessibleTextRole:
            heading = self.headerData(index.column(), Qt.Orientation.Horizontal)
            return f"{heading}: {self._words(record, index.column())}"
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == MADE:
            return exact_words(record.made_at)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(self._words(record, index.column())[:_LONGEST_TIP])
        return None

    def _words(self, record: LinkRecord, column: int) -> str:
        if column == STATUS:
            return self._status(record)
        if column == CUSTOMER:
            return one_line(record.customer)
        if column == TICKET:
            return one_line(record.ticket)
        if column == BANK:
            return one_line(bank_name(record))
        if column == PRODUCTS:
            return product_names(record.products + record.optional_products)
        if column == ENVIRONMENT:
            return environment_word(record)
        return moment_words(record.made_at, self._now())

    def _status(self, record: LinkRecord) -> str:
        now = self._now()
        words = standing_of(record, now).text
        if (
            record.status != "IN_PROGRESS"
            or record.expires_at is None
            or not (left := time_left(record.expires_at, now))
        ):
            return words
        return self.tr("{status} · {left}").format(status=words, left=left)
