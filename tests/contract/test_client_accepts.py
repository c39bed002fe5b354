"""The client sends the recorded requests and accepts the recorded answers, from a server that only plays them back."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from meld_desktop.api.client import MeldClient
from meld_desktop.api.connect_start import start_connection
from meld_desktop.domain.environments import SANDBOX
from meld_desktop.domain.errors import Kind, MeldError
from meld_desktop.domain.products import Product
from meld_desktop.domain.request import ConnectStartRequest
from meld_desktop.domain.widget_events import completion_of, error_sentence, parse_message

EXAMPLES = Path(__file__).parent / "examples"

RECORDED = ConnectStartRequest(external_customer_id="user@domain.com", products=(Product.BALANCES, Product.OWNERS))


def example(name: str) -> dict[str, Any]:
    """Return one recorded example."""
    read: dict[str, Any] = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return read


class Player:
    """Answers every request with one recorded response, and keeps the bodies it was sent."""

    def __init__(self, response: dict[str, Any]) -> None:
        self.bodies: list[object] = []
        player = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                player.bodies.append(json.loads(self.rfile.read(length)))
                content = json.dumps(response["body"]).encode()
                self.send_response(response["status"])
                for name, value in response["headers"].items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the base class
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def play(request: pytest.FixtureRequest) -> Iterator[Player]:
    player = Player(example(request.param)["response"])
    yield player
    player.close()


@pytest.mark.anyio
@pytest.mark.parametrize("play", ["start"], indirect=True)
async def test_the_recorded_start_is_sent_and_its_answer_accepted(play: Player) -> None:
    recorded = example("start")
    link = await start_connection(MeldClient(play.url, "id:secret"), SANDBOX, RECORDED)
    assert play.bodies == [recorded["request"]["body"]]
    answer = recorded["response"]["body"]
    assert link.connection_id == answer["id"]
    assert link.customer_id == answer["customerId"]
    assert link.external_customer_id == answer["externalCustomerId"]
    assert link.widget_url == answer["widgetUrl"]
    assert link.token.issued is not None
    assert link.token.expires is not None
    assert (link.token.expires - link.token.issued).total_seconds() == 4 * 60 * 60


@pytest.mark.anyio
@pytest.mark.parametrize("play", ["start-most-fields"], indirect=True)
async def test_the_documented_request_with_most_fields(play: Player) -> None:
    request = ConnectStartRequest(
        external_customer_id="support-4711",
        products=(Product.BALANCES, Product.TRANSACTIONS),
        optional_products=(Product.INVESTMENT_HOLDINGS, Product.INVESTMENT_TRANSACTIONS),
        regions=("US", "CA"),
        redirect_url="https://example.com/linked",
        institution_search_string="Chase",
        selection_style="TILE",
        show_border=True,
        border_color="#003366",
        routing_retry=True,
    )
    await start_connection(MeldClient(play.url, "id:secret"), SANDBOX, request)
    documented = example("start-most-fields")["request"]["body"]
    # True is Meld's default, so it is the one documented value that is left out.
    assert play.bodies == [{name: value for name, value in documented.items() if name != "allowRedirect"}]


@pytest.mark.anyio
@pytest.mark.parametrize("play", ["start-balances-alone"], indirect=True)
async def test_the_recorded_refusal_is_understood(play: Player) -> None:
    request = ConnectStartRequest(external_customer_id="testUser", products=(Product.BALANCES,))
    with pytest.raises(MeldError) as caught:
        await start_connection(MeldClient(play.url, "id:secret"), SANDBOX, request)
    recorded = example("start-balances-alone")
    assert play.bodies == [recorded["request"]["body"]]
    assert caught.value.kind is Kind.BAD_REQUEST
    assert caught.value.code == recorded["response"]["body"]["code"]
    assert caught.value.request_id == recorded["response"]["body"]["requestId"]
    assert recorded["response"]["body"]["message"] in str(caught.value.detail)


def test_the_documented_widget_events_are_understood() -> None:
    origin = "https://institution-connect-sb.meld.io"
    events = [parse_message(origin, json.dumps(posted), origin) for posted in example("widget-events")["events"]]
    names = [event.name for event in events if event is not None]
    assert names == ["init", "debug", "error", "connect_complete", "handover", "cancel"]
    said, completed = events[2], events[3]
    assert said is not None
    assert "did not accept the login" in error_sentence(said)
    assert completed is not None
    completion = completion_of(completed)
    assert completion is not None
    assert (completion.institution_name, completion.account_count) == ("FinBank Profiles -A", 1)
    assert completion.accounts[0].mask == "1111"
