"""The Demo's own widget in a real browser: every scenario of the widget, its events in order, and the ways out."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from meld_desktop.domain.widget_events import WidgetEvent, completion_of
from meld_desktop.mock.scenarios import SCENARIOS, Group
from meld_desktop.mock.server import MockAddresses, MockServer
from tests.web.watched import Watched

BANK = "Maple Test Bank"
WIDGET_SCENARIOS = {scenario.name for scenario in SCENARIOS if scenario.group is Group.WIDGET}

_PRESS = """(() => {
  const usable = [...document.querySelectorAll("button")].filter(b => !b.disabled && b.offsetParent);
  const button = usable.find(b => b.innerText.includes(%s));
  if (button) button.click();
  return button !== undefined;
})()"""


class Journey:
    """A customer in the Demo's widget."""

    def __init__(self, addresses: MockAddresses, watch: Callable[..., Watched]) -> None:
        self.addresses = addresses
        self._watch = watch
        self.link: dict[str, Any] = {}

    def call(self, path: str, body: object = None, method: str = "") -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": "BASIC k", "Content-Type": "application/json"}
        request = urllib.request.Request(self.addresses.api + path, data, headers, method=method or None)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def start(self, scenario: str, **fields: object) -> dict[str, Any]:
        customer = f"scenario:{scenario}:{scenario}"
        body = {"externalCustomerId": customer, "products": ["BALANCES", "TRANSACTIONS"], **fields}
        self.link = self.call("/bank-linking/connect/start", body)
        return self.link

    def open(self, scenario: str, *, top_level: bool = False, **fields: object) -> "Page":
        link = self.start(scenario, **fields)
        return Page(self._watch(link["widgetUrl"], top_level=top_level).start())

    def reopen(self, url: str) -> "Page":
        return Page(self._watch(url).start())

    def connection(self) -> dict[str, Any]:
        return dict(self.call(f"/bank-linking/connections/{self.link['id']}"))

    def errors(self) -> list[str]:
        query = "start=2020-01-01T00:00:00Z&end=2100-01-01T00:00:00Z&actions=INSTITUTION_CONNECTION_WIDGET_ERROR"
        found = self.call(f"/activity-log?{query}&connectionIds={self.link['id']}")
        return [entry["attributes"]["eventType"] for entry in reversed(found["activities"])]


class Page:
    """The page, and hands on it."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched

    def shows(self, text: str) -> None:
        self.watched.wait_until(f"document.body.innerText.includes({json.dumps(text)})")

    def press(self, text: str) -> None:
        script = _PRESS % json.dumps(text)
        self.watched.wait(lambda: self.watched.run(script) is True)

    def pick(self, bank: str = BANK) -> None:
        self.press(bank)

    def log_in(self) -> None:
        self.shows("Username")
        self.press("Fill in")
        self.press("Continue")

    def finish(self) -> None:
        self.press("Agree and connect")
        self.watched.wait(lambda: "connect_complete" in self.names())

    def done(self) -> None:
        self.press("Done")
        self.watched.wait(lambda: "handover" in self.names())

    def names(self) -> list[str]:
        """The events so far, without the free-form ones."""
        return [event.name for event in self.watched.events if event.name != "debug"]

    def last(self, name: str) -> WidgetEvent:
        return [event for event in self.watched.events if event.name == name][-1]

    def hears(self, *names: str) -> None:
        self.watched.wait(lambda: len(self.names()) >= len(names))
        assert self.names() == list(names)

    def click(self, text: str) -> None:
        """Click a button as a person does: only that lets the page open a window."""
        find = f"[...document.querySelectorAll('button')].find(b => b.innerText.includes({json.dumps(text)}))"
        self.watched.wait_until(f"{find} !== undefined")
        rect = "(r => JSON.stringify([r.x, r.y, r.width, r.height]))({}.getBoundingClientRect())"
        button = json.loads(str(self.watched.run(rect.format(find))))
        answers: list[str] = []
        view = self.watched.view
        view._page.runJavaScript(rect.format("document.querySelector('iframe')"), 1, answers.append)
        self.watched.wait(lambda: bool(answers))
        frame = json.loads(answers[0])
        target = view._view.focusProxy()
        assert target is not None
        place = QPoint(int(frame[0] + button[0] + button[2] / 2), int(frame[1] + button[1] + button[3] / 2))

        def opened() -> bool:
            if not self.watched.has_popup():
                QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=place)
            return self.watched.has_popup()

        self.watched.wait(opened)

    def press_in_popup(self, text: str) -> None:
        """Press a button in the bank's own window, once it is there: a document on its way out never answers."""
        answers: list[object] = []
        find = f"[...document.querySelectorAll('button')].some(b => b.innerText.includes({json.dumps(text)}))"

        def is_there() -> bool:
            self.watched.view._popups.windows[0].page.runJavaScript(find, 0, answers.append)
            return True in answers

        self.watched.wait(is_there)
        assert self.watched.run_in_popup(_PRESS % json.dumps(text)) is True


@pytest.fixture(scope="module")
def addresses() -> Iterator[MockAddresses]:
    server = MockServer(speed=20)
    yield server.start()
    server.stop()


@pytest.fixture
def journey(addresses: MockAddresses, watch: Callable[..., Watched]) -> Journey:
    return Journey(addresses, watch)


def test_every_widget_scenario_has_a_test_here() -> None:
    tested = {name.removeprefix("test_").replace("_", "-") for name in globals() if name.startswith("test_")}
    assert tested >= WIDGET_SCENARIOS


def test_success(journey: Journey) -> None:
    page = journey.open("success")
    page.pick()
    page.log_in()
    page.finish()
    page.done()
    page.hears("init", "connect_complete", "handover")
    told = completion_of(page.last("connect_complete"))
    assert told is not None
    assert told.institution_name == BANK
    assert told.account_count == len(told.accounts) >= 2
    assert page.last("connect_complete").metadata["connectionId"] == journey.link["id"]
    assert journey.connection()["status"] == "ACTIVE"


def test_wrong_password(journey: Journey) -> None:
    page = journey.open("wrong-password", accountPreferenceOverride={"routingRetry": True})
    page.pick()
    page.log_in()
    page.shows("did not accept this username and password")
    page.press("Try through MX")
    page.shows("Through MX")
    page.log_in()
    page.finish()
    page.hears("init", "error", "connect_complete")
    assert page.last("error").metadata["reason"] == "INVALID_CREDENTIALS"
    assert journey.connection()["serviceProviderDetails"] == {"serviceProvider": "MX"}


def test_mfa(journey: Journey) -> None:
    page = journey.open("mfa")
    page.pick()
    page.log_in()
    page.shows("Security code")
    page.press("Confirm")
    page.shows("did not accept this code")
    page.press("Fill in")
    page.press("Confirm")
    page.finish()
    page.hears("init", "error", "connect_complete")
    assert page.last("error").metadata["reason"] == "INVALID_MFA"


def test_user_cancels(journey: Journey) -> None:
    page = journey.open("user-cancels")
    page.pick()
    page.shows("You have left")
    page.hears("init", "cancel")
    assert journey.connection()["status"] == "IN_PROGRESS"


def test_oauth_popup(journey: Journey) -> None:
    page = journey.open("oauth-popup")
    page.pick()
    page.click(f"Continue to {BANK}")
    page.press_in_popup("Fill in")
    page.press_in_popup("Sign in and allow")
    page.finish()
    page.done()
    page.hears("init", "connect_complete", "handover")
    page.watched.wait(lambda: not page.watched.has_popup())


def test_bank_down(journey: Journey) -> None:
    page = journey.open("bank-down", accountPreferenceOverride={"routingRetry": True})
    page.pick()
    page.shows("out of order at the moment")
    page.press("Try again")
    page.press("Try through Finicity")
    page.log_in()
    page.finish()
    page.hears("init", "error", "error", "connect_complete")
    assert page.last("error").metadata["reason"] == "INSTITUTION_CURRENTLY_UNAVAILABLE"
    assert journey.errors() == ["SERVICE_PROVIDER_FAILURE"] * 2


def test_provider_init_failure(journey: Journey) -> None:
    page = journey.open("provider-init-failure")
    page.pick()
    page.shows("could not start the login")
    page.press("Choose another bank")
    page.pick("Northgate Federal Savings")
    page.log_in()
    page.finish()
    page.hears("init", "error", "connect_complete")
    assert journey.errors() == ["SERVICE_PROVIDER_INITIALIZATION_FAILURE"]


def test_error_creating_user(journey: Journey) -> None:
    page = journey.open("error-creating-user")
    page.pick()
    page.shows("Error creating user")
    page.press("Choose another bank")
    page.pick("Northgate Federal Savings")
    page.shows("Error creating user")
    page.hears("init", "error", "error")
    assert page.last("error").metadata["details"] == "Error creating user"


def test_no_accounts(journey: Journey) -> None:
    page = journey.open("no-accounts")
    page.pick()
    page.log_in()
    page.shows("No account to connect")
    page.hears("init", "error")
    assert page.last("error").metadata["reason"] == "NO_ELIGIBLE_ACCOUNTS"
    assert journey.connection()["status"] == "IN_PROGRESS"


def test_token_expired(journey: Journey) -> None:
    page = journey.open("token-expired")
    page.shows("This link has expired")
    page.hears("error")
    assert page.last("error").metadata["reason"] == "TOKEN_EXPIRED"
    assert journey.connection()["status"] == "EXPIRED"


def test_a_repair_skips_the_picker_and_brings_the_connection_back(journey: Journey) -> None:
    page = journey.open("needs-repair")
    page.pick()
    page.log_in()
    page.finish()
    page.watched.wait(lambda: journey.connection()["status"] == "RECONNECT_REQUIRED")
    repair = journey.call("/bank-linking/connect/repair", {"connectionId": journey.link["id"]})
    again = journey.reopen(repair["widgetUrl"])
    again.shows(f"Log in to {BANK} again")
    assert journey.connection()["status"] == "RECONNECT_REQUIRED"
    again.log_in()
    again.finish()
    again.shows("Connected again")
    again.hears("init", "connect_complete")
    assert journey.connection()["status"] == "ACTIVE"
    assert journey.connection()["statusReason"] is None


def test_a_used_link_says_so(journey: Journey) -> None:
    page = journey.open("success")
    page.pick()
    page.log_in()
    page.finish()
    again = journey.reopen(journey.link["widgetUrl"])
    again.shows("This link was used already")
    again.press("Close")
    again.hears("error", "cancel")
    assert again.last("error").metadata["reason"] == "TOKEN_USED"


def test_top_level_it_spins_for_ever_after_success(journey: Journey) -> None:
    page = journey.open("success", top_level=True)
    page.pick()
    page.log_in()
    page.finish()
    page.shows("Finishing")
    page.hears("init", "connect_complete")


def test_the_redirect_url_is_where_it_ends(journey: Journey) -> None:
    target = f"{journey.addresses.widget}/oauth?state=after"
    page = journey.open("success", redirectUrl=target)
    page.pick()
    page.log_in()
    page.finish()
    page.done()
    page.watched.wait_until(f"location.href === {json.dumps(target)}")


def test_a_native_host_hears_the_events_as_text(journey: Journey) -> None:
    page = journey.open("success")
    page.shows(BANK)
    page.watched.run("window.heard = []; window.Android = { postMessage: text => window.heard.push(text) }; 1")
    page.pick()
    page.log_in()
    page.finish()
    heard: list[str] = json.loads(str(page.watched.run("JSON.stringify(window.heard)")))
    names = [text.partition("?")[0] for text in heard]
    assert names == ["[meld-connect]debug", "[meld-connect]connect_complete"]
    assert json.loads(heard[-1].partition("?")[2])["institutionName"] == BANK
