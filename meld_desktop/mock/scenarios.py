"""The Demo's scenarios: one table for the window, the command line, the server and the tests.

A scenario decides how the API answers (``fault``), what happens to the customer in the widget (``twist``) and what
becomes of the connection (``turns``). It is chosen for the whole server, for one request (header ``X-Demo-Scenario``)
or for one customer (an external customer id that starts with ``scenario:<name>:``). A link keeps the scenario it was
made under.
"""

from meld_desktop.mock.scenario_kinds import Fault, Group, Scenario, Twist
from meld_desktop.mock.scenario_table import AFTERWARDS, AT_THE_API, IN_THE_WIDGET

__all__ = ["CUSTOMER_PREFIX", "HEADER", "SCENARIOS", "Fault", "Group", "Scenario", "Twist"]
__all__ += ["find_scenario", "scenario_of_customer"]

CUSTOMER_PREFIX = "scenario:"
HEADER = "x-demo-scenario"

SCENARIOS: tuple[Scenario, ...] = (*IN_THE_WIDGET, *AFTERWARDS, *AT_THE_API)
"""Every scenario, in the order in which they are offered."""

_BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


def find_scenario(name: str) -> Scenario:
    """Return the scenario called ``name``. Raises ``ValueError`` that lists the names there are."""
    scenario = _BY_NAME.get(name)
    if scenario is None:
        raise ValueError(f"There is no scenario {name[:60]!r}; there are: {', '.join(_BY_NAME)}")
    return scenario


def scenario_of_customer(external_customer_id: str) -> Scenario | None:
    """Return the scenario an external customer id asks for, if any. Raises ``ValueError`` for an unknown name."""
    if not external_customer_id.startswith(CUSTOMER_PREFIX):
        return None
    name, colon, _ = external_customer_id[len(CUSTOMER_PREFIX) :].partition(":")
    return find_scenario(name) if colon else None
