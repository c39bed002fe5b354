"""``redaction.json``: what was masked in a pack, how often, and what was not looked at. Never the secrets."""

from collections.abc import Mapping
from typing import Any

from meld_desktop.domain.redaction import MASK
from meld_desktop.evidence.scrub import MEANINGS, Masked


def report(counts: Mapping[Masked, int], *, pictures: int, unusable: int, customer_masked: bool) -> dict[str, Any]:
    """Return the report as plain JSON. ``counts`` are per place in the session, not per file of the pack."""
    return {
        "mask": MASK,
        "masked": [{"kind": kind.value, "what": MEANINGS[kind], "times": counts.get(kind, 0)} for kind in Masked],
        "customer": "masked, because it is or holds personal data" if customer_masked else "readable, as it was sent",
        "kept": (
            "ids of this link, times, ports and durations; the last four digits of account numbers; "
            "names of banks; the names, but not the values, in the query of an address"
        ),
        "pictures": {
            "inThePack": pictures,
            "leftOut": unusable,
            "how": (
                "typed fields, e-mail addresses and runs of five or more digits were covered in the page before "
                "each picture was taken; the pictures themselves were not searched. "
                "Look at them before you pass the pack on."
            ),
        },
    }
