"""API keys in the operating system's keyring: one entry a host, nothing anywhere else.

Every call blocks, may raise a password prompt and may hang: call from a worker thread with a time limit. The library is
imported by the first call, because its search for backends is slow.
"""

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE = "meld-desktop"
"""The name the entries stand under in the keyring; the user name of an entry is the API's host."""

WINDOWS_LIMIT = 1280
"""UTF-16 characters one entry of the Windows Credential Manager can hold."""

_UNSAFE_BACKENDS = ("keyrings.alt", "keyring.backends.null", "keyring.backends.fail")


_PROMPT_SECONDS = 0.3
"""Nobody reads and dismisses a prompt faster; a quicker refusal means that no prompt was shown."""


class KeyStore:
    """Reads and writes keys. All methods raise MeldError with a kind that names what the keyring did."""

    def read(self, host: str) -> str | None:
        """Return the key kept for ``host``, or None."""
        return _ask(lambda backend: backend.get_password(SERVICE, host))

    def write(self, host: str, key: str) -> None:
        """Keep ``key`` for ``host``, in place of any other."""
        if sys.platform == "win32" and len(key) > WINDOWS_LIMIT:
            text = QT_TRANSLATE_NOOP("domain", "Windows keeps keys of at most {limit} characters.")
            raise MeldError(Kind.KEY_UNUSABLE, detail=Text(text, limit=WINDOWS_LIMIT))
        _ask(lambda backend: backend.set_password(SERVICE, host, key))

    def delete(self, host: str) -> None:
        """Forget the key of ``host``; nothing happens when there is none."""

        def delete(backend: "KeyringBackend") -> None:
            if backend.get_password(SERVICE, host) is not None:
                backend.delete_password(SERVICE, host)

        _ask(delete)


def _ask(question: "Callable[[KeyringBackend], T]") -> T:
    started = time.monotonic()
    try:
        backend = _backend()
        started = time.monotonic()
        return question(backend)
    except MeldError:
        raise
    except Exception as error:  # noqa: BLE001 - backends raise what their platforms raise
        # The library's words may quote what it was given, so only the kind of its complaint leaves this function.
        raise MeldError(_kind(error, time.monotonic() - started)) from None


def _backend() -> "KeyringBackend":
    import keyring

    backend = keyring.get_keyring()
    if not _is_usable(backend):
        # A keyring that was started since the last look counts; the library itself looks only once.
        vars(keyring.backend.get_all_keyring).pop("saved_result", None)
        keyring.core.init_backend()
        backend = keyring.get_keyring()
    if not _is_usable(backend):
        raise MeldError(Kind.KEYRING_MISSING)
    return backend


def _is_usable(backend: "KeyringBackend") -> bool:
    return not type(backend).__module__.startswith(_UNSAFE_BACKENDS)


def _kind(error: Exception, seconds: float) -> Kind:
    from keyring.errors import KeyringLocked, NoKeyringError

    causes = [type(cause).__name__ for cause in (error, error.__cause__, error.__context__) if cause is not None]
    said = " ".join([*causes, *map(str, error.args)])
    if isinstance(error, NoKeyringError) or "NotAvailable" in said or "ServiceUnknown" in said:
        return Kind.KEYRING_MISSING
    if "Denied" in said or "Dismissed" in said or "dismissed" in said:
        return Kind.KEYRING_DENIED
    if isinstance(error, KeyringLocked) or "Locked" in said:
        return Kind.KEYRING_DENIED if seconds > _PROMPT_SECONDS else Kind.KEYRING_LOCKED
    return Kind.KEYRING_FAILED
