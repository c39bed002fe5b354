"""The looks: enough contrast, switched live, no small print."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from meld_desktop.domain.environments import SANDBOX
from meld_desktop.storage.settings import Settings
from meld_desktop.ui.messages import Message, Tone
from meld_desktop.ui.theme.choice import ThemeChoice
from meld_desktop.ui.theme.stylesheet import stylesheet_for
from meld_desktop.ui.theme.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Tokens, tokens_for
from tests.ui.bench import BROKEN, Bench
from tests.ui.conftest import MakeBench

SETS = (LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK)
SURFACES = ("background", "panel", "field")
PAIRS = [
    *[(ink, surface) for ink in ("text", "soft", "accent") for surface in SURFACES],
    *[(ink, surface) for ink in ("error", "warning") for surface in ("background", "panel")],
    *[(tone, f"{tone}_background") for tone in ("info", "success", "warning", "error")],
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("accent", "accent_soft"),
    ("text", "accent_soft"),
    ("panel", "text"),
    ("info", "panel"),
]


def luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2)."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio (WCAG 2.2)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_is_that_of_the_recommendation() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("tokens", SETS, ids=lambda tokens: tokens.name)
@pytest.mark.parametrize("pair", PAIRS, ids=" on ".join)
def test_text_stands_out_from_what_it_stands_on(tokens: Tokens, pair: tuple[str, str]) -> None:
    ink, surface = (str(getattr(tokens, name)) for name in pair)
    assert contrast(ink, surface) >= (7.0 if tokens.name.startswith("contrast") else 4.5)


@pytest.mark.parametrize("tokens", SETS, ids=lambda tokens: tokens.name)
def test_outlines_and_marks_stand_out(tokens: Tokens) -> None:
    assert contrast(tokens.accent, tokens.panel) >= 3  # focus rings (1.4.11)
    assert contrast(tokens.soft, tokens.field) >= 3  # the frame of an empty check box
    if tokens.name.startswith("contrast"):
        assert contrast(tokens.border, tokens.panel) >= 3
        assert contrast(tokens.disabled, tokens.panel) >= 4.5


def _blocks(tokens: Tokens) -> list[tuple[str, dict[str, str]]]:
    sheet = stylesheet_for(tokens, 10.5)
    found = []
    for selector, body in re.findall(r"([^{}]+)\{([^}]*)\}", sheet):
        pairs = (line.split(":", 1) for line in body.split(";") if ":" in line)
        found.append((" ".join(selector.split()), {name.strip(): value.strip() for name, value in pairs}))
    return found


@pytest.mark.parametrize("tokens", SETS, ids=lambda tokens: tokens.name)
def test_each_rule_with_both_colours_is_readable(tokens: Tokens) -> None:
    least = 7.0 if tokens.name.startswith("contrast") else 4.5
    checked = 0
    for selector, rule in _blocks(tokens):
        ink, surface = rule.get("color", ""), rule.get("background", "")
        if not (ink.startswith("#") and surface.startswith("#")):
            continue
        if ":disabled" in selector and "primary" not in selector:
            assert contrast(ink, surface) >= 2.5, selector  # out of use: WCAG asks for nothing
            continue
        checked += 1
        assert contrast(ink, surface) >= least, f"{selector}: {ink} on {surface}"
    assert checked > 10


@pytest.mark.parametrize("dark", [False, True])
def test_sets_are_chosen_by_scheme(dark: bool) -> None:
    assert tokens_for(dark=dark, contrast=False) is (DARK if dark else LIGHT)
    assert tokens_for(dark=dark, contrast=True) is (CONTRAST_DARK if dark else CONTRAST_LIGHT)


@pytest.mark.parametrize(
    ("entry", "choice", "tokens"),
    [
        ("Dark", ThemeChoice.DARK, DARK),
        ("High contrast", ThemeChoice.CONTRAST, CONTRAST_LIGHT),
        ("Same as the system", ThemeChoice.SYSTEM, LIGHT),
    ],
)
def test_the_look_is_switched_live_from_the_menu(bench: Bench, entry: str, choice: ThemeChoice, tokens: Tokens) -> None:
    bench.theme.choose(ThemeChoice.DARK if choice is ThemeChoice.SYSTEM else ThemeChoice.LIGHT)
    before = bench.window.grab().toImage().pixelColor(700, 300)
    icon = bench.window.header.grab().toImage()
    bench.action("Theme", entry).trigger()
    assert bench.theme.tokens is tokens
    assert bench.preferences.settings.theme == choice.value
    assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(tokens.panel)
    after = bench.window.grab().toImage()
    assert after.pixelColor(700, 300).name() == tokens.background
    assert after.pixelColor(700, 300) != before
    assert bench.window.header.grab().toImage() != icon


def test_the_menu_ticks_the_look_in_use(make_bench: MakeBench) -> None:
    bench = make_bench(settings=Settings(theme="contrast"))
    ticked = [
        choice
        for choice in ("Same as the system", "Light", "Dark", "High contrast")
        if bench.action("Theme", choice).isChecked()
    ]
    assert ticked == ["High contrast"]


def test_placeholders_are_as_readable_as_hints(bench: Bench) -> None:
    for choice, tokens in (
        (ThemeChoice.LIGHT, LIGHT),
        (ThemeChoice.DARK, DARK),
        (ThemeChoice.CONTRAST, CONTRAST_LIGHT),
    ):
        bench.theme.choose(choice)
        for line in bench.window.findChildren(QLineEdit):
            if line.isVisible() and line.isEnabled() and line.placeholderText():
                line.ensurePolished()
                colour = line.palette().color(QPalette.ColorGroup.Active, QPalette.ColorRole.PlaceholderText)
                assert colour.name(QColor.NameFormat.HexArgb) == "#ff" + tokens.soft[1:], line.accessibleName()


def test_nothing_is_printed_smaller_than_twelve_pixels(bench: Bench) -> None:
    bench.content.use_environment(SANDBOX)
    bench.form.set_request(BROKEN)
    bench.form.appearance.set_open(True)
    bench.strip.show_message(Message(Tone.ERROR, "Trouble", "Text", details="d", request_id="r"))
    bench.content.open_key_dialog()
    seen = 0
    for widget in bench.window.findChildren(QWidget):
        if isinstance(widget, QWidget):
            widget.ensurePolished()
            assert QFontInfo(widget.font()).pixelSize() >= 12, widget
            seen += 1
    assert seen > 100
    bench.dialog().reject()


def test_the_system_switching_to_dark_is_followed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.theme.choose(ThemeChoice.SYSTEM)
    assert bench.theme.tokens is LIGHT
    dark = Qt.ColorScheme.Dark
    monkeypatch.setattr(type(QApplication.styleHints()), "colorScheme", lambda _hints: dark)
    QApplication.styleHints().colorSchemeChanged.emit(dark)
    assert bench.theme.tokens is DARK


def test_no_look_is_applied_twice(bench: Bench) -> None:
    changes = []
    bench.theme.changed.connect(lambda: changes.append(1))
    bench.theme.choose(ThemeChoice.LIGHT)
    bench.theme.choose(ThemeChoice.DARK)
    assert changes == [1]
