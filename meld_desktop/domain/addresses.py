"""Reading internet addresses strictly: scheme and host must be there, nothing is guessed."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from meld_desktop.domain.redaction import MASK, Redactor


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of an address; ``host`` in lower case without brackets, ``port`` as written or the scheme's own."""

    scheme: str
    host: str
    port: int | None
    path: str
    has_userinfo: bool
    query: str = ""
    fragment: str = ""

    @property
    def origin(self) -> str:
        """Scheme, host and any port that is not the scheme's own, as browsers write an origin (RFC 6454, 6.2)."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        if self.port is None or self.port == _DEFAULT_PORTS.get(self.scheme):
            return f"{self.scheme}://{host}"
        return f"{self.scheme}://{host}:{self.port}"


_DEFAULT_PORTS = {"http": 80, "https": 443}
_NOWHERE_IN_A_URL = re.compile(r"[\s\x00-\x1f\\]")
_FORBIDDEN_IN_HOST = frozenset("%<>^|\x7f")
"""What a browser never takes in a domain (URL Standard, 3.2), beyond what ends or breaks the host before."""


def split(url: str) -> Address | None:
    """Return the parts of ``url``, or None when it has no scheme, no host, a bad port or characters no URL has."""
    if _NOWHERE_IN_A_URL.search(url):
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not parts.scheme or not host or host.strip(".") == "" or not _FORBIDDEN_IN_HOST.isdisjoint(host):
        return None
    return Address(
        parts.scheme.lower(),
        host,
        port if port is not None else _DEFAULT_PORTS.get(parts.scheme.lower()),
        parts.path,
        "@" in parts.netloc,
        parts.query,
        parts.fragment,
    )


def is_loopback(host: str) -> bool:
    """Say whether ``host`` is this machine itself (RFC 5735, RFC 6761): localhost, 127.0.0.0/8 or ::1."""
    if host in {"localhost", "localhost."} or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def masked(url: str) -> str:
    """Return an address that may be shown to anyone: scheme, host, port and path, and the names in its query.

    Values in the query, the fragment, names and passwords before the host, and parts of the path that look like a
    secret are replaced by dots. Total: of an address that cannot be read, or that has no host, only the scheme stays.
    """
    if url in _OWN_DOCUMENTS:
        return url
    url = url[:_LONGEST_URL]
    address = split(url)
    if address is None:
        match = _SCHEME.match(url)
        return f"{match[1].lower()}:{MASK}" if match else MASK
    query = f"?{_masked_query(address.query)}" if address.query else ""
    fragment = f"#{MASK}" if address.fragment else ""
    return f"{address.origin}{_masked_path(address.path)}{query}{fragment}"


_OWN_DOCUMENTS = frozenset({"about:blank", "about:srcdoc"})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,31}):")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.\[\]$~-]{1,40}")
_SECRET_WORD = re.compile(r"(?=[A-Za-z0-9_~+=-]*\d)[A-Za-z0-9_~+=-]{28,}|eyJ[A-Za-z0-9_.-]*")
_SECRET_PART = re.compile(r"\d{8,}|[^/\s@]+@[^/\s@]+")
_TOKENS = Redactor()
_MOST_NAMES = 50
_MOST_SEGMENTS = 100
_LONGEST_WORD = 200
_LONGEST_URL = 8192


def _masked_query(query: str) -> str:
    pairs = query.split("&", _MOST_NAMES)
    shown = [_masked_pair(pair) for pair in pairs[:_MOST_NAMES]]
    return "&".join([*shown, "…"] if len(pairs) > _MOST_NAMES else shown)


def _masked_pair(pair: str) -> str:
    name, equals, _ = pair.partition("=")
    # A word alone may be a value; and a name that is no plain word may hide one.
    if not equals:
        return MASK if pair else ""
    return f"{name if _PLAIN_NAME.fullmatch(name) and not _is_secret(name) else MASK}={MASK}"


def _masked_path(path: str) -> str:
    segments = path.split("/", _MOST_SEGMENTS)
    shown = [_masked_segment(segment) for segment in segments[:_MOST_SEGMENTS]]
    return "/".join([*shown, MASK] if len(segments) > _MOST_SEGMENTS else shown)


def _masked_segment(segment: str) -> str:
    name, semicolon, _ = segment.partition(";")
    shown = MASK if _is_secret(name) else name
    return f"{shown};{MASK}" if semicolon else shown


def _is_secret(word: str) -> bool:
    plain = word
    for _ in range(3):  # encoded over again, it is no less a secret
        if len(plain) > _LONGEST_WORD or _SECRET_WORD.fullmatch(plain) or _SECRET_PART.search(plain):
            return True
        if _TOKENS(plain) != plain:
            return True
        if (decoded := unquote(plain)) == plain:
            break
        plain = decoded
    return False
