"""What people and banks do at the provider: pay on its page, send money, take it back. The sandbox plays it."""

import http.client
import json
from typing import Final
from urllib.parse import urlencode, urlsplit

CARD: Final = "4242 4242 4242 4242"
TIMEOUT_SECONDS: Final = 10
FORM: Final = "application/x-www-form-urlencoded"


class CardDeclined(Exception):
    """The payment page did not take the card."""


class NotDone(Exception):
    """The sandbox refused what its control page was asked for."""


def pay_with_test_card(address: str) -> None:
    """Send the card's number; the page answers with the way back to the shop, which nobody follows here."""
    status = _post(address, urlencode({"number": CARD}), FORM)
    if status != http.client.SEE_OTHER:
        raise CardDeclined(f"the payment page answered {status}")


def promise_transfer(address: str) -> None:
    """Choose to pay by bank transfer; the page answers with what to send where."""
    status = _post(address, "", FORM)
    if status != http.client.OK:
        raise CardDeclined(f"the payment page answered {status}")


def happen(base: str, what: str, **wanted: str | int) -> None:
    """Let something happen that the sandbox's control page offers, such as `bank_transfers`."""
    status = _post(f"{base}/control/{what}", json.dumps(wanted), "application/json")
    if status != http.client.OK:
        raise NotDone(f"{what} answered {status}")


def _post(address: str, body: str, content_type: str) -> int:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", parts.path, body, {"Content-Type": content_type})
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    return answer.status
