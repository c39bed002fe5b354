"""The institutions of each environment, kept between starts in a SQLite file of their own.

Every call blocks: run it on a lane. A call opens the file, does its work in one transaction, and closes it, so that it
does not matter which thread makes it, and two programs may share a folder. A list that is being fetched is put aside
page by page and takes the old one's place as a whole, or not at all; what came of an interrupted fetch is there to go
on with.
"""

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from meld_desktop.domain.banks.documents import read_file_content
from meld_desktop.domain.banks.reading import Reader, Reading
from meld_desktop.domain.environments import Environment
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

FILE_NAME = "institutions.sqlite3"
LARGEST_IMPORT = 256 * 1024 * 1024
_APPLICATION_ID = 0x4D4C4249
_BUSY_SECONDS = 5.0
_COMPANIONS = ("", "-wal", "-shm")

_MIGRATIONS = (
    """
    CREATE TABLE list (environment TEXT PRIMARY KEY, source TEXT NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
    CREATE TABLE institution (
        environment TEXT NOT NULL, place INTEGER NOT NULL, record TEXT NOT NULL, PRIMARY KEY (environment, place)
    ) WITHOUT ROWID;
    CREATE TABLE unfinished (environment TEXT PRIMARY KEY, after TEXT NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
    CREATE TABLE unfinished_institution (
        environment TEXT NOT NULL, place INTEGER NOT NULL, record TEXT NOT NULL, PRIMARY KEY (environment, place)
    ) WITHOUT ROWID;
    """,
)
"""The n-th script leads from version n to version n + 1; a script that has been released is never changed."""
VERSION = len(_MIGRATIONS)
_AT_ONCE = 200
_TABLES = frozenset({"list", "institution", "unfinished", "unfinished_institution"})

API = "api"
"""The source of a list that Meld itself gave; that of an imported one is the name of its file."""


class CacheError(Exception):
    """The file cannot be used now: locked, no space, no permission, damaged. ``text`` says so, and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


@dataclass(frozen=True, slots=True)
class CachedList:
    """The banks of one environment, where they came from and when."""

    reading: Reading
    source: str
    at: datetime

    def age(self, now: datetime) -> float:
        """Return how many seconds old the data is at ``now``; never less than none, whatever was done to the clock."""
        return max(0.0, (now - self.at).total_seconds())


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A fetch that was interrupted: the key to go on after, how many records came, and when it was begun."""

    after: str
    fetched: int
    at: datetime


@dataclass(slots=True)
class InstitutionCache:
    """The lists in one data folder. ``environment`` is what ``name_of`` says.

    All methods raise CacheError. A damaged file, or one of a newer version, is moved aside and ``set_aside`` says where
    to; the next call begins a new one.
    """

    folder: Path
    set_aside: Path | None = field(default=None, init=False)

    @property
    def path(self) -> Path:
        """The file itself."""
        return self.folder / FILE_NAME

    def load(self, environment: str) -> CachedList | None:
        """Return what is kept for ``environment``, or None."""
        with self._open("BEGIN") as db:
            row = db.execute("SELECT source, at FROM list WHERE environment = ?", (environment,)).fetchone()
            if row is None:
                return None
            records = db.execute("SELECT record FROM institution WHERE environment = ? ORDER BY place", (environment,))
            reader = Reader()
            place = 0
            # A few at a time: whoever reads a long list in one go holds up the window's thread, too.
            while chunk := records.fetchmany(_AT_ONCE):
                for record in _decode(text for (text,) in chunk):
                    place += 1
                    reader.add(record, place)
                reader.reading.records.clear()  # they are in the file, and as large again as the banks
        return CachedList(reader.reading, row[0], _moment(row[1]))

    def replace(self, environment: str, records: Iterable[object], source: str, at: datetime | None = None) -> None:
        """Put ``records`` in the place of what is kept. Either all of them are kept afterwards, or what was before."""
        rows = _encode(records)
        with self._open() as db:
            db.execute("DELETE FROM institution WHERE environment = ?", (environment,))
            _insert(db, "institution", environment, rows, 0)
            _stamp(db, environment, source, time.time() if at is None else at.timestamp())

    def forget(self, environment: str) -> None:
        """Remove everything kept for ``environment``."""
        with self._open() as db:
            for table in _TABLES:
                db.execute(f"DELETE FROM {table} WHERE environment = ?", (environment,))  # noqa: S608 - our own names

    def unfinished(self, environment: str) -> Unfinished | None:
        """Return where an interrupted fetch stopped, or None."""
        with self._open("BEGIN") as db:
            row = db.execute("SELECT after, at FROM unfinished WHERE environment = ?", (environment,)).fetchone()
            return None if row is None else Unfinished(row[0], _count(db, environment), _moment(row[1]))

    def begin(self, environment: str) -> None:
        """Begin a fetch from the start; what came of an earlier one that was not finished is dropped."""
        with self._open() as db:
            _drop_unfinished(db, environment)
            db.execute("INSERT INTO unfinished VALUES (?, '', ?)", (environment, time.time()))

    def add_page(self, environment: str, records: Iterable[object], after: str) -> int:
        """Put one more page aside; return how many records there are now. ``after`` is where to go on."""
        rows = _encode(records)
        with self._open() as db:
            have = _count(db, environment)
            db.execute(
                "INSERT INTO unfinished VALUES (?, ?, ?)"
                " ON CONFLICT (environment) DO UPDATE SET after = excluded.after",
                (environment, after, time.time()),
            )
            _insert(db, "unfinished_institution", environment, rows, have)
            return have + len(rows)

    def finish(self, environment: str, source: str = API) -> None:
        """Let what was put aside take the place of what is kept, dated now."""
        with self._open() as db:
            db.execute("DELETE FROM institution WHERE environment = ?", (environment,))
            db.execute(
                "INSERT INTO institution SELECT * FROM unfinished_institution WHERE environment = ?", (environment,)
            )
            _drop_unfinished(db, environment)
            _stamp(db, environment, source, time.time())

    def import_file(self, environment: str, path: Path) -> Reading:
        """Put the banks in a CSV or JSON file in the place of what is kept; return them, with what was left out.

        Raises UnreadableFileError when nothing in the file can be used, and OSError when it cannot be read; then what
        was kept stays.
        """
        reading = read_bank_file(path)
        self.replace(environment, reading.records, path.name)
        return reading

    @contextmanager
    def _open(self, begin: str = "BEGIN IMMEDIATE") -> Iterator[sqlite3.Connection]:
        """Open the file and one transaction, which the end of the block makes good and an error undoes."""
        try:
            db = self._usable()
            try:
                db.execute(begin)
                yield db
                db.execute("COMMIT")
            finally:
                db.close()
        except (OSError, sqlite3.OperationalError) as error:
            said = QT_TRANSLATE_NOOP("domain", "The kept list of banks cannot be used now ({reason}). Try again later.")
            raise CacheError(Text(said, reason=getattr(error, "strerror", None) or str(error))) from None
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            self._move_aside()
            said = QT_TRANSLATE_NOOP("domain", "The kept list of banks was damaged. Fetch or import it again.")
            raise CacheError(Text(said)) from None

    def _usable(self) -> sqlite3.Connection:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            return _connect(self.path)
        except _ForeignFileError:
            self._move_aside()
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
            self._move_aside()
        return _connect(self.path)

    def _move_aside(self) -> None:
        kept = self.path.with_suffix(".damaged.sqlite3")
        for companion in _COMPANIONS:
            with contextlib.suppress(FileNotFoundError):
                Path(f"{self.path}{companion}").replace(f"{kept}{companion}")
        self.set_aside = kept


def name_of(environment: Environment) -> str:
    """Return the name under which an environment's banks are kept: where they came from tells environments apart."""
    return environment.base_url if environment.id == "custom" else environment.id


class _ForeignFileError(Exception):
    """The file is another program's, or a newer version's."""


def read_bank_file(path: Path) -> Reading:
    """Return the banks in a CSV or JSON file. Raises UnreadableFileError and OSError."""
    with path.open("rb") as file:
        content = file.read(LARGEST_IMPORT + 1)
    if len(content) > LARGEST_IMPORT:
        raise OSError(27, "the file is too large")
    return read_file_content(content)


def _connect(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        _migrate(db)
    except BaseException:
        db.close()
        raise
    return db


def _migrate(db: sqlite3.Connection) -> None:
    """Bring the file to today's version. Raises _ForeignFileError when it is no file of ours."""
    if _version(db) == VERSION and _tables(db) >= _TABLES:
        return
    db.execute("BEGIN EXCLUSIVE")  # another program may have done it meanwhile
    version = _version(db)
    if version > VERSION or (version == 0 and _tables(db)) or (version == VERSION and not _tables(db) >= _TABLES):
        db.execute("ROLLBACK")
        raise _ForeignFileError
    for script in _MIGRATIONS[version:]:
        for statement in script.split(";"):
            db.execute(statement)
    db.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute("COMMIT")


def _version(db: sqlite3.Connection) -> int:
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version


def _tables(db: sqlite3.Connection) -> set[str]:
    return {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    """Say whether the file is damaged or no database at all; the module has classes of their own for all else."""
    return type(error) is sqlite3.DatabaseError


def _encode(records: Iterable[object]) -> list[str]:
    """Return each record as JSON, in ASCII: halves of characters survive that as well."""
    return [json.dumps(record, separators=(",", ":")) for record in records]


def _decode(rows: Iterable[str]) -> list[object]:
    try:
        content: list[object] = json.loads(f"[{','.join(rows)}]")
    except (ValueError, TypeError, RecursionError):  # the pages can be read, and hold nonsense
        raise sqlite3.DatabaseError from None
    return content


def _insert(db: sqlite3.Connection, table: str, environment: str, rows: list[str], start: int) -> None:
    db.executemany(
        f"INSERT INTO {table} VALUES (?, ?, ?)",  # noqa: S608 - our own names
        ((environment, place, row) for place, row in enumerate(rows, start)),
    )


def _stamp(db: sqlite3.Connection, environment: str, source: str, at: float) -> None:
    db.execute("INSERT OR REPLACE INTO list VALUES (?, ?, ?)", (environment, source, at))


def _drop_unfinished(db: sqlite3.Connection, environment: str) -> None:
    db.execute("DELETE FROM unfinished WHERE environment = ?", (environment,))
    db.execute("DELETE FROM unfinished_institution WHERE environment = ?", (environment,))


def _count(db: sqlite3.Connection, environment: str) -> int:
    asked = db.execute("SELECT COUNT(*) FROM unfinished_institution WHERE environment = ?", (environment,))
    count: int = asked.fetchone()[0]
    return count


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
