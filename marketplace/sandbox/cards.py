"""The test cards of the hosted page, with Stripe's numbers and answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Card:
    """A test card; `refusal` is Stripe's error code, `reason` its decline code.

    Everybody types the same few numbers, so each payer counts as the holder of a card of her own. One that `is_shared`
    has one holder, whoever types it: buyers who pay with it pay from one account.
    """

    number: str
    purpose: str
    refusal: str | None = None
    reason: str | None = None
    message: str | None = None
    is_disputed: bool = False
    is_shared: bool = False


CARDS: Final = (
    Card("4242424242424242", "The payment succeeds"),
    Card("4000000000000259", "The payment succeeds and is disputed as fraud at once", is_disputed=True),
    Card(
        "4000000000000002", "The bank declines",
        refusal="card_declined", reason="generic_decline", message="Your card was declined.",
    ),
    Card(
        "4000000000009995", "Not enough money on the card",
        refusal="card_declined", reason="insufficient_funds", message="Your card has insufficient funds.",
    ),
    Card("5555555555554444", "The payment succeeds; all who use it pay from one account", is_shared=True),
)  # fmt: skip


def card_of(typed: str) -> Card | None:
    """Return the test card with this number, typed with or without spaces."""
    digits = re.sub(r"[\s-]", "", typed)
    return next((card for card in CARDS if card.number == digits), None)


def spaced(number: str) -> str:
    """Write a card number in groups of four."""
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))
