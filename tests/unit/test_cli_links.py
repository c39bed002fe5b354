"""``meld-link links``: tables for people, JSON and CSV for programs, words on stderr, exit codes."""

import csv
import io
import json
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from meld_desktop.cli import exits, main
from meld_desktop.domain.links.query import LinkQuery
from meld_desktop.domain.links.record import ENVIRONMENTS, STATUSES, LinkRecord
from meld_desktop.storage.links import LinkStore
from tests.storage.links import FULL, bytes_of, link, many
from tests.support.command_line import run, run_reading, start

LINKS = [
    link("ann", ticket="T-1", status="ACTIVE", institution_name="Chase"),
    link("bob", minutes=1, environment="production", status="EXPIRED"),
    replace(FULL, case_id=0, id=0),
    link("李雷\x1b[31m\n" + "x" * 60, minutes=4, note="=1+1", environment="demo"),
]


@pytest.fixture
def kept(tmp_path: Path) -> list[LinkRecord]:
    """Links in a folder of the test's own, as they were stored."""
    store = LinkStore(tmp_path / "data")
    stored = [store.add(record) for record in LINKS]
    store.close()
    return stored


class Command:
    """Runs the command on the test's folder and keeps what it said."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *words: str) -> int:
        code = main(["links", *words, "--data-dir", str(self.folder)])
        self.out, self.err = self._capsys.readouterr()
        return code

    @property
    def customers(self) -> list[str]:
        return [row["customer"] for row in json.loads(self.out)]


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    yield Command(tmp_path / "data", capsys)  # noqa: PT022 - the type says it


def stored_in(folder: Path) -> list[LinkRecord]:
    store = LinkStore(folder)
    records = list(store.iterate(LinkQuery(descending=False)))
    store.close()
    return records


# --- lists


def test_a_table(command: Command, kept: list[LinkRecord]) -> None:
    assert command() == exits.DONE
    head, *lines = command.out.splitlines()
    assert head.split() == ["ID", "MADE", "ENVIRONMENT", "CUSTOMER", "TICKET", "BANK", "STATUS"]
    assert [line.split()[0] for line in lines] == ["4", "2", "3", "1"]
    assert lines[3].split()[3:] == ["sandbox", "ann", "T-1", "Chase", "ACTIVE"]
    assert command.err == ""
    assert "\x1b" not in command.out  # a terminal would obey
    assert "李雷 [31m xxx" in lines[0]
    assert "…" in lines[0]
    places = {line.index("ACTIVE") for line in lines if "ACTIVE" in line} | {head.index("STATUS")}
    assert len(places) == 1


def test_json(command: Command, kept: list[LinkRecord]) -> None:
    assert command("--json") == exits.DONE
    rows = json.loads(command.out)
    assert rows[2] == {
        "id": 3, "made_at": "2026-02-03T14:05:06.789012+00:00", "environment": "custom",
        "host": "meld.example.com:8443", "customer": "cust “47”", "ticket": "=T-1", "note": FULL.note,
        "connection_id": FULL.connection_id, "meld_customer_id": FULL.meld_customer_id, "institution_id": "inst-9",
        "institution_name": "Crédit Agricole", "products": ["BALANCES", "OWNERS"],
        "optional_products": ["TRANSACTIONS"], "regions": ["US", "CA-ON"], "status": "RECONNECT_REQUIRED",
        "status_reason": "LOGIN_REQUIRED", "status_at": "2026-02-03T15:05:06.789013+00:00",
        "expires_at": "2026-02-03T18:05:06.789012+00:00", "outcome": FULL.outcome, "kind": "repair", "case_id": 0,
        "request_id": "req-77", "request": FULL.request,
    }  # fmt: skip
    assert rows[3]["expires_at"] is None
    assert [row["id"] for row in rows] == [4, 2, 3, 1]
    assert command.err == ""


@pytest.mark.parametrize(
    ("words", "customers"),
    [
        (["--search", "ANN"], ["ann"]),
        (["--search", "agricole cust"], ["cust “47”"]),
        (["--status", "active"], ["ann"]),
        (["--status", "Reconnect-Required"], ["cust “47”"]),
        (["--status", "ACTIVE", "--status", "expired"], ["bob", "ann"]),
        (["--environment", "PRODUCTION"], ["bob"]),
        (["--environment", "sandbox", "--environment", "production", "--search", "b"], ["bob"]),
        (["--search", "nobody"], []),
        (["--search", ""], ["李雷\x1b[31m\n" + "x" * 60, "bob", "cust “47”", "ann"]),
        (["--limit", "2"], ["李雷\x1b[31m\n" + "x" * 60, "bob"]),
    ],
)
def test_choices(command: Command, kept: list[LinkRecord], words: list[str], customers: list[str]) -> None:
    assert command("--json", *words) == exits.DONE
    assert command.customers == customers


def test_more_than_is_shown(command: Command) -> None:
    store = LinkStore(command.folder)
    store.add_many(many(60))
    store.close()
    assert command() == exits.DONE
    assert len(command.out.splitlines()) == 51
    assert "more than these 50" in command.err
    assert command("--limit", "60") == exits.DONE
    assert len(command.out.splitlines()) == 61
    assert command.err == ""
    assert command("--json") == exits.DONE
    assert len(json.loads(command.out)) == 60


def test_nothing_there_is_no_reason_to_begin_a_list(command: Command, tmp_path: Path) -> None:
    assert command() == exits.DONE
    assert (command.out, command.err) == ("", "meld-link: no links found\n")
    assert command("--json") == exits.DONE
    assert json.loads(command.out) == []
    assert command("forget", "ann") == exits.DONE
    assert command("export", "-") == exits.DONE
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--status", "sleeping"], ["--status", "“sleeping”", *STATUSES]),
        (["--status", ""], ["--status", *STATUSES]),
        (["--environment", "mars"], ["--environment", "“mars”", *ENVIRONMENTS]),
        (["--status", "x", "--environment", "y"], ["“x”", "“y”"]),
        (["--limit", "0"], ["--limit"]),
        (["export"], ["export what?"]),
        (["import"], ["import what?"]),
        (["forget"], ["forget what?"]),
        (["remove", "ann"], ["remove"]),
        (["forget", "ann", "--search", "x"], ["--search"]),
        (["import", "x.csv", "--status", "ACTIVE"], ["--status"]),
    ],
)
def test_wrong_input(command: Command, kept: list[LinkRecord], words: list[str], said: list[str]) -> None:
    assert command(*words) == exits.WRONG_INPUT
    assert command.out == ""
    for word in said:
        assert word in command.err
    assert stored_in(command.folder) == sorted(kept, key=lambda record: record.made_at)


# --- export and import


def test_an_export_imported_again_gives_the_same(command: Command, kept: list[LinkRecord], tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    assert command("export", str(file)) == exits.DONE
    assert (command.out, command.err) == ("", "meld-link: 4 links exported\n")
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfid,made_at,environment,")
    assert b",'=1+1," in content
    assert b",'=T-1," in content
    command.folder = tmp_path / "other"
    assert command("import", str(file)) == exits.DONE
    assert command.err == "meld-link: 4 links imported\n"
    assert stored_in(tmp_path / "other") == stored_in(tmp_path / "data")
    assert command("import", str(file)) == exits.DONE
    assert command.err == "meld-link: 0 links imported, 4 were there already\n"
    assert len(stored_in(tmp_path / "other")) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="about Unix permissions")
def test_only_the_owner_may_read_an_export(command: Command, kept: list[LinkRecord], tmp_path: Path) -> None:
    assert command("export", str(tmp_path / "links.csv")) == exits.DONE
    assert stat.S_IMODE((tmp_path / "links.csv").stat().st_mode) == 0o600


def test_export_takes_choices_and_writes_to_a_pipe(command: Command, kept: list[LinkRecord]) -> None:
    assert command("export", "-", "--status", "expired", "--search", "bob") == exits.DONE
    rows = list(csv.DictReader(io.StringIO(command.out, newline="")))
    assert [row["customer"] for row in rows] == ["bob"]
    assert command.err == "meld-link: 1 links exported\n"


def test_an_export_that_fails_leaves_the_old_file(command: Command, kept: list[LinkRecord], tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    file.write_text("precious")
    command.folder.joinpath("links", "links.sqlite3").write_bytes(b"broken" * 1000)
    assert command("export", str(file)) == exits.FAILED
    assert file.read_text() == "precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "links.csv"]
    assert command("export", str(tmp_path / "nowhere" / "links.csv")) == exits.FAILED
    assert "could not be written" in command.err


def test_an_import_names_bad_rows_and_takes_the_good(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    file.write_bytes(
        b"made_at,environment,customer,note,extra\n"
        b"2026-02-03T12:00:00Z,sandbox,ann,hello,\n"
        b"today,sandbox,bob,,\n"
        b"2026-02-03T12:00:00Z,sandbox,carol,caf\xe9,\n"
        b'2026-02-03T12:00:00Z,demo,dora,"two\nlines",\n'
        b"2026-02-03T12:00:00Z,mars,,,\n"
    )
    assert command("import", str(file)) == exits.WRONG_INPUT
    assert command.out == ""
    lines = command.err.splitlines()
    assert [line.split(": ")[1] for line in lines[:-1]] == [
        "line 1, column extra",
        "line 3, column made_at",
        "line 4, column note",
        "line 7, column environment",
        "line 7, column customer",
    ]
    assert lines[-1] == "meld-link: 2 links imported"
    assert [record.customer for record in stored_in(command.folder)] == ["ann", "dora"]


def test_very_many_problems_are_not_all_said(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "links.csv"
    file.write_text("made_at,environment,customer\n" + "x,demo,c\n" * 500)
    assert command("import", str(file)) == exits.WRONG_INPUT
    assert len(command.err.splitlines()) == 102
    assert "and 400 more" in command.err


def test_an_import_from_a_pipe(tmp_path: Path) -> None:
    text = "made_at,environment,customer\n2026-02-03T12:00:00Z,demo,Zoë\n".encode()
    done = run_reading(text, "links", "import", "-", "--data-dir", str(tmp_path))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "meld-link: 1 links imported\n")
    assert [record.customer for record in stored_in(tmp_path)] == ["Zoë"]


@pytest.mark.parametrize("what", ["no file", "a folder"])
def test_an_import_of_nothing(command: Command, tmp_path: Path, what: str) -> None:
    target = tmp_path / "nowhere.csv" if what == "no file" else tmp_path
    assert command("import", str(target)) == exits.WRONG_INPUT
    assert "could not be read" in command.err


def test_forget(command: Command, kept: list[LinkRecord]) -> None:
    assert command("forget", "cust “47”") == exits.DONE
    assert (command.out, command.err) == ("", "meld-link: 1 links removed, and every trace of them\n")
    assert {record.customer for record in stored_in(command.folder)} == {kept[0].customer, "bob", kept[3].customer}
    assert not [name for name, content in bytes_of(command.folder).items() if "cust “47”".encode() in content]
    assert command("forget", "cust “47”") == exits.DONE
    assert "no link" in command.err


# --- trouble


def test_a_list_that_cannot_be_used(command: Command, kept: list[LinkRecord]) -> None:
    file = command.folder / "links" / "links.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert command() == exits.FAILED
    assert command.out == ""
    assert "newer" in command.err
    assert str(file) in command.err


def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    store = LinkStore(tmp_path)
    store.add_many(many(3000))
    store.close()
    with start("links", "--json", "--data-dir", str(tmp_path)) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == exits.READER_GONE


def test_where_the_terminal_knows_ascii_only(kept: list[LinkRecord], tmp_path: Path) -> None:
    where = ("--data-dir", str(tmp_path / "data"))
    plain = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = run("links", "--json", *where, **plain)
    assert done.returncode == 0
    assert json.loads(done.stdout)[2]["customer"] == "cust “47”"
    assert run("links", *where, **plain).returncode == 0


def test_the_default_folder(kept: list[LinkRecord], tmp_path: Path) -> None:
    (tmp_path / "data").rename(tmp_path / "meld-desktop")
    done = run("links", "--search", "ann", XDG_DATA_HOME=str(tmp_path))
    assert "ann" in done.stdout
