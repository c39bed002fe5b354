"""The wheel, built once, and a place where it is installed alone, far from the checkout."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_OFFLINE = ("No matching distribution found for hatchling", "Could not find a version that satisfies")


@dataclass(frozen=True)
class Installed:
    """A virtual environment with the wheel in it, and a home of its own."""

    folder: Path
    home: Path

    def run(self, command: str, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run an installed command to its end."""
        return subprocess.run(
            [self.path(command), *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=self.home,
            env=self._environment() | env,
            timeout=180,
        )

    def path(self, command: str) -> Path:
        """Return where the launcher of ``command`` lies."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin") / (command + (".exe" if os.name == "nt" else ""))

    def _environment(self) -> dict[str, str]:
        left_out = {"PYTHONPATH", "MELD_API_KEY", "VIRTUAL_ENV", "DISPLAY", "WAYLAND_DISPLAY"}
        kept = {name: value for name, value in os.environ.items() if name not in left_out}
        return kept | {"HOME": str(self.home), "PYTHONUTF8": "1", "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": ""}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    alone = ["--no-build-isolation"] if find_spec("hatchling") else []
    built = _pip("wheel", str(ROOT), "--no-deps", "--quiet", "--wheel-dir", str(folder), *alone)
    if built.returncode and any(words in built.stderr for words in _OFFLINE):
        pytest.skip("the build backend cannot be fetched: no network")
    assert built.returncode == 0, built.stderr
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="session")
def archive(wheel: Path) -> Iterator[zipfile.ZipFile]:
    """What is in the wheel."""
    with zipfile.ZipFile(wheel) as opened:
        yield opened


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel installed where nothing of the checkout is in reach.

    Its dependencies are those of the running Python, by one line in a .pth file: an editable install of the checkout,
    which has a .pth file of its own there, is not seen that way.
    """
    folder = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(folder, with_pip=False)
    place = Installed(folder, tmp_path_factory.mktemp("home"))
    done = _pip("--python", str(place.path("python")), "install", "--quiet", "--no-deps", "--no-index", str(wheel))
    assert done.returncode == 0, done.stderr
    asked = [str(place.path("python")), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    folders = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (site / "dependencies.pth").write_text("\n".join(folders) + "\n", encoding="utf-8")
    return place


def _pip(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *words], capture_output=True, text=True
    )
