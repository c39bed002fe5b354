"""The client sends the recorded requests and accepts the recorded answers, from a server that only plays them back."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from meld_desktop.api.accounts import list_accounts
from meld_desktop.api.client import MeldClient
from meld_desktop.api.connect_start import start_connection
from meld_desktop.api.connection_delete import delete_connection
from meld_desktop.api.connection_refresh import refresh_connection
from meld_desktop.api.connection_repair import repair_connection
from meld_desktop.api.investments import list_holdings, list_investment_transactions
from meld_desktop.api.transactions import list_transactions
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
        self.asked: list[str] = []
        player = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                player.bodies.append(json.loads(self.rfile.read(length)))
                self._play()

            def do_GET(self) -> None:
                self._play()

            def do_DELETE(self) -> None:
                self._play()

            def _play(self) -> None:
                player.asked.append(f"{self.command} {self.path}")
                content = b"" if response["body"] is None else json.dumps(response["body"]).encode()
                self.send_response(response["status"])
                for name, value in response["headers"].items():
                    self.send_header(name, value)
                if response["status"] != 204:
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


CONNECTION = "WQ5CwCxDxXhYuA4fVHGk3o"


@pytest.mark.anyio
@pytest.mark.parametrize("play", ["repair"], indirect=True)
async def test_a_repair(play: Player) -> None:
    link = await repair_connection(MeldClient(play.url, "id:secret"), SANDBOX, CONNECTION, RECORDED, "customer-1")
    recorded = example("repair")
    assert play.asked == [f"{recorded['request']['method']} {recorded['request']['path']}"]
    assert play.bodies == [{"connectionId": CONNECTION}]
    answer = recorded["response"]["body"]
    assert (link.connection_id, link.widget_url) == (answer["id"], answer["widgetUrl"])
    assert (link.request, link.customer_id, link.external_customer_id) == (RECORDED, "customer-1", "user@domain.com")
    assert link.exchange.response_body
    assert link.token.expires is not None


@pytest.mark.anyio
@pytest.mark.parametrize("play", ["refresh"], indirect=True)
async def test_a_refresh(play: Player) -> None:
    taken = await refresh_connection(MeldClient(play.url, "id:secret"), CONNECTION)
    recorded = example("refresh")
    assert play.asked == [f"POST {recorded['request']['path'].format(connectionId=CONNECTION)}"]
    assert play.bodies == [recorded["request"]["body"]]
    assert taken.request_id == recorded["response"]["body"]["requestId"]


@pytest.mark.anyio
@pytest.mark.parametrize("play", ["delete"], indirect=True)
async def test_a_deletion(play: Player) -> None:
    await delete_connection(MeldClient(play.url, "id:secret"), CONNECTION)
    assert play.asked == [f"DELETE {example('delete')['request']['path'].format(connectionId=CONNECTION)}"]
    assert play.bodies == []


@pytest.mark.anyio
@pytest.mark.parametrize("play", ["accounts"], indirect=True)
async def test_the_recorded_accounts(play: Player) -> None:
    page = await list_accounts(MeldClient(play.url, "id:secret"), CONNECTION)
    assert play.asked == [f"GET /bank-linking/accounts?connectionId={CONNECTION}&limit=100"]
    assert page.is_last
    shown = [(each.name, each.type, each.number, each.owners) for each in page.items]
    assert shown == [
        ("Checking", "DEPOSITORY", "••1111", 2),
        ("Savings", "DEPOSITORY", "••2203", 2),
        ("ROTH", "INVESTMENT", "••2323", 2),
        ("My 401k", "INVESTMENT", "••1212", 2),
        ("Personal Investments", "INVESTMENT", "••1010", 2),
    ]
    first = page.items[0]
    assert first.balance is not None
    assert (str(first.balance.amount), first.balance.currency) == ("9357.24", "USD")
    assert (first.identifiers, first.has_history, first.provider) == ((), None, "FINICITY")


@pytest.mark.anyio
@pytest.mark.parametrize("play", ["transactions"], indirect=True)
async def test_the_documented_transactions(play: Player) -> None:
    page = await list_transactions(MeldClient(play.url, "id:secret"), CONNECTION)
    assert play.asked == [f"GET /bank-linking/transactions?connectionId={CONNECTION}&limit=1000"]
    assert [(str(line.day), line.is_pending) for line in page.items] == [("2023-08-24", True), ("2023-08-01", False)]
    body = example("transactions")["response"]["body"]
    items = body["financialAccountTransactions"]
    assert {line.account_id for line in page.items} == {items[0]["financialAccountId"]}
    assert (page.after, page.remaining, page.is_last) == (items[-1]["key"], body["remaining"], False)


@pytest.mark.anyio
@pytest.mark.parametrize("play", ["holdings"], indirect=True)
async def test_the_documented_holdings(play: Player) -> None:
    page = await list_holdings(MeldClient(play.url, "id:secret"), CONNECTION)
    assert play.asked == [f"GET /bank-linking/investments/holdings?connectionId={CONNECTION}&limit=1000"]
    assert (len(page.items), page.is_last) == (1, True)


@pytest.mark.anyio
@pytest.mark.parametrize("play", ["investment-transactions"], indirect=True)
async def test_the_documented_investment_transactions(play: Player) -> None:
    page = await list_investment_transactions(MeldClient(play.url, "id:secret"), CONNECTION)
    assert play.asked == [f"GET /bank-linking/investments/transactions?connectionId={CONNECTION}&limit=1000"]
    assert [str(line.day) for line in page.items] == ["2023-08-10"]
    assert page.is_last


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
