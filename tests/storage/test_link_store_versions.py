"""An older file becomes a newer one with a copy kept; a newer one is left alone."""

import errno
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from meld_desktop.domain.links.query import LinkQuery
from meld_desktop.storage.links import LinkStore, StoreError, StoreProblem, migrations
from meld_desktop.storage.links.database import Database
from tests.storage.links import FULL, assert_sound, link, rows

OLD = Path(__file__).parent / "data" / "links-version-1.sql"


def write_old(folder: Path) -> Path:
    """Write the file that version 1 left behind."""
    file = folder / "links" / "links.sqlite3"
    file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(OLD.read_text("utf-8"))
    return file


def dump(file: Path) -> list[tuple[object, ...]]:
    """Return what tells one state of a file from another."""
    with closing(sqlite3.connect(file)) as connection:
        tables = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()
        links = connection.execute("SELECT * FROM links ORDER BY place").fetchall()
        version = connection.execute("PRAGMA user_version").fetchall()
    return [*tables, *links, *version]


def backups(folder: Path) -> list[Path]:
    return sorted((folder / "links").glob("*backup*"))


def test_from_version_1(tmp_path: Path, store: LinkStore) -> None:
    file = write_old(tmp_path)
    before = dump(file)
    store.open()
    assert rows(file, "PRAGMA user_version") == [(2,)]
    kept = list(store.iterate(LinkQuery(descending=False)))
    assert [record.customer for record in kept] == ["customer-7", "cust 'x'", "cust “47”"]
    assert [(record.kind, record.case_id) for record in kept] == [("link", 0)] * 3
    assert (kept[2].note, kept[2].request, kept[2].status_at) == (FULL.note, FULL.request, FULL.status_at)
    assert (kept[0].expires_at, kept[1].expires_at) == (FULL.expires_at, None)
    assert store.count(LinkQuery(statuses=("EXPIRED",))) == 1
    assert store.add(link("new", minutes=9, case_id=3, kind="repair")).id == 4
    assert [record.customer for record in store.iterate(LinkQuery(text="cust", sort="customer"))] == [
        "customer-7", "cust “47”", "cust 'x'",
    ]  # fmt: skip
    assert_sound(file)
    (backup,) = backups(tmp_path)
    assert backup.name.startswith("links.backup-v1-")
    assert dump(backup) == before
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert_sound_backup(backup)


def assert_sound_backup(backup: Path) -> None:
    assert rows(backup, "PRAGMA integrity_check") == [("ok",)]
    assert rows(backup, "SELECT count(*) FROM links_fts WHERE links_fts MATCH '\"chase\"'") == [(1,)]


def test_old_and_new_files_are_the_same_in_the_end(tmp_path: Path, store: LinkStore) -> None:
    def schema(file: Path) -> list[tuple[object, ...]]:
        return rows(file, "SELECT type, name, sql FROM sqlite_master ORDER BY type, name")

    file = write_old(tmp_path / "old")
    old = LinkStore(tmp_path / "old")
    old.open()
    old.close()
    store.open()
    assert schema(file) == schema(store.path)


def test_it_happens_once(tmp_path: Path, store: LinkStore) -> None:
    write_old(tmp_path)
    store.open()
    store.close()
    store.open()
    assert len(backups(tmp_path)) == 1


def test_a_new_file_has_no_backup(tmp_path: Path, store: LinkStore) -> None:
    store.open()
    assert backups(tmp_path) == []


@pytest.mark.parametrize("fails_at", range(1, len(migrations.statements(migrations.VERSION_2)) + 1))
def test_all_or_nothing(tmp_path: Path, store: LinkStore, monkeypatch: pytest.MonkeyPatch, fails_at: int) -> None:
    file = write_old(tmp_path)
    before = dump(file)
    good = migrations.statements(migrations.VERSION_2)
    broken = "\n".join([*good[:fails_at], "INSERT INTO nowhere VALUES (1);", *good[fails_at:]])
    monkeypatch.setattr(migrations, "MIGRATIONS", (migrations.VERSION_1, broken))
    with pytest.raises(StoreError) as caught:
        store.open()
    assert caught.value.kind is StoreProblem.FAILED
    assert dump(file) == before
    monkeypatch.undo()
    store.open()
    assert store.count(LinkQuery()) == 3


def test_without_a_backup_nothing_is_changed(tmp_path: Path, store: LinkStore, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write_old(tmp_path)
    before = dump(file)

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError) as caught:
        store.open()
    assert caught.value.kind is StoreProblem.FULL
    assert dump(file) == before
    assert backups(tmp_path) == []
    monkeypatch.undo()
    store.open()
    assert len(backups(tmp_path)) == 1


def test_what_a_killed_backup_left_is_removed(tmp_path: Path, store: LinkStore) -> None:
    left = write_old(tmp_path).with_name("links.backup-v1-20260101T000000Z.unfinished")
    left.write_bytes(b"half")
    store.open()
    assert not left.exists()
    assert len(backups(tmp_path)) == 1


@pytest.mark.parametrize("version", [migrations.VERSION + 1, 99])
def test_a_newer_version_is_left_alone(tmp_path: Path, store: LinkStore, version: int) -> None:
    store.add(link())
    store.close()
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    before = store.path.read_bytes()
    with pytest.raises(StoreError) as caught:
        store.add(link("another"))
    assert caught.value.kind is StoreProblem.NEWER_VERSION
    assert "newer" in str(caught.value.text)
    assert "Install" in str(caught.value.text)
    assert store.path.read_bytes() == before
    assert {path.name for path in (tmp_path / "links").iterdir()} <= {"links.sqlite3", "links.lock"}


def test_every_version_has_been_published_with_its_number(tmp_path: Path) -> None:
    database = Database(tmp_path)
    with database.bare() as connection:
        assert migrations.version_of(connection) == migrations.VERSION == 2
    database.close()
    assert rows(database.path, "PRAGMA application_id") == [(migrations.APPLICATION_ID,)]
