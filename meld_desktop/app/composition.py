"""The composition root: makes every room's objects once, hands them to each other, and ends them in order."""

import contextlib
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, QSocketNotifier, QTranslator
from PySide6.QtWidgets import QApplication

from meld_desktop.app.crash import CrashReporter
from meld_desktop.app.embedding import WebEmbedder
from meld_desktop.domain.environment_guard import EnvironmentGuard
from meld_desktop.domain.environments import Environment
from meld_desktop.locations import resource
from meld_desktop.services.banks import Banks
from meld_desktop.services.browser import Browser
from meld_desktop.services.connection_watch import ConnectionWatch
from meld_desktop.services.create_link import CreateLink
from meld_desktop.services.demo import Demo
from meld_desktop.services.evidence import Evidence
from meld_desktop.services.keys import Keys
from meld_desktop.services.preferences import Preferences
from meld_desktop.services.regions import Regions
from meld_desktop.services.witness import Witness
from meld_desktop.services.worker import Worker
from meld_desktop.storage.keys import KeyStore
from meld_desktop.storage.settings import Settings
from meld_desktop.ui.content import Content
from meld_desktop.ui.desk import DeskServices
from meld_desktop.ui.main_window import MainWindow
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.services import Services
from meld_desktop.ui.theme.choice import ThemeChoice
from meld_desktop.ui.theme.theme import Theme


class Program:
    """The running program. Made once, on the main thread."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        environment: Environment,
        environ: Mapping[str, str],
        application: QApplication,
        window: MainWindow,
    ) -> None:
        self.application = application
        self.window = window
        self._translators = _install_translators(self.application)
        self.environment = environment
        self.worker = Worker(self.application)
        self.demo = Demo()
        self.keys = Keys(self.worker, KeyStore(), environ, self.application)
        self.preferences = Preferences(folder, settings, self.worker, self.application)
        self.theme = Theme(self.application, ThemeChoice.of(settings.theme))
        self.embedder = WebEmbedder(by_software=settings.software_rendering)
        guard = EnvironmentGuard()
        services = Services(
            CreateLink(self.worker, self.keys, self.demo, self.application, guard),
            self.keys,
            Regions(self.worker, QLocale().name(), self.application),
            Browser(self.worker, self.application),
            self.preferences,
            self.demo,
            Witness(self.application),
            Evidence(self.worker, self.keys, self.application),
            ConnectionWatch(self.worker, self.keys, self.demo, self.application),
            Banks(self.worker, self.keys, self.demo, folder, self.application, language=QLocale().name()),
            DeskServices(self.worker, self.keys, self.demo, folder, settings.preset, self.application, guard),
        )
        self.services = services
        Content(window, services, self.embedder, self.theme, environment)
        self.crashes = CrashReporter(self.window, self.keys.secrets)
        self.crashes.install()
        self.worker.broke.connect(self.crashes.report)
        self.window.panel.touched.connect(self.warm_up)
        self._wake = _listen_to_signals(self.application, self.window)
        self._closed = False

    def warm_up(self) -> None:
        """Load what the first link needs, off the GUI thread, while the person fills in the form."""
        self.services.create_link.warm_up(self.environment)
        self.services.regions.warm_up()

    def say_settings_damaged(self, kept_as: Path | None) -> None:
        """Tell that the settings start afresh."""
        text = QCoreApplication.translate("Program", "The window starts as on the first day.")
        if kept_as is not None:
            text = QCoreApplication.translate("Program", "The old file was kept as {name}. {text}").format(
                name=kept_as.name, text=text
            )
        title = QCoreApplication.translate("Program", "Your settings could not be read")
        self.window.strip.show_message(Message(Tone.WARNING, title, text))

    def close(self) -> None:
        """End everything in stages: no new work, jobs, web, storage. Idempotent and quick."""
        if self._closed:
            return
        self._closed = True
        self.worker.close()
        self.window.panel.close_view()
        self.embedder.close()
        self.preferences.close()
        self.services.desk.close()
        self.demo.close()
        self.window.deleteLater()
        for _ in range(3):  # a deleted view lets go of its page, the page of its profile
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QCoreApplication.processEvents()
        self.crashes.uninstall()


def _install_translators(application: QApplication) -> list[QTranslator]:
    """Load Qt's own words and ours for the language of the system.

    The texts in the code are English, all but their plurals: those are in the English file, which is there for every
    language that has none of its own.
    """
    ours = str(resource("translations"))
    translators = [QTranslator(application) for _ in range(3)]
    qt, english, own = translators
    qt.load(QLocale(), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    english.load("meld-desktop_en", ours)
    own.load(QLocale(), "meld-desktop", "_", ours)
    installed = [translator for translator in translators if not translator.isEmpty()]
    for translator in installed:  # the last one installed is asked first
        application.installTranslator(translator)
    return installed


def _listen_to_signals(application: QApplication, window: MainWindow) -> tuple[socket.socket, ...]:
    """Let Ctrl+C and SIGTERM close the window like its own button does.

    Python runs a signal's handler only between two of its own steps, and an idle event loop takes none: the wake-up
    socket gives it one.
    """
    reading, writing = socket.socketpair()
    for end in (reading, writing):
        end.setblocking(False)
    signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read, application)

    def drain() -> None:
        with contextlib.suppress(BlockingIOError):
            reading.recv(64)

    notifier.activated.connect(drain)

    def close(_number: int, _frame: FrameType | None) -> None:
        window.close()

    signal.signal(signal.SIGINT, close)
    if sys.platform != "win32":
        signal.signal(signal.SIGTERM, close)
    return reading, writing
