"""Ranked search over region names: what a completion list shows while someone types."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from meld_desktop.domain.region_source import fold, folded_forms

_END = "\U0010ffff"
_CODE_MARKS = str.maketrans({"_": "-", " ": "-", "‐": "-", "‑": "-", "–": "-", "−": "-"})

MARKETS = ("US", "CA", "GB", "DE")
"""Where Meld links banks most: these come first among equals."""


class Entry(NamedTuple):
    """What the search needs to know of one region."""

    code: str
    is_country: bool
    name: str
    names: Sequence[str]
    """Every name, the display name first."""


class SearchTable:
    """Sorted lists over all names, built once; ``search`` only reads them, so any thread may call it.

    The order of results is by kind of match (exact code, exact name, home-market subdivision, prefix, word prefix, all
    words, substring), then countries before subdivisions, then the home markets, then by name.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        ranked = sorted(entries, key=_rank)
        self.codes = [entry.code for entry in ranked]
        self._country_rank = {entry.code: rank for rank, entry in enumerate(ranked) if entry.is_country}
        self._owner = [self._country_rank.get(entry.code[:2], rank) for rank, entry in enumerate(ranked)]
        self._countries = len(self._country_rank)
        folded = [list(dict.fromkeys(form for name in entry.names for form in folded_forms(name))) for entry in ranked]
        self._code_keys = sorted((entry.code, rank) for rank, entry in enumerate(ranked))
        self._parts: dict[str, list[int]] = {}
        for rank, entry in enumerate(ranked):
            if not entry.is_country:
                self._parts.setdefault(entry.code[3:], []).append(rank)
        self._exact: dict[str, list[int]] = {}
        for rank, forms in enumerate(folded):
            for form in forms:
                self._exact.setdefault(form, []).append(rank)
        self._name_keys = sorted(
            (form, rank) for rank, forms in enumerate(folded) for form in forms if form is forms[0] or not _formal(form)
        )
        self._tail_keys = sorted((tail, rank) for rank, forms in enumerate(folded) for f in forms for tail in _tails(f))
        self._blob = "\n".join("\n".join(forms) for forms in folded)
        self._starts: list[int] = []
        position = 0
        for forms in folded:
            self._starts.append(position)
            position += sum(len(form) + 1 for form in forms) or 1

    def search(self, query: str, limit: int) -> list[str]:
        """Return at most ``limit`` codes, best first. An empty query finds the countries."""
        words = fold(query)
        code = query.strip().upper().translate(_CODE_MARKS)
        found: dict[int, None] = {}
        tiers = self._tiers(words, code) if words else iter([list(range(self._countries))])
        for tier in tiers:
            found.update(dict.fromkeys(sorted(tier)))
            if len(found) >= limit:
                break
        return [self.codes[rank] for rank in list(found)[: max(limit, 0)]]

    def _tiers(self, words: str, code: str) -> Iterator[Iterable[int]]:
        by_code = list(_prefixed(self._code_keys, code)) if code.isascii() else []
        by_name = list(_prefixed(self._name_keys, words))
        same_part = self._parts.get(code, [])
        yield [rank for rank in by_code if self.codes[rank] == code]
        yield self._exact.get(words, [])
        yield [rank for rank in same_part if self.codes[rank][:2] in MARKETS]
        yield [rank for rank in by_code if rank < self._countries]
        yield [rank for rank in by_name if rank < self._countries]
        yield by_code
        yield by_name
        yield same_part
        yield _prefixed(self._tail_keys, words)
        yield self._with_all_words(words.split())
        yield self._containing(words)

    def _with_all_words(self, words: list[str]) -> Iterable[int]:
        """Regions where every word begins a word of a name, or of the country's name, and one is the region's own."""
        if len(words) < 2:
            return ()
        own = [set(_prefixed(self._tail_keys, word)) for word in words]
        return [rank for rank in set().union(*own) if all(rank in ranks or self._owner[rank] in ranks for ranks in own)]

    def _containing(self, words: str) -> Iterator[int]:
        at = self._blob.find(words)
        while at >= 0:
            rank = bisect_left(self._starts, at + 1) - 1
            yield rank
            if rank + 1 == len(self._starts):
                return
            at = self._blob.find(words, self._starts[rank + 1])


def _rank(entry: Entry) -> tuple[bool, int, str, str]:
    country = entry.code[:2]
    market = MARKETS.index(country) if country in MARKETS else len(MARKETS)
    return not entry.is_country, market, fold(entry.name), entry.code


def _tails(form: str) -> Iterator[str]:
    """Yield the rest of ``form`` from each of its words on."""
    yield form
    at = form.find(" ")
    while at >= 0:
        yield form[at + 1 :]
        at = form.find(" ", at + 1)


def _prefixed(keys: list[tuple[str, int]], prefix: str) -> Iterator[int]:
    low = bisect_left(keys, (prefix, -1))
    high = bisect_left(keys, (prefix + _END, -1), low)
    return (rank for _, rank in keys[low:high])


def _formal(form: str) -> bool:
    """Say whether a name is one like "Independent State of Samoa": nobody starts typing a country that way."""
    return " of " in form
