"""What a scenario is made of: a fault before the API, a twist in the widget, a status afterwards."""

from dataclasses import dataclass
from enum import Enum, auto

from meld_desktop.domain.text import Text


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
    """What is different for the customer in the widget, or for their data."""

    WRONG_PASSWORD = auto()
    MFA = auto()
    CUSTOMER_LEAVES = auto()
    OAUTH_POPUP = auto()
    TOKEN_EXPIRED = auto()
    BANK_DOWN = auto()
    PROVIDER_INIT_FAILURE = auto()
    ERROR_CREATING_USER = auto()
    NO_ACCOUNTS = auto()
    SLOW_DATA = auto()
    PARTIAL_DATA = auto()
    DUPLICATE = auto()


class Group(Enum):
    """Where in the journey a scenario plays; the table keeps scenarios of one group together."""

    WIDGET = auto()
    """While the customer uses the widget."""
    DATA = auto()
    """After the widget: the connection's data and status."""
    API = auto()
    """When the API is called."""


@dataclass(frozen=True)
class Scenario:
    """One rehearsed situation."""

    name: str
    """What it is called on the command line, in the header and in customer ids."""
    title: Text
    """Two to four words for a list to choose from."""
    lesson: Text
    """A sentence about what a tester learns from it."""
    group: Group
    fault: Fault | None = None
    twist: Twist | None = None
    turns: tuple[str, str | None] | None = None
    """The status and reason to which the connection turns some seconds after its first data."""
