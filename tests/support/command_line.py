"""Runs ``meld-link`` as a process of its own, the way a script does."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "meld_desktop.cli"]
KEY = "WQ5CwCxDxXhYuA4fVHGk3o:s3cr3t+/Key=="


def environment(**extra: str) -> dict[str, str]:
    """Return this process's variables without any that could change what the command does, and ``extra``."""
    left_out = {"MELD_API_KEY", "DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "PYTHONUNBUFFERED"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return {**kept, "PYTHONPATH": str(ROOT), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent", **extra}


def run(*words: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end, with nothing to read."""
    return run_reading(b"", *words, **extra)


def run_reading(stdin: bytes, *words: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end with ``stdin`` to read."""
    done = subprocess.run([*COMMAND, *words], input=stdin, capture_output=True, env=environment(**extra), timeout=60)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def start(*words: str, **extra: str) -> subprocess.Popen[bytes]:
    """Start the command with pipes to its streams."""
    return subprocess.Popen(
        [*COMMAND, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(**extra),
    )
