"""Nothing secret or personal is in a pack, wherever it was said and however it was written."""

import base64
import html
import json
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.domain.keys import DEMO_KEY
from meld_desktop.domain.redaction import Redactor
from meld_desktop.domain.text import Text
from meld_desktop.domain.witness.entry import Entry, EntryKind
from meld_desktop.domain.witness.observation import HopKind, ResourceRequest
from meld_desktop.domain.witness.seen import Picture, SeenHop, SeenRequest
from meld_desktop.evidence.scrub import Masked, Scrubber
from tests.support.evidence import TOKEN, at, entry, exchange, png, session, unpacked, write
from tests.support.secrets_scan import PLANTED_KEY, forms, in_bytes, in_tree

EMAIL = "alice.o+bank@mail.example.test"
ACCOUNT = "40718829"
CARD = "4111111111111111"
COOKIE = "s3ss10n-Va1ue-of-the-c00kie"
PASSWORD = 'hunter2 & "co"'
KNOWN = (PLANTED_KEY, TOKEN)
SHAPED = (EMAIL, ACCOUNT, CARD)
LABELLED = (COOKIE, PASSWORD)


def disguises(secret: str) -> Iterator[str]:
    """Yield what a page may write of ``secret``, alone and among other things."""
    yield secret
    for form in forms(secret):
        yield form.decode("latin-1")
        yield f"x {form.decode('latin-1')}, y"
    for before in ("", "u", "us", "user="):
        inside = f"{before}{secret} and more".encode()
        yield base64.b64encode(inside).decode()
        yield base64.urlsafe_b64encode(inside).decode().rstrip("=")
        yield inside.hex()
        yield inside.hex().upper()
    yield urllib.parse.quote(urllib.parse.quote(secret, safe=""), safe="")
    yield f"https://{secret}@host.example/{urllib.parse.quote(secret, safe='')}?a={secret}#{secret}"
    yield f"https://host.example/p/{secret}/q?{urllib.parse.urlencode({'q': secret, 'code': secret})}"
    yield "".join(f"&#{ord(letter)};" for letter in secret)
    yield "".join(f"\\u{ord(letter):04x}" for letter in secret)
    yield "".join(f"%{ord(letter):02X}" for letter in secret)
    yield f'{{"a":[{{"b":{json.dumps(secret)}}}]}}'
    yield json.dumps(json.dumps({"a": secret}))


def labels(secret: str) -> Iterator[str]:
    """Yield how a page names a secret that nothing but its name gives away."""
    for name in ("password", "passwd", "passcode", "secret", "client_secret", "access_token", "sessionId", "api_key"):
        yield f'{{"{name}":{json.dumps(secret)}}}'
        yield json.dumps(json.dumps({name: secret}))
        yield f"/login?{urllib.parse.urlencode({name: secret})}"
        yield urllib.parse.quote(f"{name}={secret}", safe="")
        yield base64.b64encode(json.dumps({name: secret}).encode()).decode()
        yield html.escape(json.dumps({name: secret}))
    for line in (
        f"Cookie: a=b; sid={secret}",
        f"Set-Cookie: sid={secret}; Path=/",
        f"document.cookie = 'sid={secret}'",
    ):
        yield line
        yield urllib.parse.quote(line, safe="")
        yield base64.b64encode(line.encode()).decode()
    yield f"Authorization: Bearer {secret}"
    yield f"https://user:{urllib.parse.quote(secret, safe='')}@host.example/x"


def said(number: int, text: str) -> Iterator[Entry]:
    """Yield one thing said in each place where a page, a bank, a server or a person may say it."""
    yield entry(number, EntryKind.CONSOLE, Text("{text}", text=text), Text("{a}: {b}", a=text, b=7), place=text)
    yield entry(number + 1, EntryKind.EVENT, Text("error"), data={"details": text, "list": [text, {"deep": (text,)}]})
    yield entry(number + 2, EntryKind.STATUS, Text("{a}", a=Text("{b}", b=text)), data={text: text, f"{text} ": 1})


def search(files: dict[str, bytes], secrets: tuple[str, ...]) -> list[str]:
    found = [str(one) for name, data in files.items() for one in in_bytes(data + name.encode(), secrets, name)]
    # HTML and JSON could show it by their own escapes only: undo them.
    for name, data in files.items():
        if name.endswith((".json", ".har")):
            found += [str(one) for one in in_bytes(repr(json.loads(data)).encode(), secrets, f"{name}, read")]
        if name.endswith(".html"):
            found += [str(one) for one in in_bytes(html.unescape(data.decode()).encode(), secrets, f"{name}, read")]
    return found


@pytest.mark.parametrize("secret", [*KNOWN, *SHAPED], ids=["key", "token", "e-mail", "account", "card"])
def test_no_disguise_gets_a_secret_into_a_pack(secret: str, tmp_path: Path) -> None:
    texts = list(disguises(secret))
    entries = [one for place, text in enumerate(texts) for one in said(10 + 3 * place, text)]
    hops = [SeenHop(9 + n, at(n), 1.0, text, text, HopKind.REDIRECT) for n, text in enumerate(texts)]
    requests = [SeenRequest(at(n), 1.0, ResourceRequest("GET", text, "xhr", text)) for n, text in enumerate(texts)]
    joined = "\n".join(texts)
    api = exchange(
        request_body=json.dumps({"externalCustomerId": "x", "q": joined}),
        reason=secret,
        response_headers=(("X-Said", secret), ("Location", f"https://h.example/?{secret}"), (secret, secret)),
        response_body=joined,
    )
    witnessed = session(
        bank=secret, entries=entries, hops=hops, requests=requests, api=api, request={"a": texts, secret: 1}
    )
    path = write(tmp_path / "pack.zip", witnessed, secrets=KNOWN, note=joined, ticket=secret)
    assert search(unpacked(path), (secret,)) == []
    counts = {item["kind"]: item["times"] for item in json.loads(unpacked(path)["redaction.json"])["masked"]}
    assert counts["secret" if secret in KNOWN else "email" if secret == EMAIL else "number"] > 20


@pytest.mark.parametrize("secret", LABELLED, ids=["cookie", "password"])
def test_no_named_secret_gets_into_a_pack(secret: str, tmp_path: Path) -> None:
    texts = list(labels(secret))
    entries = [one for place, text in enumerate(texts) for one in said(10 + 3 * place, text)]
    entries.append(entry(9, EntryKind.EVENT, Text("debug"), data={"login": {"password": secret}, "cookies": [secret]}))
    hops = [
        SeenHop(9 + n, at(n), 1.0, f"https://h.example/?a={text}", "frame", HopKind.REDIRECT)
        for n, text in enumerate(texts)
    ]
    api = exchange(
        response_headers=(("Set-Cookie", f"sid={secret}; Path=/"), ("set-cookie", secret), ("X-Auth-Token", secret)),
        request_headers=(("Cookie", f"sid={secret}"), ("Authorization", f"BASIC {secret}")),
        response_body=json.dumps({"secret": secret, "nested": {"token": secret}}),
    )
    path = write(tmp_path / "pack.zip", session(entries=entries, hops=hops, api=api), note="\n".join(texts))
    assert search(unpacked(path), (secret,)) == []


def test_the_unpacked_folder_is_clean_too(tmp_path: Path) -> None:
    """The whole way with all of them at once, on the disk, names of files included."""
    picture = Picture(f"006-{ACCOUNT}.png", at(6), 6, png(extra=EMAIL.encode()), 360, 630)
    entries = [one for place, secret in enumerate((*KNOWN, *SHAPED)) for one in said(10 + 3 * place, secret)]
    path = write(tmp_path / "pack.zip", session(entries=entries, pictures=[picture], customer=EMAIL), secrets=KNOWN)
    folder = tmp_path / "out"
    for name, content in unpacked(path).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    assert in_tree(folder, (*KNOWN, *SHAPED)) == []


def test_a_customer_who_is_an_e_mail_address_is_masked_and_the_report_says_so(tmp_path: Path) -> None:
    masked = unpacked(write(tmp_path / "a.zip", session(customer=EMAIL)))
    assert in_bytes(b"".join(masked.values()), [EMAIL], "pack") == []
    assert json.loads(masked["redaction.json"])["customer"].startswith("masked")
    assert b"it holds personal data" in masked["timeline.html"]
    plain = unpacked(write(tmp_path / "b.zip", session(customer="5550123456-test")))
    assert json.loads(plain["timeline.json"])["link"]["customer"] == "5550123456-test"
    assert json.loads(plain["redaction.json"])["customer"].startswith("readable")


@pytest.mark.parametrize("number", [CARD, "4111 1111 1111 1111", "DE89370400440532013000"])
def test_a_customer_named_by_a_bank_number_is_masked(number: str, tmp_path: Path) -> None:
    files = unpacked(write(tmp_path / "a.zip", session(customer=number)))
    assert in_bytes(b"".join(files.values()), [number], "pack") == []


# --- single texts

STAYS = [
    "2026-07-29T09:41:07.250Z",
    "at 2026-07-29 09:41:07, after 12345 ms",
    "http://localhost:54321/start",
    "127.0.0.1:54321 refused",
    "Chrome/140.0.7339.207",
    "widget.js:12345:17 Uncaught TypeError: code is undefined",
    "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "WQ5DMVQSgBFqjNqLzd7HJB",
    "Checking ••1111, Savings 2203",
    "error code: INVALID_CREDENTIALS",
    "INVALID_CREDENTIALS: The password was wrong",
    "Invalid token: expired",
    "state: ready",
    "Maple Test Bank, مصرف القيقب, かえで銀行",
    "components/institutions/picker/InstitutionListItem",
    "the bank asked for a password",
    "a@b",
    "100 % of 2,500",
]


@pytest.mark.parametrize("text", STAYS)
def test_what_support_needs_stays(text: str) -> None:
    scrub = Scrubber(Redactor([TOKEN]))
    assert scrub.text(text) == text
    assert not scrub.counts.total()


GOES = [
    ("Account 12-3456-7890123-00", Masked.NUMBER),
    ("sort code 12-34-56", Masked.NUMBER),
    ("SSN 123-45-6789", Masked.NUMBER),
    ("4111.1111.1111.1111", Masked.NUMBER),
    ("١٢٣٤٥٦٧٨٩", Masked.NUMBER),
    ("４０７１８８２９", Masked.NUMBER),
    ("407\u200b18829", Masked.NUMBER),
    ("acct40718829x", Masked.NUMBER),
    ("GB33 BUKB 2020 1555 5555 55", Masked.NUMBER),
    ("1 2 3 4 5 6 7 8", Masked.NUMBER),
    ("2026-07-29-40718829", Masked.NUMBER),
    ("ALICE@EXAMPLE.TEST", Masked.EMAIL),
    ("élise@exämple.test.", Masked.EMAIL),
    ("mailto:a.b_c-d@example.co.uk", Masked.EMAIL),
    ("x" * 400 + "@example.test", Masked.EMAIL),
    ("alice＠example.test", Masked.EMAIL),
    ("code=A1b2", Masked.FIELD),
    ("code: 1234", Masked.FIELD),
    ("Password: sesame", Masked.FIELD),
    ("PIN: blue", Masked.FIELD),
    ("token: A1b2C3", Masked.FIELD),
    ("state=ready", Masked.FIELD),
    ("&page=xyz", Masked.ADDRESS),
    ("went to https://h.example/?q=x", Masked.ADDRESS),
    ("went to https://alice:pw@h.example/", Masked.ADDRESS),
    ("cookie: a", Masked.HEADER),
    ("alice%2540example.test", Masked.ENCODED),
]


@pytest.mark.parametrize(("text", "kind"), GOES)
def test_what_is_personal_goes_and_is_counted(text: str, kind: Masked) -> None:
    scrub = Scrubber(Redactor())
    cleaned = scrub.text(text)
    assert cleaned != text
    assert scrub.counts[kind] == 1
    assert scrub.text(cleaned) == cleaned


def test_json_is_masked_by_name() -> None:
    value = {
        "code": "INSTITUTION_DOWN",
        "status": 404,
        "state": "CA",
        "mfa": {"answer": "blue"},
        "accountNumber": 12,
        "ownerName": "Alice Oakes",
        "number": 12345678,
        "balance": 123456.78,
        "iat": 1_785_318_067,
        "exp": 12345678,
        "port": 54321,
        "count": 99_999_999,
        "borderColor": "#112233",
        "ratio": float("nan"),
        "empty": {"password": "", "token": None},
        "next": "https://h.example/?a=b",
        "inner": '{"password":"x","n":1}',
        "alice@example.test": 1,
        "bob@example.test": 2,
    }
    assert Scrubber(Redactor()).value(value) == {
        "code": "INSTITUTION_DOWN",
        "status": 404,
        "state": "•••",
        "mfa": "•••",
        "accountNumber": "•••",
        "ownerName": "•••",
        "number": "•••",
        "balance": "•••",
        "iat": 1_785_318_067,
        "exp": "•••",
        "port": 54321,
        "count": "•••",
        "borderColor": "#112233",
        "ratio": "nan",
        "empty": {"password": "", "token": None},
        "next": "https://h.example/?a=•••",
        "inner": '{"password": "•••", "n": 1}',
        "•••": 1,
        "••• (2)": 2,
    }


def test_a_numeric_code_is_masked_and_a_word_is_not() -> None:
    scrub = Scrubber(Redactor())
    assert scrub.value({"code": "482913"}) == {"code": "•••"}
    assert scrub.value({"code": "4829"}) == {"code": "•••"}
    assert scrub.value({"authCode": "ABC_DEF"}) == {"authCode": "•••"}
    assert scrub.value({"code": 400}) == {"code": 400}


def test_our_own_words_are_not_taken_for_labels() -> None:
    scrub = Scrubber(Redactor())
    wrong = Text("Stopped at the bank's login: {why}", why="wrong password")
    assert scrub.sentence(wrong) == "Stopped at the bank's login: wrong password"
    assert scrub.sentence(Text("{seconds:.1f} s", seconds=1.25)) == "1.2 s"
    assert scrub.sentence(Text("{n}", n=12345678)) == "•••"
    assert scrub.sentence(Text("")) == ""


def test_nothing_depth_or_shape_gets_through_or_breaks_it() -> None:
    deep: object = ACCOUNT
    for _ in range(500):
        deep = {"a": [deep]}
    shown = json.dumps(Scrubber(Redactor()).value(deep))
    assert ACCOUNT not in shown
    huge = 10**5000
    assert Scrubber(Redactor()).value({"code": huge, "a": [huge, -huge]}) == {"code": "•••", "a": ["•••", "•••"]}
    assert Scrubber(Redactor()).sentence(Text("{a} {b:.1f}", a=huge, b=2.0)) == "••• 2.0"
    assert Scrubber(Redactor()).text("\ud800 half a letter \x00\x1b[31m") == "? half a letter [31m"
    assert Scrubber(Redactor()).text("pay \u202etset.elpmaxe") == "pay tset.elpmaxe"


def test_the_demo_key_is_no_secret_and_masks_nothing() -> None:
    assert Scrubber(Redactor([TOKEN])).text(f"the {DEMO_KEY} key") == f"the {DEMO_KEY} key"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.sampled_from(SHAPED), st.text(max_size=60))
def test_no_neighbours_protect_it(before: str, secret: str, after: str) -> None:
    assert secret not in Scrubber(Redactor()).text(before + secret + after)


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_any_json_can_be_written(value: object) -> None:
    json.dumps(Scrubber(Redactor()).value(value), allow_nan=False).encode("utf-8")
