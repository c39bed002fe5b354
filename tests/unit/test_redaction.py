"""Known secrets disappear in every form they travel in; the forms are written out here from their own rules."""

import base64
import html
import json
import string
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.domain.redaction import MASK, Redactor

UNRESERVED = string.ascii_letters + string.digits + "-._~"
MARKS = "!'()*"
RESERVED = ":/?#[]@!$&'()*+,;="
VISIBLE = string.ascii_letters + string.digits + string.punctuation

secrets = st.text(VISIBLE, min_size=4, max_size=60)
awkward = st.text("\"'\\/&<>+=%?:# .aZ9", min_size=4, max_size=40).filter(lambda text: text.strip() == text)
anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def percent(text: str, keep: str, pattern: str = "%{:02X}") -> str:
    return "".join(chr(byte) if chr(byte) in keep and byte < 128 else pattern.format(byte) for byte in text.encode())


def slashed(text: str, what: str) -> str:
    return "".join("\\" + each if each in what else each for each in text)


def entities(text: str, names: dict[str, str]) -> str:
    return "".join(names.get(each, each) for each in text)


FORMS: dict[str, Callable[[str], str]] = {
    "raw": lambda secret: secret,
    "percent, everything": lambda secret: percent(secret, ""),
    "percent": lambda secret: percent(secret, UNRESERVED),
    "percent, lower case": lambda secret: percent(secret, UNRESERVED, "%{:02x}"),
    "percent, slashes kept": lambda secret: percent(secret, UNRESERVED + "/"),
    "encodeURIComponent": lambda secret: percent(secret, UNRESERVED + MARKS),
    "encodeURI": lambda secret: percent(secret, UNRESERVED + RESERVED.translate({91: None, 93: None})),
    "plus": lambda secret: percent(secret, UNRESERVED + " ").replace(" ", "+"),
    "form of a browser": lambda secret: percent(secret, UNRESERVED.replace("~", "") + "* ").replace(" ", "+"),
    "percent twice": lambda secret: percent(percent(secret, UNRESERVED), UNRESERVED),
    "JSON": lambda secret: json.dumps(secret)[1:-1],
    "JSON, slashes escaped": lambda secret: json.dumps(secret)[1:-1].replace("/", "\\/"),
    "JSON in UTF-8": lambda secret: json.dumps(secret, ensure_ascii=False)[1:-1],
    "JSON for HTML": lambda secret: entities(
        json.dumps(secret)[1:-1], {each: f"\\u{ord(each):04x}" for each in "<>&'+="}
    ),
    "JSON, capital hex": lambda secret: entities(
        slashed(secret, '"\\'), {each: f"\\u{ord(each):04X}" for each in "<>&/'"}
    ),
    "JSON in JSON": lambda secret: json.dumps(json.dumps(secret)[1:-1])[1:-1],
    "Python": lambda secret: repr(secret)[1:-1],
    "HTML": html.escape,
    "HTML, quotes kept": lambda secret: html.escape(secret, quote=False),
    "HTML, decimal": lambda secret: entities(html.escape(secret, quote=False), {'"': "&#34;", "'": "&#39;"}),
    "HTML, hex": lambda secret: entities(
        html.escape(secret, quote=False), {'"': "&#x22;", "'": "&#X27;", "/": "&#x2F;"}
    ),
    "XML": lambda secret: entities(html.escape(secret, quote=False), {'"': "&quot;", "'": "&apos;"}),
    "HTML, all numbers": lambda secret: "".join(f"&#{ord(each)};" for each in secret),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@settings(deadline=None, max_examples=50)
@given(secret=secrets | awkward, before=anything, after=anything)
def test_every_form_disappears(form: str, secret: str, before: str, after: str) -> None:
    written = FORMS[form](secret)
    cleaned = Redactor(["another-secret", secret])(before + written + after)
    assert written not in cleaned
    assert MASK in cleaned


@settings(deadline=None, max_examples=50)
@given(
    secret=secrets | awkward | anything.filter(lambda text: len(text) > 5),
    before=st.binary(max_size=40),
    after=st.binary(max_size=40),
)
def test_base64_disappears_whatever_stands_around(secret: str, before: bytes, after: bytes) -> None:
    raw = secret.encode()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        whole = encode(before + raw + after).decode()
        # Characters that hold bits of the secret only: the sextets wholly within its bits.
        first, last = -(-len(before) * 8 // 6), (len(before) + len(raw)) * 8 // 6
        own = whole[first:last]
        cleaned = Redactor([secret])(f"Basic credentials: {whole}.")
        assert own not in cleaned
        assert MASK in cleaned


@settings(deadline=None, max_examples=50)
@given(secret=anything.filter(lambda text: len(text) > 3 and text.strip() == text))
def test_secrets_that_are_not_ascii(secret: str) -> None:
    for form in ("raw", "percent", "JSON", "JSON in UTF-8", "HTML"):
        written = FORMS[form](secret)
        assert written not in Redactor([secret])(f"« {written} »")


@settings(deadline=None, max_examples=50)
@given(secret=secrets, other=anything)
def test_what_is_no_secret_stays(secret: str, other: str) -> None:
    plain = f"Meld said 400. {len(other)}"
    assert Redactor([secret, ""]).known(plain) == plain or secret.lower() in plain.lower()
    assert Redactor()(plain) == plain


def test_several_secrets_the_longer_first() -> None:
    redact = Redactor(["abcd", "abcdefgh", "gh12"])
    assert redact("1 abcdefgh 2 abcd 3 gh12") == f"1 {MASK} 2 {MASK} 3 {MASK}"


def test_a_short_secret_goes_in_its_raw_form() -> None:
    assert Redactor(["x1"])("key=x1, eDE= stays") == f"key={MASK}, eDE= stays"


def test_a_long_run_is_done_in_a_moment() -> None:
    for secret in ("\\" * 60 + "x", "%" * 60 + "x", "&" * 60 + "x", "\"'" * 30 + "x", '\\"' * 30 + "x", "a" * 60 + "x"):
        for text in (secret[:-1] * 400, '\\\\\\"' * 4000, "\\" * 20000, "%25" * 7000, "&amp;" * 4000):
            assert secret not in Redactor([secret])(text)


TOKEN = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJtZWxkLmlvIiwiZXhwIjoxfQ.c2lnbmF0dXJl-_w"
PARTS = TOKEN.split(".")


def gone(text: str) -> str:
    cleaned = Redactor()(text)
    assert not [part for part in PARTS if part in cleaned], cleaned
    return cleaned


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"token {TOKEN}, and more",
        f'{{"connectToken":"{TOKEN}"}}',
        f"https://institution-connect-sb.meld.io?connectToken={TOKEN}",
        f"https://institution-connect-sb.meld.io/?connectToken={TOKEN}&x=1",
        f"connectToken%3D{TOKEN}",
        f"next=https%3A%2F%2Fh%3FconnectToken%3D{TOKEN.replace('.', '%2E')}",
        f"next=https%253A%252F%252Fh%253FconnectToken%253D{TOKEN}",
        f"next=https%253A%252F%252Fh%253Ftoken%253D{TOKEN.replace('.', '%252E')}",
        f"url\\u003d{TOKEN}",
        f"'{TOKEN}'",
        f"({TOKEN})",
        f"x={TOKEN}\nAuthorization: Bearer {TOKEN}",
    ],
)
def test_a_connect_token_needs_no_introduction(text: str) -> None:
    assert MASK in gone(text)


@pytest.mark.parametrize("opaque", ["0f9a8b7c-opaque-token", "a%2Fb%2Bc"])
@pytest.mark.parametrize(
    "text",
    [
        "https://h?connectToken={}",
        "https://h/?a=1&connectToken={}&b=2",
        '{{"connectToken": "{}"}}',
        '{{"connectToken" : "{}"}}',
        '"{{\\"connectToken\\":\\"{}\\"}}"',
        "connect_token={}",
        "CONNECTTOKEN={}",
        "connectToken%3D{}",
        "connectToken%253D{}",
        "https://h/?connectToken&#x3D;{}",
        "connectToken\\u003d{}",
        "{{'connectToken': '{}'}}",
    ],
)
def test_an_opaque_token_is_known_by_its_name(text: str, opaque: str) -> None:
    said = text.format(opaque)
    cleaned = Redactor()(said)
    assert opaque not in cleaned
    assert MASK in cleaned


def test_what_stands_beside_a_token_stays_readable() -> None:
    assert gone(f"https://h/?connectToken={TOKEN}&b=2") == f"https://h/?connectToken={MASK}&b=2"
    assert gone(f'{{"connectToken":"{TOKEN}","id":"x"}}') == f'{{"connectToken":"{MASK}","id":"x"}}'


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: BASIC abc:def+/=",
        "authorization: basic abc:def+/=",
        '"Authorization": "BASIC abc:def+/="',
        "{'Authorization': 'BASIC abc:def+/='}",
        "Authorization=Bearer abc:def+/=",
        "-H 'Authorization: BASIC abc:def+/='",
    ],
)
def test_an_authorization_header_is_masked_with_any_key(text: str) -> None:
    cleaned = Redactor()(text)
    assert "abc:def" not in cleaned
    assert MASK in cleaned
    assert "asic" in cleaned.lower() or "earer" in cleaned


def test_known_leaves_tokens_for_those_who_must_read_them() -> None:
    assert Redactor(["geheimnis"]).known(f"geheimnis {TOKEN}") == f"{MASK} {TOKEN}"


@pytest.mark.parametrize(
    "text", ["moneyJournal.entry", "keyJsonValue.foo.bar", "eyJ", "eyJa.b", "monkeyJumper99.example"]
)
def test_ordinary_words_are_no_tokens(text: str) -> None:
    assert Redactor()(text) == text
