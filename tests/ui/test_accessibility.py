"""For keyboards and screen readers: the names and roles people rely on, a name for everything, a sensible tab order."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from pytestqt.qtbot import QtBot

from meld_desktop.domain.environments import SANDBOX, custom_environment
from meld_desktop.domain.products import LABELS, Product
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.shortcuts import SHORTCUTS
from tests.support.strict_meld import StrictMeld
from tests.ui.bench import FULL, Bench
from tests.ui.conftest import MakeBench

_Role = QAccessible.Role

CONTROLS: list[tuple[str, "QAccessible.Role"]] = [
    ("Environment", _Role.ComboBox),
    ("API key…", _Role.Button),
    ("Customer ID", _Role.EditableText),
    *[(f"{LABELS[product]} {column}", _Role.CheckBox) for product in Product for column in ("required", "optional")],
    ("Add region", _Role.EditableText),
    ("Selected regions", _Role.List),
    ("Browse regions…", _Role.Button),
    ("Institution ID", _Role.EditableText),
    ("Institution search", _Role.EditableText),
    ("Redirect URL", _Role.EditableText),
    ("Allow redirect", _Role.CheckBox),
    ("Selection style", _Role.ComboBox),
    ("Picker heading", _Role.EditableText),
    ("Logo URL", _Role.EditableText),
    ("Font", _Role.EditableText),
    ("Show border", _Role.CheckBox),
    ("Border colour", _Role.EditableText),
    ("Border text colour", _Role.EditableText),
    ("Routing retry", _Role.CheckBox),
    ("Retry bank button colour", _Role.EditableText),
    ("Retry provider button colour", _Role.EditableText),
    ("Create link", _Role.Button),
    ("Widget URL", _Role.EditableText),
    ("Copy link", _Role.Button),
    ("Open in browser", _Role.Button),
    ("Message", _Role.EditableText),
]
IN_KEY_DIALOG = [
    ("API key", _Role.EditableText),
    ("Save", _Role.Button),
    ("Forget key", _Role.Button),
    ("Cancel", _Role.Button),
]


def _called(interface: QAccessibleInterface) -> str:
    """Return what a screen reader calls a control; a combo box goes by its label, its own name is what is chosen."""
    if interface.role() != _Role.ComboBox:
        return interface.text(QAccessible.Text.Name)
    labels = [other for other, relation in interface.relations() if relation == QAccessible.RelationFlag.Label]
    return labels[0].text(QAccessible.Text.Name) if labels else ""


def _walk(interface: QAccessibleInterface, depth: int = 0) -> list[tuple[str, "QAccessible.Role", bool]]:
    """Return name, role and visibility of everything a screen reader finds."""
    found = [(_called(interface), interface.role(), not bool(interface.state().invisible))]
    if depth < 20:
        for place in range(interface.childCount()):
            child = interface.child(place)
            if child.isValid():
                found += _walk(child, depth + 1)
    return found


def _found(window: QWidget) -> list[tuple[str, "QAccessible.Role"]]:
    return [(name, role) for name, role, visible in _walk(QAccessible.queryAccessibleInterface(window)) if visible]


@pytest.fixture
def ready(make_bench: MakeBench, meld: StrictMeld, qtbot: QtBot) -> Bench:
    """A window with a link, an open appearance group and a chip."""
    bench = make_bench(environment=custom_environment(meld.url), environ={"MELD_API_KEY": "k"})
    bench.form.appearance.set_open(True)
    bench.form.set_request(FULL)
    with qtbot.waitSignal(bench.services.create_link.created):
        bench.panel.create_button.click()
    return bench


def test_every_control_has_its_name_and_role_once(ready: Bench) -> None:
    found = _found(ready.window)
    for control in CONTROLS:
        assert found.count(control) == 1, control


def test_cancel_is_found_while_sending(remote: Bench, meld: StrictMeld, qtbot: QtBot) -> None:
    from tests.support import answers

    meld.script(answers.SLOW)
    remote.form.set_request(FULL)
    assert ("Cancel", _Role.Button) not in _found(remote.window)
    remote.panel.create_button.click()
    qtbot.waitUntil(lambda: ("Cancel", _Role.Button) in _found(remote.window))
    remote.panel.cancel()


def test_the_key_dialog_has_its_names(make_bench: MakeBench) -> None:
    bench = make_bench(environment=SANDBOX)
    bench.content.open_key_dialog()
    found = _found(bench.dialog())
    for control in IN_KEY_DIALOG:
        assert found.count(control) == 1, control
    bench.dialog().reject()


def _focusable(root: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def _name(widget: QWidget) -> str:
    return _called(QAccessible.queryAccessibleInterface(widget))


@pytest.mark.parametrize("pane", ["widget", "request", "response"])
def test_everything_that_takes_the_focus_has_a_name(ready: Bench, pane: str) -> None:
    ready.strip.show_message(Message(Tone.ERROR, "Trouble", "Text", details="d", request_id="r"))
    ready.result.show_pane(getattr(ready.result, pane))
    nameless = [widget for widget in _focusable(ready.window) if not _name(widget)]
    assert not nameless


OPENERS = {
    "key": lambda bench: bench.content.open_key_dialog(),
    "address": lambda bench: bench.window.header.custom_wanted.emit(),
    "shortcuts": lambda bench: bench.window.header.shortcuts_wanted.emit(),
    "about": lambda bench: bench.window.header.about_wanted.emit(),
    "regions": lambda bench: bench.button("Browse regions…").click(),
}


@pytest.mark.parametrize("name", OPENERS)
def test_everything_in_a_dialog_has_a_name_and_escape_leaves_it(make_bench: MakeBench, qtbot: QtBot, name: str) -> None:
    bench = make_bench(environment=SANDBOX)
    OPENERS[name](bench)
    qtbot.waitUntil(lambda: bool([dialog for dialog in bench.window.findChildren(QWidget) if _is_dialog(dialog)]))
    dialog = bench.dialog()
    assert dialog.windowTitle()
    controls = _focusable(dialog)
    assert controls
    assert not [widget for widget in controls if not _name(widget)]
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not [each for each in bench.window.findChildren(QWidget) if _is_dialog(each)])


def _is_dialog(widget: QWidget) -> bool:
    return widget.isWindow() and widget.isVisible() and widget.inherits("QDialog")


def _tabbed(window: QWidget, qtbot: QtBot, start: QWidget) -> list[QWidget]:
    """Return what Tab goes through, from ``start`` until it comes round."""
    start.setFocus(Qt.FocusReason.TabFocusReason)
    seen = [start]
    for _ in range(200):
        at = QApplication.focusWidget()
        assert at is not None
        QTest.keyClick(at, Qt.Key.Key_Tab)
        at = QApplication.focusWidget()
        if at is None or at in seen:
            break
        seen.append(at)
    return seen


def test_tab_goes_through_everything_in_reading_order(ready: Bench, qtbot: QtBot) -> None:
    ready.strip.show_message(Message(Tone.ERROR, "Trouble", "Text", details="d", request_id="r"))
    window = ready.window
    order = _tabbed(window, qtbot, window.header.environment)
    names = [_name(widget) for widget in order]
    assert names[0] == "Environment"
    wanted = set(_focusable(window)) - {area for area in window.findChildren(QAbstractScrollArea) if _is_frame(area)}
    assert not [_name(widget) for widget in wanted - set(order)], " > ".join(names)
    result = ready.result
    areas = [
        window.header,
        window.content.panels.rail,
        ready.form,
        ready.panel.matching,
        ready.panel.presets,
        ready.panel.create_button,
        result.tabs,
        result.tools,
        result.widget,
        ready.strip,
    ]
    places = [next(n for n, area in enumerate(areas) if area is w or area.isAncestorOf(w)) for w in order]
    assert places == sorted(places), list(zip(names, places, strict=True))
    _assert_reading_order([widget for widget in order if window.header.isAncestorOf(widget)], window)
    _assert_reading_order([widget for widget in order if ready.form.isAncestorOf(widget)], window)
    _assert_reading_order([widget for widget in order if ready.strip.isAncestorOf(widget)], window)


def _is_frame(area: QAbstractScrollArea) -> bool:
    return area.focusPolicy() == Qt.FocusPolicy.NoFocus


def _assert_reading_order(widgets: list[QWidget], window: QWidget) -> None:
    places = []
    for widget in widgets:
        middle = widget.mapTo(window, QPoint(0, widget.height() // 2))
        places.append((middle.y(), middle.x(), _name(widget)))
    for (y, x, name), (next_y, next_x, next_name) in pairwise(places):
        below = next_y > y + 4
        beside = abs(next_y - y) <= 40 and next_x > x
        assert below or beside, f"{next_name} comes after {name} and stands before it"


@pytest.mark.parametrize("opener", ["key", "address"])
def test_tab_in_a_dialog_goes_in_reading_order(make_bench: MakeBench, qtbot: QtBot, opener: str) -> None:
    bench = make_bench(environment=SANDBOX)
    OPENERS[opener](bench)
    dialog = bench.dialog()
    qtbot.waitUntil(dialog.isActiveWindow)
    line = next(widget for widget in _focusable(dialog) if widget.inherits("QLineEdit"))
    line.setText("abc")  # type: ignore[attr-defined]
    order = _tabbed(dialog, qtbot, line)
    assert set(order) == set(_focusable(dialog))
    _assert_reading_order(order, dialog)
    dialog.reject()


def test_every_shortcut_does_something(bench: Bench, qtbot: QtBot) -> None:
    from PySide6.QtGui import QShortcut

    installed = {shortcut.key().toString() for shortcut in bench.window.findChildren(QShortcut)}
    assert {key for shortcut in SHORTCUTS for key in shortcut.keys} == installed


@pytest.mark.parametrize(
    ("key", "pane"), [(Qt.Key.Key_1, "widget"), (Qt.Key.Key_2, "request"), (Qt.Key.Key_3, "response")]
)
def test_tabs_are_reached_by_keyboard(bench: Bench, qtbot: QtBot, key: Qt.Key, pane: str) -> None:
    bench.result.tabs.setCurrentIndex(2 if pane == "widget" else 0)
    QTest.keyClick(bench.window, key, Qt.KeyboardModifier.ControlModifier)
    assert getattr(bench.result, pane).isVisible()


def test_the_focus_is_seen(bench: Bench) -> None:
    """A control with the focus looks different, so that one sees where one is."""
    QApplication.processEvents()
    for widget in _focusable(bench.window):
        if widget.inherits("QLineEdit") and not widget.accessibleName():
            continue
        bench.line("Redirect URL").setFocus()
        if widget is bench.line("Redirect URL"):
            bench.line("Customer ID").setFocus()
        QApplication.processEvents()
        frame = widget.parentWidget() if _name(widget) == "Add region" else widget
        assert frame is not None
        before = frame.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        assert frame.grab().toImage() != before, _name(widget)
