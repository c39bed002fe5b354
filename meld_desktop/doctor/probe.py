"""Asks in a process of its own what may crash or hang in ours: Qt with this display, the web view, the keyring."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

WINDOW = "from PySide6.QtWidgets import QApplication; app = QApplication([]); print(app.platformName())"
WEB = "import PySide6.QtWebEngineCore as web; print(web.qWebEngineVersion(), web.qWebEngineChromiumVersion())"
KEYRING = """
import keyring
backend = keyring.get_keyring()
module = type(backend).__module__
state = ""
if module == "keyring.backends.SecretService":
    import secretstorage
    connection = secretstorage.dbus_init()
    if secretstorage.get_default_collection(connection).is_locked():
        state = "locked"
    connection.close()
print(module, state, backend.name, sep="\\t")
"""
"""Says which keyring there is, and whether it is locked, without anything that raises a prompt."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a probe ended. ``said`` is its last line: of stdout when it went well, of stderr when not."""

    ok: bool
    said: str
    timed_out: bool = False


def ask(script: str, seconds: float, environ: Mapping[str, str]) -> Answer:
    """Run ``script`` in a new Python for at most ``seconds``. Never raises for what the script does."""
    process = subprocess.Popen(  # noqa: S603 - our own interpreter with our own script
        [sys.executable, "-c", script],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env=dict(environ),
        start_new_session=True,
    )
    try:
        output, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        return Answer(ok=False, said="", timed_out=True)
    except BaseException:
        _end(process)
        raise
    if process.returncode == 0:
        return Answer(ok=True, said=_last_line(output))
    return Answer(ok=False, said=_last_line(errors) or f"exit status {process.returncode}")


def _end(process: subprocess.Popen[str]) -> None:
    """End the probe with everything it started: a helper process would hold the pipe open."""
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _last_line(text: str) -> str:
    lines = [line.strip("\r\n ") for line in text.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""
