"""A link from a real server: what is sent, what is read, and what every refusal becomes."""

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from meld_desktop.domain.environments import DEMO, SANDBOX
from meld_desktop.domain.errors import Kind
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from tests.api.calls import REQUEST, failure, start
from tests.api.conftest import KEY
from tests.support import answers
from tests.support.answers import Answer, ok, refusal
from tests.support.strict_meld import LIFETIME, StrictMeld

pytestmark = pytest.mark.anyio


async def test_one_documented_request_is_sent(meld: StrictMeld) -> None:
    await start(meld.url)
    (sent,) = meld.requests
    assert (sent.method, sent.path) == ("POST", "/bank-linking/connect/start")
    assert sent.header("Authorization") == [f"BASIC {KEY}"]
    assert sent.header("Meld-Version") == ["2026-02-03"]
    assert sent.header("Content-Type") == ["application/json"]
    assert sent.header("Accept") == ["application/json"]
    assert sent.body == b'{"externalCustomerId":"user@domain.com","products":["BALANCES","OWNERS"]}'
    assert not sent.header("Cookie")


async def test_every_field_arrives(meld: StrictMeld) -> None:
    request = ConnectStartRequest(
        "Zoë 🏦", (Product.TRANSACTIONS,), (Product.OWNERS,), ("US", "CA-ON"), "Chase", "Ntj3AwgdridJc2rtfeheku",
        "https://example.com/linked", False, "TILE", "Wählen", "https://example.com/l.png", "Inter", True,
        "#003366", "white",
        False, "#111111", "#222222",
    )  # fmt: skip
    await start(meld.url, request)
    (body,) = meld.bodies
    assert body["externalCustomerId"] == "Zoë 🏦"
    assert body["regions"] == ["US", "CA-ON"]
    assert len(body) == 9
    assert len(body["accountPreferenceOverride"]) == 10
    assert body["accountPreferenceOverride"]["routingRetry"] is False


async def test_the_link(meld: StrictMeld) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    link = await start(meld.url)
    assert link.connection_id == "WQ5CwCxDxXhYuA4fVHGk3o"
    assert link.customer_id == "WQ5CwFZAT79JWX27hk8ARS"
    assert link.external_customer_id == "user@domain.com"
    assert link.widget_url == f"{meld.widget.url}?connectToken={meld.tokens[0]}"
    assert link.token.issued is not None
    assert link.token.expires is not None
    assert before <= link.token.issued <= datetime.now(UTC)
    assert (link.token.expires - link.token.issued).total_seconds() == LIFETIME
    assert link.request is REQUEST


async def test_the_exchange_can_be_shown(meld: StrictMeld) -> None:
    exchange = (await start(meld.url)).exchange
    assert (exchange.method, exchange.url) == ("POST", f"{meld.url}/bank-linking/connect/start")
    assert exchange.request_body == REQUEST.to_json()
    assert (exchange.status, exchange.reason) == (201, "Created")
    headers = {name.lower(): value for name, value in exchange.response_headers}
    assert headers["meld-version"] == "2022-11-10"
    assert json.loads(exchange.response_body)["customerId"] == "WQ5CwFZAT79JWX27hk8ARS"
    assert 0 < exchange.seconds < 10
    assert exchange.at is not None
    assert KEY not in repr(exchange)
    assert ("Authorization", "BASIC •••") in exchange.request_headers


async def test_nothing_logged_holds_the_key(meld: StrictMeld, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        await start(meld.url)
    assert len(caplog.records) > 5
    assert KEY not in caplog.text


@pytest.mark.parametrize("status", [200, 201, 202])
async def test_any_success_is_a_success(meld: StrictMeld, status: int) -> None:
    meld.script(replace(ok(), status=status))
    assert (await start(meld.url)).widget_url


async def test_only_the_widget_url_is_needed(meld: StrictMeld) -> None:
    meld.script(ok(id=None, customerId=None, externalCustomerId=None, connectToken=None, somethingNew={"a": [1]}))
    link = await start(meld.url)
    assert (link.connection_id, link.customer_id, link.external_customer_id) == ("", "", "")
    assert link.token.expires is None
    assert link.widget_url


async def test_an_opaque_token_is_no_fault(meld: StrictMeld) -> None:
    meld.script(ok(connectToken="opaque"))
    assert (await start(meld.url)).token.expires is None


async def test_a_byte_order_mark_is_no_fault(meld: StrictMeld) -> None:
    body = json.dumps({"widgetUrl": f"{meld.widget.url}?connectToken=x"}).encode()
    meld.script(Answer(201, b"\xef\xbb\xbf" + body))
    assert (await start(meld.url)).widget_url == f"{meld.widget.url}?connectToken=x"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (answers.NOT_JSON, "NOT_JSON"),
        (Answer(201, b""), "NOT_JSON"),
        (Answer(204, b""), "NOT_JSON"),
        (Answer(200, answers.LOGIN_PAGE, content_type="text/html"), "NOT_JSON"),
        (Answer(201, b'{"widgetUrl": "\xff"}'), "NOT_JSON"),
        (Answer(201, b'{"widgetUrl": "http'), "NOT_JSON"),
        (Answer(201, b'{"id": ' + b"[" * 100_000), "WRONG_SHAPE"),
        (Answer(201, b'{"unknown": ' + b"[" * 100_000), "NOT_JSON"),
        (answers.JSON_LIST, "WRONG_SHAPE"),
        (Answer(201, b"null"), "WRONG_SHAPE"),
        (Answer(201, b'"http://127.0.0.1/"'), "WRONG_SHAPE"),
        (ok(widgetUrl=7), "WRONG_SHAPE"),
        (ok(id={"a": 1}), "WRONG_SHAPE"),
        (answers.NO_WIDGET_URL, "NO_WIDGET_URL"),
        (ok(widgetUrl=""), "NO_WIDGET_URL"),
        (Answer(201, b'{"widgetUrl": null}'), "NO_WIDGET_URL"),
        (ok(widgetUrl="https://evil.example/?connectToken=x"), "UNSAFE_WIDGET_URL"),
        (ok(widgetUrl="javascript:alert(1)"), "UNSAFE_WIDGET_URL"),
        (ok(widgetUrl="/relative"), "UNSAFE_WIDGET_URL"),
    ],
)
async def test_an_answer_that_is_no_link(meld: StrictMeld, answer: Answer, kind: str) -> None:
    meld.script(answer)
    error = await failure(meld.url)
    assert error.kind is Kind[kind]
    assert error.status == answer.status
    assert error.request_id == "0123456789abcdef0123456789abcdef"
    assert error.exchange is not None
    assert error.exchange.status == answer.status


async def test_the_widget_must_be_on_the_host_of_the_environment(meld: StrictMeld) -> None:
    from meld_desktop.domain.errors import MeldError

    with pytest.raises(MeldError) as caught:
        await start(meld.url, environment=SANDBOX)
    assert caught.value.kind is Kind.UNSAFE_WIDGET_URL
    assert (await start(meld.url, environment=DEMO)).widget_url


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "BAD_REQUEST"), (401, "UNAUTHORIZED"), (402, "REFUSED_OTHERWISE"), (403, "FORBIDDEN"), (404, "NOT_FOUND"),
        (405, "REFUSED_OTHERWISE"), (407, "PROXY"), (409, "CONFLICT"), (415, "REFUSED_OTHERWISE"), (422,
        "UNPROCESSABLE"),
        (429, "RATE_LIMITED"), (500, "SERVER"), (501, "SERVER"), (502, "SERVER"), (503, "SERVER"), (504, "SERVER"),
        (599, "SERVER"),
    ],
)  # fmt: skip
async def test_every_status_with_any_body(meld: StrictMeld, status: int, kind: str) -> None:
    meld.script(refusal(status, "SOME_CODE", "Meld's own words"))
    error = await failure(meld.url)
    assert (error.kind, error.status) == (Kind[kind], status)
    assert (error.code, error.request_id) == ("SOME_CODE", answers.REQUEST_ID)
    assert str(error.detail) == "Meld says: Meld's own words"
    bodies = [b"", answers.LOGIN_PAGE, b"[]", b"null", b"\xff\xfe", b"{"]
    meld.script(*(Answer(status, body) for body in bodies))
    for _ in bodies:
        error = await failure(meld.url)
        assert (error.kind, error.status) == (Kind[kind], status)
        assert (error.code, str(error.detail), error.problems) == ("", "", ())
        assert error.request_id == "0123456789abcdef0123456789abcdef"
    assert len(meld.requests) == 1 + len(bodies)


async def test_the_recorded_refusals(meld: StrictMeld) -> None:
    body = {
        "code": "BAD_REQUEST",
        "message": "Balances product not available by itself. Must specify at least one more product",
        "timestamp": "2022-10-31T14:39:38.118159Z",
        "requestId": "1fedd24bdbd9ca617e76840fd60e6f8f",
    }
    meld.script(Answer(400, json.dumps(body).encode()))
    error = await failure(meld.url)
    assert str(error.detail) == f"Meld says: {body['message']}"
    assert (error.code, error.request_id, error.problems) == ("BAD_REQUEST", "1fedd24bdbd9ca617e76840fd60e6f8f", ())


async def test_the_words_for_people_come_first(meld: StrictMeld) -> None:
    meld.script(Answer(400, json.dumps({"message": "technical", "displayMessage": " kind\n words "}).encode()))
    assert str((await failure(meld.url)).detail) == "Meld says: kind words"


async def test_long_words_are_cut(meld: StrictMeld) -> None:
    meld.script(
        Answer(400, json.dumps({"message": "x" * 100_000, "code": "C" * 5000, "requestId": "r" * 5000}).encode())
    )
    error = await failure(meld.url)
    assert len(str(error.detail)) < 500
    assert str(error.detail).endswith("…")
    assert (len(error.code), len(error.request_id)) == (100, 100)


@pytest.mark.parametrize(
    "body",
    [
        {"code": 17, "message": 4.5, "requestId": True, "errors": "no list"},
        {"code": {"message": "deep"}, "message": {"error": "inner"}, "errors": [None, 1, {"message": "[font] is odd"}]},
        {"code": None, "message": None, "displayMessage": {"a": {}}, "errors": {"a": 1}},
        {"code": 10**4000, "message": -(10**30)},
    ],
)
async def test_an_error_body_of_another_shape(meld: StrictMeld, body: dict[str, object]) -> None:
    content = json.dumps(body).encode()
    meld.script(Answer(400, content))
    assert (await failure(meld.url)).kind is Kind.BAD_REQUEST


async def test_an_error_body_in_another_encoding(meld: StrictMeld) -> None:
    meld.script(Answer(400, '{"message": "Ungültig"}'.encode("latin-1")))
    assert str((await failure(meld.url)).detail) == "Meld says: Ung\ufffdltig"


async def test_an_error_body_with_a_number_beyond_reason(meld: StrictMeld) -> None:
    meld.script(Answer(400, b'{"code": ' + b"9" * 10_000 + b', "message": "words"}'))
    assert (await failure(meld.url)).kind is Kind.BAD_REQUEST


# --- fields that Meld names

NAMED = {
    "[externalCustomerId] must not be blank": ("external_customer_id", "must not be blank"),
    "[products] must not be empty": ("products", "must not be empty"),
    "[optionalProducts] is no good": ("optional_products", "is no good"),
    "[products[0]] unknown product": ("products", "unknown product"),
    "[regions] [0] XX is not supported": ("regions", "[0] XX is not supported"),
    "[accountPreferenceOverride.borderColor] no colour": ("border_color", "no colour"),
    "[selectionStyle] must be one of [LIST, TILE]": ("selection_style", "must be one of [LIST, TILE]"),
    "redirectUrl: must be a URL": ("redirect_url", "redirectUrl: must be a URL"),
    "Not a valid institutionId": ("institution_id", "Not a valid institutionId"),
    "borderTextColor beats borderColor": ("border_text_color", "borderTextColor beats borderColor"),
    "[routingRetryBankButtonColor] bad": ("routing_retry_bank_button_color", "bad"),
    "[routingRetry] bad": ("routing_retry", "bad"),
    "[institutionSearchString] bad": ("institution_search_string", "bad"),
}


@pytest.mark.parametrize("said", NAMED)
async def test_an_error_is_put_at_its_field(meld: StrictMeld, said: str) -> None:
    field, words = NAMED[said]
    meld.script(refusal(400, "BAD_REQUEST", "Request validation failed", errors=[said]))
    (problem,) = (await failure(meld.url)).problems
    assert (problem.field, problem.severity.name, str(problem.text)) == (field, "ERROR", f"Meld says: {words}")


async def test_several_errors_and_some_without_a_field(meld: StrictMeld) -> None:
    errors = ["[regions] a", "nothing known", "[redirectUrl] b", "[myproducts] c", "", "[regions] d"]
    meld.script(refusal(422, "UNPROCESSABLE", "no", errors=errors))
    error = await failure(meld.url)
    assert [problem.field for problem in error.problems] == ["regions", "redirect_url", "regions"]


async def test_a_message_that_names_a_field(meld: StrictMeld) -> None:
    meld.script(refusal(400, "BAD_REQUEST", "[externalCustomerId] must not be blank"))
    assert [problem.field for problem in (await failure(meld.url)).problems] == ["external_customer_id"]


async def test_a_flood_of_errors_is_kept_short(meld: StrictMeld) -> None:
    meld.script(refusal(400, "BAD_REQUEST", "no", errors=["[regions] " + "x" * 1000] * 500))
    problems = (await failure(meld.url)).problems
    assert 0 < len(problems) <= 50
    assert all(len(str(problem.text)) < 400 for problem in problems)


async def test_404_is_about_the_bank_when_one_was_asked_for(meld: StrictMeld) -> None:
    meld.script(answers.UNKNOWN_BANK, answers.UNKNOWN_BANK)
    error = await failure(meld.url, replace(REQUEST, institution_id="Ntj3AwgdridJc2rtfeheku"))
    assert error.kind is Kind.INSTITUTION_UNKNOWN
    assert [problem.field for problem in error.problems] == ["institution_id"]
    assert (await failure(meld.url)).kind is Kind.NOT_FOUND


# --- Retry-After


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("7", 7, 7), (" 7 ", 7, 7), ("0", 0, 0), ("007", 7, 7), ("86400", 86400, 86400), ("99999999999999999999",
        86400, 86400),
        (timedelta(seconds=90), 80, 90), (timedelta(hours=-1), 0, 0), (timedelta(days=400), 86400, 86400),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0, 0), ("Sunday, 06-Nov-94 08:49:37 GMT", 0, 0),
        ("Sun Nov  6 08:49:37 1994", 0, 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400, 86400), ("Fri, 31 Dec 9999 23:59:59 -2359", 86400, 86400),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0, 86400),
    ],
)  # fmt: skip
async def test_retry_after(meld: StrictMeld, value: str | timedelta, low: int, high: int) -> None:
    if isinstance(value, timedelta):
        value = format_datetime(datetime.now(UTC) + value, usegmt=True)
    meld.script(refusal(429, "TOO_MANY_REQUESTS", "Slow down", Retry_After=value))
    after = (await failure(meld.url)).retry_after
    assert after is not None
    assert low <= after <= high


@pytest.mark.parametrize(
    "value",
    ["", "soon", "-1", "1.5", "7 s", "1e3", "²", "Mon, 99 Foo 2026", "Mon, 01 Jan 2026 00:00:00 +99999999999999999999"],
)
async def test_a_retry_after_that_says_nothing(meld: StrictMeld, value: str) -> None:
    meld.script(Answer(429, b"", {"Retry-After": value.encode("utf-8").decode("latin-1")}))
    error = await failure(meld.url)
    assert (error.kind, error.retry_after) == (Kind.RATE_LIMITED, None)


async def test_retry_after_of_a_server_in_trouble_and_of_others(meld: StrictMeld) -> None:
    meld.script(refusal(503, "X", "x", Retry_After="9"), refusal(400, "X", "x", Retry_After="9"))
    assert (await failure(meld.url)).retry_after == 9
    assert (await failure(meld.url)).retry_after is None


# --- what a server must not get back out of us


async def test_a_server_that_repeats_the_key(meld: StrictMeld) -> None:
    body = {"code": KEY, "message": f"no key {KEY}", "requestId": KEY, "errors": [f"[regions] {KEY}", f"{KEY} font"]}
    meld.script(Answer(400, json.dumps(body).encode(), {"X-Echo": f"BASIC {KEY}", "X-Request-ID": KEY}))
    error = await failure(meld.url)
    assert "•••" in str(error.detail)
    assert len(error.problems) == 2


async def test_a_success_that_repeats_the_key(meld: StrictMeld) -> None:
    meld.script(
        Answer(201, json.dumps({"id": KEY, "x": f"a/{KEY}"}).replace("/", "\\/").encode(), {"X-Request-ID": KEY})
    )
    assert (await failure(meld.url)).kind is Kind.NO_WIDGET_URL


async def test_redirects_are_not_followed(meld: StrictMeld) -> None:
    with StrictMeld() as elsewhere:
        for status in (301, 302, 303, 307, 308):
            meld.script(replace(answers.redirect(elsewhere.url + "/bank-linking/connect/start"), status=status))
            error = await failure(meld.url)
            assert (error.kind, error.status) == (Kind.REDIRECTED, status)
        meld.script(replace(answers.redirect(meld.url + "/elsewhere"), status=307))
        assert (await failure(meld.url)).kind is Kind.REDIRECTED
        assert elsewhere.requests == []
    assert [request.path for request in meld.requests] == ["/bank-linking/connect/start"] * 6


async def test_cookies_are_not_kept(meld: StrictMeld) -> None:
    meld.script(Answer(400, b"", {"Set-Cookie": "a=b; Path=/"}))
    await failure(meld.url)
    await start(meld.url)
    assert meld.requests[1].header("Cookie") == []
