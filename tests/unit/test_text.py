"""Sentences with gaps, translated where they are shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.domain.text import NOTHING, QT_TRANSLATE_NOOP, Text

GERMAN = {
    "Add {what} to {place}.": "{place}: {what} hinzufügen.",
    "the key": "der Schlüssel",
    "100 % {done": "100 % {fertig",
}


def test_english() -> None:
    assert str(Text("Add {what} to {place}.", what="it", place="this")) == "Add it to this."
    assert str(NOTHING) == ""
    assert QT_TRANSLATE_NOOP("domain", "unchanged") == "unchanged"


def test_translated_gaps_may_move_and_hold_other_sentences() -> None:
    text = Text("Add {what} to {place}.", what=Text("the key"), place="Meld")
    assert text.render(lambda source: GERMAN[source]) == "Meld: der Schlüssel hinzufügen."


def test_a_sentence_without_values_may_hold_braces() -> None:
    assert str(Text("100 % {done")) == "100 % {done"
    assert Text("100 % {done").render(lambda source: GERMAN[source]) == "100 % {fertig"


@settings(deadline=None, max_examples=50)
@given(st.text())
def test_a_value_is_never_read_as_a_sentence(value: str) -> None:
    assert str(Text("“{value}”", value=value)) == f"“{value}”"


def test_a_value_like_other_values() -> None:
    assert Text("a {x}", x=1) == Text("a {x}", x=1)
    assert hash(Text("a {x}", x=1)) == hash(Text("a {x}", x=1))
    assert Text("a {x}", x=1) != Text("a {x}", x=2)
    assert Text("a") != "a"
    assert Text("a")
    assert not NOTHING
    with pytest.raises(AttributeError):
        Text("a").source = "b"
