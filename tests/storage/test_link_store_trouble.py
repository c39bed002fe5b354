"""Whatever happens to process, disk or file: nothing acknowledged is lost, and a person is told what to do."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from meld_desktop.domain.links.query import LinkQuery
from meld_desktop.storage.links import LinkStore, StoreError, StoreProblem, database
from tests.storage.links import assert_sound, bytes_of, child, link

on_unix = pytest.mark.skipif(sys.platform == "win32", reason="about Unix permissions, signals and limits")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="about mounts and limits of Linux")


def failure(store: LinkStore) -> StoreError:
    with pytest.raises(StoreError) as caught:
        store.add(link("one too many"))
    return caught.value


# --- killed

WRITE_FOREVER = """
import itertools, pathlib, sys
from meld_desktop.storage.links import LinkStore
from tests.storage.links import link
store = LinkStore(pathlib.Path(sys.argv[1]), patience=30)
print(0)
for number in itertools.count():
    kept = store.add(link(f"customer-{sys.argv[2]}-{number}", minutes=number, note="x" * (number * 37 % 3000)))
    print(kept.id)
    if number % 3 == 2:
        store.update_status(kept.id, "ACTIVE", outcome="The customer connected the bank.")
        print(-kept.id)
"""


def killed_after(process: "subprocess.Popen[str]", lines: int) -> list[int]:
    """Kill the process when it has printed so many lines; return every number that it got out."""
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(lines)]
    process.kill()
    said += process.stdout.read().splitlines(keepends=True)
    process.wait(10)
    return [int(line) for line in said if line.endswith("\n")]


@on_unix
def test_killed_at_any_moment(store: LinkStore, tmp_path: Path) -> None:
    dice = random.Random(7)
    acknowledged: set[int] = set()
    active: set[int] = set()
    for turn in range(25):
        with child(WRITE_FOREVER, str(tmp_path), str(turn)) as process:
            numbers = killed_after(process, dice.randrange(1, 60))
            assert process.returncode == -signal.SIGKILL
        acknowledged |= {number for number in numbers if number > 0}
        active |= {-number for number in numbers if number < 0}
        kept = {record.id: record.status for record in store.iterate(LinkQuery())}
        assert acknowledged <= set(kept)
        assert {kept[number] for number in active} <= {"ACTIVE"}
    assert len(acknowledged) > 100
    assert len(active) > 20
    store.close()
    assert_sound(store.path)
    assert {path.name for path in store.path.parent.iterdir()} <= {"links.sqlite3", "links.lock"}


@on_unix
def test_killed_while_another_writes(tmp_path: Path) -> None:
    with closing(LinkStore(tmp_path, patience=30)) as store:  # the other one hardly ever lets go
        store.add(link("ours"))
        write_beside_another_that_is_killed(store, tmp_path)


def write_beside_another_that_is_killed(store: LinkStore, tmp_path: Path) -> None:
    with child(WRITE_FOREVER, str(tmp_path), "theirs") as process:
        assert process.stdout is not None
        for number in range(1, 41):
            process.stdout.readline()
            store.add(link("ours", minutes=number))
        numbers = killed_after(process, 5)
    kept = {record.id for record in store.iterate(LinkQuery())}
    assert {number for number in numbers if number > 0} <= kept
    assert store.count(LinkQuery(customer="ours")) == 41
    assert len(kept) == store.count(LinkQuery())
    assert_sound(store.path)


# --- a full disk

LIMITED = """
import pathlib, resource, signal, sys
from meld_desktop.storage.links import LinkStore, StoreError
from tests.storage.links import link
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = LinkStore(pathlib.Path(sys.argv[1]))
store.open()
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
kept = 0
try:
    for number in range(10_000):
        store.add(link(f"customer-{number}", minutes=number, note="n" * 1000))
        kept += 1
except StoreError as error:
    print(error.kind.name, kept, error.text)
try:
    store.add_many(link(f"more-{number}", minutes=number, note="n" * 1000) for number in range(3000))
except StoreError as error:
    print(error.kind.name, store.count(__import__("meld_desktop.domain.links.query").domain.links.query.LinkQuery()))
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(store.add(link("after", minutes=-1)).customer)
"""


@linux
def test_a_quota(store: LinkStore, tmp_path: Path) -> None:
    with child(LIMITED, str(tmp_path)) as process:
        said, _ = process.communicate(timeout=60)
    first, second, third = said.splitlines()
    kind, kept, words = first.split(maxsplit=2)
    assert kind == "FULL"
    assert "Free some space" in words
    assert int(kept) > 2
    assert second.split() == ["FULL", kept]
    assert third == "after"
    assert store.count(LinkQuery()) == int(kept) + 1
    assert_sound(store.path)


@linux
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount")
def test_a_full_disk(tmp_path: Path) -> None:
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", tmp_path], capture_output=True)
    if mounted.returncode:
        pytest.skip("this machine does not let root mount")
    store = LinkStore(tmp_path)
    try:
        kept, kind = 0, None
        while kind is None:
            try:
                store.add(link(f"customer-{kept}", minutes=kept, note="n" * 1000))
                kept += 1
            except StoreError as error:
                kind = error.kind
        assert kind is StoreProblem.FULL
        assert kept > 10
        assert store.count(LinkQuery()) == len(list(store.iterate(LinkQuery()))) == kept
        subprocess.run(["mount", "-o", "remount,size=20m", tmp_path], check=True)
        assert store.add(link("after")).customer == "after"
        store.close()
        assert_sound(store.path)
    finally:
        store.close()
        subprocess.run(["umount", tmp_path], check=True)


def test_a_disk_that_is_full_from_the_start(store: LinkStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", full)
    assert failure(store).kind is StoreProblem.FULL


# --- a folder that cannot be written

READ_ONLY = """
import os, pathlib, sys
from meld_desktop.domain.links.query import LinkQuery
from meld_desktop.storage.links import LinkStore, StoreError
from tests.storage.links import link
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
store = LinkStore(pathlib.Path(sys.argv[1]))
for call in (store.open, lambda: store.add(link()), lambda: store.page(LinkQuery()), lambda: store.forget("c")):
    try:
        call()
    except StoreError as error:
        print(error.kind.name, error.text)
"""


@on_unix
@pytest.mark.parametrize("what", ["the folder", "the file", "no folder yet"])
def test_read_only(store: LinkStore, tmp_path: Path, what: str) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):  # pytest's own folders are closed to the unprivileged user
        if folder.stat().st_uid == os.getuid():
            folder.chmod(0o755)
    if what != "no folder yet":
        store.add(link())
        store.close()
        store.path.chmod(0o444)
        store.path.with_name("links.lock").chmod(0o666)
        store.path.parent.chmod(0o555 if what == "the folder" else 0o777)
    before = bytes_of(tmp_path)
    with child(READ_ONLY, str(tmp_path)) as process:
        said, _ = process.communicate(timeout=30)
    store.path.parent.chmod(0o755) if what != "no folder yet" else None
    lines = said.splitlines()
    assert [line.split()[0] for line in lines] == ["READ_ONLY"] * 4
    assert all("Allow writing to this folder" in line and str(tmp_path) in line for line in lines)
    assert bytes_of(tmp_path) == before


def test_a_file_in_the_way_of_the_folder(store: LinkStore, tmp_path: Path) -> None:
    (tmp_path / "links").write_text("in the way")
    assert failure(store).kind is StoreProblem.READ_ONLY
    assert (tmp_path / "links").read_text() == "in the way"


# --- another program


def test_another_program_is_writing(store: LinkStore) -> None:
    store.add(link())
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        error = failure(store)
        assert error.kind is StoreProblem.LOCKED
        assert "Close other windows" in str(error.text)
        assert store.count(LinkQuery()) == len(store.page(LinkQuery()).records) == 1  # reading goes on
        other.execute("ROLLBACK")
    assert store.add(link("next", minutes=1)).id == 2


def test_another_program_lets_nobody_in(store: LinkStore) -> None:
    store.add(link())
    store.close()
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError) as caught:
            store.page(LinkQuery())
        assert caught.value.kind is StoreProblem.LOCKED
    assert store.count(LinkQuery()) == 1


def test_another_instance_is_opening(store: LinkStore, tmp_path: Path) -> None:
    other = database.Database(tmp_path / "links")
    with other.holding_folder():
        assert failure(store).kind is StoreProblem.LOCKED
    assert store.add(link()).id == 1


def test_a_short_wait_is_no_trouble(store: LinkStore) -> None:
    patient = LinkStore(store.path.parent.parent, patience=20)
    patient.open()
    began, done = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            began.set()
            done.wait(0.3)
            other.execute("COMMIT")

    thread = threading.Thread(target=write)
    thread.start()
    began.wait()
    assert patient.add(link()).id == 1
    thread.join()
    patient.close()


TWO = """
import pathlib, sys
from meld_desktop.storage.links import LinkStore
from tests.storage.links import link
store = LinkStore(pathlib.Path(sys.argv[1]), patience=30)
sys.stdin.readline()
print(*(store.add(link(sys.argv[2], minutes=number)).id for number in range(60)))
"""


def test_instances_at_once(store: LinkStore, tmp_path: Path) -> None:
    processes = [child(TWO, str(tmp_path), f"instance {number}") for number in range(4)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")  # all begin at once, the very first opening too
        process.stdin.flush()
    ids = [int(number) for process in processes for number in process.communicate(timeout=60)[0].split()]
    assert sorted(ids) == list(range(1, 241))
    assert {store.count(LinkQuery(customer=f"instance {number}")) for number in range(4)} == {60}
    assert_sound(store.path)


# --- words


def test_every_error_says_what_to_do(tmp_path: Path) -> None:
    from meld_desktop.storage.links.errors import damaged_error, store_error

    texts = [str(store_error(kind, tmp_path).text) for kind in StoreProblem if kind is not StoreProblem.DAMAGED]
    texts += [str(damaged_error(tmp_path, None).text), str(damaged_error(tmp_path, tmp_path / "aside").text)]
    assert len(set(texts)) == len(StoreProblem) + 1
    for text in texts:
        assert str(tmp_path) in text
        assert text.count(".") >= 2
        assert "SQL" not in text
        assert "{" not in text
