"""What a connect token says of itself, and that a broken one says nothing."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.domain.token import TokenFacts, read_token


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(payload: bytes) -> str:
    return ".".join([b64(b'{"typ":"JWT","alg":"HS256"}'), b64(payload), b64(b"signature")])


def test_the_documented_shape() -> None:
    claims = {
        "redirect": True, "regions": ["US"], "iss": "meld.io", "connection": "WQ5CwCxDxXhYuA4fVHGk3o",
        "exp": 1691100000,
        "iat": 1691085600, "account": "a", "customer": "c", "products": ["BALANCES"], "routingProfile": "r",
    }  # fmt: skip
    facts = read_token(token(json.dumps(claims).encode()))
    assert facts == TokenFacts(datetime(2023, 8, 3, 18, 0, tzinfo=UTC), datetime(2023, 8, 3, 22, 0, tzinfo=UTC))
    assert facts.issued is not None
    assert facts.expires is not None
    assert (facts.expires - facts.issued).total_seconds() == 14400


def test_every_length_of_padding() -> None:
    for extra in range(8):
        facts = read_token(token(json.dumps({"exp": 1691100000, "x": "y" * extra}).encode()))
        assert facts.expires == datetime(2023, 8, 3, 22, 0, tzinfo=UTC)


def test_characters_of_the_url_alphabet() -> None:
    payload = json.dumps({"exp": 1691100000, "x": "~~~???ÿÿ"}, ensure_ascii=False).encode()
    assert set("-_") & set(b64(payload))
    assert read_token(token(payload)).expires == datetime(2023, 8, 3, 22, 0, tzinfo=UTC)


def test_times_with_a_fraction() -> None:
    assert read_token(token(b'{"exp":1691100000.5}')).expires == datetime(2023, 8, 3, 22, 0, 0, 500000, UTC)


@pytest.mark.parametrize(
    "payload",
    [b"", b"null", b"[]", b'"exp"', b"{", b"\xff\xfe", b"{}", b'{"exp":"soon"}', b'{"exp":true}', b'{"exp":null}',
    b'{"exp":NaN}',
     b'{"exp":Infinity}', b'{"exp":1e300}', b'{"exp":-1e300}', b'{"exp":' + b"9" * 5000 + b"}",
     b'{"exp":' + b"9" * 400 + b"}",
     b"[" * 100000],
)  # fmt: skip
def test_a_payload_that_says_nothing(payload: bytes) -> None:
    assert read_token(token(payload)) == TokenFacts()


@pytest.mark.parametrize("text", ["", "opaque", "a.b", "a.b.c.d", "..", "é.é.é", "a.%%%.c", "\udc80.\udc80.\udc80"])
def test_no_token(text: str) -> None:
    assert read_token(text) == TokenFacts()


@settings(deadline=None, max_examples=50)
@given(
    st.binary()
    | st.recursive(st.none() | st.integers() | st.floats() | st.text(), st.lists).map(
        lambda value: json.dumps({"exp": value, "iat": value}).encode()
    )
)
def test_never_raises(payload: bytes) -> None:
    for text in (token(payload), payload.decode("latin-1"), f"a.{payload.decode('latin-1')}.c"):
        facts = read_token(text)
        assert facts.expires is None or facts.expires.tzinfo is UTC
