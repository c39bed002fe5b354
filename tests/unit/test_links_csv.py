"""CSV files of links: safe in a spreadsheet, the same again when imported, mistakes named by line and column."""

import csv
import io
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meld_desktop.domain.links.csv import COLUMNS, RowProblem, from_csv_rows, neutral, plain, read_rows, to_csv_rows
from meld_desktop.domain.links.record import ENVIRONMENTS, KINDS, STATUSES, LinkRecord

NOON = datetime(2026, 2, 3, 12, 0, tzinfo=UTC)
LINK = LinkRecord(made_at=NOON, environment="sandbox", customer="customer-7")


def to_text(*records: LinkRecord) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(to_csv_rows(records))
    return file.getvalue()


def from_text(text: str) -> tuple[list[LinkRecord], list[RowProblem]]:
    unreadable: list[RowProblem] = []
    records, problems = from_csv_rows(read_rows(io.StringIO(text, newline=""), unreadable))
    return records, [*unreadable, *problems]


def where(problems: list[RowProblem]) -> list[tuple[int, str]]:
    return [(problem.line, problem.column) for problem in problems]


def test_each_attribute_is_one_column() -> None:
    assert sorted(column.name for column in COLUMNS) == sorted(field.name for field in fields(LinkRecord))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["=1+1", "'=x", "''", "-5", "\r\n"]
)
MOMENT = st.floats(1e8, 7e9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
CODES = st.lists(st.sampled_from(["US", "CA-ON", "OWNERS", "-X", "=Y"]), unique=True).map(tuple)
RECORDS = st.builds(
    LinkRecord,
    id=st.integers(0, 10**9),
    made_at=MOMENT,
    environment=st.sampled_from(ENVIRONMENTS),
    host=TEXT,
    customer=TEXT.filter(lambda text: bool(text.strip())),
    ticket=TEXT,
    note=TEXT,
    connection_id=TEXT,
    meld_customer_id=TEXT,
    institution_id=TEXT,
    institution_name=TEXT,
    products=CODES,
    optional_products=CODES,
    regions=CODES,
    request=st.sampled_from(["", '{"a":"=1"}', '{"externalCustomerId":"Zoë, \\"x\\""}']),
    request_id=TEXT,
    expires_at=st.none() | MOMENT,
    status=st.sampled_from(["", *STATUSES]),
    status_reason=TEXT,
    status_at=st.none() | MOMENT,
    outcome=TEXT,
    case_id=st.integers(0, 10**9),
    kind=st.sampled_from(KINDS),
)


@given(st.lists(RECORDS, max_size=4))
def test_there_and_back(records: list[LinkRecord]) -> None:
    assert from_text(to_text(*records)) == (records, [])


@given(TEXT)
def test_no_cell_is_a_formula(text: str) -> None:
    cell = neutral(text)
    assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"}
    assert plain(cell) == text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'=", "''@", "＝"])
def test_formulas_are_neutralised_in_every_column(start: str) -> None:
    texts: dict[str, Any] = {column.name: f"{start}x" for column in COLUMNS if column.read is str}
    assert len(texts) > 8
    lists: dict[str, Any] = dict.fromkeys(("products", "optional_products", "regions"), (f"{start}x",))
    lists = {} if start.strip() != start else lists
    record = replace(LINK, **texts, **lists)
    headings, row = to_csv_rows([record])
    for name, cell in zip(headings, row, strict=True):
        if name in texts or name in lists:
            assert cell == f"'{start}x"
    assert from_text(to_text(record)) == ([record], [])


def test_an_apostrophe_of_a_persons_own_stays() -> None:
    for text in ("'quoted'", "'", "don't", "O'Neill"):
        assert neutral(text) == text
        assert plain(text) == text


# --- mistakes

HEAD = "made_at,environment,customer,status,products,id,request,expires_at,kind,case_id,note"
GOOD = "2026-02-03T12:00:00+00:00,sandbox,customer-7,ACTIVE,OWNERS,,,,,,"


def rows(*lines: str) -> str:
    return "\r\n".join([HEAD, *lines])


BAD = {
    "yesterday,sandbox,c": "made_at",
    "2026-02-03T12:00:00,sandbox,c": "made_at",
    "2026-02-30T12:00:00Z,sandbox,c": "made_at",
    "0001-01-01T00:00:00+14:00,sandbox,c": "made_at",
    ",sandbox,c": "made_at",
    "2026-02-03T12:00:00Z,,c": "environment",
    "2026-02-03T12:00:00Z,Mars,c": "environment",
    "2026-02-03T12:00:00Z,sandbox, ": "customer",
    "2026-02-03T12:00:00Z,sandbox": "customer",
    "2026-02-03T12:00:00Z,sandbox,c,what is this?": "status",
    "2026-02-03T12:00:00Z,sandbox,c,,,seven": "id",
    "2026-02-03T12:00:00Z,sandbox,c,,,-7": "id",
    "2026-02-03T12:00:00Z,sandbox,c,,,²": "id",
    "2026-02-03T12:00:00Z,sandbox,c,,,99999999999": "id",
    "2026-02-03T12:00:00Z,sandbox,c,,,,[1]": "request",
    "2026-02-03T12:00:00Z,sandbox,c,,,,{": "request",
    "2026-02-03T12:00:00Z,sandbox,c,,,,,soon": "expires_at",
    "2026-02-03T12:00:00Z,sandbox,c,,,,,,odd": "kind",
    "2026-02-03T12:00:00Z,sandbox,c,,,,,,,1.5": "case_id",
    "2026-02-03T12:00:00Z,sandbox,c,,,,,,,,\udce9t\udce9": "note",
    "2026-02-03T12:00:00Z,sandbox,c,,,,,,,,a,b": "",
}


@pytest.mark.parametrize("row", BAD, ids=ascii)
def test_a_bad_row_is_named_and_the_others_go_in(row: str) -> None:
    records, problems = from_text(rows(GOOD, row, GOOD))
    assert len(records) == 2
    assert where(problems) == [(3, BAD[row])]
    assert str(problems[0].text).endswith(".")
    assert "{" not in str(problems[0].text).replace("“{”", "")


def test_everything_wrong_with_a_row_is_named() -> None:
    records, problems = from_text(rows("x,y,c,,,z", GOOD))
    assert len(records) == 1
    assert where(problems) == [(2, "made_at"), (2, "environment"), (2, "id")]


def test_lines_are_counted_as_an_editor_does() -> None:
    long = GOOD + '"two\nlines, then\r\nthree"'
    records, problems = from_text(rows(long, "x,sandbox,c", "", " , ,", "y,sandbox,c"))
    assert records[0].note == "two\nlines, then\r\nthree"
    assert where(problems) == [(5, "made_at"), (8, "made_at")]


def test_what_a_person_may_write() -> None:
    text = (
        "\ufeff Customer ,STATUS,Made_At,environment,favourite colour,\n"
        "customer-7,active,2026-02-03T07:00:00-05:00,Sandbox,green,\n"
        "customer-7,,2026-02-03 12:00:00Z,sandbox\n"
    )
    records, problems = from_text(text)
    assert records == [replace(LINK, status="ACTIVE"), LINK]
    assert where(problems) == [(1, "favourite colour")]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", ["made_at", "environment", "customer"]),
        ("a letter to my aunt", ["made_at", "environment", "customer"]),
        (f"made_at;environment;customer\n{GOOD}", ["made_at", "environment", "customer"]),
        (f"made_at,customer\n{GOOD}", ["environment"]),
        (f"{HEAD},note\n{GOOD}", ["note"]),
    ],
)
def test_headings_that_cannot_be_used(text: str, columns: list[str]) -> None:
    assert (from_text(text)[0], where(from_text(text)[1])) == ([], [(1, column) for column in columns])


def test_a_cell_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    records, problems = from_text(rows(GOOD, f'{GOOD}"{"x" * 200_000}"', GOOD))
    assert len(records) == 2
    assert where(problems) == [(3, "")]


def test_a_heading_or_cell_of_any_length_is_named_shortly() -> None:
    _, problems = from_text(f"{HEAD},{'y' * 500}\n{'x' * 1000},sandbox,c\n")
    assert all(len(str(problem.text)) < 200 and len(problem.column) <= 40 for problem in problems)
    assert len(problems) == 2
