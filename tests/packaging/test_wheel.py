"""What the wheel holds, and what it says of itself."""

import re
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser

import pytest

import meld_desktop
from tests.packaging.conftest import ROOT
from tests.packaging.files import tracked


@pytest.fixture
def info(archive: zipfile.ZipFile) -> Message:
    """The wheel's METADATA."""
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    return Parser().parsestr(archive.read(name).decode())


def _inside(archive: zipfile.ZipFile, folder: str) -> set[str]:
    return {name.removeprefix(folder) for name in archive.namelist() if name.startswith(folder)}


def test_every_module_and_nothing_else_is_inside(archive: zipfile.ZipFile) -> None:
    ours = {path.relative_to(ROOT / "meld_desktop").as_posix() for path in tracked("meld_desktop")}
    shipped = {name for name in _inside(archive, "meld_desktop/") if not name.startswith("resources/")}
    assert shipped == ours


def test_the_top_of_the_wheel_is_the_package(archive: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in archive.namelist()}
    assert tops == {"meld_desktop", f"meld_desktop-{meld_desktop.__version__}.dist-info"}


def test_every_resource_is_inside(archive: zipfile.ZipFile) -> None:
    ours = {path.relative_to(ROOT / "resources").as_posix() for path in tracked("resources")}
    shipped = _inside(archive, "meld_desktop/resources/")
    assert shipped == ours
    for part in ("icons/meld-desktop.svg", "demo/institutions.json", "frame/frame.html", "linux/meld-desktop.desktop"):
        assert part in shipped


def test_metadata(info: Message) -> None:
    assert info["Name"] == "meld-desktop"
    assert info["Version"] == meld_desktop.__version__
    assert info["License-Expression"] == "MIT"
    assert info["Requires-Python"] == ">=3.11"
    assert info.get_all("Provides-Extra") == ["test"]


def test_what_is_needed_to_run_is_asked_for_and_no_test_tool(info: Message) -> None:
    lines = [line.lower() for line in info.get_all("Requires-Dist", []) if "extra ==" not in line]
    needed = {re.split(r"[^\w-]", line)[0] for line in lines}
    assert {"pyside6", "httpx", "keyring", "truststore", "msgspec", "pycountry", "starlette", "uvicorn"} <= needed
    assert not needed & {"pytest", "mypy", "ruff", "coverage", "hypothesis", "psutil"}


def test_the_licence_is_inside(archive: zipfile.ZipFile, info: Message) -> None:
    assert info.get_all("License-File") == ["LICENSE"]
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/licenses/LICENSE"))
    text = archive.read(name).decode()
    assert text == (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("MIT License\n\nCopyright (c) 2026 The Meld Desktop team\n")


def test_entry_points(archive: zipfile.ZipFile) -> None:
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt"))
    text = archive.read(name).decode()
    assert "[console_scripts]\nmeld-link = meld_desktop.cli:main" in text
    assert "[gui_scripts]\nmeld-desktop = meld_desktop.app:main" in text


def test_the_version_is_written_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" in project["project"]["dynamic"]
    assert "version" not in project["project"]
    assert project["tool"]["hatch"]["version"]["path"] == "meld_desktop/__init__.py"
    written = re.compile(rf"(?<![\d.]){re.escape(meld_desktop.__version__)}(?![\d.])")
    places = [path.relative_to(ROOT).as_posix() for path in tracked() if path.suffix in {".py", ".toml", ".desktop"}]
    assert [place for place in places if written.search((ROOT / place).read_text("utf-8"))] == [
        "meld_desktop/__init__.py"
    ]
