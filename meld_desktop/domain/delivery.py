"""What was asked for against what arrived: one judgement a product, with the reason Meld documents for what is missing.

Only what the API says counts. Account numbers come in masked, and nothing here is stored.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto

from meld_desktop.domain.account_facts import AccountFacts, Tally
from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.errors import MeldError
from meld_desktop.domain.products import INVESTMENTS, Product
from meld_desktop.domain.text import NOTHING, QT_TRANSLATE_NOOP, Text

LISTS = (Product.TRANSACTIONS, Product.INVESTMENT_HOLDINGS, Product.INVESTMENT_TRANSACTIONS)
"""The products that are lists of their own; the others are parts of the accounts (OAS)."""


class Arrival(Enum):
    """What became of a product."""

    ARRIVED = auto()
    PARTIAL = auto()
    COMING = auto()
    """Nothing yet, and it is too early to miss it."""
    MISSING = auto()
    UNKNOWN = auto()
    """It could not be looked up."""
    NOT_ASKED = auto()


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was found so far. ``tallies`` and ``troubles`` are by product, for those that are lists.

    ``accounts`` is None, and a list is in neither, as long as it was not looked up.
    """

    state: ConnectionState
    accounts: tuple[AccountFacts, ...] | None = None
    tallies: tuple[tuple[Product, Tally], ...] = ()
    troubles: tuple[tuple[Product, MeldError], ...] = ()

    def tally(self, product: Product) -> Tally | None:
        """Return what was counted of a list; None when it was not looked up."""
        return dict(self.tallies).get(product)

    @property
    def is_whole(self) -> bool:
        """Whether every list that was begun was counted to its end."""
        return all(tally.is_whole for _, tally in self.tallies)


@dataclass(frozen=True, slots=True)
class ProductDelivery:
    """One product. ``found`` says what is there, ``reason`` why something is not; either may be nothing.

    ``at`` is when the data was last brought up to date, None when nobody says. ``first`` and ``last`` are the days that
    a list reaches over, as far as it was counted.
    """

    product: Product
    is_required: bool
    arrival: Arrival
    found: Text = NOTHING
    reason: Text = NOTHING
    at: datetime | None = None
    first: date | None = None
    last: date | None = None
    count: int = 0
    is_whole: bool = True
    """Whether the days are those of the whole list."""


def judged(required: Collection[str], optional: Collection[str], delivered: Delivered) -> tuple[ProductDelivery, ...]:
    """Return one judgement for each product: those asked for first, in the order of the documentation."""
    asked = [product for product in Product if product in required or product in optional]
    others = [product for product in Product if product not in asked]
    return (
        *(_judged(product, delivered, is_required=product in required) for product in asked),
        *(ProductDelivery(product, False, Arrival.NOT_ASKED) for product in others),
    )


def asked_lists(required: Collection[str], optional: Collection[str]) -> tuple[Product, ...]:
    """Return the products asked for that have to be looked up in lists of their own."""
    return tuple(product for product in LISTS if product in required or product in optional)


@dataclass(frozen=True, slots=True)
class _Seen:
    """How much there is of a product: of how many places where it could be, in how many it is."""

    there: int
    places: int
    found: Text
    at: datetime | None = None
    first: date | None = None
    last: date | None = None
    count: int = 0
    is_whole: bool = True
    caveat: Text = NOTHING
    """Said although everything seems to be there."""
    is_cut: bool = False
    """Whether Meld itself says that not all of it came."""


def _judged(product: Product, delivered: Delivered, *, is_required: bool) -> ProductDelivery:
    trouble = dict(delivered.troubles).get(product)
    if trouble is not None:
        reason = Text(QT_TRANSLATE_NOOP("domain", "It could not be looked up: {why}."), why=trouble.title)
        return ProductDelivery(product, is_required, Arrival.UNKNOWN, reason=reason)
    if delivered.state.is_documented and not delivered.state.is_connected:
        return _without_connection(product, delivered.state, is_required=is_required)
    if delivered.accounts is None or (product in LISTS and delivered.tally(product) is None):
        return ProductDelivery(product, is_required, Arrival.UNKNOWN)
    seen = _seen(product, delivered.accounts, delivered.tally(product) or Tally(), delivered.state)
    if seen.there == 0:
        arrival = Arrival.COMING if _is_early(delivered.state) else Arrival.MISSING
        reason = _why_missing(product, delivered.accounts, delivered.state, is_required=is_required)
        return ProductDelivery(product, is_required, arrival, reason=reason)
    if seen.there < seen.places or seen.is_cut:
        arrival, reason = Arrival.PARTIAL, seen.caveat or _why_partial(delivered.state)
    else:
        arrival, reason = Arrival.ARRIVED, seen.caveat
    return ProductDelivery(
        product, is_required, arrival, seen.found, reason, seen.at, seen.first, seen.last, seen.count, seen.is_whole
    )


def _without_connection(product: Product, state: ConnectionState, *, is_required: bool) -> ProductDelivery:
    arrival = Arrival.COMING if state.status == "IN_PROGRESS" else Arrival.MISSING
    return ProductDelivery(product, is_required, arrival, reason=state.line)


def _is_early(state: ConnectionState) -> bool:
    return state.status == "ACTIVE" and state.aggregated_at is None


def _seen(product: Product, accounts: Sequence[AccountFacts], tally: Tally, state: ConnectionState) -> _Seen:
    match product:
        case Product.BALANCES:
            having = [account for account in accounts if account.balance is not None]
            found = Text(QT_TRANSLATE_NOOP("domain", "{count} of {all} accounts"), count=len(having), all=len(accounts))
            at = _latest([account.balance.at for account in having if account.balance is not None])
            return _Seen(len(having), len(accounts), found, at or _as_of(having, state), count=len(having))
        case Product.IDENTIFIERS:
            having = [account for account in accounts if account.identifiers]
            # Cards, loans and investments have no routing number to give.
            able = [account for account in accounts if account.identifiers or account.type == "DEPOSITORY"]
            found = Text(
                QT_TRANSLATE_NOOP("domain", "{count} of {all} deposit accounts"), count=len(having), all=len(able)
            )
            return _Seen(len(having), len(able), found, _as_of(having, state), count=len(having))
        case Product.OWNERS:
            having = [account for account in accounts if account.owners]
            found = Text(QT_TRANSLATE_NOOP("domain", "{count} of {all} accounts"), count=len(having), all=len(accounts))
            return _Seen(len(having), len(accounts), found, _as_of(having, state), count=len(having))
        case Product.TRANSACTIONS:
            is_cut = any(account.has_history is False for account in accounts)
            is_waiting = any(account.has_history is None for account in accounts)
            caveat = Text(_NO_HISTORY) if is_cut else Text(_HISTORY_COMES) if is_waiting else NOTHING
            return _counted(tally, state, caveat, is_cut=is_cut)
        case _:
            return _counted(tally, state, NOTHING, is_cut=False)


def _counted(tally: Tally, state: ConnectionState, caveat: Text, *, is_cut: bool) -> _Seen:
    there = tally.total
    if tally.remaining is None:
        found = Text(QT_TRANSLATE_NOOP("domain", "More than {count}"), count=f"{tally.count:,}")
    else:
        found = Text("{count}", count=f"{there:,}")
    accounts = len(tally.by_account)
    if accounts and tally.is_whole:
        found = Text(
            QT_TRANSLATE_NOOP("domain", "{count} in {accounts} accounts"), count=f"{there:,}", accounts=accounts
        )
        if accounts == 1:
            found = Text(QT_TRANSLATE_NOOP("domain", "{count} in one account"), count=f"{there:,}")
    return _Seen(
        there, there, found, state.aggregated_at, tally.first, tally.last, there, tally.is_whole, caveat, is_cut
    )


def _as_of(accounts: Sequence[AccountFacts], state: ConnectionState) -> datetime | None:
    return _latest([account.updated_at for account in accounts]) or state.aggregated_at


def _latest(moments: Sequence[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


_NO_HISTORY = QT_TRANSLATE_NOOP(
    "domain", "The older transactions did not come, the bank's provider says. A refresh may bring them."
)
_HISTORY_COMES = QT_TRANSLATE_NOOP("domain", "Older transactions, up to two years, may still be on their way.")
_NEVER_INVESTMENTS = frozenset({"SALTEDGE", "SALTEDGEPARTNERS"})
"""Providers without investment products (PROD)."""


def _why_missing(
    product: Product, accounts: Sequence[AccountFacts], state: ConnectionState, *, is_required: bool
) -> Text:
    if _is_early(state):
        if product in {Product.TRANSACTIONS, Product.INVESTMENT_TRANSACTIONS}:
            return Text(QT_TRANSLATE_NOOP("domain", "Still on its way: transactions may take some minutes."))
        return Text(QT_TRANSLATE_NOOP("domain", "Still on its way: it takes some seconds after the widget."))
    if product in INVESTMENTS and _NEVER_INVESTMENTS.intersection(account.provider for account in accounts):
        return Text(QT_TRANSLATE_NOOP("domain", "The bank is reached through Salt Edge, which has no investments."))
    if state.reason or state.status not in {"ACTIVE", "UNDETERMINED"}:
        return state.line
    if product in INVESTMENTS and not any(account.type == "INVESTMENT" for account in accounts):
        return Text(QT_TRANSLATE_NOOP("domain", "The customer shared no investment account."))
    if product is Product.IDENTIFIERS and not any(account.type == "DEPOSITORY" for account in accounts):
        return Text(QT_TRANSLATE_NOOP("domain", "The customer shared no account with a routing number."))
    if product in {Product.TRANSACTIONS, Product.INVESTMENT_TRANSACTIONS}:
        return Text(QT_TRANSLATE_NOOP("domain", "Transactions may take some minutes, and an account may have none."))
    if not is_required:
        return Text(QT_TRANSLATE_NOOP("domain", "Asked for as optional: the bank or its provider may not have it."))
    return Text(QT_TRANSLATE_NOOP("domain", "Meld gives no reason. Refresh the connection and look again."))


def _why_partial(state: ConnectionState) -> Text:
    if state.reason or state.status != "ACTIVE":
        return state.line
    return Text(QT_TRANSLATE_NOOP("domain", "The bank does not give it for every account."))
