"""The test users: Demo's are what the local Meld takes, Sandbox's are the documented ones, Production has none."""

import pytest

from meld_desktop.domain import test_users as table
from meld_desktop.domain.environments import DEMO, PRODUCTION, SANDBOX, custom_environment
from meld_desktop.domain.test_users import DEMO_USERS, SANDBOX_USERS, BankLogin, Effect
from meld_desktop.locations import resource
from meld_desktop.mock.bank_steps import Answer, enter_code, log_in
from meld_desktop.mock.banks import Bank, BankProvider, Banks
from meld_desktop.mock.connection import Connection
from meld_desktop.mock.logins import login_hint
from meld_desktop.mock.scenarios import find_scenario
from meld_desktop.mock.start_request import StartRequest
from meld_desktop.mock.visits import Session, Visit

BANKS = {bank.name: bank for bank in Banks(resource("demo", "institutions.json"))}
REQUEST = StartRequest("customer", products=("BALANCES",))


def _at(bank: Bank, way: BankProvider, scenario: str = "success") -> tuple[Connection, Visit]:
    visit = Visit(Session(0, 1e12))
    visit.choose(bank, way, by_popup=way.oauth)
    return Connection(1, REQUEST, find_scenario(scenario), 0.0), visit


def _ids(login: BankLogin) -> str:
    return f"{login.bank} {login.effect.name}"


@pytest.mark.parametrize("login", DEMO_USERS, ids=_ids)
def test_demo_does_what_the_card_says(login: BankLogin) -> None:
    bank = BANKS[str(login.bank)]
    way = bank.providers[0]  # the one that is taken when nothing speaks against it
    assert way.oauth == (login.effect is Effect.OWN_WINDOW)
    connection, visit = _at(bank, way)
    answer = log_in(connection, visit, login.username, login.password)
    expected = {Effect.REFUSED: Answer.REFUSED, Effect.ASKS_CODE: Answer.CODE_WANTED}
    assert answer is expected.get(login.effect, Answer.WELCOME)
    if answer is Answer.CODE_WANTED:
        assert enter_code(connection, visit, login.code) is Answer.WELCOME


@pytest.mark.parametrize("login", [login for login in DEMO_USERS if login.code], ids=_ids)
def test_the_code_of_a_demo_login_is_the_right_one(login: BankLogin) -> None:
    bank = BANKS[str(login.bank)]
    connection, visit = _at(bank, bank.providers[0], "mfa")
    assert log_in(connection, visit, login.username, login.password) is Answer.CODE_WANTED
    assert enter_code(connection, visit, login.code + "0") is Answer.REFUSED
    assert enter_code(connection, visit, login.code) is Answer.WELCOME


def test_the_table_of_demo_knows_each_kind_of_login_the_local_meld_takes() -> None:
    hints = {
        (hint.username, hint.password)
        for bank in BANKS.values()
        for hint in [login_hint(bank, bank.providers[0])]
        if bank.is_test or bank.rank == 1
    }
    assert hints <= {(login.username, login.password) for login in DEMO_USERS}
    assert {login.effect for login in DEMO_USERS} == set(Effect) - {Effect.LOGS_IN}


def test_what_any_username_or_password_means_is_true() -> None:
    for login in DEMO_USERS:
        note = str(login.note or "")
        bank = BANKS[str(login.bank)]
        for said, username, password in (
            ("Any username", "quite another", login.password),
            ("Any password", login.username, "quite another"),
        ):
            connection, visit = _at(bank, bank.providers[0])
            taken = log_in(connection, visit, username, password) is not Answer.REFUSED
            assert taken == (said in note), (login, said)


@pytest.mark.parametrize(
    ("bank", "username", "password", "code"),
    [
        ("Any bank through Plaid", "user_good", "pass_good", "credential_good"),
        ("FinBank Profiles -A or FinBank Profiles - B", "anything", "profile_03", ""),
        ("FinBank Profiles -A or FinBank Profiles - B", "anything", "profile_09", ""),
        ("FinBank OAuth", "profile_03", "profile_03", ""),
        ("MX Bank", "mxuser", "anything", ""),
        ("MX Bank (OAuth) or MXCU (OAuth)", "mxuser", "anything", ""),
        ("Any name that starts with Fake Bank", "username", "secret", "12345"),
    ],
)
def test_the_sandbox_table_is_the_documented_one(bank: str, username: str, password: str, code: str) -> None:
    assert (bank, username, password, code) in {
        (str(login.bank), login.username, login.password, login.code) for login in SANDBOX_USERS
    }


def test_the_sandbox_table_has_nothing_else() -> None:
    assert len(SANDBOX_USERS) == 7


def test_who_gets_test_users() -> None:
    assert table.users_of(DEMO) is DEMO_USERS
    assert table.users_of(SANDBOX) is SANDBOX_USERS
    assert table.users_of(PRODUCTION) == ()
    assert table.users_of(custom_environment("https://api.example.com")) == ()
    assert table.users_of(custom_environment("https://api.meld.io")) == ()


@pytest.mark.parametrize("login", [*DEMO_USERS, *SANDBOX_USERS], ids=_ids)
def test_each_login_says_what_it_sets_off(login: BankLogin) -> None:
    said = str(login.triggers)
    assert said.startswith(str(login.effect.value))
    assert "{" not in said
