"""What the source of the window promises: texts that can be translated, and modules that stay small."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2] / "meld_desktop"
_FILES = sorted(path for room in ("ui", "app", "web") for path in (_ROOT / room).rglob("*.py"))
_TRANSLATES = {"tr", "translate"}
_SHOWS = {
    *("QLabel", "QPushButton", "QCheckBox", "QAction", "Paragraph", "Message", "Activity", "Fold"),
    *("setText", "setWindowTitle", "setToolTip", "setAccessibleName", "setAccessibleDescription", "setInformativeText"),
    *("setPlaceholderText", "addAction", "addItem", "addTab", "addButton", "show_words", "say", "setStatusTip"),
}
_SAME_EVERYWHERE = {"Meld Desktop", "https://api-sb.meld.io", "POST "}
_ICONS = {"link", "warning", "info", "error"}


def _calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def _ids(path: Path) -> str:
    return str(path.relative_to(_ROOT))


def formatted_too_early(path: Path) -> list[str]:
    """Return calls that translate something other than a literal: no translator can know it."""
    bad = []
    for name, call in _calls(path):
        if name not in _TRANSLATES or not call.args:
            continue
        texts = call.args[1:2] if name == "translate" and len(call.args) > 1 else call.args[:1]
        for text in texts:
            literal = isinstance(text, ast.Constant) and isinstance(text.value, str)
            handed_on = isinstance(text, ast.Name | ast.Attribute)
            if not literal and not handed_on:
                bad.append(f"{path.name}:{call.lineno} {ast.unparse(text)}")
    return bad


def bare_words(path: Path) -> list[str]:
    """Return literals with letters in them that are shown without being translated."""
    bad = []
    for name, call in _calls(path):
        if name not in _SHOWS:
            continue
        for argument in call.args:
            parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
            for part in parts:
                if not isinstance(part, ast.Constant) or not isinstance(part.value, str):
                    continue
                text = part.value
                if text in _SAME_EVERYWHERE | _ICONS or _is_look(name, text):
                    continue
                if any(letter.isalpha() for letter in text):
                    bad.append(f"{path.name}:{call.lineno} {text!r}")
    return bad


def _is_look(name: str, text: str) -> bool:
    """Say whether the literal is the role a style sheet selects by."""
    return name == "Paragraph" and text in {"column", "heading", "hint", "soft", "title"}


@pytest.mark.parametrize("path", _FILES, ids=_ids)
def test_texts_are_translated_before_they_are_filled_in(path: Path) -> None:
    assert formatted_too_early(path) == []


@pytest.mark.parametrize("path", _FILES, ids=_ids)
def test_nothing_is_shown_that_is_not_translated(path: Path) -> None:
    assert bare_words(path) == []


def test_the_lint_sees_the_usual_slips(tmp_path: Path) -> None:
    slips = tmp_path / "slips.py"
    slips.write_text(
        'self.tr(f"Hello {name}")\n'
        'self.tr("Hello {}".format(name))\n'
        'self.tr("Hello " + name)\n'
        'QCoreApplication.translate("X", f"a {b}")\n'
        'label.setText("Hello")\n'
        'label.setToolTip(f"Hello {name}")\n'
        'QPushButton("Go", self)\n'
    )
    assert len(formatted_too_early(slips)) == 4
    assert len(bare_words(slips)) == 3


@pytest.mark.parametrize("path", sorted(_ROOT.rglob("*.py")), ids=_ids)
def test_no_module_has_a_second_thing_in_it(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize("name", ["main_window.py", "content.py"])
def test_the_window_itself_stays_small(name: str) -> None:
    lines = (_ROOT / "ui" / name).read_text("utf-8").splitlines()
    code = [line for line in lines if line.strip() and not line.strip().startswith("#")]
    assert len(code) <= 250
