"""What can happen to the file of the links, in plain words with the next step."""

import sqlite3
from enum import Enum, auto
from pathlib import Path

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text


class StoreProblem(Enum):
    """The cause of a StoreError."""

    LOCKED = auto()
    DAMAGED = auto()
    FULL = auto()
    READ_ONLY = auto()
    NEWER_VERSION = auto()
    FAILED = auto()
    """The disk or the database reported something else."""


class StoreError(Exception):
    """Links could not be read or kept; ``text`` says why and what to do. What was acknowledged before is still there.

    After DAMAGED the file has been set aside under ``kept_as`` and an empty one begun: the same call may be repeated.
    """

    def __init__(self, kind: StoreProblem, text: Text, kept_as: Path | None = None) -> None:
        super().__init__(str(text))
        self.kind = kind
        self.text = text
        self.kept_as = kept_as


_WORDS = {
    StoreProblem.LOCKED: QT_TRANSLATE_NOOP(
        "domain",
        "The list of links is in use by another program. Close other windows of Meld Desktop, or try again in a "
        "moment. ({file})",
    ),
    StoreProblem.FULL: QT_TRANSLATE_NOOP(
        "domain",
        "The list of links could not be written: the disk or your share of it is full. Free some space, then try "
        "again. What was kept before is safe. ({file})",
    ),
    StoreProblem.READ_ONLY: QT_TRANSLATE_NOOP(
        "domain",
        "The list of links cannot be opened for writing. Allow writing to this folder, or choose another with "
        "--data-dir. ({file})",
    ),
    StoreProblem.NEWER_VERSION: QT_TRANSLATE_NOOP(
        "domain",
        "The list of links was written by a newer Meld Desktop and is left as it is. Install the newer version, or "
        "choose another folder with --data-dir. ({file})",
    ),
    StoreProblem.FAILED: QT_TRANSLATE_NOOP(
        "domain",
        "The list of links could not be used: the disk reported an error. Try again; if it lasts, copy the file to "
        "another disk. ({file})",
    ),
}


def store_error(kind: StoreProblem, file: Path) -> StoreError:
    """Return the error of ``kind`` about ``file``; for DAMAGED see ``damaged_error``."""
    return StoreError(kind, Text(_WORDS[kind], file=file))


def damaged_error(file: Path, kept_as: Path | None) -> StoreError:
    """Return the error about a damaged ``file`` that now lies at ``kept_as``, or could not be moved."""
    if kept_as is None:
        text = QT_TRANSLATE_NOOP(
            "domain",
            "The list of links is damaged and could not be set aside. Close other windows of Meld Desktop, then try "
            "again. ({file})",
        )
        return StoreError(StoreProblem.DAMAGED, Text(text, file=file))
    text = QT_TRANSLATE_NOOP(
        "domain",
        "The list of links was damaged, so a new one was begun. The old one is kept: give {file} to your IT support to "
        "recover links from it.",
    )
    return StoreError(StoreProblem.DAMAGED, Text(text, file=kept_as), kept_as)


_PRIMARY = {
    sqlite3.SQLITE_BUSY: StoreProblem.LOCKED,
    sqlite3.SQLITE_LOCKED: StoreProblem.LOCKED,
    sqlite3.SQLITE_PROTOCOL: StoreProblem.LOCKED,
    sqlite3.SQLITE_CORRUPT: StoreProblem.DAMAGED,
    sqlite3.SQLITE_NOTADB: StoreProblem.DAMAGED,
    sqlite3.SQLITE_FULL: StoreProblem.FULL,
    sqlite3.SQLITE_READONLY: StoreProblem.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: StoreProblem.READ_ONLY,
    sqlite3.SQLITE_PERM: StoreProblem.READ_ONLY,
    sqlite3.SQLITE_AUTH: StoreProblem.READ_ONLY,
}
_WRITING = frozenset(
    {
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_SHMMAP,
        sqlite3.SQLITE_IOERR_FSYNC,
    }
)
"""What SQLite reports, beside FULL, when a quota or a limit on file sizes is met."""


def problem_of(error: sqlite3.Error) -> StoreProblem:
    """Return what ``error`` means."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    if code in _WRITING:
        return StoreProblem.FULL
    return _PRIMARY.get(code & 0xFF, StoreProblem.FAILED)
