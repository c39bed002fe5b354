"""Evidence packs: written and read off the GUI thread, with the versions of what the program runs on."""

import errno
import platform
import secrets
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import QObject, Signal, qVersion

from meld_desktop import __version__
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.services.keys import Keys
from meld_desktop.services.worker import Job, Worker

if TYPE_CHECKING:
    from meld_desktop.domain.witness.compare import Difference
    from meld_desktop.domain.witness.session import Comparable, Session
    from meld_desktop.evidence.snapshot import Snapshot

T = TypeVar("T")

_MADE_OF = "abcdefghijklmnopqrstuvwxyz0123456789"

_CAUSES = {
    errno.EROFS: QT_TRANSLATE_NOOP("domain", "This folder is read-only. Choose another folder."),
    errno.EACCES: QT_TRANSLATE_NOOP("domain", "You may not write to this folder. Choose another folder."),
    errno.EPERM: QT_TRANSLATE_NOOP("domain", "You may not write to this folder. Choose another folder."),
    errno.ENOSPC: QT_TRANSLATE_NOOP("domain", "The disk is full. Make room, or choose another folder."),
    errno.EDQUOT: QT_TRANSLATE_NOOP(
        "domain", "Your share of the disk is used up. Make room, or choose another folder."
    ),
    errno.ENOENT: QT_TRANSLATE_NOOP("domain", "This folder does not exist any more. Choose another folder."),
    errno.ENOTDIR: QT_TRANSLATE_NOOP("domain", "This folder does not exist any more. Choose another folder."),
    errno.EISDIR: QT_TRANSLATE_NOOP("domain", "This is the name of a folder. Choose another file name."),
    errno.ENAMETOOLONG: QT_TRANSLATE_NOOP("domain", "The file name is too long. Choose a shorter one."),
    errno.EBUSY: QT_TRANSLATE_NOOP(
        "domain", "Another program is using this file. Close it there, or choose another name."
    ),
    errno.EIO: QT_TRANSLATE_NOOP("domain", "The disk reports a fault. Choose a folder on another disk."),
}


class Evidence(QObject):
    """Writes and reads packs, and compares sessions. Lives on the main thread; the work is done on others.

    Of ``save``: ``saved`` carries the Path of the finished pack, ``failed`` a Text that says why there is none and what
    to do; ``cancelled`` comes when the person stopped it. Of ``load``: ``loaded`` carries the Comparable of a pack,
    ``unreadable`` a Text. Of ``compare``: ``compared`` carries the tuple of differences.
    """

    saved = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    loaded = Signal(object)
    unreadable = Signal(object)
    compared = Signal(object)

    def __init__(
        self, worker: Worker, keys: Keys, parent: QObject, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self._keys = keys
        self._now = now
        self._saving: Job | None = None
        self._claim = _Claim()
        self._loading: Job | None = None
        self._comparing: Job | None = None

    @property
    def is_saving(self) -> bool:
        """Whether a pack is being written."""
        return self._saving is not None

    def suggested_name(self) -> str:
        """Return a file name for a pack made now. It says nothing of the customer."""
        return f"meld-evidence-{self._now().astimezone():%Y%m%d-%H%M}.zip"

    def save(self, session: "Session", path: Path, note: str = "", ticket: str = "") -> None:
        """Write the pack of ``session``, as it is now, to ``path``. Ignored while another one is being written."""
        if self.is_saving:
            return
        from meld_desktop.evidence.snapshot import snapshot

        known = [*self._keys.secrets(), *session.secrets]
        self._claim = claim = _Claim()
        write = partial(_write, snapshot(session), path, note, ticket, known, self._now(), claim)
        self._saving = job = self._worker.submit(_off_thread(write))
        job.succeeded.connect(partial(self._written, path))
        job.broken.connect(self._broke)
        job.cancelled.connect(self._stopped)

    def cancel(self) -> None:
        """Stop writing: no pack appears and none is replaced, unless it is finished already."""
        if self._saving is not None and self._claim.take():
            self._saving.cancel()

    def load(self, path: Path) -> None:
        """Read what a pack holds for the comparison; the last one asked for counts."""
        if self._loading is not None:
            self._loading.cancel()
        self._loading = job = self._worker.submit(_off_thread(partial(_read, path)))
        job.succeeded.connect(self._read)
        job.broken.connect(self._could_not_read)

    def compare(self, first: "Session | Comparable", second: "Session | Comparable") -> None:
        """Find what differs between two sessions, or one and a pack; the last pair asked for counts."""
        from meld_desktop.domain.witness.compare import compare
        from meld_desktop.domain.witness.session import Comparable

        with_pack = isinstance(first, Comparable) != isinstance(second, Comparable)
        if self._comparing is not None:
            self._comparing.cancel()
        self._comparing = job = self._worker.submit(
            _off_thread(partial(compare, self._side(first, with_pack), self._side(second, with_pack)))
        )
        job.succeeded.connect(self._compared)

    def _side(self, side: "Session | Comparable", with_pack: bool) -> "Comparable":
        """Return what is compared. Beside a pack a session is cleaned as a pack is, or the masks would differ."""
        from meld_desktop.domain.witness.session import Comparable

        if isinstance(side, Comparable):
            return side
        if not with_pack:
            return side.comparable()
        from meld_desktop.domain.redaction import Redactor
        from meld_desktop.evidence.pack import comparable_as_packed

        return comparable_as_packed(side, Redactor([*self._keys.secrets(), *side.secrets]))

    def _stopped(self) -> None:
        self._saving = None
        self.cancelled.emit()

    def _broke(self, _bug: BaseException) -> None:
        self._saving = None
        self.failed.emit(Text(_UNEXPECTED))

    def _written(self, path: Path, problem: Text | None) -> None:
        self._saving = None
        if problem is None:
            self.saved.emit(path)
        else:
            self.failed.emit(problem)

    def _read(self, result: "Comparable | Text") -> None:
        self._loading = None
        if isinstance(result, Text):
            self.unreadable.emit(result)
        else:
            self.loaded.emit(result)

    def _could_not_read(self, _bug: BaseException) -> None:
        self._read(Text(QT_TRANSLATE_NOOP("domain", "This file could not be read as an evidence pack.")))

    def _compared(self, differences: "tuple[Difference, ...]") -> None:
        self._comparing = None
        self.compared.emit(differences)


class _Claim:
    """Decides, once, whether a pack is finished or stopped. Usable from any thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False

    def take(self) -> bool:
        """Return whether this is the first who asks."""
        with self._guard:
            first, self._taken = not self._taken, True
            return first


def versions() -> dict[str, str]:
    """Return the versions a support team asks for, by name. WebEngine is not loaded only to be asked for its own."""
    found = {"Meld Desktop": __version__, "Qt": qVersion(), "PySide6": pyside_version}
    engine = sys.modules.get("PySide6.QtWebEngineCore")
    if engine is not None:
        found["Chromium"] = engine.qWebEngineChromiumVersion()
    return {**found, "Python": platform.python_version(), "System": platform.platform()}


async def _off_thread(work: Callable[[], T]) -> T:
    import asyncio

    return await asyncio.get_running_loop().run_in_executor(None, work)


def _write(
    session: "Snapshot", path: Path, note: str, ticket: str, known: list[str], made: datetime, claim: _Claim
) -> Text | None:
    """Write the pack beside ``path`` and move it there. Returns why that was not possible. Runs on a thread."""
    from meld_desktop.domain.redaction import Redactor
    from meld_desktop.evidence.pack import write_pack

    redact = Redactor(known)
    unfinished = path.with_name(f".{path.stem[:40]}-{''.join(secrets.choice(_MADE_OF) for _ in range(8))}.part")
    try:
        if path.is_dir():
            return Text(_CAUSES[errno.EISDIR])
        try:
            write_pack(unfinished, session, note=note, ticket=ticket, versions=versions(), redact=redact, made=made)
            if claim.take():
                unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        return cause_of(error)
    return None


def _read(path: Path) -> "Comparable | Text":
    from meld_desktop.evidence.read import UnreadablePackError, read_comparable

    try:
        return read_comparable(path)
    except UnreadablePackError as error:
        return error.text


_UNEXPECTED = QT_TRANSLATE_NOOP("domain", "The pack could not be written. Your note is still here; try again.")


def cause_of(error: OSError) -> Text:
    """Return why a pack could not be written, and what to do next."""
    if error.errno in _CAUSES:
        return Text(_CAUSES[error.errno])
    said = error.strerror or type(error).__name__
    return Text(QT_TRANSLATE_NOOP("domain", "The file could not be written: {said}. Choose another folder."), said=said)
