"""The chart of accounts: each account's kind and the bound of its balance, by the first part of its code. Pure.

A code is `CURRENCY:name` or `CURRENCY:name:subject`, for example `USD:held:order:0192…`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID


class Rule(StrEnum):
    """How far a tracked balance may go."""

    ANY = "any"
    CREDIT_MIN0 = "credit_min0"
    DEBIT_MIN0 = "debit_min0"


class Kind(StrEnum):
    """Side of the balance sheet or of the profit and loss account."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"


@dataclass(frozen=True, slots=True)
class Account:
    """An account by its name inside the chart; the currency comes from the money posted."""

    name: str

    def code(self, currency: str) -> str:
        """Return the full code in a currency."""
        return f"{currency}:{self.name}"


@dataclass(frozen=True, slots=True)
class Nature:
    """What an account is. Tracked accounts have a live balance with a bound; hot system accounts are summed instead."""

    kind: Kind
    rule: Rule
    tracked: bool


_OWED_TO_ONE: Final = Nature(Kind.LIABILITY, Rule.CREDIT_MIN0, tracked=True)
_SUMMED_ASSET: Final = Nature(Kind.ASSET, Rule.ANY, tracked=False)
_SUMMED_LIABILITY: Final = Nature(Kind.LIABILITY, Rule.ANY, tracked=False)
_SUMMED_INCOME: Final = Nature(Kind.INCOME, Rule.ANY, tracked=False)
_SUMMED_EXPENSE: Final = Nature(Kind.EXPENSE, Rule.ANY, tracked=False)

NATURES: Final[dict[str, Nature]] = {
    "stripe_clearing": _SUMMED_ASSET,
    "stripe_cash": _SUMMED_ASSET,
    "bank": _SUMMED_ASSET,
    "mobile_money": _SUMMED_ASSET,
    "cash": _SUMMED_ASSET,
    "payout_in_transit": Nature(Kind.ASSET, Rule.DEBIT_MIN0, tracked=True),
    "dispute_withheld": Nature(Kind.ASSET, Rule.DEBIT_MIN0, tracked=True),
    "held": _OWED_TO_ONE,
    "frozen": _OWED_TO_ONE,
    "refund_payable": _OWED_TO_ONE,
    "coop_payable": _OWED_TO_ONE,
    "coop_reserved": _OWED_TO_ONE,
    "buyer_credit": _OWED_TO_ONE,
    "premium_fund": _SUMMED_LIABILITY,
    "tax_withheld": _SUMMED_LIABILITY,
    "unmatched_receipts": _SUMMED_LIABILITY,
    "platform_fee": _SUMMED_INCOME,
    "stripe_fees": _SUMMED_EXPENSE,
    "payout_fees": _SUMMED_EXPENSE,
    "dispute_fees": _SUMMED_EXPENSE,
    "chargeback_loss": _SUMMED_EXPENSE,
    "rounding": _SUMMED_EXPENSE,
    # What we hold of a currency beyond what we owe in it; below zero what we owe beyond what we hold.
    "fx_position": _SUMMED_LIABILITY,
    "fx_gain_loss": _SUMMED_INCOME,
}

STRIPE_CLEARING: Final = Account("stripe_clearing")
# Bank transfers that arrived for buyers; the provider counts them to our balance only once they pay for an order.
STRIPE_CASH: Final = Account("stripe_cash")
DISPUTE_FEES: Final = Account("dispute_fees")
CHARGEBACK_LOSS: Final = Account("chargeback_loss")
STRIPE_FEES: Final = Account("stripe_fees")
PLATFORM_FEE: Final = Account("platform_fee")
FX_POSITION: Final = Account("fx_position")
FX_GAIN_LOSS: Final = Account("fx_gain_loss")
ROUNDING: Final = Account("rounding")
PAYOUT_FEES: Final = Account("payout_fees")
UNMATCHED_RECEIPTS: Final = Account("unmatched_receipts")


class UnknownAccount(ValueError):
    """The chart has no account of this name."""


def nature_of(account: Account) -> Nature:
    """Return what the account is; raise UnknownAccount."""
    try:
        return NATURES[account.name.partition(":")[0]]
    except KeyError as error:
        raise UnknownAccount(account.name) from error


def held(order_id: UUID) -> Account:
    """Return the account that holds one order's payment."""
    return Account(f"held:order:{order_id}")


def frozen(order_id: UUID) -> Account:
    """Return the part of one order's payment that a chargeback keeps from being released."""
    return Account(f"frozen:order:{order_id}")


def dispute_withheld(chargeback_id: UUID) -> Account:
    """Return what the provider took back from us for one chargeback."""
    return Account(f"dispute_withheld:{chargeback_id}")


def buyer_credit(buyer_id: UUID) -> Account:
    """Return what a buyer sent and no order used yet."""
    return Account(f"buyer_credit:{buyer_id}")


def refund_payable(order_id: UUID) -> Account:
    """Return what is owed back to the buyer of an order."""
    return Account(f"refund_payable:order:{order_id}")


def coop_payable(cooperative_id: UUID) -> Account:
    """Return what is owed to a cooperative."""
    return Account(f"coop_payable:{cooperative_id}")


def coop_reserved(payout_id: UUID) -> Account:
    """Return the part of a cooperative's money that a payout has taken aside."""
    return Account(f"coop_reserved:{payout_id}")


def payout_in_transit(payout_id: UUID) -> Account:
    """Return a payout's money between our bank and the cooperative."""
    return Account(f"payout_in_transit:{payout_id}")


def bank(name: str) -> Account:
    """Return one of our bank accounts."""
    return Account(f"bank:{name}")


def mobile_money(provider: str) -> Account:
    """Return our balance at a mobile-money provider."""
    return Account(f"mobile_money:{provider}")


def payout_source(rail: str, institution: str) -> Account:
    """Return the account of ours that a payout by a rail leaves from."""
    sources = {"bank": bank(institution), "cash": Account(f"cash:{institution}"), "stripe": STRIPE_CLEARING}
    return sources.get(rail) or mobile_money(institution)


def tax_withheld(authority: str) -> Account:
    """Return what we hold for an authority or another named party of a deduction."""
    return Account(f"tax_withheld:{authority}")


def premium_fund(fund: str) -> Account:
    """Return the premium held for a standard's fund."""
    return Account(f"premium_fund:{fund}")
