"""Where the files that ship with the program lie.

One function, because the folder is ``resources/`` beside the package in a checkout and inside the package in a
wheel or a frozen bundle.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def resource(*parts: str) -> Path:
    """Return the path of a shipped file or folder, for example ``resource("icons", "copy.svg")``.

    Raises ``FileNotFoundError`` when the installation is incomplete.
    """
    for root in (_PACKAGE / "resources", _PACKAGE.parent / "resources"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(f"Meld Desktop is incomplete: resources/{'/'.join(parts)} is missing")
