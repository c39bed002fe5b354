"""Banks from the text of a file, JSON or CSV. What cannot be read is named by its line.

JSON is an array of institutions as Meld documents them (OAS ``Institution``), or a page of ``GET /institutions``. CSV
has a line of column names and then a line for each provider of a bank; lines with the same id are one bank.
"""

import contextlib
import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from meld_desktop.domain.banks.reading import Oddity, Reader, Reading
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

COLUMNS = (
    "id", "name", "subName", "type", "domain", "aliases", "rank", "isTest",
    "provider", "providerId", "oauth", "regions", "products",
)  # fmt: skip
"""The columns of a CSV file; only ``id`` and ``name`` must be there. Several values in one cell stand between ``;``."""

_TRUE = frozenset({"true", "yes", "y", "1"})
_FALSE = frozenset({"false", "no", "n", "0", ""})
_SPACE = " \t\r\n"
_OF_BANK = COLUMNS[1:8]

_NO_ID = Text(QT_TRANSLATE_NOOP("domain", "no id"))
_LONG_LINE = Text(QT_TRANSLATE_NOOP("domain", "more values than there are columns"))
_BAD_OAUTH = Text(QT_TRANSLATE_NOOP("domain", "“oauth” is neither true nor false"))
_BAD_RANK = Text(QT_TRANSLATE_NOOP("domain", "“rank” is not a number"))
_OTHER_BANK = Text(QT_TRANSLATE_NOOP("domain", "the same id as a bank of another name"))
_SAME_PROVIDER = Text(QT_TRANSLATE_NOOP("domain", "a provider that the bank has already"))


class UnreadableFileError(ValueError):
    """A file of which nothing can be used; ``text`` says why in plain words, with the line where there is one."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def read_file_content(content: bytes) -> Reading:
    """Return the banks in a file, whichever of the two kinds it is. Raises UnreadableFileError."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        _refuse(QT_TRANSLATE_NOOP("domain", "Line {line} is not UTF-8 text. Save the file as UTF-8."), line=line)
    start = text.lstrip(_SPACE)[:1]
    if not start:
        _refuse(QT_TRANSLATE_NOOP("domain", "The file is empty."))
    return read_json(text) if start in "[{" else read_csv(text)


def read_json(text: str) -> Reading:
    """Return the banks in a JSON text; the places of oddities are lines. Raises UnreadableFileError."""
    reader = Reader()
    for record, line in _elements(text):
        reader.add(record, line)
    return _at_least_one(reader.reading)


def _elements(text: str) -> Iterator[tuple[object, int]]:
    """Yield each element of the array with the line it begins on. Raises UnreadableFileError."""
    try:
        whole = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        said = QT_TRANSLATE_NOOP("domain", "Line {line}, column {column}: this is not JSON ({reason}).")
        _refuse(said, line=error.lineno, column=error.colno, reason=error.msg)
    except (ValueError, RecursionError):
        _refuse(QT_TRANSLATE_NOOP("domain", "The JSON in this file cannot be read: it is nested too deep or too long."))
    start = 0
    if isinstance(whole, dict):
        start, whole = text.find('"institutions"'), whole.get("institutions")
    if not isinstance(whole, list):
        _refuse(QT_TRANSLATE_NOOP("domain", "Line 1: an array of institutions is needed, “[ … ]”."))
    yield from zip(whole, _lines(text, text.index("[", start) + 1), strict=False)


def _lines(text: str, at: int) -> Iterator[int]:
    """Yield the line on which each element begins of the array that is open at ``at``."""
    line = text.count("\n", 0, at) + 1
    while True:
        start = at
        while text[at : at + 1] in {*_SPACE, ","}:
            at += 1
        line += text.count("\n", start, at)
        yield line
        start = at
        with contextlib.suppress(ValueError):  # then this is not the array that was read, and the line must do
            _, at = _DECODER.raw_decode(text, at)
        line += text.count("\n", start, at)


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_constant)


def read_csv(text: str) -> Reading:
    """Return the banks in a CSV text; the places of oddities are lines. Raises UnreadableFileError."""
    head = text.lstrip(_SPACE).partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    known = {name.lower(): name for name in COLUMNS}
    columns: list[str] = []
    banks: dict[str, tuple[dict[str, Any], int]] = {}
    reader, line = Reader(), 1
    try:
        for row in rows:
            if not columns:
                columns = [known.get(cell.strip().lower().replace("_", ""), "") for cell in row] if any(row) else []
                if columns and not {"id", "name"} <= set(columns):
                    said = QT_TRANSLATE_NOOP("domain", "Line {line}: the columns “id” and “name” are needed.")
                    _refuse(said, line=line)
            elif any(cell.strip() for cell in row):
                fault = _add_row(banks, columns, row, line)
                if fault is not None:
                    reader.reading.oddities.append(Oddity(line, fault))
            line = rows.line_num + 1
    except csv.Error as error:
        said = QT_TRANSLATE_NOOP("domain", "Line {line}: this is not CSV ({reason}).")
        _refuse(said, line=rows.line_num, reason=str(error))
    for record, first_line in banks.values():
        reader.add(record, first_line)
    reader.reading.oddities.sort(key=lambda oddity: oddity.place)
    return _at_least_one(reader.reading)


def _add_row(
    banks: dict[str, tuple[dict[str, Any], int]], columns: list[str], row: list[str], line: int
) -> Text | None:
    """Add one line to the records. Returns what is wrong with it; then nothing of it is used."""
    if len(row) > len(columns):
        return _LONG_LINE
    cells = {column: cell.strip() for column, cell in zip(columns, row, strict=False) if column}
    if not cells.get("id"):
        return _NO_ID
    if cells.get("oauth", "").lower() not in _TRUE | _FALSE:
        return _BAD_OAUTH
    rank = cells.get("rank", "")
    if rank and not (rank.isascii() and rank.removeprefix("-").isdigit() and len(rank) < 16):
        return _BAD_RANK
    known = banks.get(cells["id"])
    if known is None:
        banks[cells["id"]] = (_record(cells), line)
    elif cells.get("name", "") not in {"", known[0]["name"]}:
        return _OTHER_BANK
    provider = cells.get("provider", "").lower()
    if provider:
        ways = banks[cells["id"]][0]["providers"]
        if provider in ways:
            return _SAME_PROVIDER
        ways[provider] = {
            "id": cells.get("providerId", ""),
            "oauth": cells.get("oauth", "").lower() in _TRUE,
            "regions": _several(cells.get("regions", ""), codes=True),
            "products": _several(cells.get("products", ""), codes=True),
        }
    return None


def _record(cells: Mapping[str, str]) -> dict[str, Any]:
    """Return the record of a bank without its providers, as the API would show it."""
    record: dict[str, Any] = {"id": cells["id"], **{name: cells.get(name, "") for name in _OF_BANK}}
    record["rank"] = int(record["rank"]) if record["rank"] else None
    record["isTest"] = record["isTest"].lower() in _TRUE
    record["aliases"] = _several(record["aliases"])
    return {**record, "providers": {}}


def _several(cell: str, *, codes: bool = False) -> list[str]:
    """Split a cell. Codes have no blanks and commas in them, so those may stand between them as well."""
    cell = cell.replace("|", ";")
    if codes:
        cell = ";".join(cell.replace(",", " ").split())
    return [part.strip() for part in cell.split(";") if part.strip()]


def _at_least_one(reading: Reading) -> Reading:
    """Raise UnreadableFileError when there was something in the file, but no bank."""
    if not reading.banks and reading.oddities:
        first = reading.oddities[0]
        said = QT_TRANSLATE_NOOP("domain", "There is no bank in this file. Line {line}: {reason}.")
        _refuse(said, line=first.place, reason=first.reason)
    return reading


def _refuse(source: str, **values: object) -> NoReturn:
    raise UnreadableFileError(Text(source, **values))
