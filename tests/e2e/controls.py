"""The controls of a window, found by role and accessible name, with what a person can do to them."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.e2e.driver import PATIENCE, Driver, DriverError, wait_for

ROLES: Mapping[str, Sequence[str]] = {
    "button": ("push button", "button", "toggle button", "push button menu"),
    "check box": ("check box",),
    "combo box": ("combo box",),
    "radio button": ("radio button",),
    "text": ("text", "entry", "paragraph", "document text"),
    "password": ("password text",),
    "list": ("list", "tree", "table", "tree table", "list box"),
    "list item": ("list item", "tree item", "table cell", "menu item"),
    "heading": ("heading",),
    "document": ("document web", "document frame"),
    "dialog": ("dialog", "alert"),
    "label": ("label", "static"),
    "any": (),
}
"""Our words for roles, with the names the accessibility bus has had for them (they differ by toolkit and version)."""


class Control:
    """One control, looked up anew at each use, so what the window rebuilds in between does not matter."""

    def __init__(self, driver: Driver, query: Mapping[str, object]) -> None:
        self._driver = driver
        self._query = dict(query)

    def __repr__(self) -> str:
        return f"<{self._query}>"

    def read(self) -> dict[str, Any]:
        """Return role, name, description, states, text, value and actions as they are now."""
        seen: dict[str, Any] = self._driver.ask("read", **self._query)
        return seen

    def exists(self) -> bool:
        """Tell whether the control is on the screen now."""
        try:
            self.read()
        except DriverError:
            return False
        return True

    @property
    def states(self) -> set[str]:
        """The states that hold now (``enabled``, ``checked``, ``focused``...)."""
        return set(self.read()["states"])

    @property
    def enabled(self) -> bool:
        """Whether a person could use it."""
        return "enabled" in self.states

    @property
    def checked(self) -> bool:
        """Whether a check box is ticked; one that shows a dash is not."""
        states = self.states
        return "checked" in states and "indeterminate" not in states

    @property
    def text(self) -> str:
        """What its text interface says. Raises ``DriverError`` when it has none."""
        text = self.read()["text"]
        if text is None:
            raise DriverError(f"{self!r} has no text")
        return str(text)

    def wait(self, timeout: float = PATIENCE) -> "Control":
        """Wait until the control is on the screen."""
        wait_for(self.exists, repr(self), timeout)
        return self

    def wait_enabled(self, timeout: float = PATIENCE) -> "Control":
        """Wait until the control can be used."""
        wait_for(lambda: self.enabled, f"{self!r} enabled", timeout)
        return self

    def wait_gone(self, timeout: float = PATIENCE) -> None:
        """Wait until the control has left the screen."""
        wait_for(lambda: not self.exists(), f"{self!r} gone", timeout)

    def wait_text(self, start: str, timeout: float = PATIENCE) -> str:
        """Wait until its text contains ``start`` and return the whole text."""
        return wait_for(lambda: self.text if start in self.text else "", f"{start!r} in {self!r}", timeout)

    def press(self) -> None:
        """Press a button or link once it can be pressed."""
        self.wait_enabled()
        self.press_now()

    def press_now(self) -> None:
        """Press it without looking first. Raises ``DriverError`` when that cannot be."""
        self._driver.ask("act", **self._query, actions=["press", "click", "toggle", "jump", "dodefault"])

    def tick(self, wanted: bool = True) -> None:
        """Bring a check box to the wanted state, past the dash where it has one."""
        self.wait_enabled()
        for _ in range(2):
            before = self.states & {"checked", "indeterminate"}
            if before == ({"checked"} if wanted else set()):
                return
            self._driver.ask("act", **self._query, actions=["toggle", "press", "click"])
            wait_for(lambda: self.states & {"checked", "indeterminate"} != before, f"a change of {self!r}")  # noqa: B023
        assert self.checked == wanted, self

    def focus(self) -> None:
        """Give it the keyboard."""
        self.wait()
        self._driver.ask("focus", **self._query)
        wait_for(lambda: "focused" in self.states, f"{self!r} focused")

    def set_text(self, text: str) -> None:
        """Replace its text through the accessibility bus, as dictation software does."""
        self.wait()
        self._driver.ask("set_text", **self._query, text=text)

    def type(self, text: str) -> None:
        """Replace its text by typing on the keyboard."""
        self.focus()
        self._driver.keys("ctrl+a", "BackSpace")
        if text:
            self._driver.type(text)

    def child(self, role: str, name: str | None = None, **more: object) -> "Control":
        """Return a control inside this one."""
        within = {key: value for key, value in self._query.items() if key != "pid"}
        return Control(
            self._driver,
            {"pid": self._query["pid"], "roles": list(ROLES[role]), "name": name, "within": within, **more},
        )

    def names(self, role: str) -> list[str]:
        """Return the names of the controls of a role inside this one, in reading order."""
        within = {key: value for key, value in self._query.items() if key != "pid"}
        found = self._driver.ask("read_all", pid=self._query["pid"], roles=list(ROLES[role]), within=within)
        return [each["name"] for each in found]

    def chosen(self) -> str | None:
        """Return the chosen item of a combo box."""
        item: str | None = self._driver.ask("chosen", **self._query)
        return item

    def choose(self, item: str) -> None:
        """Choose the item of a combo box whose name starts so: open it, type the item's name, press Return."""
        self.wait_enabled()
        self._driver.ask("act", **self._query, actions=["show menu", "showmenu", "press"])
        wait_for(lambda: self.child("list").exists(), f"the list of {self!r}")
        self._driver.type(item)
        self._driver.keys("Return")
        self.child("list").wait_gone()
        wait_for(lambda: (self.chosen() or "").startswith(item), f"{item!r} chosen in {self!r}")


class Window:
    """The windows of one process."""

    def __init__(self, driver: Driver, pid: int) -> None:
        self.driver = driver
        self.pid = pid

    def titles(self, *, active: bool = False) -> list[str]:
        """Return the titles of the windows and dialogs that are showing, or of the one that has the keyboard."""
        try:
            titles: list[str] = self.driver.ask("titles", pid=self.pid, active=active)
        except DriverError:
            return []
        return [title for title in titles if title]

    def control(self, role: str, name: str | None = None, **more: object) -> Control:
        """Return the control of a role and name; ``prefix=True`` takes the beginning of a name, ``nth`` a later one."""
        return Control(self.driver, {"pid": self.pid, "roles": list(ROLES[role]), "name": name, **more})

    def button(self, name: str, **more: object) -> Control:
        """Return a button."""
        return self.control("button", name, **more)

    def box(self, name: str, **more: object) -> Control:
        """Return a check box."""
        return self.control("check box", name, **more)

    def field(self, name: str, **more: object) -> Control:
        """Return a line of text."""
        return self.control("text", name, **more)

    def all(self, role: str, **more: object) -> list[dict[str, Any]]:
        """Return what is known of every control of a role that is showing."""
        found: list[dict[str, Any]] = self.driver.ask("read_all", pid=self.pid, roles=list(ROLES[role]), **more)
        return found

    def dump(self) -> str:
        """Return the whole tree as text, for the report of a failure."""
        tree: str = self.driver.ask("tree", pid=self.pid)
        return tree

    def message(self) -> str:
        """Return what the message strip says."""
        return self.control("any", "Message").text.strip()

    def wait_message(self, piece: str, timeout: float = PATIENCE) -> str:
        """Wait until the message strip says ``piece`` and return the whole message."""
        return wait_for(lambda: text if piece in (text := self.message()) else "", f"{piece!r} in the message", timeout)
