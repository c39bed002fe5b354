"""What the person has typed for an evidence pack that is not saved yet."""

from dataclasses import dataclass


@dataclass(slots=True)
class Draft:
    """What the person has typed so far; kept until a pack with it is saved."""

    note: str = ""
    ticket: str = ""
    folder: str = ""
    """Where the last pack went; remembered for the run."""
