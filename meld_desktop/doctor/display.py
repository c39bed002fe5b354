"""Which display Qt would use, and whether anything answers there."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from meld_desktop.doctor.libraries import QT, WAYLAND, XCB
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

_SECONDS = 2.0
_BESIDES = {"xcb": XCB, "wayland": WAYLAND, "wayland-egl": WAYLAND}


class Display(NamedTuple):
    """One platform plugin Qt may choose. ``address`` is what it connects to; "" when it needs no display."""

    platform: str
    address: str

    @property
    def libraries(self) -> tuple[str, ...]:
        """The sonames this platform needs of the system."""
        return (*QT, *_BESIDES.get(self.platform, ()))


def displays(environ: Mapping[str, str]) -> list[Display]:
    """Return the platforms Qt would try, in its order (QGuiApplication): the chosen ones, or Wayland, then X11."""
    x11, wayland = environ.get("DISPLAY", ""), environ.get("WAYLAND_DISPLAY", "")
    if chosen := environ.get("QT_QPA_PLATFORM", ""):
        names = [part.partition(":")[0] for part in chosen.split(";") if part]
        addresses = {"xcb": x11, "wayland": wayland or "wayland-0", "wayland-egl": wayland or "wayland-0"}
        return [Display(name, addresses.get(name, "")) for name in names if name != "xcb" or x11]
    found = []
    if wayland or environ.get("XDG_SESSION_TYPE") == "wayland":
        found.append(Display("wayland", wayland or "wayland-0"))
    if x11:
        found.append(Display("xcb", x11))
    return found


def answers(display: Display, environ: Mapping[str, str]) -> bool:
    """Say whether a display server listens at the display's address. Waits at most two seconds, for remote ones."""
    if not display.address:
        return True
    if display.platform == "xcb":
        return _x11_answers(display.address)
    path = os.path.join(environ.get("XDG_RUNTIME_DIR", ""), display.address)  # noqa: PTH118 - may be absolute already
    return bool(environ.get("WAYLAND_SOCKET")) or _connects(path)


def no_display() -> Text:
    """Return what to say when there is no display to open the window on."""
    return Text(
        QT_TRANSLATE_NOOP(
            "doctor",
            "There is no graphical session here (neither DISPLAY nor WAYLAND_DISPLAY is set). "
            "Start Meld Desktop from a desktop, or use the command line: meld-link create --help",
        )
    )


def silent(display: Display) -> Text:
    """Return what to say when nothing answers at a display."""
    return Text(
        QT_TRANSLATE_NOOP(
            "doctor",
            "No display answers at {address}. Start Meld Desktop from a desktop, "
            "or use the command line: meld-link create --help",
        ),
        address=display.address,
    )


def _x11_answers(address: str) -> bool:
    host, colon, rest = address.rpartition(":")
    number = rest.partition(".")[0]
    if not colon or not number.isdigit():
        return True  # a form such as launchd's path: Qt knows better
    if host in {"", "unix"}:
        path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - X11's own place
        return _connects("\0" + path) or _connects(path) or _connects(("localhost", 6000 + int(number)))
    return _connects((host.strip("[]"), 6000 + int(number)))


def _connects(where: str | tuple[str, int]) -> bool:
    import socket

    try:
        if isinstance(where, str):
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as end:
                end.settimeout(_SECONDS)
                end.connect(where)
        else:
            socket.create_connection(where, _SECONDS).close()
    except (OSError, OverflowError):
        return False
    return True
