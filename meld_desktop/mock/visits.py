"""Links that open the widget, and openings of the widget: how far a customer has come."""

import secrets
from dataclasses import dataclass, field

from meld_desktop.mock.accounts import Account
from meld_desktop.mock.banks import Bank, BankProvider


@dataclass
class Session:
    """What one connect token opens: a first connection or a repair. Good for one completion (TOK)."""

    issued_at: float
    expires_at: float
    is_repair: bool = False
    is_used: bool = False


@dataclass
class Visit:
    """What the widget has done since it was opened. Changed only on the server's own thread."""

    session: Session
    id: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    bank: Bank | None = None
    provider: BankProvider | None = None
    by_popup: bool = False
    """The login happens in a window of its own."""
    attempts: int = 0
    """Logins tried in this visit, at any bank."""
    password_passed: bool = False
    login: str = ""
    """Which of the customer's logins at the bank it is; never a password."""
    denied: bool = False
    """The customer refused access in the bank's own window."""
    accounts: tuple[Account, ...] = ()
    """The accounts at the bank, once the customer is logged in."""
    nothing_found: bool = False
    """The bank's own window let the customer in but had no account to connect."""
    first_choice: tuple[str, str] | None = None
    """The bank and provider chosen first: what is out of order in the scenarios about that."""

    def choose(self, bank: Bank, provider: BankProvider, *, by_popup: bool) -> None:
        """Turn to a bank and a provider; whatever was done at another one is void."""
        self.bank, self.provider, self.by_popup = bank, provider, by_popup
        self.first_choice = self.first_choice or (bank.id, provider.name)
        self.leave_bank()

    def leave_bank(self) -> None:
        """Forget what was done at the bank."""
        self.password_passed, self.denied, self.nothing_found = False, False, False
        self.login, self.accounts = "", ()
