"""How long until the window is there, what it weighs, and what the command line costs."""

import shutil
import statistics
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.processes import PROGRAMS, Comparison, compare, environment
from tests.benchmarks.table import Row
from tests.support.strict_meld import StrictMeld

_WINDOW = ["-m", "tests.benchmarks.programs.window"]
_BARE_WINDOW = str(PROGRAMS / "bare_window.py")


def window_shown(home: Path, runs: int) -> list[Row]:
    """Whole processes until the first paint, and until all is there, on each platform there is here."""
    rows = []
    with _screens() as screens:
        for name, extra in screens.items():
            for until in ("shown", "usable"):
                ours = [*_WINDOW, str(home / "data"), until]
                both = compare(ours, [_BARE_WINDOW], environment(home, **extra), runs)
                rows.append(_ratio(f"window {until} ({name})", both, 1.5))
    return rows


def memory(home: Path, runs: int) -> list[Row]:
    """Resident memory at rest, after the warm-up, before the first widget."""
    both = compare([*_WINDOW, str(home / "data"), "memory"], [_BARE_WINDOW, "memory"], environment(home), runs)
    ours, bare = (statistics.median(int(run.out) for run in side) / 2**20 for side in (both.ours, both.bare))
    return [Row("memory with the window up", ours / bare, 1.7, "x", f"ours {ours:.0f} MiB; bare {bare:.0f} MiB")]


def command_line(home: Path, runs: int) -> list[Row]:
    """``meld-link create`` against the same POST in five lines, to the same server."""
    with StrictMeld() as server:
        words = ["--base-url", server.url, "--customer", "testUser", "--product", "balances", "--region", "US"]
        env = environment(home, MELD_API_KEY="benchmark")
        ours = ["-m", "meld_desktop.cli", "create", *words]
        both = compare(ours, [str(PROGRAMS / "bare_post.py"), server.url], env, runs)
    return [_ratio("meld-link create", both, 1.3)]


def _ratio(what: str, both: Comparison, limit: float) -> Row:
    wall = both.ratio("wall")
    return Row(what, both.ratio("cpu"), limit, "x", f"by the clock {wall:.2f} x; {both.detail()}")


@contextmanager
def _screens() -> Iterator[dict[str, dict[str, str]]]:
    """Give the variables for Qt's offscreen platform and, where Xvfb is installed, for a real X11 screen."""
    screens = {"offscreen": {"QT_QPA_PLATFORM": "offscreen"}}
    if shutil.which("Xvfb") is None:
        yield screens
        return
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            number = server.stdout.readline().strip() if server.stdout else ""
            yield screens | {"X11": {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{number}"}}
        finally:
            server.terminate()
