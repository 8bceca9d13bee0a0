"""The shipped table of rails and our own accounts, read once."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import config
from marketplace.payments.rail_table import RailTable, read_table

_FOLDER: Final = Path(str(config.__file__)).parent


@dataclass(frozen=True, slots=True)
class OurAccount:
    """One of our accounts in one currency; `name` is the one the ledger uses. An example is nobody's account."""

    name: str
    currency: str
    holder: str
    number: str
    bic: str
    is_example: bool = False


@cache
def rail_table() -> RailTable:
    """Return the shipped table of rails."""
    return read_table((_FOLDER / "payout_rails.toml").read_text(encoding="utf-8"))


@cache
def our_accounts() -> tuple[OurAccount, ...]:
    """Return our accounts as the operator wrote them."""
    document = tomllib.loads((_FOLDER / "our_accounts.toml").read_text(encoding="utf-8"))
    return tuple(OurAccount(**row) for row in document["account"])


def our_account(name: str, currency: str) -> OurAccount | None:
    """Return our account of a name in a currency, or None."""
    return next((each for each in our_accounts() if (each.name, each.currency) == (name, currency)), None)
