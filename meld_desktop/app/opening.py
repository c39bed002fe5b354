"""The first moment: an empty window at its place, in its colour. Everything else is loaded behind it.

Only Qt and the colours are imported here, so that the window is there at once.
"""

import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from meld_desktop import __version__
from meld_desktop.ui.main_window import MainWindow
from meld_desktop.ui.theme.choice import ThemeChoice, tokens_in

if TYPE_CHECKING:
    from meld_desktop.app.composition import Program
    from meld_desktop.storage.settings import Settings


def make_application() -> QApplication:
    """Return the application under its own names; the one time it is made."""
    QCoreApplication.setOrganizationDomain("meld-desktop.org")
    QCoreApplication.setApplicationName("meld-desktop")
    QCoreApplication.setApplicationVersion(__version__)
    QGuiApplication.setDesktopFileName("meld-desktop")
    # WebEngine asks for this before the application exists, and it is imported long after.
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    application = QApplication(["meld-desktop"])
    application.setStyle("Fusion")
    application.setQuitOnLastWindowClosed(False)
    return application


class Opening(QObject):
    """Shows the window, then has ``make`` put the program into it. Lives on the main thread.

    ``furnished`` are called with the program, one after the other, when it is there.
    """

    def __init__(self, settings: "Settings", make: Callable[["Opening"], "Program"]) -> None:
        super().__init__()
        self.application = make_application()
        self.window = MainWindow(settings.geometry)
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Window, QColor(tokens_in(ThemeChoice.of(settings.theme)).panel))
        self.application.setPalette(palette)
        self.furnished: list[Callable[[Program], object]] = []
        self._make = make
        self._program: Program | None = None
        self.window.painted.connect(self._painted)
        self.window.closed.connect(self._quit)
        # Until the program listens for them, a signal ends the process as usual: there is nothing to lose yet.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    def run(self) -> int:
        """Show the window and work until it is closed."""
        self.window.show()
        code = self.application.exec()
        if self._program is not None:
            self._program.close()
        return code

    def _painted(self) -> None:
        QTimer.singleShot(0, self, self._furnish)

    def _furnish(self) -> None:
        try:
            self._program = self._make(self)
        except BaseException:  # noqa: BLE001 - whatever it is, the program ends with it
            # Nobody could use what is half built; the reason goes to stderr as for any program.
            self.application.exit(1)
            sys.excepthook(*sys.exc_info())
            return
        for visit in self.furnished:
            visit(self._program)

    def _quit(self) -> None:
        QTimer.singleShot(0, self.application, self.application.quit)
