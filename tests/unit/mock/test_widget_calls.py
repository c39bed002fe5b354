"""The widget's server side: its page, its calls, the bank's own window, and what it must refuse."""

import re

import httpx
import pytest

from meld_desktop.locations import resource
from meld_desktop.mock.logins import login_hint, login_works
from tests.unit.mock.harness import Local

pytestmark = pytest.mark.anyio


def policy_of(header: str) -> dict[str, str]:
    return {name: rest for name, _, rest in (part.strip().partition(" ") for part in header.split(";"))}


async def test_the_page_runs_under_a_strict_policy_and_may_be_framed(local: Local) -> None:
    token = (await local.start())["connectToken"]
    for path in (f"/?connectToken={token}", f"?connectToken={token}", "/"):
        answer = await local.widget.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "x-frame-options" not in answer.headers
        policy = policy_of(answer.headers["content-security-policy"])
        assert policy == {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",
            "connect-src": "'self'",
            "img-src": "'self' data:",
            "base-uri": "'none'",
            "form-action": "'none'",
        }


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://cdn.example.com/a/logo.png", " https://cdn.example.com"),
        ("http://127.0.0.1:8000/logo.png", " http://127.0.0.1:8000"),
        ("https://a.example; script-src *", ""),
        ("https://user@a.example/x", ""),
        ("javascript:alert(1)", ""),
        ("data:image/png;base64,xx", ""),
    ],
)
async def test_only_the_logo_of_the_link_may_come_from_outside(local: Local, url: str, origin: str) -> None:
    link = await local.start(accountPreferenceOverride={"accountLogoUrl": url})
    answer = await local.widget.get(f"/?connectToken={link['connectToken']}")
    assert policy_of(answer.headers["content-security-policy"])["img-src"] == f"'self' data:{origin}"


async def test_the_files_need_nothing_from_outside(local: Local) -> None:
    folder = resource("demo", "widget")
    for path in folder.iterdir():
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"(https?:)?//[a-z0-9-]+\.[a-z]", text.replace("// ", "")), path.name
        assert "@import" not in text
        assert "innerHTML" not in text
        assert not re.search(r"\son\w+=|\sstyle=", text) or path.suffix == ".js", f"{path.name} would break the policy"
    page = (await local.widget.get("/")).text + (await local.widget.get("/oauth")).text
    for name in re.findall(r"/assets/([\w.]+)", page):
        assert (await local.widget.get(f"/assets/{name}")).status_code == 200
    scripts = "".join(path.read_text("utf-8") for path in folder.glob("*.js"))
    for name in re.findall(r'from "\./([\w.]+)"', scripts):
        answer = await local.widget.get(f"/assets/{name}")
        assert answer.headers["content-type"].startswith("text/javascript")
    for name in ("index.html", "oauth.html", "..%2Finstitutions.json", "nothing.js"):
        assert (await local.widget.get(f"/assets/{name}")).status_code == 404


async def test_the_session_hands_the_page_what_the_link_asks_for(local: Local) -> None:
    appearance = {"selectionStyle": "TILE", "showBorder": True, "routingRetry": False, "font": "Inter"}
    link = await local.start(
        optionalProducts=["OWNERS"],
        regions=["US"],
        allowRedirect=False,
        redirectUrl="https://example.com/back",
        institutionSearchString="maple",
        accountPreferenceOverride=appearance,
    )
    session = (await local.open(link["connectToken"])).session
    assert session["connectionId"] == link["id"]
    assert session["products"] == ["BALANCES", "TRANSACTIONS", "OWNERS"]
    assert session["accountPreference"] == appearance
    assert session["institution"] is None
    assert session["institutionSearchString"] == "maple"
    assert session["redirectUrl"] == "https://example.com/back"
    assert session["filtered"] == {"products": 2, "regions": 1, "redirects": True}


async def test_the_picker_obeys_the_link(local: Local) -> None:
    link = await local.start(products=["OWNERS"], regions=["CA-ON"], allowRedirect=False)
    widget = await local.open(link["connectToken"])
    found = await widget.call("institutions", query="")
    assert [bank["name"] for bank in found["institutions"]] == [
        "Maple Test Bank",
        "Loon Lake Bank",
        "First Maple Savings",
        "Tamarack Trust",
        "Platypus Bank",
    ]
    assert (found["count"], found["remaining"]) == (5, 0)
    found = await widget.call("institutions", query="maple")
    assert [bank["name"] for bank in found["institutions"]] == ["Maple Test Bank", "First Maple Savings"]
    everything = await (await local.open((await local.start(products=["BALANCES"]))["connectToken"])).call(
        "institutions"
    )
    assert everything["count"] == 40
    assert everything["count"] + everything["remaining"] == len(local.world.banks)


async def test_a_named_bank_skips_the_picker_and_its_filters(local: Local) -> None:
    bank = local.bank("Banque des Tilleuls")
    link = await local.start(institutionId=bank, regions=["US"], allowRedirect=False)
    widget = await local.open(link["connectToken"])
    assert widget.session["institution"]["name"] == "Banque des Tilleuls"
    assert (await widget.choose("Banque des Tilleuls"))["serviceProvider"] == "SALTEDGE"
    assert (await widget.raw("provider", institutionId=local.bank("Banco Olivar"))).status_code == 400


async def test_routing_takes_the_first_provider_that_fits(local: Local) -> None:
    every = await local.open((await local.start())["connectToken"])
    choice = await every.choose("Harborlight National Bank")
    assert (choice["serviceProvider"], choice["redirects"]) == ("PLAID", True)
    assert choice["otherAvailableServiceProviders"] is None
    direct = await local.open((await local.start(allowRedirect=False))["connectToken"])
    choice = await direct.choose("Harborlight National Bank")
    assert (choice["serviceProvider"], choice["redirects"]) == ("MX", False)
    link = await local.start(accountPreferenceOverride={"routingRetry": True})
    retry = await local.open(link["connectToken"])
    choice = await retry.choose("Maple Test Bank")
    assert choice["otherAvailableServiceProviders"] == ["MX", "FINICITY"]
    assert (await retry.choose("Maple Test Bank", "FINICITY"))["serviceProvider"] == "FINICITY"
    assert (
        await retry.raw("provider", institutionId=local.bank("Maple Test Bank"), serviceProvider="AKOYA")
    ).status_code == 400


@pytest.mark.parametrize(
    ("bank", "username", "password", "works"),
    [
        ("Platypus Bank", "user_good", "pass_good", True),
        ("Platypus Bank", "user_good", "pass_bad", False),
        ("FinBank Profiles -A", "whatever", "profile_09", True),
        ("FinBank Profiles -A", "whatever", "profile_10", False),
        ("FinBank OAuth", "profile_03", "profile_03", True),
        ("FinBank OAuth", "profile_03", "profile_04", False),
        ("MX Bank", "mxuser", "x", True),
        ("MX Bank", "mxuser", "", False),
        ("MX Bank", "other", "x", False),
        ("Fake Bank Simple", "username", "secret", True),
        ("Fake Bank with Client Keys", "username", "nope", False),
        ("Lindenhof Bank", "user_good", "pass_good", True),
    ],
)
async def test_the_documented_test_logins_work(
    local: Local, bank: str, username: str, password: str, works: bool
) -> None:
    provider = next(found for found in local.world.banks if found.name == bank).providers[0]
    assert login_works(provider, username, password) is works


async def test_every_hint_works(local: Local) -> None:
    for bank in local.world.banks:
        for provider in bank.providers:
            hint = login_hint(bank, provider)
            assert login_works(provider, hint.username, hint.password), (bank.name, provider.name)


async def test_salt_edge_banks_ask_for_the_documented_code(local: Local) -> None:
    widget = await local.open((await local.start(regions=["GB"]))["connectToken"])
    await widget.choose("Fake Bank Simple")
    assert await widget.log_in() == {"outcome": "code"}
    assert (await widget.call("code", code="12345"))["outcome"] == "accounts"


async def test_a_whole_connection(local: Local) -> None:
    link = await local.start(regions=["CA"])
    widget = await local.open(link["connectToken"])
    await widget.choose("Loon Lake Bank")
    assert (await widget.call("login", username="me", password="guess")) == {"outcome": "refused"}
    accounts = (await widget.log_in())["accounts"]
    assert 2 <= len(accounts) <= 4
    assert {account["currency"] for account in accounts} == {"CAD"}
    done = await widget.call("complete", accountIds=[accounts[1]["id"]])
    shown = {name: accounts[1][name] for name in ("name", "mask", "type", "subtype")}
    assert done == {
        "institutionId": local.bank("Loon Lake Bank"),
        "institutionName": "Loon Lake Bank",
        "accountCount": 1,
        "accounts": [shown],
        "connectionId": link["id"],
    }
    assert (await widget.raw("complete", accountIds=[accounts[1]["id"]])).json()["code"] == "TOKEN_USED"
    again = await local.widget.post("/widget/session", headers={"X-Connect-Token": link["connectToken"]}, json={})
    assert (again.status_code, again.json()["code"]) == (409, "TOKEN_USED")


async def test_a_customer_sees_the_same_accounts_again_and_others_see_others(local: Local) -> None:
    async def accounts(customer: str) -> object:
        widget = await local.open((await local.start(externalCustomerId=customer))["connectToken"])
        await widget.choose("Maple Test Bank")
        shown = (await widget.log_in())["accounts"]
        return [(account["name"], account["mask"], account["balance"]) for account in shown]

    assert await accounts("ann") == await accounts("ann")
    assert await accounts("ann") != await accounts("bob")


async def test_the_recorded_accounts_of_finbank(local: Local) -> None:
    widget = await local.open((await local.start())["connectToken"])
    await widget.choose("FinBank Profiles -A")
    accounts = (await widget.log_in())["accounts"]
    assert [(account["name"], account["mask"], account["balance"]) for account in accounts][:2] == [
        ("Checking", "1111", "9357.24"),
        ("Savings", "2203", "22327.30"),
    ]


async def test_accounts_speak_the_language_of_the_country(local: Local) -> None:
    widget = await local.open((await local.start(regions=["DE-BY", "GB"]))["connectToken"])
    await widget.choose("Fake Bank Simple")
    await widget.log_in()
    accounts = (await widget.call("code", code="12345"))["accounts"]
    assert (accounts[0]["name"], accounts[0]["currency"]) == ("Girokonto", "EUR")


async def test_the_banks_own_window(local: Local) -> None:
    widget = await local.open((await local.start())["connectToken"])
    await widget.choose("Harborlight National Bank")
    assert (await widget.raw("login", username="user_good", password="pass_good")).status_code == 400
    assert await widget.call("popup") == {"outcome": "waiting"}
    assert (await widget.bank_window("bank"))["institution"]["name"] == "Harborlight National Bank"
    assert await widget.bank_window("answer", allow=True, username="a", password="b") == {"outcome": "refused"}
    assert await widget.bank_window("answer", allow=False) == {"outcome": "refused"}
    assert await widget.call("popup") == {"outcome": "refused"}
    assert await widget.call("popup") == {"outcome": "waiting"}
    assert await widget.bank_window("answer", allow=True, username="user_good", password="pass_good") == {
        "outcome": "accounts"
    }
    told = await widget.call("popup")
    await widget.call("complete", accountIds=[told["accounts"][0]["id"]])
    over = await local.widget.post("/oauth/bank", json={"state": widget.session["visit"]})
    assert over.status_code == 404


async def test_the_banks_own_window_asks_for_a_code_too(local: Local) -> None:
    widget = await local.open((await local.start(scenario="mfa"))["connectToken"])
    await widget.choose("Harborlight National Bank")
    assert await widget.bank_window("answer", allow=True, code="credential_good") == {"outcome": "refused"}
    assert await widget.bank_window("answer", allow=True, username="user_good", password="pass_good") == {
        "outcome": "code"
    }
    assert await widget.call("popup") == {"outcome": "waiting"}
    assert await widget.bank_window("answer", allow=True, code="credential_good") == {"outcome": "accounts"}


async def test_steps_cannot_be_skipped(local: Local) -> None:
    link = await local.start()
    widget = await local.open(link["connectToken"])
    for call in ("login", "code", "popup", "complete"):
        assert (await widget.raw(call, username="user_good", password="pass_good")).status_code == 400, call
    await widget.choose("Maple Test Bank")
    assert (await widget.raw("code", code="credential_good")).status_code == 400
    accounts = (await widget.log_in())["accounts"]
    await widget.choose("Northgate Federal Savings")
    assert (await widget.raw("complete", accountIds=[accounts[0]["id"]])).status_code == 400
    assert (await local.connection(link["id"]))["status"] == "IN_PROGRESS"


async def test_tokens_open_only_what_they_are_for(local: Local) -> None:
    one, two = await local.start(), await local.start(externalCustomerId="other")
    widget = await local.open(one["connectToken"])
    widget.token = two["connectToken"]
    assert (await widget.raw("institutions")).status_code == 401
    head, body, signature = one["connectToken"].split(".")
    other_body = two["connectToken"].split(".")[1]
    for token in ("", "x", f"{head}.{other_body}.{signature}", f"{head}.{body}.", f"{head}.{body}", "é.é.é", "%C3%A9"):
        headers = httpx.Headers({"X-Connect-Token": token}, encoding="latin-1")
        answer = await local.widget.post("/widget/session", headers=headers, json={})
        assert (answer.status_code, answer.json()["code"]) == (401, "TOKEN_INVALID"), token


async def test_a_link_opened_too_late_has_expired(local: Local) -> None:
    link = await local.start()
    widget = await local.open(link["connectToken"])
    local.hands.moment += 4 * 3600
    assert (await widget.raw("institutions")).json()["code"] == "TOKEN_EXPIRED"


async def test_an_unfinished_link_can_be_opened_often_but_remembers_few_visits(local: Local) -> None:
    link = await local.start()
    visits = [await local.open(link["connectToken"]) for _ in range(10)]
    assert (await visits[-1].raw("institutions")).status_code == 200
    assert (await visits[0].raw("institutions")).status_code == 401


@pytest.mark.parametrize("body", [b"[]", b"{", b"[" * 50_000, b'"x"'])
async def test_bodies_that_are_no_objects_are_refused(local: Local, body: bytes) -> None:
    token = (await local.start())["connectToken"]
    for path in ("/widget/institutions", "/oauth/bank", "/oauth/answer"):
        answer = await local.widget.post(path, content=body, headers={"X-Connect-Token": token})
        assert answer.status_code in {400, 401, 404}
