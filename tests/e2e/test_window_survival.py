"""What must hold whatever happens: settings survive a kill, and no secret lies about."""

import contextlib
import json
import os
import random
import signal
import time
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from tests.e2e.conftest import Launcher
from tests.e2e.driver import DriverError, wait_for
from tests.e2e.form import create, create_and_get_url, fill
from tests.e2e.program import Program, activate
from tests.support import answers
from tests.support.secrets_scan import PLANTED_KEY, family, in_bytes, in_processes, in_tree
from tests.support.strict_meld import StrictMeld

KILLS = 6


def test_killed_at_any_moment_it_starts_again_and_the_settings_are_whole(launch: Launcher) -> None:
    program = launch("--environment", "sandbox")
    window = program.window
    window.control("combo box", "Environment").choose("Production")
    wait_for(lambda: window.titles() == ["Meld Desktop - Production"], "the title")
    activate(program)
    program.quit()
    seed = random.randrange(10_000)
    print(f"seed {seed}")
    moments = random.Random(seed)
    for _ in range(KILLS):
        victim = launch()
        if moments.random() < 0.7:
            with contextlib.suppress(DriverError):
                assert victim.window.titles() == ["Meld Desktop - Production"]
                resize_about(victim, moments)  # each size is remembered, so the file is being written
        time.sleep(moments.uniform(0.0, 0.8))  # the moment is meant to be any
        victim.kill()
        for path in victim.data.rglob("*.json"):
            json.loads(path.read_text())
    survivor = launch()
    assert survivor.window.titles() == ["Meld Desktop - Production"]
    assert "damaged" not in survivor.window.message()
    assert not [path for path in survivor.data.rglob("*") if "corrupt" in path.name or "broken" in path.name]
    activate(survivor)
    survivor.quit()


def resize_about(program: Program, moments: random.Random) -> None:
    """Change the window's size many times."""
    for _ in range(moments.randrange(1, 6)):
        width, height = moments.randrange(1024, 1400), moments.randrange(640, 900)
        found = ["search", "--onlyvisible", "--pid", str(program.pid), "--name", "Meld Desktop"]
        program.driver.xdotool(*found, "windowsize", str(width), str(height))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_as_quitting_does(how: signal.Signals, launch: Launcher) -> None:
    program = launch()
    program.window.button("Create link").wait()
    start = time.monotonic()
    assert program.end(how) == 0
    assert time.monotonic() - start < 3


def recorder(path: Path, into: Path, then: str) -> Path:
    """Write a program that notes its arguments and environment in ``into`` and goes on as ``then``.

    A browser's processes write over what the kernel shows of their environment, so they are asked when they start.
    """
    path.write_text(f'#!/bin/sh\n{{ cat /proc/$$/cmdline /proc/$$/environ; }} >"{into}/{path.name}.$$"\n{then}\n')
    path.chmod(0o755)
    return path


def web_process() -> Path:
    """Return Qt's program for web pages."""
    package = find_spec("PySide6")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "Qt" / "libexec" / "QtWebEngineProcess"


def test_no_secret_lies_about_after_a_day_of_work(launch: Launcher, meld: StrictMeld, tmp_path: Path) -> None:
    tools, notes = tmp_path / "tools", tmp_path / "notes"
    tools.mkdir()
    notes.mkdir()
    recorder(tools / "xdg-open", notes, "exit 0")
    process = recorder(tools / "web-process", notes, f'exec "{web_process()}" "$@"')
    given = {
        "MELD_API_KEY": PLANTED_KEY,
        "QTWEBENGINEPROCESS_PATH": str(process),
        "PATH": f"{tools}:{os.environ['PATH']}",
    }
    program = launch("--base-url", meld.url, env=given)
    window = program.window
    fill(window, customer="c-1", required=["Owners"])
    create_and_get_url(window)
    window.control("heading", "Strict widget").wait()
    window.control("button", "Complete", hidden=True).press()
    window.wait_message("Connected")
    window.button("Copy link").press()
    window.button("Open in browser").press()
    wait_for(lambda: list(notes.glob("xdg-open.*")), "the system's browser")
    meld.script(answers.BAD_FIELDS, answers.CUT_OFF, answers.NOT_JSON)
    for count in (2, 3, 4):
        create(window)
        meld.wait_for_requests(count)
        window.button("Create link").wait_enabled()
    create(window)
    wait_for(lambda: len(meld.tokens) == 2, "the second link")
    window.field("Widget URL").wait_text(meld.tokens[1])
    window.control("heading", "Strict widget").wait()

    secrets = [PLANTED_KEY, *meld.tokens]
    browsers = [process for process in family(program.pid) if b"QtWebEngineProcess" in process.arguments]
    assert browsers, "the search must have seen the browser's processes"
    assert not in_processes(program.pid, secrets, given=given)
    assert not in_tree(program.desk.home, secrets)
    assert list(notes.glob("web-process.*"))
    assert not in_tree(notes, secrets), "a child process was given a secret"
    shown = window.dump().replace(window.field("Widget URL").text, "")
    assert not in_bytes(shown.encode(), [PLANTED_KEY], "the screen")

    children = program.children()
    program.kill()
    assert not in_tree(program.desk.home, secrets)
    wait_for(lambda: not any(child.is_running() for child in children), "the end of the browser")
    assert all(not request.header("Authorization") for request in meld.widget.requests)


def test_nothing_is_left_running(launch: Launcher, meld: StrictMeld) -> None:
    program = launch("--base-url", meld.url, env={"MELD_API_KEY": "a-key"})
    window = program.window
    fill(window, customer="c-1", required=["Owners"])
    create_and_get_url(window)
    window.control("heading", "Strict widget").wait()
    children = program.children()
    assert any("QtWebEngine" in child.name() for child in children if child.status() != psutil.STATUS_ZOMBIE)
    activate(program)
    program.quit()
    assert not any(child.is_running() for child in children)
