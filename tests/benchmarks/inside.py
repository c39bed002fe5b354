"""What the running window does: key presses, stalls, the way to the widget, fifty links."""

import json
import statistics
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.processes import environment, run
from tests.benchmarks.table import Row
from tests.support.strict_meld import Request, StrictMeld, _Handler


class TimedMeld(StrictMeld):
    """Knows how long each of its answers took."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    def answer(self, handler: _Handler, request: Request) -> None:
        """Answer, with a look at the clock before and after."""
        started = time.perf_counter()
        super().answer(handler, request)
        self.seconds.append(time.perf_counter() - started)


def completion(home: Path, runs: int) -> list[Row]:
    """A key press in *Add region*, and the search behind it."""
    found = _measure("completion", home, runs)
    return [
        Row(
            "region completion, a key press", 1000 * found["search_max"], 5, "ms", _ms("median", found["search_median"])
        ),
        Row(
            "the same with all the field does",
            1000 * found["press_max"],
            16,
            "ms",
            _ms("median", found["press_median"]),
        ),
    ]


def stalls(home: Path, runs: int) -> list[Row]:
    """The longest stall of the GUI thread in any action."""
    found: dict[str, float] = _measure("stalls", home, runs)
    worst = sorted(found.items(), key=lambda entry: -entry[1])
    named = "; ".join(_ms(name, seconds) for name, seconds in worst)
    return [Row("longest stall of the GUI thread", 1000 * worst[0][1], 50, "ms", named)]


def navigation(home: Path, runs: int) -> list[Row]:
    """From *Create link* to the widget, beyond the server's own time."""
    with TimedMeld() as server:
        found = _measure("navigation", home, runs, server.url)
        own = statistics.median(server.seconds)
    begun, shown = (1000 * (statistics.median(found[key]) - own) for key in ("started", "shown"))
    detail = f"median of {runs}; until the view begins to load {shown:.1f} ms; the server's own {1000 * own:.1f} ms"
    return [Row("Create link → navigation starts", begun, 15, "ms", detail)]


def many_links(home: Path, count: int) -> list[Row]:
    """What the program holds after ``count`` links, against the tenth."""
    found = _measure("many_links", home, count)
    early, late = found["early"], found["late"]
    named = "; ".join(f"{name} {early[name]:.0f} → {late[name]:.0f}" for name in early)
    grown = sum(max(0.0, late[name] - early[name]) for name in ("processes", "threads", "files"))
    return [
        Row(f"{count} links: processes, threads, files more", grown, 0, "", named),
        Row(f"{count} links: memory", late["MiB"] / early["MiB"], 1.05, "x", "after the tenth and the last"),
    ]


def _measure(what: str, home: Path, count: int, *url: str) -> Any:
    command = ["-m", "tests.benchmarks.programs.inside", what, str(home), str(count), *url]
    return json.loads(run(command, environment(home, MELD_API_KEY="benchmark")).out.splitlines()[-1])


def _ms(name: str, seconds: float) -> str:
    return f"{name} {1000 * seconds:.1f} ms"
