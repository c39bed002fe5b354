"""Countries and their subdivisions: ISO 3166-1 alpha-2 and ISO 3166-2 codes, as Meld's ``regions`` takes them (OAS).

The first ``load_index`` reads two tables from disk; call it from a worker thread. Everything here is immutable
after that and may be used from any thread.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from meld_desktop.domain.region_codes import is_wellformed, tidy_code, validate
from meld_desktop.domain.region_search import Entry, SearchTable
from meld_desktop.domain.region_source import fold, read_rows
from meld_desktop.domain.region_text import Names, Reader

__all__ = ["Parsed", "Region", "RegionIndex", "flag", "is_wellformed", "load_index", "validate"]

_FLAG_BASE = 0x1F1E6 - ord("A")
_TAG_BASE = 0xE0000
_TAGGED_FLAGS = frozenset({"GB-ENG", "GB-SCT", "GB-WLS"})


@dataclass(frozen=True, slots=True)
class Region:
    """One country or subdivision. ``code`` is what travels; ``country`` is the alpha-2 code of the country it is in.

    ``parent`` is the code one level up (a country's is ""); ``type_name`` is ISO's word for it: "State", "Province".
    """

    code: str
    name: str
    country: str
    parent: str
    kind: Literal["country", "subdivision"]
    type_name: str

    @property
    def is_country(self) -> bool:
        """Whether this is a country, not a part of one."""
        return self.kind == "country"


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text named: the regions once each in its order, and the pieces that are none.

    ``ambiguous`` says, for those of ``unknown`` that fit several regions, which ones.
    """

    regions: tuple[Region, ...]
    unknown: tuple[str, ...]
    ambiguous: Mapping[str, tuple[Region, ...]] = field(default_factory=dict)


class RegionIndex:
    """All regions, by code, by name and by what someone types. Get it from ``load_index``."""

    def __init__(self, regions: Iterable[Region], names: Mapping[str, Sequence[str]]) -> None:
        """Keep ``regions``; ``names`` are the other names each code goes by."""
        self._by_code = {region.code: region for region in regions}
        self._other_names = names
        self._building = threading.Lock()
        self._search: SearchTable | None = None

    @cached_property
    def countries(self) -> tuple[Region, ...]:
        """Every country, by name."""
        return tuple(sorted((r for r in self._by_code.values() if r.is_country), key=_by_name))

    @cached_property
    def _by_country(self) -> dict[str, tuple[Region, ...]]:
        parts: dict[str, list[Region]] = {}
        for region in self._by_code.values():
            if not region.is_country:
                parts.setdefault(region.country, []).append(region)
        return {country: tuple(sorted(regions, key=_by_name)) for country, regions in parts.items()}

    @cached_property
    def _names(self) -> Names[Region]:
        return Names([(region, region.is_country, self.names_of(region)) for region in self._by_code.values()])

    def __len__(self) -> int:
        return len(self._by_code)

    def get(self, code: str) -> Region | None:
        """Return the region with this ISO code, in any case and with blanks around it, or None."""
        return self._by_code.get(tidy_code(code))

    def names_of(self, region: Region) -> tuple[str, ...]:
        """Return every name the region is found by, the display name first."""
        return (region.name, *self._other_names.get(region.code, ()))

    def subdivisions_of(self, country: str) -> tuple[Region, ...]:
        """Return every subdivision of the country with this alpha-2 code, by name; none for an unknown country."""
        return self._by_country.get(tidy_code(country), ())

    def search(self, query: str, limit: int = 50) -> list[Region]:
        """Return what ``query`` may mean, best first; an empty query lists the countries."""
        return [self._by_code[code] for code in self._search_table().search(query, limit)]

    def parse(self, text: str) -> Parsed:
        """Take a typed or pasted list apart: commas, semicolons, bars, tabs and line ends separate.

        Blanks separate only when every piece is a code. Nothing is dropped silently: what is not a region, or could be
        several, is named in ``unknown``.
        """
        taken = Reader(self._by_code, self._names).read(text)
        return Parsed(taken.regions, taken.unknown, taken.ambiguous)

    def with_names(self, extra: Mapping[str, Sequence[str]]) -> "RegionIndex":
        """Return an index that also finds regions by these names (code -> names), such as those of another language."""
        names = dict(self._other_names)
        for code, more in extra.items():
            names[code] = (*names.get(code, ()), *more)
        return RegionIndex(self._by_code.values(), names)

    def warm_up(self) -> None:
        """Build what the first search and the first parse need, so that no key press waits for it."""
        self._search_table()
        _ = self._names, self._by_country

    def _search_table(self) -> SearchTable:
        with self._building:
            if self._search is None:
                self._search = SearchTable(
                    Entry(region.code, region.is_country, region.name, self.names_of(region))
                    for region in self._by_code.values()
                )
            return self._search


_loading = threading.Lock()
_loaded: list[RegionIndex] = []


def load_index() -> RegionIndex:
    """Return the index, read on the first call. Raises ``ImportError`` when pycountry is not installed."""
    with _loading:
        if not _loaded:
            _loaded.append(_read_index())
        return _loaded[0]


def _read_index() -> RegionIndex:
    regions: list[Region] = []
    names: dict[str, tuple[str, ...]] = {}
    for row in read_rows():
        country = row.code[:2]
        if row.code == country:
            regions.append(Region(row.code, row.name, country, "", "country", row.type_name))
        else:
            regions.append(Region(row.code, row.name, country, row.parent or country, "subdivision", row.type_name))
        if row.names:
            names[row.code] = row.names
    return RegionIndex(regions, names)


def flag(code: str) -> str:
    """Return the flag emoji for a code: of its country, or its own for England, Scotland and Wales. "" if malformed."""
    if not is_wellformed(code):
        return ""
    code = tidy_code(code)
    if code in _TAGGED_FLAGS:
        tags = "".join(chr(_TAG_BASE + ord(letter)) for letter in code.replace("-", "").lower())
        return f"\N{WAVING BLACK FLAG}{tags}{chr(_TAG_BASE + 0x7F)}"
    return "".join(chr(_FLAG_BASE + ord(letter)) for letter in code[:2])


def _by_name(region: Region) -> tuple[str, str]:
    return fold(region.name), region.code
