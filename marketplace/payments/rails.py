"""How cooperatives are paid: the rails, and the mobile-money providers we know. Pure."""

from enum import StrEnum
from typing import Final


class Rail(StrEnum):
    """A way for money to reach a cooperative."""

    BANK = "bank"
    MOBILE_MONEY = "mobile_money"
    CASH = "cash"
    STRIPE = "stripe"


# Our own bank account in the ledger; payouts by bank leave from it.
OUR_BANK: Final = "operating"
# Where we keep cash, in the ledger.
OUR_CASH: Final = "desk"
# Providers with a payment service for organisations in the countries we buy from; names are trade names.
MOBILE_PROVIDERS: Final[dict[str, str]] = {
    "airtel_money": "Airtel Money",
    "africell_money": "Afrimoney",
    "daviplata": "DaviPlata",
    "halopesa": "HaloPesa",
    "mixx": "Mixx by Yas",
    "mpesa": "M-Pesa",
    "mtn_momo": "MTN MoMo",
    "mvola": "MVola",
    "nequi": "Nequi",
    "orange_money": "Orange Money",
    "zamtel": "Zamtel Money",
}


def source_of(rail: str, institution: str) -> str:
    """Return our account that a payout leaves from: at the bank, our cash, or our balance at a provider."""
    if rail == Rail.BANK:
        return OUR_BANK
    return OUR_CASH if rail == Rail.CASH else institution
