"""Checks a pack: is every file in it as it was when the pack was written? Trusts nothing in the file it reads."""

import errno
import hashlib
import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from meld_desktop.domain.text import NOTHING, QT_TRANSLATE_NOOP, Text
from meld_desktop.domain.widget_events import shorten
from meld_desktop.evidence import layout

_START = b"PK\x03\x04"
_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x07"
_END_SIZE = 22
_LOCATOR_SIZE = 20
_LARGEST_DIRECTORY = 256 * 1024
_LARGEST_SUMS = 64 * 1024
_CHUNK = 256 * 1024
_MOST_NAMED = 20
_ENCRYPTED = 0x1
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, RuntimeError)
"""What reading a zip raises when its bytes make no sense."""
_LINE = re.compile(r"([0-9a-fA-F]{64}) [ *](.+)")

ASK_AGAIN = Text(QT_TRANSLATE_NOOP("domain", "Ask whoever sent it to send the file again, as it was saved."))
CHOOSE_ANOTHER = Text(
    QT_TRANSLATE_NOOP("domain", "Choose a .zip that Meld Desktop saved with “Save evidence…”, without unpacking it.")
)
DO_NOT_RELY = Text(
    QT_TRANSLATE_NOOP("domain", "Do not rely on this file. Ask whoever sent it to send it again, as it was saved.")
)


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check found. ``problems`` are sentences for people, ``next_step`` says what to do about them.

    ``is_pack`` is False when the file is something else altogether; ``files`` counts those that are as written.
    """

    ok: bool
    problems: tuple[Text, ...]
    files: int
    is_pack: bool = True
    next_step: Text = NOTHING


class _RefusedError(Exception):
    """The file is not looked into any further."""

    def __init__(self, problem: Text, next_step: Text, *, is_pack: bool) -> None:
        super().__init__(str(problem))
        self.problem = problem
        self.next_step = next_step
        self.is_pack = is_pack


def verify_pack(path: Path) -> Verification:
    """Return whether the pack at ``path`` is whole and unchanged. Raises OSError when it cannot be read at all."""
    return verified_files(path)[0]


def verified_files(path: Path, wanted: frozenset[str] = frozenset()) -> tuple[Verification, dict[str, bytes]]:
    """Check a pack and return, of the ``wanted`` files, those whose sum is right. Raises OSError."""
    if not stat.S_ISREG(path.stat().st_mode):
        return Verification(False, (_not_a_pack(),), 0, False, CHOOSE_ANOTHER), {}
    try:
        with path.open("rb") as file:
            _look_at_ends(file)
            with zipfile.ZipFile(file) as pack:
                return _check(pack, wanted)
    except _RefusedError as refusal:
        return Verification(False, (refusal.problem,), 0, refusal.is_pack, refusal.next_step), {}
    except _DAMAGE:
        return Verification(False, (_broken(),), 0, True, ASK_AGAIN), {}
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the file's beginning, which only a damaged zip names
            raise
        return Verification(False, (_broken(),), 0, True, ASK_AGAIN), {}


def _look_at_ends(file: BinaryIO) -> None:
    """Refuse what is no zip, was cut off, or has a list of files too long to be ours, before it is read."""
    start = file.read(len(_START))
    size = file.seek(0, 2)
    if start not in {_START, _END}:
        raise _RefusedError(_not_a_pack(), CHOOSE_ANOTHER, is_pack=False)
    file.seek(max(0, size - _END_SIZE - _LOCATOR_SIZE))
    tail = file.read()
    end = tail[-_END_SIZE:]
    if not end.startswith(_END) or len(end) < _END_SIZE or end[-2:] != b"\0\0":
        raise _RefusedError(_broken(), ASK_AGAIN, is_pack=True)
    directory = int.from_bytes(end[12:16], "little")
    if tail.startswith(_END_64) or directory > _LARGEST_DIRECTORY or size > layout.MOST_BYTES:
        raise _RefusedError(_too_large(), CHOOSE_ANOTHER, is_pack=False)
    file.seek(0)


def _check(pack: zipfile.ZipFile, wanted: frozenset[str]) -> tuple[Verification, dict[str, bytes]]:
    entries = pack.infolist()
    names = [entry.orig_filename for entry in entries]
    if layout.SUMS not in names and layout.TIMELINE not in names:
        raise _RefusedError(_not_a_pack(), CHOOSE_ANOTHER, is_pack=False)
    total = sum(entry.file_size for entry in entries)
    if (
        len(entries) > layout.MOST_FILES
        or total > layout.MOST_BYTES
        or any(entry.file_size > layout.MOST_BYTES_A_FILE for entry in entries)
    ):
        raise _RefusedError(_too_large(), CHOOSE_ANOTHER, is_pack=False)
    problems = [_leads_outside(name) for name in sorted({name for name in names if not is_plain_name(name)})]
    problems += [
        Text(QT_TRANSLATE_NOOP("domain", "“{name}” is in the pack twice."), name=_shown(name))
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    sums, bad_lines = _sums(pack, names)
    problems += bad_lines
    problems += [
        Text(QT_TRANSLATE_NOOP("domain", "“{name}” is missing."), name=_shown(name))
        for name in sorted((set(sums) | layout.ALWAYS) - set(names))
    ]
    good, changed, kept = _compare(pack, sums, wanted)
    problems += changed
    problems += [
        Text(QT_TRANSLATE_NOOP("domain", "“{name}” was not in the pack when it was saved."), name=_shown(name))
        for name in sorted(set(names) - set(sums) - {layout.SUMS})
        if sums and is_plain_name(name)
    ]
    if len(problems) > _MOST_NAMED:
        more = len(problems) - _MOST_NAMED
        problems = problems[:_MOST_NAMED]
        problems.append(Text(QT_TRANSLATE_NOOP("domain", "And {count} more like these."), count=more))
    return Verification(not problems, tuple(problems), good, True, DO_NOT_RELY if problems else NOTHING), kept


def _sums(pack: zipfile.ZipFile, names: list[str]) -> tuple[dict[str, str], list[Text]]:
    if layout.SUMS not in names:
        missing = QT_TRANSLATE_NOOP("domain", "“{name}” is missing, so nothing in the pack can be checked.")
        return {}, [Text(missing, name=layout.SUMS)]
    entry = pack.getinfo(layout.SUMS)
    listed = _content(pack, entry) if entry.file_size <= _LARGEST_SUMS else None
    sums: dict[str, str] = {}
    for line in ("",) if listed is None else listed.decode("utf-8", "replace").splitlines():
        found = _LINE.fullmatch(line)
        if found is None or not is_plain_name(found[2]) or found[2] in sums:
            unreadable = QT_TRANSLATE_NOOP(
                "domain", "The list of sums in “{name}” is damaged or was changed: it cannot be read."
            )
            return sums, [Text(unreadable, name=layout.SUMS)]
        sums[found[2]] = found[1].lower()
    return sums, []


def _compare(
    pack: zipfile.ZipFile, sums: dict[str, str], wanted: frozenset[str]
) -> tuple[int, list[Text], dict[str, bytes]]:
    good, problems, kept = 0, [], {}
    for name in sorted(sums):
        try:
            entry = pack.getinfo(name)
        except KeyError:
            continue
        content = _content(pack, entry)
        if content is None:
            damaged = QT_TRANSLATE_NOOP("domain", "“{name}” is damaged: it cannot be unpacked.")
            problems.append(Text(damaged, name=_shown(name)))
        elif hashlib.sha256(content).hexdigest() != sums[name]:
            changed = QT_TRANSLATE_NOOP("domain", "“{name}” has been changed since the pack was saved.")
            problems.append(Text(changed, name=_shown(name)))
        else:
            good += 1
            if name in wanted:
                kept[name] = content
    return good, problems, kept


def _content(pack: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes | None:
    """Return a file's content, never more than its entry promised; None when it cannot be unpacked."""
    if entry.flag_bits & _ENCRYPTED or entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        return None
    content = bytearray()
    try:
        with pack.open(entry) as file:
            while chunk := file.read(_CHUNK):
                content += chunk
                if len(content) > entry.file_size:
                    return None
    except _DAMAGE:
        return None
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        return None
    return bytes(content)


def is_plain_name(name: str) -> bool:
    """Say whether ``name`` stays inside the folder it is unpacked in, on every system."""
    parts = name.split("/")
    return (
        name.isprintable()
        and len(name) <= 200
        and not any(character in name for character in '\\:*?"<>|')
        and all(part.strip(" .") for part in parts)
    )


def _shown(name: str) -> str:
    return shorten(name, 80)


def _leads_outside(name: str) -> Text:
    return Text(QT_TRANSLATE_NOOP("domain", "A file is named “{name}”: no pack has such a name."), name=_shown(name))


def _not_a_pack() -> Text:
    return Text(QT_TRANSLATE_NOOP("domain", "This is not an evidence pack."))


def _broken() -> Text:
    return Text(QT_TRANSLATE_NOOP("domain", "The file is broken or was cut off: it cannot be opened as a zip."))


def _too_large() -> Text:
    return Text(
        QT_TRANSLATE_NOOP("domain", "This would unpack to more than any evidence pack holds, so it was not opened.")
    )
