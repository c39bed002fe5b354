"""The activity log: what was asked of the Demo and what became of it (ACT). Keys and tokens never get into it."""

import itertools
from bisect import insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from meld_desktop.mock.clock import iso
from meld_desktop.mock.connection import ACCOUNT_ID, Connection
from meld_desktop.mock.ids import id_from
from meld_desktop.mock.paging import key_of

KIND = "activity"
_KEPT = 4_000
_ENTITY = "INSTITUTION_CONNECTION"


@dataclass(frozen=True)
class Activity:
    """Something that happened."""

    sequence: int
    at: float
    action: str
    request_id: str = ""
    connection_id: str = ""
    customer_id: str = ""
    external_customer_id: str = ""
    event_type: str = ""
    attributes: Mapping[str, object] = field(default_factory=dict)
    details: Mapping[str, object] | None = None

    @property
    def place(self) -> tuple[int, ...]:
        """Where it stands in lists: the newest first."""
        return (-int(self.at * 1_000_000), -self.sequence)

    def to_json(self) -> dict[str, object]:
        """Return it as the search shows it (ACT)."""
        is_widget = "WIDGET" in self.action
        attributes: dict[str, object] = {
            "requestId": self.request_id or None,
            "connectionId": self.connection_id or None,
            "customerId": self.customer_id or None,
            "externalCustomerId": self.external_customer_id or None,
        }
        if self.event_type:
            attributes["eventType"] = self.event_type
        return {
            "key": key_of(KIND, self.place),
            "action": self.action,
            "occurredAt": iso(self.at),
            "actor": {
                "id": self.customer_id if is_widget else ACCOUNT_ID,
                "name": self.external_customer_id if is_widget else "Demo",
                "type": "CUSTOMER" if is_widget else "ACCOUNT",
            },
            "entity": {
                "id": self.connection_id or id_from("request", self.request_id),
                "type": _ENTITY if self.connection_id else "REQUEST",
            },
            "attributes": attributes | dict(self.attributes),
            "details": dict(self.details) if self.details is not None and is_widget else None,
        }


class ActivityLog:
    """What happened, the newest first; only so much is kept. Lives on the server's own thread."""

    def __init__(self) -> None:
        self._sequence = itertools.count(1)
        self._entries: list[Activity] = []

    def __iter__(self) -> Iterator[Activity]:
        return reversed(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def add(
        self,
        at: float,
        action: str,
        connection: Connection | None = None,
        *,
        request_id: str = "",
        event_type: str = "",
        attributes: Mapping[str, object] | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Note that ``action`` happened at a moment, which may lie in the past."""
        entry = Activity(
            sequence=next(self._sequence),
            at=at,
            action=action,
            request_id=request_id,
            connection_id=connection.id if connection else "",
            customer_id=connection.customer_id if connection else "",
            external_customer_id=connection.request.external_customer_id if connection else "",
            event_type=event_type,
            attributes=attributes or {},
            details=details,
        )
        insort(self._entries, entry, key=lambda one: (one.at, one.sequence))
        if len(self._entries) > _KEPT + _KEPT // 10:
            del self._entries[: len(self._entries) - _KEPT]

    def find(self, place: tuple[int, ...]) -> Activity | None:
        """Return the entry at a place, if it is still there."""
        return next((entry for entry in self if entry.place == place), None)
