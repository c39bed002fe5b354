"""What the list of links answers with."""

from dataclasses import dataclass
from pathlib import Path

from meld_desktop.domain.links.query import LinkQuery
from meld_desktop.domain.links.record import LinkRecord


@dataclass(frozen=True, slots=True)
class Paged:
    """Links that were asked for. ``total`` is None until it has been counted; ``more`` says whether others follow."""

    query: LinkQuery
    records: tuple[LinkRecord, ...]
    more: bool
    is_first: bool
    total: int | None = None


@dataclass(frozen=True, slots=True)
class LastUsed:
    """The customer asked for, and the last link made for them; None when there is none."""

    customer: str
    record: LinkRecord | None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The customer that was forgotten, and how many links went."""

    customer: str
    count: int


@dataclass(frozen=True, slots=True)
class Exported:
    """The file that was written, and how many links are in it."""

    path: Path
    count: int
