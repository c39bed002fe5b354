"""The picker by brute force: every subset of changes is tried on every institution. Shares no line with the product.

Works on records as Meld documents them and on changes as scripts read them, in plain strings.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

Record = Mapping[str, Any]
NEW_NAMES = {"ACCOUNT_DETAILS": "IDENTIFIERS", "IDENTITIES": "OWNERS", "HOLDINGS": "INVESTMENT_HOLDINGS"}


@dataclass(frozen=True)
class Wish:
    """A form: required products, regions, and whether redirects are allowed."""

    products: tuple[str, ...]
    regions: tuple[str, ...]
    redirect: bool


class Brute:
    """What every subset of changes of one form shows."""

    def __init__(self, records: Sequence[Record], wish: Wish) -> None:
        self.records = records
        countries = sorted(
            {tag.upper()[:2] for record in records for way in record["providers"].values() for tag in way["regions"]}
        )
        self.universe = [
            *(f"optional:{product}" for product in sorted(set(wish.products))),
            *(f"add-region:{country}" for country in countries),
            "drop-regions",
            "allow-redirect",
        ]
        self.shown_after = {
            frozenset(changes): frozenset(
                number for number, record in enumerate(records) if shown(record, apply(wish, changes))
            )
            for size in range(len(self.universe) + 1)
            for changes in combinations(self.universe, size)
        }
        self.shown = self.shown_after[frozenset()]

    def fixes(self, number: int) -> set[frozenset[str]]:
        """Return every set of changes that shows a hidden institution and has no smaller one inside that does."""
        if number in self.shown:
            return set()
        showing = [changes for changes, shown_ones in self.shown_after.items() if number in shown_ones]
        return {changes for changes in showing if not any(other < changes for other in showing)}

    def suggestions(self) -> list[tuple[frozenset[str], int]]:
        """Return all helpful sets of the smallest size, then of each size the best that beat every smaller set."""
        found: list[tuple[frozenset[str], int]] = []
        best = 0
        for size in range(1, len(self.universe) + 1):
            adds = {
                changes: len(shown_ones - self.shown)
                for changes, shown_ones in self.shown_after.items()
                if len(changes) == size
            }
            most = max(adds.values())
            if most > best:
                found += [pair for pair in adds.items() if pair[1] and (best == 0 or pair[1] == most)]
                best = most
        return found


def apply(wish: Wish, changes: Iterable[str]) -> Wish:
    """Return the form after the changes."""
    made = set(changes)
    regions = () if "drop-regions" in made else wish.regions
    return Wish(
        tuple(product for product in wish.products if f"optional:{product}" not in made),
        (*regions, *(change.split(":")[1] for change in made if change.startswith("add-region:"))),
        wish.redirect or "allow-redirect" in made,
    )


def shown(record: Record, wish: Wish) -> bool:
    """Say whether one provider of the institution does everything."""
    for way in record["providers"].values():
        names = {name.upper() for name in way["products"]}
        offered = names | {new for old, new in NEW_NAMES.items() if old in names}
        if any(product not in offered for product in wish.products):
            continue
        if way["oauth"] and not wish.redirect:
            continue
        if wish.regions and not any(_pairs(way["regions"], wish.regions)):
            continue
        return True
    return False


def _pairs(tags: Iterable[str], regions: Iterable[str]) -> Iterator[bool]:
    """Yield whether the one admits the other, for every tag and every region of the form."""
    for tag in tags:
        for region in regions:
            has, wants = tag.upper(), region.upper()
            yield has == wants or (has[:2] == wants[:2] and (len(has) == 2 or len(wants) == 2))
