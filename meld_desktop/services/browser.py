"""Opens links in the system browser."""

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from meld_desktop.services.worker import Worker


class Browser(QObject):
    """Hands links over. Lives on the main thread. ``opened`` or ``failed`` follows each ``open``."""

    opened = Signal()
    failed = Signal()

    def __init__(self, worker: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker

    def open(self, url: str) -> None:
        """Open ``url`` without showing it to the process list."""
        from meld_desktop.services.handover import one_time_address

        job = self._worker.submit(one_time_address(url))
        job.succeeded.connect(self._open)
        job.failed.connect(self.failed)

    def _open(self, address: str) -> None:
        if QDesktopServices.openUrl(QUrl(address)):
            self.opened.emit()
        else:
            self.failed.emit()
