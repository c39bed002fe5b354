"""``meld-link verify``: what people and scripts are told about a pack."""

import json
from pathlib import Path

import pytest

from meld_desktop.cli import main
from tests.support.command_line import run
from tests.support.evidence import write


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return write(tmp_path / "pack.zip")


@pytest.fixture
def changed(good: Path) -> Path:
    from meld_desktop.evidence.pack import packed
    from tests.support.evidence import unpacked

    files = unpacked(good)
    raw = packed({name: content for name, content in files.items() if name != "SHA256SUMS"})
    good.write_bytes(raw.replace(b"pictures/005-connect_complete.png", b"pictures/006-connect_complete.png"))
    return good


def test_a_whole_pack(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(good)]) == 0
    said = capsys.readouterr()
    assert said.out == "OK  7 files are as they were saved.\n"
    assert said.err == ""


def test_a_changed_pack_is_wrong_input_and_says_what_and_what_next(
    changed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(changed)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "“pictures/005-connect_complete.png” is missing." in said.err
    assert "“pictures/006-connect_complete.png” was not in the pack when it was saved." in said.err
    assert "Do not rely on this file." in said.err
    assert all(line.startswith("meld-link: ") for line in said.err.splitlines())


def test_as_json(good: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(good), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "file": str(good),
        "ok": True,
        "isPack": True,
        "files": 7,
        "problems": [],
        "next": "",
    }


def test_a_changed_pack_as_json(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--json", str(changed)]) == 2
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["isPack"], said["files"]) == (False, True, 6)
    assert len(said["problems"]) == 2
    assert said["next"]


@pytest.mark.parametrize("as_json", [[], ["--json"]])
@pytest.mark.parametrize(
    ("name", "words"),
    [("none.zip", "There is no such file."), ("folder", "not an evidence pack"), ("a\0b", "cannot be read")],
)
def test_what_is_no_file(
    name: str, words: str, as_json: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    assert main(["verify", *as_json, str(tmp_path / name)]) == 2
    said = capsys.readouterr()
    if as_json:
        told = json.loads(said.out)
        assert (told["ok"], told["isPack"]) == (False, False)
        assert words in told["problems"][0]
    else:
        assert said.out == ""
        assert words in said.err


def test_another_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x.zip").write_bytes(b"not a zip at all")
    assert main(["verify", str(tmp_path / "x.zip")]) == 2
    said = capsys.readouterr().err
    assert "This is not an evidence pack." in said
    assert "Choose a .zip" in said


@pytest.mark.parametrize("words", [[], ["a.zip", "b.zip"], ["--jsn", "a.zip"]])
def test_wrong_words(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", *words]) == 2
    assert "usage: meld-link verify" in capsys.readouterr().err


def test_help_says_what_it_shows_and_what_it_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--help"]) == 0
    said = capsys.readouterr().out
    for words in ("FILE", "--json", "SHA-256", "It does not show who wrote", "exit codes:", "  2    no such file"):
        assert words in said


def test_as_a_command_of_its_own(good: Path) -> None:
    done = run("verify", good.name, "--json", PYTHONPATH=str(Path(__file__).resolve().parents[2]))
    assert done.returncode == 2  # looked for where the command runs
    done = run("verify", str(good))
    assert (done.returncode, done.stdout, done.stderr) == (0, "OK  7 files are as they were saved.\n", "")
