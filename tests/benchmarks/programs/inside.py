"""Measures the program from inside, in a process of its own: ``inside.py WHAT HOME COUNT [URL]``; prints JSON."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QLineEdit, QWidget

from meld_desktop.ui.form.region_browser import RegionBrowser
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.theme.choice import ThemeChoice
from tests.benchmarks.programs.harness import Harness, drive

Kind = TypeVar("Kind", bound=QWidget)
_NAMES = ("United States", "Ontario", "São Paulo", "de-by", "north", "la", "GB-SCT", "zzz", "Île", "new york", "saint")


def completion(harness: Harness, count: int) -> dict[str, float]:
    """Time every key press of some names: the search alone, and the whole press in the window."""
    from meld_desktop.domain.regions import load_index

    harness.with_regions()
    index = load_index()
    index.warm_up()
    searches, presses = [], []
    field = _named(harness, "Add region", QLineEdit)
    field.setFocus()
    harness.rest(50)
    for turn in range(count):
        for name in _NAMES:
            for end in range(1, len(name) + 1):
                started = time.perf_counter()
                index.search(name[:end])
                searches.append(time.perf_counter() - started)
            if turn < 2:
                presses += _presses(harness, field, name)
    return {
        "search_median": statistics.median(searches),
        "search_max": sorted(searches)[-max(1, len(searches) // 200)],
        "press_median": statistics.median(presses),
        "press_max": max(presses),
    }


def _presses(harness: Harness, field: QLineEdit, name: str) -> list[float]:
    taken = []
    for letter in name:
        started = time.perf_counter()
        _press(field, letter)
        taken.append(time.perf_counter() - started)
        harness.rest(1)
    field.clear()
    return taken


def _press(field: QLineEdit, letter: str) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(field, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


def stalls(harness: Harness, count: int) -> dict[str, float]:
    """Return the longest stall of the event loop for each action: the median of ``count`` runs."""
    harness.with_regions()
    actions = _actions(harness)
    found: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(count):
        for name, action in actions.items():
            found[name].append(harness.longest_stall(action))
    harness.create()
    harness.rest(1000)
    again = [harness.longest_stall(harness.window.panel.create_button.click) for _ in range(max(2, count))]
    return {name: statistics.median(times) for name, times in found.items()} | {
        "create a second link": statistics.median(again)
    }


def _actions(harness: Harness) -> dict[str, Callable[[], object]]:
    window = harness.window
    customer = _named(harness, "Customer ID", QLineEdit)
    regions = _named(harness, "Add region", QLineEdit)
    box = _named(harness, "Owners optional", QCheckBox)

    def type_into(field: QLineEdit, text: str) -> Callable[[], object]:
        def act() -> None:
            field.setFocus()
            field.clear()
            _press(field, text)

        return act

    return {
        "nothing": lambda: None,
        "type a letter": type_into(customer, "x"),
        "tick a product": box.click,
        "complete a region": type_into(regions, "n"),
        "leave the region field": lambda: (regions.clear(), customer.setFocus()),
        "paste regions": lambda: (regions.setText("US, CA-ON; Germany"), customer.setFocus()),
        "unfold the appearance": lambda: harness.form.appearance.set_open(True),
        "fold it": lambda: harness.form.appearance.set_open(False),
        "open the browser of regions": _button(harness, "Browse regions…").click,
        "filter it": lambda: _browser().findChild(QLineEdit).setText("on"),
        "filter it by one letter": lambda: _browser().findChild(QLineEdit).setText("a"),
        "take the filter away": lambda: _browser().findChild(QLineEdit).clear(),
        "close it": lambda: _browser().reject(),
        "say a message": lambda: window.strip.show_message(Message(Tone.ERROR, "Title", "text " * 30, "details")),
        "dark": lambda: window.content._choose_theme(ThemeChoice.DARK),
        "light": lambda: window.content._choose_theme(ThemeChoice.LIGHT),
        "open the shortcuts": window.content._show_shortcuts,
        "close the shortcuts": lambda: [dialog.reject() for dialog in _dialogs()],
    }


def _dialogs() -> list[QDialog]:
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QDialog) and widget.isVisible()]


def _browser() -> RegionBrowser:
    return next(dialog for dialog in _dialogs() if isinstance(dialog, RegionBrowser))


def _named(harness: Harness, name: str, kind: type[Kind]) -> Kind:
    return next(widget for widget in harness.window.findChildren(kind) if widget.accessibleName() == name)


def _button(harness: Harness, text: str) -> QWidget:
    from PySide6.QtWidgets import QPushButton

    return next(button for button in harness.window.findChildren(QPushButton) if button.text() == text)


def navigation(harness: Harness, count: int) -> dict[str, list[float]]:
    """Return, for each link, the seconds from the click until the view exists and until the widget's address loads."""
    shown, started = [], []
    for _ in range(count + 1):
        begun: list[float] = []
        pressed = time.perf_counter()
        view = harness.create()
        shown.append(time.perf_counter() - pressed)
        view.navigation_started.connect(lambda: begun.append(time.perf_counter()), Qt.ConnectionType.DirectConnection)
        harness.wait(lambda: bool(begun))
        started.append(begun[0] - pressed)
        harness.rest(400)
    return {"shown": shown[1:], "started": started[1:]}


def many_links(harness: Harness, count: int) -> dict[str, dict[str, float]]:
    """Open and close ``count`` links; return what the program holds after the tenth, or the first, and after the last."""
    weights = {}
    early = min(10, max(1, count // 2))
    for number in range(1, count + 1):
        view = harness.create()
        loaded: list[bool] = []
        view.loaded.connect(lambda: loaded.append(True))
        harness.wait(lambda: bool(loaded))
        if number in {early, count}:
            harness.rest(1500)
            weights["early" if number == early else "late"] = _weight()
    return weights


def _weight() -> dict[str, float]:
    own = psutil.Process()
    children = own.children(recursive=True)
    return {
        "processes": len(children),
        "threads": own.num_threads(),
        "files": own.num_fds(),
        "MiB": own.memory_info().rss / 2**20,
        "MiB of the children": sum(child.memory_info().rss for child in children) / 2**20,
    }


if __name__ == "__main__":
    what, home, times, *url = sys.argv[1:]
    measure: Callable[[Harness, int], object] = globals()[what]
    print(json.dumps(drive(lambda harness: measure(harness, int(times)), Path(home), *url)))
