"""Every guidance snapshot stored, one after another: for working all of them out again."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.lots.models import Lot, LotVersion

# Rows held in memory at a time; a snapshot is a few kilobytes.
_AT_ONCE = 200


class StoredGuidance(NamedTuple):
    """The snapshot of one version of a lot."""

    reference: str
    number: int
    snapshot: dict[str, Any]


def count_snapshots(session: Session, *, reference: str | None = None) -> int:
    """Return how many versions hold a snapshot, of one lot when named."""
    query = select(func.count()).select_from(LotVersion).where(LotVersion.guidance != {})
    if reference is not None:
        query = query.join(Lot, Lot.id == LotVersion.lot_id).where(Lot.reference == reference)
    return session.scalar(query) or 0


def stored_snapshots(session: Session, *, reference: str | None = None) -> Iterator[StoredGuidance]:
    """Yield the snapshot of every version that has one, oldest first, of one lot when named; in bounded memory."""
    query = (
        select(Lot.reference, LotVersion.number, LotVersion.guidance)
        .join(Lot, Lot.id == LotVersion.lot_id)
        .where(LotVersion.guidance != {})
        .order_by(LotVersion.submitted_at, LotVersion.id)
    )
    if reference is not None:
        query = query.where(Lot.reference == reference)
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield StoredGuidance(*row)
