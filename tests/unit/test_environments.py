"""Where a key may travel and where a widget may live."""

import pytest

from meld_desktop.domain.environments import (
    DEMO,
    ENVIRONMENTS,
    PRODUCTION,
    SANDBOX,
    Environment,
    UnusableAddressError,
    custom_environment,
    environment_named,
    is_safe_widget_url,
)


def test_the_documented_hosts() -> None:
    assert [(each.base_url, each.widget_host) for each in ENVIRONMENTS] == [
        ("", ""),
        ("https://api-sb.meld.io", "institution-connect-sb.meld.io"),
        ("https://api.meld.io", "institution-connect.meld.io"),
    ]
    assert [each.host for each in ENVIRONMENTS] == ["", "api-sb.meld.io", "api.meld.io"]
    assert [each.is_demo for each in ENVIRONMENTS] == [True, False, False]
    assert [each.is_production for each in ENVIRONMENTS] == [False, False, True]


def test_by_name() -> None:
    assert environment_named(" Sandbox ") is SANDBOX
    assert environment_named("PRODUCTION") is PRODUCTION
    assert environment_named("demo") is DEMO
    assert environment_named("custom") is None
    assert environment_named("") is None


@pytest.mark.parametrize(
    ("url", "base_url", "host"),
    [
        ("https://meld.example.com/", "https://meld.example.com", "meld.example.com"),
        ("  HTTPS://Meld.Example.COM:443/v1/ ", "https://meld.example.com/v1", "meld.example.com"),
        ("https://meld.example.com:8443", "https://meld.example.com:8443", "meld.example.com:8443"),
        ("http://localhost:8000/", "http://localhost:8000", "localhost:8000"),
        ("http://127.0.0.1:80", "http://127.0.0.1", "127.0.0.1"),
        ("http://[::1]:9", "http://[::1]:9", "[::1]:9"),
    ],
)
def test_custom(url: str, base_url: str, host: str) -> None:
    environment = custom_environment(url)
    assert (environment.id, environment.base_url, environment.host) == ("custom", base_url, host)
    assert str(environment.name) == base_url.partition("://")[2]


@pytest.mark.parametrize("known", [SANDBOX, PRODUCTION])
def test_the_address_of_a_built_in_environment_is_that_environment(known: Environment) -> None:
    for url in (known.base_url, known.base_url + "/", known.base_url.upper(), known.base_url + ":443"):
        assert custom_environment(url) is known


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("", "whole address"), ("api.meld.io", "whole address"), ("ftp://h", "whole address"), ("file:///x",
        "whole address"),
        ("https://", "whole address"), ("https://a b", "whole address"),
        ("https://me@h", "password"), ("https://me:pw@h", "password"), ("https://h/?k=v", "password"),
        ("https://h/#f", "password"),
        ("http://meld.example.com", "encrypted"), ("http://10.0.0.1", "encrypted"), ("http://localhost.example.com",
        "encrypted"),
    ],
)  # fmt: skip
def test_refused_addresses_of_an_api(url: str, word: str) -> None:
    with pytest.raises(UnusableAddressError) as caught:
        custom_environment(url)
    assert word in str(caught.value.text)


WIDGETS = [(SANDBOX, "institution-connect-sb.meld.io"), (PRODUCTION, "institution-connect.meld.io")]


@pytest.mark.parametrize(("environment", "host"), WIDGETS)
def test_melds_own_widget_is_safe_with_and_without_a_slash(environment: Environment, host: str) -> None:
    for end in ("?connectToken=a.b.c", "/?connectToken=a.b.c", "", ":443/?connectToken=a"):
        assert is_safe_widget_url(environment, f"https://{host}{end}")


@pytest.mark.parametrize(("environment", "host"), WIDGETS)
def test_anything_else_is_not(environment: Environment, host: str) -> None:
    other = next(name for _, name in WIDGETS if name != host)
    for url in (
        f"http://{host}/", f"https://{host}:8443/", f"https://me@{host}/", f"https://{other}/", f"https://{host}.evil.example/",
        f"https://{host}@evil.example/", f"https://evil.example/{host}", f"https://evil.example?https://{host}/",
        f"https://{host}\\@evil.example/", f"https://evil.example\\.{host}/", f"https://x.{host}/", f"https://{host}./",
        f"javascript://{host}/%0aalert(1)", f"//{host}/", host, "", f" https://{host}/", f"https://{host}\n/",
        f"https://{host}%2f.evil.example/", "https://api.meld.io/", "http://127.0.0.1:1/",
    ):  # fmt: skip
        assert not is_safe_widget_url(environment, url), url


@pytest.mark.parametrize(
    "environment", [DEMO, custom_environment("http://localhost:8000"), custom_environment("http://127.0.0.1:1")]
)
def test_the_widget_of_a_local_meld_is_local(environment: Environment) -> None:
    for url in ("http://127.0.0.1:5/?connectToken=a", "http://localhost:5/", "https://localhost/", "http://[::1]:5/"):
        assert is_safe_widget_url(environment, url)
    for url in (
        "https://institution-connect.meld.io/",
        "http://10.0.0.1/",
        "http://u@127.0.0.1/",
        "ftp://127.0.0.1/",
        "http://localhost.evil.example/",
    ):
        assert not is_safe_widget_url(environment, url)


@pytest.mark.parametrize(
    ("api", "widget", "safe"),
    [
        ("https://api.example.com", "https://api.example.com/?t", True),
        ("https://api.example.com", "https://connect.example.com/?t", True),
        ("https://api.example.com", "https://a.b.example.com/?t", True),
        ("https://api.example.com", "http://connect.example.com/?t", False),
        ("https://api.example.com", "https://example.org/?t", False),
        ("https://api.example.com", "https://evilexample.com/?t", False),
        ("https://api.example.com", "https://evil.example/.example.com", False),
        ("https://api.example.com", "https://evil.example%2f.example.com/", False),
        ("https://example.com", "https://connect.example.com/", True),
        ("https://meld.co.uk", "https://evil.co.uk/", False),
        ("https://meld.co.uk", "https://meld.co.uk/", True),
        ("https://api.meld.co.uk", "https://connect.meld.co.uk/", True),
        ("https://intranet", "https://other/", False),
        ("https://intranet", "https://intranet/", True),
        ("https://10.1.2.3", "https://9.1.2.3/", False),
        ("https://10.1.2.3", "https://x.1.2.3/", False),
        ("https://[2001:db8::1]", "https://[2001:db8::2]/", False),
    ],
)
def test_the_widget_of_a_custom_host_is_of_its_family(api: str, widget: str, safe: bool) -> None:
    assert is_safe_widget_url(custom_environment(api), widget) is safe
