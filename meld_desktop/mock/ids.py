"""Meld's ids: 22 characters of base58, for example ``WQ5CwCxDxXhYuA4fVHGk3o`` (VCR)."""

import re
import secrets
from hashlib import sha256

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_SHAPE = re.compile(r"[1-9A-HJ-NP-Za-km-z]{22}\Z")


def is_id(text: str) -> bool:
    """Tell whether ``text`` has the shape of a Meld id."""
    return _SHAPE.match(text) is not None


def new_id() -> str:
    """Return a fresh id nobody can guess."""
    return _spell(int.from_bytes(secrets.token_bytes(16), "big"))


def id_from(*parts: str) -> str:
    """Return the id that belongs to ``parts``: always the same one, on every machine."""
    digest = sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()
    return _spell(int.from_bytes(digest[:16], "big"))


def part_id(whole_id: str, kind: int, number: int) -> str:
    """Return the id of a part of something that has an id: part ``number`` of the 1st, 2nd, ... ``kind``.

    Such an id says itself what it belongs to, so nothing has to be kept to find the part again.
    """
    return _spell(_sealed((handle_of(whole_id) << 2 | kind) << 24 | number))


def read_part_id(text: str) -> tuple[int, int, int] | None:
    """Return the handle of the whole, the kind and the number of a part's id; None when it is no such id."""
    number = 0
    for letter in text:
        number = number * 58 + _ALPHABET.index(letter)
    inner = number >> _SEAL_BITS
    if _sealed(inner) != number:
        return None
    return inner >> 26, inner >> 24 & 3, inner & 0xFFFFFF


def handle_of(whole_id: str) -> int:
    """Return the number under which the parts of something name it."""
    return int.from_bytes(sha256(whole_id.encode("ascii")).digest()[:10], "big")


_SEAL_BITS = 20


def _sealed(inner: int) -> int:
    """Add a check, so that ids nobody was given are recognised."""
    seal = int.from_bytes(sha256(b"part" + inner.to_bytes(16, "big")).digest()[:4], "big")
    return inner << _SEAL_BITS | seal >> 32 - _SEAL_BITS


def _spell(number: int) -> str:
    letters = []
    for _ in range(22):
        number, digit = divmod(number, 58)
        letters.append(_ALPHABET[digit])
    return "".join(reversed(letters))
