"""What the delivery check keeps of accounts and lists: enough to say what arrived, and no more.

Whole account numbers and the names of owners are not part of it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Balance:
    """An account's balance; ``at`` is when the bank said so."""

    amount: Decimal | None
    currency: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """One financial account (OAS). ``number`` is masked; ``identifiers`` are masked too, such as "ACH ••1111".

    ``owners`` counts the people. ``has_history`` says whether older transactions came, None while nobody knows.
    ``provider`` is the service provider, ``updated_at`` when it gave data last.
    """

    id: str
    name: str = ""
    type: str = ""
    subtype: str = ""
    number: str = ""
    status: str = ""
    institution: str = ""
    balance: Balance | None = None
    identifiers: tuple[str, ...] = ()
    owners: int = 0
    has_history: bool | None = None
    provider: str = ""
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One transaction, holding or investment transaction: whose it is, and of which day. "" and None are not known."""

    account_id: str
    day: date | None = None
    is_pending: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted of a list so far; ``remaining`` is what is left of it, None when Meld does not say."""

    count: int = 0
    remaining: int | None = 0
    first: date | None = None
    last: date | None = None
    pending: int = 0
    by_account: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether the whole list was counted."""
        return self.remaining == 0

    @property
    def total(self) -> int:
        """How many there are, as far as is known."""
        return self.count + (self.remaining or 0)

    def plus(self, lines: tuple[Line, ...], remaining: int | None) -> "Tally":
        """Return the tally with the next page counted."""
        days = [line.day for line in lines if line.day is not None]
        days += [day for day in (self.first, self.last) if day is not None]
        return Tally(
            self.count + len(lines),
            remaining,
            min(days, default=None),
            max(days, default=None),
            self.pending + sum(line.is_pending for line in lines),
            Counter(self.by_account) + Counter(line.account_id for line in lines if line.account_id),
        )


def masked(number: str) -> str:
    """Return the end of an account number, behind two dots; "" when there is none.

    What Meld calls truncated may still be whole at some providers: at most four characters are shown, and never more
    than half of the number, rounded up.
    """
    bare = "".join(character for character in number if character.isalnum())
    if not bare:
        return ""
    if len(bare) <= _SHOWN:
        return f"••{bare}"
    return f"••{bare[-min(_SHOWN, (len(bare) + 1) // 2) :]}"
