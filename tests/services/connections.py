"""A server that tells of a connection by a script, and time that passes by being slept through."""

import asyncio
import json
import re
import threading
from collections.abc import Callable

from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.storage.keys import KeyStore
from tests.api.servers import Caller, RawServer, reply

KEY = "WQ5CwCxDxXhYuA4fVHGk3o:s3cr3t+/Key=="
Act = Callable[[Caller], None]


def tells(status: str, reason: str | None = None, *, data: bool = False) -> Act:
    when = "2026-11-24T10:00:08Z" if data else None
    body = {"id": "one", "status": status, "statusReason": reason, "successfullyAggregatedAt": when}
    return lambda caller: caller.say(reply(json.dumps(body).encode(), status="200 OK"))


def refuses(status: int, *headers: str) -> Act:
    return lambda caller: caller.say(reply(b"{}", *headers, status=f"{status} No"))


def silent(caller: Caller) -> None:
    """Say nothing until the other side has gone."""
    caller.wait_until_gone(20)


class Meld:
    """A server with a script: what it does with one question after the other; the last thing it does again."""

    def __init__(self) -> None:
        self.script: list[Act] = [tells("IN_PROGRESS")]
        self.asked = 0
        self.paths: list[bytes] = []
        self.keys: list[str] = []
        self.most_together = 0
        """How many questions were waiting for an answer at one moment, at most."""
        self._callers: list[Caller] = []
        self._guard = threading.Lock()
        self.server = RawServer(self._serve)

    def _serve(self, caller: Caller) -> None:
        caller.listen()
        with self._guard:
            act = self.script[min(self.asked, len(self.script) - 1)]
            self.asked += 1
            self.paths.append(bytes(caller.heard).split()[1])
            self.keys += re.findall(r"(?mi)^authorization: BASIC (\S+)", caller.heard.decode())
            self._callers.append(caller)
            self.most_together = max(self.most_together, sum(each.is_waiting for each in self._callers))
        act(caller)


class Pace:
    """Time that passes by being slept through. After ``naps`` it stands still until somebody has it go on."""

    def __init__(self) -> None:
        self.moment = 1000.0
        self.slept: list[float] = []
        self.naps = 1_000_000

    async def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        if len(self.slept) > self.naps:
            await asyncio.Event().wait()
        self.moment += seconds

    def __call__(self) -> float:
        return self.moment


class Drawer(KeyStore):
    """A keyring that counts how often it is opened."""

    def __init__(self) -> None:
        self.opened = 0
        self.fails: Kind | None = None

    def read(self, host: str) -> str | None:
        self.opened += 1
        if self.fails is not None:
            raise MeldError(self.fails)
        return KEY

    def write(self, host: str, key: str) -> None:
        raise AssertionError

    def delete(self, host: str) -> None:
        raise AssertionError
