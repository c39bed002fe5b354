"""``meld-link links``: list, export, import and forget the links that were made on this computer."""

import argparse
import csv
import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from meld_desktop.cli import exits, output
from meld_desktop.cli.arguments import command_parser
from meld_desktop.domain.links.csv import COLUMNS, RowProblem, read_records, read_rows, to_csv_rows
from meld_desktop.domain.links.query import LinkQuery
from meld_desktop.domain.links.record import ENVIRONMENTS, STATUSES, LinkRecord

if TYPE_CHECKING:
    from meld_desktop.storage.links import LinkStore

_SHOWN = 50
_MOST_PROBLEMS = 100
_WIDEST = 40

_EXITS = """exit codes:
  0    done
  1    the list of links could not be used, or a file could not be read or written
  2    wrong input, or an import with rows that were left out
  130  interrupted"""

_ACTIONS = """actions:
  (none)          print the links, newest first
  export FILE     write the links, oldest first, to a CSV file, or to standard output with “-”
  import FILE     add the links of such a file; rows with mistakes are named and left out
  forget CUSTOMER remove every trace of a customer"""


def run(arguments: list[str]) -> int:
    """Do what was asked. Results go to stdout, words to stderr."""
    parser = command_parser(
        "links",
        "List the links that were made on this computer. They are found by customer, ticket, note, bank and number;\n"
        "the addresses of links are never kept.",
        f"{_ACTIONS}\n\n{_EXITS}",
    )
    parser.add_argument("action", nargs="?", choices=["export", "import", "forget"], metavar="ACTION", help="see below")
    parser.add_argument("target", nargs="?", metavar="FILE|CUSTOMER", help="what the action is about")
    which = parser.add_argument_group("which links")
    which.add_argument("--search", metavar="TEXT", help="those with all these words in them")
    which.add_argument("--status", metavar="S", action="append", default=[], help="in any case; may be repeated")
    which.add_argument("--environment", metavar="NAME", action="append", default=[], help=", ".join(ENVIRONMENTS))
    parser.add_argument(
        "--limit", type=_count, metavar="N", help=f"print at most N (default {_SHOWN}; all with --json)"
    )
    parser.add_argument("--json", action="store_true", help="print a JSON list instead of a table")
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="where the program keeps its files")
    options = parser.parse_args(arguments)
    if (options.action is None) != (options.target is None):
        parser.error(f"{options.action} what? Name a file or a customer after it")
    chosen = options.search is not None or options.status or options.environment
    if options.action in {"import", "forget"} and chosen:
        parser.error(f"{options.action} takes no --search, --status or --environment")
    query = _query(options)
    if query is None:
        return exits.WRONG_INPUT
    actions: dict[str | None, Callable[[argparse.Namespace, LinkQuery], int]]
    actions = {None: _list, "export": _export, "import": _import, "forget": _forget}

    from meld_desktop.storage.links import StoreError

    try:
        return actions[options.action](options, query)
    except StoreError as error:
        return output.complain(str(error.text), exits.FAILED)


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise ValueError
    return count


def _query(options: argparse.Namespace) -> LinkQuery | None:
    """Return what the flags choose; None after saying what is wrong with them."""
    environments = tuple(name.strip().lower() for name in options.environment)
    statuses = tuple(_status_named(name) for name in options.status)
    wrong = False
    for given, environment in zip(options.environment, environments, strict=True):
        if environment not in ENVIRONMENTS:
            output.say(f"meld-link: --environment: “{given}” is not one of {', '.join(ENVIRONMENTS)}.")
            wrong = True
    for given, status in zip(options.status, statuses, strict=True):
        if status not in STATUSES:
            output.say(f"meld-link: --status: “{given}” is not one of {', '.join(STATUSES)}.")
            wrong = True
    return None if wrong else LinkQuery(text=options.search or "", environments=environments, statuses=statuses)


def _status_named(name: str) -> str:
    return "_".join(name.replace("-", " ").replace("_", " ").upper().split())


def _store(options: argparse.Namespace) -> "LinkStore":
    from meld_desktop.storage.links import LinkStore
    from meld_desktop.storage.paths import default_data_dir

    return LinkStore(options.data_dir or default_data_dir())


def _chosen(store: "LinkStore", query: LinkQuery) -> Iterator[LinkRecord]:
    """Yield the links of ``query``; to look at a list that was never begun is no reason to begin one."""
    if store.path.exists():
        yield from store.iterate(query)


def _list(options: argparse.Namespace, query: LinkQuery) -> int:
    output.require()
    with closing(_store(options)) as store:
        found = _chosen(store, query)
        if options.json:
            _print_json(found, options.limit)
            return exits.DONE
        limit = options.limit or _SHOWN
        records = list(islice(found, limit))
        _print_table(records)
        if not records:
            output.say("meld-link: no links found")
        elif len(records) == limit and next(found, None) is not None:
            output.say(f"meld-link: there are more than these {limit}; print more with --limit N, or narrow --search")
    return exits.DONE


def _print_json(records: Iterator[LinkRecord], limit: int | None) -> None:
    """Print one list, a link a line, as they come: there may be a million."""
    before = "["
    for record in islice(records, limit):
        values = {column.name: _json_value(getattr(record, column.name)) for column in COLUMNS}
        output.result(before + json.dumps(values, ensure_ascii=not output.is_utf8()))
        before = ","
    output.result("[]" if before == "[" else "]")


def _json_value(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _print_table(records: list[LinkRecord]) -> None:
    headings = ("ID", "MADE", "ENVIRONMENT", "CUSTOMER", "TICKET", "BANK", "STATUS")
    table = [headings, *(_cells(record) for record in records)]
    if len(table) == 1:
        return
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    for cells in table:
        padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
        output.result("  ".join(padded).rstrip())


def _cells(record: LinkRecord) -> tuple[str, ...]:
    made = record.made_at.astimezone().strftime("%Y-%m-%d %H:%M")
    texts = (record.environment, record.customer, record.ticket, record.institution_name, record.status)
    return (str(record.id), made, *(_shown(text) for text in texts))


def _shown(text: str) -> str:
    """Return ``text`` on one line, without what a terminal would obey, and not too wide."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    if _width(line) <= _WIDEST:
        return line
    while _width(line) >= _WIDEST:
        line = line[:-1]
    return f"{line}…"


def _width(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes."""
    wide = sum(unicodedata.east_asian_width(each) in "WF" for each in text)
    return len(text) + wide - sum(unicodedata.combining(each) > 0 for each in text)


def _export(options: argparse.Namespace, query: LinkQuery) -> int:
    with closing(_store(options)) as store:
        # The oldest first: links made in one moment come back in their order when the file is imported.
        records = _chosen(store, replace(query, descending=False))
        if options.target == "-":
            output.require()
            written = _write_csv(_Lines(), records)
        else:
            try:
                written = _write_file(Path(options.target), records)
            except OSError as error:
                why = error.strerror or "unknown reason"
                return output.complain(f"{options.target} could not be written: {why}", exits.FAILED)
    output.say(f"meld-link: {written} links exported")
    return exits.DONE


class _Lines:
    """Takes what a CSV writer writes, a row at a time."""

    def write(self, row: str) -> None:
        output.result(row.removesuffix("\r\n"))


def _write_csv(file: "TextIO | _Lines", records: Iterator[LinkRecord]) -> int:
    writer = csv.writer(file)
    rows = -1  # the headings are not counted
    for row in to_csv_rows(records):
        writer.writerow(row)
        rows += 1
    return rows


def _write_file(path: Path, records: Iterator[LinkRecord]) -> int:
    """Write to a file beside ``path`` first: what was there stays until the new one is whole."""
    if path.exists() and not path.is_file():  # a pipe or a device
        with path.open("w", encoding="utf-8", newline="") as file:
            return _write_csv(file, records)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        # Spreadsheets take a file for UTF-8 only when it begins with the mark.
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as file:
            written = _write_csv(file, records)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return written


def _import(options: argparse.Namespace, _query: LinkQuery) -> int:
    problems: list[RowProblem] = []
    try:
        with _opened(options.target) as file, closing(_store(options)) as store:
            added = store.add_many(read_records(read_rows(file, problems), problems))
    except OSError as error:
        why = error.strerror or "unknown reason"
        return output.complain(f"{options.target} could not be read: {why}", exits.WRONG_INPUT)
    for problem in problems[:_MOST_PROBLEMS]:
        column = f", column {problem.column}" if problem.column else ""
        output.say(f"meld-link: line {problem.line}{column}: {problem.text}")
    if len(problems) > _MOST_PROBLEMS:
        output.say(f"meld-link: and {len(problems) - _MOST_PROBLEMS} more like these")
    known = f", {added.known} were there already" if added.known else ""
    output.say(f"meld-link: {added.added} links imported{known}")
    return exits.WRONG_INPUT if problems else exits.DONE


def _opened(target: str) -> TextIO:
    """Open a CSV file; bytes that are no UTF-8 are named where they are, not the end of everything."""
    from_stdin = target == "-" and sys.stdin is not None
    handle = os.dup(sys.stdin.fileno()) if from_stdin else os.open(target, os.O_RDONLY)
    return os.fdopen(handle, encoding="utf-8-sig", errors="surrogateescape", newline="")


def _forget(options: argparse.Namespace, _query: LinkQuery) -> int:
    with closing(_store(options)) as store:
        removed = store.forget(options.target) if store.path.exists() else 0
    if not removed:
        output.say(f"meld-link: there was no link of “{_shown(options.target)}”")
    else:
        output.say(f"meld-link: {removed} links removed, and every trace of them")
    return exits.DONE
