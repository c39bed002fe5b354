"""The files of the checkout that belong to the project."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@cache
def _all() -> tuple[Path, ...]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = [git, "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    return tuple(sorted(path for name in listed.split(b"\0") if name and (path := ROOT / os.fsdecode(name)).is_file()))


def tracked(folder: str = ".") -> list[Path]:
    """Return every file that is in the repository or would be with the next commit, below ``folder``."""
    return [path for path in _all() if path.is_relative_to((ROOT / folder).resolve())]
