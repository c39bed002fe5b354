"""Starts the window as a person would, on a desktop, and watches what it leaves behind."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

from tests.e2e.command import REPOSITORY
from tests.e2e.controls import Window
from tests.e2e.desktop import Desktop
from tests.e2e.driver import Driver, DriverError, wait_for

COMPLAINTS = (
    "Traceback (most recent call last)",
    "Release of profile requested but WebEnginePage still not deleted",
    "QThread: Destroyed while thread",
    "Internal C++ object",
    "Segmentation fault",
)
"""Words in a log that are a defect whatever the window looks like."""


class Program:
    """One run of ``meld-desktop``. Its words go to ``log``."""

    def __init__(
        self, desk: Desktop, driver: Driver, data: Path, *words: str, env: Mapping[str, str] | None = None
    ) -> None:
        self.desk = desk
        self.driver = driver
        self.data = data
        self.given = dict(env or {})
        self.log = data.parent / f"{data.name}.log"
        self._window: Window | None = None
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "meld_desktop", "--data-dir", str(data), *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=desk.home,
                env={**desk.env, "PYTHONPATH": str(REPOSITORY), **self.given},
            )

    @property
    def pid(self) -> int:
        """The process."""
        return self.process.pid

    @property
    def window(self) -> Window:
        """What is on the screen, once something is. Raises ``DriverError`` when the program ended instead."""
        if self._window is None:
            window = Window(self.driver, self.pid)
            wait_for(lambda: self.process.poll() is not None or window.titles(active=True), "a window", 30.0)
            if self.process.poll() is not None:
                raise DriverError(f"the program ended with {self.process.returncode}: {self.words()[-2000:]}")
            self._window = window
        return self._window

    def children(self) -> list[psutil.Process]:
        """Return the processes it started that are running now."""
        try:
            return psutil.Process(self.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def end(self, how: signal.Signals = signal.SIGTERM, timeout: float = 10.0) -> int:
        """Send a signal, wait for the end and return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(timeout)

    def quit(self, timeout: float = 10.0) -> float:
        """Quit by the keyboard as the window's owner; return the seconds it took. The exit code must be 0."""
        children = self.children()
        start = time.monotonic()
        self.driver.keys("ctrl+q")
        code = self.process.wait(timeout)
        took = time.monotonic() - start
        assert code == 0, self.words()
        wait_for(lambda: not any(child.is_running() for child in children), "end of the child processes")
        return took

    def kill(self) -> None:
        """End it as a power cut would, children included."""
        children = self.children()
        self.process.kill()
        self.process.wait()
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()

    def words(self) -> str:
        """Return what it wrote to stdout and stderr so far."""
        return self.log.read_text(errors="replace")

    def complaints(self) -> list[str]:
        """Return the lines of the log that are a defect."""
        return [line for line in self.words().splitlines() if any(complaint in line for complaint in COMPLAINTS)]


def activate(program: Program) -> None:
    """Bring the program's main window to the front, so that keys reach it."""
    found = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--pid", str(program.pid), "--name", "Meld Desktop"],
        env=dict(program.desk.env),
        capture_output=True,
        text=True,
        timeout=20,
    )
    for window in found.stdout.split()[:1]:
        subprocess.run(
            ["xdotool", "windowactivate", "--sync", window], env=dict(program.desk.env), capture_output=True, timeout=20
        )
