"""Reading addresses: nothing is guessed, and what a browser would read differently is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.domain.addresses import is_loopback, split


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port", "path", "origin"),
    [
        ("https://api-sb.meld.io", "https", "api-sb.meld.io", 443, "", "https://api-sb.meld.io"),
        ("HTTPS://API.Meld.IO:443/x", "https", "api.meld.io", 443, "/x", "https://api.meld.io"),
        ("http://127.0.0.1:8080/a/b", "http", "127.0.0.1", 8080, "/a/b", "http://127.0.0.1:8080"),
        ("http://[::1]:5/", "http", "::1", 5, "/", "http://[::1]:5"),
        ("https://h:80", "https", "h", 80, "", "https://h:80"),
        ("http://h:80", "http", "h", 80, "", "http://h"),
        ("myapp://done", "myapp", "done", None, "", "myapp://done"),
    ],
)
def test_parts(url: str, scheme: str, host: str, port: int | None, path: str, origin: str) -> None:
    address = split(url)
    assert address is not None
    assert (address.scheme, address.host, address.port, address.path, address.origin) == (
        scheme,
        host,
        port,
        path,
        origin,
    )
    assert not address.has_userinfo


def test_query_fragment_and_user() -> None:
    address = split("https://me:pw@h/?connectToken=a.b.c#end")
    assert address is not None
    assert (address.query, address.fragment, address.has_userinfo) == ("connectToken=a.b.c", "end", True)
    empty = split("https://@h/")
    assert empty is not None
    assert empty.has_userinfo


@pytest.mark.parametrize(
    "url",
    [
        "", "h", "h/p", "//h/p", "https:", "https://", "https:///p", "https://:443/", "https://./", "https://../",
        "https://h:0x50/", "https://h:99999/", "https://h:-1/", "https://[::1/", "https://[zz]/",
        "https://h /", " https://h/", "https://h/\n", "https://h\t.io/", "https://h/\\x", "https:\\\\h",
        "https://h\x00/", "https://h/\x1f",
        "https://h\u00a0.io/", "https://h\u2028/", "https://meld.io\uff0fevil.example/", "https://meld.io\uff03@evil.example/",
        "https://evil%2f.example.com/", "https://a%3fb/", "https://a<b/", "https://a|b/", "https://a^b/", "https://a\x7fb/",
    ],
)  # fmt: skip
def test_what_is_no_address(url: str) -> None:
    assert split(url) is None


@settings(deadline=None, max_examples=50)
@given(st.text())
def test_never_raises(text: str) -> None:
    for url in (text, f"https://{text}", f"https://h/{text}"):
        address = split(url)
        assert address is None or (address.host and address.scheme and address.origin.startswith(address.scheme))


@pytest.mark.parametrize("host", ["localhost", "localhost.", "127.0.0.1", "127.255.0.3", "::1", "meld.localhost"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "meld.io",
        "localhost.meld.io",
        "notlocalhost",
        "128.0.0.1",
        "10.0.0.1",
        "0.0.0.0",
        "::",
        "127.0.0.1.nip.io",
        "127.1",
        "[::1]",
    ],
)
def test_other_machines(host: str) -> None:
    assert not is_loopback(host)
