"""The pictures of a session, within bounds."""

import re
from collections.abc import Sequence
from datetime import datetime

from meld_desktop.domain.witness.seen import Picture

MOST = 60
MOST_BYTES = 40 * 1024 * 1024

_UNFIT = re.compile(r"[^A-Za-z0-9_-]+")
_LABEL_LIMIT = 40


class Album:
    """Keeps pictures; the oldest that is not the last with its label goes first."""

    def __init__(self) -> None:
        self.pictures: list[Picture] = []
        self.left_out = 0
        self._labels: dict[str, str] = {}
        self._bytes = 0

    def add(self, at: datetime, entry: int, label: str, png: bytes, size: tuple[int, int]) -> tuple[str, Sequence[str]]:
        """Keep a picture; return its name, and the names of those that fell out for it, maybe its own."""
        fit = _UNFIT.sub("-", label)[:_LABEL_LIMIT].strip("-") or "picture"
        stem = f"{entry:03}-{fit}"
        name, count = f"{stem}.png", 1
        while name in self._labels:
            count += 1
            name = f"{stem}-{count}.png"
        self.pictures.append(Picture(name, at, entry, png, *size))
        self._labels[name] = fit
        self._bytes += len(png)
        gone = []
        while len(self.pictures) > MOST or self._bytes > MOST_BYTES:
            gone.append(self._drop_one())
        return name, gone

    def snapshot(self) -> "Album":
        """Return a copy that stays as it is."""
        still = Album()
        still.pictures, still.left_out = list(self.pictures), self.left_out
        return still

    def clear(self) -> Sequence[str]:
        """Let all pictures go; return their names."""
        names = [picture.name for picture in self.pictures]
        self.left_out += len(names)
        self.pictures = []
        self._labels, self._bytes = {}, 0
        return names

    def _drop_one(self) -> str:
        last = {self._labels[picture.name]: picture.name for picture in self.pictures}
        spare = (i for i, picture in enumerate(self.pictures) if last[self._labels[picture.name]] != picture.name)
        picture = self.pictures.pop(next(spare, 0))
        del self._labels[picture.name]
        self._bytes -= len(picture.png)
        self.left_out += 1
        return picture.name
