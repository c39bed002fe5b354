"""Very many connections: the world stays small, and forgets what ended before what still lives."""

import tracemalloc

import pytest

from meld_desktop.mock.accounts import accounts_of
from meld_desktop.mock.scenarios import find_scenario
from meld_desktop.mock.start_request import StartRequest
from meld_desktop.mock.visits import Session
from meld_desktop.mock.world import World
from tests.unit.mock.harness import Hands

SUCCESS = find_scenario("success")


def begin(world: World, customer: str) -> str:
    connection = world.connections.add(StartRequest(customer, ("BALANCES", "TRANSACTIONS")), SUCCESS)
    world.connect_token(connection)
    world.log.add(world.clock.now(), "INSTITUTION_CONNECTION_CREATED", connection)
    return connection.id


def finish(world: World, connection_id: str) -> None:
    connection = world.connections.get(connection_id)
    assert connection is not None
    session = Session(world.clock.now(), connection.expires_at)
    visit = world.connections.open_visit(connection, session)
    bank = next(bank for bank in world.banks if bank.name == "Maple Test Bank")
    visit.choose(bank, bank.providers[0], by_popup=False)
    world.complete(connection, visit, accounts_of(connection.customer_id, bank, bank.providers[0]))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("meld_desktop.mock.connections._KEPT", 100)
    monkeypatch.setattr("meld_desktop.mock.connections._SPARE", 20)
    monkeypatch.setattr("meld_desktop.mock.activity._KEPT", 100)
    return World(real_time=Hands())


def test_memory_is_flat_once_the_world_is_full(small: World) -> None:
    def grow(count: int) -> int:
        for number in range(count):
            finish(small, begin(small, f"customer-{number % 500}"))
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        full = grow(400)
        assert grow(1_200) < full * 1.3  # growing with the connections it would be four times as much
    finally:
        tracemalloc.stop()
    assert len(small.connections) <= 120
    assert len(small.ledger) <= 120 * 5
    assert len(small.log) <= 110
    assert not small.connections._visits


def test_what_has_ended_is_forgotten_before_what_lives(small: World) -> None:
    living = [begin(small, f"living-{number}") for number in range(60)]
    for connection_id in living:
        finish(small, connection_id)
    for number in range(300):
        ended = small.connections.get(begin(small, f"ended-{number}"))
        assert ended is not None
        small.delete(ended)
    assert all(small.connections.get(connection_id) is not None for connection_id in living)
    assert len(small.connections) <= 120


def test_when_nothing_has_ended_the_oldest_go_with_their_accounts(small: World) -> None:
    ids = [begin(small, "customer-0")]
    finish(small, ids[0])
    assert len(small.ledger) > 0
    ids += [begin(small, f"customer-{number}") for number in range(1, 121)]
    assert [small.connections.get(connection_id) is None for connection_id in ids] == [True] * 21 + [False] * 100
    assert len(small.ledger) == 0
