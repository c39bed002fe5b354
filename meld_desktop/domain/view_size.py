"""How the widget is looked at: the size of its room, the zoom, framed or top level, bank windows as tabs or windows."""

from dataclasses import dataclass
from enum import StrEnum

ZOOM_STEPS = (0.5, 0.67, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)
"""What can be chosen, smallest first."""


class ViewSize(StrEnum):
    """The size of the room that the widget believes it has."""

    PHONE = "phone"
    """What Meld's widget is made for: about 360 x 630."""
    TABLET = "tablet"
    FULL = "full"
    """Whatever room there is."""

    @property
    def pixels(self) -> tuple[int, int] | None:
        """Width and height at 100 %, or None for all the room there is."""
        return _PIXELS.get(self)


def size_named(name: str) -> ViewSize:
    """Return the size of this name, a phone's when there is none."""
    return next((size for size in ViewSize if size.value == name), ViewSize.PHONE)


_PIXELS = {ViewSize.PHONE: (360, 630), ViewSize.TABLET: (768, 1024)}


@dataclass(frozen=True, slots=True)
class ViewChoices:
    """What the person chose. It holds for every link until they choose otherwise."""

    size: ViewSize = ViewSize.PHONE
    zoom: float = 1.0
    is_top_level: bool = False
    """The widget as a page of its own instead of inside our frame page: some banks forbid being framed."""
    windows_as_tabs: bool = False


def nearest_zoom(factor: float) -> float:
    """Return ``factor`` within what can be chosen."""
    return min(max(factor, ZOOM_STEPS[0]), ZOOM_STEPS[-1])


def next_zoom(factor: float, steps: int) -> float:
    """Return the choice that lies ``steps`` above (or, negative, below) ``factor``."""
    place = min(range(len(ZOOM_STEPS)), key=lambda index: abs(ZOOM_STEPS[index] - factor))
    return ZOOM_STEPS[min(max(place + steps, 0), len(ZOOM_STEPS) - 1)]
