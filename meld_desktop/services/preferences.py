"""Remembers the window's preferences, written behind the scenes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from meld_desktop.services.worker import Worker
from meld_desktop.storage.settings import Settings, save_settings

_DELAY_MS = 400


class Preferences(QObject):
    """Holds the current Settings. Lives on the main thread; files are written on a thread of their own.

    ``unsaved`` carries the OSError of a write that failed; what was set still holds until the program ends.
    """

    unsaved = Signal(object)

    def __init__(self, folder: Path, settings: Settings, worker: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._folder = folder
        self._settings = settings
        self._written = settings
        self._is_writing = False
        self._worker = worker
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self._write)

    @property
    def settings(self) -> Settings:
        """The preferences as they are now."""
        return self._settings

    def change(self, **values: Any) -> None:
        """Set some preferences; they are written a moment later, several at once."""
        self._settings = replace(self._settings, **values)
        if self._settings != self._written:
            self._timer.start()

    def close(self) -> None:
        """Write what is not yet written, now. For the end of the program, when the worker is already closed."""
        self._timer.stop()
        if self._settings != self._written:
            self._written = self._settings
            try:
                save_settings(self._folder, self._settings)
            except OSError as error:
                self.unsaved.emit(error)

    def _write(self) -> None:
        if self._is_writing:
            self._timer.start()  # one after the other, so that the last one stays
            return
        self._is_writing = True
        self._worker.submit(self._save(self._settings)).succeeded.connect(self._wrote)

    async def _save(self, settings: Settings) -> tuple[Settings, OSError | None]:
        import asyncio

        try:
            await asyncio.get_running_loop().run_in_executor(None, save_settings, self._folder, settings)
        except OSError as error:
            return settings, error
        return settings, None

    def _wrote(self, outcome: tuple[Settings, OSError | None]) -> None:
        self._is_writing = False
        settings, error = outcome
        if error is None:
            self._written = settings
        else:
            self.unsaved.emit(error)
