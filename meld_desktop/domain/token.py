"""What a connect token says about itself. Decoded here, never verified and never sent anywhere.

A token is an HS256 JWT (VCR, AND, TOK, REP); a client must read ``exp`` and must live with an opaque token.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

_NO_CLAIMS: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """The times in a token; None where it does not say. Aware, in UTC."""

    issued: datetime | None = None
    expires: datetime | None = None


def connect_token(widget_url: str) -> str:
    """Return the connect token that a widget URL carries; "" when it carries none. Never raises."""
    try:
        query = parse_qsl(urlsplit(widget_url).query)
    except ValueError:
        return ""
    return next((value for name, value in query if name.lower() == "connecttoken"), "")


def read_claims(token: str) -> Mapping[str, object]:
    """Return everything ``token`` says, as plain JSON; an opaque or broken token says nothing. Never raises."""
    parts = token.split(".")
    if len(parts) != 3:
        return _NO_CLAIMS
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        claims = json.loads(base64.urlsafe_b64decode(padded))
    except (binascii.Error, ValueError, RecursionError):
        return _NO_CLAIMS
    return MappingProxyType(claims) if isinstance(claims, dict) else _NO_CLAIMS


def read_token(token: str) -> TokenFacts:
    """Return the times that ``token`` states; an opaque or broken token states none. Never raises."""
    claims = read_claims(token)
    return TokenFacts(moment_of(claims.get("iat")), moment_of(claims.get("exp")))


def moment_of(value: object) -> datetime | None:
    """Return the moment that a claim names in seconds since 1970; None when it names none. Never raises."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return None
