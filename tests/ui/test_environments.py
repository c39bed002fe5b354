"""The environment: unmistakable in colour, text and title, and its own address dialog."""

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from meld_desktop.domain.environments import DEMO, PRODUCTION, SANDBOX, Environment, custom_environment
from meld_desktop.services.keys import KeySource
from meld_desktop.ui.problem_line import ProblemLine
from tests.support.strict_meld import StrictMeld
from tests.ui.bench import FULL, Bench
from tests.ui.conftest import MakeBench

CUSTOM = custom_environment("https://api.example.com")


def _choose(bench: Bench, text: str) -> None:
    combo = bench.window.header.environment
    place = combo.findText(text)
    assert place >= 0
    combo.setCurrentIndex(place)
    combo.activated.emit(place)


@pytest.mark.parametrize(
    ("environment", "name"),
    [(DEMO, "Demo (offline)"), (SANDBOX, "Sandbox"), (PRODUCTION, "Production"), (CUSTOM, "api.example.com")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_environment_is_told_apart_by_title_text_and_colour(
    make_bench: MakeBench, environment: Environment, name: str
) -> None:
    bench = make_bench(environment=environment)
    combo = bench.window.header.environment
    assert bench.window.windowTitle() == f"Meld Desktop - {name}"
    assert combo.currentText() == name
    colours = _colours(bench)
    for other in (DEMO, SANDBOX, PRODUCTION, CUSTOM):
        if other != environment:
            bench.content.use_environment(other)
            assert _colours(bench) != colours
            assert combo.currentText() != name


def _colours(bench: Bench) -> tuple[str, str]:
    """Return the two most frequent colours of the environment's field."""
    image = bench.window.header.environment.grab().toImage()
    counts: dict[str, int] = {}
    for x in range(4, image.width() - 4, 2):
        for y in range(4, image.height() - 4, 2):
            name = image.pixelColor(x, y).name()
            counts[name] = counts.get(name, 0) + 1
    first, second, *_ = sorted(counts, key=lambda name: -counts[name])
    return first, second


def test_choosing_an_environment_uses_and_remembers_it(bench: Bench) -> None:
    _choose(bench, "Production")
    assert bench.window.windowTitle() == "Meld Desktop - Production"
    assert bench.preferences.settings.environment == "production"
    assert bench.strip.message.text == "Production reaches real customers and real banks."
    assert bench.result.request.detail.text() == "to https://api.meld.io"


def test_the_key_button_is_there_where_a_key_is_needed(bench: Bench) -> None:
    assert not bench.button("API key…").isVisible()
    assert bench.window.header.key_status.text() == "no key needed"
    bench.content.use_environment(SANDBOX)
    assert bench.button("API key…").isVisible()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (KeySource.KEYRING, "key saved"),
        (KeySource.MISSING, "no key yet"),
        (KeySource.SESSION, "key kept until you quit"),
    ],
)
def test_the_header_says_where_the_key_comes_from(
    make_bench: MakeBench, qtbot: QtBot, source: KeySource, words: str
) -> None:
    bench = make_bench()
    if source is KeySource.KEYRING:
        bench.drawer.keys[SANDBOX.host] = "k"
    bench.content.use_environment(SANDBOX)
    if source is KeySource.SESSION:
        bench.keys.keep(SANDBOX, "k")
    qtbot.waitUntil(lambda: bench.window.header.key_status.text() == words)


def test_changing_the_environment_takes_the_link_away(make_bench: MakeBench, meld: StrictMeld, qtbot: QtBot) -> None:
    bench = make_bench(environment=custom_environment(meld.url), environ={"MELD_API_KEY": "k"})
    bench.form.set_request(FULL)
    with qtbot.waitSignal(bench.services.create_link.created):
        bench.panel.create_button.click()
    assert bench.line("Widget URL").text()
    bench.content.use_environment(SANDBOX)
    assert bench.line("Widget URL").text() == ""
    assert bench.result.response.view.toPlainText() == ""
    assert bench.form.request() == FULL


def _address_dialog(bench: Bench) -> tuple[QLineEdit, QPushButton]:
    _choose(bench, "Other address…")
    dialog = bench.dialog()
    line = bench.find(QLineEdit, "API address", dialog)
    (use,) = [button for button in dialog.findChildren(QPushButton) if "Use" in button.text()]
    return line, use


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Enter the whole address of the API, such as https://api-sb.meld.io."),
        ("api.example.com", "Enter the whole address of the API, such as https://api-sb.meld.io."),
        ("http://api.example.com", "An API key may only travel encrypted. Use https:// for this host."),
        ("https://u:p@api.example.com", "The address of the API has no name, password, “?” or “#” in it."),
    ],
)
def test_an_address_that_cannot_be_used_says_why(bench: Bench, typed: str, said: str) -> None:
    line, use = _address_dialog(bench)
    line.setText(typed)
    use.click()
    dialog = bench.dialog()
    assert line.accessibleDescription() == said
    assert said in [text.text for text in _problems(dialog)]
    assert bench.window.windowTitle() == "Meld Desktop - Demo (offline)"
    line.setText(typed + "x")
    assert [text.text for text in _problems(dialog)] == [""]
    dialog.reject()
    assert bench.window.header.environment.currentText() == "Demo (offline)"


def _problems(dialog: QWidget) -> list[ProblemLine]:
    return dialog.findChildren(ProblemLine)


def test_an_address_is_used_and_remembered(bench: Bench) -> None:
    line, use = _address_dialog(bench)
    line.setText(" https://api.example.com/ ")
    use.click()
    assert bench.window.windowTitle() == "Meld Desktop - api.example.com"
    assert bench.preferences.settings.custom_base_url == "https://api.example.com"
    _choose(bench, "Sandbox")
    _choose(bench, "Other address…")
    assert bench.find(QLineEdit, "API address", bench.dialog()).text() == "https://api.example.com"
    bench.dialog().reject()


def test_the_address_of_a_known_environment_is_that_environment(bench: Bench) -> None:
    line, use = _address_dialog(bench)
    line.setText("https://api.meld.io")
    use.click()
    assert bench.window.windowTitle() == "Meld Desktop - Production"
