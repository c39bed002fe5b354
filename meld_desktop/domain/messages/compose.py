"""Puts a message together: a template, what is known about a link, and who reads it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from meld_desktop.domain.messages.languages import WORDS, Language, product_words
from meld_desktop.domain.messages.template import Channel, Gap, Message, Template
from meld_desktop.domain.messages.times import EXAMPLE_MOMENT, expiry_words
from meld_desktop.domain.products import Product
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

SCANNER_WARNING = Text(
    QT_TRANSLATE_NOOP(
        "domain",
        "Mail scanners and link previews may open the link before the customer does. "
        "If it then does not work, make a new link and send it another way.",
    )
)
OPEN_TO_ALL_WARNING = Text(
    QT_TRANSLATE_NOOP(
        "domain", "Whoever has this message can open the link until it expires. Send it to the customer only."
    )
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a link. ``link`` is a secret and is not shown by ``repr``; what is not known is empty."""

    link: str = field(repr=False)
    bank: str = ""
    products: tuple[Product, ...] = ()
    expires: datetime | None = None
    customer: str = ""


EXAMPLE = Facts(
    link="https://institution-connect.meld.io/?connectToken=…",
    bank="Maple Test Bank",
    products=(Product.BALANCES, Product.TRANSACTIONS),
    expires=EXAMPLE_MOMENT,
    customer="support-4711",
)
"""Facts for previews of templates. No link of anybody's."""


def compose(template: Template, facts: Facts, language: Language, zone: tzinfo) -> Message:
    """Return the message for one customer. Raises ValueError without a link, or when ``expires`` is not aware."""
    values = {
        Gap.LINK: facts.link,
        Gap.BANK: facts.bank,
        Gap.PRODUCTS: product_words(facts.products, language),
        Gap.EXPIRES: expiry_words(facts.expires, language, zone) if facts.expires else "",
        Gap.CUSTOMER: facts.customer,
    }
    return template.fill(values, WORDS[language].otherwise)


def all_products(products: Iterable[Product], optional: Iterable[Product]) -> tuple[Product, ...]:
    """Return the required and the optional products together, each once, as a customer shares them."""
    wanted = {*products, *optional}
    return tuple(product for product in Product if product in wanted)


def warnings(channel: Channel) -> tuple[Text, ...]:
    """Return what whoever sends a message must know first. Also chat programs open links, to show a preview."""
    return (OPEN_TO_ALL_WARNING,) if channel is Channel.SMS else (SCANNER_WARNING, OPEN_TO_ALL_WARNING)
