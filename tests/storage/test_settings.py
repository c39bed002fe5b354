"""Settings on a real disk: whole after any crash, never lost without a copy, and never holding a secret."""

import dataclasses
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from meld_desktop.storage.paths import default_data_dir
from meld_desktop.storage.settings import DamagedSettingsError, Settings, load_settings, save_settings

SOME = Settings(
    environment="custom",
    custom_base_url="https://meld.example.com",
    theme="dark",
    geometry="AdnQywADAAA=",
    splitter=(400, 800),
    appearance_open=True,
)
ROOT = Path(__file__).resolve().parents[2]
on_unix = pytest.mark.skipif(sys.platform == "win32", reason="about Unix permissions and signals")


def child(program: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *words],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_the_first_start(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "never" / "made") == Settings()
    assert Settings().environment == "demo"
    assert list(tmp_path.iterdir()) == []


def test_there_and_back(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    save_settings(folder, SOME)
    assert load_settings(folder) == SOME
    save_settings(folder, Settings())
    assert load_settings(folder) == Settings()
    assert [path.name for path in folder.iterdir()] == ["settings.json"]


def test_the_file_can_be_read_by_a_person(tmp_path: Path) -> None:
    save_settings(tmp_path, SOME)
    text = (tmp_path / "settings.json").read_text()
    assert text.count("\n") > 5
    assert json.loads(text) == {
        "version": 1, "environment": "custom", "custom_base_url": "https://meld.example.com", "theme": "dark",
        "geometry": "AdnQywADAAA=", "splitter": [400, 800], "appearance_open": True,
        "view_size": "phone", "zoom": 100, "windows_as_tabs": False, "software_rendering": False,
    }  # fmt: skip


def test_nothing_about_a_customer_or_a_secret_has_a_place() -> None:
    assert {field.name for field in dataclasses.fields(Settings)} == {
        "version", "environment", "custom_base_url", "theme", "geometry", "splitter", "appearance_open",
        "view_size", "zoom", "windows_as_tabs", "software_rendering",
    }  # fmt: skip


@on_unix
def test_nobody_else_may_look(tmp_path: Path) -> None:
    save_settings(tmp_path / "new", SOME)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "new" / "settings.json").stat().st_mode) == 0o600


def test_what_an_older_version_wrote_and_what_it_did_not_know(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"version": 1, "theme": "dark", "dropped": [1, 2]}')
    assert load_settings(tmp_path) == Settings(theme="dark")


DAMAGED = {
    "empty": b"",
    "cut off": b'{"version": 1, "theme": "da',
    "zeros": b"\0" * 500,
    "no object": b"[1, 2]",
    "wrong type": b'{"theme": 7}',
    "no text": b'{"theme": "\xff\xfe"}',
    "endless": b'{"x": ' + b"[" * 100_000,
    "newer": b'{"version": 2, "theme": "dark"}',
    "newer and different": b'{"version": 3, "theme": {"name": "dark"}}',
    "oversized": b'{"geometry": "' + b"a" * 300_000 + b'"}',
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_file_that_cannot_be_used_is_kept_aside(tmp_path: Path, what: str) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(DAMAGED[what])
    with pytest.raises(DamagedSettingsError) as caught:
        load_settings(tmp_path)
    kept = caught.value.kept_as
    assert kept is not None
    assert kept.parent == tmp_path
    assert kept.read_bytes() == DAMAGED[what]
    assert load_settings(tmp_path) == Settings()
    save_settings(tmp_path, SOME)
    assert load_settings(tmp_path) == SOME
    assert kept.read_bytes() == DAMAGED[what]


def test_a_file_that_cannot_be_read_is_said_and_left(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    with pytest.raises(OSError, match="settings"):
        load_settings(tmp_path)
    with pytest.raises(OSError, match="settings"):
        save_settings(tmp_path, SOME)
    assert [path.name for path in tmp_path.iterdir()] == ["settings.json"]


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        save_settings(tmp_path / "file" / "settings", SOME)


READ_ONLY = """
import os, pathlib, sys
from meld_desktop.storage.settings import DamagedSettingsError, Settings, load_settings, save_settings
save_settings(pathlib.Path(sys.argv[1]).with_name("open"), Settings())  # whatever is imported late, is now
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
folder = pathlib.Path(sys.argv[1])
try:
    save_settings(folder, Settings(theme="light"))
except OSError as error:
    print(type(error).__name__)
try:
    load_settings(folder)
except DamagedSettingsError as error:
    print(error.kept_as)
"""


@on_unix
def test_a_read_only_folder(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):  # pytest's own folders are closed to the unprivileged user
        if folder.stat().st_uid == os.getuid():
            folder.chmod(0o755)
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "settings.json").write_text("damaged")
    (folder / "settings.json").chmod(0o644)
    folder.chmod(0o555)
    try:
        with child(READ_ONLY, str(folder)) as process:
            said, _ = process.communicate(timeout=30)
    finally:
        folder.chmod(0o755)
    assert said.split() == ["PermissionError", "None"]
    assert [path.name for path in folder.iterdir()] == ["settings.json"]
    assert (folder / "settings.json").read_text() == "damaged"


WRITE_FOREVER = """
import itertools, pathlib, sys
from meld_desktop.storage.settings import Settings, save_settings
for letter in itertools.cycle("ab"):
    save_settings(pathlib.Path(sys.argv[1]), Settings(geometry=letter * 100_000))
    print(letter, flush=True)
"""


def assert_whole(settings: Settings) -> None:
    assert settings.geometry in {"a" * 100_000, "b" * 100_000}


@on_unix
def test_whole_after_being_killed_at_any_moment(tmp_path: Path) -> None:
    for turn in range(8):
        with child(WRITE_FOREVER, str(tmp_path)) as process:
            assert process.stdout is not None
            for _ in range(2 + 3 * turn):
                process.stdout.readline()
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        assert process.returncode == -signal.SIGKILL
        assert_whole(load_settings(tmp_path))


def test_a_reader_never_sees_half_of_it(tmp_path: Path) -> None:
    save_settings(tmp_path, Settings(geometry="a" * 100_000))
    done = threading.Event()

    def write() -> None:
        for turn in range(60):
            save_settings(tmp_path, Settings(geometry="ab"[turn % 2] * 100_000))
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    reads = 0
    while not done.is_set():
        assert_whole(load_settings(tmp_path))
        reads += 1
    writer.join()
    assert reads > 10


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the folder of Linux")
def test_the_folder_of_this_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_data_dir() == tmp_path / "meld-desktop"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", "/home/someone")
    assert default_data_dir() == Path("/home/someone/.local/share/meld-desktop")


def test_what_a_killed_writer_left_is_swept_away(tmp_path: Path) -> None:
    old, young = tmp_path / ".settings-old", tmp_path / ".settings-young"
    old.touch()
    young.touch()
    os.utime(old, (0, 0))
    save_settings(tmp_path, Settings())
    assert not old.exists()
    assert young.exists()
