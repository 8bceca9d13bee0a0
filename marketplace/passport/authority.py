"""What the authority of a member state of ICGLR is given of a lot, beyond what everybody may read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.compliance import services as compliance
from marketplace.compliance.models import MineSite
from marketplace.core.errors import NotFound
from marketplace.core.money import Money
from marketplace.custody.models import CustodyEvent
from marketplace.custody.queries import events_of_lot, record_of_lot
from marketplace.custody.record import LotRecord
from marketplace.lots.models import Lot
from marketplace.passport import icglr
from marketplace.passport.icglr import TaxPaid
from marketplace.unit_of_work import UnitOfWork


def record_for_authority(uow: UnitOfWork, *, lot: Lot, form: str) -> dict[str, Any]:
    """Return the ICGLR document with the site's identifier and the taxes; both are recorded as a sensitive read.

    Raises NotFound before the lot is public, OutsideIcglr for lots the mechanism does not cover, and Forbidden.
    """
    record = public_record(uow.session, lot=lot)
    icglr.check_covered(record)
    site = uow.session.scalar(select(MineSite).where(MineSite.reference == record.site.reference))
    uow.record("lot.report", lot, form=form)
    return icglr.document_of(
        record,
        mine_site_id=_identifier(uow, site) if site is not None else None,
        taxes=_taxes_of(uow.session, lot),
    )


def public_record(session: Session, *, lot: Lot) -> LotRecord:
    """Return the lot's public record, or raise NotFound."""
    record = record_of_lot(session, lot_id=lot.id)
    if record is None:
        raise NotFound
    return record


def _identifier(uow: UnitOfWork, site: MineSite) -> str | None:
    coordinates = compliance.coordinates_of(uow, site=site)
    if coordinates is None:
        return None
    # Keys are ordered by time: a site keeps its place among those of its country.
    earlier = select(func.count()).where(MineSite.country == site.country, MineSite.id <= site.id)
    return icglr.mine_site_id(site.country, coordinates=coordinates, sequence=uow.session.scalar(earlier) or 1)


def _taxes_of(session: Session, lot: Lot) -> Sequence[TaxPaid]:
    events = events_of_lot(session, lot_id=lot.id)
    corrected = {event.corrects_id for event in events}
    return [
        _tax(event) for event in events if event.kind == "exported" and event.id not in corrected and _is_told(event)
    ]


def _is_told(event: CustodyEvent) -> bool:
    return bool(event.kept.get("taxes"))


def _tax(event: CustodyEvent) -> TaxPaid:
    """Read an amount as the journey keeps it: minor units, currency, the word minor."""
    minor, currency, _ = event.kept["taxes"].split()
    paid_on = event.happened_at.date()
    permit = next((each["number"] for each in event.content["documents"] if each["kind"] == "export_permit"), "")
    return TaxPaid(kind="export", amount=Money(int(minor), currency), paid_on=paid_on, receipt=permit)
