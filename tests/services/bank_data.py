"""A server that is not ours, which tells of one connection: its state, accounts, transactions and investments."""

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from meld_desktop.domain.delivery import Delivered, judged
from meld_desktop.domain.environments import Environment, custom_environment
from meld_desktop.domain.links.record import LinkRecord
from meld_desktop.services.delivery import Delivery
from tests.api.servers import Caller, RawServer, reply
from tests.services.conftest import Heard

AT = "2026-11-24T10:00:08Z"


def account(number: int, **values: object) -> dict[str, object]:
    """Return a checking account with everything that can be asked for."""
    whole = {
        "id": f"acc{number}",
        "key": f"a{number}",
        "name": f"Account {number}",
        "type": "DEPOSITORY",
        "subtype": "CHECKING",
        "status": "ACTIVE",
        "institutionName": "Maple Test Bank",
        "truncatedAccountNumber": f"{number:04}",
        "historicalAggregationSucceeded": True,
        "balances": {"currency": "USD", "currentAmount": 1000.5, "updatedAt": AT},
        "identifiers": {"ach": {"accountNumber": f"98765432{number:04}", "routingNumber": "021000021"}},
        "owners": [{"names": ["Planted Name"]}],
        "serviceProviderDetails": [{"serviceProvider": "PLAID", "updatedAt": AT}],
    }
    return whole | values


def line(number: int, **values: object) -> dict[str, object]:
    """Return a transaction, holding or investment transaction of the first account."""
    day = f"2026-{1 + number % 12:02}-10T12:00:00Z"
    return {"key": f"k{number}", "financialAccountId": "acc0", "status": "POSTED", "transactionDate": day} | values


class BankData:
    """Serves lists in pages of ``page`` items. ``fails`` and ``hangs`` are by a part of the path."""

    def __init__(self, page: int = 1000) -> None:
        self.state: dict[str, object] = {
            "status": "ACTIVE",
            "institutionName": "Maple Test Bank",
            "successfullyAggregatedAt": AT,
        }
        self.accounts = [account(0), account(1)]
        self.lists: dict[str, list[dict[str, object]]] = {
            "financialAccountTransactions": [line(number) for number in range(25)],
            "investmentHoldings": [line(1)],
            "investmentTransactions": [line(2)],
        }
        self.fails: dict[str, bytes] = {}
        self.hangs = ""
        self.page = page
        self.asked: list[str] = []
        self._guard = threading.Lock()
        self.server = RawServer(self._serve)

    @property
    def environment(self) -> Environment:
        """The environment that this server is."""
        return custom_environment(self.server.url)

    def record(self, **values: object) -> LinkRecord:
        """Return a link that was made here, with all products."""
        made = LinkRecord(
            id=1,
            made_at=datetime(2026, 11, 24, 10, tzinfo=UTC),
            environment="custom",
            host=self.environment.host,
            customer="support-4711",
            connection_id="connection-1",
            institution_name="Maple Test Bank",
            products=("BALANCES", "TRANSACTIONS", "OWNERS"),
            optional_products=("IDENTIFIERS", "INVESTMENT_HOLDINGS", "INVESTMENT_TRANSACTIONS"),
            status="ACTIVE",
        )
        return replace(made, **values)  # type: ignore[arg-type]

    def _serve(self, caller: Caller) -> None:
        caller.listen()
        method, target = bytes(caller.heard).decode().split()[:2]
        with self._guard:
            self.asked.append(f"{method} {target}")
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        for part, said in self.fails.items():
            if part in path:
                caller.say(said)
                return
        if self.hangs and self.hangs in path:
            caller.wait_until_gone(20)
        elif "/connections/" in path:
            self._say(caller, {"id": "connection-1", **self.state})
        elif path.endswith("/accounts"):
            self._say(caller, {"financialAccounts": self.accounts, "remaining": 0})
        else:
            name = {"holdings": "investmentHoldings"}.get(path.rsplit("/", 1)[1], "investmentTransactions")
            name = "financialAccountTransactions" if path == "/bank-linking/transactions" else name
            items = self.lists[name]
            after = query.get("after", [""])[0]
            begin = next((place + 1 for place, item in enumerate(items) if item["key"] == after), 0)
            part_of = items[begin : begin + self.page]
            self._say(caller, {name: part_of, "remaining": len(items) - begin - len(part_of)})

    def _say(self, caller: Caller, body: object) -> None:
        caller.say(reply(json.dumps(body).encode(), status="200 OK"))


def listen(delivery: Delivery) -> Heard:
    """Take down what a check says."""
    return Heard().listen(changed=delivery.changed, failed=delivery.failed, finished=delivery.finished)


def arrivals(record: LinkRecord, delivered: Delivered) -> dict[str, str]:
    """Return what became of each product, by their names."""
    rows = judged(record.products, record.optional_products, delivered)
    return {row.product.value: row.arrival.name for row in rows}
