"""A damaged file is set aside, never deleted, and the work goes on with a new one."""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from meld_desktop.domain.links.query import LinkQuery
from meld_desktop.storage.links import LinkStore, StoreError, StoreProblem
from tests.storage.links import assert_sound, bytes_of, link, many, rows

on_unix = pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be written or moved")


def failure(store: LinkStore) -> StoreError:
    with pytest.raises(StoreError) as caught:
        store.add(link("one too many"))
    return caught.value


def damage(file: Path, how: str) -> None:
    content = bytearray(file.read_bytes())
    if how == "no database":
        content[:] = b"This is a letter to my aunt. " * 1000
    elif how == "zeros":
        content[:] = bytes(len(content))
    elif how == "head":
        content[:100] = os.urandom(100)
    elif how == "cut":
        del content[len(content) // 3 :]
    elif how == "pages":
        for start in range(4096, len(content), 4096):
            content[start : start + 600] = os.urandom(600)
    file.write_bytes(content)


@pytest.mark.parametrize("how", ["no database", "zeros", "head", "cut", "pages"])
def test_a_damaged_file_is_set_aside(store: LinkStore, how: str) -> None:
    store.add_many(many(200))
    store.close()
    damage(store.path, how)
    content = store.path.read_bytes()
    error = failure(store)
    assert error.kind is StoreProblem.DAMAGED
    assert error.kept_as is not None
    assert error.kept_as.name.startswith("links.damaged-")
    assert str(error.kept_as) in str(error.text)
    assert error.kept_as.read_bytes() == content
    assert store.add(link()).id == 1  # the same call may be repeated
    assert store.count(LinkQuery()) == 1
    assert_sound(store.path)


def test_another_database_is_set_aside(store: LinkStore) -> None:
    store.path.parent.mkdir()
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("CREATE TABLE links (recipe)")
    error = failure(store)
    assert error.kind is StoreProblem.DAMAGED
    assert error.kept_as is not None
    assert rows(error.kept_as, "SELECT sql FROM sqlite_master") == [("CREATE TABLE links (recipe)",)]


@on_unix
def test_damaged_while_open(store: LinkStore, tmp_path: Path) -> None:
    store.add_many(many(2000))
    store.close()
    store.open()
    damage(store.path, "pages")
    content = store.path.read_bytes()
    with pytest.raises(StoreError) as caught:
        list(store.iterate(LinkQuery()))
    assert caught.value.kind is StoreProblem.DAMAGED
    assert caught.value.kept_as is not None
    assert caught.value.kept_as.read_bytes() == content
    assert list(store.iterate(LinkQuery())) == []
    assert store.add(link()).id == 1


def test_damaged_twice(store: LinkStore) -> None:
    kept = set()
    for _ in range(3):
        store.add_many(many(200))
        store.close()
        damage(store.path, "no database")
        kept.add(failure(store).kept_as)
    assert len(kept) == 3
    assert None not in kept


def test_a_log_without_its_file_is_not_played_into_the_next(store: LinkStore) -> None:
    store.add(link("old"))
    log = store.path.with_name("links.sqlite3-wal")
    content = log.read_bytes()
    store.close()
    store.path.unlink()
    log.write_bytes(content)
    assert store.add(link("new")).id == 1
    assert [record.customer for record in store.iterate(LinkQuery())] == ["new"]
    assert content in bytes_of(store.path.parent).values()
    assert_sound(store.path)


@on_unix
def test_two_instances_and_one_damage(store: LinkStore, tmp_path: Path) -> None:
    other = LinkStore(tmp_path, patience=0.3)
    store.add_many(many(2000))
    assert other.count(LinkQuery()) == 2000
    with store._database.bare() as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    damage(store.path, "pages")
    store.close()  # else it would go on with what it remembers
    with pytest.raises(StoreError) as caught:
        list(store.iterate(LinkQuery()))
    assert caught.value.kind is StoreProblem.DAMAGED
    assert store.add(link("ours")).id == 1
    # The other still had the old file open: it must neither write into that nor set the new one aside.
    assert other.add(link("theirs", minutes=1)).id == 2
    assert store.count(LinkQuery()) == 2
    assert len(list(tmp_path.glob("links/links.damaged-*.sqlite3"))) == 1
    other.close()
    assert_sound(store.path)


def test_a_file_that_was_removed_while_open(store: LinkStore) -> None:
    store.add(link())
    store.close()
    store.open()
    store.path.rename(store.path.with_name("moved"))
    assert store.add(link("next")).id == 1
    assert store.path.exists()
