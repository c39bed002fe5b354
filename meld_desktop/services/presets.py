"""The person's presets, read and written off the GUI thread."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from meld_desktop.domain.presets.builtin import built_in
from meld_desktop.domain.presets.preset import Preset, PresetError
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.services.worker import Job, Worker

if TYPE_CHECKING:
    from meld_desktop.services.lane import Lane
    from meld_desktop.storage.presets import PresetList, PresetStore, StoredPreset

DISK_SECONDS = 10.0


class Action(Enum):
    """What was done to a preset."""

    SAVED = auto()
    RENAMED = auto()
    DELETED = auto()
    IMPORTED = auto()
    EXPORTED = auto()


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that was done: to which preset, and with which file when it came from one or went to one."""

    action: Action
    preset: Preset
    id: str = ""
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a task: ``done`` or ``problem``, and the presets as they are now, when they could be read."""

    done: Done | None = None
    problem: Text | None = None
    presets: "PresetList | None" = None


class Presets(QObject):
    """Lists, keeps and hands on presets. Lives on the main thread; files are read and written on a lane of their own.

    ``listed`` carries a PresetList; it follows ``load`` and every change. ``done`` carries a Done, ``failed`` a Text
    that says why something was not done. ``found`` carries the Preset of ``find``, or None. ``default_changed`` carries
    the id of the preset that new forms begin with, empty for none: it is for the settings.
    """

    listed = Signal(object)
    done = Signal(object)
    failed = Signal(object)
    found = Signal(object)
    default_changed = Signal(str)

    def __init__(self, worker: Worker, data_dir: Path, default_id: str, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._data_dir = data_dir
        self._default_id = default_id
        self._current: PresetList | None = None
        self._lane: Lane | None = None

    @property
    def current(self) -> "PresetList | None":
        """What was listed last; None before the first time."""
        return self._current

    @property
    def default_id(self) -> str:
        """The id of the preset that new forms begin with; empty for none."""
        return self._default_id

    def set_default(self, preset_id: str) -> None:
        """Let new forms begin with the preset of this id, own or built in; with none when it is empty."""
        if preset_id != self._default_id:
            self._default_id = preset_id
            self.default_changed.emit(preset_id)

    def load(self) -> None:
        """Read the presets; ``listed`` or ``failed`` follows."""
        self._submit(lambda: _Outcome(presets=self._store().list()))

    def find(self, preset_id: str) -> None:
        """Look for the preset of this id or name, own or built in; ``found`` follows, at once for a built-in one."""
        if mine := built_in(preset_id):
            self.found.emit(mine.preset)
            return
        job = self._worker.submit(self._on_lane(partial(self._find, preset_id)))
        job.succeeded.connect(self._deliver_found)

    def save(self, preset: Preset, preset_id: str = "") -> None:
        """Keep ``preset``: anew, or in place of the one kept under ``preset_id``."""
        self._change(lambda: _of(Action.SAVED, self._store().save(preset, preset_id)))

    def rename(self, preset_id: str, name: str) -> None:
        """Give the preset another name; its id stays."""
        self._change(lambda: _of(Action.RENAMED, self._store().rename(preset_id, name)))

    def delete(self, stored: "StoredPreset") -> None:
        """Remove the preset; when new forms began with it, they begin with none."""

        def delete() -> Done:
            self._store().delete(stored.id)
            return _of(Action.DELETED, stored)

        self._change(delete)

    def import_file(self, path: Path) -> None:
        """Keep the preset in ``path``."""
        self._change(lambda: _of(Action.IMPORTED, self._store().import_file(path), path), path)

    def export_file(self, preset: Preset, path: Path) -> None:
        """Write ``preset`` to ``path``, in place of what is there."""

        def export() -> Done:
            self._store().export_file(preset, path)
            return Done(Action.EXPORTED, preset, path=path)

        self._change(export)

    def _change(self, change: Callable[[], Done], path: Path | None = None) -> None:
        def work() -> _Outcome:
            done, problem = None, None
            try:
                done = change()
            except PresetError as error:
                problem = error.text if path is None else _in_file(path, error.text)
            try:
                return _Outcome(done, problem, self._store().list())
            except PresetError as error:
                return _Outcome(done, problem or error.text)

        self._submit(work)

    def _submit(self, work: Callable[[], _Outcome]) -> Job:
        job = self._worker.submit(self._on_lane(partial(_guarded, work)))
        job.succeeded.connect(self._deliver)
        return job

    async def _on_lane(self, work: Callable[[], object]) -> object:
        from meld_desktop.services.lane import Lane

        self._lane = self._lane or Lane(DISK_SECONDS)
        try:
            return await self._lane.run(work)
        except TimeoutError:
            words = QT_TRANSLATE_NOOP("domain", "The disk does not answer. Check it, then try again.")
            return _Outcome(problem=Text(words))

    def _deliver(self, outcome: _Outcome) -> None:
        """Tell what came of it: the list first, so that whoever hears of a change finds it there."""
        done = outcome.done
        if done is not None and done.action is Action.DELETED and done.id == self._default_id:
            self.set_default("")
        if outcome.presets is not None:
            self._current = outcome.presets
            self.listed.emit(outcome.presets)
        if done is not None:
            self.done.emit(done)
        if outcome.problem is not None:
            self.failed.emit(outcome.problem)

    def _deliver_found(self, preset: Preset | _Outcome | None) -> None:
        self.found.emit(preset if isinstance(preset, Preset) else None)

    def _find(self, preset_id: str) -> Preset | None:
        try:
            stored = self._store().find(preset_id)
        except PresetError:
            return None
        return stored.preset if stored else None

    def _store(self) -> "PresetStore":
        from meld_desktop.storage.presets import PresetStore

        return PresetStore(self._data_dir)


def _of(action: Action, stored: "StoredPreset", path: Path | None = None) -> Done:
    return Done(action, stored.preset, stored.id, path)


def _guarded(work: Callable[[], _Outcome]) -> _Outcome:
    try:
        return work()
    except PresetError as error:
        return _Outcome(problem=error.text)


def _in_file(path: Path, text: Text) -> Text:
    return Text(QT_TRANSLATE_NOOP("domain", "{file}: {reason}"), file=path.name, reason=text)
