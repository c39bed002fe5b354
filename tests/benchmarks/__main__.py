"""Measure everything and print the table: ``python -m tests.benchmarks [runs]``."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import inside, start
from tests.benchmarks.table import Row, markdown

_RUNS = 9


def main() -> int:
    """Print the table; a part that breaks is named instead of its rows. Always succeeds: times are not judged here."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else _RUNS
    rows: list[Row] = []
    parts: list[Callable[[Path], list[Row]]] = [
        lambda home: start.window_shown(home, runs),
        lambda home: start.memory(home, max(1, runs // 3)),
        lambda home: start.command_line(home, runs),
        lambda home: inside.completion(home, 2 * runs),
        lambda home: inside.stalls(home, max(1, runs // 2)),
        lambda home: inside.navigation(home, 20),
        lambda home: inside.many_links(home, 50),
    ]
    for part in parts:
        with tempfile.TemporaryDirectory(prefix="meld-benchmark-", ignore_cleanup_errors=True) as home:
            try:
                rows += part(Path(home))
            except (RuntimeError, OSError) as error:
                print(f"A part could not be measured: {error}", file=sys.stderr)
    print(markdown(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
