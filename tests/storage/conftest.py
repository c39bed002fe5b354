"""The store of links that most of these tests try."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from meld_desktop.storage.links import LinkStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LinkStore]:
    """A store that does not wait long for others, because the tests make it wait on purpose."""
    made = LinkStore(tmp_path, patience=0.3)
    yield made
    made.close()
