"""Looks for a planted secret where it must not be: in files, argument lists and environments, in every usual disguise.

The disguises are made here from the rules of each encoding, not by the product's redaction, or both would be blind to
the same one.
"""

import base64
import html
import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

PLANTED_KEY = "WQ5Fk3vT8yQmB2nXr7HsLd:p+l/a=n\"t<e>d&k%e'y~\\9"
"""A key of the documented shape (id, colon, secret) whose characters every encoding treats differently."""

_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@dataclass(frozen=True)
class Finding:
    """A place where a secret lies open."""

    where: str
    form: str

    def __str__(self) -> str:
        return f"{self.where}: as {self.form}"


def _percent(secret: bytes, keep: frozenset[int], *, upper: bool = True) -> bytes:
    pattern = "%{:02X}" if upper else "%{:02x}"
    return b"".join(bytes([byte]) if byte in keep else pattern.format(byte).encode() for byte in secret)


def _base64_cores(secret: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what base64 makes of ``secret`` whatever stands around it: the three alignments, without the edges."""
    for alignment in range(3):
        coded = base64.b64encode(bytes(alignment) + secret)
        first = (alignment * 8 + 5) // 6  # sextets that hold a bit of what stands before
        last = (alignment + len(secret)) * 8 // 6  # the sextet after that holds a bit of what follows
        core = coded[first:last]
        yield f"base64, alignment {alignment}", core
        yield f"base64 for URLs, alignment {alignment}", core.translate(bytes.maketrans(b"+/", b"-_"))


def forms(secret: str) -> dict[bytes, str]:
    """Return every disguise of ``secret`` with its name."""
    raw = secret.encode()
    text = json.dumps(secret)[1:-1]
    reserved_kept = _UNRESERVED | frozenset(b":/?#[]@!$&'()*+,;=")
    found = {
        raw: "plain text",
        f"BASIC {secret}".encode(): "header value",
        _percent(raw, _UNRESERVED): "percent",
        _percent(raw, _UNRESERVED, upper=False): "percent, lower case",
        _percent(raw, _UNRESERVED | frozenset(b"/")): "percent, slashes kept",
        _percent(raw, reserved_kept): "percent, reserved characters kept",
        _percent(raw, _UNRESERVED | frozenset(b" ")).replace(b" ", b"+"): "plus",
        text.encode(): "JSON",
        text.replace("/", "\\/").encode(): "JSON, slashes escaped",
        "".join(f"\\u{ord(each):04x}" if each in "<>&'+\"" else each for each in secret).encode(): "JSON for HTML",
        json.dumps(text)[1:-1].encode(): "JSON twice",
        repr(secret)[1:-1].encode(): "Python literal",
        html.escape(secret).encode(): "HTML",
        html.escape(secret, quote=False).encode(): "HTML, quotes kept",
        html.escape(secret).replace("&#x27;", "&#39;").replace("&quot;", "&#34;").encode(): "HTML, numbered quotes",
        html.escape(secret).replace("&#x27;", "&apos;").encode(): "XML",
        secret.encode("utf-16-le"): "UTF-16",
        secret.encode("utf-16-be"): "UTF-16, big endian",
        raw.hex().encode(): "hexadecimal",
    }
    found |= {core: name for name, core in _base64_cores(raw)}
    return found


def in_bytes(data: bytes, secrets: Iterable[str], where: str) -> list[Finding]:
    """Return the disguises found in ``data``."""
    return [Finding(where, name) for secret in secrets for form, name in forms(secret).items() if form in data]


def in_tree(root: Path, secrets: Collection[str], *, skip: Collection[Path] = ()) -> list[Finding]:
    """Return what the files below ``root`` give away, by content or by name. ``skip`` names files not looked into."""
    findings = []
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            findings += in_bytes(str(path).encode(), secrets, f"name of {path}")
            if path in skip or not path.is_file():
                continue
            try:
                data = path.read_bytes()
            except OSError:  # gone, or a socket
                continue
            findings += in_bytes(data, secrets, str(path))
    return findings


@dataclass(frozen=True)
class Process:
    """A process as the kernel shows it to others."""

    pid: int
    arguments: bytes
    environment: bytes


def family(pid: int) -> list[Process]:
    """Return process ``pid`` and all that it started, in that order; one that just ended is left out."""
    seen = []
    try:
        members = [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    except psutil.NoSuchProcess:
        return []
    for member in members:
        try:
            folder = Path("/proc", str(member))
            seen.append(Process(member, (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()))
        except OSError:
            continue
    return seen


def in_processes(pid: int, secrets: Collection[str], *, given: Mapping[str, str] | None = None) -> list[Finding]:
    """Return what process ``pid`` and its children give away.

    ``given`` are the variables the test itself put into the environment of ``pid``: there they are expected, in its
    children they are not.
    """
    findings = []
    for process in family(pid):
        name = process.arguments.split(b"\0")[0].decode(errors="replace")
        environment = process.environment.split(b"\0")
        if process.pid == pid:
            expected = {f"{key}={value}".encode() for key, value in (given or {}).items()}
            environment = [entry for entry in environment if entry not in expected]
        findings += in_bytes(process.arguments, secrets, f"arguments of {name}")
        findings += in_bytes(b"\0".join(environment), secrets, f"environment of {name}")
    return findings
