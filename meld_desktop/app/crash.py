"""Bugs: whatever no one expected, from any thread, ends in one dialog, free of secrets."""

import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from meld_desktop import __version__
from meld_desktop.domain.redaction import Redactor

_Hook = Callable[[type[BaseException], BaseException, TracebackType | None], object]


class CrashReporter(QObject):
    """Catches what reaches ``sys.excepthook`` and ``threading.excepthook``. Lives on the main thread.

    The same traceback is shown once. ``secrets`` gives the keys to mask when a report is made.
    """

    _caught = Signal(str)

    def __init__(self, window: QWidget, secrets: Callable[[], list[str]]) -> None:
        super().__init__(window)
        self._window = window
        self._secrets = secrets
        self._seen: set[str] = set()
        self._old: _Hook = sys.excepthook
        self._old_thread = threading.excepthook
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Catch from now on."""
        sys.excepthook = self._hook
        threading.excepthook = self._thread_hook

    def uninstall(self) -> None:
        """Give the hooks back."""
        sys.excepthook = self._old
        threading.excepthook = self._old_thread

    def report(self, error: BaseException) -> None:
        """Show ``error``. Callable from any thread."""
        self._caught.emit(self._words(error))

    def _hook(self, _kind: type[BaseException], error: BaseException, _place: TracebackType | None) -> None:
        self.report(error)

    def _thread_hook(self, caught: threading.ExceptHookArgs) -> None:
        if caught.exc_value is not None:
            self.report(caught.exc_value)

    def _words(self, error: BaseException) -> str:
        """Return the traceback without secrets; what an exception says may quote them."""
        text = "".join(traceback.format_exception(error))
        return f"Meld Desktop {__version__}\n" + Redactor(self._secrets())(text)

    def _show(self, report: str) -> None:
        sys.stderr.write(report)
        if report in self._seen:
            return
        self._seen.add(report)
        from meld_desktop.ui.crash_dialog import CrashDialog

        CrashDialog(report, self._window).open()
