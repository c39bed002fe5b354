"""Checking a pack: everything that may be wrong with it is named in plain words, and nothing in it does harm."""

import io
import struct
import sys
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meld_desktop.evidence.pack import packed, sums_of
from meld_desktop.evidence.verify import Verification, is_plain_name, verify_pack
from tests.support.evidence import unpacked, write


@pytest.fixture
def files(tmp_path: Path) -> dict[str, bytes]:
    found = unpacked(write(tmp_path / "good.zip"))
    del found["SHA256SUMS"]
    return found


def check(tmp_path: Path, files: dict[str, bytes], sums: bytes | None = None) -> Verification:
    """Verify a pack of ``files`` with the sums of others."""
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in files.items():
            pack.writestr(name, content)
        if sums is not None:
            pack.writestr("SHA256SUMS", sums)
    return verify_pack(path)


def says(verification: Verification) -> str:
    return " ".join(str(problem) for problem in verification.problems)


def test_a_pack_as_written_is_whole(tmp_path: Path) -> None:
    found = verify_pack(write(tmp_path / "pack.zip"))
    assert found == Verification(True, (), 7)


def test_a_changed_file_is_named(tmp_path: Path, files: dict[str, bytes]) -> None:
    found = check(tmp_path, {**files, "timeline.json": files["timeline.json"] + b" "}, sums_of(files))
    assert not found.ok
    assert says(found) == "“timeline.json” has been changed since the pack was saved."
    assert found.files == 6
    assert "Do not rely on this file" in str(found.next_step)


def test_a_missing_file_is_named(tmp_path: Path, files: dict[str, bytes]) -> None:
    sums = sums_of(files)
    del files["requests.har"]
    assert says(check(tmp_path, files, sums)) == "“requests.har” is missing."


def test_a_file_that_is_missing_from_the_sums_too_is_named(tmp_path: Path, files: dict[str, bytes]) -> None:
    del files["redaction.json"]
    assert says(check(tmp_path, files, sums_of(files))) == "“redaction.json” is missing."


def test_an_extra_file_is_named(tmp_path: Path, files: dict[str, bytes]) -> None:
    found = check(tmp_path, {**files, "notes.txt": b"x"}, sums_of(files))
    assert says(found) == "“notes.txt” was not in the pack when it was saved."


def test_a_file_that_is_there_twice_is_named(tmp_path: Path, files: dict[str, bytes]) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(packed(files))
    with zipfile.ZipFile(path, "a") as pack, pytest.warns(UserWarning, match="Duplicate"):
        pack.writestr("timeline.html", b"another")
    found = verify_pack(path)
    assert "“timeline.html” is in the pack twice." in says(found)


def test_without_sums_nothing_is_vouched_for(tmp_path: Path, files: dict[str, bytes]) -> None:
    found = check(tmp_path, files)
    assert not found.ok
    assert "so nothing in the pack can be checked" in says(found)
    assert found.files == 0


@pytest.mark.parametrize(
    "line", [b"nonsense", b"00  x", b"", b"\xff\xfe", b"a" * 64 + b"  ../x", b"a" * 64 + b"  /etc/x"]
)
def test_sums_that_cannot_be_read_are_named(line: bytes, tmp_path: Path, files: dict[str, bytes]) -> None:
    found = check(tmp_path, files, line + b"\n" + sums_of(files))
    assert "“SHA256SUMS” is damaged" in says(found)


def test_many_problems_do_not_flood(tmp_path: Path, files: dict[str, bytes]) -> None:
    more = {f"extra-{number}": b"" for number in range(60)}
    found = check(tmp_path, {**files, **more}, sums_of(files))
    assert len(found.problems) == 21
    assert str(found.problems[-1]) == "And 40 more like these."


# --- what is no pack


@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"hello", b"\x89PNG\r\n\x1a\n" + bytes(100), b"PK\x05\x06" + bytes(18), b"\x1f\x8b" + bytes(200)],
)
def test_what_is_no_pack_is_said_to_be_none(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(content)
    found = verify_pack(path)
    assert says(found) == "This is not an evidence pack."
    assert not found.is_pack
    assert "Choose a .zip" in str(found.next_step)


def test_another_zip_is_no_pack(tmp_path: Path) -> None:
    found = check(tmp_path, {"letter.txt": b"Dear"})
    assert says(found) == "This is not an evidence pack."
    assert not found.is_pack


def test_a_folder_and_a_missing_file(tmp_path: Path) -> None:
    assert not verify_pack(tmp_path).is_pack
    with pytest.raises(FileNotFoundError):
        verify_pack(tmp_path / "none.zip")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_it_does_not_wait_for_what_is_no_file(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    assert not verify_pack(tmp_path / "pipe").is_pack
    assert not verify_pack(Path("/dev/zero")).is_pack


# --- broken ones


def test_a_file_that_was_cut_off_is_broken(tmp_path: Path) -> None:
    whole = write(tmp_path / "good.zip").read_bytes()
    path = tmp_path / "pack.zip"
    for length in range(5, len(whole), 97):
        path.write_bytes(whole[:length])
        found = verify_pack(path)
        assert says(found) == "The file is broken or was cut off: it cannot be opened as a zip."
        assert "send the file again" in str(found.next_step)


def test_any_changed_byte_is_noticed_unless_it_says_nothing(tmp_path: Path) -> None:
    """Bytes of the zip's own bookkeeping aside: what can be unpacked is then still the same."""
    good = write(tmp_path / "good.zip")
    whole = bytearray(good.read_bytes())
    contents = unpacked(good)
    path = tmp_path / "pack.zip"
    for place in range(0, len(whole), 61):
        changed = whole.copy()
        changed[place] ^= 0x55
        path.write_bytes(changed)
        found = verify_pack(path)
        if found.ok:
            assert unpacked(path) == contents
        else:
            assert found.problems
            assert found.next_step


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300), st.booleans())
def test_nothing_makes_it_fail(tmp_path: Path, content: bytes, starts_well: bool) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes((b"PK\x03\x04" if starts_well else b"") + content)
    assert not verify_pack(path).ok


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_damage(method: int, tmp_path: Path, files: dict[str, bytes]) -> None:
    path = tmp_path / "pack.zip"
    with zipfile.ZipFile(path, "w", method) as pack:
        for name, content in {**files, "SHA256SUMS": sums_of(files)}.items():
            pack.writestr(name, content)
    found = verify_pack(path)
    assert not found.ok
    assert "“SHA256SUMS” is damaged" in says(found)


# --- hostile ones

OUTSIDE = [
    "../evil.txt",
    "/etc/passwd",
    "a/../../b",
    "C:\\evil",
    "..\\evil",
    "a//b",
    "dir/",
    "x\x1b[31m",
    "nul\x00.txt",
    "…/ ",
]


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_name_that_leads_outside_is_named(name: str, tmp_path: Path, files: dict[str, bytes]) -> None:
    path = tmp_path / "pack.zip"
    raw = packed({**files, "zz" + "_" * (len(name.encode()) - 2): b"x"})
    path.write_bytes(raw.replace(b"zz" + b"_" * (len(name.encode()) - 2), name.encode()))
    found = verify_pack(path)
    assert not found.ok
    assert "no pack has such a name" in says(found)
    assert not any(character in says(found) for character in "\x1b\x00")
    assert not is_plain_name(name)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["good.zip", "pack.zip"]


def bomb(size: int) -> Callable[[dict[str, bytes]], bytes]:
    def build(files: dict[str, bytes]) -> bytes:
        return packed({**files, "zeros.txt": bytes(size)})

    return build


def lying(files: dict[str, bytes]) -> bytes:
    """A megabyte that its entry says is ten bytes."""
    raw = bytearray(packed({**files, "timeline.html": bytes(1_000_000)}))
    size = struct.pack("<I", 1_000_000)
    while (place := raw.find(size)) >= 0:
        raw[place : place + 4] = struct.pack("<I", 10)
    return bytes(raw)


def crowded(files: dict[str, bytes]) -> bytes:
    return packed({**files, **{f"n{number}": b"" for number in range(5_000)}})


def zip64(files: dict[str, bytes]) -> bytes:
    raw = packed(files)
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, 2**40, 2**40, 2**50, 0)
    return raw[:-22] + record + struct.pack("<4sIQI", b"PK\x06\x07", 0, len(raw) - 22, 1) + raw[-22:]


@pytest.mark.parametrize(
    "build", [bomb(300 * 1024 * 1024), crowded, zip64, lying], ids=["bomb", "crowd", "zip64", "lie"]
)
def test_a_bomb_is_not_opened(
    build: Callable[[dict[str, bytes]], bytes], tmp_path: Path, files: dict[str, bytes]
) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(build(files))
    tracemalloc.start()
    try:
        found = verify_pack(path)
        assert tracemalloc.get_traced_memory()[1] < 30 * 1024 * 1024
    finally:
        tracemalloc.stop()
    assert not found.ok
    if build is not lying:
        assert says(found).startswith("This would unpack to more than any evidence pack holds")


def test_a_file_named_larger_than_it_is_costs_nothing(tmp_path: Path, files: dict[str, bytes]) -> None:
    """A tail that promises a long list of files, without having it."""
    raw = bytearray(packed(files))
    raw[-10:-6] = struct.pack("<I", 2**31)
    (tmp_path / "pack.zip").write_bytes(raw)
    assert "more than any evidence pack holds" in says(verify_pack(tmp_path / "pack.zip"))


def test_overlapping_files_are_read_once_each_at_most(tmp_path: Path) -> None:
    """One compressed block that a hundred entries point to (after Fifield's bomb)."""
    block = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = bytes(20 * 1024 * 1024)
    data = block.compress(zeros) + block.flush()
    out = io.BytesIO()
    out.write(
        struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 33, zlib.crc32(zeros), len(data), len(zeros), 1, 0)
        + b"a"
    )
    out.write(data)
    start = out.tell()
    for number in range(100):
        name = f"n{number}".encode() if number else b"timeline.json"
        out.write(
            struct.pack(
                "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, zlib.crc32(zeros), len(data), len(zeros),
                len(name), 0, 0, 0, 0, 0, 0,
            )
            + name
        )  # fmt: skip
    size = out.tell() - start
    out.write(struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 100, 100, size, start, 0))
    (tmp_path / "pack.zip").write_bytes(out.getvalue())
    assert "more than any evidence pack holds" in says(verify_pack(tmp_path / "pack.zip"))
