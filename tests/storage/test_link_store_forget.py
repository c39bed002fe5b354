"""*Forget customer* leaves nothing: looked for in the bytes of every file."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from meld_desktop.domain.links.query import LinkQuery
from meld_desktop.storage.links import LinkStore, StoreError, StoreProblem
from tests.storage.links import FULL, assert_sound, bytes_of, link, many, rows
from tests.storage.test_link_store_versions import write_old

WHO = "Zaphod-Beeblebrox-七八九"
TRACES = ("Zaphod-Beeblebrox", "zaphod-beeblebrox", "Beeble", "七八九", "heart of gold", "conn-zb-77", "TICKET-ZB")
SECRETIVE = link(
    WHO,
    ticket="TICKET-ZB",
    note="heart of gold",
    connection_id="conn-zb-77-0123456789",
    outcome="heart of gold",
    request=f'{{"externalCustomerId":"{WHO}"}}',
)


def traces(folder: Path) -> list[tuple[str, str]]:
    return [
        (name, trace) for name, content in bytes_of(folder).items() for trace in TRACES if trace.encode() in content
    ]


def test_every_trace(store: LinkStore, tmp_path: Path) -> None:
    store.add_many(many(300))
    ids = [store.add(replace(SECRETIVE, made_at=SECRETIVE.made_at.replace(minute=minute))).id for minute in range(50)]
    store.add_many(many(300, seed=2))
    store.annotate(ids[3], "TICKET-ZB", "heart of gold, again: Zaphod-Beeblebrox-七八九 called")
    store.update_status(ids[4], "EXPIRED", outcome="heart of gold")
    assert len({trace for _, trace in traces(tmp_path)}) == len(TRACES)  # or the test would prove nothing
    before = store.count(LinkQuery())
    assert store.forget(WHO) == 50
    assert traces(tmp_path) == []  # the store is open, its log is there
    assert store.count(LinkQuery()) == before - 50
    store.close()
    assert traces(tmp_path) == []
    assert_sound(store.path)
    assert store.forget(WHO) == 0


def test_the_index_keeps_no_run_of_three_letters(store: LinkStore, tmp_path: Path) -> None:
    store.add_many(many(50))
    store.add(SECRETIVE)
    assert "七八九".encode() in b"".join(bytes_of(tmp_path).values())
    store.forget(WHO)
    # In the index these characters were a term of their own, apart from the name they are part of.
    assert "七".encode() not in b"".join(bytes_of(tmp_path).values())
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, links_fts, row)")
        assert connection.execute("SELECT count(*) FROM temp.terms WHERE term = 'zap'").fetchall() == [(0,)]


def test_others_stay(store: LinkStore) -> None:
    names = [WHO, WHO.lower(), f"{WHO}x", "Zaphod", "", "%"]
    store.add_many(link(name, minutes=number) for number, name in enumerate(names))
    assert store.forget(WHO) == 1
    assert store.forget("zaph") == 0
    assert {record.customer for record in store.iterate(LinkQuery())} == set(names) - {WHO}


def test_backups(tmp_path: Path) -> None:
    file = write_old(tmp_path)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE links SET customer = ?, note = 'heart of gold' WHERE id = 1", (WHO,))
    store = LinkStore(tmp_path)
    store.open()
    (backup,) = (tmp_path / "links").glob("*backup*")
    assert (backup.relative_to(tmp_path).as_posix(), "heart of gold") in traces(tmp_path)
    assert store.forget(WHO) == 1
    assert traces(tmp_path) == []
    assert rows(backup, "SELECT count(*) FROM links") == [(2,)]
    assert rows(backup, "PRAGMA integrity_check") == [("ok",)]
    assert rows(backup, "PRAGMA user_version") == [(1,)]
    assert {path.name for path in backup.parent.iterdir() if "backup" in path.name} == {backup.name}
    store.close()


def test_in_a_backup_alone(tmp_path: Path, store: LinkStore) -> None:
    store.add(SECRETIVE)
    store.close()
    shutil.copy(store.path, store.path.with_name("links.backup-v1-20260101T000000Z.sqlite3"))
    assert store.forget(WHO) == 1
    assert traces(tmp_path) == []


def test_files_that_were_set_aside_and_unfinished_ones(tmp_path: Path, store: LinkStore) -> None:
    store.add(replace(SECRETIVE, note="", ticket="", outcome="", connection_id=""))
    store.add(FULL)
    folder = store.path.parent
    log = store.path.with_name("links.sqlite3-wal").read_bytes()
    assert WHO.encode() in log
    aside = folder / "links.damaged-20260101T000000Z.sqlite3-wal"
    aside.write_bytes(log)
    long = folder / "links.damaged-20260101T000000Z.sqlite3"
    # On the border of what is read at once, too.
    long.write_bytes(b"." * ((1 << 20) - 5) + WHO.encode() + b"." * (1 << 20) + WHO.lower().encode() + b"end")
    (folder / "links.backup-v1-20260101T000000Z.unfinished").write_bytes(WHO.encode())
    sizes = [aside.stat().st_size, long.stat().st_size]
    assert store.forget(WHO) == 1
    assert traces(tmp_path) == []
    assert [aside.stat().st_size, long.stat().st_size] == sizes
    assert "cust “47”".encode() in aside.read_bytes()
    assert long.read_bytes().endswith(b"x" * len(WHO.encode()) + b"end")
    assert sorted(path.name for path in folder.iterdir()) == [
        long.name, aside.name, "links.lock", "links.sqlite3", "links.sqlite3-shm", "links.sqlite3-wal",
    ]  # fmt: skip


def test_an_id_too_short_to_blot_out_is_said(store: LinkStore) -> None:
    store.add(link("ab"))
    aside = store.path.with_name("links.damaged-20260101T000000Z.sqlite3")
    aside.write_bytes(b"some bytes with ab in them")
    with pytest.raises(StoreError) as caught:
        store.forget("ab")
    assert aside.name in str(caught.value.text)
    assert "Delete" in str(caught.value.text)
    assert aside.read_bytes() == b"some bytes with ab in them"
    assert store.count(LinkQuery()) == 0


def test_a_reader_in_another_program_holds_the_log(store: LinkStore, tmp_path: Path) -> None:
    store.add(SECRETIVE)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM links").fetchall()
        with pytest.raises(StoreError) as caught:
            store.forget(WHO)
        assert caught.value.kind is StoreProblem.LOCKED
        assert "try again" in str(caught.value.text)
    assert store.forget(WHO) == 0
    assert traces(tmp_path) == []
