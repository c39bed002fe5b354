"""Runs the command line as a script would: another process, no display, no session bus, and no Qt to import."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
LIMIT = 60.0
"""Seconds until a command that does not end is a failure."""

CUSTOMER = ("--customer", "c-1")
ENOUGH = (*CUSTOMER, "--product", "BALANCES", "--product", "TRANSACTIONS")
ENOUGH_BODY = {"externalCustomerId": "c-1", "products": ["BALANCES", "TRANSACTIONS"]}

_NO_QT = '''"""Makes Qt look as if it were not installed."""

import sys
from importlib.machinery import PathFinder


class _NoQt(PathFinder):
    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        if fullname.partition(".")[0] in {"PySide6", "shiboken6"}:
            return None
        return super().find_spec(fullname, path, target)


sys.meta_path[sys.meta_path.index(PathFinder)] = _NoQt
'''


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Return stdout as JSON."""
        return json.loads(self.out)


class CommandLine:
    """``meld-link`` on a machine of its own: HOME in ``root``, and nothing of this machine's settings."""

    def __init__(self, root: Path) -> None:
        site = root / "no-qt"
        site.mkdir()
        (site / "sitecustomize.py").write_text(_NO_QT)
        self.home = root / "home"
        self.home.mkdir()
        self.env = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(self.home),
            "PYTHONPATH": os.pathsep.join([str(site), str(REPOSITORY)]),
        }

    def start(self, *words: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start ``meld-link`` with ``words``; stdin, stdout and stderr are pipes."""
        return subprocess.Popen(
            [sys.executable, "-m", "meld_desktop.cli", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**self.env, **(env or {})},
            cwd=self.home,
            start_new_session=True,
        )

    def run(self, *words: str, env: Mapping[str, str] | None = None, stdin: str = "", timeout: float = LIMIT) -> Result:
        """Run ``meld-link`` to its end."""
        process = self.start(*words, env=env)
        try:
            out, err = process.communicate(stdin, timeout)
        finally:
            if process.poll() is None:
                process.kill()
                process.communicate()
        return Result(process.returncode, out, err)

    def create(self, url: str, *words: str, key: str | None = "a-key", stdin: str = "") -> Result:
        """Run ``meld-link create`` against ``url`` with ``key`` in ``MELD_API_KEY``."""
        env = {} if key is None else {"MELD_API_KEY": key}
        return self.run("create", "--base-url", url, *words, env=env, stdin=stdin)

    @contextmanager
    def mock(self, *words: str) -> Iterator[dict[str, Any]]:
        """Run ``meld-link mock`` while the context lasts; gives the line it prints when it is ready."""
        process = self.start("mock", *words)
        reader = threading.Timer(LIMIT, process.kill)  # a server that never says it is ready ends the wait
        reader.start()
        try:
            line = process.stdout.readline() if process.stdout is not None else ""
            if not line:
                raise AssertionError(f"meld-link mock said nothing: {process.communicate()[1]}")
            yield json.loads(line)
        finally:
            reader.cancel()
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)
