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


def _spell(number: int) -> str:
    letters = []
    for _ in range(22):
        number, digit = divmod(number, 58)
        letters.append(_ALPHABET[digit])
    return "".join(reversed(letters))
