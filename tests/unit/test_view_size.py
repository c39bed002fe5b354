"""How the widget is looked at."""

import pytest

from meld_desktop.domain.view_size import ZOOM_STEPS, ViewChoices, ViewSize, nearest_zoom, next_zoom


def test_the_sizes_of_devices() -> None:
    assert ViewSize.PHONE.pixels == (360, 630)
    assert ViewSize.TABLET.pixels == (768, 1024)
    assert ViewSize.FULL.pixels is None
    assert ViewChoices().size is ViewSize.PHONE


def test_zoom_stays_within_what_can_be_chosen() -> None:
    assert nearest_zoom(0.01) == ZOOM_STEPS[0]
    assert nearest_zoom(99) == ZOOM_STEPS[-1]
    assert nearest_zoom(1.3) == 1.3


@pytest.mark.parametrize(
    ("factor", "steps", "expected"),
    [(1.0, 1, 1.1), (1.0, -1, 0.9), (1.26, 1, 1.5), (3.0, 1, 3.0), (0.5, -1, 0.5), (1.0, 0, 1.0)],
)
def test_steps_of_zoom(factor: float, steps: int, expected: float) -> None:
    assert next_zoom(factor, steps) == expected
