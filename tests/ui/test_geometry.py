"""Nothing is ever cut off: at the smallest size, at the usual one, and at 200 %."""

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.bench import Bench
from tests.ui.geometry import cut_in, sweep

_ROOT = Path(__file__).parents[2]


def test_nothing_is_cut(bench: Bench, qtbot: QtBot) -> None:
    assert sweep(bench) == []


def test_nothing_is_cut_at_twice_the_size(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.geometry", str(tmp_path)],
        cwd=_ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "2"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.splitlines() == ["the scale is 2.0"], done.stderr


def test_the_sweep_sees_what_is_cut(bench: Bench) -> None:
    assert cut_in(bench.window) == []
    bench.panel.create_button.setFixedWidth(40)
    (said, *_) = cut_in(bench.window)
    assert "Create link" in said
    label = bench.window.findChild(QLabel, "brand")
    assert label is not None
    label.setFixedHeight(4)
    assert any("Meld Desktop" in said for said in cut_in(bench.window))


def test_the_smallest_window_is_as_small_as_promised(bench: Bench) -> None:
    assert (bench.window.minimumWidth(), bench.window.minimumHeight()) == (1024, 640)
