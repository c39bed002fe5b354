"""Which packages bring the missing libraries, and the one command that installs them, by distribution."""

import os
import sys
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text


class Package(NamedTuple):
    """One library's package names. ``renamed`` is Debian's name since the 64-bit time transition."""

    debian: str
    arch: str
    renamed: str = ""


PACKAGES: dict[str, Package] = {
    "libEGL.so.1": Package("libegl1", "libglvnd"),
    "libGL.so.1": Package("libgl1", "libglvnd"),
    "libX11.so.6": Package("libx11-6", "libx11"),
    "libX11-xcb.so.1": Package("libx11-xcb1", "libx11"),
    "libXcomposite.so.1": Package("libxcomposite1", "libxcomposite"),
    "libXdamage.so.1": Package("libxdamage1", "libxdamage"),
    "libXext.so.6": Package("libxext6", "libxext"),
    "libXfixes.so.3": Package("libxfixes3", "libxfixes"),
    "libXrandr.so.2": Package("libxrandr2", "libxrandr"),
    "libXtst.so.6": Package("libxtst6", "libxtst"),
    "libasound.so.2": Package("libasound2", "alsa-lib", "libasound2t64"),
    "libbrotlicommon.so.1": Package("libbrotli1", "brotli"),
    "libbrotlidec.so.1": Package("libbrotli1", "brotli"),
    "libdbus-1.so.3": Package("libdbus-1-3", "dbus"),
    "libexpat.so.1": Package("libexpat1", "expat"),
    "libfontconfig.so.1": Package("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": Package("libfreetype6", "freetype2"),
    "libgbm.so.1": Package("libgbm1", "mesa"),
    "libglib-2.0.so.0": Package("libglib2.0-0", "glib2", "libglib2.0-0t64"),
    "libgssapi_krb5.so.2": Package("libgssapi-krb5-2", "krb5"),
    "libgthread-2.0.so.0": Package("libglib2.0-0", "glib2", "libglib2.0-0t64"),
    "libnspr4.so": Package("libnspr4", "nspr"),
    "libnss3.so": Package("libnss3", "nss"),
    "libnssutil3.so": Package("libnss3", "nss"),
    "libsmime3.so": Package("libnss3", "nss"),
    "libudev.so.1": Package("libudev1", "systemd-libs"),
    "libwayland-client.so.0": Package("libwayland-client0", "wayland"),
    "libwayland-cursor.so.0": Package("libwayland-cursor0", "wayland"),
    "libxcb.so.1": Package("libxcb1", "libxcb"),
    "libxcb-cursor.so.0": Package("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-dri3.so.0": Package("libxcb-dri3-0", "libxcb"),
    "libxcb-icccm.so.4": Package("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": Package("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": Package("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": Package("libxcb-randr0", "libxcb"),
    "libxcb-render.so.0": Package("libxcb-render0", "libxcb"),
    "libxcb-render-util.so.0": Package("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-shape.so.0": Package("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": Package("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": Package("libxcb-sync1", "libxcb"),
    "libxcb-util.so.1": Package("libxcb-util1", "xcb-util"),
    "libxcb-xfixes.so.0": Package("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": Package("libxcb-xkb1", "libxcb"),
    "libxkbcommon.so.0": Package("libxkbcommon0", "libxkbcommon"),
    "libxkbcommon-x11.so.0": Package("libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libxkbfile.so.1": Package("libxkbfile1", "libxkbfile"),
    "libz.so.1": Package("zlib1g", "zlib"),
    "libzstd.so.1": Package("libzstd1", "zstd"),
}

FONT = "font"
"""Stands for a scalable font in a list of what is missing."""
KEYRING = "keyring"
"""Stands for a keyring service in a list of what is missing."""
_OTHER: dict[str, tuple[Package, str]] = {
    FONT: (Package("fonts-dejavu-core", "ttf-dejavu"), "dejavu-sans-fonts"),
    KEYRING: (Package("gnome-keyring", "gnome-keyring"), "gnome-keyring"),
}

_BEFORE_RENAMING = frozenset(
    {"buster", "bullseye", "bookworm", "bionic", "focal", "jammy", "kinetic", "lunar", "mantic"}
)
"""Releases of Debian and Ubuntu older than the 64-bit time transition (Debian 13, Ubuntu 24.04)."""

_OS_RELEASE = ("/etc/os-release", "/usr/lib/os-release")
_APT_LISTS = "/var/lib/apt/lists"


def os_release() -> dict[str, str]:
    """Return what the system says about itself (freedesktop: os-release); empty when it says nothing."""
    for path in _OS_RELEASE:
        try:
            with open(path, encoding="utf-8") as file:  # noqa: PTH123 - pathlib is not loaded this early
                lines = [line.strip().partition("=") for line in file]
        except OSError:
            continue
        return {name: value.strip("\"'") for name, equals, value in lines if equals and not name.startswith("#")}
    return {}


def install_command(missing: Iterable[str], release: Mapping[str, str] | None = None) -> str:
    """Return the command that installs what is ``missing`` (sonames, FONT, KEYRING), "" when no command is known."""
    release = os_release() if release is None else release
    family = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    names = list(dict.fromkeys(missing))
    if family & {"debian", "ubuntu"}:
        packages = _debian(names, release)
        return packages and _as_root(f"{_apt_update()}apt-get install {packages}")
    if family & {"fedora", "rhel", "centos"}:
        return _as_root("dnf install " + " ".join(sorted(_capability(name) for name in names)))
    if family & {"suse", "opensuse"}:
        return _as_root("zypper install --capability " + " ".join(sorted(_capability(name) for name in names)))
    if "arch" in family:
        packages = " ".join(sorted({package.arch for package in map(_package, names) if package}))
        return packages and _as_root(f"pacman -S {packages}")
    return ""


def remedy(missing: Iterable[str], release: Mapping[str, str] | None = None) -> Text:
    """Return what to do about what is ``missing``: the command, or the names of the libraries."""
    names = sorted(set(missing))
    if command := install_command(names, release):
        return Text(
            QT_TRANSLATE_NOOP("doctor", "Run this in a terminal, then start again:\n    {command}"), command=command
        )
    return Text(
        QT_TRANSLATE_NOOP("doctor", "Install the packages of your system that contain {libraries}, then start again."),
        libraries=", ".join(names),
    )


def _package(name: str) -> Package | None:
    return _OTHER[name][0] if name in _OTHER else PACKAGES.get(name)


def _debian(names: Iterable[str], release: Mapping[str, str]) -> str:
    codenames = {release.get(key, "") for key in ("VERSION_CODENAME", "UBUNTU_CODENAME", "DEBIAN_CODENAME")}
    renamed = not codenames & _BEFORE_RENAMING
    packages = [package for package in map(_package, names) if package]
    return " ".join(
        sorted({package.renamed if renamed and package.renamed else package.debian for package in packages})
    )


def _capability(name: str) -> str:
    """Return what RPM packages say they provide: a library by its soname, so that no table of names is needed."""
    if name in _OTHER:
        return _OTHER[name][1]
    return f"'{name}()(64bit)'" if sys.maxsize > 2**32 else f"'{name}'"


def _apt_update() -> str:
    """A fresh image has no package lists, and without them nothing can be installed."""
    try:
        with os.scandir(_APT_LISTS) as entries:
            known = any("_Packages" in entry.name for entry in entries)
    except OSError:
        known = True
    return "" if known else "apt-get update && "


def _as_root(command: str) -> str:
    if os.geteuid() == 0:
        return command
    return "sudo " + command.replace("&& ", "&& sudo ")
