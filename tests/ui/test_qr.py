"""The QR code: an independent reader reads the link from what is painted, at every size and in every theme."""

import os
import subprocess
import sys
from datetime import timedelta
from itertools import groupby
from pathlib import Path

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from meld_desktop.domain.environments import SANDBOX
from meld_desktop.ui.result.link_bar import LinkBar
from meld_desktop.ui.result.qr_dialog import QrCode, QrDialog
from meld_desktop.ui.theme.choice import ThemeChoice
from tests.ui.bench import Bench
from tests.ui.conftest import MakeBench
from tests.ui.geometry import cut_in, settle
from tests.ui.links import URL, HandClock, made_link

_ROOT = Path(__file__).parents[2]


def lines_of(image: QImage) -> list[bytes]:
    """Return the pixels of ``image``, a byte each: 0 is black, 255 is white."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels, line = bytes(grey.constBits()), grey.bytesPerLine()
    return [pixels[y * line : y * line + grey.width()] for y in range(grey.height())]


def read(image: QImage) -> list[str]:
    """Return what a reader that is not ours finds in ``image``."""
    shape = [image.height(), image.width()]
    return [found.text for found in zxingcpp.read_barcodes(memoryview(b"".join(lines_of(image))).cast("B", shape))]


def crisp_module(image: QImage) -> int:
    """Return how many pixels wide a module is; all must be whole, with four of them white around the code."""
    lines = lines_of(image)
    first = next(y for y, line in enumerate(lines) if 0 in line)
    left = lines[first].index(0)
    module = len(list(next(run for shade, run in groupby(lines[first]) if shade == 0))) // 7
    assert min(first, left) >= 4 * module
    for line in set(lines):
        runs = [len(list(run)) for _, run in groupby(line[left : line.rfind(0) + 1])]
        assert all(run % module == 0 for run in runs), (module, runs)
    return module


def picture(widget: QWidget) -> QImage:
    settle()
    return widget.grab().toImage()


@pytest.fixture
def bar(make_bench: MakeBench, clock: HandClock, qtbot: QtBot) -> LinkBar:
    bench = make_bench(environment=SANDBOX)
    bar = LinkBar(bench.theme, clock, bench.window, now=clock)
    bar.resize(900, 60)
    bar.show()
    bar.show_link(made_link())
    return bar


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def opened(bar: LinkBar) -> QrDialog:
    assert bar.qr.accessibleName() == "QR code"
    bar.qr.click()
    (dialog,) = bar.window().findChildren(QrDialog)
    settle()
    assert dialog.isVisible()
    return dialog


def code_of(dialog: QrDialog) -> QrCode:
    (code,) = dialog.findChildren(QrCode)
    return code


def words(dialog: QrDialog) -> str:
    return " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def test_a_reader_reads_the_link(bar: LinkBar, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bar.qr_shown):
        dialog = opened(bar)
    assert read(picture(dialog)) == [URL]
    dialog.reject()


@pytest.mark.parametrize("choice", list(ThemeChoice))
def test_it_is_black_on_white_in_every_theme(make_bench: MakeBench, choice: ThemeChoice) -> None:
    bench = make_bench()
    bench.theme.choose(choice)
    dialog = QrDialog(made_link(), "", bench.window)
    dialog.open()
    image = picture(code_of(dialog))
    assert set(b"".join(lines_of(image))) == {0, 255}
    assert read(picture(dialog)) == [URL]
    dialog.reject()


@pytest.mark.parametrize("length", [40, 200, 600, 1200, 2900])
def test_each_length_is_crisp_and_has_its_quiet_zone(bench: Bench, length: int) -> None:
    url = "https://x.example/?connectToken=".ljust(length, "k")
    dialog = QrDialog(made_link(url=url), "", bench.window)
    dialog.open()
    code = code_of(dialog)
    image = picture(code)
    assert image.width() == image.height() <= 420
    assert crisp_module(image) >= 2
    assert read(image) == [url]
    assert cut_in(dialog) == []
    dialog.reject()


def test_a_link_that_fits_into_no_code(bench: Bench) -> None:
    dialog = QrDialog(made_link(url="https://x.example/?connectToken=" + "k" * 3000), "Works until 16:00", bench.window)
    dialog.open()
    assert not dialog.findChildren(QrCode)
    assert "too long for a QR code" in words(dialog)
    dialog.reject()


def test_it_says_until_when_and_whose_it_is(bar: LinkBar) -> None:
    dialog = opened(bar)
    assert bar.works_until(made_link()) in words(dialog)
    assert "Works until" in words(dialog)
    assert "Whoever scans this has the customer's link" in words(dialog)
    assert cut_in(dialog) == []
    dialog.reject()


def test_escape_closes_it(bar: LinkBar) -> None:
    dialog = opened(bar)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    settle()
    assert not bar.window().findChildren(QrDialog)


def test_an_expired_link_takes_its_code_away(bar: LinkBar, clock: HandClock) -> None:
    dialog = opened(bar)
    clock.go(hours=4)
    bar.refresh()
    assert read(picture(dialog)) == []
    assert "This link has expired" in words(dialog)
    assert "scan" not in words(dialog).lower()
    dialog.reject()


def test_pictures_of_the_window_do_not_have_it(bar: LinkBar) -> None:
    dialog = opened(bar)
    assert read(picture(bar.window())) == []
    shown = [dialog, *dialog.findChildren(QWidget)]
    texts = [text for widget in shown for text in (widget.accessibleName(), widget.accessibleDescription())]
    assert not [text for text in (*texts, words(dialog), dialog.windowTitle()) if "connectToken" in text]
    assert not any("connectToken" in str(vars(widget)) for widget in shown)
    dialog.reject()


def test_segno_waits_until_it_is_needed() -> None:
    program = "import sys, meld_desktop.ui.result.link_bar; raise SystemExit('segno' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=_ROOT, timeout=60, check=False).returncode == 0


@pytest.mark.parametrize("scale", ["1.25", "1.5", "2", "3"])
def test_it_is_crisp_at_every_scale(scale: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.test_qr"],
        cwd=_ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.split() == [f"{float(scale)}", "2", "2", "2", "2"], done.stderr


def main() -> None:
    """Print the scale and, for links of several lengths, the number of colours, in a process of its own."""
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    said = []
    for length in (60, 300, 500, 700):
        url = URL[:60].ljust(length, "k")
        dialog = QrDialog(made_link(timedelta(hours=1), url=url), "")
        dialog.open()
        image = picture(code_of(dialog))
        assert crisp_module(image) >= 2
        assert read(image) == [url]
        said.append(len(set(b"".join(lines_of(image)))))
        ratio = dialog.devicePixelRatioF()
        dialog.reject()
    sys.stdout.write(f"{ratio} {' '.join(map(str, said))}\n")
    del application


if __name__ == "__main__":
    main()
