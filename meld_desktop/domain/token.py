"""What a connect token says about itself. Decoded here, never verified and never sent anywhere.

A token is an HS256 JWT (VCR, AND, TOK, REP); a client must read ``exp`` and must live with an opaque token.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """The times in a token; None where it does not say. Aware, in UTC."""

    issued: datetime | None = None
    expires: datetime | None = None


def read_token(token: str) -> TokenFacts:
    """Return what ``token`` says; an opaque or broken token says nothing. Never raises."""
    parts = token.split(".")
    if len(parts) != 3:
        return TokenFacts()
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
    except (binascii.Error, ValueError, RecursionError):
        return TokenFacts()
    if not isinstance(claims, dict):
        return TokenFacts()
    return TokenFacts(_time(claims.get("iat")), _time(claims.get("exp")))


def _time(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return None
