"""The walls of the house: who may import whom, and what must not be loaded before it is needed."""

import json
import pkgutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import meld_desktop

ROOT = Path(__file__).resolve().parents[2]
LOWER_ROOMS = ("domain", "api", "storage", "mock", "cli", "doctor", "evidence", "locations")
HEAVY = ("PySide6", "httpx", "keyring", "pycountry", "starlette", "uvicorn", "truststore")

MODULES = [
    module.name
    for module in pkgutil.walk_packages(meld_desktop.__path__, "meld_desktop.")
    if "__main__" not in module.name
]
LOWER = [name for name in MODULES if name.split(".")[1] in LOWER_ROOMS]
NOT_AT_THE_START = (
    "domain.banks.picker",
    "domain.delivery",
    "domain.messages",
    "domain.presets.documents",
    "domain.witness.session",
    "evidence",
    "services.delivery",
    "services.templates",
    "storage.institutions",
    "storage.links",
    "ui.banks",
    "ui.form.region_browser",
    "ui.links",
    "ui.result.timeline",
    "ui.result.token_pane",
    "ui.share.dialog",
)
"""What serves a link that was made, or a panel or dialog that was opened."""


def run(program: str) -> str:
    """Run ``program`` in a fresh interpreter and return what it prints."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def loaded_by(*statements: str) -> set[str]:
    """Return the top-level packages loaded after ``statements``; of Qt and of ours, the parts by their full name."""
    report = "import json, sys; print(json.dumps([name for name in sys.modules]))"
    names = json.loads(run("\n".join([*statements, report])).splitlines()[-1])
    parts = {name for name in names if name.startswith(("PySide6.", "meld_desktop."))}
    return {name.partition(".")[0] for name in names} | parts


def test_the_rooms_were_found() -> None:
    assert {name.split(".")[1] for name in LOWER} == set(LOWER_ROOMS)
    assert len(LOWER) > 30


def test_the_walls_of_pyproject_hold() -> None:
    program = f"""
import os
os.chdir({str(ROOT)!r})
from importlinter.application.use_cases import lint_imports
from importlinter.configuration import configure
configure()
raise SystemExit(not lint_imports(cache_dir=None))
"""
    said = run(program)
    assert "0 broken" in said
    assert sum(line.endswith(" KEPT") for line in said.splitlines()) >= 4, said


BLOCK = """
import importlib, sys
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6"}:
            raise ImportError(f"{name} is not here")
sys.meta_path.insert(0, Wall())
"""


def test_the_lower_rooms_and_what_the_command_line_uses_of_services_need_no_qt() -> None:
    names = [*LOWER, "meld_desktop.services.lane", "meld_desktop.services.demo"]
    run(f"{BLOCK}\nfor name in {names!r}: importlib.import_module(name)")


def test_the_wall_of_the_last_test_stands() -> None:
    assert run(f"{BLOCK}\ntry: import PySide6\nexcept ImportError: print('kept out')") == "kept out\n"


def test_the_command_line_loads_nothing_slow() -> None:
    for statement in (
        "import meld_desktop.cli",
        "import meld_desktop.cli.create",
        "import meld_desktop.cli.request_arguments",
    ):
        assert not loaded_by(statement) & set(HEAVY), statement


def test_help_loads_nothing_slow() -> None:
    call = "with contextlib.suppress(SystemExit): cli.main(['create', '--help'])"
    assert not loaded_by("import contextlib, meld_desktop.cli as cli", call) & set(HEAVY)


def test_domain_stands_alone() -> None:
    domain = [name for name in LOWER if name.split(".")[1] == "domain"]
    assert not loaded_by(*(f"import {name}" for name in domain)) & {*HEAVY, "msgspec"}


@pytest.mark.skipif(find_spec("PySide6") is None, reason="PySide6 is not installed")
def test_the_window_loads_nothing_before_it_is_needed() -> None:
    loaded = loaded_by("import meld_desktop.app.composition")
    assert "PySide6.QtWidgets" in loaded
    assert not loaded & (set(HEAVY) - {"PySide6"})
    assert not [name for name in loaded if "WebEngine" in name or "QtNetwork" in name]
    assert {f"meld_desktop.{name}" for name in NOT_AT_THE_START} <= set(MODULES)
    assert not loaded & {f"meld_desktop.{name}" for name in NOT_AT_THE_START}


ONLY_IMPORTER = {"httpx": "meld_desktop/api", "keyring": "meld_desktop/storage", "sqlite3": "meld_desktop/storage"}


@pytest.mark.parametrize("library", ONLY_IMPORTER)
def test_the_only_importer(library: str) -> None:
    import ast

    for path in (ROOT / "meld_desktop").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            if any(name.partition(".")[0] == library for name in names):
                assert path.relative_to(ROOT).as_posix().startswith(ONLY_IMPORTER[library]), path
