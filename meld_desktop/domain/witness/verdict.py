"""Whether a flow came back to where it should: the expected return URL against where it arrived."""

import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from urllib.parse import unquote

from meld_desktop.domain.addresses import masked, split
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.witness.observation import HopKind
from meld_desktop.domain.witness.seen import SeenHop


class VerdictOutcome(Enum):
    """How the redirect went."""

    MATCH = auto()
    MISMATCH = auto()
    """It arrived somewhere else than expected."""
    NOT_ARRIVED = auto()
    NO_RETURN_URL = auto()
    """None was asked for."""


PARTS = ("scheme", "host", "port", "path")


@dataclass(frozen=True, slots=True)
class RedirectVerdict:
    """The verdict.

    ``expected`` and ``arrived`` are addresses with masked query values; ``arrived`` is the last place when the flow
    did not arrive, "" when it went nowhere. ``hop`` is the number of that hop, ``differs`` names what is different
    in it, in the order of ``PARTS``. ``is_over`` says whether the flow may still arrive.
    """

    outcome: VerdictOutcome
    expected: str = ""
    arrived: str = ""
    hop: int | None = None
    differs: tuple[str, ...] = ()
    is_over: bool = False

    @property
    def text(self) -> Text:
        """The verdict in one sentence, without a full stop."""
        match self.outcome:
            case VerdictOutcome.NO_RETURN_URL:
                return Text(QT_TRANSLATE_NOOP("domain", "No return URL was asked for"))
            case VerdictOutcome.MATCH:
                source = QT_TRANSLATE_NOOP("domain", "Returned to {expected}, as expected")
                return Text(source, expected=self.expected)
            case VerdictOutcome.MISMATCH:
                source = QT_TRANSLATE_NOOP(
                    "domain", "Expected to return to {expected}, but went to {arrived}: another {parts}"
                )
                return Text(source, expected=self.expected, arrived=self.arrived, parts=_listed(self.differs))
        if not self.is_over:
            source = QT_TRANSLATE_NOOP("domain", "Has not returned to {expected} yet")
        elif self.arrived:
            source = QT_TRANSLATE_NOOP("domain", "Did not return to {expected}; the last place was {arrived}")
            return Text(source, expected=self.expected, arrived=self.arrived)
        else:
            source = QT_TRANSLATE_NOOP("domain", "Did not return to {expected}")
        return Text(source, expected=self.expected)


@dataclass(frozen=True, slots=True)
class _Place:
    scheme: str
    hosts: frozenset[str]
    port: int | None
    path: str


_WEB_PORTS = {"http": 80, "https": 443}
_NOT_APPS = frozenset("about blob data file javascript mailto tel sms view-source ws wss atrium".split())
"""Not the end of a flow: documents of a page itself, mail and telephone, and MX's own signal to its host (SDK)."""
_MAIN_PLACES = frozenset({"widget", "frame"})


def judge(
    return_url: str,
    hops: Iterable[SeenHop],
    *,
    is_over: bool,
    widget_url: str = "",
    completed_after: int | None = None,
) -> RedirectVerdict:
    """Return the verdict on a flow's hops, oldest first. Pure and total.

    ``completed_after`` is the number of the last hop before the widget said that a bank was connected: whichever
    strange address the widget goes to after that is where it wanted to return to. Before that only an app's address,
    or one that has the host or the path of the return URL, counts as an attempt to return.
    """
    wanted = _place(return_url.strip())
    if wanted is None:
        return RedirectVerdict(VerdictOutcome.NO_RETURN_URL, is_over=is_over)
    expected = masked(return_url.strip())
    home = _place(widget_url)
    strayed: tuple[SeenHop, tuple[str, ...]] | None = None
    last: SeenHop | None = None
    for hop in hops:
        if hop.kind is HopKind.START:
            continue
        place = _place(hop.url)
        if place is None:
            continue
        differs = _differences(wanted, place)
        if not differs:
            return RedirectVerdict(VerdictOutcome.MATCH, expected, masked(hop.url), hop.number, (), is_over)
        last = hop
        is_after = completed_after is not None and hop.number > completed_after
        if strayed is None and _is_attempt(hop, place, wanted, home, differs, is_after=is_after):
            strayed = (hop, differs)
    if strayed is not None:
        hop, differs = strayed
        return RedirectVerdict(VerdictOutcome.MISMATCH, expected, masked(hop.url), hop.number, differs, is_over)
    if last is None:
        return RedirectVerdict(VerdictOutcome.NOT_ARRIVED, expected, is_over=is_over)
    return RedirectVerdict(VerdictOutcome.NOT_ARRIVED, expected, masked(last.url), last.number, (), is_over)


def differing_parts(expected: str, arrived: str) -> tuple[str, ...]:
    """Return which of ``PARTS`` differ between two addresses, all of them when one cannot be read."""
    one, other = _place(expected), _place(arrived)
    return PARTS if one is None or other is None else _differences(one, other)


def is_for_an_app(url: str) -> bool:
    """Tell whether an address is an app's (``meldapp://…``) and not mail, telephone or a page's own document."""
    scheme = _scheme(url)
    return bool(scheme) and scheme not in _NOT_APPS and scheme not in _WEB_PORTS


def _is_attempt(
    hop: SeenHop, place: _Place, wanted: _Place, home: _Place | None, differs: Sequence[str], *, is_after: bool
) -> bool:
    if home is not None and "host" in differs and place.hosts & home.hosts and place.port == home.port:
        return False  # the widget moves about at home
    if place.scheme not in _WEB_PORTS:
        return is_for_an_app(hop.url) and (hop.kind is HopKind.APP or is_after)
    if is_after and hop.place in _MAIN_PLACES:
        return True
    return "host" not in differs or ("path" not in differs and wanted.path != "/")


def _differences(one: _Place, other: _Place) -> tuple[str, ...]:
    same = {
        "scheme": one.scheme == other.scheme,
        "host": one.hosts == other.hosts or bool(one.hosts & other.hosts),
        "port": one.port == other.port,
        "path": one.path == other.path,
    }
    return tuple(part for part in PARTS if not same[part])


@lru_cache(maxsize=2048)
def _place(url: str) -> _Place | None:
    """Return what an address is compared by; a scheme's own port counts as none. None when it cannot be read."""
    address = split(url)
    if address is not None:
        port = None if address.port == _WEB_PORTS.get(address.scheme) else address.port
        return _Place(address.scheme, _hosts(address.host), port, unquote(address.path) or "/")
    if not is_for_an_app(url):
        return None
    # An app's address need not have a host.
    rest = url.partition(":")[2].partition("#")[0].partition("?")[0]
    return _Place(_scheme(url), frozenset({""}), None, unquote(rest).removeprefix("//") or "/")


def _scheme(url: str) -> str:
    head, colon, _ = url.partition(":")
    good = colon and 1 < len(head) <= 64 and head[0].isalpha() and head.isascii()
    return head.lower() if good and head.replace("+", "").replace("-", "").replace(".", "").isalnum() else ""


def _hosts(host: str) -> frozenset[str]:
    """Return the forms in which a browser may send ``host``: of a few letters the old and the new rules differ."""
    forms = {host.lower()}
    with suppress(UnicodeError):
        forms.add(host.encode("idna").decode("ascii").lower())
    if not host.isascii():
        labels = unicodedata.normalize("NFKC", host.replace("。", ".")).lower().split(".")
        forms.add(".".join(label if label.isascii() else f"xn--{_punycode(label)}" for label in labels))
    return frozenset(forms)


def _punycode(label: str) -> str:
    return label.encode("punycode").decode("ascii", "replace")


_NAMES = {
    "scheme": QT_TRANSLATE_NOOP("domain", "scheme"),
    "host": QT_TRANSLATE_NOOP("domain", "host"),
    "port": QT_TRANSLATE_NOOP("domain", "port"),
    "path": QT_TRANSLATE_NOOP("domain", "path"),
}
_LISTS = {
    2: QT_TRANSLATE_NOOP("domain", "{a} and {b}"),
    3: QT_TRANSLATE_NOOP("domain", "{a}, {b} and {c}"),
    4: QT_TRANSLATE_NOOP("domain", "{a}, {b}, {c} and {d}"),
}


def _listed(parts: Sequence[str]) -> Text:
    names = [Text(_NAMES[part]) for part in parts]
    if len(names) < 2:
        return names[0] if names else Text("")
    return Text(_LISTS[len(names)], **dict(zip("abcd", names, strict=False)))
