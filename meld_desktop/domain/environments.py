"""Where a request goes, and on which hosts the widget it answers with may live.

Hosts: OAS, REF, LAUNCH, SDK. Each environment has its own key (KEY); a key never travels to another host.
"""

from dataclasses import dataclass

from meld_desktop.domain.addresses import Address, is_loopback, split
from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text


@dataclass(frozen=True, slots=True)
class Environment:
    """One Meld to talk to.

    ``base_url`` is empty for Demo, whose local server has a new port each time. ``widget_host`` is the one host the
    widget must be on; empty means: judge by ``base_url``.
    """

    id: str
    name: Text
    base_url: str = ""
    widget_host: str = ""

    @property
    def is_demo(self) -> bool:
        """Whether this is the local Meld that needs no key."""
        return self.id == "demo"

    @property
    def is_production(self) -> bool:
        """Whether real customers and real banks are behind it."""
        return self.id == "production"

    @property
    def host(self) -> str:
        """The API's host, with its port when it is not the scheme's own: the name a key is kept under."""
        return self.base_url.partition("://")[2].partition("/")[0]


DEMO = Environment("demo", Text(QT_TRANSLATE_NOOP("domain", "Demo (offline)")))
SANDBOX = Environment(
    "sandbox",
    Text(QT_TRANSLATE_NOOP("domain", "Sandbox")),
    "https://api-sb.meld.io",
    "institution-connect-sb.meld.io",
)
PRODUCTION = Environment(
    "production",
    Text(QT_TRANSLATE_NOOP("domain", "Production")),
    "https://api.meld.io",
    "institution-connect.meld.io",
)
ENVIRONMENTS = (DEMO, SANDBOX, PRODUCTION)

_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gob", "gov", "net", "org"})


class UnusableAddressError(ValueError):
    """A base URL that no request may be sent to; ``text`` says why in plain words."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def environment_named(name: str) -> Environment | None:
    """Return the built-in environment called ``name`` in any case, else None."""
    return next((environment for environment in ENVIRONMENTS if environment.id == name.strip().lower()), None)


def custom_environment(base_url: str) -> Environment:
    """Return the environment at ``base_url``: https anywhere, http on this machine only.

    Raises UnusableAddressError. The address of a built-in environment gives that environment.
    """
    url = base_url.strip().rstrip("/")
    address = split(url)
    if address is None or address.scheme not in {"http", "https"}:
        raise UnusableAddressError(
            Text(QT_TRANSLATE_NOOP("domain", "Enter the whole address of the API, such as https://api-sb.meld.io."))
        )
    if address.has_userinfo or address.query or address.fragment:
        raise UnusableAddressError(
            Text(QT_TRANSLATE_NOOP("domain", "The address of the API has no name, password, “?” or “#” in it."))
        )
    if address.scheme == "http" and not is_loopback(address.host):
        raise UnusableAddressError(
            Text(QT_TRANSLATE_NOOP("domain", "An API key may only travel encrypted. Use https:// for this host."))
        )
    normal = address.origin + address.path
    for known in ENVIRONMENTS:
        if known.base_url == normal:
            return known
    return Environment("custom", Text("{host}", host=normal.partition("://")[2]), normal)


def is_safe_widget_url(environment: Environment, url: str) -> bool:
    """Say whether ``url`` may be opened as the widget of ``environment``.

    It must be https on the environment's own widget host. For a custom host, a host of the same family (api.example.com
    and connect.example.com); for an API on this machine, this machine, where http will do.
    """
    address = split(url)
    if address is None or address.has_userinfo:
        return False
    if environment.is_demo:
        return address.scheme in {"http", "https"} and is_loopback(address.host)
    if environment.widget_host:
        return address.scheme == "https" and address.host == environment.widget_host and address.port == 443
    api = split(environment.base_url)
    if api is None:
        return False
    if is_loopback(api.host):
        return address.scheme in {"http", "https"} and is_loopback(address.host)
    return address.scheme == "https" and _same_family(api, address)


def _same_family(api: Address, widget: Address) -> bool:
    if widget.host == api.host:
        return True
    labels = api.host.split(".")
    if api.host.replace(".", "").isdigit() or ":" in api.host or len(labels) < 2:
        return False
    parent = labels if len(labels) == 2 else labels[1:]
    if len(parent) < 2 or (len(parent) == 2 and len(parent[1]) == 2 and parent[0] in _SECOND_LEVEL):
        return False
    return widget.host.endswith("." + ".".join(parent))
