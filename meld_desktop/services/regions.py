"""Loads the index of regions off the GUI thread."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from meld_desktop.services.worker import Worker

if TYPE_CHECKING:
    from meld_desktop.domain.regions import RegionIndex


class Regions(QObject):
    """Gives the region index, with names in ``language`` ("de", "pt_BR"), to whoever needs it.

    Lives on the main thread; the index is made on a thread of its own.
    """

    def __init__(self, worker: Worker, language: str, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker
        self._language = language
        self._index: RegionIndex | None = None

    def load(self, callback: "Callable[[RegionIndex], None]") -> None:
        """Call ``callback`` on the main thread with the index: now when it is there, else as soon as it is."""
        if self._index is not None:
            callback(self._index)
            return
        job = self._worker.submit(self._load())
        job.succeeded.connect(self._loaded)
        job.succeeded.connect(callback)

    def warm_up(self) -> None:
        """Make the index before anyone asks for it, so that nobody types into its arrival."""
        if self._index is None:
            self._worker.submit(self._load()).succeeded.connect(self._loaded)

    def _loaded(self, index: "RegionIndex") -> None:
        self._index = index

    async def _load(self) -> "RegionIndex":
        import asyncio

        from meld_desktop.domain.region_names import load_index_in

        return await asyncio.get_running_loop().run_in_executor(None, load_index_in, self._language)
