"""What every test stands on: an offscreen Qt, no keys from outside, and no record of a problem left unseen."""

import logging
import os
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.pop("MELD_API_KEY", None)
os.environ.pop("QT_SCALE_FACTOR", None)

_HERE = Path(__file__).parent
_QT_FOLDERS = ("services", "ui", "web")


def _qt_problem() -> str:
    """Return why Qt cannot be used here, or nothing. Qt itself would abort, so it is asked before it is imported."""
    if find_spec("PySide6") is None:
        return "PySide6 is not installed"
    from meld_desktop.doctor.preflight import preflight

    return str(preflight() or "")


QT_PROBLEM = _qt_problem()
collect_ignore = [] if not QT_PROBLEM else [str(_HERE / folder) for folder in _QT_FOLDERS]
if QT_PROBLEM and os.environ.get("CI"):
    pytest.exit(f"CI must run the tests of the window: {QT_PROBLEM}", returncode=3)

if not QT_PROBLEM:
    from meld_desktop.app.references import protect_constants

    protect_constants()

# pytest-qt imports Qt when it is loaded, so its entry point is switched off and it is named here, where Qt can be used.
pytest_plugins = [] if QT_PROBLEM else ["pytestqt.plugin"]

if QT_PROBLEM:

    def pytest_addoption(parser: pytest.Parser) -> None:
        """Know the settings of the plugin that is not loaded."""
        for name in ("qt_api", "qt_log_level_fail"):
            parser.addini(name, "a setting of pytest-qt")


def pytest_report_header() -> str | None:
    """Say loudly when the window's tests cannot run on this machine."""
    return f"the tests of the window are left out: {QT_PROBLEM}" if QT_PROBLEM else None


@pytest.fixture
def anyio_backend() -> str:
    """Run asynchronous tests on asyncio, as the program does."""
    return "asyncio"


@pytest.fixture(autouse=True)
def _no_unexpected_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test that leaves a log record of level WARNING or above."""
    yield
    records = [record for when in ("setup", "call") for record in caplog.get_records(when)]
    loud = [record for record in records if record.levelno >= logging.WARNING]
    assert not loud, [record.getMessage() for record in loud]


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """Fail a test that leaves a thread of the program behind."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in left:
        thread.join(2)
    assert not [thread for thread in left if thread.is_alive()]


if sys.platform != "win32":

    @pytest.fixture(autouse=True)
    def _private_files(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
        """Keep tests away from the person's own folders."""
        home = tmp_path_factory.getbasetemp() / "home"
        home.mkdir(exist_ok=True)
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            monkeypatch.setenv(name, str(home))
