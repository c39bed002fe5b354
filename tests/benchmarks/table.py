"""One table of what was measured against what."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One budget. ``value`` is compared with ``limit``; ``detail`` says what stands behind it."""

    what: str
    value: float
    limit: float
    unit: str
    detail: str = ""

    @property
    def is_within(self) -> bool:
        """Whether the budget is kept."""
        return self.value <= self.limit


def markdown(rows: Iterable[Row]) -> str:
    """Return the rows as a table."""
    lines = ["| what | measured | limit | within? | detail |", "|---|---|---|---|---|"]
    lines += [
        f"| {row.what} | {_number(row.value)} {row.unit} | {_number(row.limit)} {row.unit} "
        f"| {'yes' if row.is_within else 'NO'} | {row.detail} |"
        for row in rows
    ]
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
