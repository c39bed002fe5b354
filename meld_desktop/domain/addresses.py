"""Reading internet addresses strictly: scheme and host must be there, nothing is guessed."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit


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
_FORBIDDEN_IN_HOST = frozenset("%<>^|\x7f")
"""What a browser never takes in a domain (URL Standard, 3.2), beyond what ends or breaks the host before."""


def split(url: str) -> Address | None:
    """Return the parts of ``url``, or None when it has no scheme, no host, a bad port or characters no URL has."""
    if any(character.isspace() or ord(character) < 0x20 or character == "\\" for character in url):
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
