"""The kinds of papers, their numbers and their words. Pure."""

from enum import StrEnum
from typing import Final

from marketplace.core.text import N_


class Kind(StrEnum):
    """What a paper is."""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit_note"
    STATEMENT = "statement"


PREFIXES: Final[dict[Kind, str]] = {
    Kind.INVOICE: "INV",
    Kind.RECEIPT: "REC",
    Kind.CREDIT_NOTE: "CRN",
    Kind.STATEMENT: "PST",
}
TITLES: Final[dict[Kind, str]] = {
    Kind.INVOICE: N_("Invoice"),
    Kind.RECEIPT: N_("Receipt"),
    Kind.CREDIT_NOTE: N_("Credit note"),
    Kind.STATEMENT: N_("Payout statement"),
}
# Who may read a paper besides staff: the buyer of the order, or the officers of the cooperative.
OF_BUYER: Final = frozenset({Kind.INVOICE, Kind.RECEIPT, Kind.CREDIT_NOTE})
OF_COOPERATIVE: Final = frozenset({Kind.STATEMENT})


def number_of(kind: Kind, *, year: int, serial: int) -> str:
    """Return a paper's number: kind, year and its place in the year, such as INV-2026-000042."""
    return f"{PREFIXES[kind]}-{year}-{serial:06d}"
