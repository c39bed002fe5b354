"""What a session takes and gives for each thing that happens: a moment, and the change of its timeline."""

from dataclasses import dataclass
from datetime import datetime

from meld_desktop.domain.witness.entry import Entry


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happened: aware, in UTC, and in seconds since the session began, from a clock that never jumps."""

    at: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class Change:
    """What a timeline shows anew.

    ``is_new``: the entry stands at the end. Otherwise the entry with this number, mostly the last one, has become this
    one: it came again and its count rose, it got a picture, or the other half of what was known about it.
    ``dropped`` is the number of an entry that fell out to make room, 0 when none did.
    """

    entry: Entry
    is_new: bool
    dropped: int = 0
