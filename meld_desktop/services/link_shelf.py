"""What of the list of links runs on its threads: the one store they share, and the steps that take several calls."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.link import Link
from meld_desktop.domain.links.query import LinkQuery
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.text import Text

if TYPE_CHECKING:
    from meld_desktop.domain.links.csv import RowProblem
    from meld_desktop.services.link_files import Imported
    from meld_desktop.storage.links import Key, LinkStore, Page

T = TypeVar("T")

_REQUEST_ID = "x-request-id"
_Mark = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What a call returned, and what there is to say besides: that a damaged file was set aside."""

    value: T
    said: Text | None = None


class LinkShelf:
    """Opens the store once, on the thread that first wants it. Safe from any thread."""

    def __init__(self, folder: Path, redact: Callable[[str], str] | None, patience: float) -> None:
        self._folder = folder
        self._redact = redact
        self._patience = patience
        self._guard = threading.Lock()
        self._store: LinkStore | None = None
        self._mark: _Mark = ()

    def run(self, call: "Callable[[LinkStore], T]") -> Answer[T]:
        """Return what ``call`` does with the open store; after damage it is called once more. Raises StoreError."""
        from meld_desktop.storage.links import StoreError, StoreProblem

        store = self._opened()
        try:
            return Answer(call(store))
        except StoreError as error:
            if error.kind is not StoreProblem.DAMAGED or error.kept_as is None:
                raise
            return Answer(call(store), error.text)

    def has_changed(self, store: "LinkStore") -> bool:
        """Say whether the files are others than at the last call; the first one says no."""
        before, self._mark = self._mark, tuple(_look_at(store.path))
        return bool(before) and before != self._mark

    def close(self) -> None:
        """Close every thread's connection, once no thread uses the store any more."""
        with self._guard:
            store, self._store = self._store, None
        if store is not None:
            store.close()

    def _opened(self) -> "LinkStore":
        with self._guard:
            if self._store is None:
                from meld_desktop.storage.links import LinkStore

                self._store = LinkStore(self._folder, self._redact, patience=self._patience)
            return self._store


def record_of(link: Link, now: datetime, kind: str, case_of: LinkRecord | None) -> LinkRecord:
    """Return what is kept of ``link``: never its address, nor the token in it."""
    request, environment = link.request, link.environment
    headers = link.exchange.response_headers
    return LinkRecord(
        made_at=(link.exchange.at or now).astimezone(UTC),
        environment=environment.id,
        host=environment.host,
        customer=request.external_customer_id or link.external_customer_id,
        connection_id=link.connection_id,
        meld_customer_id=link.customer_id,
        institution_id=request.institution_id or (case_of.institution_id if case_of else ""),
        institution_name=case_of.institution_name if case_of else "",
        products=tuple(product.value for product in request.products),
        optional_products=tuple(product.value for product in request.optional_products),
        regions=request.regions,
        request=request.to_json(),
        request_id=next((value for name, value in headers if name.lower() == _REQUEST_ID), ""),
        expires_at=link.token.expires,
        status="IN_PROGRESS",
        case_id=(case_of.case_id or case_of.id) if case_of else 0,
        kind=kind,
    )


def keep(store: "LinkStore", record: LinkRecord, case_of: LinkRecord | None) -> LinkRecord:
    """Add ``record``; the link that it repairs becomes the first of its case. Raises StoreError."""
    stored = store.add(record)
    if case_of is not None and not case_of.case_id and stored.case_id:
        store.join_case(case_of.id, stored.case_id)
    return stored


def keep_status(
    store: "LinkStore", connection_id: str, state: ConnectionState, now: datetime
) -> tuple[LinkRecord, ...]:
    """Keep what Meld says of a connection with its link and its repairs; return those. Raises StoreError."""
    changed = (
        store.update_status(
            record.id,
            state.status,
            state.reason,
            status_at=now,
            institution_name=state.institution_name or None,
        )
        for record in store.of_connection(connection_id)
    )
    return tuple(record for record in changed if record is not None)


def keep_outcome(store: "LinkStore", connection_id: str, sentence: str) -> tuple[LinkRecord, ...]:
    """Keep how the widget ended with the newest link of a connection; return that. Raises StoreError."""
    for record in store.of_connection(connection_id)[:1]:
        changed = store.update_status(
            record.id, record.status, record.status_reason, status_at=record.status_at, outcome=sentence
        )
        return (changed,) if changed is not None else ()
    return ()


def read_page(query: LinkQuery, after: "Key | None", rows: int, seconds: float, store: "LinkStore") -> "Page":
    """Return up to ``rows`` links after ``after``; after ``seconds``, what there is. Raises StoreError.

    A search through very many links comes in pieces; few people want to see the first piece alone.
    """
    until = time.monotonic() + seconds
    page = store.page(query, after, rows)
    while page.next is not None and len(page.records) < rows and time.monotonic() < until:
        rest = store.page(query, page.next, rows - len(page.records))
        page = replace(rest, records=page.records + rest.records)
    return page


def take_in(store: "LinkStore", path: Path) -> "Imported":
    """Add the good rows of a CSV file and return what came of it. Raises OSError, UnicodeDecodeError, StoreError."""
    from meld_desktop.services.link_files import imported, read_file

    problems: list[RowProblem] = []
    added = store.add_many(read_file(path, problems))
    return imported(path, added.added, added.known, problems)


def _look_at(file: Path) -> list[tuple[int, int]]:
    found = []
    for path in (file, file.with_name(f"{file.name}-wal")):
        try:
            stat = path.stat()
        except OSError:
            found.append((0, 0))
        else:
            found.append((stat.st_mtime_ns, stat.st_size))
    return found
