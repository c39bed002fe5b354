"""What may be a key: sent exactly as pasted, outer blanks trimmed."""

import itertools
import string
import traceback

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.domain.keys import UnusableKeyError, clean_key

VISIBLE = string.ascii_letters + string.digits + string.punctuation
keys = st.text(VISIBLE, min_size=1).filter(lambda key: key.strip() == key)
AROUND = ["", " ", "\n", "\r\n", "\t", "\u00a0", "\u200b", "\ufeff", "\u2060 ", " \u200b \u200b "]


@settings(deadline=None, max_examples=50)
@given(keys, st.sampled_from(AROUND), st.sampled_from(AROUND))
def test_only_what_is_around_it_goes(key: str, before: str, after: str) -> None:
    assert clean_key(before + key + after) == key


@settings(deadline=None, max_examples=50)
@given(keys, keys)
def test_blanks_inside_stay(first: str, second: str) -> None:
    assert clean_key(f" {first}  {second} ") == f"{first}  {second}"


@pytest.mark.parametrize("nothing", ["", " ", "\n", "\u200b", " \ufeff ", "\u200b \u200b"])
def test_nothing_is_no_key(nothing: str) -> None:
    with pytest.raises(UnusableKeyError) as caught:
        clean_key(nothing)
    assert "Paste" in str(caught.value.text)


@pytest.mark.parametrize("bad", ["\n", "\r", "\0", "\x1b", "\x7f", "é", "—", "\u200b", "\u00a0", "🔑", "\udc80"])
def test_what_no_header_can_carry(bad: str) -> None:
    with pytest.raises(UnusableKeyError) as caught:
        clean_key(f"geheim{bad}Nis")
    assert "Copy it again" in str(caught.value.text)
    said = "".join([str(caught.value), repr(caught.value), *traceback.format_exception(caught.value)[-1:]])
    assert "geheim" not in said
    assert "Nis" not in said


def test_every_pair_of_a_header_safe_character_passes() -> None:
    for pair in itertools.product(VISIBLE, repeat=2):
        assert clean_key("".join(pair)) == "".join(pair)
