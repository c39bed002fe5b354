"""A financial account as the API shows it (OAS, form of 2022-09-21): what was not asked for is null."""

from meld_desktop.mock.account_numbers import identifiers_of
from meld_desktop.mock.clock import iso
from meld_desktop.mock.connection import ACCOUNT_ID
from meld_desktop.mock.ids import id_from
from meld_desktop.mock.ledger import HeldAccount
from meld_desktop.mock.owners import owners_of


def account_json(held: HeldAccount, now: float) -> dict[str, object]:
    """Return the account as it is at this moment, without its ``key``."""
    facts = held.facts
    newest = held.connections[0]
    provider = newest.service_provider or ""
    has_numbers = held.arrival("IDENTIFIERS", now) is not None
    has_owners = held.arrival("OWNERS", now) is not None
    is_lost = all(connection.status == "UNRECOVERABLE" for connection in held.connections)
    return {
        "id": facts.id,
        "accountId": ACCOUNT_ID,
        "customerId": held.customer_id,
        "externalCustomerId": held.external_customer_id,
        "connectionIds": held.connection_ids,
        "institutionId": held.bank.id,
        "institutionName": held.bank.name,
        "status": "INACTIVE" if is_lost else "ACTIVE",
        "type": facts.type,
        "subtype": facts.subtype,
        "name": facts.name,
        "truncatedAccountNumber": facts.mask,
        "historicalAggregationSucceeded": _history(held, now),
        "balances": _balances(held, now),
        "identifiers": identifiers_of(facts, held.bank.id, provider) if has_numbers else None,
        "owners": owners_of(held.customer_id, facts, provider, newest.login) if has_owners else None,
        "serviceProviderDetails": provider_details(held, now),
    }


def provider_details(held: HeldAccount, now: float) -> list[dict[str, object]]:
    """Return what each provider calls the account; empty before its first data."""
    found: dict[str, dict[str, object]] = {}
    for connection in held.connections:
        moment = connection.successfully_aggregated_at(now)
        provider = connection.service_provider or ""
        if moment is not None and provider not in found:
            found[provider] = {
                "serviceProvider": provider,
                "updatedAt": iso(moment),
                "id": id_from(provider, held.facts.id)[:16],
            }
    return sorted(found.values(), key=lambda detail: str(detail["updatedAt"]), reverse=True)


def _history(held: HeldAccount, now: float) -> bool | None:
    """Whether older transactions came; null while they are on their way or when nobody asked for transactions."""
    if any(connection.has_history(now) for connection in held.connections):
        return True
    asked = [connection for connection in held.connections if "TRANSACTIONS" in connection.products]
    failed = [one for one in asked if one.history_at is None and one.successfully_aggregated_at(now) is not None]
    return False if failed and len(failed) == len(asked) else None


def _balances(held: HeldAccount, now: float) -> dict[str, object] | None:
    if held.arrival("BALANCES", now) is None:
        return None
    facts = held.facts
    moments = [moment for one in held.connections if (moment := one.successfully_aggregated_at(now)) is not None]
    arrived = held.arrival("BALANCES", now) or now
    available = facts.available
    if available is None and facts.type == "DEPOSITORY":
        available = facts.balance
    return {
        "currency": facts.currency,
        "currentAmount": float(facts.balance),
        "availableAmount": None if available is None else float(available),
        "updatedAt": iso(max([arrived, *moments])),
    }
