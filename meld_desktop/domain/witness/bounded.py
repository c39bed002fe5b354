"""Lists that forget: however much happens, memory stays bounded, and what was forgotten is counted."""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

from meld_desktop.domain.witness.entry import Entry, EntryKind

T = TypeVar("T")

_HEAD_OF_A_KIND = 100


class Ends(Sequence[T]):
    """Keeps the first half and the last half of what is added; ``left_out`` counts what fell out between.

    What ``is_dear`` says yes to stays, as long as there is not too much of it.
    """

    def __init__(self, limit: int, is_dear: Callable[[T], bool] = lambda _: False) -> None:
        self.left_out = 0
        self._half = limit // 2
        self._dear_left = limit // 10
        self._head: list[T] = []
        self._tail: deque[T] = deque()
        self._tail_limit = limit - self._half - self._dear_left
        self._is_dear = is_dear

    def append(self, item: T) -> None:
        """Add ``item`` at the end."""
        if len(self._head) < self._half:
            self._head.append(item)
            return
        self._tail.append(item)
        if len(self._tail) > self._tail_limit:
            oldest = self._tail.popleft()
            if self._dear_left > 0 and self._is_dear(oldest):
                self._dear_left -= 1
                self._head.append(oldest)
                self._half += 1
            else:
                self.left_out += 1

    def snapshot(self) -> "Ends[T]":
        """Return a copy that stays as it is."""
        still: Ends[T] = Ends(0)
        still.left_out, still._head = self.left_out, [*self._head, *self._tail]
        return still

    def __len__(self) -> int:
        return len(self._head) + len(self._tail)

    def __iter__(self) -> Iterator[T]:
        yield from self._head
        yield from self._tail

    def __reversed__(self) -> Iterator[T]:
        yield from reversed(self._tail)
        yield from reversed(self._head)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return [*self._head, *self._tail][index]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(index)
        return self._head[place] if place < len(self._head) else self._tail[place - len(self._head)]


class EntryLog:
    """The entries of a timeline, in order of their numbers.

    When it is full, the kind with the most entries gives one up, so that no noise drowns what is rare.
    """

    def __init__(self, limit: int) -> None:
        self.entries: list[Entry] = []
        self.left_out = 0
        self._limit = limit
        self._last_number = 0
        self._of_kind: dict[EntryKind, deque[int]] = {}

    @property
    def next_number(self) -> int:
        """The number of the entry that comes next."""
        return self._last_number + 1

    def append(self, entry: Entry) -> int:
        """Add ``entry``; return the number of the one that fell out for it, or 0."""
        self._last_number = entry.number
        self.entries.append(entry)
        self._of_kind.setdefault(entry.kind, deque()).append(entry.number)
        if len(self.entries) <= self._limit:
            return 0
        numbers = max(self._of_kind.values(), key=len)
        first = min(_HEAD_OF_A_KIND, len(numbers) // 2)
        number = numbers[first]
        del numbers[first]
        del self.entries[self._place(number)]
        self.left_out += 1
        return number

    def snapshot(self) -> "EntryLog":
        """Return a copy that stays as it is."""
        still = EntryLog(self._limit)
        still.entries, still.left_out, still._last_number = list(self.entries), self.left_out, self._last_number
        return still

    def find(self, number: int) -> Entry | None:
        """Return the entry with this number, None when it fell out or never was."""
        place = self._place(number)
        return self.entries[place] if place < len(self.entries) and self.entries[place].number == number else None

    def replace(self, entry: Entry) -> None:
        """Put ``entry`` in the place of the one with its number. Raises ``KeyError`` when there is none."""
        if self.find(entry.number) is None:
            raise KeyError(entry.number)
        self.entries[self._place(entry.number)] = entry

    def _place(self, number: int) -> int:
        return bisect_left(self.entries, number, key=lambda entry: entry.number)
