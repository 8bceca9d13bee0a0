"""Tags as stock: ranges issued to cooperatives, tags on bags, void, or lost with a reason."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, text

from marketplace.compliance.models import Cooperative
from marketplace.core.actor import Actor, StaffRole
from marketplace.core.errors import Conflict, Forbidden, InvalidInput
from marketplace.core.ids import new_id
from marketplace.core.text import N_
from marketplace.custody.models import Tag, TagRange
from marketplace.custody.rules import tags as rules
from marketplace.custody.rules.tags import Gone, Issued, Origin
from marketplace.custody.tag_queries import ranges_near, tag_by_number
from marketplace.lots.models import Lot
from marketplace.unit_of_work import UnitOfWork

_LOCK = "custody.tags"


class TagOnABag(Conflict):
    """A tag that is on a bag is neither void nor lost."""

    code = "tag_on_a_bag"
    message = N_("This tag is on the bag of a lot. Record a new tag for that lot instead.")


class NewRange(NamedTuple):
    """What is issued: `first` and `last` as printed, with as many digits each, behind the prefix."""

    issuer: str
    prefix: str
    width: int
    first: int
    last: int


def issue(uow: UnitOfWork, *, cooperative: Cooperative, new: NewRange) -> TagRange:
    """Give a cooperative a range of tags; raise Forbidden, or InvalidInput when it meets another range."""
    if not uow.actor.has_role(StaffRole.MODERATOR, StaffRole.VERIFIER):
        raise Forbidden
    lock_tags(uow)
    wanted = Issued(cooperative.id, new.prefix, new.width, new.first, new.last)
    rules.check_range(wanted, [_issued(row) for row in ranges_near(uow.session, wanted)])
    row = TagRange(
        id=new_id(),
        cooperative_id=cooperative.id,
        issuer=new.issuer,
        prefix=new.prefix,
        width=new.width,
        first=new.first,
        last=new.last,
        issued_by=uow.actor.user_id,
        issued_at=uow.now,
    )
    uow.session.add(row)
    uow.record("tag.issue", row, cooperative, prefix=new.prefix, first=new.first, last=new.last, issuer=new.issuer)
    return row


def check_tag(uow: UnitOfWork, *, number: str, lot: Lot) -> Origin:
    """Return where the tag of a lot's bag comes from; raise TagRefused when it may not go on it."""
    ranges = [_issued(row) for row in ranges_near(uow.session, number)]
    origin = rules.origin_of(number, ranges, cooperative_id=lot.cooperative_id)
    row = tag_by_number(uow.session, number)
    rules.check_free(Gone(row.state, _is_same_bag(uow, row, lot)) if row is not None else None)
    return origin


def use(uow: UnitOfWork, *, number: str, lot: Lot) -> Origin:
    """Put a tag on the bag of a lot: it left the stock. Raises TagRefused."""
    lock_tags(uow)
    origin = check_tag(uow, number=number, lot=lot)
    row = tag_by_number(uow.session, number)
    if row is not None and row.lot_id == lot.id:
        return origin
    if row is None:
        row = _gone(uow, number, lot.cooperative_id, state="used")
    row.lot_id, row.changed_by, row.changed_at = lot.id, uow.actor.user_id, uow.now
    uow.record("tag.use", row, lot, number=number, origin=origin.value)
    return origin


def void(uow: UnitOfWork, *, number: str, cooperative: Cooperative, reason: str) -> Tag:
    """Take a tag out of the stock because it is broken or misprinted; raise InvalidInput, TagOnABag or Forbidden."""
    row = _taken_out(uow, number, cooperative, state="void", reason=reason)
    uow.record("tag.void", row, cooperative, number=number, reason=reason)
    return row


def lose(uow: UnitOfWork, *, number: str, cooperative: Cooperative, reason: str) -> Tag:
    """Write down that a tag is lost: whoever shows it later is asked; raise InvalidInput, TagOnABag or Forbidden."""
    row = _taken_out(uow, number, cooperative, state="lost", reason=reason)
    uow.record("tag.lose", row, cooperative, number=number, reason=reason)
    return row


def may_manage(actor: Actor, cooperative_id: UUID) -> bool:
    """Say whether somebody may take tags of this cooperative out of the stock."""
    return actor.may_write_for(cooperative_id) or actor.has_role(StaffRole.MODERATOR, StaffRole.VERIFIER)


def lock_tags(uow: UnitOfWork) -> None:
    """Let one change of the stock happen at a time: two bags never get one tag."""
    uow.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": _LOCK})


def _taken_out(uow: UnitOfWork, number: str, cooperative: Cooperative, *, state: str, reason: str) -> Tag:
    if not may_manage(uow.actor, cooperative.id):
        raise Forbidden
    lock_tags(uow)
    ranges = [_issued(row) for row in ranges_near(uow.session, number)]
    held = [each for each in ranges if rules.holds(each, number) and each.cooperative_id == cooperative.id]
    if not held:
        raise InvalidInput({"number": N_("This number is not in the stock of the cooperative. Read it again.")})
    row = tag_by_number(uow.session, number)
    if row is not None and row.state == "used":
        raise TagOnABag
    if row is None:
        row = _gone(uow, number, cooperative.id, state=state, reason=reason)
    row.state, row.reason, row.changed_by, row.changed_at = state, reason, uow.actor.user_id, uow.now
    return row


def _gone(uow: UnitOfWork, number: str, cooperative_id: UUID, *, state: str, reason: str = "") -> Tag:
    held = next((row for row in ranges_near(uow.session, number) if rules.holds(_issued(row), number)), None)
    row = Tag(
        id=new_id(),
        number=number,
        range_id=held.id if held is not None else None,
        cooperative_id=cooperative_id,
        state=state,
        reason=reason,
        changed_at=uow.now,
    )
    with uow.session.no_autoflush:
        uow.session.add(row)
    return row


def _is_same_bag(uow: UnitOfWork, row: Tag, lot: Lot) -> bool:
    """Say whether the tag is on this lot, or on one of the cooperative that was taken back: the bag is listed again."""
    if row.lot_id == lot.id:
        return True
    other = uow.session.scalar(select(Lot).where(Lot.id == row.lot_id))
    is_back = other is not None and other.tag_number is None and other.state in {"withdrawn", "refused"}
    return is_back and row.cooperative_id == lot.cooperative_id


def _issued(row: TagRange) -> Issued:
    return Issued(row.cooperative_id, row.prefix, row.width, row.first, row.last)
