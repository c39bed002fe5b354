"""Where the embedded widget may go: one pure function on small values. No Qt here.

Chromium refuses much of this by itself; the point of deciding again is that the answer is ours, tested as a table,
and said in words.
"""

from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import unquote

from meld_desktop.domain.addresses import is_loopback, split
from meld_desktop.domain.text import NOTHING, QT_TRANSLATE_NOOP, Text


class Kind(Enum):
    """How a navigation came about."""

    START = auto()
    """Our own load: the frame page itself, or the widget's address as Meld gave it."""
    NAVIGATION = auto()
    REDIRECT = auto()
    NEW_WINDOW = auto()


class Verdict(Enum):
    """What becomes of a navigation."""

    ALLOW = auto()
    REFUSE = auto()
    FINISHED = auto()
    """The return URL was reached: the flow is over, and the address is not loaded."""
    EXTERNAL = auto()
    """Meant for another program (an app, mail, telephone): named to the user, never followed."""


@dataclass(frozen=True, slots=True)
class Request:
    """A navigation somebody wants."""

    url: str
    is_main_frame: bool = False
    is_popup: bool = False
    kind: Kind = Kind.NAVIGATION


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for one widget.

    ``frame_origin`` is the origin of our own page around the widget, "" when the widget is loaded top level.
    """

    widget_origin: str
    frame_origin: str
    return_url: str
    loopback_allowed: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, with the reason in words unless it is ALLOW or FINISHED."""

    verdict: Verdict
    reason: Text = NOTHING


ALLOW = Decision(Verdict.ALLOW)
FINISHED = Decision(Verdict.FINISHED)

_BROWSER_SCHEMES = frozenset(
    "file filesystem ftp view-source chrome chrome-untrusted chrome-extension chrome-error chrome-devtools devtools "
    "qrc qt javascript vbscript ws wss externalfile content resource jar".split()
)
"""Schemes with a meaning inside browsers: never a page of a bank, and never an app's address either."""

_OWN_DOCUMENTS = frozenset({"about:blank", "about:srcdoc"})
_SCHEME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789+-.")
_SCHEME_LIMIT = 64
_WEB = frozenset({"http", "https"})
_MADE_BY_A_PAGE = frozenset({"about", "blob", "data"})


def decide(request: Request, rules: Rules) -> Decision:
    """Return what becomes of ``request``. Total: an address that cannot be read is refused."""
    scheme = _scheme(request.url)
    if not scheme:
        return _refuse(QT_TRANSLATE_NOOP("domain", "The page wanted to go to an address that cannot be read."))
    if request.kind is not Kind.START and is_return(request.url, rules.return_url):
        return FINISHED
    if _leaves_the_frame(request, rules):
        return _decide_for_frame_page(request, scheme)
    if scheme in _WEB:
        return _decide_web(request, rules)
    if scheme in _MADE_BY_A_PAGE:
        return _decide_own_document(request, scheme)
    if scheme in _BROWSER_SCHEMES:
        return _refuse(
            QT_TRANSLATE_NOOP("domain", "The page wanted to open a “{scheme}:” address, which is never allowed here."),
            scheme=scheme,
        )
    return _external(scheme)


def is_return(url: str, return_url: str) -> bool:
    """Tell whether ``url`` is the return URL: same scheme, host, port and path, whatever the query and fragment."""
    wanted = _place(return_url)
    return wanted is not None and wanted == _place(url)


def host_and_path(url: str) -> str:
    """Return an address as it may be shown and logged: host, port and path, without scheme, query or fragment."""
    address = split(url)
    return "" if address is None else address.origin.partition("://")[2] + address.path


def host_of(url: str) -> str:
    """Return the host of an address, "" if it has none."""
    address = split(url)
    return "" if address is None else address.host


def _decide_web(request: Request, rules: Rules) -> Decision:
    address = split(request.url)
    if address is None:
        return _refuse(QT_TRANSLATE_NOOP("domain", "The page wanted to go to an address that cannot be read."))
    if address.has_userinfo:
        return _refuse(
            QT_TRANSLATE_NOOP("domain", "The page wanted to go to {host} with a name or password in the address."),
            host=address.host,
        )
    return ALLOW if address.scheme == "https" else _decide_http(request, rules, address.host)


def _decide_http(request: Request, rules: Rules, host: str) -> Decision:
    if not is_loopback(host):
        return _refuse(
            QT_TRANSLATE_NOOP("domain", "The page wanted to go to {host} without encryption (http). It was stopped."),
            host=host,
        )
    if not rules.loopback_allowed:
        return _refuse(
            QT_TRANSLATE_NOOP(
                "domain", "The page wanted to go to this computer ({host}), which this environment does not allow."
            ),
            host=host,
        )
    if not request.is_popup and rules.widget_origin.startswith("https:"):
        return _refuse(
            QT_TRANSLATE_NOOP("domain", "The page wanted to mix unencrypted content ({host}) into a secure page."),
            host=host,
        )
    return ALLOW


def _decide_own_document(request: Request, scheme: str) -> Decision:
    """Decide about documents that a page makes by itself: harmless inside it, misleading as a window of their own."""
    if scheme == "about":
        if request.url.partition("#")[0].lower() in _OWN_DOCUMENTS:
            return ALLOW
        return _refuse(QT_TRANSLATE_NOOP("domain", "The page wanted to open a page of the browser itself."))
    if request.is_main_frame or request.kind is Kind.NEW_WINDOW:
        return _refuse(
            QT_TRANSLATE_NOOP("domain", "The page wanted to replace itself by a “{scheme}:” document."), scheme=scheme
        )
    return ALLOW


def _leaves_the_frame(request: Request, rules: Rules) -> bool:
    in_frame_page = request.is_main_frame and not request.is_popup and request.kind is not Kind.NEW_WINDOW
    return in_frame_page and bool(rules.frame_origin)


def _decide_for_frame_page(request: Request, scheme: str) -> Decision:
    # Qt loads a page given as text from a data: address, whatever its base address.
    if request.kind is Kind.START and scheme == "data":
        return ALLOW
    if scheme not in _BROWSER_SCHEMES | _WEB | _MADE_BY_A_PAGE:
        return _external(scheme)
    return _refuse(
        QT_TRANSLATE_NOOP("domain", "The widget wanted to replace the page around it ({host}). It stays in its frame."),
        host=host_of(request.url) or f"{scheme}:",
    )


def _external(scheme: str) -> Decision:
    return Decision(
        Verdict.EXTERNAL,
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The page wanted to open another program ({scheme}:). Links are not handed to programs from here; "
                "use “Open in browser” if the customer's flow needs it.",
            ),
            scheme=scheme,
        ),
    )


def _refuse(source: str, **values: object) -> Decision:
    return Decision(Verdict.REFUSE, Text(source, **values))


def _scheme(url: str) -> str:
    head, colon, _ = url.partition(":")
    scheme = head.lower()
    good = colon and len(scheme) <= _SCHEME_LIMIT and scheme[:1].isalpha() and _SCHEME_CHARACTERS.issuperset(scheme)
    return scheme if good else ""


def _place(url: str) -> tuple[str, str, int | None, str] | None:
    """Return what makes a return URL: scheme, host, port, path."""
    address = split(url)
    if address is None or address.has_userinfo or address.scheme in _BROWSER_SCHEMES | _MADE_BY_A_PAGE:
        return None
    try:
        host = address.host.encode("idna").decode("ascii")  # the form browsers send a host in
    except UnicodeError:
        host = address.host
    return address.scheme, host, address.port, unquote(address.path) or "/"
