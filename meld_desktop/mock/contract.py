"""What the Demo takes from Meld's published contract: names, values and limits."""

PRODUCTS = (
    "BALANCES",
    "IDENTIFIERS",
    "INVESTMENT_HOLDINGS",
    "INVESTMENT_TRANSACTIONS",
    "OWNERS",
    "TRANSACTIONS",
)

STATUSES = (
    "IN_PROGRESS",
    "EXPIRED",
    "ACTIVE",
    "PARTIALLY_ACTIVE",
    "DEGRADED",
    "RECONNECT_REQUIRED",
    "UNRECOVERABLE",
    "UNDETERMINED",
    "DELETED",
)

SERVICE_PROVIDERS = ("AKOYA", "FINICITY", "MX", "PLAID", "SALTEDGE", "SALTEDGEPARTNERS", "YODLEE")

REFRESHABLE = frozenset({"ACTIVE", "PARTIALLY_ACTIVE", "DEGRADED", "UNDETERMINED"})
"""Statuses in which a refresh is taken (ST; of RECONNECT_REQUIRED the sources disagree, so REFR's no stands)."""

NOT_REPAIRABLE = frozenset({"IN_PROGRESS", "EXPIRED", "DELETED"})
"""Statuses in which a repair is refused (REP)."""

ENDED = frozenset({"EXPIRED", "DELETED"})
"""Statuses that nothing leads out of (ST)."""

REASONS: dict[str, frozenset[str | None]] = {
    "IN_PROGRESS": frozenset({None}),
    "EXPIRED": frozenset({None}),
    "ACTIVE": frozenset({None, "ACCESS_EXPIRING_SOON", "NEW_ACCOUNTS_AVAILABLE"}),
    "PARTIALLY_ACTIVE": frozenset({"PARTIAL_AGGREGATION_SUCCESS", "INACTIVE_DUPLICATE"}),
    "DEGRADED": frozenset(
        {
            "INSTITUTION_CURRENTLY_UNAVAILABLE",
            "INSTITUTION_ACTION_REQUIRED",
            "SERVICE_PROVIDER_CURRENTLY_UNAVAILABLE",
            "INTERACTIVE_REFRESH",
        }
    ),
    "RECONNECT_REQUIRED": frozenset({"LOGIN_REQUIRED", "REPAIRING_INSTITUTION", "TOKEN_EXPIRED", "OTHER"}),
    "UNRECOVERABLE": frozenset({"CONTINUED_AGGREGATION_FAILURES"}),
    "UNDETERMINED": frozenset({None}),
    "DELETED": frozenset({None}),
}
"""Every status with the reasons it may have (ST)."""

CATEGORIES = tuple(
    """INCOME BILLS LOAN EDUCATION ENTERTAINMENT FOOD_AND_DRINK FEE FAMILY HEALTH HOME TRANSPORTATION TRAVEL TRANSFER
    MEDICAL INVESTMENTS SHOPPING TAXES OTHER UNCATEGORIZED""".split()
)

TRANSACTION_STATUSES = ("PENDING", "POSTED")

WIDGET_ERROR_TYPES = ("SERVICE_PROVIDER_INITIALIZATION_FAILURE", "SERVICE_PROVIDER_FAILURE", "INTERNAL_FAILURE")

ACTIONS = tuple(
    """INBOUND_REQUEST INBOUND_REQUEST_WIDGET INBOUND_REQUEST_WEBHOOK OUTBOUND_REQUEST_SERVICE_PROVIDER
    OUTBOUND_REQUEST_WEBHOOK INSTITUTION_CONNECTION_CREATED INSTITUTION_CONNECTION_COMPLETED
    INSTITUTION_CONNECTION_EXPIRED INSTITUTION_CONNECTION_DELETED INSTITUTION_CONNECTION_UPDATED
    INSTITUTION_CONNECTION_IMPORTED INSTITUTION_CONNECTION_IMPORT_FAILED INSTITUTION_CONNECTION_WIDGET_EVENT
    INSTITUTION_CONNECTION_WIDGET_ERROR""".split()
)

SELECTION_STYLES = ("LIST", "TILE")

TOKEN_SECONDS = 4 * 60 * 60
"""How long a connect token works (TOK)."""

AGGREGATION_SECONDS = 6
"""How long after the widget the first data of a connection is there: "seconds" (DATA)."""

ARRIVAL_SECONDS: dict[str, float] = {
    "IDENTIFIERS": 3,
    "BALANCES": 4,
    "OWNERS": 5,
    "INVESTMENT_HOLDINGS": 6,
    "TRANSACTIONS": 20,
    "INVESTMENT_TRANSACTIONS": 25,
}
"""How long after the widget each product is there: accounts in seconds, transactions in "up to minutes" (DATA)."""

HISTORY_SECONDS = 60
"""How long after the widget the older transactions are there (DATA)."""

FIRST_DAYS = {"PLAID": 30, "FINICITY": 180, "MX": 90}
"""How far back the first transactions reach; 30 days for other providers (DATA)."""

HISTORY_DAYS = 730
"""How far back transactions reach once the historical load is through (DATA)."""

FORCED_REFRESH_SECONDS = {"MX": 3 * 60 * 60}
"""How often a provider takes a forced refresh of one connection (REFR)."""

VERSION = "2022-11-10"
"""The version date the bank linking endpoints answer, whatever newer date was asked for (VCR)."""

COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY
    BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR
    IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK
    ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF
    TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()
)
"""ISO 3166-1 alpha-2."""

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""The host names under which the Demo answers."""

BODY_LIMIT = 64 * 1024
"""The largest request body the Demo reads."""
