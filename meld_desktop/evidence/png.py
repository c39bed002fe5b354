"""Pictures for a pack: nothing in the file but the picture itself."""

import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"sRGB", b"gAMA", b"cHRM", b"pHYs", b"IDAT", b"IEND"})


def only_picture(data: bytes) -> bytes | None:
    """Return a PNG without texts, times and whatever follows its end; None when it is no whole PNG."""
    if not data.startswith(_SIGNATURE):
        return None
    kept, place, seen = [_SIGNATURE], len(_SIGNATURE), set()
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        end = place + 12 + length
        kind, checksum = data[place + 4 : place + 8], data[end - 4 : end]
        if end > len(data) or zlib.crc32(data[place + 4 : end - 4]).to_bytes(4, "big") != checksum:
            return None
        if kind in _KEPT:
            kept.append(data[place:end])
            seen.add(kind)
        place = end
        if kind == b"IEND":
            return b"".join(kept) if {b"IHDR", b"IDAT"} <= seen else None
    return None
