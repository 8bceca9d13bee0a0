"""Pay on the sandbox's payment page, as a browser would."""

import http.client
from typing import Final
from urllib.parse import urlencode, urlsplit

CARD: Final = "4242 4242 4242 4242"
TIMEOUT_SECONDS: Final = 10


class CardDeclined(Exception):
    """The payment page did not take the card."""


def pay_with_test_card(address: str) -> None:
    """Send the card's number; the page answers with the way back to the shop, which nobody follows here."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=TIMEOUT_SECONDS)
    try:
        body = urlencode({"number": CARD})
        connection.request("POST", parts.path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    if answer.status != http.client.SEE_OTHER:
        raise CardDeclined(f"the payment page answered {answer.status}")
