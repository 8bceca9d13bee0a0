"""What shows that buyers belong together: staff enter registrations, the provider's answers bring fingerprints."""

from uuid import UUID

from sqlalchemy import or_, select

from marketplace.accounts.models import Buyer
from marketplace.compliance.models import BuyerMark
from marketplace.compliance.staff_forms import registration_mark
from marketplace.core.actor import StaffRole
from marketplace.core.crypto import fingerprint
from marketplace.core.errors import Forbidden, NotFound
from marketplace.unit_of_work import UnitOfWork

REGISTRATION, PAYMENT = "registration", "payment"
_PURPOSE = "buyer payment"


def note_registration(uow: UnitOfWork, *, buyer_id: UUID, number: str) -> BuyerMark:
    """Note the number under which a buyer's company is registered; entering it again changes nothing."""
    if not uow.actor.has_role(StaffRole.MODERATOR):
        raise Forbidden
    buyer = uow.session.get(Buyer, buyer_id)
    if buyer is None:
        raise NotFound
    return _note(uow, buyer_id, REGISTRATION, registration_mark(number, country=buyer.country))


def note_payment(uow: UnitOfWork, *, buyer_id: UUID, method: str) -> BuyerMark:
    """Note what a buyer paid with: the provider's own name of the card or account, kept as a keyed digest only."""
    return _note(uow, buyer_id, PAYMENT, fingerprint(method, key=uow.settings.field_key, purpose=_PURPOSE))


def remove(uow: UnitOfWork, *, mark_id: UUID, buyer_id: UUID) -> None:
    """Take a registration away that was entered wrongly; fingerprints come from payments and stay."""
    if not uow.actor.has_role(StaffRole.MODERATOR):
        raise Forbidden
    mark = uow.session.get(BuyerMark, mark_id)
    if mark is None or mark.buyer_id != buyer_id or mark.kind != REGISTRATION:
        raise NotFound
    uow.record("buyer_mark.remove", mark, value=mark.value)
    uow.session.delete(mark)


def _note(uow: UnitOfWork, buyer_id: UUID, kind: str, value: str) -> BuyerMark:
    """Write the mark under the locks of everybody it joins, so that no purchase of theirs runs meanwhile.

    A mark that is there already locks nobody: a buyer pays with the same card again and again.
    """
    same = (BuyerMark.buyer_id == buyer_id, BuyerMark.kind == kind, BuyerMark.value == value)
    known = uow.session.scalar(select(BuyerMark).where(*same))
    if known is not None:
        return known
    holders = select(BuyerMark.buyer_id).where(BuyerMark.kind == kind, BuyerMark.value == value)
    joined = or_(Buyer.id == buyer_id, Buyer.id.in_(holders))
    uow.session.execute(select(Buyer.id).where(joined).order_by(Buyer.id).with_for_update(key_share=True)).all()
    found = uow.session.scalar(select(BuyerMark).where(*same))
    if found is not None:
        return found
    mark = BuyerMark(buyer_id=buyer_id, kind=kind, value=value, entered_by=uow.actor.user_id, entered_at=uow.now)
    uow.session.add(mark)
    uow.record("buyer_mark.note", mark, uow.session.get_one(Buyer, buyer_id), kind=kind)
    return mark
