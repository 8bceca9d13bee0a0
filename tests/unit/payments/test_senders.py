"""A bank transfer's account is named by its bank, last digits and holder; too little names nobody."""

from typing import Any

import pytest
import stripe

from marketplace.payments.stripe_payments import _sender

EURO = {"bic": "COBADEFF", "iban_last4": "3000", "sender_name": "Bob Jewels GmbH "}
POUND = {"sort_code": "20-00-00", "account_number_last4": "6789", "sender_name": "Bob Ltd"}


def moved(**details: Any) -> stripe.CustomerCashBalanceTransaction:
    """Return a movement of a customer's cash as Stripe tells it."""
    return stripe.CustomerCashBalanceTransaction.construct_from({"id": "ccsbtxn_1", **details}, "sk_test")


def funded(**account: Any) -> stripe.CustomerCashBalanceTransaction:
    return moved(type="funded", funded={"bank_transfer": {"reference": None, **account}})


@pytest.mark.parametrize(
    ("told", "sender"),
    [
        (funded(type="eu_bank_transfer", eu_bank_transfer=EURO), "cobadeff|3000|bob jewels gmbh"),
        (funded(type="gb_bank_transfer", gb_bank_transfer=POUND), "20-00-00|6789|bob ltd"),
        (funded(type="eu_bank_transfer", eu_bank_transfer={**EURO, "iban_last4": None}), None),
        (funded(type="us_bank_transfer", us_bank_transfer={"network": "ach", "sender_name": "Bob Inc"}), None),
        (funded(type="us_bank_transfer"), None),
        (moved(type="applied_to_payment", applied_to_payment={"payment_intent": "pi_1"}), None),
    ],
)
def test_the_account_a_transfer_came_from(told: stripe.CustomerCashBalanceTransaction, sender: str | None) -> None:
    assert _sender(told) == sender
