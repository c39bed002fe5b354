"""Records as rows, and the words by which a search finds them.

The index knows every run of three characters. Marks made with control characters, which no text has, let it also answer
for beginnings of words (one or two characters), for a whole customer id, and for environment and status.
"""

import re
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

from meld_desktop.domain.links.query import folded
from meld_desktop.domain.links.record import ENVIRONMENTS, STATUSES, LinkRecord

_START = "\x1f"
_WHOLE = "\x1d"
_CHOICE = "\x1e"
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
    named = [
        record.customer, record.ticket, record.note, record.institution_name, record.institution_id,
        record.connection_id, record.meld_customer_id, record.request_id, record.status, record.status_reason,
        record.environment, record.host, *record.products, *record.optional_products, *record.regions, record.outcome,
    ]  # fmt: skip
    texts = list(dict.fromkeys(folded(text[:_LONGEST_SEARCHED]) for text in named if text))
    starts = dict.fromkeys(piece[:2] for text in texts for word in text.split() for piece in _beginnings(word))
    marks = [
        *(f"{_START}{_START}{start}" for start in starts),
        whole_customer(record.customer),
        environment_mark(record.environment),
        status_mark(record.status),
    ]
    return "\n".join([*texts, "".join(marks)])


def _beginnings(word: str) -> list[str]:
    """Return ``word`` itself, and its pieces between punctuation: an id is known by its number as well."""
    return [word, *_PIECE.findall(word)]


def start_mark(word: str) -> str:
    """Return the mark of a piece that begins with ``word`` (one or two characters)."""
    return f"{_START}{_START}{word}"[-3:]


def whole_customer(customer: str) -> str:
    """Return the mark of a customer id (that of others too, which differ in case or accents only)."""
    return f"{_WHOLE}{folded(customer[:_LONGEST_SEARCHED])}{_WHOLE}"


def environment_mark(environment: str) -> str:
    """Return the mark of one environment."""
    return f"{_CHOICE}e{chr(97 + ENVIRONMENTS.index(environment))}"


def status_mark(status: str) -> str:
    """Return the mark of one status; all that are not documented share one."""
    known = STATUSES.index(status) + 1 if status in STATUSES else 0
    return f"{_CHOICE}s{chr(97 + known)}"
