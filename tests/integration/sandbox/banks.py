"""What banks and people do in these tests, by the sandbox's control page."""

from __future__ import annotations

from itertools import count

import requests

from marketplace.payments.provider import BalanceTransaction, PaymentProvider
from tests.integration.sandbox.processes import SECRET_KEY, Sandbox

_numbers = count(1)


def tell_bank(sandbox: Sandbox, what: str, **details: object) -> int:
    """Fill in a form of the second control page; return the status."""
    return requests.post(f"{sandbox.url}/control/{what}", json=details, timeout=5).status_code


def dispute_id_of(sandbox: Sandbox, charge_id: str | None) -> str:
    """Return the newest dispute of a charge."""
    answer = requests.get(f"{sandbox.url}/v1/disputes", params={"charge": charge_id}, auth=(SECRET_KEY, ""), timeout=5)
    return str(answer.json()["data"][0]["id"])


def newest_lines(provider: PaymentProvider, count: int) -> list[BalanceTransaction]:
    """Walk the provider's books to their end and return the last lines."""
    lines: list[BalanceTransaction] = []
    while page := provider.balance_transactions_since(lines[-1].id if lines else None):
        lines = [*lines, *page]
    return lines[-count:]


def new_customer(provider: PaymentProvider) -> str:
    """Keep a customer of her own for each test."""
    number = next(_numbers)
    return provider.create_customer(key=f"customer-{number}", reference=f"buyer-{number}", email="bob@example.org")


def new_recipient(sandbox: Sandbox, provider: PaymentProvider, *, country: str = "DE") -> str:
    """Keep a recipient whose owner filled in her page."""
    number = next(_numbers)
    recipient = provider.create_recipient(
        key=f"recipient-{number}", country=country, reference=f"coop-{number}", email=None
    )
    fill_in(sandbox, provider, recipient.id)
    return recipient.id


def fill_in(sandbox: Sandbox, provider: PaymentProvider, recipient_id: str) -> requests.Response:
    """Let the owner of a recipient's account follow a fresh link and send the form."""
    del sandbox
    link = provider.create_onboarding_link(
        recipient_id, key=f"link-{next(_numbers)}", return_url="https://shop.example/back",
        refresh_url="https://shop.example/again",
    )  # fmt: skip
    form = {"holder": "Mama Madini Cooperative", "number": "DE89 3704 0044 0532 0130 00"}
    return requests.post(link.url, data=form, allow_redirects=False, timeout=5)
