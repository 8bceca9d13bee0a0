"""What the provider's words mean for a payment."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from marketplace.payments.provider import CheckoutStatus, Payment
from marketplace.payments.verdicts import Expected, Verdict, capture_of, judge

PRICE = Money(124_000, "USD")
EXPECTED = Expected("OR-7F3K-92QD", PRICE)
PAGE = CheckoutStatus("cs_1", "complete", "paid", "pi_1", PRICE, "OR-7F3K-92QD")
PAYMENT = Payment("pi_1", "succeeded", PRICE, "ch_1", Money(3_626, "USD"), "txn_1", "OR-7F3K-92QD")


def test_a_captured_payment_of_the_right_amount_and_order_is_paid() -> None:
    assert judge(EXPECTED, PAGE, PAYMENT) is Verdict.PAID


@pytest.mark.parametrize(
    "amount", [Money(123_999, "USD"), Money(124_001, "USD"), Money(124_000, "EUR"), Money(0, "USD")]
)
def test_any_other_amount_or_currency_is_not_the_payment(amount: Money) -> None:
    assert judge(EXPECTED, PAGE, replace(PAYMENT, amount_received=amount)) is Verdict.OTHER_AMOUNT


@pytest.mark.parametrize("reference", ["OR-0000-0000", None, "or-7f3k-92qd"])
def test_a_payment_that_names_another_order_or_none_is_not_the_payment(reference: str | None) -> None:
    assert judge(EXPECTED, PAGE, replace(PAYMENT, order_reference=reference)) is Verdict.OTHER_ORDER
    assert judge(EXPECTED, replace(PAGE, order_reference=reference), None) is Verdict.OTHER_ORDER


def test_a_payment_the_provider_has_not_booked_waits() -> None:
    unbooked = replace(PAYMENT, fee=None, balance_transaction_id=None)
    assert capture_of(unbooked) is None
    assert judge(EXPECTED, PAGE, unbooked) is Verdict.WAIT


def test_a_capture_names_the_card_or_account_where_the_provider_does() -> None:
    named = capture_of(replace(PAYMENT, method_fingerprint="fp_1"))
    unnamed = capture_of(PAYMENT)
    assert (named and named.methods, unnamed and unnamed.methods) == (("fp_1",), ())


def test_a_closed_page_without_money_ends_the_payment() -> None:
    assert judge(EXPECTED, replace(PAGE, status="expired", payment_status="unpaid"), None) is Verdict.CLOSED


def test_money_counts_even_when_the_page_says_it_expired() -> None:
    assert judge(EXPECTED, replace(PAGE, status="expired"), PAYMENT) is Verdict.PAID


@given(
    status=st.sampled_from(["requires_payment_method", "processing", "canceled", "requires_action"]),
    page=st.sampled_from(["open", "complete", "expired"]),
    missing=st.sampled_from([None, Money(1, "USD"), PRICE]),
)
def test_nothing_is_paid_before_the_money_was_captured(status: str, page: str, missing: Money | None) -> None:
    shown = replace(PAGE, status=page)  # type: ignore[arg-type]
    assert judge(EXPECTED, shown, replace(PAYMENT, status=status, missing=missing)) is not Verdict.PAID


@pytest.mark.parametrize(
    ("page", "status", "missing", "verdict"),
    [
        # by card: the page is open while the buyer tries, and a check by her bank is no promise
        ("open", "requires_payment_method", None, Verdict.WAIT),
        ("open", "requires_action", None, Verdict.WAIT),
        ("open", "processing", None, Verdict.WAIT),
        ("expired", "canceled", None, Verdict.CLOSED),
        # by bank transfer: the page is done long before the money comes
        ("complete", "requires_action", PRICE, Verdict.STARTED),
        ("complete", "requires_action", Money(1, "USD"), Verdict.STARTED),
        ("complete", "requires_payment_method", None, Verdict.FAILED),
        ("complete", "canceled", None, Verdict.CLOSED),
        ("complete", "processing", None, Verdict.WAIT),
    ],
)
def test_an_unpaid_page_waits_is_promised_failed_or_ended(
    page: str, status: str, missing: Money | None, verdict: Verdict
) -> None:
    shown = replace(PAGE, status=page, payment_status="unpaid")  # type: ignore[arg-type]
    assert judge(EXPECTED, shown, replace(PAYMENT, status=status, missing=missing)) is verdict


def test_a_promise_is_known_without_its_page_and_a_failure_is_not() -> None:
    assert judge(EXPECTED, None, replace(PAYMENT, status="requires_action", missing=PRICE)) is Verdict.STARTED
    assert judge(EXPECTED, None, replace(PAYMENT, status="canceled")) is Verdict.CLOSED
    assert judge(EXPECTED, None, replace(PAYMENT, status="requires_payment_method")) is Verdict.WAIT
    assert judge(EXPECTED, None, None) is Verdict.WAIT
