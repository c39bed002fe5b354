"""The installed wheel does its work where nothing of the checkout is in reach."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import meld_desktop
from tests.packaging.conftest import ROOT, Installed


def test_it_is_the_wheel_that_runs(installed: Installed) -> None:
    script = "import json, sys, meld_desktop; print(json.dumps([meld_desktop.__file__, *sys.path]))"
    done = installed.run("python", "-c", script)
    assert done.returncode == 0, done.stderr
    module, *path = json.loads(done.stdout)
    assert Path(module).is_relative_to(installed.folder)
    assert str(ROOT) not in path


def test_both_commands_know_their_version(installed: Installed) -> None:
    for command in ("meld-link", "meld-desktop"):
        done = installed.run(command, "--version")
        assert (done.returncode, done.stderr) == (0, "")
        assert meld_desktop.__version__ in done.stdout


def test_regions(installed: Installed) -> None:
    done = installed.run("meld-link", "regions", "US")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "US\tUnited States"


def test_create_in_demo(installed: Installed) -> None:
    done = installed.run("meld-link", "create", "--customer", "testUser", "--product", "balances")
    assert done.returncode == 0, done.stderr
    address = urlsplit(done.stdout.strip())
    assert address.scheme == "http"
    assert address.hostname in {"127.0.0.1", "localhost"}
    assert "connectToken=" in address.query


def test_the_tour(installed: Installed, tmp_path: Path) -> None:
    done = installed.run("meld-desktop", "--tour", str(tmp_path))
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert result["ok"] is True
    assert result["connected"]["accounts"] > 0
    for name in result["pictures"]:
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
