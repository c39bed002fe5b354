"""``meld-link banks``: which banks a customer will be shown, why not the others, and what would show more."""

import argparse
import asyncio
import gc
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from meld_desktop.cli import exits, output
from meld_desktop.cli.arguments import command_parser
from meld_desktop.cli.failures import report
from meld_desktop.cli.request_arguments import (
    add_environment_arguments,
    add_flag,
    flag_of,
    meant,
    read_environment,
    read_products,
    read_regions,
)
from meld_desktop.domain.errors import MeldError
from meld_desktop.domain.fields import field
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.validation import Severity, check

if TYPE_CHECKING:
    from meld_desktop.domain.banks.bank import Bank
    from meld_desktop.domain.banks.picker import Answer, Verdict
    from meld_desktop.domain.banks.reading import Reading

_FIELDS = ("products", "optional_products", "regions", "allow_redirect")
_DESCRIPTION = """See which banks a customer will be shown, why not the others, and what would show more.

One provider must do everything at once: offer the required products, serve one of the regions, and log in without
leaving for the bank's own page when redirects are off. Optional products hide no bank. A country admits its local banks
as well; a subdivision admits its own banks and the national ones."""
_EPILOG = """changes, as --json names them:
  optional:PRODUCT    make a required product optional
  add-region:CC       add a country to the regions
  drop-regions        leave the regions out
  allow-redirect      allow redirects

--json prints {"matching": N, "banks": [{"id", "name", "shown", "fixes": [[change, ...], ...]}, ...],
"suggestions": [{"changes": [change, ...], "adds": N}, ...]}. “fixes” are all sets of changes that would show a hidden
bank and of which none can be left out; a hidden bank without any has no provider. “suggestions” are all single changes
that add banks (or all pairs, if no single one does, and so on), and of each larger number of changes those that add
most, when that is more than fewer changes add.

exit codes:
  0    done, also when no bank matches
  1    the list of banks on this computer cannot be used
  2    wrong input: flags, or a file that cannot be read; nothing was sent
  3    no key, or Meld refused it (401, 403)
  4    Meld refused the request (other 4xx)
  5    no usable answer: network, TLS, timeout, 5xx, unreadable reply
  130  interrupted"""


def run(arguments: list[str]) -> int:
    """Print how many banks match, what would show more, and every bank; words about the data go to stderr."""
    options = _parser().parse_args(arguments)
    output.require()
    gc.disable()  # a short run over many small values: the collector would only go through them again and again
    try:
        return _run(options)
    except MeldError as error:
        return report(error, "Run the same command again; it goes on where it stopped." if error.retryable else "")
    finally:
        gc.enable()


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("banks", _DESCRIPTION, _EPILOG)
    parser.add_argument(
        "query",
        nargs="*",
        metavar="QUERY",
        help="only banks with this name, alias, domain or id; everything printed, the counts and the suggestions too,"
        " is then about these banks alone",
    )
    form = parser.add_argument_group("the form")
    for name in _FIELDS:
        add_flag(form, field(name))
    data = parser.add_argument_group("the data (default: the banks of Demo)")
    data.add_argument(
        "--from",
        dest="file",
        type=Path,
        metavar="FILE",
        help="a JSON array of institutions as Meld documents them, or a CSV file; no other data is then used",
    )
    add_environment_arguments(data)
    data.add_argument("--refresh", action="store_true", help="fetch the banks again instead of using the kept list")
    data.add_argument("--data-dir", type=Path, metavar="DIR", help="where lists are kept between runs")
    data.add_argument("--key-stdin", action="store_true", help="read the API key from standard input")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")
    return parser


def _run(options: argparse.Namespace) -> int:
    from meld_desktop.cli import bank_source
    from meld_desktop.domain.banks.picker import Form, Picker, verdict
    from meld_desktop.domain.banks.search import BankSearch

    errors: list[str] = []
    environment = read_environment(options, errors)
    request = _request(options, errors)
    reading: Reading | None = None
    try:
        if options.file is not None and not errors:
            reading = bank_source.from_file(options.file)
        errors += _problems(request, reading)
        if errors:
            for line in errors:
                output.say(f"meld-link: {line}")
            return output.complain("Nothing was sent. “meld-link banks --help” explains the flags.", exits.WRONG_INPUT)
        if reading is None:
            reading = asyncio.run(bank_source.from_environment(environment, options))
    except bank_source.NoBanksError as error:
        return output.complain(str(error), error.code)
    for reason, count in reading.counted():
        output.say(f"meld-link: left out: {reason} ({count})")
    query = " ".join(options.query)
    banks = BankSearch(reading.banks).find(query)
    if not banks:
        output.say(f"meld-link: No bank is called “{query}”." if reading.banks else "meld-link: There are no banks.")
    form = Form.of_request(request)
    answer = Picker(banks).answer(form)
    verdicts = [verdict(bank, form) for bank in banks]
    if options.json:
        output.result(_json(banks, verdicts, answer))
    else:
        from meld_desktop.cli.bank_text import lines

        output.result("\n".join(lines(banks, verdicts, answer)))
    return exits.DONE


def _request(options: argparse.Namespace, errors: list[str]) -> ConnectStartRequest:
    return ConnectStartRequest(
        external_customer_id="-",
        products=read_products(field("products"), options.products, errors, set()),
        optional_products=read_products(field("optional_products"), options.optional_products, errors, set()),
        regions=read_regions(options.regions),
        allow_redirect=options.allow_redirect,
    )


def _problems(request: ConnectStartRequest, reading: "Reading | None") -> list[str]:
    """Return what Meld would refuse. Looking without any product is fine; so is a region that the data itself names."""
    from meld_desktop.domain.region_codes import validate

    named = {region for bank in reading.banks for region in bank.regions} if reading and request.regions else set()
    named |= {region[:2] for region in named}
    chosen = bool(request.products or request.optional_products)
    return [
        f"{flag_of(problem.field)}: {problem.text}{meant(problem.field, problem.text.values)}"
        for problem in check(request, is_region=lambda code: validate(code) is not None or code.upper() in named)
        if problem.severity is Severity.ERROR and (chosen or problem.field != "products")
    ]


def _json(banks: "Sequence[Bank]", verdicts: "Sequence[Verdict]", answer: "Answer") -> str:
    return json.dumps(
        {
            "matching": answer.matching,
            "banks": [
                {
                    "id": bank.id,
                    "name": bank.name,
                    "shown": found.shown,
                    "fixes": [[change.code for change in changes] for changes in found.fixes],
                }
                for bank, found in zip(banks, verdicts, strict=True)
            ],
            "suggestions": [
                {"changes": [change.code for change in one.changes], "adds": one.adds} for one in answer.suggestions
            ],
        },
        ensure_ascii=not output.is_utf8(),
    )
