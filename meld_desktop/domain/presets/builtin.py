"""The presets that come with the program. Each can be sent as it is once there is a customer, without a warning."""

from dataclasses import dataclass

from meld_desktop.domain.presets.preset import Preset
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A preset that cannot be changed. ``id`` is for settings, ``label`` is its name in the person's language."""

    id: str
    label: Text
    preset: Preset


def _built_in(preset_id: str, label: str, request: ConnectStartRequest) -> BuiltIn:
    return BuiltIn(preset_id, Text(label), Preset(label, request))


BUILT_IN: tuple[BuiltIn, ...] = (
    _built_in(
        "verify-account",
        QT_TRANSLATE_NOOP("domain", "Verify account"),
        ConnectStartRequest(products=(Product.IDENTIFIERS, Product.OWNERS)),
    ),
    _built_in(
        "balances-and-transactions",
        QT_TRANSLATE_NOOP("domain", "Balances and transactions"),
        ConnectStartRequest(products=(Product.BALANCES, Product.TRANSACTIONS)),
    ),
    # Required investment products would hide most banks, so only what every bank has is required here.
    _built_in(
        "investments",
        QT_TRANSLATE_NOOP("domain", "Investments"),
        ConnectStartRequest(
            products=(Product.BALANCES,),
            optional_products=(Product.INVESTMENT_HOLDINGS, Product.INVESTMENT_TRANSACTIONS),
        ),
    ),
    _built_in(
        "canada",
        QT_TRANSLATE_NOOP("domain", "Canada"),
        ConnectStartRequest(products=(Product.BALANCES, Product.TRANSACTIONS), regions=("CA",)),
    ),
)


def built_in(name: str) -> BuiltIn | None:
    """Return the preset that comes with the program under this id or name, in any case, else None."""
    wanted = name.strip().casefold()
    return next((each for each in BUILT_IN if wanted in {each.id, each.preset.name.casefold()}), None)
