"""Links written to a CSV file and read from one. Runs on a thread that may block; knows no Qt."""

import csv
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from meld_desktop.domain.links.csv import RowProblem, read_records, read_rows, to_csv_rows
from meld_desktop.domain.links.record import LinkRecord

_MOST_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: how many links went in, how many were here before, what was wrong with the others."""

    path: Path
    count: int
    known: int = 0
    problems: tuple[RowProblem, ...] = field(default=())
    more_problems: int = 0


def write_file(path: Path, records: Iterable[LinkRecord]) -> int:
    """Write ``records`` to ``path``, all or nothing, and return how many. Raises OSError, and what ``records`` does."""
    unfinished = path.with_name(f".{path.stem[:40]}-{secrets.token_hex(4)}.part")
    count = -1  # the headings are no link
    try:
        with unfinished.open("x", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            for row in to_csv_rows(records):
                writer.writerow(row)
                count += 1
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def read_file(path: Path, problems: list[RowProblem]) -> Iterator[LinkRecord]:
    """Yield the good records of a file; ``problems`` takes what is wrong with the others, by line and column.

    Raises OSError, and UnicodeDecodeError when it is no text.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from read_records(read_rows(file, problems), problems)


def imported(path: Path, count: int, known: int, problems: list[RowProblem]) -> Imported:
    """Put a result together; of very many problems the first ones are named."""
    return Imported(path, count, known, tuple(problems[:_MOST_PROBLEMS]), max(0, len(problems) - _MOST_PROBLEMS))
