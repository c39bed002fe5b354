"""Whether there is a font to write with: without one Qt shows empty boxes, or nothing."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

_SCALABLE = frozenset({".ttf", ".otf", ".ttc", ".otc", ".pfb"})
_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_SECONDS = 10.0


def has_scalable_font(folders: Iterable[str] = _FOLDERS) -> bool:
    """Say whether fontconfig, or without it a look into the usual ``folders``, finds a scalable font."""
    listed = _listed_by_fontconfig()
    return listed if listed is not None else any(_holds_font(Path(folder).expanduser()) for folder in folders)


def _listed_by_fontconfig() -> bool | None:
    command = shutil.which("fc-list")
    if command is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            [command, ":scalable=true:lang=en", "family"], capture_output=True, check=False, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return bool(done.stdout.strip()) if done.returncode == 0 else None


def _holds_font(folder: Path) -> bool:
    return any(Path(name).suffix.lower() in _SCALABLE for _, _, names in os.walk(folder) for name in names)
