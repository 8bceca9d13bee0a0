"""By what two payout destinations are known to be the same account, without opening either. Pure."""

import unicodedata
from typing import Final

from marketplace.core.crypto import fingerprint
from marketplace.payments.destination_details import is_iban
from marketplace.payments.rails import Rail

_PURPOSE: Final = "payout-destination"
# A shorter account number may exist at several banks; from eight signs on, chance does not give two of the same.
_ENOUGH_SIGNS: Final = 8


def fingerprint_of(*, rail: str, institution: str, number: str, key: bytes) -> str:
    """Return the keyed digest of an account.

    The bank's name is typed freely, and another spelling would be the way around: it counts only for short account
    numbers. An IBAN names its bank, and a telephone number has one owner whoever carries it. Leading zeros, spaces and
    case do not matter.
    """
    solid = _solid(number)
    account = solid if rail != Rail.BANK or is_iban(solid.upper()) else solid.lstrip("0")
    needs_bank = rail == Rail.BANK and len(account) < _ENOUGH_SIGNS
    bank = _solid(institution) if needs_bank else ""
    return fingerprint(f"{rail}|{bank}|{account}", key=key, purpose=_PURPOSE)


def _solid(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if sign.isalnum())
