"""What the window remembers between starts. No field can hold a key, a token or anything typed about a customer."""

import contextlib
import os
import tempfile
from pathlib import Path

import msgspec

FILE_NAME = "settings.json"
VERSION = 1
_LARGEST = 256 * 1024


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One immutable set of preferences; ``msgspec.structs.replace`` makes the next one."""

    version: int = VERSION
    environment: str = "demo"
    custom_base_url: str = ""
    theme: str = "system"
    geometry: str = ""
    """Base64 of ``QWidget.saveGeometry``."""
    splitter: tuple[int, ...] = ()
    appearance_open: bool = False


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
    if len(content) > _LARGEST:
        return None
    try:
        settings = msgspec.json.decode(content, type=Settings)
    except (msgspec.DecodeError, RecursionError):
        return None
    return settings if settings.version <= VERSION else None


def save_settings(folder: Path, settings: Settings) -> None:
    """Write ``settings`` so that a crash at any moment leaves either the old or the new file. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix=".settings-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(settings)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(folder / FILE_NAME)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _keep_aside(path: Path) -> Path | None:
    kept = path.with_name("settings.damaged.json")
    try:
        path.replace(kept)
    except OSError:
        return None
    return kept
