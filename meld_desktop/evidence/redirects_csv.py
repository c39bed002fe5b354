"""``redirects.csv``: where each frame and window went, for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from meld_desktop.domain.addresses import split

COLUMNS = ("number", "time", "seconds", "kind", "place", "scheme", "host", "port", "path", "address")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def redirects_csv(hops: Iterable[Mapping[str, Any]]) -> bytes:
    """Return the table of ``hops`` (those of ``timeline.json``) as UTF-8 with a mark, which spreadsheets look for."""
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    for hop in hops:
        url = str(hop["url"])
        address = split(url)
        parts = (
            (address.scheme, address.host, "" if address.port is None else address.port, address.path)
            if address is not None
            else (url.partition(":")[0] if ":" in url else "", "", "", "")
        )
        row = (hop["number"], hop["at"], hop["seconds"], hop["kind"], hop["place"], *parts, url)
        writer.writerow([cell if isinstance(cell, int | float) else harmless_cell(str(cell)) for cell in row])
    return table.getvalue().encode("utf-8-sig")


def harmless_cell(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
