"""One opening of the widget: how far this customer has come. An unfinished link may be opened more than once."""

import secrets
from dataclasses import dataclass, field

from meld_desktop.mock.accounts import Account
from meld_desktop.mock.banks import Bank, BankProvider


@dataclass
class Visit:
    """What the widget has done since it was opened. Changed only on the server's own thread."""

    id: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    bank: Bank | None = None
    provider: BankProvider | None = None
    by_popup: bool = False
    """The login happens in a window of its own."""
    attempts: int = 0
    """Logins tried in this visit, at any bank."""
    password_passed: bool = False
    denied: bool = False
    """The customer refused access in the bank's own window."""
    accounts: tuple[Account, ...] = ()
    """The accounts at the bank, once the customer is logged in."""

    def choose(self, bank: Bank, provider: BankProvider, *, by_popup: bool) -> None:
        """Turn to a bank and a provider; whatever was done at another one is void."""
        self.bank, self.provider, self.by_popup = bank, provider, by_popup
        self.password_passed, self.denied, self.accounts = False, False, ()
