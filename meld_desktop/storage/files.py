"""Writing a file so that a crash at any moment leaves either the old one or the new one."""

import contextlib
import os
from pathlib import Path

_UNFINISHED = ".unfinished-"
_STALE_SECONDS = 60


def write_whole(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``, readable by this user only, in a folder made if need be. Raises OSError."""
    import tempfile

    folder = path.parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(folder)
    handle, name = tempfile.mkstemp(prefix=_UNFINISHED, dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _sweep(folder: Path) -> None:
    """Remove what writers that were killed have left; a write that is under way is younger."""
    import time

    for left in folder.glob(f"{_UNFINISHED}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()
