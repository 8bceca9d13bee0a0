"""What the letters about bank transfers and chargebacks say."""

from datetime import UTC, datetime

import pytest

from marketplace.core.money import Money
from marketplace.notifications.rendering import render

AT = datetime(2026, 10, 2, 9, 0, tzinfo=UTC)
ORDER = {"reference": "OR-7F3K-92QD", "title": "Tanzanite, 3.42 ct", "price": Money(124_000, "USD")}
DISPUTE = {"reference": "OR-7F3K-92QD", "title": "Tanzanite, 3.42 ct", "amount": Money(124_000, "USD")}


def test_a_short_transfer_is_told_with_what_is_missing_and_until_when() -> None:
    letter = render("payment_short", {**ORDER, "missing": Money(2_550, "USD"), "deadline": AT}, language="en")

    assert letter.subject == "Your bank transfer for order OR-7F3K-92QD is too small"
    assert "We still miss USD 25.50 for Tanzanite, 3.42 ct." in letter.body
    assert "arrives by 2 Oct 2026, 09:00 UTC" in letter.body


def test_a_short_transfer_of_an_order_without_a_deadline_names_none() -> None:
    letter = render("payment_short", {**ORDER, "missing": Money(1, "USD"), "deadline": None}, language="en")

    assert "arrives by" not in letter.body


def test_credit_is_told_with_its_amount() -> None:
    assert "brought USD 40.00 more" in render("payment_credit", {"credit": Money(4_000, "USD")}, language="en").body


@pytest.mark.parametrize("is_awaited", [0, 1])
def test_a_wire_to_the_wrong_account_is_told_with_what_to_do(is_awaited: int) -> None:
    told = {**DISPUTE, "base_url": "https://m.example", "path": "/orders/OR-7F3K-92QD", "is_awaited": is_awaited}
    letter = render("wire_astray", told, language="en")

    assert letter.subject == "Your bank transfer for order OR-7F3K-92QD reached the wrong account"
    assert "arrived at an account of ours that buyers do not pay to." in letter.body
    assert ("Pay it from the page of the order" in letter.body) is bool(is_awaited)
    assert "https://m.example/orders/OR-7F3K-92QD" in letter.body


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("chargeback_opened", "asks for USD 1,240.00 back"),
        ("chargeback_won", "The bank gave USD 1,240.00 back to us."),
        ("chargeback_lost", "The buyer has USD 1,240.00 back."),
    ],
)
@pytest.mark.parametrize("due", [AT, None])
def test_a_dispute_is_told_with_its_amount(template: str, words: str, due: datetime | None) -> None:
    letter = render(template, {**DISPUTE, "evidence_due": due}, language="en")

    assert "OR-7F3K-92QD" in letter.subject
    assert words in letter.body
    assert ("evidence until 2 Oct 2026" in letter.body) is (template == "chargeback_opened" and due is not None)
