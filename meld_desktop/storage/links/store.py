"""The links that were made here, kept in SQLite."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from meld_desktop.domain.links.query import LinkQuery
from meld_desktop.domain.links.record import LinkRecord, cleaned, cleaned_text
from meld_desktop.domain.redaction import Redactor
from meld_desktop.storage.links import forgetting, rows, search
from meld_desktop.storage.links.database import FOLDER, Database
from meld_desktop.storage.links.search import Key, Page

_BATCH = 500
_FARTHEST = 100_000
"""How far from its own time a link is looked for, when many were made in one moment."""


@dataclass(frozen=True, slots=True)
class Added:
    """What ``add_many`` did: how many links it kept, and how many were there already."""

    added: int
    known: int


class LinkStore:
    """The links below ``data_dir``. Safe from any thread; every method may block and raises only StoreError.

    What a method has returned is kept, even when the process is killed in the next moment. Each text goes through
    ``redact`` before it is stored, so that nothing shaped like a connect token gets in. ``patience`` is how many
    seconds to wait for another program that writes.
    """

    def __init__(self, data_dir: Path, redact: Callable[[str], str] | None = None, *, patience: float = 5.0) -> None:
        self._redact = redact or Redactor()
        self._database = Database(data_dir / FOLDER, patience)
        self._patience = patience

    @property
    def path(self) -> Path:
        """The file the links are in."""
        return self._database.path

    def open(self) -> None:
        """Make or open the file; an older one is brought up to date, with a backup before. Other methods do it too."""
        self._database.open()

    def close(self) -> None:
        """Close the file; the next call opens it again."""
        self._database.close()

    def add(self, record: LinkRecord) -> LinkRecord:
        """Keep ``record`` and return it as it was stored, with its id."""
        record = cleaned(record, self._redact)
        with self._database.writing() as connection:
            stored = replace(record, id=_next_id(connection))
            _insert_at(connection, stored, rows.place_of(stored.made_at))
        return stored

    def add_many(self, records: Iterable[LinkRecord]) -> Added:
        """Keep ``records``, many at a time; when it fails, the batches before are kept.

        A link that is there already is not doubled. Ids and cases stay as they are where they are free; where they are
        taken, all links of a case move to a new one.
        """
        adder = _Adder(self._redact)
        waiting = iter(records)
        while batch := list(islice(waiting, _BATCH)):
            with self._database.writing() as connection:
                adder.add(connection, batch)
        return Added(adder.added, adder.known)

    def get(self, link_id: int) -> LinkRecord | None:
        """Return one link, or None when it is no longer there."""
        with self._database.reading() as connection:
            return _one(connection, "WHERE id = ?", link_id)

    def update_status(
        self,
        link_id: int,
        status: str,
        status_reason: str = "",
        *,
        status_at: datetime | None = None,
        outcome: str | None = None,
        institution_id: str | None = None,
        institution_name: str | None = None,
        meld_customer_id: str | None = None,
    ) -> LinkRecord | None:
        """Keep what Meld said about a link; None leaves a field as it is. Return the link, or None when it is gone."""
        values = {
            "status": status,
            "status_reason": status_reason,
            "status_at": status_at or datetime.now(UTC),
            "outcome": outcome,
            "institution_id": institution_id,
            "institution_name": institution_name,
            "meld_customer_id": meld_customer_id,
        }
        return self._change(link_id, {name: value for name, value in values.items() if value is not None})

    def annotate(self, link_id: int, ticket: str, note: str) -> LinkRecord | None:
        """Keep the ticket and the note of a link. Return the link, or None when it is gone."""
        return self._change(link_id, {"ticket": ticket, "note": note})

    def join_case(self, link_id: int, case_id: int) -> LinkRecord | None:
        """Count a link among those of a case. Return the link, or None when it is gone."""
        return self._change(link_id, {"case_id": case_id})

    def page(self, query: LinkQuery, after: Key | None = None, limit: int = 100) -> Page:
        """Return the links after ``after`` (from the first, when None), at most ``limit``.

        It takes a tenth of a second at most, however many links there are; so a page may hold less than ``limit``, even
        nothing, while its ``next`` is not None: then ask again with it.
        """
        with self._database.reading() as connection:
            return search.page(connection, self._plan(connection, query), after, max(1, limit))

    def iterate(self, query: LinkQuery) -> Iterator[LinkRecord]:
        """Yield every link of ``query`` in its order. Others may write meanwhile."""
        after: Key | None = None
        while True:
            page = self.page(query, after, _BATCH)
            yield from page.records
            if page.next is None:
                return
            after = page.next

    def count(self, query: LinkQuery, at_most: int | None = None) -> int:
        """Return how many links ``query`` has, at once without a text, customer or time; stop at ``at_most``."""
        with self._database.reading() as connection:
            return search.count(connection, self._plan(connection, query), at_most)

    def last_of_customer(self, customer: str) -> LinkRecord | None:
        """Return the newest link of ``customer``, not counting repairs, or None."""
        customer = cleaned_text(customer, self._redact)
        condition = "INDEXED BY links_customer WHERE customer = ? COLLATE NOCASE AND customer = ? AND kind = 'link'"
        with self._database.reading() as connection:
            return _one(connection, f"{condition} ORDER BY place DESC LIMIT 1", customer, customer)

    def of_case(self, case_id: int) -> tuple[LinkRecord, ...]:
        """Return the links of one repair case, oldest first."""
        with self._database.reading() as connection:
            condition = "INDEXED BY links_case WHERE case_id > 0 AND case_id = ? ORDER BY place"
            found = connection.execute(f"{rows.SELECT} {condition}", (case_id,)).fetchall()
        return tuple(rows.record_of(row) for row in found)

    def of_connection(self, connection_id: str) -> tuple[LinkRecord, ...]:
        """Return the link and the repairs of one connection, newest first."""
        query = LinkQuery(text=connection_id)
        return tuple(record for record in self.iterate(query) if record.connection_id == connection_id)

    def customers(self, prefix: str, limit: int = 20) -> list[str]:
        """Return customer ids that begin with ``prefix``, in any case of A to Z, each spelling once per case."""
        prefix = cleaned_text(prefix, self._redact)
        found: list[str] = []
        with self._database.reading() as connection:
            while len(found) < limit:
                border = f"customer COLLATE NOCASE {'>' if found else '>='} ?"
                row = connection.execute(
                    f"SELECT customer FROM links INDEXED BY links_customer WHERE {border} "  # noqa: S608 - made above
                    "ORDER BY customer COLLATE NOCASE LIMIT 1",
                    (found[-1] if found else prefix,),
                ).fetchone()
                if row is None or not _ascii_lower(row["customer"]).startswith(_ascii_lower(prefix)):
                    break
                found.append(row["customer"])
        return found

    def forget(self, customer: str) -> int:
        """Remove every trace of ``customer`` from every file; return how many links there were.

        The index is rewritten: among a million links that takes most of a minute, in half of which
        others can write.
        """
        return forgetting.forget(self._database, cleaned_text(customer, self._redact), self._patience)

    def purge(
        self, older_than_days: int | None = None, keep_at_most: int | None = None, *, now: datetime | None = None
    ) -> int:
        """Remove links made longer ago than ``older_than_days``, and all but the newest ``keep_at_most``.

        Backups that old go too. Return how many links were removed.
        """
        removed = 0
        if older_than_days is not None:
            border = (now or datetime.now(UTC)) - timedelta(days=older_than_days)
            removed += forgetting.remove(self._database, "place < ?", [rows.place_of(border)])
            forgetting.drop_backups(self._database, border)
        if keep_at_most is not None:
            removed += forgetting.remove(self._database, "1", [], most=max(0, self.count(LinkQuery()) - keep_at_most))
        if removed:
            forgetting.empty_log(self._database)
        return removed

    def _plan(self, connection: sqlite3.Connection, query: LinkQuery) -> search.Plan:
        return search.Plan(connection, query, lambda text: cleaned_text(text, self._redact))

    def _change(self, link_id: int, values: dict[str, Any]) -> LinkRecord | None:
        with self._database.writing() as connection:
            old = _one(connection, "WHERE id = ?", link_id)
            if old is None:
                return None
            new = cleaned(replace(old, **values), self._redact)
            columns = ", ".join(f"{name} = ?" for name in rows.COLUMNS)
            connection.execute(
                f"UPDATE links SET {columns}, words = ? WHERE id = ?",  # noqa: S608 - only names of columns
                [*rows.values_of(new), rows.words_of(new), link_id],
            )
            return new


class _Adder:
    """Adds records that may have come from another list, with ids and cases of their own."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        self._redact = redact
        self._ids: dict[int, int] = {}
        self._cases: dict[int, int] = {}
        self._places: dict[int, int] = {}
        self.added = 0
        self.known = 0

    def add(self, connection: sqlite3.Connection, batch: list[LinkRecord]) -> None:
        """Keep ``batch``, in one transaction of the caller's."""
        for given in batch:
            record = cleaned(given, self._redact)
            known = _twin(connection, record)
            if known is not None:
                self.known += 1
                self._ids[record.id] = known.id
                self._cases[record.case_id] = known.case_id
                continue
            link_id = record.id if record.id and not _is_taken(connection, "id", record.id) else _next_id(connection)
            self._ids[record.id] = link_id
            moved = replace(record, id=link_id, case_id=self._case(connection, record.case_id))
            place = rows.place_of(record.made_at)
            self._places[place] = 1 + _insert_at(connection, moved, self._places.get(place, place))
            self.added += 1

    def _case(self, connection: sqlite3.Connection, case_id: int) -> int:
        """Return the number here of the case that is ``case_id`` there."""
        if not case_id:
            return 0
        if case_id not in self._cases:
            ours = self._ids.get(case_id)
            number = case_id if ours is None else ours
            is_used = _is_taken(connection, "case_id", number) or (ours is None and _is_taken(connection, "id", number))
            self._cases[case_id] = _next_id(connection) if is_used else number
        return self._cases[case_id]


def _twin(connection: sqlite3.Connection, record: LinkRecord) -> LinkRecord | None:
    """Return the link that says the same as ``record``, whatever their numbers."""
    place = rows.place_of(record.made_at)
    found = connection.execute(
        f"{rows.SELECT} INDEXED BY links_customer "
        "WHERE customer = ? COLLATE NOCASE AND place BETWEEN ? AND ? AND made = ?",
        (record.customer, place, place + _FARTHEST, rows.microseconds(record.made_at)),
    )
    for row in found:
        other = rows.record_of(row)
        if replace(other, id=record.id, case_id=record.case_id) == record:
            return other
    return None


def _is_taken(connection: sqlite3.Connection, column: str, value: int) -> bool:
    return connection.execute(f"SELECT 1 FROM links WHERE {column} = ?", (value,)).fetchone() is not None  # noqa: S608


def _next_id(connection: sqlite3.Connection) -> int:
    """Return an id that no link has had."""
    connection.execute("UPDATE numbers SET value = value + 1 WHERE name = 'last id'")
    value: int = connection.execute("SELECT value FROM numbers WHERE name = 'last id'").fetchone()[0]
    return value


def _insert_at(connection: sqlite3.Connection, record: LinkRecord, place: int) -> int:
    """Keep ``record`` at the first free place from ``place`` on, and return that."""
    place = _free_place(connection, place)
    connection.execute(rows.INSERT, [place, rows.words_of(record), *rows.values_of(record)])
    number = max(record.id, record.case_id)
    connection.execute("UPDATE numbers SET value = max(value, ?) WHERE name = 'last id'", (number,))
    return place


def _free_place(connection: sqlite3.Connection, place: int) -> int:
    """Return the first free place from ``place`` on."""
    if not _is_taken(connection, "place", place):
        return place
    free: int = connection.execute(
        "SELECT id + 1 FROM links_fts_docsize AS taken WHERE id >= ? "
        "AND NOT EXISTS (SELECT 1 FROM links_fts_docsize WHERE id = taken.id + 1) ORDER BY id LIMIT 1",
        (place,),
    ).fetchone()[0]
    return free


def _one(connection: sqlite3.Connection, condition: str, *values: object) -> LinkRecord | None:
    row = connection.execute(f"{rows.SELECT} {condition}", values).fetchone()
    return None if row is None else rows.record_of(row)


def _ascii_lower(text: str) -> str:
    return "".join(each.lower() if each.isascii() else each for each in text)
