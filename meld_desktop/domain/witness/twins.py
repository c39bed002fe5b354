"""Brings together the two halves of one happening: what the web view saw, and what it told the person about it.

Both come by themselves, in either order, within a moment; the timeline shows them as one line.
"""

from collections import OrderedDict, deque

_SECONDS = 1.0
_KEYS = 32
_WAITING = 20


class Twins:
    """Remembers, for a moment, halves that wait for their other half. Bounded."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[tuple[str, str], deque[tuple[int, float]]] = OrderedDict()

    def meet(self, twin: str, side: str, seconds: float) -> int:
        """Return the number of the entry of the other side's half of ``twin``, and forget it; 0 when none waits."""
        waiting = self._waiting.get((_other(side), twin)) if twin else None
        while waiting:
            number, since = waiting.popleft()
            if seconds - since <= _SECONDS:
                return number
        return 0

    def remember(self, twin: str, side: str, number: int, seconds: float) -> None:
        """Let the half of ``twin`` in the entry with this number wait for the other one."""
        if not twin:
            return
        self._waiting.setdefault((side, twin), deque(maxlen=_WAITING)).append((number, seconds))
        self._waiting.move_to_end((side, twin))
        if len(self._waiting) > _KEYS:
            self._waiting.popitem(last=False)


def _other(side: str) -> str:
    return "told" if side == "seen" else "seen"
