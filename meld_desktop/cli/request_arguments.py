"""The flags of ``meld-link create``, made from the table of fields, and the request they describe."""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from meld_desktop.cli.preset_arguments import add_preset_arguments, overridden, read_base
from meld_desktop.domain.environments import (
    DEMO,
    ENVIRONMENTS,
    Environment,
    UnusableAddressError,
    custom_environment,
    environment_named,
)
from meld_desktop.domain.fields import FIELDS, FieldSpec, Group, Kind, field, fields_of
from meld_desktop.domain.products import Product, parse_product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.validation import Severity, check

APPEARANCE = "--appearance"
_REPEATED = {Kind.PRODUCTS: "P", Kind.REGIONS: "R"}
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})


@dataclass(frozen=True, slots=True)
class Draft:
    """What the flags add up to. ``errors`` and ``warnings`` are lines that each begin with the flag they are about."""

    environment: Environment
    request: ConnectStartRequest
    errors: tuple[str, ...]
    warnings: tuple[str, ...]


def add_request_arguments(parser: argparse.ArgumentParser) -> None:
    """Add a flag for every field, and for the environment."""
    add_environment_arguments(parser.add_argument_group("where to"))
    group = parser.add_argument_group("the link")
    for spec in FIELDS:
        if spec.group is not Group.APPEARANCE:
            add_flag(group, spec)
    keys = ", ".join(_describe(spec) for spec in fields_of(Group.APPEARANCE))
    group.add_argument(
        APPEARANCE, action="append", default=[], metavar="KEY=VALUE", help=f"look of the bank picker; keys: {keys}"
    )
    add_preset_arguments(parser)


def add_environment_arguments(group: Any) -> None:
    """Add the two flags that say which Meld is meant."""
    where = group.add_mutually_exclusive_group()
    names = ", ".join(environment.id for environment in ENVIRONMENTS)
    where.add_argument("--environment", metavar="NAME", help=f"{names} (default {DEMO.id})")
    where.add_argument(
        "--base-url", metavar="URL", help="another address of Meld's API: https, or http on this computer"
    )


def add_flag(group: Any, spec: FieldSpec) -> None:
    """Add the flag of one field."""
    text = str(spec.help).replace("%", "%%")
    if spec.kind is Kind.FLAG:
        group.add_argument(spec.flag, dest=spec.id, action="store_false", help="only banks that do not redirect")
    elif spec.kind in _REPEATED:
        if spec.kind is Kind.PRODUCTS:
            text += f" One of {', '.join(Product)}; in any case, may be repeated."
        else:
            text += " Countries (US) and subdivisions (CA-ON), may be repeated; see “meld-link regions”."
        group.add_argument(
            spec.flag, dest=spec.id, action="append", default=[], metavar=_REPEATED[spec.kind], help=text
        )
    else:
        metavar = "URL" if spec.kind is Kind.URL else "ID" if spec.flag in {"--customer", "--institution"} else "TEXT"
        group.add_argument(spec.flag, dest=spec.id, default=spec.default, metavar=metavar, help=text)


def _describe(spec: FieldSpec) -> str:
    name = spec.flag.rstrip("=")
    if spec.kind is Kind.CHOICE:
        return f"{name} ({'|'.join(choice for choice, _ in spec.choices)})"
    if spec.kind is Kind.TRISTATE:
        return f"{name} (true|false)"
    return name


def read_draft(options: argparse.Namespace) -> Draft:
    """Return the request the flags describe, with everything that is wrong or doubtful about it. Never raises."""
    errors: list[str] = []
    environment = read_environment(options, errors)
    values: dict[str, object] = {}
    base, ill_read = read_base(options, errors)
    for spec in FIELDS:
        if spec.group is Group.APPEARANCE:
            continue
        given = getattr(options, spec.id)
        if given is None:
            continue
        if spec.kind is Kind.PRODUCTS:
            values[spec.id] = read_products(spec, given, errors, ill_read)
        elif spec.kind is Kind.REGIONS:
            values[spec.id] = read_regions(given)
        else:
            values[spec.id] = given
    values |= _appearance(options.appearance, errors)
    request = overridden(base, values)
    warnings: list[str] = []
    for problem in check(request, is_region=_is_region):
        if problem.field in ill_read and not (request.products or request.optional_products):
            continue  # the product or preset that could not be read has been named already
        lines = errors if problem.severity is Severity.ERROR else warnings
        lines.append(f"{flag_of(problem.field)}: {problem.text}{meant(problem.field, problem.text.values)}")
    return Draft(environment, request, tuple(errors), tuple(warnings))


def flag_of(field_id: str) -> str:
    """Return how a field is spelled on the command line."""
    spec = field(field_id)
    return f"{APPEARANCE} {spec.flag}" if spec.group is Group.APPEARANCE else spec.flag


def read_environment(options: argparse.Namespace, errors: list[str]) -> Environment:
    """Return the environment that is meant; Demo when it cannot be told, and then ``errors`` has one line more."""
    if options.base_url is not None:
        try:
            return custom_environment(options.base_url)
        except UnusableAddressError as error:
            errors.append(f"--base-url: {error.text}")
            return DEMO
    if options.environment is None:
        return DEMO
    environment = environment_named(options.environment)
    if environment is None:
        names = ", ".join(known.id for known in ENVIRONMENTS)
        errors.append(f"--environment: “{options.environment}” is not one of {names}.")
    return environment or DEMO


def read_products(spec: FieldSpec, given: Iterable[str], errors: list[str], ill_read: set[str]) -> tuple[Product, ...]:
    """Return the products that are meant, each once. A word that means none adds a line to ``errors``."""
    products: dict[Product, None] = {}
    for word in _words(given):
        product = parse_product(word)
        if product is not None:
            products[product] = None
            continue
        ill_read |= {"products", "optional_products"}
        hint = f"Use {', '.join(Product)}."
        if word.strip().upper() == "HISTORICAL_TRANSACTIONS":
            hint = "Ask for TRANSACTIONS; Meld then loads the history as well."
        errors.append(f"{spec.flag}: “{word}” is not a product. {hint}")
    return tuple(products)


def read_regions(given: Iterable[str]) -> tuple[str, ...]:
    """Return the codes that are meant, each once; what is no code stays as it was given, for the check to name."""
    words = list(_words(given))
    if not words:
        return ()
    from meld_desktop.domain.region_codes import validate

    return tuple(dict.fromkeys(validate(word) or word for word in words))


def _is_region(code: str) -> bool:
    from meld_desktop.domain.region_codes import validate

    return validate(code) is not None


def meant(field_id: str, values: object) -> str:
    """Return a suggestion for a region given by its name or another code: " Did you mean GB (United Kingdom)?"."""
    if field(field_id).kind is not Kind.REGIONS or not isinstance(values, dict):
        return ""
    from meld_desktop.domain.regions import load_index

    regions = load_index().parse(str(values.get("code", ""))).regions
    return f" Did you mean {regions[0].code} ({regions[0].name})?" if len(regions) == 1 else ""


def _words(given: Iterable[str]) -> Iterable[str]:
    """Yield each value; a value may hold several, separated by commas."""
    for value in given:
        yield from (part.strip() for part in value.split(","))


def _appearance(given: Iterable[str], errors: list[str]) -> dict[str, object]:
    specs = {spec.flag.rstrip("=").lower(): spec for spec in fields_of(Group.APPEARANCE)}
    values: dict[str, object] = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        spec = specs.get(key.strip().lower())
        if not equals:
            errors.append(f"{APPEARANCE}: “{pair}” is not KEY=VALUE, for example font=Inter.")
        elif spec is None:
            names = ", ".join(known.flag.rstrip("=") for known in specs.values())
            errors.append(f"{APPEARANCE}: “{key}” is not one of {names}.")
        elif spec.kind is Kind.TRISTATE and value:
            if value.strip().lower() not in _TRUE | _FALSE:
                errors.append(f"{APPEARANCE} {spec.flag}: “{value}” is neither true nor false.")
            values[spec.id] = value.strip().lower() in _TRUE
        elif spec.kind is Kind.TRISTATE:
            values[spec.id] = None
        else:
            values[spec.id] = value.strip().upper() if spec.kind is Kind.CHOICE else value
    return values
