"""The languages messages are written in, with their words for days, months, products and what is not known."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from meld_desktop.domain.messages.template import Gap
from meld_desktop.domain.products import Product


class Language(StrEnum):
    """A language by its code, which is also the name of its templates' folder."""

    EN = "en"
    ES = "es"
    FR = "fr"
    DE = "de"
    PT = "pt"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language. ``weekdays`` begins with Monday; ``products`` is in the order of ``Product``."""

    name: str
    """What the language calls itself."""
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    products: tuple[str, ...]
    conjunction: str
    clocks_before: str
    """Of two hours with the same name, the one before the clocks go back."""
    clocks_after: str
    otherwise: dict[Gap, str]
    """General words for what is not known."""


WORDS: dict[Language, Words] = {
    Language.EN: Words(
        "English",
        tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()),
        tuple("January February March April May June July August September October November December".split()),
        (
            "account balances",
            "account numbers",
            "investment holdings",
            "investment transactions",
            "account holder details",
            "account transactions",
        ),
        "and",
        "before the clocks go back",
        "after the clocks go back",
        {Gap.BANK: "your bank", Gap.PRODUCTS: "your account details", Gap.EXPIRES: "it expires"},
    ),
    Language.ES: Words(
        "Español",
        tuple("lunes martes miércoles jueves viernes sábado domingo".split()),
        tuple("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()),
        (
            "saldos",
            "números de cuenta",
            "cartera de inversión",
            "operaciones de inversión",
            "datos del titular",
            "movimientos de la cuenta",
        ),
        "y",
        "antes del cambio de hora",
        "después del cambio de hora",
        {Gap.BANK: "su banco", Gap.PRODUCTS: "los datos de su cuenta", Gap.EXPIRES: "su vencimiento"},
    ),
    Language.FR: Words(
        "Français",
        tuple("lundi mardi mercredi jeudi vendredi samedi dimanche".split()),
        tuple("janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()),
        (
            "soldes des comptes",
            "numéros de compte",
            "portefeuille d'investissement",
            "opérations d'investissement",
            "coordonnées du titulaire",
            "opérations du compte",
        ),
        "et",
        "avant le changement d'heure",
        "après le changement d'heure",
        {Gap.BANK: "votre banque", Gap.PRODUCTS: "les données de votre compte", Gap.EXPIRES: "terme prévu"},
    ),
    Language.DE: Words(
        "Deutsch",
        tuple("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split()),
        tuple("Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()),
        (
            "Kontostände",
            "Kontonummern",
            "Wertpapierbestände",
            "Wertpapierumsätze",
            "Angaben zum Kontoinhaber",
            "Kontoumsätze",
        ),
        "und",
        "vor der Zeitumstellung",
        "nach der Zeitumstellung",
        {Gap.BANK: "Ihre Bank", Gap.PRODUCTS: "Ihre Kontodaten", Gap.EXPIRES: "zum Ablauf"},
    ),
    Language.PT: Words(
        "Português",
        tuple("segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo".split()),
        tuple("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split()),
        (
            "saldos das contas",
            "números das contas",
            "carteira de investimentos",
            "movimentações de investimentos",
            "dados do titular",
            "movimentações da conta",
        ),
        "e",
        "antes da mudança de horário",
        "depois da mudança de horário",
        {Gap.BANK: "o seu banco", Gap.PRODUCTS: "os dados da sua conta", Gap.EXPIRES: "o vencimento"},
    ),
}


def language_named(code: str) -> Language | None:
    """Return the language of a code such as ``pt`` or ``pt-BR``, else None."""
    primary = code.strip().lower().replace("_", "-").partition("-")[0]
    return Language(primary) if primary in set(Language) else None


def product_words(products: Iterable[Product], language: Language) -> str:
    """Return ``products`` as a list in the customer's words, each once; empty when there are none."""
    words = WORDS[language]
    wanted = set(products)
    named = [word for product, word in zip(Product, words.products, strict=True) if product in wanted]
    if len(named) < 2:
        return "".join(named)
    comma = "," if language is Language.EN and len(named) > 2 else ""
    return f"{', '.join(named[:-1])}{comma} {words.conjunction} {named[-1]}"
