"""What someone typed or pasted, taken apart into regions: "US, CA-ON; Germany"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from meld_desktop.domain.region_codes import tidy_code
from meld_desktop.domain.region_source import fold, folded_forms

R = TypeVar("R")

_HARD_SEPARATORS = re.compile(r"[;|\t\r\n\v\f\u0085\u2028\u2029]+")
_COMMAS = re.compile(r"[,，、]")
_QUOTES = " \u00a0\"'“”‘’„«»[]"
_CONNECTORS = frozenset({"and", "or", "und", "et", "y", "&", "+", "/"})
_WITH_CODE = re.compile(r"(?P<name>.+?)\s*[(\[](?P<code>[^()\[\]]+)[)\]]$")


class Taken(NamedTuple, Generic[R]):
    """Regions in the order given, each once; the pieces nobody can tell; and for some of those, what they may mean."""

    regions: tuple[R, ...]
    unknown: tuple[str, ...]
    ambiguous: dict[str, tuple[R, ...]]


class Names(Generic[R]):
    """Exact look-up by name. A country wins over a subdivision of the same name (Georgia, Luxembourg)."""

    def __init__(self, named: Sequence[tuple[R, bool, Sequence[str]]]) -> None:
        self._countries: dict[str, list[R]] = {}
        self._subdivisions: dict[str, list[R]] = {}
        self._with_comma: set[str] = set()
        self._longest = 1
        for region, is_country, names in named:
            table = self._countries if is_country else self._subdivisions
            for name in names:
                commas = name.count(",")
                self._longest = max(self._longest, commas + 1)
                for form in folded_forms(name):
                    if region not in (same := table.setdefault(form, [])):
                        same.append(region)
                    if commas:
                        self._with_comma.add(form)

    def find(self, text: str) -> list[R]:
        """Return every region called ``text``: none, one, or the several it may mean."""
        key = fold(text)
        return self._countries.get(key) or self._subdivisions.get(key) or []

    def joined(self, pieces: Sequence[str]) -> Iterator[tuple[list[R], int]]:
        """Yield the names that pieces of a text split at commas form together, the longest first, and their length."""
        for count in range(min(self._longest, len(pieces)), 1, -1):
            text = ", ".join(pieces[:count])
            if fold(text) in self._with_comma:
                yield self.find(text), count


class Reader(Generic[R]):
    """Reads one text. ``by_code`` knows ISO codes only; ``names`` knows names, alpha-3 codes and aliases."""

    def __init__(self, by_code: Mapping[str, R], names: Names[R]) -> None:
        self._by_code = by_code
        self._names = names
        self._found: dict[R, None] = {}
        self._unknown: dict[str, None] = {}
        self._ambiguous: dict[str, tuple[R, ...]] = {}

    def read(self, text: str) -> Taken[R]:
        """Take ``text`` apart. Call once."""
        for part in _HARD_SEPARATORS.split(text):
            self._read_part([piece.strip(_QUOTES) for piece in _COMMAS.split(part)])
        for piece, candidates in list(self._ambiguous.items()):
            if any(candidate in self._found for candidate in candidates):  # "AR-X<tab>Córdoba": said by its code
                del self._ambiguous[piece], self._unknown[piece]
        return Taken(tuple(self._found), tuple(self._unknown), self._ambiguous)

    def _read_part(self, pieces: list[str]) -> None:
        at = 0
        while at < len(pieces):
            for regions, count in self._names.joined(pieces[at:]):
                self._take(", ".join(pieces[at : at + count]), regions)
                at += count
                break
            else:
                if pieces[at]:
                    self._read_piece(pieces[at])
                at += 1

    def _read_piece(self, piece: str) -> None:
        regions = self._lookup(piece)
        if not regions and (match := _WITH_CODE.fullmatch(piece)):
            regions = self._lookup_code(match["code"])
        if not regions and (codes := self._all_codes(piece)):
            self._found.update(dict.fromkeys(codes))
            return
        self._take(piece, regions)

    def _lookup(self, piece: str) -> list[R]:
        return self._lookup_code(piece) or self._names.find(piece)

    def _lookup_code(self, piece: str) -> list[R]:
        region = self._by_code.get(tidy_code(piece).strip("-().,:"))
        return [region] if region is not None else []

    def _all_codes(self, piece: str) -> list[R]:
        """Return the regions of "US CA GB" when every word is a code (or UK, USA, UAE), else nothing."""
        words = [word for word in piece.split() if word.lower() not in _CONNECTORS]
        found = [self._lookup(word) if len(word.split("-")[0]) <= 3 else [] for word in words]
        return [regions[0] for regions in found] if all(len(regions) == 1 for regions in found) else []

    def _take(self, piece: str, regions: Sequence[R]) -> None:
        if len(regions) == 1:
            self._found[regions[0]] = None
            return
        self._unknown[piece] = None
        if regions:
            self._ambiguous[piece] = tuple(regions)
