"""What a bank does with a customer, in the widget and in its own window alike: login, security code, accounts."""

from enum import Enum

from meld_desktop.mock.accounts import Account, accounts_of
from meld_desktop.mock.connection import Connection
from meld_desktop.mock.logins import asks_for_code, code_works, login_name, login_works
from meld_desktop.mock.scenario_kinds import Twist
from meld_desktop.mock.visits import Visit


class Answer(Enum):
    """How the bank takes a login or a code. The values are what the widget's page is told."""

    REFUSED = "refused"
    CODE_WANTED = "code"
    WELCOME = "accounts"
    NO_ACCOUNTS = "none"


def log_in(connection: Connection, visit: Visit, username: str, password: str) -> Answer:
    """Try a login at the bank of ``visit``."""
    if visit.provider is None:
        return Answer.REFUSED
    visit.attempts += 1
    if visit.attempts == 1 and connection.scenario.twist is Twist.WRONG_PASSWORD:
        return Answer.REFUSED
    visit.password_passed = login_works(visit.provider, username, password)
    if not visit.password_passed:
        return Answer.REFUSED
    visit.login = login_name(visit.provider, username, password)
    if asks_for_code(visit.provider) or connection.scenario.twist is Twist.MFA:
        return Answer.CODE_WANTED
    return _let_in(connection, visit)


def enter_code(connection: Connection, visit: Visit, code: str) -> Answer:
    """Try a security code; it counts only after the password."""
    if visit.bank is None or visit.provider is None or not visit.password_passed:
        return Answer.REFUSED
    return _let_in(connection, visit) if code_works(visit.bank, visit.provider, code) else Answer.REFUSED


def _let_in(connection: Connection, visit: Visit) -> Answer:
    if visit.bank is None or visit.provider is None:
        return Answer.REFUSED
    if connection.scenario.twist is Twist.NO_ACCOUNTS and visit.first_choice == (visit.bank.id, visit.provider.name):
        visit.leave_bank()
        visit.nothing_found = visit.by_popup
        return Answer.NO_ACCOUNTS
    regions = connection.request.regions or ()
    everything = accounts_of(connection.customer_id, visit.bank, visit.provider, regions, visit.login)
    visit.accounts = _offered(connection, visit, everything)
    return Answer.WELCOME


def _offered(connection: Connection, visit: Visit, accounts: tuple[Account, ...]) -> tuple[Account, ...]:
    """An account that is to be found as new later is not there yet."""
    is_new_later = connection.scenario.turns == ("ACTIVE", "NEW_ACCOUNTS_AVAILABLE")
    return accounts[:-1] if is_new_later and not visit.session.is_repair else accounts
