"""What state a connection is in, as Meld tells when asked, in words and with the next step (ST, OAS)."""

from dataclasses import dataclass
from datetime import datetime

from meld_desktop.domain.text import NOTHING, QT_TRANSLATE_NOOP, Text


@dataclass(frozen=True, slots=True)
class _Row:
    brief: str
    line: str
    next_step: str = ""
    may_refresh: bool = False
    may_repair: bool = False
    is_terminal: bool = False
    is_connected: bool = True


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """A connection's status and reason as Meld names them, its bank, and when data was fetched last.

    ``reason`` is "" where Meld gives none; so is ``institution_name`` while no bank is connected. ``aggregated_at``
    is aware, in UTC, and None before data arrived for the first time. Names that are not documented are shown as they
    are and promise nothing.
    """

    status: str
    reason: str = ""
    institution_name: str = ""
    aggregated_at: datetime | None = None

    @property
    def is_documented(self) -> bool:
        """Whether Meld documents the status."""
        return self.status in _STATUSES

    @property
    def is_connected(self) -> bool:
        """Whether a customer finished the widget, and the connection was not deleted since."""
        return self._row.is_connected

    @property
    def is_terminal(self) -> bool:
        """Whether it never changes again."""
        return self._row.is_terminal

    @property
    def is_settled(self) -> bool:
        """Whether asking again tells nothing new for now: a status that is final, or the first data is there."""
        return self.is_terminal or (self.status != "IN_PROGRESS" and self.aggregated_at is not None)

    @property
    def may_refresh(self) -> bool:
        """Whether its data may be fetched anew. Where Meld's pages disagree (RECONNECT_REQUIRED), it may not."""
        return self._row.may_refresh

    @property
    def may_repair(self) -> bool:
        """Whether the customer may log in again through a repair."""
        return self._row.may_repair

    @property
    def line(self) -> Text:
        """What it means, in one plain sentence."""
        row = self._row
        if row is _ARRIVING and self.aggregated_at is not None:
            return Text(_ARRIVED.line)
        return self._filled(row.line)

    @property
    def brief(self) -> Text:
        """What it means in a few words, for the end of a sentence about the connection."""
        row = self._row
        if row is _ARRIVING and self.aggregated_at is not None:
            return Text(_ARRIVED.brief)
        return self._filled(row.brief)

    @property
    def next_step(self) -> Text:
        """What to do now; nothing when there is nothing to do."""
        return Text(self._row.next_step) if self._row.next_step else NOTHING

    @property
    def _row(self) -> _Row:
        return _ROWS.get((self.status, self.reason)) or _ANY_REASON.get(self.status) or _UNKNOWN

    def _filled(self, source: str) -> Text:
        if "{status}" not in source:
            return Text(source)
        return Text(source, status=f"{self.status} ({self.reason})" if self.reason else self.status)


_REFRESH = QT_TRANSLATE_NOOP("domain", "Refresh the connection later.")
_REPAIR = QT_TRANSLATE_NOOP("domain", "Let the customer log in again through a repair.")

_ARRIVING = _Row(
    QT_TRANSLATE_NOOP("domain", "data still arriving"),
    QT_TRANSLATE_NOOP("domain", "Connected. The bank's data is still arriving."),
    may_refresh=True,
)
_ARRIVED = _Row(
    QT_TRANSLATE_NOOP("domain", "the first data has arrived"),
    QT_TRANSLATE_NOOP("domain", "Connected, and the first data has arrived."),
)
_BANK_DOWN = _Row(
    QT_TRANSLATE_NOOP("domain", "the bank cannot be reached for fresh data now"),
    QT_TRANSLATE_NOOP("domain", "Connected, but the bank cannot be reached for fresh data now. Older data stays."),
    _REFRESH,
    may_refresh=True,
    may_repair=True,
)

_ROWS = {
    ("ACTIVE", ""): _ARRIVING,
    ("ACTIVE", "ACCESS_EXPIRING_SOON"): _Row(
        QT_TRANSLATE_NOOP("domain", "the bank's permission runs out soon"),
        QT_TRANSLATE_NOOP("domain", "Connected, but the bank's permission runs out soon."),
        QT_TRANSLATE_NOOP("domain", "Let the customer renew it in time through a repair."),
        may_refresh=True,
        may_repair=True,
    ),
    ("ACTIVE", "NEW_ACCOUNTS_AVAILABLE"): _Row(
        QT_TRANSLATE_NOOP("domain", "the bank has more accounts to offer"),
        QT_TRANSLATE_NOOP("domain", "Connected, and the bank has accounts that were not offered before."),
        QT_TRANSLATE_NOOP("domain", "Let the customer add them through a repair."),
        may_refresh=True,
        may_repair=True,
    ),
    ("PARTIALLY_ACTIVE", "PARTIAL_AGGREGATION_SUCCESS"): _Row(
        QT_TRANSLATE_NOOP("domain", "only part of the data arrived"),
        QT_TRANSLATE_NOOP("domain", "Connected, but only part of the data arrived."),
        QT_TRANSLATE_NOOP("domain", "Refresh the connection; the rest often comes then."),
        may_refresh=True,
        may_repair=True,
    ),
    ("PARTIALLY_ACTIVE", "INACTIVE_DUPLICATE"): _Row(
        QT_TRANSLATE_NOOP("domain", "another connection with the same login is kept up to date instead"),
        QT_TRANSLATE_NOOP("domain", "A newer connection with the same login is kept up to date instead of this one."),
        QT_TRANSLATE_NOOP("domain", "Use the newer connection; this one may be deleted."),
        may_refresh=True,
        may_repair=True,
    ),
    ("DEGRADED", "INSTITUTION_CURRENTLY_UNAVAILABLE"): _BANK_DOWN,
    ("DEGRADED", "INSTITUTION_ACTION_REQUIRED"): _Row(
        QT_TRANSLATE_NOOP("domain", "the customer has to do something at the bank itself"),
        QT_TRANSLATE_NOOP("domain", "Connected, but the bank wants something of the customer before data flows again."),
        QT_TRANSLATE_NOOP("domain", "Ask the customer to log in at the bank itself and to do what it asks for."),
        may_refresh=True,
        may_repair=True,
    ),
    ("DEGRADED", "SERVICE_PROVIDER_CURRENTLY_UNAVAILABLE"): _Row(
        QT_TRANSLATE_NOOP("domain", "the service provider cannot be reached now"),
        QT_TRANSLATE_NOOP("domain", "Connected, but the service provider cannot be reached now. The login is fine."),
        _REFRESH,
        may_refresh=True,
        may_repair=True,
    ),
    ("DEGRADED", "INTERACTIVE_REFRESH"): _Row(
        QT_TRANSLATE_NOOP("domain", "the bank wants the customer to be there for fresh data"),
        QT_TRANSLATE_NOOP("domain", "Connected, but the bank wants a code for every refresh."),
        QT_TRANSLATE_NOOP("domain", "Refresh through a repair while the customer is there."),
        may_refresh=True,
        may_repair=True,
    ),
    ("RECONNECT_REQUIRED", "LOGIN_REQUIRED"): _Row(
        QT_TRANSLATE_NOOP("domain", "the bank does not accept the login any more"),
        QT_TRANSLATE_NOOP("domain", "The bank does not accept the login any more; the password may have changed."),
        _REPAIR,
        may_repair=True,
    ),
    ("RECONNECT_REQUIRED", "REPAIRING_INSTITUTION"): _Row(
        QT_TRANSLATE_NOOP("domain", "the bank is reached in a new way and has to be connected again"),
        QT_TRANSLATE_NOOP("domain", "The bank is reached in a new way, so the customer has to connect again."),
        _REPAIR,
        may_repair=True,
    ),
    ("RECONNECT_REQUIRED", "TOKEN_EXPIRED"): _Row(
        QT_TRANSLATE_NOOP("domain", "the bank's permission has run out"),
        QT_TRANSLATE_NOOP("domain", "The bank's permission has run out."),
        _REPAIR,
        may_repair=True,
    ),
}

_ANY_REASON = {
    "IN_PROGRESS": _Row(
        QT_TRANSLATE_NOOP("domain", "nobody has finished yet"),
        QT_TRANSLATE_NOOP("domain", "Nobody has finished the widget yet."),
        is_connected=False,
    ),
    "EXPIRED": _Row(
        QT_TRANSLATE_NOOP("domain", "it expired"),
        QT_TRANSLATE_NOOP("domain", "Expired: nobody finished the widget in time."),
        QT_TRANSLATE_NOOP("domain", "Create a new link."),
        is_terminal=True,
        is_connected=False,
    ),
    "DELETED": _Row(
        QT_TRANSLATE_NOOP("domain", "it was deleted"),
        QT_TRANSLATE_NOOP("domain", "Deleted, together with its data."),
        QT_TRANSLATE_NOOP("domain", "Create a new link."),
        is_terminal=True,
        is_connected=False,
    ),
    "ACTIVE": _Row(
        QT_TRANSLATE_NOOP("domain", "Meld says {status}"),
        QT_TRANSLATE_NOOP("domain", "Connected. Meld says {status}."),
        may_refresh=True,
    ),
    "PARTIALLY_ACTIVE": _Row(
        QT_TRANSLATE_NOOP("domain", "only part of it works"),
        QT_TRANSLATE_NOOP("domain", "Connected, but only part of it works."),
        _REFRESH,
        may_refresh=True,
        may_repair=True,
    ),
    "DEGRADED": _Row(
        QT_TRANSLATE_NOOP("domain", "fresh data cannot be fetched now"),
        QT_TRANSLATE_NOOP("domain", "Connected, but fresh data cannot be fetched now. Older data stays."),
        _REFRESH,
        may_refresh=True,
        may_repair=True,
    ),
    "RECONNECT_REQUIRED": _Row(
        QT_TRANSLATE_NOOP("domain", "the customer has to connect again"),
        QT_TRANSLATE_NOOP("domain", "The customer has to connect again."),
        _REPAIR,
        may_repair=True,
    ),
    "UNRECOVERABLE": _Row(
        QT_TRANSLATE_NOOP("domain", "Meld has given up fetching its data"),
        QT_TRANSLATE_NOOP("domain", "Meld has given up after several attempts to fetch data."),
        QT_TRANSLATE_NOOP("domain", "Let the customer log in again through a repair, or delete it and connect anew."),
        may_repair=True,
    ),
    "UNDETERMINED": _Row(
        QT_TRANSLATE_NOOP("domain", "the provider does not say what state it is in"),
        QT_TRANSLATE_NOOP("domain", "The service provider does not say what state the connection is in."),
        QT_TRANSLATE_NOOP("domain", "Refresh the connection, or repair it."),
        may_refresh=True,
        may_repair=True,
    ),
    "RECONNECT_AVAILABLE": _Row(
        QT_TRANSLATE_NOOP("domain", "the customer may connect again"),
        QT_TRANSLATE_NOOP("domain", "Connected; the customer may connect again."),
        may_refresh=True,
        may_repair=True,
    ),
    "CUSTOMER_ACTION_REQUIRED": _Row(
        QT_TRANSLATE_NOOP("domain", "the customer has to do something"),
        QT_TRANSLATE_NOOP("domain", "The customer has to do something before data flows again."),
        _REPAIR,
        may_repair=True,
    ),
}
_UNKNOWN = _Row(
    QT_TRANSLATE_NOOP("domain", "Meld says {status}"),
    QT_TRANSLATE_NOOP("domain", "Meld says {status}, a status that this program does not know."),
    is_connected=False,
)
_STATUSES = frozenset(_ANY_REASON)
DOCUMENTED = (*_ROWS, *((status, "") for status in _ANY_REASON))
"""Every pair of status and reason that has words of its own, "" meaning any reason."""
