"""The timeline as a table: all entries of one session, or those that a filter and a search leave."""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Sequence
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QLocale, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from meld_desktop.domain.witness.entry import Entry, EntryKind
from meld_desktop.ui.result.timeline.kinds import label_of
from meld_desktop.ui.result.timeline.wording import Wording

if TYPE_CHECKING:
    from meld_desktop.domain.witness.session import Change, Session

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole

TIME, KIND, WHAT, PLACE = range(4)
DETAIL = _Role.UserRole
ENTRY = _Role.UserRole + 1

_SLICE_SECONDS = 0.008
_MOST_RUNS = 16
_ALL = frozenset(EntryKind)


class TimelineModel(QAbstractTableModel):
    """Holds no more than the session does, in the order of time. Lives on the main thread.

    A search reads thousands of entries in slices of a few milliseconds. ``counted`` comes when the number of entries,
    or of those that are shown, has changed.
    """

    counted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wording = Wording()
        self._session: Session | None = None
        self._all: list[Entry] = []
        self._rows: list[Entry] = []
        self._left_out = 0
        self._kinds = _ALL
        self._needle = ""
        self._haystacks: dict[int, str] = {}
        self._pending: deque[Entry] = deque()
        self._found: list[Entry] | None = None
        self._slices = QTimer(self)
        self._slices.setInterval(0)
        self._slices.timeout.connect(self._search_on)

    @property
    def total(self) -> int:
        """The number of entries, shown or not."""
        return len(self._all)

    @property
    def left_out(self) -> int:
        """The number of entries that the session had no room for any more."""
        return self._left_out

    @property
    def is_filtered(self) -> bool:
        """Whether entries may be hidden by a filter or a search."""
        return bool(self._needle) or self._kinds != _ALL

    @property
    def is_searching(self) -> bool:
        """Whether entries are still being read for a search."""
        return self._slices.isActive()

    @property
    def kinds(self) -> frozenset[EntryKind]:
        """The kinds that are shown."""
        return self._kinds

    def show_session(self, session: "Session | None") -> None:
        """Show the entries of ``session`` from now on."""
        self._session = session
        self._all = list(session.entries) if session is not None else []
        self._left_out = session.left_out if session is not None else 0
        self.reword(shows_values=self.wording.shows_values)

    def take(self, changes: "Sequence[Change]") -> None:
        """Take in what has changed in the session."""
        if self._session is None:
            return
        new: list[Entry] = []
        last = self._all[-1].number if self._all else 0
        again: dict[int, Entry] = {}
        for change in changes:
            entry = change.entry
            if entry.number > last:
                new.append(entry)
                last = entry.number
            else:
                again[entry.number] = entry
        if again:
            new = [again.pop(entry.number, entry) for entry in new]
        if self._session.left_out != self._left_out:
            new = self._leave_out(new)
        for entry in again.values():
            self._replace(entry)
        if new:
            self._all += new
            self._append(new)
        self.counted.emit()

    def show_kinds(self, kinds: Iterable[EntryKind]) -> None:
        """Show only entries of these kinds."""
        wanted = frozenset(kinds)
        if wanted != self._kinds:
            self._kinds = wanted
            self._sift()

    def search(self, text: str) -> None:
        """Show only entries in which every word of ``text`` stands, whatever the case."""
        needle = " ".join(text.casefold().split())
        if needle != self._needle:
            self._needle = needle
            self._sift()

    def reword(self, *, shows_values: bool) -> None:
        """Show values from now on, or mask them."""
        session = self._session
        if session is None:
            self.wording = Wording(shows_values=shows_values)
        else:
            hops = {hop.number: hop.url for hop in session.hops} if shows_values else None
            self.wording = Wording(session.customer, session.secrets, hops=hops, shows_values=shows_values)
        self._haystacks.clear()
        self._sift()

    def entry(self, row: int) -> Entry:
        """Return the entry in ``row``."""
        return self._rows[row]

    def row_of(self, number: int) -> int:
        """Return the row of the entry with this number, -1 when it is not shown."""
        row = _place_of(self._rows, number)
        return row if row < len(self._rows) and self._rows[row].number == number else -1

    def row_at_or_after(self, number: int) -> int:
        """Return the row of the entry with this number, or of the next one that is shown."""
        return min(_place_of(self._rows, number), len(self._rows) - 1)

    # --- Qt's own questions

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return the number of entries shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Return four."""
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        """Return the name of a column."""
        if orientation != Qt.Orientation.Horizontal or role != _Role.DisplayRole:
            return None
        return (self.tr("Time"), self.tr("Kind"), self.tr("What happened"), self.tr("Place"))[section]

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> object:
        """Return what a cell shows, says to a screen reader, or stands for."""
        if not index.isValid():
            return None
        entry = self._rows[index.row()]
        if role == ENTRY:
            return entry
        column = index.column()
        if role == _Role.DisplayRole:
            return self._shown(entry, column)
        if role == DETAIL:
            return self.wording.detail(entry) if column == WHAT else None
        if role in {_Role.AccessibleTextRole, _Role.ToolTipRole}:
            return self._told(entry, column)
        return None

    def _shown(self, entry: Entry, column: int) -> str:
        if column == TIME:
            return since_begin(entry.seconds)
        if column == KIND:
            return label_of(entry.kind)
        return self.wording.title(entry) if column == WHAT else self.wording.place(entry)

    def _told(self, entry: Entry, column: int) -> str:
        """Return the whole of what a cell can only show shortened."""
        if column == TIME:
            return self.tr("{time} after the start, at {clock}").format(
                time=since_begin(entry.seconds), clock=clock_time(entry)
            )
        if column != WHAT:
            return self._shown(entry, column)
        sentence = self.wording.sentence(entry)
        return self.tr("{sentence} (with a picture)").format(sentence=sentence) if entry.picture else sentence

    # --- what is left by filter and search

    def _sift(self) -> None:
        """Find out anew which entries are shown."""
        self._pending.clear()
        self._slices.stop()
        if self._needle:
            self._found = []
            self._pending.extend(self._all)
            self._search_on()
        else:
            self._found = None
            self._show(self._of_kind(self._all))

    def _append(self, new: list[Entry]) -> None:
        if self._needle:
            self._pending.extend(new)
            self._slices.start()
        else:
            self._insert(self._of_kind(new))

    def _of_kind(self, entries: list[Entry]) -> list[Entry]:
        return list(entries) if self._kinds == _ALL else [entry for entry in entries if entry.kind in self._kinds]

    def _search_on(self) -> None:
        """Read on for a few milliseconds; what is found shows when all that was there has been read."""
        until = perf_counter() + _SLICE_SECONDS
        words = self._needle.split()
        matching: list[Entry] = []
        pending = self._pending
        while pending and perf_counter() < until:
            entry = pending.popleft()
            if entry.kind in self._kinds and self._holds(entry, words):
                matching.append(entry)
        if self._found is None:
            self._insert(matching)
        else:
            self._found += matching
            if not pending:
                found, self._found = self._found, None
                self._show(found)
        if not pending:
            self._slices.stop()
            self.counted.emit()
        elif not self._slices.isActive():
            self._slices.start()

    def _holds(self, entry: Entry, words: list[str]) -> bool:
        haystack = self._haystacks.get(entry.number)
        if haystack is None:
            haystack = self._haystacks[entry.number] = self.wording.haystack(entry)
        return all(word in haystack for word in words)

    def _show(self, entries: list[Entry]) -> None:
        self.beginResetModel()
        self._rows = entries
        self.endResetModel()
        self.counted.emit()

    def _insert(self, entries: list[Entry]) -> None:
        if entries:
            at = len(self._rows)
            self.beginInsertRows(QModelIndex(), at, at + len(entries) - 1)
            self._rows += entries
            self.endInsertRows()

    def _replace(self, entry: Entry) -> None:
        """Put ``entry`` in the place of the one with its number."""
        self._haystacks.pop(entry.number, None)
        for entries in (self._all, self._rows, self._found or []):
            at = _place_of(entries, entry.number)
            if at < len(entries) and entries[at].number == entry.number:
                entries[at] = entry
                if entries is self._rows:
                    self.dataChanged.emit(self.index(at, 0), self.index(at, self.columnCount() - 1))

    def _leave_out(self, new: list[Entry]) -> list[Entry]:
        """Let go what the session has let go; return what is left of ``new``."""
        assert self._session is not None  # noqa: S101 - asked before
        self._left_out = self._session.left_out
        kept = {entry.number for entry in self._session.entries}
        self._all = [entry for entry in self._all if entry.number in kept]
        self._haystacks = {number: text for number, text in self._haystacks.items() if number in kept}
        self._pending = deque(entry for entry in self._pending if entry.number in kept)
        if self._found is not None:
            self._found = [entry for entry in self._found if entry.number in kept]
        runs = _runs([row for row, entry in enumerate(self._rows) if entry.number not in kept])
        if len(runs) > _MOST_RUNS:  # telling of each would take longer than to begin anew
            self._show([entry for entry in self._rows if entry.number in kept])
            runs = []
        for first, last in reversed(runs):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
        return [entry for entry in new if entry.number in kept]


def since_begin(seconds: float) -> str:
    """Return the time since the session began, such as ``0:07.3``."""
    tenths = max(0, round(seconds * 10))
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    point = QLocale().decimalPoint()
    tail = f"{rest // 10:02}{point}{rest % 10}"
    return f"{hours}:{minutes:02}:{tail}" if hours else f"{minutes}:{tail}"


def clock_time(entry: Entry) -> str:
    """Return when ``entry`` happened by the clock of this computer."""
    return entry.at.astimezone().strftime("%H:%M:%S")


def _place_of(entries: list[Entry], number: int) -> int:
    return bisect_left(entries, number, key=lambda entry: entry.number)


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """Return the first and the last of each run of neighbours in ``rows``, which are in order."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs
