"""What the window remembers over a restart, and what it must not."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from meld_desktop.domain.environments import SANDBOX
from meld_desktop.storage.settings import Settings, load_settings
from meld_desktop.ui.theme.choice import ThemeChoice
from tests.ui.bench import FULL
from tests.ui.conftest import MakeBench


def test_size_splitter_look_and_fold_survive_a_restart(make_bench: MakeBench, tmp_path: Path, qtbot: QtBot) -> None:
    first = make_bench()
    first.window.resize(1024, 700)  # the offscreen screen is 800 px high
    first.panel.setSizes([400, 548])
    first.panel.splitterMoved.emit(400, 1)
    first.form.appearance.set_open(True)
    first.content._choose_theme(ThemeChoice.DARK)
    first.content.use_environment(SANDBOX)
    sizes = first.panel.sizes()
    qtbot.waitUntil(lambda: first.window.height() == 700)
    first.close()

    settings = load_settings(tmp_path / "data")
    assert (settings.theme, settings.environment, settings.appearance_open) == ("dark", "sandbox", True)
    second = make_bench(settings=settings)
    assert (second.window.width(), second.window.height()) == (1024, 700)
    assert second.panel.sizes() == sizes
    assert second.theme.tokens.is_dark
    assert second.line("Font").isVisible()


def test_nothing_typed_about_a_customer_is_kept(make_bench: MakeBench, tmp_path: Path) -> None:
    bench = make_bench()
    bench.form.set_request(FULL)
    bench.window.resize(1300, 800)
    bench.close()
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert kept
    assert b"support-4711" not in kept
    assert b"example.com" not in kept


@pytest.mark.parametrize(
    "settings",
    [
        Settings(geometry="not base64", splitter=(0, 0), theme="light"),
        Settings(geometry="AAAA", splitter=(1, 2, 3), theme="light"),
        Settings(splitter=(-5, 10), theme="light"),
    ],
)
def test_settings_that_make_no_sense_are_passed_over(make_bench: MakeBench, settings: Settings) -> None:
    bench = make_bench(settings=settings)
    assert bench.window.width() >= 1024
    assert all(size > 300 for size in bench.panel.sizes())


def test_a_start_that_changes_nothing_keeps_the_environment(make_bench: MakeBench, tmp_path: Path) -> None:
    first = make_bench()
    first.content.use_environment(SANDBOX)
    first.close()
    before = load_settings(tmp_path / "data")
    make_bench(settings=before, environment=SANDBOX).close()
    assert load_settings(tmp_path / "data").environment == "sandbox"
