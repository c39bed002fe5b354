"""Message templates and time zones, read and written off the GUI thread."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimeZone, Signal

from meld_desktop.domain.messages.languages import Language
from meld_desktop.domain.messages.template import Channel, TemplateError
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.services.worker import Worker

if TYPE_CHECKING:
    from meld_desktop.storage.templates import LoadedTemplate

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A template: ready to use, and as text to edit. ``path`` is where the person's own lies, or would lie."""

    language: Language
    channel: Channel
    template: "LoadedTemplate"
    text: str
    path: Path


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Why a template was not kept; ``line`` counts from 1, 0 is the whole file."""

    line: int
    text: Text


class Templates(QObject):
    """Loads and keeps templates. Lives on the main thread; the disk is used on others.

    ``loaded`` carries a Loaded: it follows ``load``, and ``save`` and ``reset`` when they succeed, which ``saved`` then
    tells as well. ``unsaved`` carries an Unsaved. ``zones`` carries the names of all time zones, a list of str.
    """

    loaded = Signal(object)
    saved = Signal(object)
    unsaved = Signal(object)
    zones = Signal(object)

    def __init__(self, worker: Worker, data_dir: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._data_dir = data_dir
        self._zones: list[str] | None = None

    def load(self, language: Language, channel: Channel) -> None:
        """Read the template to use; ``loaded`` follows."""
        job = self._worker.submit(_off_thread(partial(_load, self._data_dir, language, channel)))
        job.succeeded.connect(self.loaded)

    def save(self, language: Language, channel: Channel, text: str) -> None:
        """Keep ``text`` as the person's own template; ``saved`` or ``unsaved`` follows."""
        self._write(partial(_save, self._data_dir, language, channel, text))

    def reset(self, language: Language, channel: Channel) -> None:
        """Go back to the template that came with the program; ``saved`` or ``unsaved`` follows."""
        self._write(partial(_reset, self._data_dir, language, channel))

    def load_zones(self) -> None:
        """Find the names of the time zones; ``zones`` follows, at once when they are known."""
        if self._zones is not None:
            self.zones.emit(self._zones)
            return
        self._worker.submit(_off_thread(_zone_names)).succeeded.connect(self._found_zones)

    def _write(self, write: Callable[[], Loaded | Unsaved]) -> None:
        self._worker.submit(_off_thread(write)).succeeded.connect(self._written)

    def _written(self, outcome: Loaded | Unsaved) -> None:
        if isinstance(outcome, Unsaved):
            self.unsaved.emit(outcome)
        else:
            self.loaded.emit(outcome)
            self.saved.emit(outcome)

    def _found_zones(self, names: list[str]) -> None:
        self._zones = names
        self.zones.emit(names)


def system_zone() -> str:
    """Return the IANA name of this computer's time zone; empty when it has none."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")
    return "" if name.startswith("UTC") else name


async def _off_thread(work: Callable[[], T]) -> T:
    import asyncio

    return await asyncio.get_running_loop().run_in_executor(None, work)


def _zone_names() -> list[str]:
    from meld_desktop.domain.messages.times import zone_names

    return zone_names()


def _load(data_dir: Path, language: Language, channel: Channel) -> Loaded:
    from meld_desktop.storage.templates import TemplateStore

    store = TemplateStore(data_dir)
    template, text = store.load(language, channel), store.text(language, channel)
    return Loaded(language, channel, template, text, store.path(language, channel))


def _save(data_dir: Path, language: Language, channel: Channel, text: str) -> Loaded | Unsaved:
    from meld_desktop.storage.templates import TemplateStore

    try:
        TemplateStore(data_dir).save(language, channel, text)
    except TemplateError as error:
        return Unsaved(error.line, error.text)
    except OSError as error:
        return _unwritten(error)
    return _load(data_dir, language, channel)


def _reset(data_dir: Path, language: Language, channel: Channel) -> Loaded | Unsaved:
    from meld_desktop.storage.templates import TemplateStore

    try:
        TemplateStore(data_dir).reset(language, channel)
    except OSError as error:
        return _unwritten(error)
    return _load(data_dir, language, channel)


def _unwritten(error: OSError) -> Unsaved:
    words = QT_TRANSLATE_NOOP(
        "domain", "The file could not be written: {reason}. Check the folder and the space on the disk."
    )
    return Unsaved(0, Text(words, reason=error.strerror or str(error)))
