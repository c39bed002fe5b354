"""Countries and their subdivisions as a tree with ticks and a filter."""

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from meld_desktop.domain.regions import Region, RegionIndex
from meld_desktop.ui.form.field_frame import tokens_in_use
from meld_desktop.ui.form.region_chips import CODE_ROLE, short_name

_Index = QModelIndex | QPersistentModelIndex

_EVERYTHING = 100_000
_MOST_UNFOLDED = 150
"""Unfolding more rows than that takes longer than a key press may, and nobody reads them."""
NAME, CODE = range(2)


class RegionTreeModel(QAbstractItemModel):
    """The regions a filter lets through. Lives on the main thread.

    A country and its subdivisions are ticked independently. A country that is not ticked itself and has a ticked
    subdivision is partially checked. Ticks outlast the filter. ``selection_changed`` is emitted after every tick.
    """

    selection_changed = Signal()

    def __init__(self, index: RegionIndex, selected: Iterable[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._index = index
        self._selected = dict.fromkeys(selected)
        self._countries: tuple[Region, ...] = index.countries
        self._rows = {country.code: row for row, country in enumerate(self._countries)}
        self._narrowed: dict[str, tuple[Region, ...]] = {}
        """Country code -> those of its subdivisions that the filter lets through, where that is not all of them."""

    @property
    def selected(self) -> tuple[str, ...]:
        """The ticked codes in the order they were ticked."""
        return tuple(self._selected)

    def clear(self) -> None:
        """Untick everything."""
        self._selected.clear()
        for row in range(len(self._countries)):
            self._touch(self.index(row, NAME))
            if parts := len(self._parts(row)):
                country = self.index(row, NAME)
                self.dataChanged.emit(self.index(0, NAME, country), self.index(parts - 1, NAME, country))
        self.selection_changed.emit()

    def filter(self, query: str) -> tuple[QModelIndex, list[QModelIndex]]:
        """Keep what ``query`` finds, and all of a country that it finds by itself.

        Returns the best match, and the countries to unfold because some of their subdivisions match: all of them, or
        when too many match only that of the best match.
        """
        self.beginResetModel()
        matching: dict[str, set[str]] = {}
        best: Region | None = None
        if query.strip():
            found = self._index.search(query, _EVERYTHING)
            best = found[0] if found else None
            alone = {region.code for region in found if region.is_country}
            for region in found:
                parts = matching.setdefault(region.country, set())
                if not region.is_country:
                    parts.add(region.code)
            self._countries = tuple(country for country in self._index.countries if country.code in matching)
            self._narrowed = {
                code: tuple(part for part in self._index.subdivisions_of(code) if part.code in parts)
                for code, parts in matching.items()
                if code not in alone
            }
        else:
            self._countries = self._index.countries
            self._narrowed = {}
        self._rows = {country.code: row for row, country in enumerate(self._countries)}
        self.endResetModel()
        unfold = [country.code for country in self._countries if matching.get(country.code)]
        if sum(len(matching[code]) for code in unfold) > _MOST_UNFOLDED:
            unfold = [best.country] if best and not best.is_country else []
        return (
            self.index_of(best) if best else QModelIndex(),
            [self.index(self._rows[code], NAME) for code in unfold],
        )

    def index_of(self, region: Region) -> QModelIndex:
        """Return where ``region`` stands; an invalid index when the filter hides it."""
        row = self._rows.get(region.country, -1)
        if row < 0 or region.is_country:
            return self.index(row, NAME)
        parts = self._parts(row)
        return self.index(parts.index(region), NAME, self.index(row, NAME)) if region in parts else QModelIndex()

    def _parts(self, row: int) -> tuple[Region, ...]:
        code = self._countries[row].code
        narrowed = self._narrowed.get(code)
        return self._index.subdivisions_of(code) if narrowed is None else narrowed

    def _region(self, index: _Index) -> Region:
        inside = index.internalId()
        return self._parts(inside - 1)[index.row()] if inside else self._countries[index.row()]

    def index(self, row: int, column: int, parent: _Index | None = None) -> QModelIndex:
        """Return the place of a cell. The internal id is 0 for a country, else its country's row + 1."""
        if not (0 <= row < self.rowCount(parent) and 0 <= column < self.columnCount(parent)):
            return QModelIndex()
        return self.createIndex(row, column, parent.row() + 1 if parent and parent.isValid() else 0)

    def parent(self, child: _Index | None = None) -> Any:
        """Return the country of a subdivision."""
        if child is None:
            return super().parent()
        if not child.isValid() or not child.internalId():
            return QModelIndex()
        return self.createIndex(child.internalId() - 1, NAME, 0)

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return the number of countries, or of subdivisions of one."""
        if not parent or not parent.isValid():
            return len(self._countries)
        return 0 if parent.internalId() or parent.column() != NAME else len(self._parts(parent.row()))

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return 2: name and code."""
        return 0 if parent and parent.isValid() and (parent.internalId() or parent.column() != NAME) else 2

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Let the name be ticked."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == NAME:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        if index.internalId():
            flags |= Qt.ItemFlag.ItemNeverHasChildren
        return flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return name and tick, or the code."""
        if not index.isValid():
            return None
        region = self._region(index)
        if role == CODE_ROLE:
            return region.code
        if index.column() == CODE:
            if role == Qt.ItemDataRole.DisplayRole:
                return region.code
            return QColor(tokens_in_use().soft) if role == Qt.ItemDataRole.ForegroundRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return region.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return short_name(region)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{region.name} ({region.code})" + ("" if region.is_country else f", {region.type_name}")
        if role == Qt.ItemDataRole.CheckStateRole:
            return self._tick(region)
        return None

    def _tick(self, region: Region) -> Qt.CheckState:
        if region.code in self._selected:
            return Qt.CheckState.Checked
        if region.is_country and any(code.startswith(f"{region.code}-") for code in self._selected):
            return Qt.CheckState.PartiallyChecked
        return Qt.CheckState.Unchecked

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Tick or untick one region."""
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid() or index.column() != NAME:
            return False
        region = self._region(index)
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self._selected[region.code] = None
        else:
            self._selected.pop(region.code, None)
        self._touch(index)
        if index.internalId():
            self._touch(self.parent(index))
        self.selection_changed.emit()
        return True

    def _touch(self, index: _Index) -> None:
        self.dataChanged.emit(index, index, [int(Qt.ItemDataRole.CheckStateRole)])
