"""What a document belongs to: a cooperative, one of its sites, lots or orders. Pure."""

from dataclasses import dataclass
from uuid import UUID

from marketplace.compliance.document_kinds import COOPERATIVE, LOT, ORDER, SITE


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose a document is: always a cooperative's, and at most one narrower thing."""

    cooperative_id: UUID
    site_id: UUID | None = None
    lot_id: UUID | None = None
    order_id: UUID | None = None

    @property
    def kind(self) -> str:
        """Return cooperative, site, lot or order."""
        if self.site_id is not None:
            return SITE
        if self.lot_id is not None:
            return LOT
        return COOPERATIVE if self.order_id is None else ORDER
