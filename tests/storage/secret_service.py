"""A session bus with a real gnome-keyring on it, and nothing of the person's own session."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

PROGRAMS = ("dbus-daemon", "dbus-send", "gnome-keyring-daemon")

_CONFIGURATION = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy>
</busconfig>"""
"""Without service folders: the bus starts nothing by itself."""


def missing() -> list[str]:
    """Return the programs this machine lacks."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


class Session:
    """A bus and its environment. ``keyring`` starts a daemon on it."""

    def __init__(self, root: Path, stack: ExitStack) -> None:
        self._stack = stack
        self._daemon: subprocess.Popen[bytes] | None = None
        (root / "home").mkdir()
        (root / "run").mkdir(mode=0o700)
        (root / "session.conf").write_text(_CONFIGURATION.format(path=root / "bus"))
        self.env: Mapping[str, str] = {
            "PATH": os.environ["PATH"],
            "HOME": str(root / "home"),
            "XDG_RUNTIME_DIR": str(root / "run"),
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={root / 'bus'}",
            "LANG": "C.UTF-8",
        }
        self._start("dbus-daemon", f"--config-file={root / 'session.conf'}", "--nofork", "--nopidfile")
        _until((root / "bus").exists)

    def _start(self, *command: str, stdin: bytes = b"") -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command, env=dict(self.env), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        assert process.stdin is not None
        process.stdin.write(stdin)
        process.stdin.close()
        self._stack.callback(_end, process)
        return process

    def keyring(self, *, unlocked: bool) -> None:
        """Start the keyring, in place of the one that runs; only an unlocked one knows its password."""
        if self._daemon is not None:
            _end(self._daemon)
            _until(lambda: not self._is_there())
        words = ("gnome-keyring-daemon", "--foreground", "--components=secrets")
        self._daemon = self._start(*words, *(["--unlock"] if unlocked else []), stdin=b"password" if unlocked else b"")
        _until(self._is_there)
        if unlocked:
            _until(Path(self.env["HOME"], ".local/share/keyrings/login.keyring").exists)

    def _is_there(self) -> bool:
        question = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/"]
        question += ["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]
        answer = subprocess.run(question, env=dict(self.env), capture_output=True, text=True, timeout=10)
        return "boolean true" in answer.stdout


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    process.wait(5)


def _until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError("a part of the session did not start")
        time.sleep(0.02)


@contextmanager
def session(root: Path) -> Iterator[Session]:
    """Run a session bus in ``root`` until the context ends."""
    with ExitStack() as stack:
        yield Session(root, stack)
