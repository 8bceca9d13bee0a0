"""Letters about payouts in parts: every part with its amount, the sums, plain words, in every language."""

import pytest

from marketplace.core.money import Money
from marketplace.notifications.rendering import render


def usd(minor: int) -> Money:
    return Money(minor, "USD")


PARTS = {
    "reference": "OR-7F3K-92QD",
    "payout": "PO-1111-1111",
    "number": 2,
    "count": 4,
    "amount": usd(25_000),
    "numbers": [1, 2, 3, 4],
    "amounts": [usd(25_000), usd(25_000), usd(25_000), usd(5_050)],
    "states": ["confirmed", "sent", "failed", "waiting"],
    "total": usd(80_050),
    "arrived": usd(25_000),
    "on_its_way": usd(25_000),
    "base_url": "https://market.example",
    "path": "/cooperative/orders/OR-7F3K-92QD",
}


def test_a_letter_names_each_part_and_the_sums() -> None:
    letter = render("payout_part_sent", PARTS, language="en")

    assert letter.subject == "Order OR-7F3K-92QD: part 2 of 4 of your money is on its way"
    assert letter.body == (
        "We sent USD 250.00. It is part 2 of 4.\n\n"
        "- Part 1: USD 250.00. It arrived.\n"
        "- Part 2: USD 250.00. It is on its way.\n"
        "- Part 3: USD 250.00. It came back.\n"
        "- Part 4: USD 50.50. It was not sent yet.\n\n"
        "Together these are USD 800.50. So far USD 250.00 arrived, and USD 250.00 is on its way.\n\n"
        "See the order: https://market.example/cooperative/orders/OR-7F3K-92QD\n"
    )


@pytest.mark.parametrize("language", ["en", "sw", "fr", "es"])
@pytest.mark.parametrize(
    "name", ["payout_part_sent", "payout_part_confirmed", "payout_part_returned", "payout_came_back"]
)
def test_every_language_has_every_letter(name: str, language: str) -> None:
    letter = render(name, PARTS, language=language)
    assert "OR-7F3K-92QD" in letter.subject
    assert "250" in letter.body


def test_what_came_back_is_safe_and_the_account_is_to_be_checked() -> None:
    body = render("payout_came_back", PARTS, language="en").body
    assert body.startswith("We paid you USD 250.00 with payout PO-1111-1111.")
    assert "A signatory can change it." in body
