"""The kept lists of banks: whole or not at all, whatever happens to the program or the file."""

import csv
import io
import json
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from meld_desktop.domain.banks.documents import UnreadableFileError
from meld_desktop.storage.institutions import API, FILE_NAME, VERSION, CacheError, InstitutionCache
from tests.support.command_line import ROOT

HARD_NAMES = [
    "مصرف الراجحي",
    "Ba\u0301n\u0327co",
    "x" * 200,
    "<b>Bold & Co</b>",
    "=HYPERLINK(1)",
    "\u202eknaB",
    "a\x00b",
    "\ud800",
]


def records(count: int, prefix: str = "bank") -> list[dict[str, Any]]:
    way = {"id": "1", "oauth": True, "regions": ["US"], "products": ["OWNERS"]}
    return [{"id": f"{prefix}{n}", "name": f"Bank {n}", "rank": n, "providers": {"mx": way}} for n in range(count)]


def ids(cache: InstitutionCache, environment: str = "production") -> list[str] | None:
    kept = cache.load(environment)
    return None if kept is None else [bank.id for bank in kept.reading.banks]


@pytest.fixture
def cache(tmp_path: Path) -> InstitutionCache:
    return InstitutionCache(tmp_path / "data")


def test_nothing_is_kept_at_first(cache: InstitutionCache) -> None:
    assert cache.load("production") is None
    assert cache.unfinished("production") is None
    assert cache.set_aside is None


def test_a_list_is_kept_with_its_age_and_source(cache: InstitutionCache) -> None:
    at = datetime(2026, 2, 3, 10, tzinfo=UTC)
    cache.replace("production", records(3), API, at)
    kept = InstitutionCache(cache.folder).load("production")
    assert kept is not None
    assert (kept.source, kept.at) == (API, at)
    assert kept.age(at + timedelta(hours=2)) == 7200
    assert kept.age(at - timedelta(hours=2)) == 0
    (provider,) = kept.reading.banks[2].providers
    assert (kept.reading.banks[2].name, provider.name, provider.oauth) == ("Bank 2", "MX", True)


def test_each_environment_has_its_own(cache: InstitutionCache) -> None:
    cache.replace("production", records(2), API)
    cache.replace("https://api.example.com", records(1, "other"), API)
    assert ids(cache) == ["bank0", "bank1"]
    assert ids(cache, "https://api.example.com") == ["other0"]
    cache.forget("production")
    assert ids(cache) is None
    assert ids(cache, "https://api.example.com") == ["other0"]


def test_names_of_every_kind_come_back(cache: InstitutionCache) -> None:
    cache.replace("production", [{"id": str(n), "name": name} for n, name in enumerate(HARD_NAMES)], API)
    kept = cache.load("production")
    assert kept is not None
    assert [bank.name for bank in kept.reading.banks] == [*HARD_NAMES[:-1], "?"]


def test_a_fetch_takes_the_old_lists_place_as_a_whole(cache: InstitutionCache) -> None:
    cache.replace("production", records(2, "old"), API)
    cache.begin("production")
    assert cache.add_page("production", records(3, "a"), "key3") == 3
    assert cache.add_page("production", records(2, "b"), "key5") == 5
    assert ids(cache) == ["old0", "old1"]
    left = InstitutionCache(cache.folder).unfinished("production")
    assert left is not None
    assert (left.after, left.fetched) == ("key5", 5)
    assert abs((datetime.now(UTC) - left.at).total_seconds()) < 60
    cache.finish("production")
    assert ids(cache) == ["a0", "a1", "a2", "b0", "b1"]
    assert cache.unfinished("production") is None


def test_a_new_fetch_drops_what_came_of_the_last(cache: InstitutionCache) -> None:
    cache.add_page("production", records(3), "key3")
    cache.begin("production")
    left = cache.unfinished("production")
    assert left is not None
    assert (left.after, left.fetched) == ("", 0)
    cache.add_page("production", records(1, "new"), "k")
    cache.finish("production")
    assert ids(cache) == ["new0"]


def test_a_record_seen_in_two_pages_counts_once(cache: InstitutionCache) -> None:
    cache.add_page("production", records(3), "k")
    cache.add_page("production", records(4), "l")
    cache.finish("production")
    assert ids(cache) == ["bank0", "bank1", "bank2", "bank3"]


KILLED = """
import os, sys
from pathlib import Path
from meld_desktop.storage import institutions
cache = institutions.InstitutionCache(Path(sys.argv[1]))
def die(*_): os._exit(9)
institutions._stamp = die
cache.{call}
"""


@pytest.mark.parametrize("call", ["replace('production', [{'id': 'n', 'name': 'N'}], 'api')", "finish('production')"])
def test_a_program_that_is_killed_half_way_leaves_the_old_list(cache: InstitutionCache, call: str) -> None:
    cache.replace("production", records(2, "old"), API)
    cache.add_page("production", records(5, "new"), "k")
    program = KILLED.replace("{call}", call)
    done = subprocess.run([sys.executable, "-c", program, str(cache.folder)], cwd=ROOT, timeout=60)
    assert done.returncode == 9
    assert ids(cache) == ["old0", "old1"]
    left = cache.unfinished("production")
    assert left is not None
    assert left.fetched == 5


def test_records_that_fail_half_way_leave_the_old_list(cache: InstitutionCache) -> None:
    cache.replace("production", records(2, "old"), API)
    with pytest.raises(TypeError):
        cache.replace("production", [*records(1), {"id": object()}], API)
    assert ids(cache) == ["old0", "old1"]


@pytest.mark.parametrize("damage", [b"not a database at all" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_set_aside(cache: InstitutionCache, damage: bytes) -> None:
    cache.folder.mkdir()
    cache.path.write_bytes(damage)
    assert cache.load("production") is None
    assert cache.set_aside is not None
    assert cache.set_aside.read_bytes() == damage
    cache.replace("production", records(1), API)
    assert ids(cache) == ["bank0"]


def test_damage_in_the_middle_is_said_and_the_next_call_begins_anew(cache: InstitutionCache) -> None:
    cache.replace("production", records(3000), API)
    content = bytearray(cache.path.read_bytes())
    content[20_000:-20_000] = b"\xa5" * (len(content) - 40_000)
    cache.path.write_bytes(content)
    with pytest.raises(CacheError) as caught:
        cache.load("production")
    assert "damaged" in str(caught.value.text)
    assert cache.set_aside is not None
    assert cache.load("production") is None


def test_a_row_that_holds_nonsense_counts_as_damage(cache: InstitutionCache) -> None:
    cache.replace("production", records(2), API)
    with sqlite3.connect(cache.path) as db:
        db.execute("UPDATE institution SET record = '{' WHERE place = 1")
    db.close()
    with pytest.raises(CacheError):
        cache.load("production")
    assert cache.load("production") is None


@pytest.mark.parametrize(
    "statement", [f"PRAGMA user_version = {VERSION + 1}", "DROP TABLE institution", "PRAGMA user_version = 0"]
)
def test_a_file_of_another_making_is_set_aside(cache: InstitutionCache, statement: str) -> None:
    cache.replace("production", records(1), API)
    with sqlite3.connect(cache.path) as db:
        db.execute(statement)
    db.close()
    assert cache.load("production") is None
    assert cache.set_aside is not None
    assert cache.set_aside.exists()


def test_a_locked_file_is_said_and_left_alone(cache: InstitutionCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meld_desktop.storage.institutions._BUSY_SECONDS", 0.01)
    cache.replace("production", records(2), API)
    other = sqlite3.connect(cache.path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        assert ids(cache) == ["bank0", "bank1"]
        with pytest.raises(CacheError) as caught:
            cache.replace("production", [], API)
    finally:
        other.close()
    assert "locked" in str(caught.value.text)
    assert cache.set_aside is None
    assert ids(cache) == ["bank0", "bank1"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CacheError):
        InstitutionCache(tmp_path / "file").load("production")


def test_the_file_is_in_wal_mode_and_knows_its_version(cache: InstitutionCache) -> None:
    cache.replace("production", [], API)
    db = sqlite3.connect(cache.path)
    try:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)
    finally:
        db.close()
    assert cache.path.name == FILE_NAME


# --- files


def test_a_json_file_is_imported(cache: InstitutionCache, tmp_path: Path) -> None:
    path = tmp_path / "banks.json"
    path.write_text(json.dumps([*records(2), 5], indent=1), encoding="utf-8")
    reading = cache.import_file("sandbox", path)
    kept = cache.load("sandbox")
    assert kept is not None
    assert kept.reading.banks == reading.banks
    assert kept.source == "banks.json"
    assert [(oddity.place, str(oddity.reason)) for oddity in reading.oddities] == [(36, "not an object")]


def test_a_csv_file_is_imported(cache: InstitutionCache, tmp_path: Path) -> None:
    path, text = tmp_path / "banks.csv", io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["id", "name", "provider", "oauth", "regions", "products"])
    rows.writerow(["a", "=Bank;A", "plaid", "yes", "US;CA-ON", "OWNERS, BALANCES"])
    rows.writerow(["a", "", "mx", "no", "US", "IDENTITIES"])
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    cache.import_file("sandbox", path)
    kept = cache.load("sandbox")
    assert kept is not None
    (bank,) = kept.reading.banks
    assert bank.name == "=Bank;A"
    assert [(way.name, way.oauth, sorted(way.regions), sorted(way.products)) for way in bank.providers] == [
        ("PLAID", True, ["CA-ON", "US"], ["BALANCES", "OWNERS"]),
        ("MX", False, ["US"], ["OWNERS"]),
    ]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"no;columns", b"\xff\xfe"])
def test_an_import_that_fails_leaves_what_was_kept(cache: InstitutionCache, tmp_path: Path, content: bytes) -> None:
    cache.replace("sandbox", records(1), API)
    path = tmp_path / "banks"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError):
        cache.import_file("sandbox", path)
    with pytest.raises(FileNotFoundError):
        cache.import_file("sandbox", tmp_path / "none")
    assert ids(cache, "sandbox") == ["bank0"]


def test_two_programs_that_write_at_once_wait_for_each_other(cache: InstitutionCache) -> None:
    cache.begin("production")

    def add(who: int) -> None:
        for page in range(5):
            InstitutionCache(cache.folder).add_page("production", records(3, f"{who}-{page}-"), "k")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(4)))
    left = cache.unfinished("production")
    assert left is not None
    assert left.fetched == 60


def test_a_file_that_another_program_holds_alone_is_not_taken_for_damaged(
    cache: InstitutionCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("meld_desktop.storage.institutions._BUSY_SECONDS", 0.01)
    cache.replace("production", records(2), API)
    other = sqlite3.connect(cache.path, isolation_level=None)
    try:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM unfinished")
        with pytest.raises(CacheError):
            cache.load("production")
    finally:
        other.close()
    assert cache.set_aside is None
    assert ids(cache) == ["bank0", "bank1"]
