"""The person's own presets: one JSON file each, in ``presets/`` below the data folder.

A file that cannot be used is left where it is and reported beside the others. Every write is whole or not there.
"""

import re
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from meld_desktop.domain.presets.builtin import built_in
from meld_desktop.domain.presets.documents import LARGEST, from_json, to_json
from meld_desktop.domain.presets.preset import LONGEST_NAME, Preset, PresetError
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.storage.files import write_whole

FOLDER = "presets"
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class StoredPreset:
    """A preset and the id it is kept under, which stays the same when it is renamed."""

    id: str
    preset: Preset


@dataclass(frozen=True, slots=True)
class UnusablePreset:
    """A file among the presets that cannot be used, and why."""

    path: Path
    text: Text


@dataclass(frozen=True, slots=True)
class PresetList:
    """All presets by name, and what is wrong with the rest."""

    presets: tuple[StoredPreset, ...]
    problems: tuple[UnusablePreset, ...]


class PresetStore:
    """The presets in ``data_dir``. Every method may block on the disk and raises only PresetError."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    def list(self) -> PresetList:
        """Return every preset, sorted by name, and every file that cannot be used."""
        found: list[StoredPreset] = []
        problems: list[UnusablePreset] = []
        for path in _files(self._folder):
            try:
                found.append(StoredPreset(path.stem, read_preset(path)))
            except PresetError as error:
                problems.append(UnusablePreset(path, error.text))
        found.sort(key=lambda stored: (stored.preset.name.casefold(), stored.id))
        return PresetList(tuple(found), tuple(problems))

    def find(self, name: str) -> StoredPreset | None:
        """Return the preset with this id or name, in any case, else None."""
        wanted = name.strip().casefold()
        found = self.list().presets
        by_id = next((stored for stored in found if stored.id == wanted), None)
        return by_id or next((stored for stored in found if stored.preset.name.casefold() == wanted), None)

    def named(self, name: str) -> Preset | None:
        """Return the preset with this id or name, built in or own, else None; for what settings and people name."""
        if shipped := built_in(name):
            return shipped.preset
        stored = self.find(name)
        return stored.preset if stored else None

    def save(self, preset: Preset, preset_id: str = "") -> StoredPreset:
        """Keep ``preset``: anew, or in place of the one kept under ``preset_id``.

        Raises PresetError when another preset has the name, or when the file cannot be written.
        """
        if self._taken(preset.name, preset_id):
            text = QT_TRANSLATE_NOOP("domain", "There is already a preset called “{name}”. Choose another name.")
            raise PresetError(Text(text, name=preset.name))
        stored = StoredPreset(preset_id or _new_id(preset.name), preset)
        self._write(self._path(stored.id), preset)
        return stored

    def rename(self, preset_id: str, name: str) -> StoredPreset:
        """Give the preset another name; its id stays."""
        return self.save(replace(read_preset(self._path(preset_id)), name=name), preset_id)

    def delete(self, preset_id: str) -> None:
        """Remove the preset; one that is gone already is no error."""
        path = self._path(preset_id)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            text = QT_TRANSLATE_NOOP("domain", "{file} could not be removed: {reason}.")
            raise PresetError(Text(text, file=str(path), reason=error.strerror or str(error))) from None

    def import_file(self, path: Path) -> StoredPreset:
        """Keep the preset in ``path``; under a name with a number when its own is taken."""
        preset = read_preset(path)
        name, number = preset.name, 1
        while self._taken(preset.name, ""):
            number += 1
            ending = f" ({number})"
            preset = replace(preset, name=name[: LONGEST_NAME - len(ending)] + ending)
        return self.save(preset)

    def export_file(self, preset: Preset, path: Path) -> None:
        """Write ``preset`` to ``path``, in place of what is there."""
        self._write(path, preset)

    def _taken(self, name: str, preset_id: str) -> bool:
        if built_in(name):
            return True
        wanted = name.casefold()
        return any(
            stored.id != preset_id and wanted in {stored.id, stored.preset.name.casefold()}
            for stored in self.list().presets
        )

    def _path(self, preset_id: str) -> Path:
        if not _ID.fullmatch(preset_id):
            raise PresetError(Text(QT_TRANSLATE_NOOP("domain", "There is no such preset any more.")))
        return self._folder / f"{preset_id}{_SUFFIX}"

    def _write(self, path: Path, preset: Preset) -> None:
        content = to_json(preset)
        try:
            write_whole(path, content)
        except OSError as error:
            text = QT_TRANSLATE_NOOP(
                "domain", "{file} could not be written: {reason}. Check the folder and the space on the disk."
            )
            raise PresetError(Text(text, file=str(path), reason=error.strerror or str(error))) from None


def read_preset(path: Path) -> Preset:
    """Return the preset in one file. Raises PresetError; its text does not repeat the file's name."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise _unreadable(path, error) from None
    return from_json(content)


def _files(folder: Path) -> list[Path]:
    try:
        # Regular files only: a pipe would be waited for.
        return sorted(
            path for path in folder.iterdir() if path.suffix == _SUFFIX and _ID.fullmatch(path.stem) and path.is_file()
        )
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unreadable(folder, error) from None


def _unreadable(path: Path, error: OSError) -> PresetError:
    text = QT_TRANSLATE_NOOP("domain", "{file} could not be read: {reason}.")
    return PresetError(Text(text, file=str(path), reason=error.strerror or str(error)))


def _new_id(name: str) -> str:
    """Return an id that says what it is and is no other's, also when two programs save at once."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].rstrip("-")
    return f"{words or 'preset'}-{secrets.token_hex(4)}"
