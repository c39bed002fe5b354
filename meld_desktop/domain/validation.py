"""What is wrong with a request, all at once, each problem at its field; and what is only doubtful.

Rules: the seed first, then OAS and TOK. Where the seed and a prose page disagree, the seed wins: optional products
alone may be sent, with a warning.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from meld_desktop.domain.addresses import is_loopback, split
from meld_desktop.domain.colours import is_colour
from meld_desktop.domain.fields import FIELDS, Kind
from meld_desktop.domain.products import INVESTMENTS, LABELS, Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text


class Severity(Enum):
    """An error keeps the request from being sent; a warning is said, and the request goes out."""

    ERROR = auto()
    WARNING = auto()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to say at one field (``field`` is the field's id)."""

    field: str
    severity: Severity
    text: Text


_ACTIVE_SCHEMES = frozenset({"javascript", "data", "file", "vbscript", "about", "blob", "view-source"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_FORBIDDEN_IN_URL = re.compile(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]")


def check(request: ConnectStartRequest, *, is_region: Callable[[str], bool]) -> list[Problem]:
    """Return every problem of ``request`` in the order of the form; empty when it can be sent without a word.

    ``is_region`` says whether a code is in ISO 3166-1 or 3166-2; it is asked only when there are regions.
    """
    problems = [
        *_customer(request),
        *_products(request),
        *_regions(request, is_region),
        *_bank(request),
        *_redirect(request),
        *_appearance(request),
        *_unsendable(request),
    ]
    order = {spec.id: place for place, spec in enumerate(FIELDS)}
    return sorted(problems, key=lambda problem: (order[problem.field], problem.severity is Severity.WARNING))


def errors_in(problems: list[Problem]) -> list[Problem]:
    """Return those problems that keep the request from being sent."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]


def _error(field: str, text: str, **values: object) -> Problem:
    return Problem(field, Severity.ERROR, Text(text, **values))


def _warning(field: str, text: str, **values: object) -> Problem:
    return Problem(field, Severity.WARNING, Text(text, **values))


def _customer(request: ConnectStartRequest) -> list[Problem]:
    if request.external_customer_id.strip():
        return []
    return [_error("external_customer_id", QT_TRANSLATE_NOOP("domain", "Enter the customer's ID."))]


def _products(request: ConnectStartRequest) -> list[Problem]:
    required, optional = set(request.products), set(request.optional_products)
    if not required and not optional:
        return [_error("products", QT_TRANSLATE_NOOP("domain", "Choose at least one product."))]
    problems = [
        _error(
            "products",
            QT_TRANSLATE_NOOP("domain", "{product} is both required and optional. Choose one of the two."),
            product=LABELS[product],
        )
        for product in Product
        if product in required & optional
    ]
    if not required:
        text = QT_TRANSLATE_NOOP(
            "domain", "Only optional products are chosen. Meld may refuse this; make one product required to be safe."
        )
        problems.append(_warning("products", text))
    if required | optional == {Product.BALANCES}:
        text = QT_TRANSLATE_NOOP(
            "domain", "Meld has refused Balances on its own. Add one more product if it does so again."
        )
        problems.append(_warning("products", text))
    if required & INVESTMENTS:
        text = QT_TRANSLATE_NOOP(
            "domain", "Required investment products hide many banks. Make them optional to show more."
        )
        problems.append(_warning("products", text))
    return problems


def _regions(request: ConnectStartRequest, is_region: Callable[[str], bool]) -> list[Problem]:
    text = QT_TRANSLATE_NOOP(
        "domain", "“{code}” is not a country (such as US) or a subdivision (such as CA-ON) of ISO 3166."
    )
    return [_error("regions", text, code=code) for code in request.regions if not is_region(code)]


def _bank(request: ConnectStartRequest) -> list[Problem]:
    if not (request.institution_id and request.institution_search_string):
        return []
    text = QT_TRANSLATE_NOOP("domain", "The institution ID skips the picker, so the search text will not be seen.")
    return [_warning("institution_search_string", text)]


def _redirect(request: ConnectStartRequest) -> list[Problem]:
    url = request.redirect_url
    if not url:
        return []
    if problem := _url_problem("redirect_url", url):
        return [problem]
    parts = split(url)
    scheme = parts.scheme if parts else ""
    if scheme == "https" or (scheme == "http" and parts and is_loopback(parts.host)):
        return []
    if scheme == "http":
        text = QT_TRANSLATE_NOOP("domain", "This address is not encrypted. Use https:// if you can.")
        return [_warning("redirect_url", text)]
    text = QT_TRANSLATE_NOOP(
        "domain", "“{scheme}://” opens an app. Meld asks for an https:// address; the customer may get stuck."
    )
    return [_warning("redirect_url", text, scheme=scheme)]


def _url_problem(field: str, url: str) -> Problem | None:
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() in _ACTIVE_SCHEMES:
        text = QT_TRANSLATE_NOOP("domain", "“{scheme}:” addresses are not safe here. Use https://.")
        return _error(field, text, scheme=scheme[1].lower())
    if _FORBIDDEN_IN_URL.search(url):
        text = QT_TRANSLATE_NOOP("domain", "An address has no blanks, quotes or brackets. Check what was pasted.")
        return _error(field, text)
    if split(url) is None:
        text = QT_TRANSLATE_NOOP("domain", "Enter the whole address, such as https://example.com/done.")
        return _error(field, text)
    return None


def _appearance(request: ConnectStartRequest) -> list[Problem]:
    problems: list[Problem] = []
    if request.account_logo_url:
        url = request.account_logo_url
        if problem := _url_problem("account_logo_url", url):
            problems.append(problem)
        elif (parts := split(url)) and parts.scheme not in {"http", "https"}:
            problems.append(
                _error("account_logo_url", QT_TRANSLATE_NOOP("domain", "A logo needs an https:// address."))
            )
    for spec in FIELDS:
        value = getattr(request, spec.id)
        if spec.kind is Kind.COLOUR and value and not is_colour(value):
            text = QT_TRANSLATE_NOOP("domain", "“{value}” is not a colour. Write it like #0B6E6E or teal.")
            problems.append(_error(spec.id, text, value=value))
        if spec.kind is Kind.CHOICE and value and value not in dict(spec.choices):
            text = QT_TRANSLATE_NOOP("domain", "“{value}” is not one of {choices}.")
            problems.append(_error(spec.id, text, value=value, choices=", ".join(dict(spec.choices))))
    return problems


def _unsendable(request: ConnectStartRequest) -> list[Problem]:
    """Refuse lone surrogates: no UTF-8 can carry them (RFC 8259, 8.1); they come from badly decoded input."""
    problems = []
    for spec in FIELDS:
        value = getattr(request, spec.id)
        if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
            text = QT_TRANSLATE_NOOP("domain", "Some of these characters cannot be sent. Type the text again.")
            problems.append(_error(spec.id, text))
    return problems
