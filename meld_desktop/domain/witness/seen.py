"""What a session keeps beside its timeline: hops, requests, pictures, and what two sessions are compared by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from meld_desktop.domain.witness.observation import HopKind, ResourceRequest


@dataclass(frozen=True, slots=True)
class SeenHop:
    """A hop with its place in time. ``url`` is whole, but for the connect token, which is masked."""

    number: int
    at: datetime
    seconds: float
    url: str
    place: str
    kind: HopKind


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """A page's request with its time; the URL has its query values masked already."""

    at: datetime
    seconds: float
    request: ResourceRequest


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the widget, taken with everything typed in it covered."""

    name: str
    """Such as ``007-connect_complete.png``: the entry's number and what happened."""
    at: datetime
    entry: int
    png: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Comparable:
    """What of a session is compared with another: no times, no ids that differ by nature, no secrets."""

    name: str
    """For people: customer and time of day, or a file's name."""
    request: Mapping[str, object]
    """The JSON body."""
    hops: tuple[str, ...]
    """Each as ``kind place scheme://host/path``, with masked query values."""
    events: tuple[str, ...]
    """Each widget event as its name, with the metadata that carries meaning (reason, bank, number of accounts)."""
    outcome: str
    """The sentence at the end, in English."""
    verdict: str = ""
    environment: str = ""
