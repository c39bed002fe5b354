"""Links and sessions for the tests of the witness, and what a widget says as its messages bring it."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from meld_desktop.domain.connection_status import ConnectionState
from meld_desktop.domain.environments import SANDBOX, Environment
from meld_desktop.domain.link import Exchange, Link
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.text import Text
from meld_desktop.domain.token import read_token
from meld_desktop.domain.widget_events import Notice, NoticeKind, WidgetEvent, parse_message
from meld_desktop.domain.witness.observation import Hop, HopKind, Observation, WindowChange
from meld_desktop.domain.witness.session import Moment, Session

BEGAN = datetime(2026, 11, 24, 9, 0, 0, tzinfo=UTC)
LIFETIME = timedelta(hours=4)
WIDGET = "https://institution-connect-sb.meld.io"
RETURN_URL = "https://shop.example/linked"
SIGNATURE = "s1gnatur3-of_the-t0ken_that-n0body-may-se3"


def token(began: datetime = BEGAN, **claims: object) -> str:
    """A connect token as Meld's are."""
    told = {"iss": "meld.io", "iat": int(began.timestamp()), "exp": int((began + LIFETIME).timestamp())} | claims
    parts = [{"typ": "JWT", "alg": "HS256"}, told]
    packed = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*packed, SIGNATURE])


def link(
    *,
    connect: str | None = None,
    redirect_url: str = RETURN_URL,
    environment: Environment = SANDBOX,
    customer: str = "support-4711",
    regions: tuple[str, ...] = (),
    server_ahead: timedelta = timedelta(0),
) -> Link:
    """A link made at ``BEGAN``. ``server_ahead`` is by how much Meld's clock is ahead of this computer's."""
    connect = token(BEGAN + server_ahead) if connect is None else connect
    request = ConnectStartRequest(
        customer, (Product.BALANCES, Product.OWNERS), regions=regions, redirect_url=redirect_url
    )
    exchange = Exchange(
        "POST",
        "https://api-sb.meld.io/bank-linking/connect/start",
        (("Authorization", "BASIC •••"),),
        request.to_json(),
        201,
        "Created",
        (
            ("X-Request-ID", "1fedd24bdbd9ca617e76840fd60e6f8f"),
            ("Date", format_datetime(BEGAN + server_ahead, usegmt=True)),
        ),
        "{}",
        0.2,
        BEGAN,
    )
    url = f"{WIDGET}?connectToken={connect}"
    return Link(
        environment,
        request,
        "WQ5CwCxDxXhYuA4fVHGk3o",
        "WQ5CwFZAT79JWX27hk8ARS",
        customer,
        url,
        read_token(connect),
        exchange,
    )


def event(name: str, metadata: Mapping[str, object] | None = None, /, **more: object) -> WidgetEvent:
    """An event as a window message of the widget brings it."""
    posted = json.dumps({"domain": "meld-connect", "eventName": name, **(metadata or {}), **more})
    read = parse_message(WIDGET, posted, WIDGET)
    assert read is not None
    return read


def completed(bank: str = "Maple Test Bank", count: int = 2) -> WidgetEvent:
    """What a widget says at the end."""
    accounts = [{"name": f"Account {i}", "mask": f"111{i}", "type": "DEPOSITORY"} for i in range(count)]
    return event("connect_complete", institutionId="Ntj3A", institutionName=bank, accountCount=count, accounts=accounts)


class Flow:
    """A session that is fed step by step, a second for each."""

    def __init__(self, of: Link | None = None, *, began: datetime = BEGAN) -> None:
        self.link = of or link()
        self.began = began
        self.session = Session(1, self.link, began=began)
        self.seconds = 0.0

    @property
    def now(self) -> Moment:
        return Moment(self.began + timedelta(seconds=self.seconds), self.seconds)

    @property
    def said(self) -> str:
        return str(self.session.conclusion)

    def wait(self, **time: float) -> "Flow":
        self.seconds += timedelta(**time).total_seconds()
        self.session.pass_time(self.now)
        return self

    def opened(self) -> "Flow":
        """The widget is loaded, and has said nothing yet."""
        return self.sees(Hop(self.link.widget_url.replace("?", "/?"), "frame", HopKind.START)).loads()

    def ready(self) -> "Flow":
        return self.opened().hears("init")

    def loads(self) -> "Flow":
        self.seconds += 1
        self.session.loaded(self.now)
        return self

    def hears(self, name: str, metadata: Mapping[str, object] | None = None, /, **more: object) -> "Flow":
        return self.takes(event(name, metadata, **more))

    def takes(self, heard: WidgetEvent) -> "Flow":
        self.seconds += 1
        self.session.hear(self.now, heard)
        return self

    def fails(self, reason: str, details: str = "") -> "Flow":
        return self.hears("error", {"reason": reason} | ({"details": details} if details else {}))

    def sees(self, *seen: Observation) -> "Flow":
        for observation in seen:
            self.seconds += 1
            self.session.observe(self.now, observation)
        return self

    def goes(self, url: str, place: str = "frame", kind: HopKind = HopKind.NAVIGATION) -> "Flow":
        return self.sees(Hop(url, place, kind))

    def window(self, *, opened: bool, by_user: bool = False, host: str = "login.bank.example") -> "Flow":
        return self.sees(WindowChange("window 1", host, opened, by_user))

    def is_told(self, kind: NoticeKind, source: str = "The page wanted something.", **values: object) -> "Flow":
        self.seconds += 1
        self.session.notice(self.now, Notice(kind, Text(source, **values)))
        return self

    def crashes(self) -> "Flow":
        self.seconds += 1
        self.session.died(self.now, Text("The widget's page stopped working."))
        return self

    def asks(self, status: str, reason: str = "", bank: str = "", aggregated_at: datetime | None = None) -> "Flow":
        self.seconds += 1
        self.session.status(self.now, ConnectionState(status, reason, bank, aggregated_at))
        return self
