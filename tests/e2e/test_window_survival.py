"""What must hold whatever happens: settings survive a kill, and no secret lies about."""

import contextlib
import json
import random
import signal
import time

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


def test_no_secret_lies_about_after_a_day_of_work(launch: Launcher, meld: StrictMeld) -> None:
    given = {"MELD_API_KEY": PLANTED_KEY}
    program = launch("--base-url", meld.url, env=given)
    window = program.window
    fill(window, customer="c-1", required=["Owners"])
    create_and_get_url(window)
    window.control("heading", "Strict widget").wait()
    window.control("button", "Complete", hidden=True).press()
    window.wait_message("Connected")
    window.button("Copy link").press()
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
