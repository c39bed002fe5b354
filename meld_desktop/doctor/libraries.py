"""The shared libraries PySide6's wheels take from the system, and whether they are there.

The lists are what the wheels' files ask for (their DT_NEEDED entries); a test compares them with the installed files.
"""

import os
import struct
import sys
from collections.abc import Iterable
from functools import cache

QT = (
    *("libEGL.so.1", "libGL.so.1", "libX11.so.6", "libdbus-1.so.3", "libfontconfig.so.1", "libfreetype.so.6"),
    *("libglib-2.0.so.0", "libgthread-2.0.so.0", "libxkbcommon.so.0", "libz.so.1", "libzstd.so.1"),
)
"""What QtCore, QtGui, QtWidgets and QtSvg need, whatever the display."""

XCB = (
    *("libX11-xcb.so.1", "libxcb-cursor.so.0", "libxcb-icccm.so.4", "libxcb-image.so.0", "libxcb-keysyms.so.1"),
    *("libxcb-randr.so.0", "libxcb-render-util.so.0", "libxcb-render.so.0", "libxcb-shape.so.0", "libxcb-shm.so.0"),
    *("libxcb-sync.so.1", "libxcb-util.so.1", "libxcb-xfixes.so.0", "libxcb-xkb.so.1", "libxcb.so.1"),
    "libxkbcommon-x11.so.0",
)
"""What the X11 platform plugin needs besides."""

WAYLAND = ("libwayland-client.so.0", "libwayland-cursor.so.0")
"""What the Wayland platform plugin needs besides."""

WEB = (
    *("libXcomposite.so.1", "libXdamage.so.1", "libXext.so.6", "libXfixes.so.3", "libXrandr.so.2", "libXtst.so.6"),
    *("libasound.so.2", "libbrotlicommon.so.1", "libbrotlidec.so.1", "libexpat.so.1", "libgbm.so.1"),
    *("libgssapi_krb5.so.2", "libnspr4.so", "libnss3.so", "libnssutil3.so", "libsmime3.so", "libudev.so.1"),
    *("libxcb-dri3.so.0", "libxcb.so.1", "libxkbfile.so.1"),
)
"""What Qt WebEngine needs besides."""

EVERYWHERE = frozenset(
    {
        *("ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0"),
        *("libresolv.so.2", "librt.so.1", "libgcc_s.so.1", "libstdc++.so.6"),
    }
)
"""The C and C++ run-time, without which there is no Python or no wheel to install."""

_CACHE = "/etc/ld.so.cache"
_CACHE_MAGIC = b"glibc-ld.so.cache1.1"
_ENTRY = struct.Struct("=iIIIQ")
_KIND = {"x86_64": 0x0303, "aarch64": 0x0A03}
"""The mark of a cache entry for this machine's 64-bit libraries (glibc: ldconfig.h)."""


def missing(sonames: Iterable[str]) -> tuple[str, ...]:
    """Return those of ``sonames`` that a program could not load now.

    The linker's cache answers for most without loading anything; only what it does not know is tried for real.
    """
    known = _cached()
    return tuple(name for name in dict.fromkeys(sonames) if not _is_there(known.get(name)) and not _loads(name))


def _is_there(path: str | None) -> bool:
    try:
        return path is not None and os.stat(path).st_size > 0  # noqa: PTH116 - pathlib is not loaded this early
    except OSError:
        return False


def _loads(soname: str) -> bool:
    import ctypes

    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def _cached() -> dict[str, str]:
    try:
        with open(_CACHE, "rb") as file:  # noqa: PTH123
            return _parse_cache(file.read(), os.uname().machine)
    except (OSError, ValueError, struct.error):
        return {}


def _parse_cache(data: bytes, machine: str) -> dict[str, str]:
    start = data.index(_CACHE_MAGIC)  # an older table may come before it
    count = int.from_bytes(data[start + 20 : start + 24], sys.byteorder)
    kind = _KIND.get(machine)
    paths: dict[str, str] = {}
    wanted = _wanted()
    for flags, key, value, _version, _capabilities in _ENTRY.iter_unpack(
        data[start + 48 : start + 48 + count * _ENTRY.size]
    ):
        name = data[start + key : data.index(b"\0", start + key)]
        if flags == kind and name in wanted:
            paths.setdefault(name.decode(), os.fsdecode(data[start + value : data.index(b"\0", start + value)]))
    return paths


@cache
def _wanted() -> frozenset[bytes]:
    return frozenset(name.encode() for name in (*QT, *XCB, *WAYLAND, *WEB))
