"""Real WebEngine, offscreen, against small sites on loopback."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from pytestqt.qtbot import QtBot

# Chromium refuses to run as root with its sandbox, and tests often are root. Nothing but tests sets this.
if hasattr(os, "geteuid") and os.geteuid() == 0:
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)

from meld_desktop.web.widget_view import WidgetView  # noqa: E402
from tests.web.sites import Site  # noqa: E402
from tests.web.watched import Watched  # noqa: E402

# What Chromium says of a machine without GPU, screen or system bus; said once per process.
_NO_GPU = (
    r"^Sandboxing disabled by user",
    r"^QRhiGles2: ",
    r"^Failed to create RHI ",
    r"^This plugin does not support (createPlatform|propagateSizeHints|raise)",
    r"^QVulkanInstance: ",
    r"^GBM is not supported",
    r"^GPUInfo not initialized",
    r"^(Screen|Window) capturing is not available",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(*_NO_GPU))


@pytest.fixture
def widget_site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def bank_site() -> Iterator[Site]:
    with Site(pages={"/": b"<title>bank</title>bank"}) as site:
        yield site


@pytest.fixture
def flush(qapp: QCoreApplication) -> Callable[[], None]:
    def run() -> None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    return run


@pytest.fixture
def watch(qtbot: QtBot, flush: Callable[[], None]) -> Iterator[Callable[..., Watched]]:
    """Make views that are disposed of at the end, and that must leave nothing behind."""
    made: list[Watched] = []

    def make(
        widget_url: str, *, return_url: str = "", loopback_allowed: bool = True, top_level: bool = False
    ) -> Watched:
        view = WidgetView(widget_url, return_url=return_url, loopback_allowed=loopback_allowed, top_level=top_level)
        made.append(Watched(view, qtbot))
        return made[-1]

    yield make
    for watched in made:
        watched.view.dispose()
        watched.view.close()
        watched.view.deleteLater()
    flush()
