"""The table of request fields: the one place that knows their names, kinds, labels, help and command-line spelling.

The form, the tab order, the JSON preview, the command line and its help are all made from ``FIELDS``. To add a field,
add one attribute to ``ConnectStartRequest`` and one spec here; a test demands exactly one spec an attribute.
Facts: OAS and the seed for the request, OAS ``BankLinkingPreference`` for the picker's appearance.
"""

from dataclasses import dataclass
from enum import Enum, auto

from meld_desktop.domain.text import NOTHING, QT_TRANSLATE_NOOP, Text


class Kind(Enum):
    """What sort of value a field holds, and so which editor the form gives it."""

    TEXT = auto()
    URL = auto()
    COLOUR = auto()
    PRODUCTS = auto()
    REGIONS = auto()
    FLAG = auto()
    """True or false; one of them is Meld's default."""
    TRISTATE = auto()
    """True, false, or None: as the account has it."""
    CHOICE = auto()
    """One of ``FieldSpec.choices``, or empty: as the account has it."""


class Group(Enum):
    """Where a field stands in the form, from top to bottom."""

    CUSTOMER = auto()
    PRODUCTS = auto()
    REGIONS = auto()
    BANK = auto()
    REDIRECT = auto()
    APPEARANCE = auto()


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of the request.

    ``id`` is the attribute of ``ConnectStartRequest``; ``wire`` the path of names in the JSON body; ``default`` the
    value that is left out of the body; ``flag`` the command-line option, or ``key=`` under ``--appearance``;
    ``in_preset`` says whether a preset may hold it.
    """

    id: str
    wire: tuple[str, ...]
    kind: Kind
    group: Group
    label: Text
    help: Text
    flag: str
    placeholder: Text = NOTHING
    default: object = ""
    choices: tuple[tuple[str, Text], ...] = ()
    in_preset: bool = True

    @property
    def wire_name(self) -> str:
        """The dotted name used by error messages, for example ``accountPreferenceOverride.font``."""
        return ".".join(self.wire)


def _appearance(
    field_id: str,
    wire: str,
    kind: Kind,
    label: Text,
    text: Text,
    placeholder: Text = NOTHING,
    *,
    choices: tuple[tuple[str, Text], ...] = (),
) -> FieldSpec:
    return FieldSpec(
        field_id,
        ("accountPreferenceOverride", wire),
        kind,
        Group.APPEARANCE,
        label,
        text,
        flag=f"{wire}=",
        placeholder=placeholder,
        default=None if kind is Kind.TRISTATE else "",
        choices=choices,
    )


_COLOUR_EXAMPLE = Text(QT_TRANSLATE_NOOP("domain", "#0B6E6E"))
_COLOUR_HELP = Text(QT_TRANSLATE_NOOP("domain", "A colour as in CSS, for example #0B6E6E or teal."))

FIELDS: tuple[FieldSpec, ...] = (
    FieldSpec(
        "external_customer_id",
        ("externalCustomerId",),
        Kind.TEXT,
        Group.CUSTOMER,
        Text(QT_TRANSLATE_NOOP("domain", "Customer ID")),
        Text(QT_TRANSLATE_NOOP("domain", "Your own name for the customer. Meld finds or creates the customer by it.")),
        flag="--customer",
        placeholder=Text(QT_TRANSLATE_NOOP("domain", "for example support-4711")),
        in_preset=False,
    ),
    FieldSpec(
        "products",
        ("products",),
        Kind.PRODUCTS,
        Group.PRODUCTS,
        Text(QT_TRANSLATE_NOOP("domain", "Required")),
        Text(QT_TRANSLATE_NOOP("domain", "Only banks that offer every required product are shown.")),
        flag="--product",
        default=(),
    ),
    FieldSpec(
        "optional_products",
        ("optionalProducts",),
        Kind.PRODUCTS,
        Group.PRODUCTS,
        Text(QT_TRANSLATE_NOOP("domain", "Optional")),
        Text(QT_TRANSLATE_NOOP("domain", "Loaded where the bank offers it; never hides a bank.")),
        flag="--optional",
        default=(),
    ),
    FieldSpec(
        "regions",
        ("regions",),
        Kind.REGIONS,
        Group.REGIONS,
        Text(QT_TRANSLATE_NOOP("domain", "Regions")),
        Text(QT_TRANSLATE_NOOP("domain", "Leave empty if you do not know where the customer banks.")),
        flag="--region",
        placeholder=Text(QT_TRANSLATE_NOOP("domain", "Add region: Canada, US-CA…")),
        default=(),
    ),
    FieldSpec(
        "institution_search_string",
        ("institutionSearchString",),
        Kind.TEXT,
        Group.BANK,
        Text(QT_TRANSLATE_NOOP("domain", "Institution search")),
        Text(QT_TRANSLATE_NOOP("domain", "Typed into the bank picker for the customer, who can change it.")),
        flag="--search",
        placeholder=Text(QT_TRANSLATE_NOOP("domain", "for example Chase")),
    ),
    FieldSpec(
        "institution_id",
        ("institutionId",),
        Kind.TEXT,
        Group.BANK,
        Text(QT_TRANSLATE_NOOP("domain", "Institution ID")),
        Text(QT_TRANSLATE_NOOP("domain", "Goes straight to this bank; the customer does not see the picker.")),
        flag="--institution",
        placeholder=Text(QT_TRANSLATE_NOOP("domain", "skips the picker")),
    ),
    FieldSpec(
        "redirect_url",
        ("redirectUrl",),
        Kind.URL,
        Group.REDIRECT,
        Text(QT_TRANSLATE_NOOP("domain", "Redirect URL")),
        Text(QT_TRANSLATE_NOOP("domain", "Where the customer goes when the bank's part is finished.")),
        flag="--redirect-url",
        placeholder=Text(QT_TRANSLATE_NOOP("domain", "https://…")),
    ),
    FieldSpec(
        "allow_redirect",
        ("allowRedirect",),
        Kind.FLAG,
        Group.REDIRECT,
        Text(QT_TRANSLATE_NOOP("domain", "Allow redirect")),
        Text(QT_TRANSLATE_NOOP("domain", "Untick to hide banks with their own login page.")),
        flag="--no-redirect",
        default=True,
    ),
    _appearance(
        "selection_style",
        "selectionStyle",
        Kind.CHOICE,
        Text(QT_TRANSLATE_NOOP("domain", "Selection style")),
        Text(QT_TRANSLATE_NOOP("domain", "How the picker shows the banks.")),
        choices=(
            ("LIST", Text(QT_TRANSLATE_NOOP("domain", "List"))),
            ("TILE", Text(QT_TRANSLATE_NOOP("domain", "Tiles"))),
        ),
    ),
    _appearance(
        "institution_selection_text",
        "institutionSelectionText",
        Kind.TEXT,
        Text(QT_TRANSLATE_NOOP("domain", "Picker heading")),
        Text(QT_TRANSLATE_NOOP("domain", "The heading above the banks.")),
        Text(QT_TRANSLATE_NOOP("domain", "Select your institution")),
    ),
    _appearance(
        "account_logo_url",
        "accountLogoUrl",
        Kind.URL,
        Text(QT_TRANSLATE_NOOP("domain", "Logo URL")),
        Text(QT_TRANSLATE_NOOP("domain", "The picture shown at the top of the picker.")),
        Text(QT_TRANSLATE_NOOP("domain", "https://…")),
    ),
    _appearance(
        "font",
        "font",
        Kind.TEXT,
        Text(QT_TRANSLATE_NOOP("domain", "Font")),
        Text(QT_TRANSLATE_NOOP("domain", "The name of the picker's font.")),
        Text(QT_TRANSLATE_NOOP("domain", "for example Inter")),
    ),
    _appearance(
        "show_border",
        "showBorder",
        Kind.TRISTATE,
        Text(QT_TRANSLATE_NOOP("domain", "Show border")),
        Text(QT_TRANSLATE_NOOP("domain", "Draws a border around the picker.")),
    ),
    _appearance(
        "border_color",
        "borderColor",
        Kind.COLOUR,
        Text(QT_TRANSLATE_NOOP("domain", "Border colour")),
        _COLOUR_HELP,
        _COLOUR_EXAMPLE,
    ),
    _appearance(
        "border_text_color",
        "borderTextColor",
        Kind.COLOUR,
        Text(QT_TRANSLATE_NOOP("domain", "Border text colour")),
        _COLOUR_HELP,
        _COLOUR_EXAMPLE,
    ),
    _appearance(
        "routing_retry",
        "routingRetry",
        Kind.TRISTATE,
        Text(QT_TRANSLATE_NOOP("domain", "Routing retry")),
        Text(QT_TRANSLATE_NOOP("domain", "After a failed attempt, offers another way to reach the bank.")),
    ),
    _appearance(
        "routing_retry_bank_button_color",
        "routingRetryBankButtonColor",
        Kind.COLOUR,
        Text(QT_TRANSLATE_NOOP("domain", "Retry bank button colour")),
        _COLOUR_HELP,
        _COLOUR_EXAMPLE,
    ),
    _appearance(
        "routing_retry_provider_button_color",
        "routingRetryProviderButtonColor",
        Kind.COLOUR,
        Text(QT_TRANSLATE_NOOP("domain", "Retry provider button colour")),
        _COLOUR_HELP,
        _COLOUR_EXAMPLE,
    ),
)

_BY_ID = {spec.id: spec for spec in FIELDS}


def field(field_id: str) -> FieldSpec:
    """Return the spec of one field; raises KeyError when there is none."""
    return _BY_ID[field_id]


def fields_of(group: Group) -> tuple[FieldSpec, ...]:
    """Return the specs of one group, in the order of the form."""
    return tuple(spec for spec in FIELDS if spec.group is group)
