"""From institution records, as the API lists them or a file holds them, to banks. Total: no record makes it fail.

A record, or one provider in it, that is not what the API documents is left out, counted, and the reason kept.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from meld_desktop.domain.banks.bank import Bank, BankProvider
from meld_desktop.domain.products import Product, parse_product
from meld_desktop.domain.region_codes import is_wellformed, tidy_code
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

OLD_NAMES: Mapping[str, Product] = {
    "ACCOUNT_DETAILS": Product.IDENTIFIERS,
    "IDENTITIES": Product.OWNERS,
    "HOLDINGS": Product.INVESTMENT_HOLDINGS,
}
"""Product names of API versions before 2022-11-10 and what they are called now.

That the first two are old names is documented (TOK); which of today's each became is inferred from what it means, and
so is the third (AND has it in 2022 data). ``HISTORICAL_TRANSACTIONS`` is not the same as ``TRANSACTIONS`` (TOK).
"""

_BAD = Text(QT_TRANSLATE_NOOP("domain", "not an object"))
_NO_ID = Text(QT_TRANSLATE_NOOP("domain", "no id"))
_NO_NAME = Text(QT_TRANSLATE_NOOP("domain", "no name"))
_TWICE = Text(QT_TRANSLATE_NOOP("domain", "an id that was there before"))
_BAD_PROVIDERS = Text(QT_TRANSLATE_NOOP("domain", "“providers” is not an object"))
_BAD_PROVIDER = Text(QT_TRANSLATE_NOOP("domain", "a provider that is not an object"))
_BAD_OAUTH = Text(QT_TRANSLATE_NOOP("domain", "a provider whose “oauth” is neither true nor false"))
_BAD_REGIONS = Text(QT_TRANSLATE_NOOP("domain", "a provider whose “regions” is not a list"))
_BAD_PRODUCTS = Text(QT_TRANSLATE_NOOP("domain", "a provider whose “products” is not a list"))
_BAD_REGION = Text(QT_TRANSLATE_NOOP("domain", "a region that is neither a country nor a subdivision code"))


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something that was left out. ``place`` counts records from 1, or lines where the source has lines."""

    place: int
    reason: Text
    whole: bool = True
    """Whether the whole record was left out, or only a part of it."""


@dataclass(slots=True)
class Reading:
    """Banks in the order of their records, the records they came from, and what was left out."""

    banks: list[Bank] = field(default_factory=list)
    records: list[Mapping[str, object]] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)

    def counted(self) -> list[tuple[Text, int]]:
        """Return each reason with how often it was met, the most frequent first."""
        return Counter(oddity.reason for oddity in self.oddities).most_common()


class Reader:
    """Reads records one after the other, wherever they come from, and knows which ids it has had."""

    def __init__(self) -> None:
        self.reading = Reading()
        self._ids: set[str] = set()
        self._sets: dict[frozenset[str], frozenset[str]] = {}

    def add(self, record: object, place: int) -> Bank | None:
        """Read one record; None when it had to be left out."""
        reason = self._fault_of(record)
        if reason is not None or not isinstance(record, Mapping):
            self._leave_out(place, reason or _BAD)
            return None
        ways = (self._provider(key, way, place) for key, way in (record.get("providers") or {}).items())
        bank = Bank(
            id=_text(record["id"]),
            name=_text(record["name"]),
            sub_name=_text(record.get("subName")),
            type=_text(record.get("type")),
            domain=_text(record.get("domain")),
            aliases=_texts(record.get("aliases")),
            rank=_rank(record.get("rank")),
            is_test=record.get("isTest") is True,
            providers=tuple(way for way in ways if way is not None),
        )
        self._ids.add(bank.id)
        self.reading.banks.append(bank)
        self.reading.records.append(record)
        return bank

    def _fault_of(self, record: object) -> Text | None:
        if not isinstance(record, Mapping):
            return _BAD
        bank_id = _text(record.get("id"))
        if not bank_id:
            return _NO_ID
        if not _text(record.get("name")):
            return _NO_NAME
        if not isinstance(record.get("providers"), Mapping | None):
            return _BAD_PROVIDERS
        return _TWICE if bank_id in self._ids else None

    def _provider(self, key: object, way: object, place: int) -> BankProvider | None:
        reason = _fault_of_provider(way)
        if reason is not None or not isinstance(way, Mapping):
            self._leave_out(place, reason or _BAD_PROVIDER, whole=False)
            return None
        products, others = read_products(_texts(way.get("products")))
        return BankProvider(
            name=_text(key).upper(),
            id=_text(way.get("id")),
            oauth=way.get("oauth") is True,
            regions=self._regions(way.get("regions") or (), place),
            products=products,
            others=others,
        )

    def _leave_out(self, place: int, reason: Text, *, whole: bool = True) -> None:
        self.reading.oddities.append(Oddity(place, reason, whole))

    def _regions(self, given: Iterable[object], place: int) -> frozenset[str]:
        codes = []
        for value in given:
            code = _region(value) if isinstance(value, str) else ""
            if code:
                codes.append(code)
            else:
                self._leave_out(place, _BAD_REGION, whole=False)
        regions = frozenset(codes)
        return self._sets.setdefault(regions, regions)  # thousands of banks share a few sets


def _fault_of_provider(way: object) -> Text | None:
    if not isinstance(way, Mapping):
        return _BAD_PROVIDER
    if not isinstance(way.get("oauth"), bool | None):
        return _BAD_OAUTH
    if not isinstance(way.get("regions"), list | tuple | None):
        return _BAD_REGIONS
    return None if isinstance(way.get("products"), list | tuple | None) else _BAD_PRODUCTS


def read_banks(records: Iterable[object]) -> Reading:
    """Return the banks in ``records``; never raises for what a record holds."""
    reader = Reader()
    for place, record in enumerate(records, 1):
        reader.add(record, place)
    return reader.reading


@lru_cache(maxsize=4096)
def read_products(names: tuple[str, ...]) -> tuple[frozenset[Product], tuple[str, ...]]:
    """Return the products meant by a provider's free strings, in any case, and the names that mean none of the six."""
    products: set[Product] = set()
    others: dict[str, None] = {}
    for name in names:
        tidy = "_".join(name.replace("-", " ").replace("_", " ").upper().split())
        product = OLD_NAMES.get(tidy) or parse_product(tidy)
        if product is not None:
            products.add(product)
        elif tidy:
            others[tidy] = None
    return frozenset(products), tuple(others)


@lru_cache(maxsize=8192)
def _region(text: str) -> str:
    code = tidy_code(text)
    return code if is_wellformed(code) else ""


def _text(value: object) -> str:
    """Return a text without blanks around it and without halves of characters, which nothing could store or print."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**20 else ""
    if not isinstance(value, str):
        return ""
    return value.strip() if value.isascii() else value.strip().encode("utf-8", "replace").decode("utf-8")


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        return ()
    return tuple(dict.fromkeys(text for text in map(_text, value) if text))


def _rank(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53 else None
