"""A connection to the accessibility bus of a desktop, with its keyboard.

Every wait is a wait on a state with a deadline.
"""

import json
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from tests.e2e.desktop import SYSTEM_PYTHON

PATIENCE = 15.0
"""Seconds until a state that does not come is a failure."""


class DriverError(AssertionError):
    """The window does not show, or does not let do, what was asked."""


class Driver:
    """A connection to the accessibility bus of one desktop; a context manager."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = dict(env)
        self._process = subprocess.Popen(
            [SYSTEM_PYTHON, str(Path(__file__).with_name("atspi_driver.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.env,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the helper process."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.kill()
        self._process.wait()

    def ask(self, do: str, **request: object) -> Any:
        """Send one request and return its value. Raises ``DriverError`` with the words of the answer."""
        self.send(do, **request)
        return self.receive()

    def send(self, do: str, **request: object) -> None:
        """Send a request whose answer is fetched later with ``receive``."""
        if self._process.stdin is None:
            raise DriverError("driver is closed")
        self._process.stdin.write(json.dumps({"do": do, **request}) + "\n")
        self._process.stdin.flush()

    def receive(self) -> Any:
        """Return the value of the next answer. Raises ``DriverError``."""
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise DriverError("the accessibility driver ended")
        answer = json.loads(line)
        if "error" in answer:
            raise DriverError(answer["error"])
        return answer["value"]

    def keys(self, *keys: str) -> None:
        """Press keys one after the other, named as xdotool names them (``ctrl+Return``, ``Escape``)."""
        self.xdotool("key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        """Type printable ASCII into whatever has the keyboard."""
        self.xdotool("type", "--delay", "4", "--", text)

    def xdotool(self, *words: str) -> None:
        """Run xdotool on this desktop. Raises ``CalledProcessError`` when it fails."""
        subprocess.run(["xdotool", *words], env=self.env, check=True, capture_output=True, timeout=60)

    @contextmanager
    def latency(self, pid: int) -> Iterator[list[float]]:
        """Measure how long the window takes to answer the bus while the context runs; the list is filled at its end."""
        waits: list[float] = []
        with Driver(self.env) as probe:
            probe.ask("latency", pid=pid)
            yield waits
            probe.send("stop")
            waits.extend(probe.receive())


Seen = TypeVar("Seen")


def wait_for(look: Callable[[], Seen], what: str, timeout: float = PATIENCE) -> Seen:
    """Call ``look`` until what it returns is true, and return that. Raises ``DriverError`` naming ``what``."""
    end = time.monotonic() + timeout
    trouble = ""
    while True:
        try:
            if seen := look():
                return seen
            trouble = ""
        except DriverError as error:
            trouble = f" ({error})"
        if time.monotonic() > end:
            raise DriverError(f"not seen within {timeout:g} s: {what}{trouble}")
        time.sleep(0.03)
