"""The runner of the benchmarks works: every part once, with no look at the time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks import inside, start
from tests.benchmarks.processes import Comparison, Cost, environment, run
from tests.benchmarks.table import Row, markdown

PARTS: dict[str, tuple[Callable[[Path, int], list[Row]], int]] = {
    "window": (start.window_shown, 1),
    "memory": (start.memory, 1),
    "command line": (start.command_line, 1),
    "completion": (inside.completion, 1),
    "stalls": (inside.stalls, 1),
    "navigation": (inside.navigation, 1),
    "many links": (inside.many_links, 2),
}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_measures_something(part: str, tmp_path: Path) -> None:
    measure, count = PARTS[part]
    rows = measure(tmp_path, count)
    assert rows
    assert all(row.limit >= 0 and row.what and row.detail for row in rows)
    assert all(row.value > 0 or row.limit == 0 for row in rows)


def test_a_program_that_fails_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no-such-module"):
        run(["-m", "no-such-module"], environment(tmp_path))


def test_ratios_are_of_pairs() -> None:
    ours = tuple(Cost(wall, 2 * wall, "") for wall in (3.0, 20.0, 4.0))
    bare = tuple(Cost(wall, wall, "") for wall in (1.0, 10.0, 2.0))
    assert Comparison(ours, bare).ratio("wall") == 2.0
    assert Comparison(ours, bare).ratio("cpu") == 4.0


def test_the_table() -> None:
    rows = [Row("kept", 1.0, 1.5, "x", "of two"), Row("missed", 16.25, 15, "ms")]
    assert markdown(rows).splitlines()[2:] == [
        "| kept | 1 x | 1.5 x | yes | of two |",
        "| missed | 16.25 ms | 15 ms | NO |  |",
    ]
