"""The window's program: arguments, composition of the rooms, staged shutdown, and the guided tour."""


def main(argv: list[str] | None = None) -> int:
    """Run Meld Desktop and return its exit code. Qt is imported only when the window can open."""
    from meld_desktop.app.start import run

    return run(argv)
