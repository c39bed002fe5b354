"""The columns of a CSV file of links: one table for both directions, so that an export can be imported again."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from meld_desktop.domain.links.record import EARLIEST, ENVIRONMENTS, KINDS, LinkRecord
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

_DANGEROUS = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_STATUS = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_UNDECODED = re.compile("[\udc80-\udcff]")
"""What Python reads bytes as that are not UTF-8."""
_HIGHEST = 2_000_000_000


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row was left out, or a column not read. ``line`` counts from 1; ``column`` is its heading, or empty."""

    line: int
    column: str
    text: Text


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading (also the record's attribute), and how its cells are written and read."""

    name: str
    write: Callable[[Any], str]
    read: Callable[[str], object]
    required: bool = False


class _CellError(ValueError):
    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def _write_time(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(UTC).isoformat()


def _read_time(cell: str) -> datetime | None:
    if not cell:
        return None
    try:
        moment = datetime.fromisoformat(cell.strip())
        if moment.tzinfo is not None and moment.astimezone(UTC) >= EARLIEST:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    text = QT_TRANSLATE_NOOP("domain", "“{cell}” is not a time with its zone. Write it like 2026-02-03T14:05:00+00:00.")
    raise _CellError(Text(text, cell=_short(cell)))


def _read_number(cell: str) -> int:
    digits = cell.strip() or "0"
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10 and int(digits) <= _HIGHEST):
        text = QT_TRANSLATE_NOOP("domain", "“{cell}” is not a number of a link. Write digits only, or leave it empty.")
        raise _CellError(Text(text, cell=_short(cell)))
    return int(digits)


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def read(cell: str) -> str:
        choice = cell.strip().lower()
        if choice not in choices:
            text = QT_TRANSLATE_NOOP("domain", "“{cell}” is not one of {choices}.")
            raise _CellError(Text(text, cell=_short(cell), choices=", ".join(choices)))
        return choice

    return read


def _read_status(cell: str) -> str:
    status = cell.strip().upper()
    if status and not _STATUS.fullmatch(status):
        text = QT_TRANSLATE_NOOP("domain", "“{cell}” is not a status. Write it like ACTIVE, or leave it empty.")
        raise _CellError(Text(text, cell=_short(cell)))
    return status


def _read_list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(",") if part.strip())


def _read_request(cell: str) -> str:
    try:
        if not cell or isinstance(json.loads(cell), dict):
            return cell
    except (ValueError, RecursionError):
        pass
    raise _CellError(
        Text(QT_TRANSLATE_NOOP("domain", "This is not the JSON of a request. Leave it empty or as exported."))
    )


def _text(name: str, *, required: bool = False) -> Column:
    return Column(name, str, str, required)


COLUMNS = (
    Column("id", str, _read_number),
    Column("made_at", _write_time, _read_time, required=True),
    Column("environment", str, _one_of(ENVIRONMENTS), required=True),
    _text("host"),
    _text("customer", required=True),
    _text("ticket"),
    _text("note"),
    _text("connection_id"),
    _text("meld_customer_id"),
    _text("institution_id"),
    _text("institution_name"),
    Column("products", ",".join, _read_list),
    Column("optional_products", ",".join, _read_list),
    Column("regions", ",".join, _read_list),
    Column("status", str, _read_status),
    _text("status_reason"),
    Column("status_at", _write_time, _read_time),
    Column("expires_at", _write_time, _read_time),
    _text("outcome"),
    Column("kind", str, _one_of(KINDS)),
    Column("case_id", str, _read_number),
    _text("request_id"),
    Column("request", str, _read_request),
)
_BY_NAME = {column.name: column for column in COLUMNS}


def neutral(cell: str) -> str:
    """Return ``cell`` so that no spreadsheet takes it for a formula: behind an apostrophe where it might be one."""
    return f"'{cell}" if _DANGEROUS.match(cell) else cell


def plain(cell: str) -> str:
    """Return what ``neutral`` was given."""
    return cell[1:] if cell.startswith("'") and _DANGEROUS.match(cell) else cell


def to_csv_rows(records: Iterable[LinkRecord]) -> Iterator[list[str]]:
    """Yield the headings, then a row of cells for each record."""
    yield [column.name for column in COLUMNS]
    for record in records:
        yield [neutral(column.write(getattr(record, column.name))) for column in COLUMNS]


def from_csv_rows(rows: Iterable[tuple[int, list[str]]]) -> tuple[list[LinkRecord], list[RowProblem]]:
    """Return the records in ``rows`` (line and cells; headings first, in any order) and what is wrong with the others.

    A row with anything wrong is left out; the rest is taken. A column that is not known is named once and passed over.
    """
    problems: list[RowProblem] = []
    return list(read_records(rows, problems)), problems


def read_records(rows: Iterable[tuple[int, list[str]]], problems: list[RowProblem]) -> Iterator[LinkRecord]:
    """Yield what ``from_csv_rows`` returns, one by one: a file may hold more than should be held at once."""
    lines = iter(rows)
    line, headings = next(lines, (1, []))
    names = [heading.lstrip("\ufeff").strip().lower() for heading in headings]
    if not _usable(line, names, problems):
        return
    for line, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        found: list[RowProblem] = []
        values = _values(line, names, cells, found)
        if not found:
            yield LinkRecord(**values)
        problems += found


def _usable(line: int, names: list[str], problems: list[RowProblem]) -> bool:
    """Say whether rows under these headings can be read; name what is missing, unknown or there twice."""
    missing = [column.name for column in COLUMNS if column.required and column.name not in names]
    twice = sorted({name for name in names if name in _BY_NAME and names.count(name) > 1})
    for name in missing:
        text = QT_TRANSLATE_NOOP("domain", "This column is missing. The first line names the columns, as in an export.")
        problems.append(RowProblem(line, name, Text(text)))
    for name in twice:
        text = QT_TRANSLATE_NOOP("domain", "This column is there twice. Remove one of them.")
        problems.append(RowProblem(line, name, Text(text)))
    if missing or twice:
        return False
    for name in dict.fromkeys(names):
        if name and name not in _BY_NAME:
            text = QT_TRANSLATE_NOOP("domain", "This column is not known and was passed over.")
            problems.append(RowProblem(line, _short(name), Text(text)))
    return True


def _values(line: int, names: list[str], cells: list[str], found: list[RowProblem]) -> dict[str, Any]:
    if len(cells) > len(names):
        text = QT_TRANSLATE_NOOP("domain", "There are {cells} cells for {columns} columns. Put quotes around commas.")
        found.append(RowProblem(line, "", Text(text, cells=len(cells), columns=len(names))))
        return {}
    values: dict[str, Any] = {}
    for name, cell in zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=True):
        column = _BY_NAME.get(name)
        if column is None:
            continue
        try:
            if cell or column.required:
                values[name] = column.read(_content(column, cell))
        except _CellError as error:
            found.append(RowProblem(line, name, error.text))
    return values


def _content(column: Column, cell: str) -> str:
    if column.required and not cell.strip():
        raise _CellError(Text(QT_TRANSLATE_NOOP("domain", "This cell is empty; every link has one.")))
    if _UNDECODED.search(cell):
        raise _CellError(Text(QT_TRANSLATE_NOOP("domain", "This cell is not UTF-8. Save the file as “CSV UTF-8”.")))
    return plain(cell)


def read_rows(lines: Iterable[str], problems: list[RowProblem]) -> Iterator[tuple[int, list[str]]]:
    """Yield the line at which each row of a CSV file begins, and its cells. Unreadable ones go to ``problems``."""
    reader = csv.reader(lines, strict=False)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error:
            text = QT_TRANSLATE_NOOP("domain", "This line cannot be read. Is a quote missing or a cell too long?")
            problems.append(RowProblem(line, "", Text(text)))


def _short(cell: str) -> str:
    line = " ".join(cell.split())
    return line if len(line) <= 40 else f"{line[:39]}…"
