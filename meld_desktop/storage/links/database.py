"""The file of the links: opened, brought to the newest version, shared with other instances, set aside when damaged."""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from meld_desktop.storage.links import migrations
from meld_desktop.storage.links.errors import StoreError, StoreProblem, damaged_error, problem_of, store_error
from meld_desktop.storage.links.lock import locked

FOLDER = "links"
FILE_NAME = "links.sqlite3"
_LOCK = "links.lock"
UNFINISHED = ".unfinished"
_BESIDE = ("-wal", "-shm", "-journal")
"""The files SQLite keeps beside the database. The log comes first when they are moved: see ``_set_aside``."""

_CACHE_KIB = 32 * 1024
_LARGEST_LOG = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Opened:
    connection: sqlite3.Connection
    file: tuple[int, int]


class Database:
    """The database in ``folder``. Safe from any thread: each has its own connection. Every method may block.

    ``patience`` is how many seconds it waits for another program. Whatever goes wrong is a StoreError.
    """

    def __init__(self, folder: Path, patience: float = 5.0) -> None:
        self.folder = folder
        self.path = folder / FILE_NAME
        self._patience = patience
        self._opened: dict[threading.Thread, _Opened] = {}
        self._guard = threading.Lock()

    def open(self) -> None:
        """Make or open the file and bring its tables to the newest version, with a backup before."""
        with self._told():
            self._connection()

    def close(self) -> None:
        """Close every thread's connection. The next call opens them again."""
        with self._guard:
            opened, self._opened = self._opened, {}
        for each in opened.values():
            each.connection.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that sees one state of the file throughout."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection to write with: all that is done is kept when the block ends, or nothing of it."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextlib.contextmanager
    def bare(self) -> Iterator[sqlite3.Connection]:
        """Give a connection without a transaction, for what SQLite does outside of one."""
        with self._told():
            yield self._connection()

    @contextlib.contextmanager
    def holding_folder(self) -> Iterator[None]:
        """Keep other instances from opening, migrating and setting aside meanwhile."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with locked(self.folder / _LOCK, self._patience):
                yield
        except TimeoutError:
            raise store_error(StoreProblem.LOCKED, self.path) from None
        except OSError as error:
            raise store_error(problem_of_disk(error), self.path) from error

    @contextlib.contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._told():
            connection = self._connection()
            try:
                connection.execute(begin)
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what SQLite raises into a StoreError; set a damaged file aside and begin a new one."""
        try:
            yield
        except sqlite3.Error as error:
            problem = problem_of(error)
            if problem is not StoreProblem.DAMAGED:
                raise store_error(problem, self.path) from error
            raise self._replace_damaged() from error

    def _connection(self) -> sqlite3.Connection:
        """Return this thread's connection; a new one when there is none, or when another file took the place of its."""
        thread = threading.current_thread()
        opened = self._opened.get(thread)
        if opened is not None and opened.file == _identity(self.path):
            return opened.connection
        self._drop(thread)
        with self.holding_folder():
            connection = self._prepared()
            with self._guard:
                for gone in [other for other in self._opened if not other.is_alive()]:
                    self._opened.pop(gone).connection.close()
                self._opened[thread] = _Opened(connection, _identity(self.path))
        return connection

    def _drop(self, thread: threading.Thread) -> None:
        with self._guard:
            opened = self._opened.pop(thread, None)
        if opened is not None:
            opened.connection.close()

    def _prepared(self) -> sqlite3.Connection:
        if not self.path.exists():
            # Whatever lies beside belonged to a file that is gone: SQLite would play its log into the new one.
            self._move_beside("links.orphaned")
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = connect(self.path, self._patience)
        try:
            self._bring_up(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _bring_up(self, connection: sqlite3.Connection) -> None:
        # A read-only file could be read; but that must be known now, not when the first link is to be kept.
        if not os.access(self.path, os.W_OK):
            raise store_error(StoreProblem.READ_ONLY, self.path)
        if not migrations.is_ours(connection):
            raise _not_ours()
        version = migrations.version_of(connection)
        if version > migrations.VERSION:
            raise store_error(StoreProblem.NEWER_VERSION, self.path)
        connection.execute("PRAGMA journal_mode = WAL")
        # A killed process loses nothing with NORMAL; only a power cut may take the last moments, and never the file.
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.execute(f"PRAGMA journal_size_limit = {_LARGEST_LOG}")
        if version < migrations.VERSION:
            if version:
                self._back_up(connection, version)
            migrations.migrate(connection)
        for table in ("links", "totals", "links_fts", "numbers"):
            connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # noqa: S608 - only names from above

    def _back_up(self, connection: sqlite3.Connection, version: int) -> None:
        """Write all of the database to a file of its own; a crash leaves an unfinished one under another name."""
        for left in self.folder.glob(f"*{UNFINISHED}"):
            left.unlink()
        path = free_name(self.folder, f"links.backup-v{version}-{_stamp()}")
        unfinished = path.with_suffix(UNFINISHED)
        try:
            os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT, 0o600))
            connection.execute("VACUUM INTO ?", (str(unfinished),))
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise

    def _replace_damaged(self) -> StoreError:
        """Set the damaged file aside and begin a new one, unless another instance has done so. Return what to say."""
        thread = threading.current_thread()
        opened = self._opened.get(thread)
        before = opened.file if opened is not None else None
        self.close()
        kept_as: Path | None = None
        try:
            with self.holding_folder():
                if before in {None, _identity(self.path)} and self._is_damaged(sure=before is not None):
                    kept_as = self._set_aside()
                self._prepared().close()
        except (StoreError, sqlite3.Error):
            if kept_as is None:
                return damaged_error(self.path, None)
        if kept_as is None:
            kept_as = max(self.folder.glob("links.damaged-*.sqlite3"), default=None)
        return damaged_error(self.path, kept_as)

    def _is_damaged(self, *, sure: bool) -> bool:
        """Say whether the file is; another instance may have put a sound one in its place before we held the folder."""
        if sure:
            return True
        try:
            self._prepared().close()
        except sqlite3.Error as error:
            return problem_of(error) is StoreProblem.DAMAGED
        return False

    def _set_aside(self) -> Path:
        """Move the database and what belongs to it. The log goes first: left behind, it would be played into a new."""
        path = free_name(self.folder, f"links.damaged-{_stamp()}")
        self._move_beside(path.stem)
        self.path.replace(path)
        return path

    def _move_beside(self, stem: str) -> None:
        for ending in _BESIDE:
            beside = self.folder / f"{FILE_NAME}{ending}"
            if beside.exists():
                beside.replace(free_name(self.folder, stem, f".sqlite3{ending}"))


def connect(path: Path, patience: float) -> sqlite3.Connection:
    """Open ``path``, which exists, so that what is deleted is overwritten. Raises sqlite3.Error."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", timeout=patience, isolation_level=None, check_same_thread=False, uri=True
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA secure_delete = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def problem_of_disk(error: OSError) -> StoreProblem:
    """Return what an error of the operating system means."""
    import errno

    if error.errno in {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}:
        return StoreProblem.FULL
    if isinstance(error, PermissionError | NotADirectoryError | FileExistsError) or error.errno == errno.EROFS:
        return StoreProblem.READ_ONLY
    return StoreProblem.FAILED


def free_name(folder: Path, stem: str, ending: str = ".sqlite3") -> Path:
    """Return a path in ``folder`` at which nothing lies."""
    path, number = folder / f"{stem}{ending}", 2
    while path.exists():
        path, number = folder / f"{stem}-{number}{ending}", number + 1
    return path


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")


def _identity(path: Path) -> tuple[int, int]:
    """Return what tells a file from another in its place."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


def _not_ours() -> sqlite3.Error:
    error = sqlite3.DatabaseError("not a file of links")
    error.sqlite_errorcode = sqlite3.SQLITE_NOTADB
    return error
