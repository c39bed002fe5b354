"""Manners of the repository's own files."""

import shutil
import subprocess

import pytest

from tests.packaging.files import ROOT, tracked

# In pieces, so that this file does not name them either. Where packages come from is the installing machine's affair.
_NOT_NAMED = [
    "".join(pieces)
    for pieces in (
        ("/wo", "rk/"),
        ("py", "pi.org"),
        ("python", "hosted.org"),
        ("deb.", "debian.org"),
        ("npm", "js.org"),
        ("go", "lang.org"),
    )
]


def _texts() -> list[tuple[str, str]]:
    contents = ((path.relative_to(ROOT).as_posix(), path.read_bytes()) for path in tracked())
    return [(name, content.decode("utf-8")) for name, content in contents if b"\0" not in content]


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    found = [(name, word) for name, text in _texts() for word in _NOT_NAMED if word in text]
    assert not found


def test_every_text_file_ends_with_a_line_end_and_has_no_carriage_returns() -> None:
    texts = _texts()
    assert len(texts) > 100
    assert not [name for name, text in texts if text and not text.endswith("\n")]
    assert not [name for name, text in texts if "\r" in text]


def test_no_module_has_outgrown_its_room() -> None:
    long = {name: text.count("\n") for name, text in _texts() if name.startswith("meld_desktop/")}
    assert not {name: lines for name, lines in long.items() if lines > 400}


def test_the_visible_top_level_is_the_agreed_one() -> None:
    tops = {path.relative_to(ROOT).parts[0] for path in tracked()}
    agreed = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "meld_desktop", "resources", "tests"}
    assert {top for top in tops if not top.startswith(".")} <= agreed


def test_the_desktop_file_is_valid() -> None:
    validator = shutil.which("desktop-file-validate")
    if validator is None:
        pytest.skip("desktop-file-utils is not installed")
    file = ROOT / "resources" / "linux" / "meld-desktop.desktop"
    done = subprocess.run([validator, str(file)], capture_output=True, text=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
