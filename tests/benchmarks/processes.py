"""Whole processes side by side: started in turn, A B A B, so that a busy machine is busy for both."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(__file__).parent / "programs"
_PATIENCE = 120.0


@dataclass(frozen=True)
class Cost:
    """What one run took: seconds by the clock, and of the processor; ``out`` is what it printed."""

    wall: float
    cpu: float
    out: str


def run(command: Sequence[str], env: Mapping[str, str]) -> Cost:
    """Run ``command`` to its end. Raises ``RuntimeError`` with its words when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *command], env=dict(env), cwd=ROOT, capture_output=True, text=True, timeout=_PATIENCE
    )
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"{command} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, done.stdout)


@dataclass(frozen=True)
class Comparison:
    """The runs of ours and of the bare one, in pairs."""

    ours: tuple[Cost, ...]
    bare: tuple[Cost, ...]

    def ratio(self, quantity: str) -> float:
        """Return the median ratio of a pair: by ``wall`` or ``cpu``."""
        pairs = zip(self.ours, self.bare, strict=True)
        ratios = [float(getattr(a, quantity) / max(getattr(b, quantity), 1e-6)) for a, b in pairs]
        return statistics.median(ratios)

    def detail(self) -> str:
        """Return the medians in milliseconds."""
        parts = []
        for name, runs in (("ours", self.ours), ("bare", self.bare)):
            wall, cpu = (1000 * statistics.median(getattr(run, kind) for run in runs) for kind in ("wall", "cpu"))
            parts.append(f"{name} {wall:.0f} ms, of the processor {cpu:.0f} ms")
        return "; ".join(parts)


def compare(ours: Sequence[str], bare: Sequence[str], env: Mapping[str, str], runs: int) -> Comparison:
    """Run both ``runs`` times in turn, after one run each that fills the caches."""
    for command in (ours, bare):
        run(command, env)
    pairs = [(run(ours, env), run(bare, env)) for _ in range(runs)]
    return Comparison(tuple(a for a, _ in pairs), tuple(b for _, b in pairs))


def environment(home: Path, **extra: str) -> dict[str, str]:
    """Return the environment of a program with nothing of this user's session in it."""
    left_out = {"MELD_API_KEY", "DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "PYTHONDONTWRITEBYTECODE"}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    own = {
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": "offscreen",
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={home}/no-bus",
    }
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        own["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # Chromium refuses its sandbox to root
    return kept | own | extra
