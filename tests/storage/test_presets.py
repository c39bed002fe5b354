"""The person's own presets on a real disk: whole after any crash, named once, and never in the way of the others."""

import json
import os
import signal
import stat
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from meld_desktop.domain.presets.builtin import BUILT_IN
from meld_desktop.domain.presets.documents import LARGEST, to_json
from meld_desktop.domain.presets.preset import LONGEST_NAME, Preset, PresetError
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.storage.presets import PresetStore, read_preset

ROOT = Path(__file__).resolve().parents[2]
REQUEST = ConnectStartRequest(products=(Product.OWNERS,), regions=("CA-ON",), font="Zürich Ж")
MINE = Preset("Ärzte / Kanada", REQUEST)
on_unix = pytest.mark.skipif(sys.platform == "win32", reason="about Unix permissions and signals")


@pytest.fixture
def store(tmp_path: Path) -> PresetStore:
    return PresetStore(tmp_path / "data")


def names(store: PresetStore) -> list[str]:
    return [stored.preset.name for stored in store.list().presets]


def test_the_first_start(store: PresetStore, tmp_path: Path) -> None:
    assert store.list().presets == ()
    assert store.list().problems == ()
    assert list(tmp_path.iterdir()) == []


def test_there_and_back(store: PresetStore, tmp_path: Path) -> None:
    stored = store.save(MINE)
    assert store.list().presets == (stored,)
    assert stored.preset == MINE
    (file,) = (tmp_path / "data" / "presets").iterdir()
    assert file.read_bytes() == to_json(MINE)
    assert file.name == f"{stored.id}.json"
    assert "Zürich" in file.read_text("utf-8")


@on_unix
def test_nobody_else_may_look(store: PresetStore, tmp_path: Path) -> None:
    stored = store.save(MINE)
    exported = tmp_path / "out.json"
    store.export_file(MINE, exported)
    folder = tmp_path / "data" / "presets"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / f"{stored.id}.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(exported.stat().st_mode) == 0o600


def test_presets_are_listed_by_name(store: PresetStore) -> None:
    for name in ("b", "C", "a"):
        store.save(Preset(name, REQUEST))
    assert names(store) == ["a", "b", "C"]


def test_saving_again_and_renaming_keep_the_id(store: PresetStore) -> None:
    stored = store.save(MINE)
    other = Preset(MINE.name.upper(), ConnectStartRequest(products=(Product.BALANCES,)))
    assert store.save(other, stored.id).id == stored.id
    assert store.list().presets[0].preset == other
    renamed = store.rename(stored.id, " Other ")
    assert (renamed.id, renamed.preset.name, renamed.preset.request) == (stored.id, "Other", other.request)
    assert store.list().presets == (renamed,)


@pytest.mark.parametrize("name", ["mine", " MINE ", "Canada", "verify account", "verify-account"])
def test_a_name_belongs_to_one_preset(store: PresetStore, name: str) -> None:
    store.save(Preset("Mine", REQUEST))
    other = store.save(Preset("Other", REQUEST))
    with pytest.raises(PresetError, match="already a preset called"):
        store.save(Preset(name, REQUEST))
    with pytest.raises(PresetError, match="already a preset called"):
        store.rename(other.id, name)
    assert names(store) == ["Mine", "Other"]


def test_deleting(store: PresetStore) -> None:
    stored, other = store.save(MINE), store.save(Preset("Other", REQUEST))
    store.delete(stored.id)
    store.delete(stored.id)
    assert store.list().presets == (other,)


def test_finding_one(store: PresetStore) -> None:
    stored = store.save(MINE)
    assert store.find("ärzte / KANADA") == store.find(stored.id) == stored
    assert store.find("nothing") is None
    assert [store.named(name) for name in ("ärzte / kanada", stored.id, "nothing", "")] == [MINE, MINE, None, None]
    assert store.named("canada") is BUILT_IN[3].preset


def test_exported_and_imported_it_is_the_same(store: PresetStore, tmp_path: Path) -> None:
    store.export_file(MINE, tmp_path / "out.json")
    assert read_preset(tmp_path / "out.json") == MINE
    imported = [store.import_file(tmp_path / "out.json").preset for _ in range(3)]
    assert [preset.name for preset in imported] == [MINE.name, f"{MINE.name} (2)", f"{MINE.name} (3)"]
    assert {preset.request_for("c").to_json() for preset in imported} == {MINE.request_for("c").to_json()}


def test_a_long_name_makes_room_for_its_number(store: PresetStore, tmp_path: Path) -> None:
    long = Preset("x" * LONGEST_NAME, REQUEST)
    store.save(long)
    store.export_file(long, tmp_path / "out.json")
    assert store.import_file(tmp_path / "out.json").preset.name == "x" * (LONGEST_NAME - 4) + " (2)"


def test_an_import_that_fails_changes_nothing(store: PresetStore, tmp_path: Path) -> None:
    store.save(MINE)
    bad = tmp_path / "bad.json"
    bad.write_text('{"format": "meld-desktop-preset", "version": 9}')
    with pytest.raises(PresetError, match="version 9"):
        store.import_file(bad)
    with pytest.raises(PresetError, match=r"could not be read"):
        store.import_file(tmp_path / "missing.json")
    assert names(store) == [MINE.name]


def test_broken_files_are_named_and_the_others_stay(store: PresetStore, tmp_path: Path) -> None:
    stored = store.save(MINE)
    folder = tmp_path / "data" / "presets"
    (folder / "broken.json").write_text("{")
    (folder / "huge.json").write_bytes(b" " * (LARGEST + 1))
    (folder / "newer.json").write_text('{"format": "meld-desktop-preset", "version": 2}')
    (folder / "notes.txt").write_text("mine")
    (folder / "folder.json").mkdir()
    listed = store.list()
    assert listed.presets == (stored,)
    assert {problem.path.name: str(problem.text) for problem in listed.problems} == {
        "broken.json": "The preset is broken at line 1, column 2. Export it again.",
        "huge.json": "The preset is larger than 64 KiB. Shorten its texts.",
        "newer.json": "The preset was written in version 2; this program reads version 1. "
        "Update Meld Desktop, or export the preset again.",
    }
    assert {path.name for path in folder.iterdir()} >= {"broken.json", "huge.json", "newer.json", "notes.txt"}


@on_unix
def test_a_pipe_among_the_presets_holds_nothing_up(store: PresetStore, tmp_path: Path) -> None:
    stored = store.save(MINE)
    os.mkfifo(tmp_path / "data" / "presets" / "pipe.json")
    assert store.list().presets == (stored,)


def test_only_the_beginning_of_an_endless_file_is_read() -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("there is no endless file here")
    tracemalloc.start()
    try:
        with pytest.raises(PresetError, match="64 KiB"):
            read_preset(Path("/dev/zero"))
        assert tracemalloc.get_traced_memory()[1] < 16 * LARGEST
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("wrong", ["", "../settings", "a/b", ".hidden", "UPPER", "x" * 99])
def test_an_id_is_no_path(store: PresetStore, tmp_path: Path, wrong: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.json").write_text("{}")
    for call in (store.delete, lambda each: store.rename(each, "x")):
        with pytest.raises(PresetError, match="no such preset"):
            call(wrong)
    assert (tmp_path / "data" / "settings.json").exists()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    store = PresetStore(tmp_path / "data")
    with pytest.raises(PresetError, match=r"could not be (read|written)"):
        store.save(MINE)
    with pytest.raises(PresetError, match="could not be written"):
        store.export_file(MINE, tmp_path / "data" / "out.json")


WRITER = """
import sys
import tracemalloc
from pathlib import Path
from meld_desktop.domain.presets.preset import Preset
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.storage.presets import PresetStore
store = PresetStore(Path(sys.argv[1]))
stored = store.save(Preset("Mine", ConnectStartRequest(font="0" * 30000)))
print("ready", flush=True)
for number in range(10**9):
    store.save(Preset("Mine", ConnectStartRequest(font=str(number % 10) * 30000)), stored.id)
"""


@on_unix
def test_killed_while_writing_the_file_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    for round_ in range(5):
        data = tmp_path / str(round_)
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(data)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert child.stdout is not None
        with child.stdout:
            assert child.stdout.readline() == b"ready\n"
            child.send_signal(signal.SIGKILL)
            child.wait()
        listed = PresetStore(data).list()
        assert listed.problems == ()
        (stored,) = listed.presets
        assert len(stored.preset.request.font) == 30000
        assert len(set(stored.preset.request.font)) == 1


def test_what_a_killed_writer_left_is_swept_in_time(store: PresetStore, tmp_path: Path) -> None:
    store.save(MINE)
    folder = tmp_path / "data" / "presets"
    old, young = folder / ".unfinished-old", folder / ".unfinished-young"
    for left in (old, young):
        left.write_text("half")
    os.utime(old, (0, 0))
    store.save(Preset("Other", REQUEST))
    assert (old.exists(), young.exists()) == (False, True)


def test_no_file_holds_a_customer(store: PresetStore, tmp_path: Path) -> None:
    store.save(Preset("Mine", ConnectStartRequest(external_customer_id="support-4711", products=(Product.OWNERS,))))
    for path in tmp_path.rglob("*.json"):
        assert b"support-4711" not in path.read_bytes()
        assert set(json.loads(path.read_bytes())["request"]) == {"products"}
