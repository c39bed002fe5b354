"""Fixtures of the tests from outside: certificates, and desktops that are skipped for where their parts are missing."""

import contextlib
import os
import re
import ssl
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import trustme

from tests.e2e.command import CommandLine
from tests.e2e.desktop import Desktop, desktop, missing_parts
from tests.e2e.driver import Driver, DriverError
from tests.e2e.program import Program
from tests.support.strict_meld import StrictMeld

FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A certificate authority that nobody trusts unless told to."""
    return trustme.CA()


@pytest.fixture(scope="session")
def tls(authority: trustme.CA) -> ssl.SSLContext:
    """What a server on loopback needs to speak TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authority's certificate, for ``SSL_CERT_FILE``."""
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture(scope="session")
def desktop_parts() -> None:
    """Skip where a desktop cannot be made; in CI (``CI=true``) fail instead."""
    missing = missing_parts()
    if not missing:
        return
    reason = f"a desktop needs: apt-get install {' '.join(missing)}"
    if os.environ.get("CI", "").lower() in {"1", "true"}:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def desk(desktop_parts: None) -> Iterator[Desktop]:
    """A desktop with an open keyring, shared: programs on it have a data folder each."""
    with desktop() as running:
        yield running


@pytest.fixture(scope="session")
def driver(desk: Desktop) -> Iterator[Driver]:
    """The eyes and hands on the shared desktop."""
    with Driver(desk.env) as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Let fixtures know whether the test failed."""
    report = yield
    if call.when == "call":
        item.stash[FAILED] = report.failed  # type: ignore[attr-defined]
    return report


class Launcher:
    """Starts programs on one desktop; at the end of the test it ends them and looks at what they left."""

    def __init__(self, desk: Desktop, driver: Driver, name: str) -> None:
        self.desk = desk
        self._driver = driver
        self._folder = desk.home / name
        self._folder.mkdir(parents=True)
        self.started: list[Program] = []

    @property
    def data(self) -> Path:
        """The data folder of the test's programs."""
        return self._folder / "data"

    def __call__(self, *words: str, env: Mapping[str, str] | None = None) -> Program:
        """Start the program. Every start in one test has the same data folder."""
        program = Program(self.desk, self._driver, self.data, *words, env=env)
        self.started.append(program)
        return program

    def report(self) -> None:
        """Print what helps to understand a failure."""
        for program in self.started:
            print(f"--- log of process {program.pid}, exit {program.process.poll()}\n{program.words()[-4000:]}")
            if program.process.poll() is None:
                with contextlib.suppress(DriverError):
                    print(self._driver.ask("tree", pid=program.pid))

    def close(self) -> None:
        """End what still runs."""
        for program in self.started:
            if program.process.poll() is None:
                program.kill()

    def complaints(self) -> list[str]:
        """Return what the programs' logs hold against them."""
        return [line for program in self.started[:1] for line in program.complaints()]


def launcher_on(request: pytest.FixtureRequest, desk: Desktop, driver: Driver) -> Iterator[Launcher]:
    """Give a launcher on ``desk`` and clear up after the test."""
    launcher = Launcher(desk, driver, re.sub(r"\W+", "-", request.node.name)[:60])
    try:
        yield launcher
        if request.node.stash.get(FAILED, False):
            launcher.report()
            with contextlib.suppress(subprocess.SubprocessError):
                picture = Path(tempfile.gettempdir(), f"meld-e2e-{os.getpid()}-{launcher.data.parent.name}.png")
                desk.screenshot(picture)
                print(f"picture of the screen: {picture}")
    finally:
        launcher.close()
    assert not launcher.complaints()


@pytest.fixture
def launch(request: pytest.FixtureRequest, desk: Desktop, driver: Driver) -> Iterator[Launcher]:
    """Start the program on the shared desktop, with a data folder of the test's own."""
    yield from launcher_on(request, desk, driver)


@pytest.fixture
def meld() -> Iterator[StrictMeld]:
    """A strict server that must be content with every request of the test."""
    with StrictMeld() as server:
        yield server
        assert not server.violations


@pytest.fixture
def meld_link(tmp_path: Path) -> CommandLine:
    """``meld-link`` without Qt, display, session bus or settings."""
    return CommandLine(tmp_path)
