"""Hand a lot's ICGLR fields to an authority, with what is not public: the place of the mine and the taxes paid."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.compliance.answers import Answers
from marketplace.compliance.models import MineSite
from marketplace.compliance.services import coordinates_of
from marketplace.compliance.staff_forms import read_reason
from marketplace.core.money import EXPONENT, Money
from marketplace.core.text import N_
from marketplace.custody.models import CustodyEvent
from marketplace.custody.queries import MOST_STEPS, record_of_lot
from marketplace.custody.record import LotRecord
from marketplace.lots.models import Lot
from marketplace.passport.icglr import LAST_SEQUENCE, Fields, NotCovered, Sealed, TaxPaid, fields_of, why_not
from marketplace.unit_of_work import UnitOfWork

FORMS: Final = ("csv", "json")
_NOT_PUBLIC: Final = N_("This lot is not on sale and not sold. There is nothing to export.")
_KEPT: Final = re.compile(r"(\d{1,18}) ([A-Z]{3}) minor")


@dataclass(frozen=True, slots=True)
class Handover:
    """Hold what is asked: the kind of file, why, and the site's number among those of the same square."""

    form: str
    reason: str
    sequence: int


def read_handover(form: Mapping[str, str]) -> Handover:
    """Return what a form asks; raise InvalidInput."""
    read = Answers(form)
    text = read.typed("sequence")
    sequence = int(text) if re.fullmatch("[0-9]{1,5}", text, re.ASCII) else 0
    if not 1 <= sequence <= LAST_SEQUENCE:
        read.refuse("sequence", N_("Enter a whole number from 1 to 99999."))
    asked = Handover(read.choice("form", FORMS), read_reason(read), sequence)
    read.finish()
    return asked


def refusal(session: Session, lot: Lot) -> str | None:
    """Return the sentence that says why this lot has no such export; None where it has."""
    record = record_of_lot(session, lot_id=lot.id)
    return _NOT_PUBLIC if record is None else why_not(record)


def hand_over(uow: UnitOfWork, *, lot: Lot, asked: Handover) -> Fields:
    """Return the fields with the unsealed place and the taxes; recorded with its reason. Raises NotCovered."""
    record = record_of_lot(uow.session, lot_id=lot.id)
    if record is None:
        raise NotCovered(_NOT_PUBLIC)
    sentence = why_not(record)
    if sentence is not None:
        raise NotCovered(sentence)  # before anything is unsealed
    coordinates = _place(uow, lot, record)
    sealed = Sealed(coordinates, asked.sequence) if coordinates else None
    uow.record("lot.hand_over", lot, form=asked.form, reason=asked.reason, with_place=sealed is not None)
    return fields_of(record, sealed=sealed, taxes=_taxes(uow.session, lot))


def _place(uow: UnitOfWork, lot: Lot, record: LotRecord) -> str | None:
    site = uow.session.scalar(
        select(MineSite).where(
            MineSite.cooperative_id == lot.cooperative_id, MineSite.reference == record.site.reference
        )
    )
    return coordinates_of(uow, site=site) if site is not None else None


def _taxes(session: Session, lot: Lot) -> list[TaxPaid]:
    """Return what was paid with each export; the other amounts that events keep are left alone."""
    events = select(CustodyEvent).where(CustodyEvent.lot_id == lot.id, CustodyEvent.kind == "exported")
    found = []
    for event in session.scalars(events.order_by(CustodyEvent.seq).limit(MOST_STEPS)):
        kept = _KEPT.fullmatch(str(event.kept.get("taxes", "")))
        if kept and kept[2] in EXPONENT:
            found.append(TaxPaid(str(event.id), Money(int(kept[1]), kept[2])))
    return found
