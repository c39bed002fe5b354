"""A WORKAROUND that keeps a PySide6 bug from ending the program."""

import sys

_PLENTY = 1 << 30


def protect_constants() -> None:
    """Give ``True``, ``False`` and ``None`` more references than the program can lose.

    WORKAROUND: PySide6 6.12.0 on Python 3.11 drops a reference to ``True`` with every ``Signal.emit`` and one to
    ``None`` with every call that returns nothing; after some hundreds of them the interpreter aborts (measured: 100
    emits, 100 references). From Python 3.12 on these objects are immortal (PEP 683) and nothing is to be done.
    """
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    import ctypes

    for constant in (True, False, None):
        # The reference count is the first word of an object (CPython 3.11, Include/object.h).
        ctypes.c_ssize_t.from_address(id(constant)).value += _PLENTY
