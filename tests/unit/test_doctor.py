"""The look at the computer before the window opens, and the full check-up. Runs where Qt is not, and where it is."""

import itertools
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest

from meld_desktop.doctor import checks, display, fonts, libraries, packages, preflight, probe
from meld_desktop.doctor.elf import NotElfError, needed, needed_outside
from meld_desktop.domain.text import Text

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at Linux")

_SPEC = find_spec("PySide6")
PYSIDE = Path(_SPEC.submodule_search_locations[0]) if _SPEC and _SPEC.submodule_search_locations else None
needs_qt = pytest.mark.skipif(PYSIDE is None, reason="PySide6 is not installed")

BOOKWORM = {"ID": "debian", "VERSION_ID": "12", "VERSION_CODENAME": "bookworm"}
TRIXIE = {"ID": "debian", "VERSION_ID": "13", "VERSION_CODENAME": "trixie"}
NOBLE = {"ID": "ubuntu", "ID_LIKE": "debian", "VERSION_CODENAME": "noble", "UBUNTU_CODENAME": "noble"}
JAMMY = {"ID": "ubuntu", "ID_LIKE": "debian", "VERSION_CODENAME": "jammy", "UBUNTU_CODENAME": "jammy"}
MINT = {"ID": "linuxmint", "ID_LIKE": "ubuntu debian", "VERSION_CODENAME": "wilma", "UBUNTU_CODENAME": "noble"}
FEDORA = {"ID": "fedora"}
ROCKY = {"ID": "rocky", "ID_LIKE": "rhel centos fedora"}
ARCH = {"ID": "arch"}
TUMBLEWEED = {"ID": "opensuse-tumbleweed", "ID_LIKE": "opensuse suse"}


@pytest.fixture
def x11() -> Iterator[str]:
    """Something that listens where an X server would, and its DISPLAY."""
    for number in itertools.count(4200):
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.bind(f"\0/tmp/.X11-unix/X{number}")
        except OSError:
            listener.close()
            continue
        with listener:
            listener.listen()
            yield f":{number}"
        return


# --- what the files ask for


@needs_qt
@pytest.mark.parametrize(
    ("files", "known"),
    [
        (["QtCore.abi3.so", "QtGui.abi3.so", "QtWidgets.abi3.so", "QtSvg.abi3.so"], libraries.QT),
        (["Qt/plugins/platforms/libqxcb.so"], (*libraries.QT, *libraries.XCB)),
        (["Qt/plugins/platforms/libqwayland.so"], (*libraries.QT, *libraries.WAYLAND)),
        (["QtWebEngineCore.abi3.so", "Qt/libexec/QtWebEngineProcess"], (*libraries.QT, *libraries.WEB)),
    ],
)
def test_the_lists_are_what_the_installed_files_ask_for(files: list[str], known: tuple[str, ...]) -> None:
    assert PYSIDE is not None
    bundled = (PYSIDE / "Qt" / "lib", PYSIDE, PYSIDE.parent / "shiboken6")
    asked = needed_outside([PYSIDE / file for file in files], bundled)
    assert asked.keys() - libraries.EVERYWHERE == set(known)


def test_every_library_has_a_package() -> None:
    every = {*libraries.QT, *libraries.XCB, *libraries.WAYLAND, *libraries.WEB}
    assert every == packages.PACKAGES.keys()


def test_needed_agrees_with_the_linker() -> None:
    listed = subprocess.run(["ldd", sys.executable], capture_output=True, text=True).stdout
    assert needed(Path(sys.executable).resolve()) != []
    for soname in needed(Path(sys.executable).resolve()):
        assert soname in listed


@pytest.mark.parametrize(
    "content", [b"", b"#!/bin/sh\n", b"\x7fELF\x02\x01" + bytes(40), b"\x7fELF\x01\x01" + bytes(90)]
)
def test_what_is_not_a_program_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(NotElfError):
        needed(file)
    assert needed_outside([file, tmp_path / "absent"], []) == {}


# --- what is there


def test_a_library_is_missing_when_it_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert libraries.missing(["libc.so.6"]) == ()
    assert libraries.missing(["libnot-there.so.7", "libc.so.6", "libnot-there.so.7"]) == ("libnot-there.so.7",)
    monkeypatch.setattr(libraries, "_CACHE", str(tmp_path / "absent"))
    assert libraries.missing(["libc.so.6", "libnot-there.so.7"]) == ("libnot-there.so.7",)


def test_the_linkers_cache_is_only_believed_while_the_file_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    empty = tmp_path / "libxcb-cursor.so.0"
    empty.touch()
    for path in (str(empty), str(tmp_path / "gone.so")):
        monkeypatch.setattr(libraries, "_cached", lambda path=path: {"libmeld-test.so.1": path})
        assert libraries.missing(["libmeld-test.so.1"]) == ("libmeld-test.so.1",)


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"glibc-ld.so.cache1.1" + b"\xff" * 40])
def test_a_damaged_cache_does_no_harm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: bytes) -> None:
    cache = tmp_path / "cache"
    cache.write_bytes(damage)
    monkeypatch.setattr(libraries, "_CACHE", str(cache))
    assert libraries.missing(["libc.so.6"]) == ()


def test_libraries_of_another_architecture_do_not_count() -> None:
    strings = b"libnss3.so\0/lib/i386-linux-gnu/libnss3.so\0/lib/x86_64-linux-gnu/libnss3.so\0"
    start = 48 + 2 * 24
    entries = struct.pack("=iIIIQ", 0x0003, start, start + 11, 0, 0)
    entries += struct.pack("=iIIIQ", 0x0303, start, start + 11 + strings[11:].index(b"\0") + 1, 0, 0)
    data = b"glibc-ld.so.cache1.1" + struct.pack("=II", 2, len(strings)) + bytes(20) + entries + strings
    assert libraries._parse_cache(b"older" + data, "x86_64") == {"libnss3.so": "/lib/x86_64-linux-gnu/libnss3.so"}
    assert libraries._parse_cache(data, "riscv64") == {}


def test_the_cache_names_the_libraries_of_this_machine() -> None:
    listed = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True).stdout
    if os.uname().machine != "x86_64" or not listed:
        pytest.skip("compares with ldconfig on x86-64")
    known = {
        line.split()[0]: line.split(" => ")[1] for line in listed.splitlines() if "x86-64" in line and "=>" in line
    }
    cached = libraries._cached()
    assert {name for name in packages.PACKAGES if name in known} == cached.keys()
    for name, path in cached.items():
        assert Path(path).samefile(known[name])


# --- which command installs it


@pytest.mark.parametrize(
    ("release", "command"),
    [
        (BOOKWORM, "apt-get install libasound2 libglib2.0-0 libxcb-cursor0"),
        (JAMMY, "apt-get install libasound2 libglib2.0-0 libxcb-cursor0"),
        (TRIXIE, "apt-get install libasound2t64 libglib2.0-0t64 libxcb-cursor0"),
        (NOBLE, "apt-get install libasound2t64 libglib2.0-0t64 libxcb-cursor0"),
        (MINT, "apt-get install libasound2t64 libglib2.0-0t64 libxcb-cursor0"),
        (
            FEDORA,
            (
                "dnf install 'libasound.so.2()(64bit)' 'libglib-2.0.so.0()(64bit)' 'libgthread-2.0.so.0()(64bit)' "
                "'libxcb-cursor.so.0()(64bit)'"
            ),
        ),
        (ARCH, "pacman -S alsa-lib glib2 xcb-util-cursor"),
        ({"ID": "slackware"}, ""),
        ({}, ""),
    ],
)
def test_the_install_command(monkeypatch: pytest.MonkeyPatch, release: dict[str, str], command: str) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(packages, "_apt_update", lambda: "")
    wanted = ["libxcb-cursor.so.0", "libgthread-2.0.so.0", "libglib-2.0.so.0", "libasound.so.2", "libasound.so.2"]
    assert packages.install_command(wanted, release) == command


def test_relatives_of_a_distribution_get_its_command() -> None:
    assert "dnf install 'libnss3.so()(64bit)'" in packages.install_command(["libnss3.so"], ROCKY)
    assert "zypper install --capability 'libnss3.so()(64bit)'" in packages.install_command(["libnss3.so"], TUMBLEWEED)


def test_an_ordinary_account_is_told_to_use_sudo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(packages, "_APT_LISTS", str(tmp_path))
    assert packages.install_command(["libnss3.so"], BOOKWORM) == "sudo apt-get update && sudo apt-get install libnss3"
    (tmp_path / "deb.example_dists_bookworm_main_binary-amd64_Packages").touch()
    assert packages.install_command(["libnss3.so"], BOOKWORM) == "sudo apt-get install libnss3"


def test_without_a_command_the_libraries_are_named() -> None:
    assert "libnss3.so" in str(packages.remedy(["libnss3.so"], {"ID": "slackware"}))


@pytest.mark.skipif(packages.os_release().get("ID") != "debian", reason="asks Debian's package manager")
def test_debian_knows_the_packages_by_these_names() -> None:
    owned = subprocess.run(["dpkg", "-S", *(f"*/{name}" for name in packages.PACKAGES)], capture_output=True, text=True)
    wrong = []
    for line in owned.stdout.splitlines():
        owner, _, path = line.partition(": ")
        package = packages.PACKAGES.get(Path(path).name)
        if package is None or not Path(path).parent.name.endswith("-linux-gnu"):
            continue
        if owner.partition(":")[0] not in (package.debian, package.renamed):
            wrong.append(line)
    assert owned.stdout
    assert wrong == []


# --- which display


@pytest.mark.parametrize(
    ("environ", "platforms"),
    [
        ({}, []),
        ({"DISPLAY": ":0"}, ["xcb"]),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ["wayland"]),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, ["wayland", "xcb"]),
        ({"XDG_SESSION_TYPE": "wayland", "DISPLAY": ":0"}, ["wayland", "xcb"]),
        ({"QT_QPA_PLATFORM": "offscreen"}, ["offscreen"]),
        ({"QT_QPA_PLATFORM": "vnc:port=5901"}, ["vnc"]),
        ({"QT_QPA_PLATFORM": "wayland;xcb", "DISPLAY": ":0"}, ["wayland", "xcb"]),
        ({"QT_QPA_PLATFORM": "xcb"}, []),
        ({"QT_QPA_PLATFORM": "", "DISPLAY": ""}, []),
    ],
)
def test_the_platforms_qt_would_try(environ: dict[str, str], platforms: list[str]) -> None:
    assert [choice.platform for choice in display.displays(environ)] == platforms


def test_a_display_answers_when_something_listens(x11: str, tmp_path: Path) -> None:
    assert display.answers(display.Display("xcb", x11), {})
    assert display.answers(display.Display("xcb", f"{x11}.0"), {})
    assert not display.answers(display.Display("xcb", ":4199"), {})
    assert display.answers(display.Display("offscreen", ""), {})
    assert display.answers(display.Display("xcb", "/private/tmp/launch/org.xquartz:x"), {})
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "wayland-7"))
        compositor.listen()
        environ = {"XDG_RUNTIME_DIR": str(tmp_path)}
        assert display.answers(display.Display("wayland", "wayland-7"), environ)
        assert display.answers(display.Display("wayland", str(tmp_path / "wayland-7")), {})
        assert not display.answers(display.Display("wayland", "wayland-8"), environ)


def test_a_forwarded_display_is_asked_over_tcp() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert display.answers(display.Display("xcb", f"127.0.0.1:{port - 6000}.0"), {})
    assert not display.answers(display.Display("xcb", f"127.0.0.1:{port - 6000}.0"), {})
    assert not display.answers(display.Display("xcb", "127.0.0.1:99999"), {})


# --- before the window opens


@needs_qt
def test_nothing_is_said_when_the_window_can_open(x11: str) -> None:
    assert preflight.preflight({"QT_QPA_PLATFORM": "offscreen"}) is None
    if libraries.missing(libraries.XCB):
        pytest.skip("the libraries of the X11 plugin are not installed")
    assert preflight.preflight({"DISPLAY": x11}) is None


@needs_qt
def test_no_display_is_said_with_a_way_out(x11: str) -> None:
    said = str(preflight.preflight({}))
    assert "no graphical session" in said
    assert "meld-link create" in said
    assert ":4199" in str(preflight.preflight({"DISPLAY": ":4199"}))


@needs_qt
def test_missing_libraries_are_said_with_one_command_for_all(monkeypatch: pytest.MonkeyPatch, x11: str) -> None:
    lost = {"libxcb-cursor.so.0", "libxcb-icccm.so.4", "libnss3.so"}
    monkeypatch.setattr(libraries, "missing", lambda names: tuple(name for name in names if name in lost))
    monkeypatch.setattr(packages, "os_release", lambda: BOOKWORM)
    said = str(preflight.preflight({"DISPLAY": x11}))
    assert "libxcb-cursor.so.0, libxcb-icccm.so.4." in said
    assert "apt-get install libnss3 libxcb-cursor0 libxcb-icccm4" in said
    assert preflight.preflight({"QT_QPA_PLATFORM": "offscreen"}) is None
    web = str(preflight.web_remedy())
    assert "libnss3.so" in web
    assert "apt-get install libnss3" in web


@needs_qt
def test_one_display_that_works_is_enough(monkeypatch: pytest.MonkeyPatch, x11: str, tmp_path: Path) -> None:
    lost = set(libraries.WAYLAND)
    monkeypatch.setattr(libraries, "missing", lambda names: tuple(name for name in names if name in lost))
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "wayland-0"))
        compositor.listen()
        environ = {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-0", "DISPLAY": x11}
        assert preflight.preflight(environ) is None
        assert "libwayland" in str(preflight.preflight({**environ, "DISPLAY": ""}))


def test_without_qt_the_message_says_how_to_install_it() -> None:
    script = (
        "import importlib.util as u; found = u.find_spec; "
        "u.find_spec = lambda name, *rest: None if name == 'PySide6' else found(name, *rest); "
        "from meld_desktop.doctor.preflight import preflight; print(preflight())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "pip install 'PySide6" in done.stdout


def test_the_quick_look_loads_neither_qt_nor_other_slow_modules() -> None:
    script = (
        "import sys; from meld_desktop.doctor.preflight import preflight; preflight({'QT_QPA_PLATFORM': 'offscreen'}); "
        "print({'PySide6', 'subprocess', 'keyring', 'httpx', 'dataclasses', 'ctypes'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.strip() == "set()"


HIDE = 'mount --bind /dev/null "$1" && shift && exec "$@"'


def _hidden(library: Path, *command: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run ``command`` where ``library`` is an empty file."""
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", HIDE, "sh", str(library), *command],
        capture_output=True,
        text=True,
        env={**os.environ, **environ},
    )


@needs_qt
def test_where_qt_would_abort_the_message_comes_instead(x11: str) -> None:
    path = libraries._cached().get("libxcb-cursor.so.0")
    if path is None or libraries.missing(libraries.XCB):
        pytest.skip("the libraries of the X11 plugin are not installed")
    if _hidden(Path(path), "true", environ={}).returncode:
        pytest.skip("no right to hide a file (needs root and mount namespaces)")
    environ = {"DISPLAY": x11, "QT_QPA_PLATFORM": "", "WAYLAND_DISPLAY": "", "XDG_SESSION_TYPE": "x11"}
    bare = _hidden(Path(path), sys.executable, "-c", probe.WINDOW, environ=environ)
    assert bare.returncode in {-signal.SIGABRT, 128 + signal.SIGABRT}
    script = "from meld_desktop.doctor.preflight import preflight; print(preflight())"
    looked = _hidden(Path(path), sys.executable, "-c", script, environ=environ)
    assert looked.returncode == 0
    assert "System libraries are missing: libxcb-cursor.so.0." in looked.stdout
    if packages.os_release().get("ID") == "debian":
        assert looked.stdout.rstrip().endswith("apt-get install libxcb-cursor0")


# --- the full check-up


class Answers:
    """Answers the probes as told, and remembers which were asked."""

    def __init__(self, **answers: probe.Answer) -> None:
        self._answers = answers
        self.asked: list[str] = []

    def __call__(self, script: str, seconds: float, environ: Mapping[str, str]) -> probe.Answer:
        name = {probe.WINDOW: "window", probe.WEB: "web", probe.KEYRING: "keyring"}[script]
        self.asked.append(name)
        default = {"window": "offscreen", "web": "6.1 140", "keyring": "keyring.backends.SecretService\t\tGNOME"}
        return self._answers.get(name, probe.Answer(ok=True, said=default[name]))


OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


def findings(environ: dict[str, str], ask: checks.Ask) -> dict[str, checks.Finding]:
    return {str(finding.name): finding for finding in checks.run(environ, ask)}


@needs_qt
def test_all_is_well() -> None:
    if libraries.missing((*libraries.QT, *libraries.WEB)):
        pytest.skip("libraries are missing here")
    found = findings(OFFSCREEN, Answers())
    assert {name for name, finding in found.items() if not finding.ok} <= {"Fonts"}
    assert {"Display", "Qt libraries", "Qt starts", "Web view libraries", "Web view loads", "Keyring"} <= found.keys()
    assert checks.one_remedy([finding for finding in found.values() if finding.ok]) is None


@needs_qt
def test_what_cannot_work_is_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = {"libxkbcommon.so.0", "libnss3.so"}
    monkeypatch.setattr(libraries, "missing", lambda names: tuple(name for name in names if name in lost))
    monkeypatch.setattr(packages, "os_release", lambda: NOBLE)
    ask = Answers(keyring=probe.Answer(ok=True, said="keyring.backends.fail\t\tfail"))
    found = findings(OFFSCREEN, ask)
    assert ask.asked == ["keyring"]
    assert not found["Qt libraries"].ok
    assert not found["Web view libraries"].ok
    assert "apt-get install gnome-keyring libnss3 libxkbcommon0" in str(checks.one_remedy([*found.values()]))


@needs_qt
def test_a_window_that_dies_is_told_with_its_last_words() -> None:
    ask = Answers(
        window=probe.Answer(ok=False, said="could not load the platform plugin"),
        web=probe.Answer(ok=False, said="", timed_out=True),
    )
    found = findings(OFFSCREEN, ask)
    assert "could not load the platform plugin" in str(found["Qt starts"].text)
    assert "--force-reinstall 'PySide6" in str(found["Qt starts"].remedy)
    assert "no answer in time" in str(found["Web view loads"].text)


@needs_qt
def test_no_display_is_a_finding() -> None:
    ask = Answers()
    found = findings({}, ask)
    assert not found["Display"].ok
    assert "window" not in ask.asked


@pytest.mark.parametrize(
    ("answer", "ok", "words"),
    [
        (probe.Answer(ok=True, said="keyring.backends.SecretService\t\tSecretService Keyring"), True, "SecretService"),
        (probe.Answer(ok=True, said="keyring.backends.SecretService\tlocked\tSecret"), True, "locked"),
        (probe.Answer(ok=True, said="keyring.backends.fail\t\tfail"), False, "none found"),
        (probe.Answer(ok=True, said="keyrings.alt.file\t\tPlaintext"), False, "none found"),
        (probe.Answer(ok=False, said="ModuleNotFoundError: keyring"), False, "none found"),
        (probe.Answer(ok=False, said="", timed_out=True), False, "does not answer within 3 seconds"),
    ],
)
def test_the_keyring(answer: probe.Answer, ok: bool, words: str) -> None:
    found = findings(OFFSCREEN, Answers(keyring=answer))["Keyring"]
    assert found.ok is ok
    assert words in str(found.text)
    assert (found.remedy is not None) is not ok


def test_a_probe_answers_whatever_happens_to_it() -> None:
    assert probe.ask("print('one'); print('two')", 20, os.environ) == probe.Answer(ok=True, said="two")
    assert probe.ask("import sys; sys.exit('bad')", 20, os.environ) == probe.Answer(ok=False, said="bad")
    killed = probe.ask("import os, signal; os.kill(os.getpid(), signal.SIGABRT)", 20, os.environ)
    assert killed == probe.Answer(ok=False, said=f"exit status {-signal.SIGABRT}")


def _runs(process: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_probe_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    note = tmp_path / "child"
    script = (
        "import pathlib, subprocess, sys, time; child = subprocess.Popen(['sleep', '60']); "
        f"pathlib.Path({str(note)!r}).write_text(str(child.pid)); time.sleep(60)"
    )
    started = time.monotonic()
    assert probe.ask(script, 3, os.environ).timed_out
    assert time.monotonic() - started < 30
    assert note.exists(), "the probe had no time to start its child"
    child = int(note.read_text())
    ended = time.monotonic() + 10  # it was killed; on a busy machine its end takes a moment
    while _runs(child) and time.monotonic() < ended:
        time.sleep(0.01)
    assert not _runs(child)


def test_the_keyring_probe_is_well_formed() -> None:
    pytest.importorskip("keyring")
    answer = probe.ask(probe.KEYRING, 20, {**os.environ, "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"})
    assert answer.ok, answer.said
    assert answer.said.startswith("keyring.backends.fail\t\t")


def test_fonts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    folder = tmp_path / "fonts"
    (folder / "truetype").mkdir(parents=True)
    (folder / "fixed.pcf.gz").touch()
    assert not fonts.has_scalable_font([str(folder)])
    (folder / "truetype" / "Sans.TTF").touch()
    assert fonts.has_scalable_font([str(folder)])
    lister = tmp_path / "fc-list"
    lister.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    lister.chmod(0o755)
    assert not fonts.has_scalable_font([str(folder)])
    monkeypatch.setattr(fonts, "has_scalable_font", lambda: False)
    found = findings(OFFSCREEN, Answers())["Fonts"]
    assert not found.ok
    assert isinstance(found.remedy, Text)
