"""Sentences for people, made where Qt is not: marked for translation here, translated where they are shown.

A module that cannot import Qt writes ``Text(QT_TRANSLATE_NOOP("domain", "No key for {host}."), host=host)``. The
window translates ``Text.source`` and fills in the values; the command line prints ``str(text)``, which is English.
"""

from collections.abc import Callable, Mapping


def QT_TRANSLATE_NOOP(context: str, source: str) -> str:  # noqa: N802 - lupdate looks for this name
    """Mark ``source`` for translation in ``context`` and return it unchanged (Qt Linguist's convention)."""
    del context
    return source


class Text:
    """A sentence with named gaps. Immutable; equal when source and values are equal."""

    __slots__ = ("source", "values")

    source: str
    values: Mapping[str, object]

    def __init__(self, source: str, **values: object) -> None:
        object.__setattr__(self, "source", source)
        object.__setattr__(self, "values", values)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Text is immutable: {name}")

    def render(self, translate: Callable[[str], str]) -> str:
        """Return the sentence with ``translate`` applied to its source, and to any value that is a Text."""
        filled = {
            name: value.render(translate) if isinstance(value, Text) else value for name, value in self.values.items()
        }
        return translate(self.source).format(**filled) if filled else translate(self.source)

    def __str__(self) -> str:
        return self.render(str)

    def __repr__(self) -> str:
        return f"Text({str(self)!r})"

    def __bool__(self) -> bool:
        return bool(self.source)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and (self.source, dict(self.values)) == (other.source, dict(other.values))

    def __hash__(self) -> int:
        return hash((self.source, str(self)))


NOTHING = Text("")
"""The empty sentence."""
