"""What can be changed in a form so that more banks are shown, and the words for it."""

from collections.abc import Iterable
from enum import IntEnum
from functools import cache
from typing import NamedTuple

from meld_desktop.domain.products import LABELS, Product
from meld_desktop.domain.text import NOTHING, QT_TRANSLATE_NOOP, Text


class Act(IntEnum):
    """What a change does, in the order in which changes are listed."""

    MAKE_OPTIONAL = 0
    ADD_REGION = 1
    DROP_REGIONS = 2
    ALLOW_REDIRECT = 3


_NAMES = {
    Act.MAKE_OPTIONAL: "optional",
    Act.ADD_REGION: "add-region",
    Act.DROP_REGIONS: "drop-regions",
    Act.ALLOW_REDIRECT: "allow-redirect",
}


class Change(NamedTuple):
    """One change. ``value`` is the product that becomes optional, or the country that is added; else empty.

    A tuple, because twenty thousand verdicts sort and compare half a million of them.
    """

    act: Act
    value: str = ""

    @property
    def code(self) -> str:
        """The change as scripts read it: ``optional:OWNERS``, ``add-region:CA``, ``drop-regions``."""
        return f"{_NAMES[self.act]}:{self.value}" if self.value else _NAMES[self.act]

    @property
    def words(self) -> Text:
        """The change as the end of "4 more …"."""
        match self.act:
            case Act.MAKE_OPTIONAL:
                product = LABELS[Product(self.value)]
                return Text(QT_TRANSLATE_NOOP("domain", "if {product} were optional"), product=product)
            case Act.ADD_REGION:
                return Text(QT_TRANSLATE_NOOP("domain", "with {region} added"), region=self.value)
            case Act.DROP_REGIONS:
                return Text(QT_TRANSLATE_NOOP("domain", "without regions"))
            case Act.ALLOW_REDIRECT:
                return Text(QT_TRANSLATE_NOOP("domain", "if redirects were allowed"))


Changes = tuple[Change, ...]
"""Several changes made together: sorted, each once."""

DROP_REGIONS = Change(Act.DROP_REGIONS)
ALLOW_REDIRECT = Change(Act.ALLOW_REDIRECT)


@cache
def make_optional(product: Product) -> Change:
    """Return the change that moves a required product to the optional ones."""
    return Change(Act.MAKE_OPTIONAL, product.value)


@cache
def add_region(country: str) -> Change:
    """Return the change that adds a country to the regions of the form."""
    return Change(Act.ADD_REGION, country)


def in_words(changes: Iterable[Change]) -> Text:
    """Return changes as one phrase: "if Owners were optional and with CA added"."""
    said = NOTHING
    for change in changes:
        joined = Text(QT_TRANSLATE_NOOP("domain", "{first} and {second}"), first=said, second=change.words)
        said = joined if said else change.words
    return said
