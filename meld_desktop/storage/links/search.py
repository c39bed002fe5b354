"""Answers a query a page at a time, never by reading or sorting all links.

Newest or oldest first, with or without a text or a choice: the full-text index lists its matches in the order of time,
so it is read from where the last page ended. Any other order: when there are few matches they are gathered and sorted;
when there are many, the index of that order is walked until the page is full.

How long either takes depends on the data, so both watch the clock. When the time is over the page ends where the search
stands: it may then hold less than was asked for, or nothing, while ``next`` says where to go on.
"""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from meld_desktop.domain.links.query import LinkQuery, folded, words
from meld_desktop.domain.links.record import ENVIRONMENTS, STATUSES, LinkRecord
from meld_desktop.storage.links import rows

PATIENCE = 0.04
"""Seconds after which a page ends where it stands."""

FEW = 3000
"""So many matches are sorted; more are not."""

_FIRST_WINDOW = 8
"""Milestones (see ``migrations``) that are passed in the first piece of a search."""

_WALK = 500
_QUICK = 0.01

_END = 1 << 62
_MOST_WORDS = 20
_LONGEST_WORD = 200
"""More than that was pasted by mistake."""

_SORT_COLUMNS = {
    "customer": "customer COLLATE NOCASE",
    "ticket": "ticket COLLATE NOCASE",
    "environment": "environment COLLATE NOCASE",
    "institution": "institution_name COLLATE NOCASE",
    "status": "status COLLATE NOCASE",
    "expires": "expires",
}


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ended: the link's place in time and, in other orders, its value. Hand it back for the next page.

    ``walks`` says that there were too many matches to sort them: the next page need not find that out again.
    """

    place: int
    value: str | int | None = None
    walks: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Some links in order. While ``next`` is not None there may be more, even behind a page that is not full."""

    records: tuple[LinkRecord, ...]
    next: Key | None


_NOTHING = "\x1d\x1d\x1d"
"""What no row has."""

_ID_COLUMNS = ("connection_id", "meld_customer_id", "institution_id", "request_id")


class Plan:
    """How a query is answered: what to ask the full-text index, and what to check at each row."""

    def __init__(self, connection: sqlite3.Connection, query: LinkQuery, redact: Callable[[str], str]) -> None:
        self.query = query
        self.low = -_END if query.since is None else rows.place_of(query.since) - 1
        self.high = _END if query.until is None else rows.place_of(query.until)
        self.customer = redact(query.customer)
        self.checks: list[str] = []
        self.values: list[Any] = []
        self.is_exact = True
        """Whether the full-text index alone tells what matches."""
        terms = [self._word(connection, word) for word in _words(query.text)]
        if query.text.strip() and not terms:  # nothing but signs that cannot be looked for
            terms.append(_any_of([_NOTHING]))
            self._check("0")
        self._environments(terms)
        self._statuses(terms)
        if query.since is not None:
            self._check("links.place > ?", self.low)
        if query.until is not None:
            self._check("links.place < ?", self.high)
        if self.customer:
            self._check("links.customer = ?", self.customer)
            self.is_exact = False
            if _has_few(connection, self.customer):
                terms.clear()  # looking at each of them is quicker than any index
            elif terms and folded(self.customer):
                terms.insert(0, _any_of([rows.whole_customer(self.customer)]))
        self.match = " AND ".join(terms)
        self.condition = " AND ".join(self.checks) or "1"

    def _word(self, connection: sqlite3.Connection, word: str) -> str:
        """Check at each row for one word of the search; return what to ask the index."""
        meanings = rows.meanings(word)
        checks = ["instr(links.words, ?) > 0"] * len(meanings)
        values = list(meanings)
        if len(word) > rows.ID_START and _is_start_of_id(connection, word):
            # The index knows how ids begin; the rest is looked at in the row.
            checks += [f"substr(lower(links.{column}), 1, {len(word)}) = ?" for column in _ID_COLUMNS]
            values += [word] * len(_ID_COLUMNS)
            meanings.append(rows.id_mark(word))
            self.is_exact = False
        self._check(f"({' OR '.join(checks)})", *values)
        return _any_of(meanings)

    def _check(self, condition: str, *values: object) -> None:
        self.checks.append(condition)
        self.values += values

    def _environments(self, terms: list[str]) -> None:
        chosen = self.query.environments
        if chosen:
            known = [rows.environment_mark(environment) for environment in ENVIRONMENTS if environment in chosen]
            terms.append(_any_of(known or [_NOTHING]))
            self._check(f"links.environment IN ({', '.join('?' * len(chosen))})", *chosen)

    def _statuses(self, terms: list[str]) -> None:
        chosen = self.query.statuses
        if chosen:
            terms.append(_any_of(dict.fromkeys(rows.status_mark(status) for status in chosen)))
            self._check(f"links.status IN ({', '.join('?' * len(chosen))})", *chosen)
            if not set(chosen) <= set(STATUSES):
                self.is_exact = False


def _words(text: str) -> list[str]:
    """Return the words to look for, the longest first: it is most likely the rarest."""
    return sorted((word[:_LONGEST_WORD] for word in words(text)[:_MOST_WORDS]), key=len, reverse=True)


def _any_of(texts: Iterable[str]) -> str:
    """Return what asks the full-text index for rows with one of ``texts``."""
    quoted = ['"' + text.replace('"', '""') + '"' for text in texts]
    return quoted[0] if len(quoted) == 1 else f"({' OR '.join(quoted)})"


def _is_start_of_id(connection: sqlite3.Connection, word: str) -> bool:
    statement = "SELECT 1 FROM links_fts WHERE links_fts MATCH ? LIMIT 1"
    return connection.execute(statement, (_any_of([rows.id_mark(word)]),)).fetchone() is not None


def _has_few(connection: sqlite3.Connection, customer: str) -> bool:
    statement = "SELECT 1 FROM links INDEXED BY links_customer WHERE customer = ? COLLATE NOCASE LIMIT 1 OFFSET ?"
    return connection.execute(statement, (customer, FEW)).fetchone() is None


def page(connection: sqlite3.Connection, plan: Plan, after: Key | None, limit: int) -> Page:
    """Return the links that come after ``after``, at most ``limit`` of them."""
    clock = _Clock(PATIENCE)
    if plan.query.sort == "made":
        places, reached = _in_time(connection, plan, after, limit, clock)
    else:
        places, reached = _in_order(connection, plan, after, limit, clock)
    return Page(tuple(_records(connection, places)), reached)


class _Clock:
    def __init__(self, patience: float) -> None:
        self._end = time.perf_counter() + patience

    def is_over(self) -> bool:
        return time.perf_counter() > self._end


def _records(connection: sqlite3.Connection, places: list[int]) -> Iterator[LinkRecord]:
    if not places:
        return
    found = connection.execute(f"{rows.SELECT} WHERE place IN ({', '.join('?' * len(places))})", places)
    by_place = {row["place"]: row for row in found}
    for place in places:
        yield rows.record_of(by_place[place])


def _in_time(
    connection: sqlite3.Connection, plan: Plan, after: Key | None, limit: int, clock: _Clock
) -> tuple[list[int], Key | None]:
    down = plan.query.descending
    low, high = plan.low, plan.high
    if after is not None:
        low, high = (low, min(high, after.place)) if down else (max(low, after.place), high)
    places, reached = matches(connection, plan, low, high, limit + 1, clock, down=down)
    if len(places) > limit:
        return places[:limit], Key(places[limit - 1])
    return places, None if reached is None else Key(reached)


def matches(
    connection: sqlite3.Connection, plan: Plan, low: int, high: int, limit: int, clock: _Clock, *, down: bool
) -> tuple[list[int], int | None]:
    """Return up to ``limit`` places between ``low`` and ``high`` (both left out).

    With them comes where the search stands when its time was over, else None.
    """
    statement, values = time_statement(plan, down=down)
    if not plan.match:
        found = connection.execute(statement, [*values, low, high, limit])
        return [place for (place,) in found], None
    places: list[int] = []
    size = _FIRST_WINDOW
    while True:
        border = _border(connection, low, high, size, down=down)
        inner = (low, high) if border is None else (border, high) if down else (low, border)
        began = time.perf_counter()
        places += [place for (place,) in connection.execute(statement, [*values, *inner, limit - len(places)])]
        if border is None or len(places) >= limit:
            return places, None
        low, high = (low, border + 1) if down else (border - 1, high)
        if clock.is_over():
            return places, high if down else low
        pace = size / max(time.perf_counter() - began, 1e-6)
        size = max(1, int(min(size * 4, pace * _QUICK)))


def time_statement(plan: Plan, *, down: bool) -> tuple[str, list[Any]]:
    """Return the statement that lists matches in the order of time, and its values up to low, high and limit."""
    order = "DESC" if down else "ASC"
    if not plan.match:
        condition = f"customer = ? COLLATE NOCASE AND {plan.condition}" if plan.customer else "1"
        values = [plan.customer, *plan.values] if plan.customer else []
        index = "INDEXED BY links_customer" if plan.customer else "NOT INDEXED"
        text = (
            f"SELECT place FROM links {index} WHERE {condition} AND place > ? AND place < ? "  # noqa: S608
            f"ORDER BY place {order} LIMIT ?"
        )
        return text, values
    inside = "links_fts MATCH ? AND links_fts.rowid > ? AND links_fts.rowid < ?"
    if plan.is_exact:
        text = f"SELECT rowid FROM links_fts WHERE {inside} ORDER BY rowid {order} LIMIT ?"  # noqa: S608
        return text, [plan.match]
    text = (
        "SELECT links.place FROM links_fts CROSS JOIN links ON links.place = links_fts.rowid "  # noqa: S608
        f"WHERE {plan.condition} AND {inside} ORDER BY links_fts.rowid {order} LIMIT ?"
    )
    return text, [*plan.values, plan.match]


def _border(connection: sqlite3.Connection, low: int, high: int, size: int, *, down: bool) -> int | None:
    """Return the place of the milestone that comes ``size`` milestones into the range, or None when there are fewer."""
    order = "DESC" if down else "ASC"
    found = connection.execute(
        f"SELECT place FROM milestones WHERE place > ? AND place < ? ORDER BY place {order} LIMIT 1 OFFSET ?",  # noqa: S608
        (low, high, size),
    ).fetchone()
    return None if found is None else found[0]


def _in_order(
    connection: sqlite3.Connection, plan: Plan, after: Key | None, limit: int, clock: _Clock
) -> tuple[list[int], Key | None]:
    if plan.checks and not (after is not None and after.walks):
        few = _few(connection, plan)
        if few is not None:
            return _sorted_page(connection, plan, few, after, limit)
    return _walk(connection, plan, after, limit, clock)


def _few(connection: sqlite3.Connection, plan: Plan) -> list[int] | None:
    """Return all places that match, or None when they are many, or would take long to find."""
    places, reached = matches(connection, plan, plan.low, plan.high, FEW + 1, _Clock(PATIENCE), down=True)
    return None if reached is not None or len(places) > FEW else places


def _sorted_page(
    connection: sqlite3.Connection, plan: Plan, places: list[int], after: Key | None, limit: int
) -> tuple[list[int], Key | None]:
    column = _SORT_COLUMNS[plan.query.sort]
    if not places:
        return [], None
    sign, order = ("<", "DESC") if plan.query.descending else (">", "ASC")
    # NOT INDEXED: SQLite shall not walk all links in order to spare the sorting of a few.
    beyond, values = "", list[Any](places)
    if after is not None:
        beyond = f"AND ({column}, place) {sign} (?, ?)"
        values += [after.value, after.place]
    found = connection.execute(
        f"SELECT place, {column} FROM links NOT INDEXED WHERE place IN ({', '.join('?' * len(places))}) {beyond} "  # noqa: S608
        f"ORDER BY {column} {order}, place {order} LIMIT ?",
        [*values, limit + 1],
    ).fetchall()
    kept = [place for place, _ in found[:limit]]
    return kept, Key(*found[limit - 1]) if len(found) > limit else None


def _next_rows(connection: sqlite3.Connection, plan: Plan, after: Key | None, number: int) -> list[sqlite3.Row]:
    """Walk the index of an order from ``after``: return place, value, and whether the row matches.

    Rows alike in value come first, in a search of their own: SQLite would not skip those before ``after`` otherwise.
    """
    column = _SORT_COLUMNS[plan.query.sort]
    sign, order = ("<", "DESC") if plan.query.descending else (">", "ASC")
    select = f"SELECT place, {column}, {plan.condition} FROM links INDEXED BY links_{plan.query.sort}"  # noqa: S608
    in_order = f"ORDER BY {column} {order}, place {order} LIMIT ?"
    if after is None:
        return connection.execute(f"{select} {in_order}", [*plan.values, number]).fetchall()
    alike = f"{select} WHERE {column} = ? AND place {sign} ? ORDER BY place {order} LIMIT ?"
    found = connection.execute(alike, [*plan.values, after.value, after.place, number]).fetchall()
    if len(found) < number:
        beyond = f"{select} WHERE {column} {sign} ? {in_order}"
        found += connection.execute(beyond, [*plan.values, after.value, number - len(found)]).fetchall()
    return found


def _walk(
    connection: sqlite3.Connection, plan: Plan, after: Key | None, limit: int, clock: _Clock
) -> tuple[list[int], Key | None]:
    places: list[int] = []
    step = _WALK if plan.checks else limit + 1
    last: Key | None = None
    while True:
        found = _next_rows(connection, plan, after, step)
        for place, value, does_match in found:
            if does_match and len(places) == limit:
                return places, last
            if does_match:
                places.append(place)
            last = Key(place, value, walks=True)
        if len(found) < step:
            return places, None
        if clock.is_over():
            return places, last
        after = last


def count(connection: sqlite3.Connection, plan: Plan, at_most: int | None) -> int:
    """Return how many links match; stop at ``at_most``."""
    query = plan.query
    in_totals = not (words(query.text) or query.text.strip() or plan.customer or query.since or query.until)
    if in_totals:
        totals = connection.execute("SELECT environment, status, number FROM totals")
        number: int = sum(
            each
            for environment, status, each in totals
            if (not query.environments or environment in query.environments)
            and (not query.statuses or status in query.statuses)
        )
        return number if at_most is None else min(number, at_most)
    most = -1 if at_most is None else at_most
    if not plan.match and not plan.customer:
        values: list[Any] = []
        statement = "SELECT id FROM links_fts_docsize WHERE id > ? AND id < ? LIMIT ?"
    else:
        statement, values = time_statement(plan, down=True)
    found: int = connection.execute(
        f"SELECT count(*) FROM ({statement})",  # noqa: S608 - made above
        [*values, plan.low, plan.high, most],
    ).fetchone()[0]
    return found
