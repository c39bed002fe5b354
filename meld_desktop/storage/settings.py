"""What the window remembers between starts. No field can hold a key, a token or anything typed about a customer."""

import contextlib
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

FILE_NAME = "settings.json"
VERSION = 1
_LARGEST = 256 * 1024
_UNFINISHED = ".settings-"
_STALE_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One immutable set of preferences; ``dataclasses.replace`` makes the next one."""

    version: int = VERSION
    environment: str = "demo"
    custom_base_url: str = ""
    theme: str = "system"
    geometry: str = ""
    """Base64 of ``QWidget.saveGeometry``."""
    splitter: tuple[int, ...] = ()
    appearance_open: bool = False
    preset: str = ""
    """The id of the preset a new form begins with: built in, or an own one's; empty for none."""
    view_size: str = "phone"
    zoom: int = 100
    """Of the widget, in per cent."""
    windows_as_tabs: bool = False
    software_rendering: bool = False
    """Draw widgets without the graphics card."""


class DamagedSettingsError(Exception):
    """The file could not be understood; it was kept under ``kept_as`` and the defaults apply."""

    def __init__(self, kept_as: Path | None) -> None:
        super().__init__("the settings could not be read")
        self.kept_as = kept_as


def load_settings(folder: Path) -> Settings:
    """Read the settings in ``folder``; the defaults when there are none.

    Raises DamagedSettingsError when the file is broken or from a newer version, after moving it aside, and OSError
    when it cannot be read.
    """
    path = folder / FILE_NAME
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except FileNotFoundError:
        return Settings()
    settings = _decode(content)
    if settings is None:
        raise DamagedSettingsError(_keep_aside(path))
    return settings


def _decode(content: bytes) -> Settings | None:
    """Return the settings in ``content``, or None when there is anything in it that no version wrote.

    Checked by hand, because loading a library for seven values would be felt at every start.
    """
    import json

    try:
        values = json.loads(content) if len(content) <= _LARGEST else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    known: dict[str, Any] = {}
    for field in fields(Settings):
        if field.name in values:
            value = values[field.name]
            known[field.name] = tuple(value) if isinstance(value, list) else value
            if type(known[field.name]) is not type(field.default):
                return None
    settings = Settings(**known)
    whole = all(type(size) is int for size in settings.splitter)
    return settings if whole and settings.version <= VERSION else None


def save_settings(folder: Path, settings: Settings) -> None:
    """Write ``settings`` so that a crash at any moment leaves either the old or the new file. Raises OSError."""
    import json
    import tempfile

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(folder)
    handle, name = tempfile.mkstemp(prefix=_UNFINISHED, dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(json.dumps(asdict(settings), indent=2).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(folder / FILE_NAME)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _sweep(folder: Path) -> None:
    """Remove what writers that were killed have left; a write that is under way is younger."""
    import time

    for left in folder.glob(f"{_UNFINISHED}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()


def _keep_aside(path: Path) -> Path | None:
    kept = path.with_name("settings.damaged.json")
    try:
        path.replace(kept)
    except OSError:
        return None
    return kept
