"""Fills the form of the window, by the names on the screen."""

from collections.abc import Mapping, Sequence

from tests.e2e.controls import Window
from tests.e2e.driver import wait_for

PRODUCTS = (
    "Balances",
    "Identifiers",
    "Investment holdings",
    "Investment transactions",
    "Owners",
    "Transactions",
)


def fill(
    window: Window,
    *,
    customer: str | None = None,
    required: Sequence[str] = (),
    optional: Sequence[str] = (),
    regions: str = "",
    texts: Mapping[str, str] | None = None,
    allow_redirect: bool = True,
    appearance: Mapping[str, str | bool] | None = None,
) -> None:
    """Fill a fresh form. ``texts`` and ``appearance`` go by the names of the controls."""
    if customer is not None:
        window.field("Customer ID").type(customer)
    for name in [*(f"{product} required" for product in required), *(f"{product} optional" for product in optional)]:
        window.box(name).tick()
    if regions:
        add_regions(window, regions)
    for name, text in (texts or {}).items():
        window.field(name).set_text(text)
    if not allow_redirect:
        window.box("Allow redirect").tick(False)
    if appearance:
        open_appearance(window)
        for name, value in appearance.items():
            _set(window, name, value)


def _set(window: Window, name: str, value: str | bool) -> None:
    if isinstance(value, bool):
        window.box(name).tick(value)
    elif name == "Selection style":
        window.control("combo box", name).choose(value)
    else:
        window.field(name).set_text(value)


def add_regions(window: Window, text: str) -> None:
    """Type into the regions field and press Return."""
    window.field("Add region").type(text)
    window.driver.keys("Return")
    wait_for(lambda: window.control("list", "Selected regions").exists(), "a chosen region")


def chosen_regions(window: Window) -> list[str]:
    """Return what the chips say."""
    chips = window.control("list", "Selected regions")
    return chips.names("list item") if chips.exists() else []


def open_appearance(window: Window) -> None:
    """Unfold the picker's appearance."""
    if not window.field("Picker heading").exists():
        window.control("any", "Picker appearance").press()
        window.field("Picker heading").wait()


def create(window: Window) -> None:
    """Press the button that everything is about."""
    window.button("Create link").press()


def create_and_get_url(window: Window) -> str:
    """Press *Create link* and return the widget URL once it shows."""
    create(window)
    return window.field("Widget URL").wait_text("connectToken=")
