"""What the list of links can be asked."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

SORTS = ("made", "customer", "ticket", "environment", "institution", "status", "expires")
"""What a list can be ordered by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkQuery:
    """A choice of links and their order. Everything that is set must hold; what is empty does not limit.

    ``text`` is looked for in all fields a person would name, in any case and without regard to accents; each of its
    words must be there. A word of three characters or more is found anywhere, a shorter one at the beginning of words.
    ``since`` is included, ``until`` is not. ``customer`` is the whole id. Links alike in ``sort`` come by their age.
    """

    text: str = ""
    environments: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    customer: str = ""
    sort: str = "made"
    descending: bool = True

    def __post_init__(self) -> None:
        """Refuse an order that does not exist. Raises ValueError."""
        if self.sort not in SORTS:
            raise ValueError(f"not an order: {self.sort}")


def folded(text: str) -> str:
    """Return ``text`` as it is compared in a search: no case, no accents, no control characters, single blanks."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = (each if each.isprintable() else " " for each in decomposed if not unicodedata.combining(each))
    return " ".join("".join(kept).casefold().split())


def words(text: str) -> tuple[str, ...]:
    """Return the words of a search, each once."""
    return tuple(dict.fromkeys(folded(text).split()))
