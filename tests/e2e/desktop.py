"""A whole throw-away desktop: screen, window manager, session bus, accessibility bus, keyring and home folder.

The programs are the ones a Linux desktop is made of (Xvfb stands for the screen), so what passes here is what a person
meets. Nothing of the machine's own session is touched, and everything ends with the context.
"""

import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

Keyring = Literal["unlocked", "locked", "absent"]
"""State of the Secret Service: open, present behind a password, or not there at all."""

KEYRING_PASSWORD = "the-desktop's-password"
SYSTEM_PYTHON = "/usr/bin/python3"
AT_SPI_LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")

PARTS: Mapping[str, str] = {
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "dbus-daemon": "dbus",
    "gnome-keyring-daemon": "gnome-keyring",
    "xdotool": "xdotool",
    "import": "imagemagick",
}
"""Programs of the desktop, with the Debian package of each."""


class DesktopError(RuntimeError):
    """A part of the desktop did not start."""


def missing_parts() -> list[str]:
    """Return what this machine lacks for a desktop, as Debian package names; empty when all is there."""
    missing = [package for program, package in PARTS.items() if shutil.which(program) is None]
    if at_spi_launcher() is None:
        missing.append("at-spi2-core")
    probe = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    if (
        not Path(SYSTEM_PYTHON).exists()
        or subprocess.run([SYSTEM_PYTHON, "-c", probe], capture_output=True, timeout=30).returncode
    ):
        missing.append("python3-pyatspi")
    return missing


def at_spi_launcher() -> str | None:
    """Return the path of the accessibility bus launcher, which distributions keep off PATH."""
    return next((path for path in AT_SPI_LAUNCHERS if Path(path).exists()), None)


@dataclass(frozen=True)
class Desktop:
    """A running desktop. ``env`` is the whole environment of a program started on it."""

    home: Path
    env: Mapping[str, str]
    keyring: Keyring
    _tools: "_Tools" = field(repr=False)

    def screenshot(self, path: Path) -> None:
        """Write a picture of the whole screen to ``path`` (PNG)."""
        subprocess.run(["import", "-window", "root", str(path)], env=dict(self.env), check=True, timeout=20)

    def kill_keyring(self) -> None:
        """End the keyring daemon, as when it crashes in the middle of a session."""
        self._tools.stop("gnome-keyring-daemon")

    def freeze_keyring(self, *, frozen: bool) -> None:
        """Stop the keyring daemon from answering (its name stays on the bus), or let it go on."""
        self._tools.signal("gnome-keyring-daemon", 19 if frozen else 18)


class _Tools:
    """The desktop's processes, ended in the reverse order of their start."""

    def __init__(self, home: Path, env: Mapping[str, str]) -> None:
        self.env = dict(env)
        self._home = home
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(
        self,
        *command: str,
        stdin: bytes | None = None,
        stdout: int | IO[bytes] = subprocess.DEVNULL,
        fd: int | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a part in the foreground; its words go to a log in the desktop's own folder."""
        name = Path(command[0]).name
        with (self._home.parent / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
                stdout=stdout,
                stderr=log,
                env=self.env,
                pass_fds=() if fd is None else (fd,),
                cwd=self._home,
            )
        if stdin is not None and process.stdin is not None:
            process.stdin.write(stdin)
            process.stdin.close()
        self._running[name] = process
        return process

    def signal(self, name: str, number: int) -> None:
        self._running[name].send_signal(number)

    def stop(self, name: str) -> None:
        process = self._running.pop(name)
        if process.poll() is None:
            process.send_signal(18)  # a stopped process cannot end
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stdout is not None:
            process.stdout.close()

    def state(self) -> str:
        """Return which parts run and what they said, for the report of a failure."""
        running = {name: process.poll() for name, process in self._running.items()}
        said = [f"{path.name}: {path.read_text(errors='replace')[-600:]}" for path in self._home.parent.glob("*.log")]
        return "\n".join([f"exit codes: {running}", *said])

    def stop_all(self) -> None:
        for name in reversed(list(self._running)):
            self.stop(name)


def wait_until(ready: Callable[[], bool], what: str, timeout: float = 10.0) -> None:
    """Poll ``ready`` until it is true. Raises ``DesktopError`` naming ``what`` when ``timeout`` seconds have passed."""
    end = time.monotonic() + timeout
    while not ready():
        if time.monotonic() > end:
            raise DesktopError(f"{what}: not within {timeout:g} s")
        time.sleep(0.02)


@contextmanager
def desktop(keyring: Keyring = "unlocked", size: str = "1440x960") -> Iterator[Desktop]:
    """Run a desktop until the context ends. Raises ``DesktopError`` when a part does not start."""
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="meld-desk-", ignore_cleanup_errors=True)))
        home, runtime = root / "home", root / "run"
        home.mkdir()
        runtime.mkdir(mode=0o700)
        tools = _Tools(home, _bare_environment(home, runtime))
        stack.callback(tools.stop_all)
        tools.env["DISPLAY"] = _start_screen(tools, size)
        config = _bus_config(root)
        tools.env["DBUS_SESSION_BUS_ADDRESS"] = _announced(
            tools, "dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address={fd}"
        )
        tools.start("openbox")
        launcher = at_spi_launcher()
        if launcher is None:
            raise DesktopError("at-spi2-core is not installed")
        tools.start(launcher, "--launch-immediately")
        try:
            wait_until(lambda: _on_bus(tools.env, "org.a11y.Bus"), "accessibility bus", 30)
            wait_until(lambda: _has_window_manager(tools.env), "window manager", 30)
            _start_keyring(tools, keyring)
        except DesktopError as error:
            raise DesktopError(f"{error}\n{tools.state()}") from None
        yield Desktop(home, tools.env, keyring, tools)


def _bare_environment(home: Path, runtime: Path) -> dict[str, str]:
    """Return an environment with nothing of the user's session in it."""
    env = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV") if name in os.environ}
    env |= {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "XDG_CURRENT_DESKTOP": "openbox",
    }
    env.setdefault("LANG", "C.UTF-8")
    if os.geteuid() == 0:
        env["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # Chromium refuses its sandbox to root
    return env


def _start_screen(tools: _Tools, size: str) -> str:
    """Start the X server and return its display.

    The number is drawn by lot: left to find a free one, two servers that start together may both take the same.
    """
    for _ in range(5):
        display = f":{random.randrange(200, 60_000)}"
        # -noreset: otherwise the server throws everybody out when the last client leaves, and that may be a short one
        screen = ("-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset")
        try:
            return f":{_announced(tools, 'Xvfb', display, '-displayfd', '{fd}', *screen)}"
        except DesktopError:
            continue
    raise DesktopError("Xvfb did not start")


def _announced(tools: _Tools, *command: str) -> str:
    """Start a part that tells its address on a file descriptor, and return that address."""
    read, write = os.pipe()
    try:
        tools.start(*(word.format(fd=write) for word in command), fd=write)
        os.close(write)
        write = -1
        with os.fdopen(read) as answer:
            read = -1
            line = answer.readline().strip()
    finally:
        for fd in (read, write):
            if fd >= 0:
                os.close(fd)
    if not line:
        raise DesktopError(f"{command[0]} did not start")
    return line


def _bus_config(root: Path) -> Path:
    """Write a session bus configuration that starts no service by itself.

    The distribution's would start gnome-keyring on demand, and then a desktop without a keyring could not be had.
    """
    config = root / "session.conf"
    config.write_text(
        f"""<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:path={root}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
    )
    return config


def _on_bus(env: Mapping[str, str], name: str) -> bool:
    """Tell whether somebody on the session bus owns ``name``."""
    answer = subprocess.run(
        [
            "dbus-send",
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.DBus",
            "/",
            "org.freedesktop.DBus.NameHasOwner",
            f"string:{name}",
        ],
        env=dict(env),
        capture_output=True,
        text=True,
        timeout=10,
    )
    return "boolean true" in answer.stdout


def _has_window_manager(env: Mapping[str, str]) -> bool:
    """Tell whether windows are managed: one that opens earlier may never get the keyboard."""
    told = subprocess.run(["xdotool", "get_num_desktops"], env=dict(env), capture_output=True, text=True, timeout=10)
    return told.returncode == 0 and told.stdout.strip().isdigit()


def _start_keyring(tools: _Tools, keyring: Keyring) -> None:
    if keyring == "absent":
        return
    secrets = ("gnome-keyring-daemon", "--foreground", "--components=secrets")
    tools.start(*secrets, "--unlock", stdin=KEYRING_PASSWORD.encode())
    wait_until(lambda: _on_bus(tools.env, "org.freedesktop.secrets"), "keyring")
    if keyring == "locked":  # the keyring now exists; the next daemon does not know its password
        store = Path(tools.env["HOME"], ".local/share/keyrings/login.keyring")
        wait_until(store.exists, "login keyring")
        tools.stop("gnome-keyring-daemon")
        wait_until(lambda: not _on_bus(tools.env, "org.freedesktop.secrets"), "end of the first keyring")
        tools.start(*secrets)
        wait_until(lambda: _on_bus(tools.env, "org.freedesktop.secrets"), "locked keyring")
