"""Presets off the GUI thread: real files, the same body byte for byte, and plain words when something is wrong."""

import json
import os
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from meld_desktop.domain.presets.builtin import BUILT_IN
from meld_desktop.domain.presets.preset import Preset
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.services.presets import Action, Done, Presets
from meld_desktop.services.worker import Worker
from meld_desktop.storage.presets import PresetList, PresetStore
from tests.services.conftest import Heard

REQUEST = ConnectStartRequest(
    "support-4711", (Product.OWNERS,), (Product.TRANSACTIONS,), ("US", "CA-ON"), show_border=False, font="Ünïcødé “q”"
)


@pytest.fixture
def presets(worker: Worker, parent: QObject, tmp_path: Path) -> Presets:
    return Presets(worker, tmp_path, "", parent)


def saved(presets: Presets, qtbot: QtBot, name: str = "Mine") -> Done:
    with qtbot.waitSignal(presets.done) as caught:
        presets.save(Preset(name, REQUEST))
    done: Done = caught.args[0]
    return done


def failure(presets: Presets, qtbot: QtBot, act: object) -> str:
    with qtbot.waitSignal(presets.failed) as caught:
        act()  # type: ignore[operator]
    return str(caught.args[0])


def test_a_preset_gives_the_same_body_byte_for_byte(presets: Presets, qtbot: QtBot, tmp_path: Path) -> None:
    saved(presets, qtbot)
    (stored,) = PresetStore(tmp_path).list().presets
    assert stored.preset.request_for("support-4711").to_json() == REQUEST.to_json()
    assert "support-4711" not in next((tmp_path / "presets").iterdir()).read_text("utf-8")


def test_the_list_comes_before_the_news(presets: Presets, qtbot: QtBot) -> None:
    heard = Heard().listen(listed=presets.listed, done=presets.done)
    done = saved(presets, qtbot)
    assert heard.names == ["listed", "done"]
    assert (done.action, done.preset.name) == (Action.SAVED, "Mine")
    assert presets.current is not None
    assert [stored.id for stored in presets.current.presets] == [done.id]


def test_all_that_can_be_done(presets: Presets, qtbot: QtBot, tmp_path: Path) -> None:
    first = saved(presets, qtbot)
    with qtbot.waitSignal(presets.done) as caught:
        presets.rename(first.id, "Yours")
    assert (caught.args[0].action, caught.args[0].id, caught.args[0].preset.name) == (Action.RENAMED, first.id, "Yours")
    out = tmp_path / "out.json"
    with qtbot.waitSignal(presets.done) as caught:
        presets.export_file(Preset("Yours", REQUEST), out)
    assert (caught.args[0].action, caught.args[0].path) == (Action.EXPORTED, out)
    with qtbot.waitSignal(presets.done) as caught:
        presets.import_file(out)
    assert (caught.args[0].action, caught.args[0].preset.name) == (Action.IMPORTED, "Yours (2)")
    assert caught.args[0].preset.request_for("a").to_json() == REQUEST.to_json().replace("support-4711", "a")
    assert presets.current is not None
    assert len(presets.current.presets) == 2
    with qtbot.waitSignal(presets.done) as caught:
        presets.delete(presets.current.presets[0])
    assert caught.args[0].action is Action.DELETED
    with qtbot.waitSignal(presets.listed) as listed:
        presets.load()
    left: PresetList = listed.args[0]
    assert [stored.preset.name for stored in left.presets] == ["Yours (2)"]


def test_changes_happen_one_after_the_other(presets: Presets, qtbot: QtBot) -> None:
    heard = Heard().listen(done=presets.done, failed=presets.failed)
    for number in range(8):
        presets.save(Preset(f"Number {number}", REQUEST))
    presets.save(Preset("number 3", REQUEST))
    qtbot.waitUntil(lambda: len(heard.said) == 9)
    assert heard.names == [*["done"] * 8, "failed"]
    assert presets.current is not None
    assert len(presets.current.presets) == 8


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "broken at line 1"),
        (b"x" * 70_000, "larger than 64 KiB"),
        (json.dumps({"format": "meld-desktop-preset", "version": 9, "name": "x", "request": {}}).encode(), "version 9"),
        (
            json.dumps(
                {"format": "meld-desktop-preset", "version": 1, "name": "x", "request": {}, "key": "k"}
            ).encode(),
            "“key”",
        ),
        (b"\xff\xfe", "broken"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_reason(
    presets: Presets, qtbot: QtBot, tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    said = failure(presets, qtbot, lambda: presets.import_file(tmp_path / "bad.json"))
    assert words in said
    assert said.startswith("bad.json: ")
    assert presets.current is not None
    assert presets.current.presets == ()


def test_a_name_that_is_taken_is_refused(presets: Presets, qtbot: QtBot) -> None:
    saved(presets, qtbot)
    assert "already a preset" in failure(presets, qtbot, lambda: presets.save(Preset("MINE", REQUEST)))
    assert "already a preset" in failure(presets, qtbot, lambda: presets.save(Preset("Canada", REQUEST)))


@pytest.mark.skipif(os.name == "nt", reason="a file for a folder is refused otherwise there")
def test_a_folder_that_cannot_be_made_is_said(presets: Presets, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "presets").write_text("in the way")
    assert "could not be" in failure(presets, qtbot, lambda: presets.save(Preset("Mine", REQUEST)))
    assert "could not be read" in failure(presets, qtbot, presets.load)


def test_the_default(presets: Presets, qtbot: QtBot) -> None:
    heard = Heard().listen(default=presets.default_changed)
    done = saved(presets, qtbot)
    presets.set_default(done.id)
    presets.set_default(done.id)
    assert presets.default_id == done.id
    assert presets.current is not None
    with qtbot.waitSignal(presets.done):
        presets.delete(presets.current.presets[0])
    assert heard.said == [("default", done.id), ("default", "")]


def test_find(presets: Presets, qtbot: QtBot) -> None:
    done = saved(presets, qtbot)
    for name in (done.id, "mine"):
        with qtbot.waitSignal(presets.found) as caught:
            presets.find(name)
        assert caught.args[0] == done.preset
    heard = Heard().listen(found=presets.found)
    presets.find(BUILT_IN[0].id)
    assert heard.said == [("found", BUILT_IN[0].preset)], "without waiting for the disk"
    with qtbot.waitSignal(presets.found) as caught:
        presets.find("gone")
    assert caught.args[0] is None


def test_the_disk_is_never_used_on_the_main_thread(
    presets: Presets, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[str] = set()
    for name in ("list", "save", "find"):
        real = getattr(PresetStore, name)

        def spy(*arguments: object, _real: object = real) -> object:
            threads.add(threading.current_thread().name)
            return _real(*arguments)  # type: ignore[operator]

        monkeypatch.setattr(PresetStore, name, spy)
    saved(presets, qtbot)
    with qtbot.waitSignal(presets.found):
        presets.find("mine")
    assert threads == {"lane"}


def test_a_disk_that_hangs_is_said(presets: Presets, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    held = threading.Event()
    monkeypatch.setattr("meld_desktop.services.presets.DISK_SECONDS", 0.05)
    monkeypatch.setattr(PresetStore, "list", lambda self: held.wait(20))
    try:
        assert "The disk does not answer" in failure(presets, qtbot, presets.load)
    finally:
        held.set()
