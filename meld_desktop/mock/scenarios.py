"""The Demo's scenarios: one table for the window, the command line, the server and the tests.

A scenario decides how the API answers (``fault``) and what happens to the customer in the widget (``twist``). It is
chosen for the whole server, for one request (header ``X-Demo-Scenario``) or for one customer (an external customer id
that starts with ``scenario:<name>:``). A link keeps the scenario it was made under.
"""

from dataclasses import dataclass
from enum import Enum, auto

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

CUSTOMER_PREFIX = "scenario:"
HEADER = "x-demo-scenario"


class Fault(Enum):
    """What goes wrong between the caller and the API."""

    UNAUTHORIZED = auto()
    FORBIDDEN_EMPTY = auto()
    RATE_LIMITED = auto()
    SERVER_ERROR_HTML = auto()
    SLOW_ANSWER = auto()
    CONNECTION_DROP = auto()
    BAD_JSON = auto()


class Twist(Enum):
    """What is different for the customer in the widget."""

    WRONG_PASSWORD = auto()
    MFA = auto()
    CUSTOMER_LEAVES = auto()
    OAUTH_POPUP = auto()
    TOKEN_EXPIRED = auto()


@dataclass(frozen=True)
class Scenario:
    """One rehearsed situation. ``lesson`` says in a sentence what a tester learns from it."""

    name: str
    lesson: Text
    fault: Fault | None = None
    twist: Twist | None = None


SCENARIOS = (
    Scenario(
        "success",
        Text(QT_TRANSLATE_NOOP("domain", "Everything goes well: the customer logs in, picks accounts and finishes.")),
    ),
    Scenario(
        "wrong-password",
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The bank refuses the first login: the customer sees why and tries again, or another bank or "
                "provider when routing retry is on.",
            )
        ),
        twist=Twist.WRONG_PASSWORD,
    ),
    Scenario(
        "mfa",
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "The bank asks for a security code after the password, and refuses a wrong one."
            )
        ),
        twist=Twist.MFA,
    ),
    Scenario(
        "user-cancels",
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The customer leaves at the bank's login by themselves: the link reports a cancellation and can be "
                "opened again.",
            )
        ),
        twist=Twist.CUSTOMER_LEAVES,
    ),
    Scenario(
        "oauth-popup",
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "Every bank asks for the login in a window of its own, which closes itself and comes back."
            )
        ),
        twist=Twist.OAUTH_POPUP,
    ),
    Scenario(
        "token-expired",
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The customer opens the link too late: the widget refuses it at once and a new link is needed.",
            )
        ),
        twist=Twist.TOKEN_EXPIRED,
    ),
    Scenario(
        "unauthorized",
        Text(QT_TRANSLATE_NOOP("domain", "Meld refuses the API key with 401: how a wrong or withdrawn key looks.")),
        fault=Fault.UNAUTHORIZED,
    ),
    Scenario(
        "forbidden-empty",
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "Meld answers 403 without a word: a refusal that has to be explained without a body."
            )
        ),
        fault=Fault.FORBIDDEN_EMPTY,
    ),
    Scenario(
        "rate-limited",
        Text(QT_TRANSLATE_NOOP("domain", "Meld answers 429 and asks to wait 30 seconds before the next attempt.")),
        fault=Fault.RATE_LIMITED,
    ),
    Scenario(
        "server-error-html",
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "A gateway answers 503 with a web page instead of data: an outage on Meld's side."
            )
        ),
        fault=Fault.SERVER_ERROR_HTML,
    ),
    Scenario(
        "slow-answer",
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "Every answer takes 8 seconds: the window stays usable and the request can be cancelled."
            )
        ),
        fault=Fault.SLOW_ANSWER,
    ),
    Scenario(
        "connection-drop",
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "The network fails before an answer arrives: nobody knows whether a link was made."
            )
        ),
        fault=Fault.CONNECTION_DROP,
    ),
    Scenario(
        "bad-json",
        Text(QT_TRANSLATE_NOOP("domain", "The answer breaks off in the middle: a reply that cannot be read.")),
        fault=Fault.BAD_JSON,
    ),
)
"""Every scenario that works, in the order in which they are offered."""

_BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


def find_scenario(name: str) -> Scenario:
    """Return the scenario called ``name``. Raises ``ValueError`` that lists the names there are."""
    scenario = _BY_NAME.get(name)
    if scenario is None:
        raise ValueError(f"There is no scenario {name[:60]!r}; there are: {', '.join(_BY_NAME)}")
    return scenario


def scenario_of_customer(external_customer_id: str) -> Scenario | None:
    """Return the scenario an external customer id asks for, if any. Raises ``ValueError`` for an unknown name."""
    if not external_customer_id.startswith(CUSTOMER_PREFIX):
        return None
    name, colon, _ = external_customer_id[len(CUSTOMER_PREFIX) :].partition(":")
    return find_scenario(name) if colon else None
