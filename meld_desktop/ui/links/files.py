"""Asks for the file to export to or to import from, without blocking the window."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtWidgets import QFileDialog, QWidget


class LinkFiles(QObject):
    """Remembers the folder used last."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._folder = ""

    def ask_export(self, now: datetime, then: Callable[[Path], object]) -> None:
        """Call ``then`` with the file to write; an existing one is only replaced after a question."""
        chooser = self._chooser(QCoreApplication.translate("LinkFiles", "Export links"), then)
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix("csv")
        chooser.selectFile(f"meld-links-{now.astimezone():%Y%m%d}.csv")
        chooser.open()

    def ask_import(self, then: Callable[[Path], object]) -> None:
        """Call ``then`` with the file to read."""
        chooser = self._chooser(QCoreApplication.translate("LinkFiles", "Import links"), then)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.open()

    def _chooser(self, title: str, then: Callable[[Path], object]) -> QFileDialog:
        kinds = QCoreApplication.translate("LinkFiles", "Tables (*.csv);;All files (*)")
        chooser = QFileDialog(self._parent.window(), title, self._folder, kinds)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(_Taker(self, then, chooser).take)
        return chooser

    def remember(self, folder: Path) -> None:
        """Begin in ``folder`` next time."""
        self._folder = str(folder)


class _Taker(QObject):
    """Hands the chosen file over; lives as long as the dialog."""

    def __init__(self, files: LinkFiles, then: Callable[[Path], object], chooser: QFileDialog) -> None:
        super().__init__(chooser)
        self._files = files
        self._then = then

    def take(self, file: str) -> None:
        path = Path(file)
        self._files.remember(path.parent)
        self._then(path)
