"""What a connect token says, in words; and that a hostile one costs nothing and shows no secret."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.domain.redaction import MASK
from meld_desktop.domain.text import Text
from meld_desktop.domain.token import connect_token, read_claims, read_token
from meld_desktop.domain.token_claims import claim_rows
from tests.support.strict_meld import connect_token as make_token

DOCUMENTED = {
    "redirect": False,
    "regions": ["US", "CA-ON"],
    "iss": "meld.io",
    "connection": "WQ5CwCxDxXhYuA4fVHGk3o",
    "exp": 1691100000,
    "iat": 1691085600,
    "account": "acc",
    "customer": "cus",
    "products": ["BALANCES", "NEW_ONE"],
    "routingProfile": "profile 1",
}


def token(claims: object) -> str:
    def packed(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return ".".join([packed({"typ": "JWT", "alg": "HS256"}), packed(claims), "c2ln"])


def test_the_documented_claims_in_words_and_in_order() -> None:
    rows = claim_rows(DOCUMENTED)
    assert [(row.claim, str(row.label)) for row in rows] == [
        ("exp", "Works until"),
        ("iat", "Made at"),
        ("", "Works for"),
        ("products", "Required products"),
        ("regions", "Regions"),
        ("redirect", "Banks with own login page"),
        ("routingProfile", "Routing profile"),
        ("connection", "Connection ID"),
        ("customer", "Customer ID at Meld"),
        ("account", "Your account at Meld"),
        ("iss", "Made by"),
    ]
    values = {row.claim: row.value for row in rows}
    assert values["exp"] == datetime(2023, 8, 3, 22, 0, tzinfo=UTC)
    assert str(values[""]) == "4 h 0 min"
    assert values["products"] == (Text("Balances"), "NEW_ONE")
    assert values["regions"] == ("US", "CA-ON")
    assert str(values["redirect"]) == "not offered"
    assert values["routingProfile"] == "profile 1"


def test_claims_of_the_wrong_kind_stand_as_written() -> None:
    strange = {"exp": "soon", "iat": True, "products": "all", "regions": [], "redirect": 1, "iss": None, "account": {}}
    values = {row.claim: row.value for row in claim_rows(strange)}
    assert values == {
        "exp": "soon", "iat": "true", "products": "all", "regions": "[]", "redirect": "1", "iss": "null",
        "account": "{}",
    }  # fmt: skip


def test_what_nobody_documented_comes_last_and_as_written() -> None:
    row = claim_rows({"newClaim": {"a": [1, "é"]}, "exp": 1691100000})[-1]
    assert (row.claim, str(row.label), row.value) == ("newClaim", "newClaim", '{"a": [1, "é"]}')


def test_much_is_cut_and_secrets_are_masked() -> None:
    inner = make_token()
    rows = claim_rows({"long": "x" * 100_000, "inner": inner, inner: 1} | {f"c{n}": n for n in range(10_000)})
    assert len(rows) <= 200
    assert all(len(str(row.value)) <= 2_001 for row in rows)
    assert MASK in str(rows[1].value)
    assert inner not in repr(rows)


@pytest.mark.parametrize("claims", [[], None, "x", 1])
def test_what_is_no_object_says_nothing(claims: object) -> None:
    assert read_claims(token(claims)) == {}
    assert claim_rows(read_claims(token(claims))) == ()


def test_claims_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        read_claims(token(DOCUMENTED))["exp"] = 1  # type: ignore[index]


def test_claims_and_times_agree() -> None:
    assert read_claims(token(DOCUMENTED)) == DOCUMENTED
    assert read_token(token(DOCUMENTED)).expires == datetime(2023, 8, 3, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://institution-connect-sb.meld.io?connectToken=a.b.c", "a.b.c"),
        ("https://host/?x=1&connectToken=a.b.c&y=2#z", "a.b.c"),
        ("https://host/?connecttoken=a%2Eb", "a.b"),
        ("https://host/", ""),
        ("https://[broken", ""),
        ("", ""),
    ],
)
def test_the_token_of_a_link(url: str, expected: str) -> None:
    assert connect_token(url) == expected


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(list(DOCUMENTED)) | st.text(),
        st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=8),
    )
)
def test_never_raises(claims: dict[str, object]) -> None:
    assert len(claim_rows(claims)) >= len(claims)


@given(st.text())
def test_no_url_raises(url: str) -> None:
    assert isinstance(connect_token(url), str)
    assert isinstance(connect_token("https://h/?connectToken=" + url), str)
