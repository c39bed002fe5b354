"""The evidence pack as a whole: what is in it, always the same, whole or not at all."""

import csv
import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from meld_desktop.domain.redaction import Redactor
from meld_desktop.domain.witness.observation import HopKind
from meld_desktop.domain.witness.seen import Picture, SeenHop
from meld_desktop.evidence.pack import comparable_as_packed
from meld_desktop.evidence.read import UnreadablePackError, read_comparable
from meld_desktop.evidence.redirects_csv import COLUMNS
from meld_desktop.evidence.verify import verify_pack
from tests.support.evidence import BEGAN, MADE, TOKEN, at, png, session, unpacked, write

ROOT = Path(__file__).resolve().parents[2]
NAMES = [
    "SHA256SUMS",
    "pictures/005-connect_complete.png",
    "redaction.json",
    "redirects.csv",
    "requests.har",
    "timeline.html",
    "timeline.json",
    "versions.json",
]


def test_a_pack_holds_what_it_promises(tmp_path: Path) -> None:
    path = write(tmp_path / "pack.zip")
    with ZipFile(path) as pack:
        assert pack.namelist() == NAMES
        assert {entry.date_time for entry in pack.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert list(tmp_path.iterdir()) == [path]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    timeline = json.loads(unpacked(path)["timeline.json"])
    assert (timeline["format"], timeline["version"]) == ("meld-desktop-evidence", 1)
    assert timeline["conclusion"] == "Connected Maple Test Bank with 2 accounts; data still arriving"
    assert timeline["redirect"]["outcome"] == "match"
    assert timeline["link"]["bank"] == "Maple Test Bank"
    assert timeline["link"]["connectionId"] == session().link.connection_id
    assert timeline["link"]["customer"] == "customer-20481"
    assert timeline["ticket"] == "QA-812"
    assert timeline["note"] == "It hung after the bank’s login."
    assert [entry["number"] for entry in timeline["entries"]] == [1, 2, 3, 4, 5]
    assert timeline["entries"][4]["picture"] == "pictures/005-connect_complete.png"
    assert timeline["entries"][4]["at"] == "2026-07-29T09:41:12.250Z"
    assert timeline["versions"]["Operating system"] == "Windows 11 10.0.22631"
    assert json.loads(unpacked(path)["versions.json"]) == timeline["versions"]


def test_the_same_session_gives_the_same_bytes(tmp_path: Path) -> None:
    first = write(tmp_path / "first.zip").read_bytes()
    assert write(tmp_path / "second.zip").read_bytes() == first


def test_only_the_time_of_writing_differs_later(tmp_path: Path) -> None:
    first = unpacked(write(tmp_path / "first.zip"))
    second = unpacked(write(tmp_path / "second.zip", made=MADE + timedelta(days=3, seconds=61)))
    differ = {name for name in first if first[name] != second[name]}
    assert differ == {"timeline.json", "timeline.html", "SHA256SUMS"}
    one, other = json.loads(first["timeline.json"]), json.loads(second["timeline.json"])
    assert one.pop("made") != other.pop("made")
    assert one == other
    made = "Written by Meld Desktop on {} at {} UTC"
    page = first["timeline.html"].decode().replace(made.format("29 July 2026", "10:05:00.000"), "")
    assert page == second["timeline.html"].decode().replace(made.format("1 August 2026", "10:06:01.000"), "")


def test_nothing_of_the_moment_gets_in(tmp_path: Path) -> None:
    """Written by two processes with different hash seeds, time zones and folders."""
    program = "from pathlib import Path; from tests.support.evidence import write; write(Path('pack.zip'))"
    packs = []
    for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland")):
        folder = tmp_path / seed
        folder.mkdir()
        variables = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=folder, env=variables, capture_output=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        packs.append((folder / "pack.zip").read_bytes())
    assert packs[0] == packs[1]


def test_sha256sum_accepts_the_sums(tmp_path: Path) -> None:
    path = write(tmp_path / "pack.zip")
    with ZipFile(path) as pack:
        pack.extractall(tmp_path / "out")
    lines = (tmp_path / "out" / "SHA256SUMS").read_text().splitlines()
    assert len(lines) == len(NAMES) - 1
    for line in lines:
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == digest
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("sha256sum is not installed")
    done = subprocess.run([tool, "-c", "--strict", "SHA256SUMS"], cwd=tmp_path / "out", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (tmp_path / "out" / "timeline.json").write_bytes(b"{}")
    done = subprocess.run([tool, "-c", "--strict", "SHA256SUMS"], cwd=tmp_path / "out", capture_output=True, text=True)
    assert done.returncode == 1


# --- the disk


def test_a_full_disk_leaves_the_old_file_and_no_half_one(tmp_path: Path) -> None:
    """The limit on a file's size stands for the full disk: the system refuses to write on, in the middle."""
    pytest.importorskip("resource")
    path = write(tmp_path / "pack.zip")
    before = path.read_bytes()
    program = (
        "import resource, signal\n"
        "from pathlib import Path\n"
        "from tests.support.evidence import write, session\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n    write(Path('pack.zip'), note='another')\n"
        "except OSError as error:\n    print('OSError', error.errno)\n"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.startswith("OSError"), done.stderr
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == before


def test_a_folder_that_takes_no_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        write(tmp_path / "missing" / "pack.zip")
    if Path("/proc/self").is_dir():  # read-only for everybody, root too
        with pytest.raises(OSError, match="/proc/"):
            write(Path("/proc/self/pack.zip"))


def test_what_cannot_be_replaced_stays(tmp_path: Path) -> None:
    (tmp_path / "pack.zip").mkdir()
    with pytest.raises(OSError, match=r"pack\.zip"):
        write(tmp_path / "pack.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["pack.zip"]


def test_an_older_pack_is_replaced(tmp_path: Path) -> None:
    path = write(tmp_path / "pack.zip", note="first")
    write(path, note="second")
    assert json.loads(unpacked(path)["timeline.json"])["note"] == "second"
    assert list(tmp_path.iterdir()) == [path]


# --- pictures


def test_a_picture_holds_nothing_but_the_picture(tmp_path: Path) -> None:
    plain = png(40, 30, shade=9)
    extra = Picture("006-x.png", at(6), 6, png(40, 30, shade=9, extra=b"made by alice", after=b"and bob"), 40, 30)
    path = write(tmp_path / "pack.zip", session(pictures=[extra]))
    assert unpacked(path)["pictures/006-x.png"] == plain


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"\x89PNG\r\n\x1a\n", png()[:-5], png()[:60] + b"?" + png()[61:]])
def test_what_is_no_picture_is_left_out_and_counted(content: bytes, tmp_path: Path) -> None:
    path = write(tmp_path / "pack.zip", session(pictures=[Picture("006-x.png", at(6), 6, content, 40, 30)]))
    files = unpacked(path)
    assert "pictures/006-x.png" not in files
    assert json.loads(files["redaction.json"])["pictures"]["leftOut"] == 1
    assert verify_pack(path).ok


def test_a_pictures_name_cannot_lead_anywhere(tmp_path: Path) -> None:
    names = ["../../etc/passwd", "C:\\x", "a/b.png", "007-12345678.png", "007-12345678.png", "…", ".png"]
    pictures = [Picture(name, at(6), 6, png(4, 4), 4, 4) for name in names]
    path = write(tmp_path / "pack.zip", session(pictures=pictures))
    assert verify_pack(path).ok
    stored = [name for name in unpacked(path) if name.startswith("pictures/")]
    assert len(stored) == len(names) + 1
    assert not any("12345678" in name or ".." in name or name.count("/") != 1 for name in stored)


# --- redirects.csv


def hop(number: int, url: str, place: str = "window 1", kind: HopKind = HopKind.REDIRECT) -> SeenHop:
    return SeenHop(number, at(number), float(number), url, place, kind)


def rows(path: Path) -> list[dict[str, str]]:
    text = unpacked(path)["redirects.csv"].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_redirects_name_scheme_host_port_and_path(tmp_path: Path) -> None:
    found = rows(write(tmp_path / "pack.zip", session(hops=[hop(4, "meldapp://back/home?x=1"), hop(5, "nonsense")])))
    assert tuple(found[0]) == COLUMNS
    assert [row["host"] for row in found] == [
        "institution-connect-sb.meld.io",
        "login.maple.example",
        "app.example",
        "back",
        "",
    ]
    assert found[1]["address"] == "https://login.maple.example/oauth?state=•••&client_id=•••"
    assert (found[1]["scheme"], found[1]["port"], found[1]["path"]) == ("https", "443", "/oauth")
    assert found[3]["scheme"] == "meldapp"
    assert found[2]["time"] == "2026-07-29T09:41:16.250Z"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_cell_is_a_formula(start: str, tmp_path: Path) -> None:
    path = write(
        tmp_path / "pack.zip", session(hops=[hop(4, "https://a.example/", f'{start}HYPERLINK("http://x","y")')])
    )
    cell = rows(path)[-1]["place"]
    assert cell[:2] == f"'{start}"


# --- reading back


def test_what_is_read_is_what_was_written(tmp_path: Path) -> None:
    path = write(tmp_path / "Tuesday.zip")
    read = read_comparable(path)
    assert read == replace(session().comparable(), name="Tuesday.zip")


def test_a_live_session_is_compared_as_a_pack_would_hold_it(tmp_path: Path) -> None:
    live = session(customer="alice@example.test")
    path = write(tmp_path / "pack.zip", live)
    assert read_comparable(path) == replace(comparable_as_packed(live, Redactor([TOKEN])), name="pack.zip")


def repacked(path: Path, changes: dict[str, bytes]) -> Path:
    """Change files of a pack with new sums, as somebody may on purpose, and as a newer version will."""
    from meld_desktop.evidence.pack import packed, write_whole

    files = {**unpacked(path), **changes}
    del files["SHA256SUMS"]
    write_whole(path, packed(files))
    return path


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"version": 2}, "newer Meld Desktop"),
        ({"version": 99}, "Update Meld Desktop"),
        ({"version": 0}, "cannot be understood"),
        ({"version": "1"}, "cannot be understood"),
        ({"version": True}, "cannot be understood"),
        ({"format": "something"}, "cannot be understood"),
        ({"comparable": None}, "cannot be understood"),
        ({"comparable": {"request": [], "hops": [], "events": []}}, "cannot be understood"),
        ({"comparable": {"request": {}, "hops": [1], "events": []}}, "cannot be understood"),
        ({"comparable": {"request": {}, "hops": [], "events": [], "outcome": 7}}, "cannot be understood"),
    ],
)
def test_a_timeline_that_is_not_ours_is_refused_with_the_reason(
    change: dict[str, object], says: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "pack.zip")
    timeline = json.loads(unpacked(path)["timeline.json"])
    repacked(path, {"timeline.json": json.dumps(timeline | change).encode()})
    assert verify_pack(path).ok
    with pytest.raises(UnreadablePackError, match=says):
        read_comparable(path)


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"\xff", b"[]"])
def test_a_timeline_that_is_no_json_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnreadablePackError, match="cannot be understood"):
        read_comparable(repacked(write(tmp_path / "pack.zip"), {"timeline.json": content}))


def test_a_pack_that_does_not_verify_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(write(path).read_bytes()[:-30])
    with pytest.raises(UnreadablePackError, match="Ask whoever sent it"):
        read_comparable(path)
    with pytest.raises(UnreadablePackError, match="cannot be read"):
        read_comparable(tmp_path / "none.zip")
    with pytest.raises(UnreadablePackError, match="not an evidence pack"):
        read_comparable(tmp_path)


def test_times_are_utc(tmp_path: Path) -> None:
    timeline = json.loads(unpacked(write(tmp_path / "pack.zip"))["timeline.json"])
    assert timeline["link"]["began"] == "2026-07-29T09:41:07.250Z"
    assert BEGAN.utcoffset() == timedelta(0)
