"""Where the embedded widget may go, as a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meld_desktop.web.policy import Kind, Request, Rules, Verdict, decide, host_and_path, host_of, is_return

MELD = "https://institution-connect-sb.meld.io"
FRAME = "https://frame.meld-desktop.invalid"
RETURN = "https://shop.example/linked"
SECURE = Rules(widget_origin=MELD, frame_origin=FRAME, return_url=RETURN, loopback_allowed=False)
DEMO = Rules(widget_origin="http://127.0.0.1:40713", frame_origin=FRAME, return_url="", loopback_allowed=True)
MIXED = Rules(widget_origin=MELD, frame_origin=FRAME, return_url="", loopback_allowed=True)
TOP = Rules(widget_origin=MELD, frame_origin="", return_url=RETURN, loopback_allowed=False)
APP = Rules(widget_origin=MELD, frame_origin=FRAME, return_url="myapp://linked/done", loopback_allowed=False)
LOCAL = Rules(widget_origin=MELD, frame_origin=FRAME, return_url="http://localhost:3000/done", loopback_allowed=False)

ALLOW, REFUSE, FINISHED, EXTERNAL = Verdict.ALLOW, Verdict.REFUSE, Verdict.FINISHED, Verdict.EXTERNAL

WIDGET_FRAME = [
    # rules, address, verdict, a word of the reason
    (SECURE, f"{MELD}/?connectToken=x", ALLOW, ""),
    (SECURE, "https://bank.example/login", ALLOW, ""),
    (SECURE, "https://bank.example:8443/login", ALLOW, ""),
    (SECURE, "HTTPS://BANK.EXAMPLE/login", ALLOW, ""),
    (SECURE, "http://bank.example/login", REFUSE, "without encryption"),
    (SECURE, "http://institution-connect-sb.meld.io/", REFUSE, "without encryption"),
    (SECURE, "http://127.0.0.1:8000/", REFUSE, "this computer"),
    (SECURE, "http://localhost/", REFUSE, "this computer"),
    (SECURE, "https://127.0.0.1/", ALLOW, ""),
    (MIXED, "http://127.0.0.1:8000/", REFUSE, "mix"),
    (MIXED, "http://localhost/", REFUSE, "mix"),
    (MIXED, "https://bank.example/", ALLOW, ""),
    (DEMO, "http://127.0.0.1:40713/?connectToken=x", ALLOW, ""),
    (DEMO, "http://127.0.0.1:40714/bank", ALLOW, ""),
    (DEMO, "http://localhost:40714/bank", ALLOW, ""),
    (DEMO, "http://[::1]:40714/bank", ALLOW, ""),
    (DEMO, "http://127.8.9.10/bank", ALLOW, ""),
    (DEMO, "http://localhost.evil.example/", REFUSE, "without encryption"),
    (DEMO, "http://127.0.0.1.evil.example/", REFUSE, "without encryption"),
    (DEMO, "http://evil.example/127.0.0.1", REFUSE, "without encryption"),
    (DEMO, "http://192.168.0.1/", REFUSE, "without encryption"),
    (DEMO, "http://0.0.0.0/", REFUSE, "without encryption"),
    (DEMO, "http://127.0.0.1@evil.example/", REFUSE, "name or password"),
    (SECURE, "https://meld.io@evil.example/", REFUSE, "name or password"),
    (SECURE, "https://user:pw@bank.example/", REFUSE, "name or password"),
    (SECURE, "about:blank", ALLOW, ""),
    (SECURE, "about:blank#part", ALLOW, ""),
    (SECURE, "about:srcdoc", ALLOW, ""),
    (SECURE, "about:config", REFUSE, "browser itself"),
    (SECURE, "data:text/html,<b>hi</b>", ALLOW, ""),
    (SECURE, "blob:https://bank.example/1234", ALLOW, ""),
    (SECURE, "file:///etc/passwd", REFUSE, "file:"),
    (SECURE, "FILE:///etc/passwd", REFUSE, "file:"),
    (SECURE, "filesystem:https://bank.example/temporary/x", REFUSE, "filesystem:"),
    (SECURE, "ftp://bank.example/", REFUSE, "ftp:"),
    (SECURE, "view-source:https://bank.example/", REFUSE, "view-source:"),
    (SECURE, "chrome://crash", REFUSE, "chrome:"),
    (SECURE, "chrome-extension://abc/x.html", REFUSE, "chrome-extension:"),
    (SECURE, "devtools://devtools/inspector.html", REFUSE, "devtools:"),
    (SECURE, "qrc:///qtwebchannel/qwebchannel.js", REFUSE, "qrc:"),
    (SECURE, "javascript:alert(1)", REFUSE, "javascript:"),
    (SECURE, "vbscript:x", REFUSE, "vbscript:"),
    (SECURE, "wss://bank.example/", REFUSE, "wss:"),
    (SECURE, "mailto:help@bank.example", EXTERNAL, "mailto:"),
    (SECURE, "tel:+15550100", EXTERNAL, "tel:"),
    (SECURE, "meldapp://done", EXTERNAL, "meldapp:"),
    (SECURE, "atrium://oauthRequested?metadata=x", EXTERNAL, "atrium:"),
    (SECURE, "com.bank.app:/login", EXTERNAL, "com.bank.app:"),
    (SECURE, "intent://x#Intent;end", EXTERNAL, "intent:"),
    (SECURE, "", REFUSE, "cannot be read"),
    (SECURE, "no-scheme", REFUSE, "cannot be read"),
    (SECURE, "//bank.example/", REFUSE, "cannot be read"),
    (SECURE, "https://", REFUSE, "cannot be read"),
    (SECURE, "https:///path", REFUSE, "cannot be read"),
    (SECURE, "https://bank.example:99999/", REFUSE, "cannot be read"),
    (SECURE, "https://[::1", REFUSE, "cannot be read"),
    (SECURE, "https://bank.example\\@evil.example/", REFUSE, "cannot be read"),
    (SECURE, "1abc://x", REFUSE, "cannot be read"),
    (SECURE, "ht tp://x", REFUSE, "cannot be read"),
    (SECURE, f"{'a' * 65}://x", REFUSE, "cannot be read"),
    # the return URL: scheme, host, port, path; the query and fragment are free
    (SECURE, RETURN, FINISHED, ""),
    (SECURE, f"{RETURN}?status=ok&code=5", FINISHED, ""),
    (SECURE, f"{RETURN}#done", FINISHED, ""),
    (SECURE, "https://SHOP.example:443/linked", FINISHED, ""),
    (SECURE, "https://shop.example/linked/more", ALLOW, ""),
    (SECURE, "https://shop.example/", ALLOW, ""),
    (SECURE, "https://shop.example:8443/linked", ALLOW, ""),
    (SECURE, "https://other.example/linked", ALLOW, ""),
    (SECURE, "https://evil.example/?to=https://shop.example/linked", ALLOW, ""),
    (SECURE, "https://user@shop.example/linked", REFUSE, "name or password"),
    (SECURE, "http://shop.example/linked", REFUSE, "without encryption"),
    (APP, "myapp://linked/done?code=1", FINISHED, ""),
    (APP, "myapp://linked/other", EXTERNAL, "myapp:"),
    (LOCAL, "http://localhost:3000/done?x=1", FINISHED, ""),
    (LOCAL, "http://localhost:3000/other", REFUSE, "this computer"),
]


@pytest.mark.parametrize(("rules", "url", "verdict", "word"), WIDGET_FRAME)
def test_inside_the_widget(rules: Rules, url: str, verdict: Verdict, word: str) -> None:
    decision = decide(Request(url), rules)
    assert decision.verdict is verdict
    assert word in str(decision.reason)
    assert bool(decision.reason) == (verdict in (REFUSE, EXTERNAL))


ELSEWHERE = [
    # the page around the widget is not for the widget to replace
    (SECURE, Request("https://bank.example/", is_main_frame=True), REFUSE, "stays in its frame"),
    (SECURE, Request(f"{MELD}/", is_main_frame=True), REFUSE, "stays in its frame"),
    (SECURE, Request(f"{FRAME}/", is_main_frame=True), REFUSE, "stays in its frame"),
    (SECURE, Request("about:blank", is_main_frame=True), REFUSE, "stays in its frame"),
    (SECURE, Request("data:text/html,x", is_main_frame=True), REFUSE, "stays in its frame"),
    (SECURE, Request("data:text/html,x", is_main_frame=True, kind=Kind.START), ALLOW, ""),
    (SECURE, Request("https://bank.example/", is_main_frame=True, kind=Kind.START), REFUSE, "stays in its frame"),
    (SECURE, Request("mailto:a@b.example", is_main_frame=True), EXTERNAL, "mailto:"),
    (SECURE, Request("file:///x", is_main_frame=True), REFUSE, "stays in its frame"),
    (SECURE, Request(RETURN, is_main_frame=True), FINISHED, ""),
    (SECURE, Request(f"{RETURN}?code=1", kind=Kind.REDIRECT), FINISHED, ""),
    (SECURE, Request("http://bank.example/", kind=Kind.REDIRECT), REFUSE, "without encryption"),
    (SECURE, Request("file:///x", kind=Kind.REDIRECT), REFUSE, "file:"),
    # loaded top level, the widget moves freely within the same rules
    (TOP, Request(f"{MELD}/?connectToken=x", is_main_frame=True, kind=Kind.START), ALLOW, ""),
    (TOP, Request("https://bank.example/", is_main_frame=True), ALLOW, ""),
    (TOP, Request("http://bank.example/", is_main_frame=True), REFUSE, "without encryption"),
    (TOP, Request("data:text/html,x", is_main_frame=True), REFUSE, "replace itself"),
    (TOP, Request("data:text/html,x", is_main_frame=True, kind=Kind.START), REFUSE, "replace itself"),
    (TOP, Request("blob:https://bank.example/1", is_main_frame=True), REFUSE, "replace itself"),
    (TOP, Request("javascript:alert(1)", is_main_frame=True), REFUSE, "javascript:"),
    (TOP, Request(RETURN, is_main_frame=True), FINISHED, ""),
    # our own load of a widget whose address is also the return URL is a start, not an end
    (TOP, Request(RETURN, is_main_frame=True, kind=Kind.START), ALLOW, ""),
    # a bank's window
    (SECURE, Request("https://bank.example/", is_main_frame=True, is_popup=True), ALLOW, ""),
    (SECURE, Request("about:blank", is_main_frame=True, is_popup=True), ALLOW, ""),
    (SECURE, Request("http://bank.example/", is_main_frame=True, is_popup=True), REFUSE, "without encryption"),
    (SECURE, Request("data:text/html,x", is_main_frame=True, is_popup=True), REFUSE, "replace itself"),
    (SECURE, Request("data:text/html,x", is_popup=True), ALLOW, ""),
    (SECURE, Request("file:///x", is_main_frame=True, is_popup=True), REFUSE, "file:"),
    (SECURE, Request(f"{RETURN}?code=1", is_main_frame=True, is_popup=True), FINISHED, ""),
    (SECURE, Request("chase://login", is_main_frame=True, is_popup=True), EXTERNAL, "chase:"),
    (DEMO, Request("http://127.0.0.1:40714/", is_main_frame=True, is_popup=True), ALLOW, ""),
    (MIXED, Request("http://127.0.0.1:40714/", is_main_frame=True, is_popup=True), ALLOW, ""),
    # a window that is about to open
    (SECURE, Request("https://bank.example/", is_main_frame=True, kind=Kind.NEW_WINDOW), ALLOW, ""),
    (SECURE, Request("about:blank", is_main_frame=True, kind=Kind.NEW_WINDOW), ALLOW, ""),
    (SECURE, Request("data:text/html,x", kind=Kind.NEW_WINDOW), REFUSE, "replace itself"),
    (SECURE, Request("meldapp://x", is_main_frame=True, kind=Kind.NEW_WINDOW), EXTERNAL, "meldapp:"),
    (SECURE, Request(RETURN, is_main_frame=True, kind=Kind.NEW_WINDOW), FINISHED, ""),
]


@pytest.mark.parametrize(("rules", "request_", "verdict", "word"), ELSEWHERE)
def test_main_frames_popups_and_starts(rules: Rules, request_: Request, verdict: Verdict, word: str) -> None:
    decision = decide(request_, rules)
    assert decision.verdict is verdict
    assert word in str(decision.reason)


@given(st.text(max_size=200), st.booleans(), st.booleans(), st.sampled_from(Kind), st.text(max_size=60))
def test_every_address_gets_an_answer(url: str, main: bool, popup: bool, kind: Kind, return_url: str) -> None:
    rules = Rules(MELD, FRAME, return_url, loopback_allowed=False)
    decision = decide(Request(url, main, popup, kind), rules)
    assert (decision.verdict in (REFUSE, EXTERNAL)) == bool(decision.reason)


@given(st.from_regex(r"\A[a-z][a-z0-9+.-]{0,20}://[a-z.]{1,20}(/[a-z]*)?\Z"))
def test_only_https_is_loaded_when_loopback_is_not_allowed(url: str) -> None:
    if decide(Request(url, is_popup=True), SECURE).verdict is ALLOW:
        assert url.startswith(("https://", "blob:", "data:"))


def test_no_reason_repeats_a_path_or_query() -> None:
    for rules, url, _, _ in WIDGET_FRAME:
        secret = url.partition("://")[0] + "://127.0.0.1/sekret?connectToken=sekret#sekret"
        assert "sekret" not in str(decide(Request(secret), rules).reason)


@pytest.mark.parametrize(
    ("url", "return_url"),
    [
        ("https://xn--bcher-kva.example/zur%C3%BCck", "https://bücher.example/zurück"),
        ("https://shop.example/", "https://shop.example"),
        ("https://shop.example", "https://shop.example/"),
        ("http://[::1]:81/x", "http://[::1]:81/x"),
    ],
)
def test_return_urls_are_compared_as_places(url: str, return_url: str) -> None:
    assert is_return(url, return_url)


@pytest.mark.parametrize("return_url", ["", "javascript:x", "data:text/html,x", "file:///x", "about:blank", "mailto:a"])
def test_some_addresses_are_never_a_return_url(return_url: str) -> None:
    assert not is_return(return_url, return_url)


def test_shown_addresses_lose_scheme_query_and_fragment() -> None:
    assert host_and_path("https://shop.example:8443/linked?code=1#x") == "shop.example:8443/linked"
    assert host_and_path("https://user:pw@shop.example/linked") == "shop.example/linked"
    assert host_and_path("nonsense") == ""
    assert host_of("https://Shop.Example:1/x") == "shop.example"
    assert host_of("mailto:a@b") == ""
