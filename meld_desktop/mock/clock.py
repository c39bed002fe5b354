"""The Demo's clock: real time that can be made to run faster.

Everything that has a moment or a duration asks this clock, so four hours of token life can be watched in four minutes.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

HIGHEST_SPEED = 100_000

_END_OF_TIME = datetime(9000, 1, 1, tzinfo=UTC).timestamp()
"""Later moments cannot be written down."""


class Clock:
    """World time in seconds since the epoch. Safe to read and to speed up from any thread."""

    def __init__(self, speed: float = 1.0, real: Callable[[], float] = time.time) -> None:
        """``real`` gives the real time in seconds since the epoch. Raises ``ValueError`` for an impossible speed."""
        self._real = real
        moment = real()
        self._origin = (moment, moment, _checked(speed))

    @property
    def speed(self) -> float:
        """How many seconds of the Demo's world pass in one real second."""
        return self._origin[2]

    def set_speed(self, speed: float) -> None:
        """Go on from the present moment at another speed. Raises ``ValueError`` unless ``speed`` is above 0."""
        checked = _checked(speed)
        self._origin = (self._real(), self.now(), checked)

    def now(self) -> float:
        """Return the present moment of the Demo's world."""
        real, world, speed = self._origin
        return min(world + (self._real() - real) * speed, _END_OF_TIME)

    def real_seconds(self, world_seconds: float) -> float:
        """Return how long one has to wait really for ``world_seconds`` to pass."""
        return world_seconds / self.speed


def iso(moment: float) -> str:
    """Write a moment as Meld does: ISO 8601 in UTC with microseconds and ``Z``."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _checked(speed: float) -> float:
    if not 0 < speed <= HIGHEST_SPEED:
        raise ValueError(f"The speed must be above 0 and at most {HIGHEST_SPEED}, not {speed}")
    return float(speed)
