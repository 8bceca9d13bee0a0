"""The 28 kinds of documents: what each is called, what it belongs to, whether it ends. Pure.

Source: marketplace/data/rules/document_kinds.csv, where every row names its own.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from marketplace.core.text import N_

COOPERATIVE, SITE, LOT, ORDER = "cooperative", "site", "lot", "order"
OWNERS: Final = (COOPERATIVE, SITE, LOT, ORDER)
MUST, MAY, NEVER = "must", "may", "no"
# The same words as in the data, here so that they can be translated; a test holds both together.
LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "mining_right": N_("Mining right or licence"),
        "registration_certificate": N_("Registration certificate"),
        "bylaws": N_("Bylaws with the rule for sharing income"),
        "tax_certificate": N_("Tax certificate"),
        "id_of_officer": N_("Identity card of an officer"),
        "women_ownership_evidence": N_("Evidence of women’s ownership"),
        "standard_certificate": N_("Fairtrade or Fairmined certificate"),
        "child_labour_attestation": N_("Attestation: no child labour at the site"),
        "site_inspection": N_("Report of an inspection of the site"),
        "environmental_permit": N_("Environmental permit"),
        "miner_payment_sheet": N_("List of payments to miners"),
        "lab_report": N_("Laboratory report"),
        "market_sale_receipt": N_("Receipt of the mineral market"),
        "valuation_certificate": N_("Valuation certificate"),
        "royalty_receipt": N_("Receipt for the royalty"),
        "inspection_fee_receipt": N_("Receipt for the inspection fee"),
        "export_permit": N_("Export permit"),
        "kp_certificate": N_("Kimberley Process certificate"),
        "icglr_certificate": N_("ICGLR certificate"),
        "certificate_of_origin_tanzanite": N_("Certificate of origin for tanzanite"),
        "customs_declaration": N_("Customs export declaration"),
        "dealer_licence": N_("Dealer licence"),
        "rucom_certificate": N_("RUCOM certificate"),
        "certificado_de_origen": N_("Certificate of origin (Colombia)"),
        "declaracion_de_produccion": N_("Declaration of production (Colombia)"),
        "carte_orpailleur": N_("Gold miner’s card (Mali)"),
        "comptoir_licence": N_("Licence of the buying house"),
        "bordereau_exportation": N_("Export slip (Mali)"),
    }
)


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind. `expires` is must, may or no; `lasts_days` ends it by itself so long after its issue.

    Of a kind with `several` an owner has many at once, told apart by their numbers. One that is `for_buyer` travels
    with the goods: who bought them reads it; every other is for the cooperative and Pact alone.
    """

    code: str
    belongs_to: tuple[str, ...]
    expires: str
    lasts_days: int | None
    several: bool
    for_buyer: bool

    @property
    def label(self) -> str:
        """Return the English words that a page translates."""
        return LABELS[self.code]

    @property
    def is_numbered(self) -> bool:
        """Say whether a number must be told: of those that end, and of those an owner has many of."""
        return self.several or self.expires == MUST

    def last_day(self, *, issued_on: date, expires_on: date | None) -> date | None:
        """Return the last day it counts: the one printed on it, or an earlier one by the rule of its kind."""
        if self.lasts_days is None:
            return expires_on
        by_rule = issued_on + timedelta(days=self.lasts_days)
        return by_rule if expires_on is None else min(expires_on, by_rule)


@cache
def document_kinds() -> Mapping[str, DocumentKind]:
    """Return the kinds by their codes, in the order of the data."""
    text = (files("marketplace.data") / "rules" / "document_kinds.csv").read_text(encoding="utf-8")
    return MappingProxyType({row["code"]: _kind(row) for row in csv.DictReader(text.splitlines())})


def kinds_of(owner: str) -> tuple[DocumentKind, ...]:
    """Return the kinds that belong to a cooperative, a site, a lot or an order."""
    return tuple(kind for kind in document_kinds().values() if owner in kind.belongs_to)


def _kind(row: Mapping[str, str]) -> DocumentKind:
    return DocumentKind(
        code=row["code"],
        belongs_to=tuple(row["belongs_to"].split(";")),
        expires=row["expires"],
        lasts_days=int(row["lasts_days"]) if row["lasts_days"] else None,
        several=row["several"] == "yes",
        for_buyer=row["for_buyer"] == "yes",
    )
