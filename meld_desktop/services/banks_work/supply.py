"""Where banks come from: the kept list of an environment, Meld, a file, or Demo. Used on the worker's loop only."""

import threading
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from meld_desktop.domain.banks.bank import Bank
from meld_desktop.domain.banks.documents import UnreadableFileError
from meld_desktop.domain.banks.reading import Reader, Reading
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.keys import DEMO_KEY
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.services.banks_work.directory import BankDirectory, keep_out_of_collections, no_collection
from meld_desktop.services.banks_work.latest import off_thread
from meld_desktop.services.banks_work.values import Source
from meld_desktop.services.demo import Demo
from meld_desktop.services.keys import Keys
from meld_desktop.storage.institutions import API, CacheError, InstitutionCache, Unfinished, name_of, read_bank_file

if TYPE_CHECKING:
    from meld_desktop.api.client import MeldClient
    from meld_desktop.api.institutions import InstitutionPage

T = TypeVar("T")

GO_ON_WITHIN = timedelta(hours=1)
"""An interrupted fetch older than this is begun anew: the list may have moved on."""


class SupplyError(Exception):
    """There are no new banks; ``text`` says why and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


@dataclass(frozen=True, slots=True)
class Supplied:
    """Banks, where they come from and when; ``note`` is what the person should know about them."""

    directory: BankDirectory | None = None
    source: Source = Source.NONE
    at: datetime | None = None
    file: str = ""
    note: Text | None = None
    stopped_at: int | None = None
    """How many banks an interrupted fetch had that can be gone on with; None when that is as it was."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a fetch is; ``directory`` is what can be used meanwhile, when it has grown. ``waiting`` is in seconds."""

    fetched: int
    total: int | None
    directory: BankDirectory | None = None
    waiting: int = 0


@dataclass(eq=False, slots=True)
class _Run:
    """One fetch, from its begin or from where an earlier one stopped. ``reader`` is None when it lacks that one's."""

    name: str
    reader: Reader | None
    after: str = ""
    fetched: int = 0


class Supply:
    """Gets banks. ``tell`` is called with each Progress, on the worker's loop."""

    def __init__(
        self, keys: Keys, demo: Demo, folder: Path, language: str, sleep: Callable[[float], Awaitable[None]] | None
    ) -> None:
        self._keys = keys
        self._demo = demo
        self._folder = folder
        self._language = language
        self._sleep = sleep
        self._cache: InstitutionCache | None = None
        self._run: _Run | None = None
        self._turn = threading.Lock()

    async def load(self, environment: Environment) -> Supplied:
        """Return what is kept for ``environment``. Raises SupplyError."""
        return await off_thread(partial(_guarded, partial(self._load, environment)))

    async def read_demo(self) -> Supplied:
        """Return Demo's own banks. Raises MeldError."""
        from meld_desktop.api.client import MeldClient
        from meld_desktop.api.institutions import list_institutions

        client = MeldClient(await self._demo.base_url(), DEMO_KEY)
        reader = Reader()
        async for page in list_institutions(client):
            for number, record in enumerate(page.records, page.fetched - len(page.records) + 1):
                reader.add(record, number)
        directory = await off_thread(partial(self._directory, reader.reading.banks))
        return Supplied(directory, Source.DEMO, self._demo.now())

    async def import_file(self, environment: Environment, path: Path) -> Supplied:
        """Return the banks in a file, which are kept from now on. Raises SupplyError; then what was kept stays."""
        reading = await off_thread(partial(_guarded, partial(_read_file, path)))
        return await off_thread(partial(_guarded, partial(self._keep, environment, reading, path.name)))

    async def fetch(
        self, environment: Environment, *, go_on: bool, show_parts: bool, tell: Callable[[Progress], None]
    ) -> Supplied:
        """Return Meld's list, which is kept from now on. Raises MeldError and SupplyError.

        What came before a failure or a cancel is put aside, to ``go_on`` with. With ``show_parts`` what there is so
        far is told as well, the first page at once and then whenever it has doubled.
        """
        from meld_desktop.api.client import MeldClient

        client = MeldClient(environment.base_url, await self._keys.key_for(environment))
        name = name_of(environment)
        run = await off_thread(partial(_guarded, partial(self._begin, name, go_on)))
        try:
            await self._pages(client, run, tell, show_parts=show_parts)
        except MeldError as error:
            if not go_on or error.kind is not Kind.BAD_REQUEST:
                raise
            # Meld no longer knows the place where the fetch had stopped
            run = await off_thread(partial(_guarded, partial(self._begin, name, False)))
            await self._pages(client, run, tell, show_parts=show_parts)
        return await off_thread(partial(_guarded, partial(self._finish, environment, run)))

    async def _pages(
        self, client: "MeldClient", run: _Run, tell: Callable[[Progress], None], *, show_parts: bool
    ) -> None:
        import asyncio

        from meld_desktop.api.institutions import list_institutions

        told = Progress(run.fetched, None)
        tell(told)
        grown = 0

        def wait(seconds: int) -> None:
            tell(Progress(told.fetched, told.total, waiting=seconds))

        listing = list_institutions(
            client, after=run.after, fetched=run.fetched, on_wait=wait, sleep=self._sleep or asyncio.sleep
        )
        async for page in listing:
            builds = show_parts and page.fetched >= 2 * grown and not page.is_last
            directory = await off_thread(partial(_guarded, partial(self._take, run, page, builds)))
            grown = page.fetched if directory is not None else grown
            total = None if page.remaining is None else page.fetched + page.remaining
            told = Progress(page.fetched, total, directory)
            tell(told)

    # --- on threads

    def _begin(self, name: str, go_on: bool) -> _Run:
        """Return a fetch that goes on where one stopped, or begins at the start."""
        with self._turn:  # a page of a fetch that was cancelled may just be put aside
            left = self._resumable(name) if go_on else None
            old = self._run
            if left is None:
                self._store().begin(name)
                run = _Run(name, Reader())
            elif old is not None and (old.name, old.after, old.fetched) == (name, left.after, left.fetched):
                run = _Run(name, old.reader, left.after, left.fetched)
            else:
                run = _Run(name, None, left.after, left.fetched)
            self._run = run
            return run

    def _take(self, run: _Run, page: "InstitutionPage", builds: bool) -> BankDirectory | None:
        """Put a page aside, and return all banks so far when they are wanted."""
        with self._turn, no_collection():
            if run is not self._run:
                return None
            run.fetched = self._store().add_page(run.name, page.records, page.after)
            run.after = page.after
            if run.reader is None:
                return None
            for number, record in enumerate(page.records, page.fetched - len(page.records) + 1):
                run.reader.add(record, number)
            run.reader.reading.records.clear()
            banks = tuple(run.reader.reading.banks) if builds else None
        return None if banks is None else self._directory(banks)

    def _finish(self, environment: Environment, run: _Run) -> Supplied:
        with self._turn:
            self._store().finish(run.name)
            self._run = None
        if run.reader is None:
            return self._load(environment)
        reading = run.reader.reading
        return Supplied(self._directory(reading.banks), Source.MELD, datetime.now(UTC), "", _left_out(reading), 0)

    def _load(self, environment: Environment) -> Supplied:
        name = name_of(environment)
        with no_collection():
            kept = self._store().load(name)
            left = self._resumable(name)
            stopped_at = left.fetched if left else 0
            if kept is None:
                return Supplied(stopped_at=stopped_at)
            directory = self._directory(kept.reading.banks)
        is_import = kept.source != API
        source = Source.IMPORT if is_import else Source.MELD
        return Supplied(directory, source, kept.at, kept.source if is_import else "", stopped_at=stopped_at)

    def _keep(self, environment: Environment, reading: Reading, name: str) -> Supplied:
        at = datetime.now(UTC)
        self._store().replace(name_of(environment), reading.records, name, at)
        reading.records.clear()
        return Supplied(self._directory(reading.banks), Source.IMPORT, at, name, _left_out(reading))

    def _resumable(self, name: str) -> Unfinished | None:
        left = self._store().unfinished(name)
        if left is None or not left.after or datetime.now(UTC) - left.at > GO_ON_WITHIN:
            return None
        return left

    def _directory(self, banks: Iterable[Bank]) -> BankDirectory:
        with no_collection():
            directory = BankDirectory(banks, self._language)
            keep_out_of_collections(directory)
            return directory

    def _store(self) -> InstitutionCache:
        if self._cache is None:
            self._cache = InstitutionCache(self._folder)
        return self._cache


def _guarded(work: Callable[[], T]) -> T:
    """Do ``work`` with the kept lists. Raises SupplyError when they cannot be used."""
    try:
        return work()
    except CacheError as error:
        raise SupplyError(error.text) from None


def _read_file(path: Path) -> Reading:
    try:
        with no_collection():
            return read_bank_file(path)
    except UnreadableFileError as error:
        raise SupplyError(error.text) from None
    except OSError as error:
        said = QT_TRANSLATE_NOOP("domain", "{file} cannot be read: {reason}. Choose another file.")
        raise SupplyError(Text(said, file=path.name, reason=error.strerror or str(error))) from None


def _left_out(reading: Reading) -> Text | None:
    """Return what was left out of a list, the most frequent reason first."""
    counted = reading.counted()
    if not counted:
        return None
    reason, count = counted[0]
    said = QT_TRANSLATE_NOOP("domain", "Not everything could be used. Left out most often ({count}): {reason}.")
    return Text(said, count=count, reason=reason)
