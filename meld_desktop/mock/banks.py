"""The Demo's institutions, read once from ``resources/demo/institutions.json`` in Meld's documented shape (OAS)."""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BankProvider:
    """How one service provider reaches a bank."""

    name: str
    """Upper case, as in ``serviceProvider``: ``PLAID``."""
    oauth: bool
    regions: frozenset[str]
    products: frozenset[str]


@dataclass(frozen=True)
class Bank:
    """One institution. ``providers`` are in the order in which routing tries them."""

    id: str
    name: str
    sub_name: str
    domain: str
    aliases: tuple[str, ...]
    rank: int
    is_test: bool
    providers: tuple[BankProvider, ...]
    words: str
    """Name, aliases and domain in the form in which they are searched."""
    record: Mapping[str, object]
    """The institution as the API shows it."""


class Banks:
    """All institutions, the most popular first."""

    def __init__(self, path: Path) -> None:
        """Read the banks. Raises ``OSError``, ``ValueError`` or ``KeyError`` when the file is not what it should be."""
        records = json.loads(path.read_bytes())
        self._all = tuple(sorted((_bank(record) for record in records), key=lambda bank: (bank.rank, bank.name)))
        self._by_id = {bank.id: bank for bank in self._all}

    def __iter__(self) -> Iterator[Bank]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def get(self, institution_id: str) -> Bank | None:
        """Return the bank with this id, if there is one."""
        return self._by_id.get(institution_id)


def plain(text: str) -> str:
    """Return ``text`` as it is compared in a search: lower case, no accents, single blanks."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())


def _bank(record: Mapping[str, object]) -> Bank:
    providers = record["providers"]
    aliases = record["aliases"]
    rank = record["rank"]
    if not isinstance(providers, dict) or not isinstance(aliases, list) or not isinstance(rank, int):
        raise ValueError(f"Not an institution: {record.get('name')}")  # noqa: TRY004 - the file is wrong, not a caller
    name, domain = str(record["name"]), str(record["domain"])
    return Bank(
        id=str(record["id"]),
        name=name,
        sub_name=str(record["subName"]),
        domain=domain,
        aliases=tuple(aliases),
        rank=rank,
        is_test=record["isTest"] is True,
        providers=tuple(
            BankProvider(key.upper(), way["oauth"], frozenset(way["regions"]), frozenset(way["products"]))
            for key, way in providers.items()
        ),
        words="\n".join(plain(text) for text in (name, *aliases, domain)),
        record=record,
    )
