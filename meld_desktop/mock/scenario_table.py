"""The rows of the scenario table."""

from meld_desktop.domain.text import QT_TRANSLATE_NOOP, Text
from meld_desktop.mock.scenario_kinds import Fault, Group, Scenario, Twist

IN_THE_WIDGET = (
    Scenario(
        "success",
        Text(QT_TRANSLATE_NOOP("domain", "Everything goes well")),
        Text(QT_TRANSLATE_NOOP("domain", "Everything goes well: the customer logs in, picks accounts and finishes.")),
        Group.WIDGET,
    ),
    Scenario(
        "wrong-password",
        Text(QT_TRANSLATE_NOOP("domain", "Wrong password")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The bank refuses the first login: the customer sees why and tries again, or another "
                "bank or provider when routing retry is on.",
            )
        ),
        Group.WIDGET,
        twist=Twist.WRONG_PASSWORD,
    ),
    Scenario(
        "mfa",
        Text(QT_TRANSLATE_NOOP("domain", "Security code")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "The bank asks for a security code after the password, and refuses a wrong one."
            )
        ),
        Group.WIDGET,
        twist=Twist.MFA,
    ),
    Scenario(
        "user-cancels",
        Text(QT_TRANSLATE_NOOP("domain", "Customer leaves")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The customer leaves at the bank's login by themselves: the link reports a "
                "cancellation and can be opened again.",
            )
        ),
        Group.WIDGET,
        twist=Twist.CUSTOMER_LEAVES,
    ),
    Scenario(
        "oauth-popup",
        Text(QT_TRANSLATE_NOOP("domain", "Bank's own window")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "Every bank asks for the login in a window of its own, which closes itself and comes back."
            )
        ),
        Group.WIDGET,
        twist=Twist.OAUTH_POPUP,
    ),
    Scenario(
        "bank-down",
        Text(QT_TRANSLATE_NOOP("domain", "Bank unavailable")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The first bank chosen is out of order: the customer takes another bank, or another "
                "provider when routing retry is on, and the activity log says why.",
            )
        ),
        Group.WIDGET,
        twist=Twist.BANK_DOWN,
    ),
    Scenario(
        "provider-init-failure",
        Text(QT_TRANSLATE_NOOP("domain", "Provider does not start")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The service provider cannot start its login: the widget shows an error at once, and "
                "the activity log has a SERVICE_PROVIDER_INITIALIZATION_FAILURE.",
            )
        ),
        Group.WIDGET,
        twist=Twist.PROVIDER_INIT_FAILURE,
    ),
    Scenario(
        "error-creating-user",
        Text(QT_TRANSLATE_NOOP("domain", "Error creating user")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The widget says “Error creating user” after a bank is chosen, whichever it is: only "
                "a new customer ID helps.",
            )
        ),
        Group.WIDGET,
        twist=Twist.ERROR_CREATING_USER,
    ),
    Scenario(
        "no-accounts",
        Text(QT_TRANSLATE_NOOP("domain", "No usable account")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The login works but the bank has no account that can be connected: the customer tries another bank.",
            )
        ),
        Group.WIDGET,
        twist=Twist.NO_ACCOUNTS,
    ),
    Scenario(
        "token-expired",
        Text(QT_TRANSLATE_NOOP("domain", "Link expired")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The customer opens the link too late: the widget refuses it at once and a new link is needed.",
            )
        ),
        Group.WIDGET,
        twist=Twist.TOKEN_EXPIRED,
    ),
)

AFTERWARDS = (
    Scenario(
        "slow-data",
        Text(QT_TRANSLATE_NOOP("domain", "Data arrives late")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The connection is ACTIVE at once but its data takes sixty times as long to arrive: "
                "finished does not mean that data is there.",
            )
        ),
        Group.DATA,
        twist=Twist.SLOW_DATA,
    ),
    Scenario(
        "partial-data",
        Text(QT_TRANSLATE_NOOP("domain", "Part of the data")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "Only part of the data arrives: the connection becomes PARTIALLY_ACTIVE, and the "
                "rest comes with a refresh.",
            )
        ),
        Group.DATA,
        twist=Twist.PARTIAL_DATA,
    ),
    Scenario(
        "duplicate",
        Text(QT_TRANSLATE_NOOP("domain", "Connected twice")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The customer had connected the same login before: the new connection is ACTIVE, the "
                "older one becomes an inactive duplicate.",
            )
        ),
        Group.DATA,
        twist=Twist.DUPLICATE,
    ),
    Scenario(
        "new-accounts",
        Text(QT_TRANSLATE_NOOP("domain", "New accounts found")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The bank has an account that was not offered before: the connection stays ACTIVE, "
                "and a repair adds the account.",
            )
        ),
        Group.DATA,
        turns=("ACTIVE", "NEW_ACCOUNTS_AVAILABLE"),
    ),
    Scenario(
        "access-expiring",
        Text(QT_TRANSLATE_NOOP("domain", "Access ends soon")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The bank's permission runs out soon: the connection still works, and a repair in "
                "time keeps it working.",
            )
        ),
        Group.DATA,
        turns=("ACTIVE", "ACCESS_EXPIRING_SOON"),
    ),
    Scenario(
        "degraded",
        Text(QT_TRANSLATE_NOOP("domain", "Bank has trouble")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The bank cannot be reached for fresh data: the old data stays, and a later refresh "
                "brings the connection back.",
            )
        ),
        Group.DATA,
        turns=("DEGRADED", "INSTITUTION_CURRENTLY_UNAVAILABLE"),
    ),
    Scenario(
        "degraded-action",
        Text(QT_TRANSLATE_NOOP("domain", "Bank wants something")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The customer has to do something at the bank itself, such as accepting new terms, "
                "before data flows again.",
            )
        ),
        Group.DATA,
        turns=("DEGRADED", "INSTITUTION_ACTION_REQUIRED"),
    ),
    Scenario(
        "degraded-provider",
        Text(QT_TRANSLATE_NOOP("domain", "Provider has trouble")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The service provider is out of order: nothing is wrong with the customer's login, "
                "and a later refresh is enough.",
            )
        ),
        Group.DATA,
        turns=("DEGRADED", "SERVICE_PROVIDER_CURRENTLY_UNAVAILABLE"),
    ),
    Scenario(
        "degraded-interactive",
        Text(QT_TRANSLATE_NOOP("domain", "Code at each refresh")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The bank wants a code for every refresh, so data only stays fresh as long as the customer is there.",
            )
        ),
        Group.DATA,
        turns=("DEGRADED", "INTERACTIVE_REFRESH"),
    ),
    Scenario(
        "needs-repair",
        Text(QT_TRANSLATE_NOOP("domain", "Login changed")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "The password was changed at the bank: the connection needs a repair, which skips "
                "the picker and makes it ACTIVE again.",
            )
        ),
        Group.DATA,
        turns=("RECONNECT_REQUIRED", "LOGIN_REQUIRED"),
    ),
    Scenario(
        "needs-repair-bank",
        Text(QT_TRANSLATE_NOOP("domain", "Bank was rebuilt")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "The bank changed how it is reached, so the customer has to connect again through a repair."
            )
        ),
        Group.DATA,
        turns=("RECONNECT_REQUIRED", "REPAIRING_INSTITUTION"),
    ),
    Scenario(
        "needs-repair-token",
        Text(QT_TRANSLATE_NOOP("domain", "Access ran out")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "The bank's permission has run out: the customer has to give it again through a repair."
            )
        ),
        Group.DATA,
        turns=("RECONNECT_REQUIRED", "TOKEN_EXPIRED"),
    ),
    Scenario(
        "needs-repair-other",
        Text(QT_TRANSLATE_NOOP("domain", "Repair, no reason")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "The connection needs a repair for a reason Meld does not tell apart: the remedy is the same."
            )
        ),
        Group.DATA,
        turns=("RECONNECT_REQUIRED", "OTHER"),
    ),
    Scenario(
        "unrecoverable",
        Text(QT_TRANSLATE_NOOP("domain", "Given up")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain",
                "Data could not be fetched three times in a row and Meld has given up: repair, or "
                "delete and connect again.",
            )
        ),
        Group.DATA,
        turns=("UNRECOVERABLE", "CONTINUED_AGGREGATION_FAILURES"),
    ),
    Scenario(
        "undetermined",
        Text(QT_TRANSLATE_NOOP("domain", "Status unknown")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "The provider does not say what state the connection is in: refresh it, or repair it."
            )
        ),
        Group.DATA,
        turns=("UNDETERMINED", None),
    ),
)

AT_THE_API = (
    Scenario(
        "unauthorized",
        Text(QT_TRANSLATE_NOOP("domain", "Key refused")),
        Text(QT_TRANSLATE_NOOP("domain", "Meld refuses the API key with 401: how a wrong or withdrawn key looks.")),
        Group.API,
        fault=Fault.UNAUTHORIZED,
    ),
    Scenario(
        "forbidden-empty",
        Text(QT_TRANSLATE_NOOP("domain", "Forbidden, no words")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "Meld answers 403 without a word: a refusal that has to be explained without a body."
            )
        ),
        Group.API,
        fault=Fault.FORBIDDEN_EMPTY,
    ),
    Scenario(
        "rate-limited",
        Text(QT_TRANSLATE_NOOP("domain", "Too many requests")),
        Text(QT_TRANSLATE_NOOP("domain", "Meld answers 429 and asks to wait 30 seconds before the next attempt.")),
        Group.API,
        fault=Fault.RATE_LIMITED,
    ),
    Scenario(
        "server-error-html",
        Text(QT_TRANSLATE_NOOP("domain", "Outage")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "A gateway answers 503 with a web page instead of data: an outage on Meld's side."
            )
        ),
        Group.API,
        fault=Fault.SERVER_ERROR_HTML,
    ),
    Scenario(
        "slow-answer",
        Text(QT_TRANSLATE_NOOP("domain", "Slow answer")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "Every answer takes 8 seconds: the window stays usable and the request can be cancelled."
            )
        ),
        Group.API,
        fault=Fault.SLOW_ANSWER,
    ),
    Scenario(
        "connection-drop",
        Text(QT_TRANSLATE_NOOP("domain", "Connection lost")),
        Text(
            QT_TRANSLATE_NOOP(
                "domain", "The network fails before an answer arrives: nobody knows whether a link was made."
            )
        ),
        Group.API,
        fault=Fault.CONNECTION_DROP,
    ),
    Scenario(
        "bad-json",
        Text(QT_TRANSLATE_NOOP("domain", "Unreadable answer")),
        Text(QT_TRANSLATE_NOOP("domain", "The answer breaks off in the middle: a reply that cannot be read.")),
        Group.API,
        fault=Fault.BAD_JSON,
    ),
)
