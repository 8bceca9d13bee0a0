"""The names of what entries are about: a reference, a name, or the end of its number."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import ApiToken, Buyer, User
from marketplace.audit.queries import AuditRow
from marketplace.checks.models import LotCheck
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.documents.models import Document
from marketplace.history.models import AuditSubscription
from marketplace.lots.models import Lot
from marketplace.monitoring.models import MinerSheet
from marketplace.orders.models import Order
from marketplace.orders.negotiation_models import Negotiation
from marketplace.papers.models import Paper
from marketplace.passport.models import Passport, PassportRevocation


def _reference_of(lot_id: Any) -> Any:
    """Return the column that holds the reference of the lot a row belongs to."""
    return select(Lot.reference).where(Lot.id == lot_id).scalar_subquery()


_NAMED: Final[Mapping[str, tuple[Any, Any]]] = {
    "api_token": (ApiToken.id, ApiToken.label),
    "audit_subscription": (AuditSubscription.id, AuditSubscription.host),
    "buyer": (Buyer.id, Buyer.company),
    "cooperative": (Cooperative.id, Cooperative.legal_name),
    "document": (Document.id, Document.reference),
    "lot": (Lot.id, Lot.reference),
    "lot_check": (LotCheck.id, LotCheck.reference),
    "miner_sheet": (MinerSheet.id, MinerSheet.reference),
    "mine_site": (MineSite.id, MineSite.name),
    "negotiation": (Negotiation.id, Negotiation.reference),
    "order": (Order.id, Order.reference),
    "paper": (Paper.id, Paper.number),
    "passport": (Passport.id, _reference_of(Passport.lot_id)),
    "passport_revocation": (PassportRevocation.id, _reference_of(PassportRevocation.lot_id)),
    "user": (User.id, User.name),
}
# Whose names tell who somebody is.
PEOPLE: Final = frozenset({"buyer", "user"})

Thing = tuple[str, str]


def names_of(session: Session, rows: Iterable[AuditRow]) -> Mapping[Thing, str]:
    """Return the name of everything that the rows are about, with one query for each type."""
    wanted: dict[str, set[str]] = {}
    for row in rows:
        for kind, key in row.targets:
            wanted.setdefault(kind, set()).add(key)
    found: dict[Thing, str] = {}
    for kind, keys in wanted.items():
        found.update({(kind, key): key[-8:] for key in keys})
        if kind in _NAMED:
            found.update(_named(session, kind, keys))
    return found


def _named(session: Session, kind: str, keys: Iterable[str]) -> dict[Thing, str]:
    key_column, name_column = _NAMED[kind]
    numbers = [number for key in keys if (number := _uuid(key)) is not None]
    rows = session.execute(select(key_column, name_column).where(key_column.in_(numbers)))
    return {(kind, str(key)): name for key, name in rows if name}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
