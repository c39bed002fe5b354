"""The eyes and hands on the accessibility bus: runs under the system's Python, speaks JSON lines on stdin and stdout.

A program of its own because the AT-SPI bindings come with the distribution and not from the package index. A request is
``{"do": NAME, ...}``; the answer is ``{"value": ...}`` or ``{"error": TEXT}``. It knows nothing of the product.
"""

import json
import select
import sys
import time
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # type: ignore[import-not-found]  # noqa: E402

Atspi.set_timeout(20_000, 20_000)  # a stall is to be measured, not to become an error

STATES = {
    name.lower(): getattr(Atspi.StateType, name)
    for name in (
        "ACTIVE",
        "CHECKED",
        "CHECKABLE",
        "COLLAPSED",
        "DEFUNCT",
        "EDITABLE",
        "ENABLED",
        "EXPANDABLE",
        "EXPANDED",
        "FOCUSABLE",
        "FOCUSED",
        "INDETERMINATE",
        "READ_ONLY",
        "SELECTED",
        "SENSITIVE",
        "SHOWING",
        "VISIBLE",
    )
}
WIDEST = 400
"""Of a longer list of children only so many are looked at: a list of all regions is not searched row by row."""


class LookupFailedError(Exception):
    """No such application or control."""


def application(pid: int) -> Any:
    """Return the root object of the process ``pid``."""
    desk = Atspi.get_desktop(0)
    for index in range(desk.get_child_count()):
        app = desk.get_child_at_index(index)
        try:
            if app is not None and app.get_process_id() == pid:
                return app
        except GLib.Error:
            continue  # one that is just leaving
    raise LookupFailedError(f"no application with pid {pid}")


def children(node: Any) -> list[Any]:
    """Return the children of ``node``; an object that is gone has none."""
    try:
        count = min(node.get_child_count(), WIDEST)
        return [child for child in (node.get_child_at_index(index) for index in range(count)) if child is not None]
    except GLib.Error:
        return []


def states(node: Any) -> list[str]:
    """Return the names of the states that hold now."""
    held = node.get_state_set()
    return [name for name, state in STATES.items() if held.contains(state)]


def text_of(node: Any) -> str | None:
    """Return what the object's text interface says, or None when it has none."""
    text = node.get_text_iface()
    return None if text is None else text.get_text(0, -1)  # one call: the text may change between two


def described(node: Any) -> dict[str, Any]:
    """Return all that a client may ask of a control."""
    actions = node.get_action_iface()
    value = node.get_value_iface()
    return {
        "role": node.get_role_name(),
        "name": node.get_name(),
        "description": node.get_description(),
        "label": label_of(node),
        "states": states(node),
        "text": text_of(node),
        "value": None if value is None else value.get_current_value(),
        "actions": [actions.get_action_name(i) for i in range(actions.get_n_actions())] if actions else [],
        "children": node.get_child_count(),
    }


def label_of(node: Any) -> str | None:
    """Return the name of the label that the object says it is labelled by."""
    for relation in node.get_relation_set():
        if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY and relation.get_n_targets():
            return str(relation.get_target(0).get_name())
    return None


def names_of(node: Any) -> list[str]:
    """Return what a screen reader calls the object: Qt gives a combo box the name of what is chosen in it."""
    own = node.get_name() or ""
    label = label_of(node) if node.get_role_name() == "combo box" else None
    return [own] if label is None else [own, label]


def matches(node: Any, roles: list[str], name: str | None, prefix: bool, showing: bool) -> bool:
    """Tell whether ``node`` is the one looked for."""
    if roles and node.get_role_name() not in roles:
        return False
    if name is not None and not any(own == name or (prefix and own.startswith(name)) for own in names_of(node)):
        return False
    return not showing or node.get_state_set().contains(Atspi.StateType.SHOWING)


def search(root: Any, roles: list[str], name: str | None, prefix: bool, showing: bool, most: int) -> list[Any]:
    """Return up to ``most`` controls below ``root``, in reading order."""
    found: list[Any] = []
    stack = [root]
    while stack and len(found) < most:
        node = stack.pop()
        try:
            if node is not root and matches(node, roles, name, prefix, showing):
                found.append(node)
        except GLib.Error:
            continue
        stack.extend(reversed(children(node)))
    return found


class Driver:
    """Answers one request at a time; remembers the controls it found, because a search walks the whole window."""

    def __init__(self) -> None:
        self._found: dict[str, Any] = {}

    def control(self, request: dict[str, Any]) -> Any:
        """Return the control a request is about. Raises ``LookupFailedError``."""
        key = json.dumps([request.get(part) for part in ("pid", "roles", "name", "prefix", "hidden", "within", "nth")])
        known = self._found.get(key)
        if known is not None and self._still(known, request):
            return known
        nth = request.get("nth", 0)
        found = self._search(request, nth + 1)
        if len(found) <= nth:
            raise LookupFailedError(
                f"no {'/'.join(request.get('roles', [])) or 'control'} named {request.get('name')!r}"
            )
        self._found[key] = found[nth]
        return found[nth]

    def _still(self, node: Any, request: dict[str, Any]) -> bool:
        try:
            if node.get_state_set().contains(Atspi.StateType.DEFUNCT) or node.get_parent() is None:
                return False
            return matches(
                node,
                request.get("roles", []),
                request.get("name"),
                request.get("prefix", False),
                not request.get("hidden"),
            )
        except GLib.Error:
            return False

    def _search(self, request: dict[str, Any], most: int) -> list[Any]:
        root = application(request["pid"])
        within = request.get("within")
        if within is not None:
            root = self.control({"pid": request["pid"], **within})
        return search(
            root,
            request.get("roles", []),
            request.get("name"),
            request.get("prefix", False),
            not request.get("hidden"),
            most,
        )

    def do_applications(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        desk = Atspi.get_desktop(0)
        listed = []
        for index in range(desk.get_child_count()):
            app = desk.get_child_at_index(index)
            try:
                listed.append({"name": app.get_name(), "pid": app.get_process_id(), "windows": app.get_child_count()})
            except GLib.Error:
                continue
        return listed

    def do_titles(self, request: dict[str, Any]) -> list[str]:
        """Return the titles of the windows that are showing; of the one with the keyboard only, if that is asked."""
        state = Atspi.StateType.ACTIVE if request.get("active") else Atspi.StateType.SHOWING
        tops = children(application(request["pid"]))
        return [top.get_name() for top in tops if top.get_state_set().contains(state)]

    def do_read(self, request: dict[str, Any]) -> dict[str, Any]:
        return described(self.control(request))

    def do_read_all(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        return [described(node) for node in self._search(request, request.get("most", 5000))]

    def do_act(self, request: dict[str, Any]) -> str:
        node = self.control(request)
        actions = node.get_action_iface()
        if actions is None:
            raise LookupFailedError(f"{request.get('name')!r} has no action")
        names = [actions.get_action_name(index) for index in range(actions.get_n_actions())]
        wanted = [word.lower() for word in request["actions"]]
        for word in wanted:
            for index, name in enumerate(names):
                if name.lower() == word:
                    if not actions.do_action(index):
                        raise LookupFailedError(f"{request.get('name')!r} did not take {name}")
                    return str(name)
        raise LookupFailedError(f"{request.get('name')!r} can {names}, not {request['actions']}")

    def do_focus(self, request: dict[str, Any]) -> bool:
        return bool(self.control(request).get_component_iface().grab_focus())

    def do_set_text(self, request: dict[str, Any]) -> bool:
        editable = self.control(request).get_editable_text_iface()
        if editable is None:
            raise LookupFailedError(f"{request.get('name')!r} cannot be edited")
        return bool(editable.set_text_contents(request["text"]))

    def do_chosen(self, request: dict[str, Any]) -> str | None:
        """Return the chosen item of a combo box or list."""
        for item in search(self.control(request), [], None, prefix=False, showing=False, most=WIDEST):
            if item.get_state_set().contains(Atspi.StateType.SELECTED):
                return str(item.get_name())
        return None

    def do_place(self, request: dict[str, Any]) -> list[int]:
        box = self.control(request).get_component_iface().get_extents(Atspi.CoordType.SCREEN)
        return [box.x, box.y, box.width, box.height]

    def do_tree(self, request: dict[str, Any]) -> str:
        lines: list[str] = []
        stack = [(application(request["pid"]), 0)]
        while stack and len(lines) < request.get("most", 2000):
            node, depth = stack.pop()
            try:
                said = described(node)
            except GLib.Error as gone:
                said = {"role": "gone", "name": str(gone), "text": None, "states": []}
            shown = "" if "showing" in said["states"] else " (hidden)"
            text = "" if said["text"] is None else f" text={said['text'][:120]!r}"
            lines.append(f"{'  ' * depth}{said['role']} {said['name']!r}{text}{shown}")
            if said["role"] != "gone":
                stack.extend((child, depth + 1) for child in reversed(children(node)))
        return "\n".join(lines)

    def do_latency(self, request: dict[str, Any]) -> list[float]:
        """Ask the window for its name and size again and again until the next request arrives; return each wait."""
        node = self.control(request) if request.get("name") else children(application(request["pid"]))[0]
        waits: list[float] = []
        print(json.dumps({"value": "measuring"}), flush=True)
        while not select.select([sys.stdin], [], [], 0.005)[0]:
            start = time.perf_counter()
            node.get_child_count()
            node.get_name()
            waits.append(time.perf_counter() - start)
        return waits

    def do_stop(self, request: dict[str, Any]) -> None:
        """End a measurement: its arrival is the signal."""

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to one request."""
        try:
            return {"value": getattr(self, f"do_{request['do']}")(request)}
        except (LookupFailedError, GLib.Error) as failure:
            return {"error": str(failure)}


def main() -> None:
    """Answer requests until stdin ends."""
    driver = Driver()
    Atspi.init()
    while line := sys.stdin.readline():
        print(json.dumps(driver.answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
