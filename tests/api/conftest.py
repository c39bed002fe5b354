"""Certificates and servers of the client's tests."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from meld_desktop.api import client
from tests.support.strict_meld import StrictMeld

KEY = "WQ5CwCxDxXhYuA4fVHGk3o:s3cr3t+/Key=="


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A certificate authority that nobody trusts unless told to."""
    return trustme.CA()


@pytest.fixture(scope="session")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """What a server on loopback needs to speak TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the system trust the authority, as an administrator would."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    client._trust.cache_clear()
    yield
    client._trust.cache_clear()


@pytest.fixture(autouse=True)
def _no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def meld() -> Iterator[StrictMeld]:
    """A strict server that must be content with every request of the test."""
    with StrictMeld() as server:
        yield server
        assert not server.violations
