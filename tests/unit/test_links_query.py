"""What the list of links can be asked, and how texts are compared."""

import pytest

from meld_desktop.domain.links.query import SORTS, LinkQuery, folded, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Crédit  AGRICOLE\n", "credit agricole"),
        ("STRASSE straße", "strasse strasse"),
        ("ﬁnance Ⅳ", "finance iv"),
        ("a\x1fb\x00c\u200bd", "a b c d"),
        ("Ζωή", "ζωη"),
        ("İstanbul", "istanbul"),
        ("李 雷", "李 雷"),
        ("´", ""),
        ("", ""),
        ("x_y-z.7", "x_y-z.7"),
    ],
)
def test_folded(text: str, expected: str) -> None:
    assert folded(text) == expected
    assert folded(folded(text)) == folded(text)


def test_folding_leaves_no_control_character() -> None:
    every = "".join(chr(code) for code in range(0x3000) if not 0xD800 <= code < 0xE000)
    assert all(each.isprintable() for each in folded(every))


def test_words() -> None:
    assert words(" Ann  ann BOB\tann ") == ("ann", "bob")
    assert words(" \n ") == ()


def test_an_order_that_is_none() -> None:
    with pytest.raises(ValueError, match="colour"):
        LinkQuery(sort="colour")
    assert {LinkQuery(sort=order).sort for order in SORTS} == set(SORTS)
    assert LinkQuery() == LinkQuery(sort="made", descending=True)
