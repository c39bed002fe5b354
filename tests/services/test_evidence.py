"""Packs are written and read off the GUI thread; what goes wrong is said in words, and leaves nothing behind."""

import errno
import os
import stat
import sys
import threading
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from meld_desktop import __version__
from meld_desktop.domain.text import Text
from meld_desktop.domain.witness.compare import Section
from meld_desktop.domain.witness.session import Comparable
from meld_desktop.evidence.verify import verify_pack
from meld_desktop.services.evidence import Evidence, cause_of, versions
from meld_desktop.services.keys import Keys
from meld_desktop.services.witness import Witness
from meld_desktop.services.worker import Worker
from tests.services.conftest import Heard
from tests.ui.bench import Drawer
from tests.ui.timelines import BEGAN, KEY, TOKEN, link


@pytest.fixture
def evidence(worker: Worker, parent: QObject) -> Evidence:
    keys = Keys(worker, Drawer(), {"MELD_API_KEY": KEY}, parent)
    return Evidence(worker, keys, parent, now=lambda: BEGAN)


@pytest.fixture
def witness(parent: QObject) -> Witness:
    witness = Witness(parent)
    witness.begin(link())
    witness.person(Text("Said {key}", key=f"the key is {KEY}"))
    witness.flush()
    return witness


def _everything_in(path: Path) -> bytes:
    with zipfile.ZipFile(path) as pack:
        return b"\n".join(pack.read(name) for name in pack.namelist())


def test_a_pack_is_written_and_holds_no_secret(
    evidence: Evidence, witness: Witness, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "pack.zip"
    with qtbot.waitSignal(evidence.saved) as saved:
        evidence.save(witness.sessions[0], path, f"a note with {KEY}", "T-1")
        assert evidence.is_saving
    assert saved.args == [path]
    assert not evidence.is_saving
    assert verify_pack(path).ok
    inside = _everything_in(path)
    assert b"a note with" in inside
    assert b"T-1" in inside
    assert KEY.encode() not in inside
    assert TOKEN.encode() not in inside
    assert [file.name for file in tmp_path.iterdir()] == ["pack.zip"]
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_is_written_on_another_thread_from_the_session_as_it_was(
    evidence: Evidence, witness: Witness, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from meld_desktop.evidence import pack

    held, threads = threading.Event(), []
    real = pack.write_pack

    def slow(*arguments: object, **named: object) -> None:
        threads.append(threading.current_thread())
        held.wait(20)
        real(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(pack, "write_pack", slow)
    with qtbot.waitSignal(evidence.saved):
        evidence.save(witness.sessions[0], tmp_path / "pack.zip")
        witness.person(Text("After the fact"))
        witness.flush()
        held.set()
    assert threads[0] is not threading.main_thread()
    assert b"After the fact" not in _everything_in(tmp_path / "pack.zip")


def test_what_is_cancelled_replaces_nothing(
    evidence: Evidence, witness: Witness, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from meld_desktop.evidence import pack

    begun, held, done = threading.Event(), threading.Event(), threading.Event()
    real = pack.write_pack

    def slow(*arguments: object, **named: object) -> None:
        begun.set()
        held.wait(20)
        real(*arguments, **named)  # type: ignore[arg-type]
        done.set()

    monkeypatch.setattr(pack, "write_pack", slow)
    path = tmp_path / "pack.zip"
    path.write_bytes(b"what was there before")
    heard = Heard().listen(saved=evidence.saved, failed=evidence.failed, cancelled=evidence.cancelled)
    evidence.save(witness.sessions[0], path)
    qtbot.waitUntil(begun.is_set)
    evidence.cancel()
    assert heard.names == ["cancelled"]
    assert not evidence.is_saving
    held.set()
    qtbot.waitUntil(done.is_set)
    qtbot.waitUntil(lambda: [file.name for file in tmp_path.iterdir()] == ["pack.zip"])
    assert path.read_bytes() == b"what was there before"
    assert heard.names == ["cancelled"]


def test_a_second_pack_can_be_saved_after_the_first(
    evidence: Evidence, witness: Witness, tmp_path: Path, qtbot: QtBot
) -> None:
    for name in ("one.zip", "two.zip"):
        with qtbot.waitSignal(evidence.saved):
            evidence.save(witness.sessions[0], tmp_path / name)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["one.zip", "two.zip"]


def _problem(evidence: Evidence, witness: Witness, path: Path, qtbot: QtBot) -> str:
    with qtbot.waitSignal(evidence.failed) as failed:
        evidence.save(witness.sessions[0], path)
    assert failed.args is not None
    assert not evidence.is_saving
    return str(failed.args[0])


def test_a_folder_that_is_gone_is_named(evidence: Evidence, witness: Witness, tmp_path: Path, qtbot: QtBot) -> None:
    said = _problem(evidence, witness, tmp_path / "gone" / "pack.zip", qtbot)
    assert said == "This folder does not exist any more. Choose another folder."


def test_the_name_of_a_folder_is_no_file(evidence: Evidence, witness: Witness, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "pack.zip").mkdir()
    assert "name of a folder" in _problem(evidence, witness, tmp_path / "pack.zip", qtbot)


@pytest.fixture
def as_nobody() -> Iterator[None]:
    """Give up root's rights for a while: root may write everywhere."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    yield
    if is_root:
        os.seteuid(0)


@pytest.mark.skipif(sys.platform == "win32", reason="rights work otherwise there")
def test_a_folder_without_permission(
    evidence: Evidence, witness: Witness, tmp_path: Path, qtbot: QtBot, as_nobody: None
) -> None:
    closed = tmp_path if os.getuid() == 0 else Path("/")
    assert "You may not write" in _problem(evidence, witness, closed / "pack.zip", qtbot)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.EROFS, "read-only"),
        (errno.EACCES, "may not write"),
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "share of the disk"),
        (errno.ENAMETOOLONG, "too long"),
        (errno.EIO, "fault"),
        (errno.ELOOP, "could not be written"),
    ],
)
def test_each_cause_has_words_and_a_next_step(
    evidence: Evidence,
    witness: Witness,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    words: str,
) -> None:
    def refuse(self: Path, target: Path) -> Path:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "replace", refuse)
    said = _problem(evidence, witness, tmp_path / "pack.zip", qtbot)
    assert words in said
    assert "hoose" in said
    assert list(tmp_path.iterdir()) == []
    assert str(cause_of(OSError(code, os.strerror(code)))) == said


def test_a_bug_is_told_too_and_reaches_the_crash_dialog(
    witness: Witness, parent: QObject, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from meld_desktop.evidence import pack

    def broken(*arguments: object, **named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(pack, "write_pack", broken)
    worker = Worker(parent)
    evidence = Evidence(worker, Keys(worker, Drawer(), {}, parent), parent)
    with qtbot.waitSignals([evidence.failed, worker.broke]):
        evidence.save(witness.sessions[0], tmp_path / "pack.zip")
    worker.close()
    assert not evidence.is_saving


def test_the_suggested_name_says_when_and_nothing_of_the_customer(
    worker: Worker, parent: QObject, witness: Witness
) -> None:
    at = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
    evidence = Evidence(worker, Keys(worker, Drawer(), {}, parent), parent, now=lambda: at)
    assert evidence.suggested_name() == f"meld-evidence-{at.astimezone():%Y%m%d-%H%M}.zip"


def test_the_versions_that_a_support_team_asks_for() -> None:
    found = versions()
    assert found["Meld Desktop"] == __version__
    assert {"Qt", "PySide6", "Python", "System"} <= set(found)
    assert all(found.values())
    assert ("Chromium" in found) == ("PySide6.QtWebEngineCore" in sys.modules)


def test_a_pack_is_read_and_compared(evidence: Evidence, witness: Witness, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "pack.zip"
    with qtbot.waitSignal(evidence.saved):
        evidence.save(witness.sessions[0], path)
    with qtbot.waitSignal(evidence.loaded) as loaded:
        evidence.load(path)
    assert loaded.args is not None
    packed = loaded.args[0]
    assert isinstance(packed, Comparable)
    other = Comparable(
        "other", {**packed.request, "institutionSearchString": "Oak"}, packed.hops, packed.events, "Else"
    )
    with qtbot.waitSignal(evidence.compared) as compared:
        evidence.compare(packed, other)
    assert compared.args is not None
    assert {difference.section for difference in compared.args[0]} == {Section.REQUEST, Section.OUTCOME}


def test_a_session_does_not_differ_from_its_own_pack(evidence: Evidence, tmp_path: Path, qtbot: QtBot) -> None:
    witness = Witness(evidence)
    session = witness.begin(link("anna@customers.example"))
    path = tmp_path / "pack.zip"
    with qtbot.waitSignal(evidence.saved):
        evidence.save(session, path)
    assert b"anna@customers.example" not in _everything_in(path)
    with qtbot.waitSignal(evidence.loaded) as loaded:
        evidence.load(path)
    assert loaded.args is not None
    with qtbot.waitSignal(evidence.compared) as compared:
        evidence.compare(session, loaded.args[0])
    assert compared.args == [()]


@pytest.mark.parametrize("content", [None, b"", b"not a zip at all"])
def test_what_is_no_pack_is_said_in_words(
    evidence: Evidence, tmp_path: Path, qtbot: QtBot, content: bytes | None
) -> None:
    path = tmp_path / "pack.zip"
    if content is not None:
        path.write_bytes(content)
    with qtbot.waitSignal(evidence.unreadable) as unreadable:
        evidence.load(path)
    assert unreadable.args is not None
    assert isinstance(unreadable.args[0], Text)
    assert str(unreadable.args[0])
