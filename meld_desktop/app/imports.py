"""Imports Qt so that the modules imported after it cost no more than without it."""

import builtins


def import_qt() -> None:
    """Import Qt's core and take its hook out of ``import`` again. Idempotent; called before anything else of Qt.

    WORKAROUND: PySide6 6.12.0 puts a hook into ``builtins.__import__`` that serves ``from __feature__ import ...``,
    which this program does not use. The hook has the source of each newly imported module read, in search of the word
    "PySide6", and ``linecache`` keeps what was read: measured, a tenth of the start and 11 MiB with the window up.
    """
    plain = builtins.__import__
    import PySide6.QtCore  # noqa: F401

    builtins.__import__ = plain
