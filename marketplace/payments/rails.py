"""How cooperatives are paid: the rails, and the mobile-money providers we know. Pure."""

from enum import StrEnum
from typing import Final


class Rail(StrEnum):
    """A way for money to reach a cooperative."""

    BANK = "bank"
    MOBILE_MONEY = "mobile_money"


# Our own bank account in the ledger; payouts by bank leave from it.
OUR_BANK: Final = "operating"
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
    """Return the account of ours that a payout leaves from: our bank account, or our balance at the provider."""
    return OUR_BANK if rail == Rail.BANK else institution
