"""Which shared libraries a program file asks for, read from the file (System V ABI: dynamic section)."""

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

_HEADER = struct.Struct("<4sBB10xHHIQQQIHHHHHH")
_PROGRAM = struct.Struct("<IIQQQQQQ")
_DYNAMIC = struct.Struct("<qQ")
_LOAD, _DYNAMIC_SEGMENT = 1, 2
_NEEDED, _STRING_TABLE = 1, 5


class NotElfError(ValueError):
    """The file is not a 64-bit little-endian ELF file, or is cut off."""


def needed(path: Path) -> list[str]:
    """Return the sonames ``path`` is linked with. Raises NotElfError and OSError."""
    with path.open("rb") as file:
        try:
            magic, width, order, *_, start, _sections, _flags, _size, entry_size, count, _1, _2, _3 = _HEADER.unpack(
                file.read(_HEADER.size)
            )
            if (magic, width, order) != (b"\x7fELF", 2, 1):
                raise NotElfError(path.name)
            file.seek(start)
            table = file.read(entry_size * count)
            segments = [_PROGRAM.unpack_from(table, at * entry_size) for at in range(count)]
            dynamic = next((segment for segment in segments if segment[0] == _DYNAMIC_SEGMENT), None)
            if dynamic is None:
                return []
            file.seek(dynamic[2])
            entries = list(_DYNAMIC.iter_unpack(file.read(dynamic[5])))
            strings = next(value for tag, value in entries if tag == _STRING_TABLE)
            base = next(s[2] + strings - s[3] for s in segments if s[0] == _LOAD and s[3] <= strings < s[3] + s[5])
        except (struct.error, StopIteration) as error:
            raise NotElfError(path.name) from error
        return [_string(file.seek(base + value) and file.read(256)) for tag, value in entries if tag == _NEEDED]


def _string(data: bytes | int) -> str:
    return data.partition(b"\0")[0].decode("ascii", "replace") if isinstance(data, bytes) else ""


def needed_outside(roots: Iterable[Path], bundled: Iterable[Path]) -> dict[str, str]:
    """Return the sonames that ``roots``, and what they pull in from the ``bundled`` folders, expect of the system.

    The value names the file that asks. Files that are not there or not ELF ask for nothing.
    """
    folders = list(bundled)
    outside: dict[str, str] = {}
    waiting = list(roots)
    seen = set(waiting)
    while waiting:
        path = waiting.pop()
        for soname in _needed_or_nothing(path):
            inside = next((folder / soname for folder in folders if (folder / soname).exists()), None)
            if inside is None:
                outside.setdefault(soname, path.name)
            elif inside not in seen:
                seen.add(inside)
                waiting.append(inside)
    return outside


def _needed_or_nothing(path: Path) -> Iterator[str]:
    try:
        yield from needed(path)
    except (OSError, NotElfError):
        return
