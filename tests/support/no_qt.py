"""A pytest plugin (``-p no:pytest-qt -p tests.support.no_qt``): runs tests as if PySide6 were not installed.

It proves that the lower rooms and the command line know no Qt, not even by a detour. Import-linter reads the code; this
runs it.
"""

import sys

import pytest

_LEFT_OUT = ("PySide6", "shiboken6", "pytestqt")
for _name in _LEFT_OUT:
    sys.modules[_name] = None  # type: ignore[assignment]  # importing it is now a ModuleNotFoundError


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know the settings of pytest-qt, which is left out with Qt."""
    for name in ("qt_api", "qt_log_level_fail"):
        parser.addini(name, "of pytest-qt, without effect here")


def pytest_configure(config: pytest.Config) -> None:
    """Know the markers of pytest-qt."""
    for marker in ("qt_log_ignore", "qt_no_exception_capture"):
        config.addinivalue_line("markers", f"{marker}: of pytest-qt, without effect here")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail when Qt got in all the same."""
    loaded = [name for name in sys.modules if name.startswith(("PySide6", "shiboken6")) and name not in _LEFT_OUT]
    if loaded:
        raise pytest.UsageError(f"Qt was imported: {', '.join(sorted(loaded))}")
