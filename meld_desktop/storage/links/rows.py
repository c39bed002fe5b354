"""Records as rows, and the words by which a search finds them.

The index knows every run of three characters. Marks made with control characters, which no text has, let it also answer
for beginnings of words (one or two characters) and of ids, for a whole customer id, and for what is one of a few:
environment, status, products. A word of a search may mean any of these: ``meanings``.
"""

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

from meld_desktop.domain.links.query import folded
from meld_desktop.domain.links.record import ENVIRONMENTS, STATUSES, LinkRecord
from meld_desktop.domain.products import Product

_START = "\x1f"
_WHOLE = "\x1d"
_CHOICE = "\x1e"
_ID = "\x1c"
ID_START = 8
"""So many characters of an id tell it from nearly all others."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PIECE = re.compile(r"[^\W_]+")
_LONGEST_SEARCHED = 2000
"""Characters of one field that a search looks at."""

LISTS = ("products", "optional_products", "regions")
TIMES = {"made_at": "made", "expires_at": "expires", "status_at": "status_at"}
COLUMNS = (
    "id", "made", "environment", "host", "customer", "ticket", "note", "connection_id", "meld_customer_id",
    "institution_id", "institution_name", "products", "optional_products", "regions", "request", "request_id",
    "expires", "status", "status_reason", "status_at", "outcome", "case_id", "kind",
)  # fmt: skip
"""The columns of a record; ``place`` and ``words`` come with them and are made from them."""

SELECT = f"SELECT place, {', '.join(COLUMNS)} FROM links"  # noqa: S608 - only names from above
INSERT = f"INSERT INTO links (place, words, {', '.join(COLUMNS)}) VALUES ({', '.join('?' * (len(COLUMNS) + 2))})"  # noqa: S608


def microseconds(moment: datetime | None) -> int:
    """Return ``moment`` as a number; 0 for None."""
    return 0 if moment is None else (moment - _EPOCH) // _MICROSECOND


def place_of(moment: datetime) -> int:
    """Return the first place a link made at ``moment`` may have."""
    return microseconds(moment) // 1000


def _moment(value: int) -> datetime | None:
    return _EPOCH + value * _MICROSECOND if value else None


def values_of(record: LinkRecord) -> list[Any]:
    """Return the values of ``COLUMNS``."""
    values: dict[str, Any] = {name: getattr(record, name) for name in COLUMNS if hasattr(record, name)}
    values |= {column: microseconds(getattr(record, name)) for name, column in TIMES.items()}
    values |= {name: "\n".join(getattr(record, name)) for name in LISTS}
    return [values[name] for name in COLUMNS]


def record_of(row: sqlite3.Row) -> LinkRecord:
    """Return the record of a row of ``SELECT``."""
    values: dict[str, Any] = {name: row[name] for name in COLUMNS if name not in TIMES.values()}
    values |= {name: _moment(row[column]) for name, column in TIMES.items()}
    values |= {name: tuple(row[name].split("\n")) if row[name] else () for name in LISTS}
    return LinkRecord(**values)


def words_of(record: LinkRecord) -> str:
    """Return what a search looks at: the fields a person would name, then the marks."""
    host = [record.host] if record.environment == "custom" else []
    named = _folded(record.ticket, record.note, record.institution_name, *record.regions, *host)
    chosen = [record.environment, record.status, *record.products, *record.optional_products]
    said = _folded(record.status_reason, record.outcome, *(name for name in chosen if name not in _CHOICES))
    ids = _folded(record.connection_id, record.meld_customer_id, record.institution_id, record.request_id)
    begun = (piece for text in [*_folded(record.customer), *named] for word in text.split() for piece in _pieces(word))
    marks = [
        *(f"{_START}{_START}{piece[:2]}" for piece in begun),
        *(id_mark(each) for each in ids),
        *(_CHOICES[name] for name in chosen if name in _CHOICES),
        status_mark(record.status),
    ]
    texts = dict.fromkeys([whole_customer(record.customer), *named, *said])
    return "\n".join([*texts, "".join(dict.fromkeys(marks))])


def _folded(*texts: str) -> list[str]:
    return [folded(text[:_LONGEST_SEARCHED]) for text in texts if text]


def _pieces(word: str) -> list[str]:
    """Return ``word`` itself, and its pieces between punctuation: an id is known by its number as well."""
    return [word, *_PIECE.findall(word)]


def meanings(word: str) -> list[str]:
    """Return what one word of a search stands for in the index: its own characters or a mark; any of them will do."""
    if len(word) <= 2:
        whole = [mark for name, mark in _CHOICES.items() if word in _PIECE.findall(name.lower())]
        return [f"{_START}{_START}{word}"[-3:], *whole]
    choices = [mark for name, mark in _CHOICES.items() if word in name.lower()]
    beginning = [id_mark(word)] if len(word) <= ID_START else []
    return [word, *choices, *beginning]


def id_mark(word: str) -> str:
    """Return the mark of an id that begins with ``word``; only so many of its characters count."""
    return f"{_ID}{word[:ID_START]}"


def whole_customer(customer: str) -> str:
    """Return the mark of a customer id (that of others too, which differ in case or accents only)."""
    return f"{_WHOLE}{folded(customer[:_LONGEST_SEARCHED])}{_WHOLE}"


def environment_mark(environment: str) -> str:
    """Return the mark of one environment. Raises KeyError when there is no such."""
    return _CHOICES[environment]


def status_mark(status: str) -> str:
    """Return the mark of one status; all that are not documented share one."""
    return _CHOICES.get(status, f"{_CHOICE}s?")


_PRODUCTS = tuple(Product)
_CHOICES = {
    name: f"{_CHOICE}{kind}{chr(97 + number)}"
    for kind, names in (("e", ENVIRONMENTS), ("s", STATUSES), ("p", _PRODUCTS))
    for number, name in enumerate(names)
}
"""The marks of what is one of a few, by its name. What a version has written stays as it is: names are only added."""
