"""Measures the program from inside, in a process of its own: ``inside.py WHAT HOME COUNT [URL]``; prints JSON."""

import json
import statistics
import sys
import time
from collections.abc import Callable, Sized
from functools import partial
from pathlib import Path
from typing import TypeVar

import psutil
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QLineEdit, QPushButton, QWidget

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
    searches: dict[str, list[float]] = {}
    presses: dict[str, list[float]] = {}
    field = _named(harness, "Add region", QLineEdit)
    field.setFocus()
    harness.rest(50)
    for _ in range(count):
        for name in _NAMES:
            for end in range(1, len(name) + 1):
                searches.setdefault(name[:end], []).append(_timed(partial(index.search, name[:end])))
                presses.setdefault(name[:end], []).append(_timed(partial(_press, field, name[end - 1])))
                harness.rest(1)
            field.clear()
    # A busy machine interrupts now and then: what a text costs is the least it has cost.
    searched, pressed = ([min(times) for times in kind.values()] for kind in (searches, presses))
    return {
        "search_median": statistics.median(searched),
        "search_max": max(searched),
        "press_median": statistics.median(pressed),
        "press_max": max(pressed),
    }


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _press(field: QLineEdit, letter: str) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(field, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


def stalls(harness: Harness, count: int) -> dict[str, float]:
    """Return the longest stall of the event loop for each action: the least of ``count`` runs, see ``completion``."""
    harness.with_regions()
    actions = _actions(harness)
    found: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(count):
        for name, action in actions.items():
            found[name].append(harness.longest_stall(action))
    harness.fill()
    harness.create()
    harness.rest(1000)
    again = [harness.longest_stall(harness.window.panel.create_button.click) for _ in range(max(2, count))]
    return {name: min(times) for name, times in found.items()} | {"create another link": min(again)}


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

    def all_of(*actions: Callable[[], object]) -> Callable[[], None]:
        def act() -> None:
            for action in actions:
                action()

        return act

    return {
        "nothing": lambda: None,
        "type a letter": type_into(customer, "x"),
        "tick a product": box.click,
        "complete a region": type_into(regions, "n"),
        "leave the region field": all_of(regions.clear, customer.setFocus),
        "paste regions": all_of(lambda: regions.setText("US, CA-ON; Germany"), customer.setFocus),
        "unfold the appearance": lambda: harness.form.appearance.set_open(True),
        "fold it": lambda: harness.form.appearance.set_open(False),
        "open the browser of regions": _button(harness, "Browse regions…").click,
        "filter it": lambda: _search().setText("on"),
        "filter it by one letter": lambda: _search().setText("a"),
        "take the filter away": lambda: _search().clear(),
        "close it": lambda: _browser().reject(),
        "say a message": lambda: window.strip.show_message(Message(Tone.ERROR, "Title", "text " * 30, "details")),
        "dark": lambda: window.content._choose_theme(ThemeChoice.DARK),
        "light": lambda: window.content._choose_theme(ThemeChoice.LIGHT),
        "open the shortcuts": window.content._show_shortcuts,
        "close the shortcuts": _close_dialogs,
    }


def _dialogs() -> list[QDialog]:
    return [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QDialog) and widget.isVisible()]


def _close_dialogs() -> None:
    for dialog in _dialogs():
        dialog.reject()


def _browser() -> RegionBrowser:
    return next(dialog for dialog in _dialogs() if isinstance(dialog, RegionBrowser))


def _search() -> QLineEdit:
    return _browser().findChildren(QLineEdit)[0]


def _named(harness: Harness, name: str, kind: type[Kind]) -> Kind:
    return next(widget for widget in harness.window.findChildren(kind) if widget.accessibleName() == name)


def _button(harness: Harness, text: str) -> QPushButton:
    return next(button for button in harness.window.findChildren(QPushButton) if button.text() == text)


def navigation(harness: Harness, count: int) -> dict[str, list[float]]:
    """Return, for each link, the seconds from the click until the view exists and until the widget's address loads."""
    harness.fill()
    shown, started = [], []
    begun: list[float] = []
    loaded: list[int] = []

    def begin() -> None:
        begun.append(time.perf_counter())

    def watch() -> None:
        # Where Chromium says so; the view's own signal comes a turn of the event loop later. The view exists by now,
        # and Chromium cannot have asked yet.
        view = harness.window.panel.result.widget.embedded
        view._page.started.connect(begin, Qt.ConnectionType.DirectConnection)  # type: ignore[union-attr]

    harness.program.services.create_link.created.connect(watch)
    for number in range(count + 1):
        pressed = time.perf_counter()
        view = harness.create()
        shown.append(time.perf_counter() - pressed)
        view.loaded.connect(partial(loaded.append, number))
        harness.wait(partial(_has, begun, number + 1))
        started.append(begun[-1] - pressed)
        harness.wait(partial(_has, loaded, number + 1))
        harness.rest(2500)  # nobody makes two links in less: the view in waiting is ready again by then
    return {"shown": shown[1:], "started": started[1:]}


def many_links(harness: Harness, count: int) -> dict[str, dict[str, float]]:
    """Open and close ``count`` links; return what the program holds after the tenth (or half) and after the last."""
    harness.fill()
    weights = {}
    early = min(10, max(1, count // 2))
    loaded: list[int] = []
    for number in range(1, count + 1):
        harness.create().loaded.connect(partial(loaded.append, number))
        harness.wait(partial(_has, loaded, number))
        if number in {early, count}:
            harness.rest(1500)
            weights["early" if number == early else "late"] = _weight()
    return weights


def _has(things: Sized, count: int) -> bool:
    return len(things) >= count


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
