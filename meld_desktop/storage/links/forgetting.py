"""Removing links for good: from the table, the full-text index, the log and every file that was put beside them."""

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from meld_desktop.domain.links.query import folded
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.storage.links.database import FILE_NAME, UNFINISHED, Database, connect
from meld_desktop.storage.links.errors import StoreError, StoreProblem, store_error

_CHUNK = 500
_MERGE_PAGES = 200
_SHORTEST = 4
"""A shorter id cannot be blotted out of a damaged file: its bytes are everywhere."""

_BLOCK = 1 << 20


_SWEEP = "sweep is due"
"""The number that says: links were forgotten, and what deleting left of them is still in the file."""


def remove(database: Database, condition: str, values: Iterable[object], most: int = -1, *, sweep: bool = False) -> int:
    """Delete the links that meet ``condition``, oldest first, a few at a time so that others may write in between."""
    removed = 0
    while most < 0 or removed < most:
        size = _CHUNK if most < 0 else min(_CHUNK, most - removed)
        with database.writing() as connection:
            found = connection.execute(
                f"SELECT place FROM links WHERE {condition} ORDER BY place LIMIT ?",  # noqa: S608 - written by us
                [*values, size],
            )
            places = [(row["place"],) for row in found]
            connection.executemany("DELETE FROM links WHERE place = ?", places)
            if sweep and places:
                connection.execute("INSERT OR REPLACE INTO numbers VALUES (?, 1)", (_SWEEP,))
        removed += len(places)
        if len(places) < size:
            break
    return removed


def drop_backups(database: Database, border: datetime) -> None:
    """Remove the backups from before ``border``: what they hold is past its time."""
    with database.holding_folder():
        for path in database.folder.glob("links.backup-*.sqlite3"):
            if path.stat().st_mtime < border.timestamp():
                path.unlink()


def forget(database: Database, customer: str, patience: float) -> int:
    """Remove every trace of ``customer``. Raises StoreError when something is left, after all else is gone."""
    removed = remove(database, "customer = ? COLLATE NOCASE AND customer = ?", [customer, customer], sweep=True)
    empty_log(database)
    with database.holding_folder():
        left = [path for path in _beside(database.folder) if not _forget_beside(path, customer, patience)]
        is_due = _is_in(database.path, customer)
    with database.reading() as connection:
        is_due = is_due or bool(connection.execute("SELECT 1 FROM numbers WHERE name = ?", (_SWEEP,)).fetchall())
    if is_due:
        _sweep(database)
    if left:
        text = QT_TRANSLATE_NOOP(
            "domain", "The links are gone, but {files} could not be searched. Delete these files yourself: {folder}"
        )
        names = ", ".join(path.name for path in left)
        raise StoreError(StoreProblem.DAMAGED, Text(text, files=names, folder=database.folder))
    return removed


def _sweep(database: Database) -> None:
    """Rewrite the file without what deleting left in it.

    SQLite overwrites what it deletes, but not the copies it left behind when it moved rows between pages; and the
    full-text index only notes that words are gone until its parts are merged.
    """
    merge(database)
    with database.bare() as connection:
        connection.execute("VACUUM")
    with database.writing() as connection:
        connection.execute("DELETE FROM numbers WHERE name = ?", (_SWEEP,))
    empty_log(database)


def merge(database: Database) -> None:
    """Rewrite the full-text index without what was deleted, a little at a time."""
    pages = -_MERGE_PAGES  # a negative number marks everything there is now for merging (FTS5's own convention)
    while True:
        with database.writing() as connection:
            before = connection.total_changes
            connection.execute("INSERT INTO links_fts (links_fts, rank) VALUES ('merge', ?)", (pages,))
            changes = connection.total_changes - before
        if pages > 0 and changes < 2:
            return
        pages = _MERGE_PAGES


def empty_log(database: Database) -> None:
    """Bring the log into the database and cut it to nothing. Raises StoreError when another program is reading."""
    with database.bare() as connection:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise store_error(StoreProblem.LOCKED, database.path)


def _beside(folder: Path) -> Iterator[Path]:
    """Yield backups, files that were set aside, and unfinished ones; not the files of the living database."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith(FILE_NAME) and not path.name.endswith(".lock"):
            yield path


def _forget_beside(path: Path, customer: str, patience: float) -> bool:
    """Remove ``customer`` from a file beside the database; say whether nothing is left."""
    if path.name.endswith(UNFINISHED):
        path.unlink()
        return True
    if not path.name.endswith(("-wal", "-shm", "-journal")) and _forget_in_copy(path, customer, patience):
        return True
    return blot_out(path, customer)


def _forget_in_copy(path: Path, customer: str, patience: float) -> bool:
    """Remove ``customer`` from a sound database of any version; say whether that was possible."""
    if "damaged" in path.name:
        return False  # whatever SQLite would make of it, it is evidence
    try:
        with contextlib.closing(connect(path, patience)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM links WHERE customer = ?", (customer,))
            connection.execute("INSERT INTO links_fts (links_fts) VALUES ('optimize')")
            connection.execute("COMMIT")
            connection.execute("VACUUM")
    except sqlite3.Error:
        return False
    return True


def blot_out(path: Path, customer: str) -> bool:
    """Overwrite every spelling of ``customer`` in the bytes of ``path``; False when it is too short for that."""
    spellings = _spellings(customer)
    if min(map(len, spellings), default=0) < _SHORTEST:
        return False
    with path.open("r+b") as file:
        for start, area in _areas(file, max(map(len, spellings), default=0)):
            clean = area
            for spelling in spellings:
                clean = clean.replace(spelling, b"x" * len(spelling))
            if clean != area:
                file.seek(start)
                file.write(clean)
    return True


def _is_in(path: Path, customer: str) -> bool:
    spellings = _spellings(customer)
    with path.open("rb") as file:
        areas = _areas(file, max(map(len, spellings), default=0))
        return any(spelling in area for _, area in areas for spelling in spellings)


def _spellings(customer: str) -> set[bytes]:
    escaped = json.dumps(customer, ensure_ascii=False)[1:-1]
    return {text.encode() for text in (customer, folded(customer), escaped) if text}


def _areas(file: BinaryIO, overlap: int) -> Iterator[tuple[int, bytes]]:
    """Yield where each part of ``file`` begins, and the part. They overlap, so that one of them has it whole."""
    start = 0
    while True:
        file.seek(start)
        area = file.read(_BLOCK + overlap)
        yield start, area
        if len(area) < _BLOCK + overlap:
            return
        start += _BLOCK
