"""Everything that can go wrong on the way to a link: one kind a cause, each with its own title and next step.

``api/`` decides the kind, ``KINDS`` holds its words and the exit code of the command line (design: exit codes), and the
message strip and the command line show them. Bugs are not here: they go to the crash dialog.
"""

from dataclasses import dataclass
from enum import Enum, auto

from meld_desktop.domain.link import Exchange
from meld_desktop.domain.text import NOTHING, QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.validation import Problem


class Exit:
    """The exit codes of the command line."""

    DONE = 0
    WRONG_INPUT = 2
    NO_KEY = 3
    REFUSED = 4
    NO_ANSWER = 5
    INTERRUPTED = 130


class Kind(Enum):
    """The cause of a failure."""

    NO_KEY = auto()
    KEY_UNUSABLE = auto()
    KEYRING_MISSING = auto()
    KEYRING_LOCKED = auto()
    KEYRING_DENIED = auto()
    KEYRING_SILENT = auto()
    KEYRING_FAILED = auto()
    BAD_REQUEST = auto()
    UNAUTHORIZED = auto()
    FORBIDDEN = auto()
    INSTITUTION_UNKNOWN = auto()
    NOT_FOUND = auto()
    CONFLICT = auto()
    UNPROCESSABLE = auto()
    RATE_LIMITED = auto()
    REFUSED_OTHERWISE = auto()
    SERVER = auto()
    REDIRECTED = auto()
    NOT_JSON = auto()
    WRONG_SHAPE = auto()
    NO_WIDGET_URL = auto()
    UNSAFE_WIDGET_URL = auto()
    TOO_LARGE = auto()
    NAME_NOT_FOUND = auto()
    CONNECTION_REFUSED = auto()
    CONNECT_TIMEOUT = auto()
    TLS = auto()
    PROXY = auto()
    READ_TIMEOUT = auto()
    CONNECTION_LOST = auto()
    CUT_OFF = auto()
    NETWORK = auto()
    DEMO = auto()


@dataclass(frozen=True, slots=True)
class Words:
    """A kind's title, next step, exit code, and whether pressing the button again may help without a change."""

    title: Text
    hint: Text
    exit: int
    retryable: bool = False


def _words(title: str, hint: str, exit_code: int, *, retryable: bool = False) -> Words:
    return Words(Text(title), Text(hint), exit_code, retryable)


KINDS: dict[Kind, Words] = {
    Kind.NO_KEY: _words(
        QT_TRANSLATE_NOOP("domain", "No API key"),
        QT_TRANSLATE_NOOP("domain", "Add the key of this environment under “API key…”, or use Demo, which needs none."),
        Exit.NO_KEY,
    ),
    Kind.KEY_UNUSABLE: _words(
        QT_TRANSLATE_NOOP("domain", "This API key cannot be used"),
        QT_TRANSLATE_NOOP("domain", "Copy the key again from Meld's dashboard and save it under “API key…”."),
        Exit.NO_KEY,
    ),
    Kind.KEYRING_MISSING: _words(
        QT_TRANSLATE_NOOP("domain", "No keyring on this computer"),
        QT_TRANSLATE_NOOP(
            "domain", "Use “Keep until I quit” under “API key…”, or install a keyring such as GNOME Keyring or KWallet."
        ),
        Exit.NO_KEY,
    ),
    Kind.KEYRING_LOCKED: _words(
        QT_TRANSLATE_NOOP("domain", "The keyring is locked"),
        QT_TRANSLATE_NOOP("domain", "Unlock it and try again, or use “Keep until I quit” under “API key…”."),
        Exit.NO_KEY,
        retryable=True,
    ),
    Kind.KEYRING_DENIED: _words(
        QT_TRANSLATE_NOOP("domain", "The keyring said no"),
        QT_TRANSLATE_NOOP("domain", "Allow access when the system asks, or use “Keep until I quit” under “API key…”."),
        Exit.NO_KEY,
        retryable=True,
    ),
    Kind.KEYRING_SILENT: _words(
        QT_TRANSLATE_NOOP("domain", "The keyring does not answer"),
        QT_TRANSLATE_NOOP(
            "domain", "Look for a password prompt behind this window, or use “Keep until I quit” under “API key…”."
        ),
        Exit.NO_KEY,
        retryable=True,
    ),
    Kind.KEYRING_FAILED: _words(
        QT_TRANSLATE_NOOP("domain", "The keyring failed"),
        QT_TRANSLATE_NOOP("domain", "Try again, or use “Keep until I quit” under “API key…”."),
        Exit.NO_KEY,
        retryable=True,
    ),
    Kind.BAD_REQUEST: _words(
        QT_TRANSLATE_NOOP("domain", "Meld did not accept the form"),
        QT_TRANSLATE_NOOP("domain", "Change what is marked and create the link again."),
        Exit.REFUSED,
    ),
    Kind.UNAUTHORIZED: _words(
        QT_TRANSLATE_NOOP("domain", "Meld does not know this API key"),
        QT_TRANSLATE_NOOP(
            "domain", "Check that the key belongs to this environment; Sandbox and Production have different keys."
        ),
        Exit.NO_KEY,
    ),
    Kind.FORBIDDEN: _words(
        QT_TRANSLATE_NOOP("domain", "This API key may not create links"),
        QT_TRANSLATE_NOOP("domain", "Ask your Meld administrator to allow bank linking for this key."),
        Exit.NO_KEY,
    ),
    Kind.INSTITUTION_UNKNOWN: _words(
        QT_TRANSLATE_NOOP("domain", "Meld does not know this bank"),
        QT_TRANSLATE_NOOP("domain", "Check the institution ID, or clear it so that the customer picks the bank."),
        Exit.REFUSED,
    ),
    Kind.NOT_FOUND: _words(
        QT_TRANSLATE_NOOP("domain", "Nothing found at this address"),
        QT_TRANSLATE_NOOP("domain", "Check the address of the environment; it may not be Meld's API."),
        Exit.REFUSED,
    ),
    Kind.CONFLICT: _words(
        QT_TRANSLATE_NOOP("domain", "Meld is busy with this customer"),
        QT_TRANSLATE_NOOP("domain", "Finish or wait for the other link of this customer, then create this one again."),
        Exit.REFUSED,
        retryable=True,
    ),
    Kind.UNPROCESSABLE: _words(
        QT_TRANSLATE_NOOP("domain", "Meld could not use these values"),
        QT_TRANSLATE_NOOP("domain", "Check the products, the regions and the bank, then create the link again."),
        Exit.REFUSED,
    ),
    Kind.RATE_LIMITED: _words(
        QT_TRANSLATE_NOOP("domain", "Too many requests"),
        QT_TRANSLATE_NOOP("domain", "Wait a moment, then create the link again."),
        Exit.REFUSED,
        retryable=True,
    ),
    Kind.REFUSED_OTHERWISE: _words(
        QT_TRANSLATE_NOOP("domain", "Meld refused the request"),
        QT_TRANSLATE_NOOP("domain", "Copy the details and send them to Meld's support."),
        Exit.REFUSED,
    ),
    Kind.SERVER: _words(
        QT_TRANSLATE_NOOP("domain", "Meld has trouble"),
        QT_TRANSLATE_NOOP("domain", "Try again in a minute. If it lasts, send the details to Meld's support."),
        Exit.NO_ANSWER,
        retryable=True,
    ),
    Kind.REDIRECTED: _words(
        QT_TRANSLATE_NOOP("domain", "Sent elsewhere"),
        QT_TRANSLATE_NOOP(
            "domain",
            "The server pointed to another address. It was not followed, to protect your key. Check the address.",
        ),
        Exit.NO_ANSWER,
    ),
    Kind.NOT_JSON: _words(
        QT_TRANSLATE_NOOP("domain", "The answer cannot be read"),
        QT_TRANSLATE_NOOP(
            "domain", "Something between you and Meld may have answered instead. Check the network sign-in."
        ),
        Exit.NO_ANSWER,
        retryable=True,
    ),
    Kind.WRONG_SHAPE: _words(
        QT_TRANSLATE_NOOP("domain", "The answer is not a link"),
        QT_TRANSLATE_NOOP("domain", "Check the address of the environment, or send the details to Meld's support."),
        Exit.NO_ANSWER,
    ),
    Kind.NO_WIDGET_URL: _words(
        QT_TRANSLATE_NOOP("domain", "The answer has no link in it"),
        QT_TRANSLATE_NOOP("domain", "Create the link again. If it lasts, send the details to Meld's support."),
        Exit.NO_ANSWER,
        retryable=True,
    ),
    Kind.UNSAFE_WIDGET_URL: _words(
        QT_TRANSLATE_NOOP("domain", "The link is not safe"),
        QT_TRANSLATE_NOOP(
            "domain", "It does not lead to Meld's own widget, so it is not shown. Send the details to Meld's support."
        ),
        Exit.NO_ANSWER,
    ),
    Kind.TOO_LARGE: _words(
        QT_TRANSLATE_NOOP("domain", "The answer is too large"),
        QT_TRANSLATE_NOOP("domain", "Meld's answers are short; this is something else. Check the address."),
        Exit.NO_ANSWER,
    ),
    Kind.NAME_NOT_FOUND: _words(
        QT_TRANSLATE_NOOP("domain", "The server's name was not found"),
        QT_TRANSLATE_NOOP("domain", "Check the internet connection and the address of the environment."),
        Exit.NO_ANSWER,
        retryable=True,
    ),
    Kind.CONNECTION_REFUSED: _words(
        QT_TRANSLATE_NOOP("domain", "No server there"),
        QT_TRANSLATE_NOOP("domain", "Nothing answers at this address. Check it, and that the server is running."),
        Exit.NO_ANSWER,
        retryable=True,
    ),
    Kind.CONNECT_TIMEOUT: _words(
        QT_TRANSLATE_NOOP("domain", "The server cannot be reached"),
        QT_TRANSLATE_NOOP("domain", "Check the internet connection, VPN and firewall, then try again."),
        Exit.NO_ANSWER,
        retryable=True,
    ),
    Kind.TLS: _words(
        QT_TRANSLATE_NOOP("domain", "The connection is not secure"),
        QT_TRANSLATE_NOOP(
            "domain", "This computer does not trust the server's certificate. Check the clock, or ask your IT support."
        ),
        Exit.NO_ANSWER,
    ),
    Kind.PROXY: _words(
        QT_TRANSLATE_NOOP("domain", "The proxy does not let this through"),
        QT_TRANSLATE_NOOP("domain", "Check the proxy settings of this computer, or ask your IT support."),
        Exit.NO_ANSWER,
        retryable=True,
    ),
    Kind.READ_TIMEOUT: _words(
        QT_TRANSLATE_NOOP("domain", "Meld took too long"),
        QT_TRANSLATE_NOOP(
            "domain", "The link may have been made all the same. Creating it again is safe; the unused one expires."
        ),
        Exit.NO_ANSWER,
        retryable=True,
    ),
    Kind.CONNECTION_LOST: _words(
        QT_TRANSLATE_NOOP("domain", "The connection broke"),
        QT_TRANSLATE_NOOP("domain", "Check the internet connection and create the link again."),
        Exit.NO_ANSWER,
        retryable=True,
    ),
    Kind.CUT_OFF: _words(
        QT_TRANSLATE_NOOP("domain", "The answer was cut off"),
        QT_TRANSLATE_NOOP("domain", "Only part of it arrived. Create the link again; the unused one expires."),
        Exit.NO_ANSWER,
        retryable=True,
    ),
    Kind.NETWORK: _words(
        QT_TRANSLATE_NOOP("domain", "The network failed"),
        QT_TRANSLATE_NOOP("domain", "Check the internet connection and create the link again."),
        Exit.NO_ANSWER,
        retryable=True,
    ),
    Kind.DEMO: _words(
        QT_TRANSLATE_NOOP("domain", "Demo did not start"),
        QT_TRANSLATE_NOOP("domain", "Close other programs that use the network on this computer, then try again."),
        Exit.NO_ANSWER,
        retryable=True,
    ),
}


class MeldError(Exception):
    """A failure that can be told to a person.

    ``detail`` is what the other side said (already short and free of secrets), ``code`` and ``request_id`` are Meld's,
    ``status`` is the HTTP status, ``retry_after`` counts seconds, ``problems`` are the fields Meld named, and
    ``exchange`` is what went over the wire, when anything did.
    """

    def __init__(
        self,
        kind: Kind,
        *,
        detail: Text = NOTHING,
        code: str = "",
        request_id: str = "",
        status: int | None = None,
        retry_after: int | None = None,
        problems: tuple[Problem, ...] = (),
        exchange: Exchange | None = None,
    ) -> None:
        super().__init__(kind.name)
        self.kind = kind
        self.detail = detail
        self.code = code
        self.request_id = request_id
        self.status = status
        self.retry_after = retry_after
        self.problems = problems
        self.exchange = exchange

    @property
    def title(self) -> Text:
        """What happened, in a few words."""
        return KINDS[self.kind].title

    @property
    def hint(self) -> Text:
        """What to do next."""
        return KINDS[self.kind].hint

    @property
    def exit_code(self) -> int:
        """How the command line ends."""
        return KINDS[self.kind].exit

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed later."""
        return KINDS[self.kind].retryable
