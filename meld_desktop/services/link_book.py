"""The list of links as the window uses it: kept on threads of its own, and never in the way of the main job."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.link import Link
from meld_desktop.domain.links.query import LinkQuery
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.services.link_answers import Exported, Forgotten, LastUsed, Paged
from meld_desktop.services.link_shelf import (
    Answer,
    LinkShelf,
    keep,
    keep_outcome,
    keep_status,
    read_page,
    record_of,
    take_in,
)
from meld_desktop.services.store_lane import StoreLane
from meld_desktop.services.worker import Job, Worker

if TYPE_CHECKING:
    from meld_desktop.services.link_files import Imported
    from meld_desktop.storage.links import Key, LinkStore, Page

__all__ = ["MOST_COUNTED", "MOST_RENEWED", "PAGE", "Exported", "Forgotten", "LastUsed", "LinkBook", "Paged"]

T = TypeVar("T")

PAGE = 200
"""Links read at a time."""
MOST_RENEWED = 1000
"""Links read anew when something changed; who shows more than that asks again from the beginning."""
MOST_COUNTED = 20_000
"""A search is not counted further: "more than" says enough."""
_GATHER_MS = 150
_LOOK_MS = 1000
_RETRY_MS = 5000
_SOON_SECONDS = 0.04
_RENEW_SECONDS = 1.0
_MOST_UNKEPT = 1000
_CLOSE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What went wrong on a lane, in words."""

    text: Text


class LinkBook(QObject):
    """Keeps every link made here. Lives on the main thread; files are opened, read and written on threads of their own.

    ``changed`` carries the ids that changed, or None for anything: whoever shows links asks again with ``renew``.
    ``paged`` carries a Paged for the last query, ``counted`` how many links fit it (MOST_COUNTED: at least as many);
    answers to older queries are dropped. ``updated`` carries the LinkRecords whose status, outcome, ticket or note is
    another now, ``kept`` the stored LinkRecord after ``record``, ``last_found`` a LastUsed, ``forgotten`` a Forgotten,
    ``exported`` an Exported, ``imported`` an Imported, ``failed`` a Text: why the store could not do what was asked.
    Nothing here raises: the main job goes on without the list.
    """

    changed = Signal(object)
    paged = Signal(object)
    counted = Signal(int)
    kept = Signal(object)
    updated = Signal(object)
    last_found = Signal(object)
    forgotten = Signal(object)
    exported = Signal(object)
    imported = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        worker: Worker,
        folder: Path,
        parent: QObject,
        *,
        redact: Callable[[str], str] | None = None,
        patience: float = 5.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._now = now
        self._shelf = LinkShelf(folder, redact, patience)
        self._reads = StoreLane("links-read")
        self._counts = StoreLane("links-count")
        self._writes = StoreLane("links-write")
        self._errands = StoreLane("links-files")
        self._query: LinkQuery | None = None
        self._next: Key | None = None
        self._total: int | None = None
        self._paging: Job | None = None
        self._counting: Job | None = None
        self._looking: Job | None = None
        self._last: Job | None = None
        self._ids: set[int] | None = set()
        self._unkept: list[tuple[LinkRecord, LinkRecord | None]] = []
        self._why_not_kept: Text | None = None
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.setInterval(_RETRY_MS)
        self._retry.timeout.connect(self._keep_all)
        self._gather = QTimer(self)
        self._gather.setSingleShot(True)
        self._gather.setInterval(_GATHER_MS)
        self._gather.timeout.connect(self._tell)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._look_at_file)

    @property
    def query(self) -> LinkQuery | None:
        """What was asked last."""
        return self._query

    def record(self, link: Link, *, kind: str = "link", case_of: LinkRecord | None = None) -> None:
        """Keep ``link`` without its address; ``kept`` and ``changed`` follow, or ``failed``: then it is tried again."""
        self._unkept.append((record_of(link, self._now(), kind, case_of), case_of))
        del self._unkept[:-_MOST_UNKEPT]
        self._keep_all()

    def status(self, connection_id: str, state: ConnectionState) -> None:
        """Keep what Meld says of a connection; ``updated`` follows."""
        now = self._now()
        self._write(lambda store: keep_status(store, connection_id, state, now), self._updated)

    def outcome(self, connection_id: str, sentence: str) -> None:
        """Keep how the widget ended, as one English sentence; ``updated`` follows."""
        self._write(lambda store: keep_outcome(store, connection_id, sentence), self._updated)

    def annotate(self, link_id: int, ticket: str, note: str) -> None:
        """Keep what the person wrote about a link; ``updated`` follows."""
        self._write(lambda store: store.annotate(link_id, ticket, note), self._annotated)

    def ask(self, query: LinkQuery) -> None:
        """Find links; ``paged`` brings the first ones, ``counted`` their number. The last query counts."""
        self._query = query
        self._next = self._total = None
        self._read(query, PAGE, _SOON_SECONDS)

    def renew(self, rows: int = PAGE) -> None:
        """Read the first ``rows`` of the last query anew, because something changed."""
        if self._query is not None:
            self._read(self._query, min(max(rows, PAGE), MOST_RENEWED), _RENEW_SECONDS)

    def more(self) -> None:
        """Bring the links that follow. Ignored while others are on their way, and at the end."""
        query, after = self._query, self._next
        if query is None or after is None or self._paging is not None:
            return
        call = partial(read_page, query, after, PAGE, _SOON_SECONDS)
        self._paging = self._run(self._reads, call, partial(self._found, query, False), self._not_paged)

    def last_of(self, customer: str) -> None:
        """Find the last link of a customer; ``last_found`` follows, for the last customer asked for."""
        if self._last is not None:
            self._last.cancel()
        self._last = self._run(
            self._counts, lambda store: store.last_of_customer(customer), partial(self._last_answered, customer)
        )

    def forget(self, customer: str) -> None:
        """Remove every trace of a customer; ``forgotten`` follows."""
        self._write(lambda store: store.forget(customer), partial(self._forgot, customer))

    def export(self, path: Path, query: LinkQuery) -> None:
        """Write what ``query`` finds to a CSV file; ``exported`` follows."""

        def write(store: "LinkStore") -> int:
            from meld_desktop.services.link_files import write_file

            return write_file(path, store.iterate(query))

        self._run(self._errands, write, partial(self._wrote, path))

    def import_file(self, path: Path) -> None:
        """Take the links of a CSV file in; ``imported`` follows, with what was wrong with rows that were left out."""

        self._run(self._errands, lambda store: take_in(store, path), self._read_in)

    def set_visible(self, visible: bool) -> None:
        """Look now and then whether another program changed the list, while somebody sees it."""
        if visible:
            self._look.start()
        else:
            self._look.stop()

    def close(self, seconds: float = _CLOSE_SECONDS) -> None:
        """Finish what is being written, for ``seconds`` at most. For the end of the program; idempotent."""
        for timer in (self._gather, self._look, self._retry):
            timer.stop()
        if self._unkept:
            self._keep_all()
        done = self._writes.close(seconds)
        for lane in (self._reads, self._counts, self._errands):
            done = lane.close(0.2) and done
        if done:
            self._shelf.close()

    def _write(self, call: "Callable[[LinkStore], T]", done: Callable[[T], object]) -> None:
        self._run(self._writes, call, done, keeps=True)

    def _read(self, query: LinkQuery, rows: int, seconds: float) -> None:
        for job in (self._paging, self._counting):
            if job is not None:
                job.cancel()
        call = partial(read_page, query, None, rows, seconds)
        self._paging = self._run(self._reads, call, partial(self._found, query, True), self._not_paged)

    def _count(self, query: LinkQuery) -> None:
        """Count once the page is there: both at once would make the page late."""
        at_most = MOST_COUNTED if query.text or query.customer or query.since or query.until else None
        self._counting = self._run(
            self._counts, lambda store: store.count(query, at_most), partial(self._count_found, query), _say_nothing
        )

    def _run(
        self,
        lane: StoreLane,
        call: "Callable[[LinkStore], T]",
        done: Callable[[T], object],
        trouble: Callable[[Text], object] | None = None,
        *,
        keeps: bool = False,
    ) -> Job:
        """Call on ``lane`` and bring what comes of it back. What ``keeps`` is done even if nobody waits any more."""
        job = self._worker.submit(_outcome(lane.submit(self._shelf.run, call), keeps=keeps))
        job.succeeded.connect(partial(self._settle, done, trouble or self.failed.emit))
        return job

    def _settle(
        self, done: Callable[[Any], object], trouble: Callable[[Text], object], result: "Answer[Any] | _Trouble"
    ) -> None:
        if isinstance(result, _Trouble):
            trouble(result.text)
            return
        if result.said is not None:
            self.failed.emit(result.said)
            self._changed(None)
        done(result.value)

    def _keep_all(self) -> None:
        """Keep what is not kept yet, in order."""
        waiting, self._unkept = self._unkept, []
        for each in waiting:
            record, case_of = each
            call = partial(keep, record=record, case_of=case_of)
            self._run(self._writes, call, self._added, partial(self._not_kept, each), keeps=True)

    def _not_kept(self, waiting: tuple[LinkRecord, LinkRecord | None], why: Text) -> None:
        """Try again a little later; say why once."""
        self._unkept.append(waiting)
        del self._unkept[:-_MOST_UNKEPT]
        self._retry.start()
        if why != self._why_not_kept:
            self._why_not_kept = why
            self.failed.emit(why)

    def _not_paged(self, why: Text) -> None:
        self._paging = None
        self.failed.emit(why)

    def _found(self, query: LinkQuery, is_first: bool, page: "Page") -> None:
        self._paging = None
        if query != self._query:
            return
        self._next = page.next
        self.paged.emit(Paged(query, tuple(page.records), page.next is not None, is_first, self._total))
        if is_first and query == self._query:
            self._count(query)

    def _count_found(self, query: LinkQuery, total: int) -> None:
        self._counting = None
        if query == self._query:
            self._total = total
            self.counted.emit(total)

    def _last_answered(self, customer: str, record: LinkRecord | None) -> None:
        self._last = None
        self.last_found.emit(LastUsed(customer, record))

    def _added(self, record: LinkRecord) -> None:
        self._why_not_kept = None
        self.kept.emit(record)
        self._changed((record.id,))

    def _annotated(self, record: LinkRecord | None) -> None:
        self._updated((record,) if record is not None else ())

    def _updated(self, records: Sequence[LinkRecord]) -> None:
        if records:
            self.updated.emit(tuple(records))
            self._changed([record.id for record in records])

    def _forgot(self, customer: str, count: int) -> None:
        self.forgotten.emit(Forgotten(customer, count))
        self._changed(None)

    def _wrote(self, path: Path, count: int) -> None:
        self.exported.emit(Exported(path, count))

    def _read_in(self, imported: "Imported") -> None:
        self.imported.emit(imported)
        if imported.count:
            self._changed(None)

    def _changed(self, ids: Sequence[int] | None) -> None:
        """Tell of changes a moment later, many at once."""
        if ids is None or self._ids is None:
            self._ids = None
        else:
            self._ids.update(ids)
        if not self._gather.isActive():
            self._gather.start()

    def _tell(self) -> None:
        ids, self._ids = self._ids, set()
        self.changed.emit(None if ids is None else frozenset(ids))

    def _look_at_file(self) -> None:
        if self._looking is None:
            self._looking = self._run(self._counts, self._shelf.has_changed, self._looked)
            self._looking.finished.connect(self._looked_up)

    def _looked(self, has_changed: bool) -> None:
        if has_changed:
            self._changed(None)

    def _looked_up(self) -> None:
        self._looking = None


def _say_nothing(_why: Text) -> None:
    """Leave it to the page, which has the same trouble."""


async def _outcome(future: "Future[Answer[T]]", *, keeps: bool) -> "Answer[T] | _Trouble":
    """Wait for ``future``; trouble with files comes as words, a bug is raised."""
    import asyncio

    from meld_desktop.storage.links import StoreError

    waiting = asyncio.wrap_future(future)
    try:
        return await (asyncio.shield(waiting) if keeps else waiting)
    except StoreError as error:
        return _Trouble(error.text)
    except UnicodeDecodeError:
        return _Trouble(Text(_NO_TEXT))
    except OSError as error:
        from meld_desktop.services.evidence import cause_of

        return _Trouble(cause_of(error))


_NO_TEXT = QT_TRANSLATE_NOOP("domain", "This file is not a CSV file in UTF-8. Save it as “CSV UTF-8” and try again.")
