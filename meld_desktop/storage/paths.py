"""Where the program keeps its own files. One folder, so that it is easy to name, back up and remove."""

from pathlib import Path

APPLICATION = "meld-desktop"


def default_data_dir() -> Path:
    """Return the folder of this user: ``~/.local/share/meld-desktop`` on Linux, and its like elsewhere."""
    import platformdirs

    return platformdirs.user_data_path(APPLICATION, appauthor=False)
