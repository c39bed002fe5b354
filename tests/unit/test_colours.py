"""CSS colours, by the examples and the grammar of CSS Color Module Level 4."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meld_desktop.domain.colours import NAMED, is_colour


@pytest.mark.parametrize(
    "text",
    [
        "#fff", "#FFFF", "#0B6E6E", "#0b6e6eff", "teal", "Teal", "REBECCAPURPLE", "transparent", "grey", "gray",
        "rgb(1,2,3)", "rgb(1 2 3)", "rgb( 1 , 2 , 3 )", "rgba(1,2,3,.5)", "rgb(1 2 3 / 50%)", "RGB(10%,20%,30%)",
        "hsl(120,50%,50%)", "hsl(120deg 50% 50%)", "hsla(.5turn,50%,50%,1)", "hsl(-30 50% 50%)",
    ],
)  # fmt: skip
def test_colours(text: str) -> None:
    assert is_colour(text)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "#", "#ff", "#fffff", "#ggg", "fff", "#fff ", " teal", "teal;", "ocean", "rgb()", "rgb(1,2)",
        "rgb(1,2,3", "#fff\n",
        "rgb(1,2,3);background:url(https://evil)", "url(https://evil)", "expression(alert(1))", "var(--x)", "red blue",
    ],
)  # fmt: skip
def test_what_is_no_colour(text: str) -> None:
    assert not is_colour(text)


@settings(deadline=None, max_examples=50)
@given(st.text(string.hexdigits, min_size=1, max_size=10))
def test_only_the_four_lengths_of_hex(digits: str) -> None:
    assert is_colour("#" + digits) == (len(digits) in {3, 4, 6, 8})


def test_all_the_named_colours() -> None:
    assert len(NAMED) == 148 + 1  # CSS Color 4, 6.1, and transparent
    assert {f"{stem}gray" for stem in ("", "dark", "dim", "light", "slate", "darkslate", "lightslate")} <= NAMED
    assert {f"{stem}grey" for stem in ("", "dark", "dim", "light", "slate", "darkslate", "lightslate")} <= NAMED
