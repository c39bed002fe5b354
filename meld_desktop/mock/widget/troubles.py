"""What keeps a customer from the login of the bank they chose."""

from dataclasses import dataclass

from meld_desktop.mock.banks import Bank, BankProvider
from meld_desktop.mock.connection import Connection
from meld_desktop.mock.scenario_kinds import Twist
from meld_desktop.mock.visits import Visit
from meld_desktop.mock.world import World


@dataclass(frozen=True)
class Trouble:
    """A failure as the widget shows it and the activity log keeps it (WERR)."""

    event_type: str
    code: str
    message: str


_BANK_DOWN = Trouble(
    "SERVICE_PROVIDER_FAILURE",
    "INSTITUTION_CURRENTLY_UNAVAILABLE",
    "The institution is temporarily unavailable",
)
_NO_START = Trouble(
    "SERVICE_PROVIDER_INITIALIZATION_FAILURE",
    "SERVICE_PROVIDER_INITIALIZATION_FAILURE",
    "The service provider could not be initialized",
)
_NO_USER = Trouble("SERVICE_PROVIDER_INITIALIZATION_FAILURE", "SERVICE_PROVIDER_ERROR", "Error creating user")
_NOT_A_TEST_CUSTOMER = Trouble(
    "SERVICE_PROVIDER_INITIALIZATION_FAILURE",
    "SERVICE_PROVIDER_ERROR",
    "Existing Finicity customer is not a test customer so cannot connect with test institutions",
)


def trouble_at(world: World, connection: Connection, visit: Visit, bank: Bank, way: BankProvider) -> Trouble | None:
    """Return what is wrong at a bank, if anything. Out of order is what this visit turned to first."""
    if connection.scenario.twist is Twist.ERROR_CREATING_USER:
        return _NO_USER
    if visit.first_choice == (bank.id, way.name):
        if connection.scenario.twist is Twist.BANK_DOWN:
            return _BANK_DOWN
        if connection.scenario.twist is Twist.PROVIDER_INIT_FAILURE:
            return _NO_START
    if way.name == "FINICITY" and bank.is_test and _is_real_finicity_customer(world, connection):
        return _NOT_A_TEST_CUSTOMER
    return None


def _is_real_finicity_customer(world: World, connection: Connection) -> bool:
    """Finicity does not mix test banks and real ones for one customer (SBX)."""
    return any(
        other.service_provider == "FINICITY" and other.bank is not None and not other.bank.is_test
        for other in world.connections.of_customer(connection.customer_id)
    )
