"""Batches: approved transfers of one rail, currency and account of ours, frozen, exported, sent by somebody else."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.actor import StaffRole
from marketplace.core.crypto import seal, unseal
from marketplace.core.errors import Conflict, Forbidden, InvalidInput, NotFound, TransitionRefused
from marketplace.core.ids import new_id, new_reference, normal_reference
from marketplace.core.money import Money
from marketplace.core.text import N_
from marketplace.payments import payout_exchange
from marketplace.payments.destinations import reveal
from marketplace.payments.models import Payout, PayoutDestination
from marketplace.payments.payouts.pain001 import BankOrder, Debtor, Transfer, batch_csv, pain_001
from marketplace.payments.payouts.part_moves import lock, received, send_part
from marketplace.payments.payouts.transitions import PartState, State
from marketplace.payments.rail_files import OurAccount, our_account
from marketplace.payments.rail_models import PayoutBatch, PayoutPart
from marketplace.payments.rails import OUR_BANK, Rail
from marketplace.unit_of_work import UnitOfWork

MOST_TRANSFERS: Final = 200
PAGE: Final = 30
RAILS: Final = (Rail.BANK, Rail.MOBILE_MONEY)


class OtherPersonSends(Forbidden):
    """Who made a batch does not send it."""

    code = "other_person_sends"
    message = N_("Another finance person must mark this batch as sent: you made it.")


class BatchChanged(Conflict):
    """The sealed content is not what was frozen."""

    code = "batch_changed"
    message = N_("The content of this batch is damaged. Do not send it, and tell an administrator.")


def make(uow: UnitOfWork, *, part_ids: Sequence[UUID], execute_on: date) -> PayoutBatch:
    """Freeze the chosen parts into a batch; raise InvalidInput when they do not belong together.

    Raises ExchangeMissing for one to an account in another currency.
    """
    _finance(uow)
    if not 0 < len(set(part_ids)) <= MOST_TRANSFERS:
        raise InvalidInput({"parts": N_("Choose 1 to 200 transfers.")})
    pairs = [_locked(uow, part_id) for part_id in sorted(set(part_ids))]
    if len({_kind(uow, payout, part) for payout, part in pairs}) != 1:
        raise InvalidInput({"parts": N_("A batch has one way of paying and one currency. Choose again.")})
    rail, currency = pairs[0][1].rail, pairs[0][1].currency  # our account's; an exchanged payout arrives in another
    account = our_account(OUR_BANK, currency)
    is_ours = account is not None and not (account.is_example and uow.settings.is_production)
    if account is None or not is_ours or rail not in RAILS:
        raise InvalidInput({"parts": N_("We have no account for a batch in this currency and way.")})
    reference = new_reference("PB")
    order = _order(uow, reference, account=account, pairs=pairs, on=execute_on)
    content = _bytes(order)
    batch = PayoutBatch(
        id=new_id(),
        reference=reference,
        rail=rail,
        account=OUR_BANK if rail == Rail.BANK else _institution(pairs[0][0]),
        currency=order.total.currency,
        transfers=len(pairs),
        total_minor=order.total.minor,
        sha256=sha256(content).hexdigest(),
        content_sealed=seal(content, key=uow.settings.field_key, purpose=f"payout-batch:{reference}"),
        execute_on=execute_on,
        state="made",
        made_by=uow.actor.user_id,
        made_at=uow.now,
    )
    uow.session.add(batch)
    uow.record("payout_batch.make", batch, hashes={"content": batch.sha256}, total=order.total)
    for _payout, part in pairs:
        part.batch_id = batch.id
        uow.record("payout_part.enter_batch", part, batch)
    return batch


def mark_sent(uow: UnitOfWork, *, batch: PayoutBatch) -> None:
    """Note that the bank has the batch, as somebody else than its maker; each transfer is sent by our reference."""
    _finance(uow)
    _ready(uow, batch, "send")
    if batch.made_by == uow.actor.user_id:
        raise OtherPersonSends
    batch.state, batch.sent_by, batch.sent_at = "sent", uow.actor.user_id, uow.now
    uow.record("payout_batch.send", batch, hashes={"content": batch.sha256})
    for part in parts_of(uow.session, batch.id):
        payout = uow.session.get_one(Payout, part.payout_id)
        _without_stake(uow, payout)
        send_part(uow, payout=payout, part=part, reference=part.reference, batch_id=batch.id)


def cancel(uow: UnitOfWork, *, batch: PayoutBatch) -> None:
    """Take a batch apart that was not sent; its transfers wait as before."""
    _finance(uow)
    _ready(uow, batch, "cancel")
    batch.state = "cancelled"
    uow.record("payout_batch.cancel", batch)
    for part in parts_of(uow.session, batch.id):
        part.batch_id = None
        uow.record("payout_part.leave_batch", part, batch)


def export(uow: UnitOfWork, *, batch: PayoutBatch, kind: str) -> bytes:
    """Return the frozen batch as `xml` (pain.001.001.09) or `csv`, each time the same bytes; note who took it."""
    _finance(uow)
    content = unseal(batch.content_sealed, key=uow.settings.field_key, purpose=f"payout-batch:{batch.reference}")
    if sha256(content).hexdigest() != batch.sha256:
        raise BatchChanged
    uow.record("payout_batch.export", batch, kind=kind)
    order = _read(content)
    return pain_001(order) if kind == "xml" else batch_csv(order)


def ready_parts(session: Session) -> Sequence[tuple[PayoutPart, Payout]]:
    """Return the transfers of approved payouts that can go into a batch, oldest payout first."""
    found = (
        select(PayoutPart, Payout)
        .join(Payout, Payout.id == PayoutPart.payout_id)
        .where(
            Payout.state.in_([State.APPROVED, State.SENT]),
            PayoutPart.state == PartState.WAITING,
            PayoutPart.batch_id.is_(None),
            PayoutPart.rail.in_(RAILS),
        )
    )
    rows = session.execute(found.order_by(Payout.prepared_at, PayoutPart.reference).limit(MOST_TRANSFERS)).all()
    return [(part, payout) for part, payout in rows]


def parts_of(session: Session, batch_id: UUID) -> Sequence[PayoutPart]:
    """Return a batch's transfers in the order of their payouts."""
    found = select(PayoutPart).where(PayoutPart.batch_id == batch_id)
    return session.scalars(found.order_by(PayoutPart.payout_id, PayoutPart.number)).all()


def batches(session: Session, *, before: datetime | None = None) -> Sequence[PayoutBatch]:
    """Return a page of batches, newest first, and one more when there is another page."""
    found = select(PayoutBatch).order_by(PayoutBatch.made_at.desc(), PayoutBatch.id.desc()).limit(PAGE + 1)
    return session.scalars(found.where(PayoutBatch.made_at < before) if before else found).all()


def batch_by_reference(session: Session, reference: str) -> PayoutBatch:
    """Return a batch; raise NotFound."""
    batch = session.scalar(select(PayoutBatch).where(PayoutBatch.reference == normal_reference(reference)))
    if batch is None:
        raise NotFound
    return batch


def _locked(uow: UnitOfWork, part_id: UUID) -> tuple[Payout, PayoutPart]:
    part = uow.session.get(PayoutPart, part_id)
    if part is None:
        raise NotFound
    payout = uow.session.get_one(Payout, part.payout_id)
    lock(uow, payout, part)
    _without_stake(uow, payout)
    is_free = part.state == PartState.WAITING and part.batch_id is None
    if not is_free or payout.state not in (State.APPROVED, State.SENT):
        raise Conflict
    payout_exchange.refuse_other_currency(uow.session, payout)
    return payout, part


def _order(
    uow: UnitOfWork, reference: str, *, account: OurAccount, pairs: Sequence[tuple[Payout, PayoutPart]], on: date
) -> BankOrder:
    """Write what each cooperative gets: of an exchanged payout the other currency, as it was promised."""
    transfers = []
    for payout, part in pairs:
        destination = uow.session.get_one(PayoutDestination, payout.destination_id)
        secret = reveal(uow, destination=destination)
        transfers.append(
            Transfer(
                end_to_end_id=part.reference,
                name=destination.holder,
                institution=destination.institution,
                number=secret["number"],
                bic=secret["bic"],
                amount=received(uow.session, part),
                remittance=f"Payout {part.reference}",
            )
        )
    debtor = Debtor(account.holder, account.number, account.bic, account.currency)
    return BankOrder(reference, uow.now.replace(microsecond=0), on, debtor, tuple(transfers))


def _kind(uow: UnitOfWork, payout: Payout, part: PayoutPart) -> tuple[str, ...]:
    return part.rail, part.currency, received(uow.session, part).currency, _institution(payout)


def _bytes(order: BankOrder) -> bytes:
    plain = {
        "message_id": order.message_id,
        "made_at": order.made_at.isoformat(),
        "execute_on": order.execute_on.isoformat(),
        "debtor": asdict(order.debtor),
        "transfers": [asdict(each) for each in order.transfers],
    }
    return json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()


def _read(content: bytes) -> BankOrder:
    plain: dict[str, Any] = json.loads(content)
    return BankOrder(
        plain["message_id"],
        datetime.fromisoformat(plain["made_at"]),
        date.fromisoformat(plain["execute_on"]),
        Debtor(**plain["debtor"]),
        tuple(Transfer(**{**each, "amount": Money(**each["amount"])}) for each in plain["transfers"]),
    )


def _ready(uow: UnitOfWork, batch: PayoutBatch, action: str) -> None:
    uow.session.refresh(batch, with_for_update=True)
    if batch.state != "made":
        raise TransitionRefused(batch.state, action, legal=())


def _institution(payout: Payout) -> str:
    return payout.institution if payout.rail == Rail.MOBILE_MONEY else ""


def _without_stake(uow: UnitOfWork, payout: Payout) -> None:
    if payout.cooperative_id in uow.actor.memberships:
        raise Forbidden


def _finance(uow: UnitOfWork) -> None:
    if not uow.actor.has_role(StaffRole.FINANCE):
        raise Forbidden
