"""The logins that test banks take, by what each of them sets off. Public knowledge, no secrets.

Sandbox: Meld's sandbox testing guide, and nothing that is not in it (SBX). Demo: what the local Meld takes. Production
has real customers and gets none.
"""

from dataclasses import dataclass
from enum import Enum

from meld_desktop.domain.environments import Environment
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text


class Effect(Enum):
    """What a login sets off, as far as it is told apart."""

    FINISHES = Text(QT_TRANSLATE_NOOP("domain", "Finishes at once"))
    ASKS_CODE = Text(QT_TRANSLATE_NOOP("domain", "Asks for a code"))
    OWN_WINDOW = Text(QT_TRANSLATE_NOOP("domain", "Opens the bank's own window"))
    REFUSED = Text(QT_TRANSLATE_NOOP("domain", "Is refused as a wrong password"))
    LOGS_IN = Text(QT_TRANSLATE_NOOP("domain", "Logs in"))


@dataclass(frozen=True, slots=True)
class BankLogin:
    """One login. ``bank`` is what to look for in the widget; ``note`` says what else is known of it."""

    bank: Text
    effect: Effect
    username: str
    password: str
    code: str = ""
    note: Text | None = None

    @property
    def triggers(self) -> Text:
        """What the login sets off, in words."""
        if self.note is None:
            return self.effect.value
        return Text(QT_TRANSLATE_NOOP("domain", "{effect}. {note}"), effect=self.effect.value, note=self.note)


_ANYTHING = "anything"
"""Where any text will do, this is one."""

_ANY_USERNAME = Text(QT_TRANSLATE_NOOP("domain", "Any username will do."))
_ANY_PASSWORD = Text(QT_TRANSLATE_NOOP("domain", "Any password will do."))

SANDBOX_USERS = (
    BankLogin(
        Text(QT_TRANSLATE_NOOP("domain", "Any bank through Plaid")),
        Effect.LOGS_IN,
        "user_good",
        "pass_good",
        "credential_good",
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "The code is for banks that ask for one; some banks, such as Chase, open their own window."
            )
        ),
    ),
    BankLogin(
        Text(QT_TRANSLATE_NOOP("domain", "FinBank Profiles -A or FinBank Profiles - B")),
        Effect.FINISHES,
        _ANYTHING,
        "profile_03",
        note=Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "Any username will do; passwords profile_02 to profile_09 have other accounts. A white page after the "
                "login is harmless.",
            )
        ),
    ),
    BankLogin(
        Text(QT_TRANSLATE_NOOP("domain", "FinBank Profiles -A or FinBank Profiles - B")),
        Effect.LOGS_IN,
        _ANYTHING,
        "profile_09",
        note=Text(
            QT_TRANSLATE_NOOP("domain", "Checking and savings; reports of it fail with the errors 102, 103 and 185.")
        ),
    ),
    BankLogin(
        Text(QT_TRANSLATE_NOOP("domain", "FinBank OAuth")),
        Effect.LOGS_IN,
        "profile_03",
        "profile_03",
        note=Text(
            QT_TRANSLATE_NOOP(
                "domain", "It must have been registered first. profile_02 to profile_09, the same in both fields."
            )
        ),
    ),
    BankLogin(
        Text(QT_TRANSLATE_NOOP("domain", "MX Bank")),
        Effect.LOGS_IN,
        "mxuser",
        _ANYTHING,
        note=Text(
            QT_TRANSLATE_NOOP(
                "domain", "Any password will do. The widget may stay open longer, until the data has been fetched."
            )
        ),
    ),
    BankLogin(
        Text(QT_TRANSLATE_NOOP("domain", "MX Bank (OAuth) or MXCU (OAuth)")),
        Effect.OWN_WINDOW,
        "mxuser",
        _ANYTHING,
        note=_ANY_PASSWORD,
    ),
    BankLogin(
        Text(QT_TRANSLATE_NOOP("domain", "Any name that starts with Fake Bank")),
        Effect.ASKS_CODE,
        "username",
        "secret",
        "12345",
    ),
)
"""The documented logins. Yodlee and Akoya have none (SBX)."""

DEMO_USERS = (
    BankLogin(
        Text(QT_TRANSLATE_NOOP("domain", "Maple Test Bank")),
        Effect.FINISHES,
        "user_good",
        "pass_good",
        "credential_good",
        Text(QT_TRANSLATE_NOOP("domain", "The code is for the scenario mfa.")),
    ),
    BankLogin(
        Text(QT_TRANSLATE_NOOP("domain", "Maple Test Bank")),
        Effect.REFUSED,
        "user_good",
        "pass_bad",
    ),
    BankLogin(
        Text(QT_TRANSLATE_NOOP("domain", "Harborlight National Bank")),
        Effect.OWN_WINDOW,
        "user_good",
        "pass_good",
        "credential_good",
    ),
    BankLogin(
        Text(QT_TRANSLATE_NOOP("domain", "Fake Bank Simple")),
        Effect.ASKS_CODE,
        "username",
        "secret",
        "12345",
    ),
    BankLogin(
        Text(QT_TRANSLATE_NOOP("domain", "FinBank Profiles -A")),
        Effect.FINISHES,
        _ANYTHING,
        "profile_03",
        "123456",
        _ANY_USERNAME,
    ),
    BankLogin(
        Text(QT_TRANSLATE_NOOP("domain", "FinBank OAuth")),
        Effect.OWN_WINDOW,
        "profile_03",
        "profile_03",
        "123456",
    ),
    BankLogin(
        Text(QT_TRANSLATE_NOOP("domain", "MX Bank")),
        Effect.FINISHES,
        "mxuser",
        _ANYTHING,
        "123456",
        _ANY_PASSWORD,
    ),
    BankLogin(
        Text(QT_TRANSLATE_NOOP("domain", "MX Bank (OAuth)")),
        Effect.OWN_WINDOW,
        "mxuser",
        _ANYTHING,
        "123456",
        _ANY_PASSWORD,
    ),
)


def users_of(environment: Environment) -> tuple[BankLogin, ...]:
    """Return the logins for ``environment``; none for Production and for hosts nobody knows."""
    return {"demo": DEMO_USERS, "sandbox": SANDBOX_USERS}.get(environment.id, ())
