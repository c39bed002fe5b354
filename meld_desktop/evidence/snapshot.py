"""What of a session goes into a pack, held still: the pack is written on another thread while the session goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from meld_desktop.domain.link import Link
from meld_desktop.domain.text import Text
from meld_desktop.domain.witness.entry import Entry
from meld_desktop.domain.witness.seen import Comparable, Picture, SeenHop, SeenRequest
from meld_desktop.domain.witness.verdict import RedirectVerdict


class Witnessed(Protocol):
    """A session, or a snapshot of one."""

    @property
    def number(self) -> int: ...  # noqa: D102 - as in Session
    @property
    def link(self) -> Link: ...  # noqa: D102
    @property
    def began(self) -> datetime: ...  # noqa: D102
    @property
    def customer(self) -> str: ...  # noqa: D102
    @property
    def entries(self) -> Sequence[Entry]: ...  # noqa: D102
    @property
    def left_out(self) -> int: ...  # noqa: D102
    @property
    def hops(self) -> Sequence[SeenHop]: ...  # noqa: D102
    @property
    def hops_left_out(self) -> int: ...  # noqa: D102
    @property
    def requests(self) -> Sequence[SeenRequest]: ...  # noqa: D102
    @property
    def requests_left_out(self) -> int: ...  # noqa: D102
    @property
    def pictures(self) -> Sequence[Picture]: ...  # noqa: D102
    @property
    def pictures_left_out(self) -> int: ...  # noqa: D102
    @property
    def conclusion(self) -> Text: ...  # noqa: D102
    @property
    def verdict(self) -> RedirectVerdict: ...  # noqa: D102
    def comparable(self) -> Comparable: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A session as it was at one moment. Immutable, usable from any thread."""

    number: int
    link: Link
    began: datetime
    customer: str
    entries: tuple[Entry, ...]
    left_out: int
    hops: tuple[SeenHop, ...]
    hops_left_out: int
    requests: tuple[SeenRequest, ...]
    requests_left_out: int
    pictures: tuple[Picture, ...]
    pictures_left_out: int
    conclusion: Text
    verdict: RedirectVerdict
    compared: Comparable

    def comparable(self) -> Comparable:
        """Return what the session is compared by."""
        return self.compared


def snapshot(session: Witnessed) -> Snapshot:
    """Return ``session`` as it is now. Call it on the thread that fills the session."""
    return Snapshot(
        session.number,
        session.link,
        session.began,
        session.customer,
        tuple(session.entries),
        session.left_out,
        tuple(session.hops),
        session.hops_left_out,
        tuple(session.requests),
        session.requests_left_out,
        tuple(session.pictures),
        session.pictures_left_out,
        session.conclusion,
        session.verdict,
        session.comparable(),
    )
