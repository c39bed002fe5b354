"""What is kept of a link that was made here. There is no place for a key, a token or the widget's address."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

ENVIRONMENTS = ("demo", "sandbox", "production", "custom")
"""The ids an ``environment`` may have."""

KINDS = ("link", "repair")

STATUSES = (
    "IN_PROGRESS",
    "ACTIVE",
    "PARTIALLY_ACTIVE",
    "DEGRADED",
    "RECONNECT_REQUIRED",
    "UNRECOVERABLE",
    "UNDETERMINED",
    "EXPIRED",
    "DELETED",
    "RECONNECT_AVAILABLE",
    "CUSTOMER_ACTION_REQUIRED",
)
"""The statuses of a connection (OAS), the last two from older versions. Meld may answer with others.

New ones go to the end: the index counts them."""

EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
"""No link was made before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRecord:
    """One link, or one repair of a link. Times are aware; an empty text means: not known.

    ``id`` is 0 until the record is stored. ``host`` is the API's host, empty for Demo. ``request`` is the body that was
    sent, exactly as ``ConnectStartRequest.to_json()`` wrote it. ``outcome`` is one English sentence. Links that belong
    to one repair case share a ``case_id``; 0 means none.
    """

    id: int = 0
    made_at: datetime
    environment: str
    host: str = ""
    customer: str
    ticket: str = ""
    note: str = ""
    connection_id: str = ""
    meld_customer_id: str = ""
    institution_id: str = ""
    institution_name: str = ""
    products: tuple[str, ...] = ()
    optional_products: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    request: str = ""
    request_id: str = ""
    expires_at: datetime | None = None
    status: str = ""
    status_reason: str = ""
    status_at: datetime | None = None
    outcome: str = ""
    case_id: int = 0
    kind: str = "link"

    def __post_init__(self) -> None:
        """Refuse what no link can be. Raises ValueError."""
        for moment in (self.made_at, self.expires_at, self.status_at):
            if moment is not None and (moment.tzinfo is None or moment.astimezone(UTC) < EARLIEST):
                raise ValueError("a time has a time zone and lies after 1970")
        if self.environment not in ENVIRONMENTS:
            raise ValueError("no such environment")
        if self.kind not in KINDS:
            raise ValueError("no such kind of link")
        if self.id < 0 or self.case_id < 0:
            raise ValueError("numbers of links and cases are not negative")


ATTRIBUTES = tuple(attribute.name for attribute in fields(LinkRecord))


def cleaned(record: LinkRecord, redact: Callable[[str], str]) -> LinkRecord:
    """Return ``record`` as it may be stored: every text through ``redact``, times in UTC, only real characters.

    What is one of a few words of ours stays: a very short key may be part of any of them.
    """
    given = [name for name in ATTRIBUTES if name not in {"environment", "kind"}]
    return replace(record, **{name: _cleaned(getattr(record, name), redact) for name in given})


def cleaned_text(text: str, redact: Callable[[str], str]) -> str:
    """Return ``text`` as it may be stored. Half a character (a lone surrogate) becomes a question mark."""
    return redact(text.encode("utf-8", "replace").decode("utf-8"))


def _cleaned(value: Any, redact: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return cleaned_text(value, redact)
    if isinstance(value, tuple):
        return tuple(cleaned_text(part, redact) for part in value)
    return value.astimezone(UTC) if isinstance(value, datetime) else value
