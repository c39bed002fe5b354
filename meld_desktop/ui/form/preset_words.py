"""What a preset asks for, in one sentence."""

from PySide6.QtCore import QCoreApplication

from meld_desktop.domain.fields import FIELDS, Group
from meld_desktop.domain.presets.builtin import BuiltIn
from meld_desktop.domain.products import LABELS, Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.services.presets import Action, Done
from meld_desktop.ui.strings import localized, sentences

_TOLD = {"external_customer_id", "products", "optional_products", "regions", "institution_id", "allow_redirect"}


def summary(request: ConnectStartRequest) -> str:
    """Return what ``request`` asks for: products, regions and bank in full, the rest by the names of its fields."""
    parts = []
    if request.products:
        parts.append(
            QCoreApplication.translate("Presets", "Required: {products}").format(products=_products(request.products))
        )
    if request.optional_products:
        parts.append(
            QCoreApplication.translate("Presets", "Optional: {products}").format(
                products=_products(request.optional_products)
            )
        )
    if request.regions:
        parts.append(
            QCoreApplication.translate("Presets", "Regions: {regions}").format(regions=", ".join(request.regions))
        )
    if request.institution_id:
        parts.append(QCoreApplication.translate("Presets", "Bank: {bank}").format(bank=request.institution_id))
    if not request.allow_redirect:
        parts.append(QCoreApplication.translate("Presets", "No redirect"))
    others = [spec for spec in FIELDS if spec.id not in _TOLD and getattr(request, spec.id) != spec.default]
    if any(spec.group is Group.APPEARANCE for spec in others):
        parts.append(QCoreApplication.translate("Presets", "Picker appearance"))
    parts += [localized(spec.label) for spec in others if spec.group is not Group.APPEARANCE]
    return sentences(*parts) if parts else QCoreApplication.translate("Presets", "Asks for nothing in particular.")


def name_of(built_in: BuiltIn) -> str:
    """Return the name of a preset that comes with the program, in the language of the window."""
    return localized(built_in.label)


def done_words(done: Done) -> str:
    """Return the title of the message that says what was done."""
    words = {
        Action.SAVED: QCoreApplication.translate("Presets", "Preset saved"),
        Action.RENAMED: QCoreApplication.translate("Presets", "Preset renamed"),
        Action.DELETED: QCoreApplication.translate("Presets", "Preset deleted"),
        Action.IMPORTED: QCoreApplication.translate("Presets", "Preset imported"),
        Action.EXPORTED: QCoreApplication.translate("Presets", "Preset exported"),
    }
    return words[done.action]


def _products(products: tuple[Product, ...]) -> str:
    return ", ".join(localized(LABELS[product]) for product in products)
