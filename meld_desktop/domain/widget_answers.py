"""What the web view answers when it is asked to do something: a picture, a login form filled in."""

from dataclasses import dataclass

from meld_desktop.domain.text import Text


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of the widget with everything typed in it covered. Sizes are in pixels of the picture."""

    png: bytes
    width: int
    height: int
    covered: int
    """How many boxes were laid over fields and texts."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of filling in a login form."""

    text: Text
    """What was done, or why nothing was, with the next step."""
    fields: tuple[str, ...] = ()
    """Which fields got a value: "username", "password", "code". Empty: none."""
