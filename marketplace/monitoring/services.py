"""Enter and withdraw what is told for the monitoring report."""

from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import insert, select

from marketplace.compliance.models import Cooperative
from marketplace.core.crypto import fingerprint
from marketplace.core.errors import Conflict, Forbidden, InvalidInput
from marketplace.core.ids import new_reference
from marketplace.core.text import N_
from marketplace.monitoring.answers import Count, Receipt, Training
from marketplace.monitoring.models import MinerPayment, MinerSheet, OfficerCount, TaxReceipt, TrainingSession
from marketplace.monitoring.sheets import Sheet
from marketplace.pricing.queries.rates import units_per_usd
from marketplace.unit_of_work import UnitOfWork

Record = MinerSheet | TrainingSession | TaxReceipt | OfficerCount
# The key under which a person's number becomes a digest is for this and nothing else.
_PURPOSE: Final = "miner"
_DOLLAR: Final = "USD"


class AlreadyWithdrawn(Conflict):
    """Somebody withdrew it before."""

    code = "already_withdrawn"
    message = N_("This was withdrawn already.")


class _Rate(NamedTuple):
    value: Decimal
    id: str | None


def enter_sheet(uow: UnitOfWork, *, cooperative: Cooperative, sheet: Sheet) -> MinerSheet:
    """Keep what a cooperative paid its miners; numbers become digests. Raises InvalidInput for the same one twice."""
    if not (uow.actor.may_write_for(cooperative.id) or uow.actor.is_staff):
        raise Forbidden
    # Two copies of a sheet at one moment wait for each other here.
    uow.session.get_one(Cooperative, cooperative.id, with_for_update=True)
    same = select(MinerSheet.reference).where(
        MinerSheet.cooperative_id == cooperative.id,
        MinerSheet.sha256 == sheet.sha256,
        MinerSheet.withdrawn_at.is_(None),
    )
    if uow.session.scalar(same) is not None:
        raise InvalidInput({"lines": N_("This sheet was handed in already.")})
    rate = _rate(uow, sheet.currency, sheet.paid_on, field="currency")
    row = MinerSheet(
        reference=new_reference("MS"),
        cooperative_id=cooperative.id,
        paid_on=sheet.paid_on,
        mineral=sheet.mineral,
        currency=sheet.currency,
        units_per_usd=rate.value,
        rate_id=rate.id,
        payments=len(sheet.lines),
        total_minor=sheet.total.minor,
        sha256=sheet.sha256,
        entered_by=uow.person(),
        entered_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    _keep_lines(uow, row, sheet)
    uow.record("miner_sheet.enter", row, cooperative, paid_on=str(sheet.paid_on), payments=row.payments,
               total=f"{sheet.total.amount} {sheet.currency}")  # fmt: skip
    return row


def enter_training(uow: UnitOfWork, *, cooperative: Cooperative, training: Training) -> TrainingSession:
    """Keep how many people a training reached."""
    row = TrainingSession(
        cooperative_id=cooperative.id, **training._asdict(), entered_by=uow.person(), entered_at=uow.now
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record("training_session.enter", row, cooperative, topic=row.topic, held_on=str(row.held_on),
               women=row.women, men=row.men)  # fmt: skip
    return row


def enter_receipt(uow: UnitOfWork, *, cooperative: Cooperative, receipt: Receipt) -> TaxReceipt:
    """Keep the receipt of a tax; raises InvalidInput for a number that the authority's receipts have already."""
    same = select(TaxReceipt.id).where(
        TaxReceipt.authority == receipt.authority,
        TaxReceipt.number == receipt.number,
        TaxReceipt.withdrawn_at.is_(None),
    )
    if uow.session.scalar(same) is not None:
        raise InvalidInput({"number": N_("A receipt with this number was entered already.")})
    rate = _rate(uow, receipt.amount.currency, receipt.paid_on, field="currency")
    row = TaxReceipt(
        cooperative_id=cooperative.id,
        authority=receipt.authority,
        number=receipt.number,
        paid_on=receipt.paid_on,
        amount_minor=receipt.amount.minor,
        currency=receipt.amount.currency,
        units_per_usd=rate.value,
        rate_id=rate.id,
        entered_by=uow.person(),
        entered_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record("tax_receipt.enter", row, cooperative, authority=row.authority, number=row.number,
               amount=f"{receipt.amount.amount} {row.currency}")  # fmt: skip
    return row


def enter_count(uow: UnitOfWork, *, cooperative: Cooperative, count: Count) -> OfficerCount:
    """Keep how many officers a cooperative has, and how many of them are women."""
    row = OfficerCount(cooperative_id=cooperative.id, **count._asdict(), entered_by=uow.person(), entered_at=uow.now)
    uow.session.add(row)
    uow.session.flush()
    uow.record("officer_count.enter", row, cooperative, counted_on=str(row.counted_on), officers=row.officers,
               women=row.women)  # fmt: skip
    return row


def withdraw(uow: UnitOfWork, *, record: Record) -> None:
    """Withdraw what was wrong; it stays, and counts nowhere any more. Raises AlreadyWithdrawn."""
    uow.session.refresh(record, with_for_update=True)
    if record.withdrawn_at is not None:
        raise AlreadyWithdrawn
    record.withdrawn_at, record.withdrawn_by = uow.now, uow.person()
    cooperative = uow.session.get_one(Cooperative, record.cooperative_id)
    uow.record("monitoring.withdraw", record, cooperative)


def _keep_lines(uow: UnitOfWork, row: MinerSheet, sheet: Sheet) -> None:
    field_key = uow.settings.field_key
    lines = [
        {
            "sheet_id": row.id,
            "position": place,
            "miner": fingerprint(f"{row.cooperative_id}:{line.number.upper()}", key=field_key, purpose=_PURPOSE),
            "sex": line.sex,
            "age_band": line.age_band,
            "amount_minor": line.amount.minor,
        }
        for place, line in enumerate(sheet.lines, start=1)
    ]
    uow.session.execute(insert(MinerPayment), lines)


def _rate(uow: UnitOfWork, currency: str, on: date, *, field: str) -> _Rate:
    """Return the rate of the day, which the report will always use for this record."""
    if currency == _DOLLAR:
        return _Rate(Decimal(1), None)
    found = units_per_usd(uow.session, currency, on)
    if found is None:
        raise InvalidInput({field: N_("No exchange rate of that day is known. Choose US dollars, or ask Pact.")})
    return _Rate(found.value, found.id)
