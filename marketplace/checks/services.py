"""Ask for an independent check, give it to somebody, note what was found, decline or withdraw it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from marketplace.accounts.models import CooperativeMember, User
from marketplace.checks.answers import Errand, Note
from marketplace.checks.models import LotCheck
from marketplace.checks.queries import checkers_for, open_check_of, open_checks_of_buyer
from marketplace.checks.transitions import Action, Who, row_for
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Conflict, Forbidden, VersionChanged
from marketplace.core.ids import new_reference
from marketplace.core.text import N_
from marketplace.lots.models import Lot, LotListing, LotVersion
from marketplace.notifications.services import tell
from marketplace.unit_of_work import UnitOfWork

MOST_OPEN: Final = 5
LEAST_LEVEL: Final = 1
_SOLD: Final = "sold"


class CheckRunning(Conflict):
    """Somebody asked for a check of this lot already."""

    code = "check_running"
    message = N_("A check of this lot is under way. You will find its note on the lot’s page.")


class CheckNotOpen(Conflict):
    """The lot cannot be checked any more."""

    code = "check_not_open"
    message = N_("This lot is not for sale any more, so it is not checked.")


class TooManyChecks(Conflict):
    """One buyer may wait for a few checks at a time."""

    code = "too_many_checks"
    message = N_("You wait for five checks already. Ask again when one of them is done.")


class LevelNeeded(Conflict):
    """Only known companies may ask: a check costs a person's time."""

    code = "level_needed"
    message = N_("Confirm your e-mail address and your company first. Then you can ask for a check.")


class NotIndependent(Conflict):
    """The person had to do with the lot or its cooperative."""

    code = "not_independent"
    message = N_("This person had to do with the lot or its cooperative. Choose somebody else.")


def ask(uow: UnitOfWork, *, lot_id: UUID, version_sha256: str, question: str) -> LotCheck:
    """Ask for a check of the version that the buyer read; raises VersionChanged when another one is on sale now."""
    if uow.actor.buyer_id is None:
        raise Forbidden
    if uow.actor.buyer_level < LEAST_LEVEL:
        raise LevelNeeded
    # Two buyers who ask at one moment wait for each other here; the index would refuse the second anyway.
    lot = uow.session.get_one(Lot, lot_id, with_for_update=True, populate_existing=True)
    listing = uow.session.get(LotListing, lot.id)
    if listing is None or listing.availability in {_SOLD, "withheld"}:
        raise CheckNotOpen
    version = uow.session.get_one(LotVersion, listing.version_id)
    if version.sha256 != version_sha256:
        raise VersionChanged
    if open_check_of(uow.session, lot.id) is not None:
        raise CheckRunning
    if len(open_checks_of_buyer(uow.session, uow.actor.buyer_id)) >= MOST_OPEN:
        raise TooManyChecks
    row = LotCheck(
        reference=new_reference("IC"),
        lot_id=lot.id,
        version_id=version.id,
        version_sha256=version.sha256,
        buyer_id=uow.actor.buyer_id,
        asked_by=uow.person(),
        asked_at=uow.now,
        question=question,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record("lot_check.ask", row, lot, hashes={"version": version.sha256})
    return row


def assign(uow: UnitOfWork, *, check: LotCheck, errand: Errand) -> None:
    """Give a check to an independent verifier; raises NotIndependent, TransitionRefused."""
    after = _after(uow, check, Action.ASSIGN)
    if errand.checker_id not in {user.id for user in checkers_for(uow.session, check)}:
        raise NotIndependent
    check.state, check.assigned_to, check.assigned_by = after, errand.checker_id, uow.person()
    check.assigned_at, check.due_on = uow.now, errand.due_on
    uow.record("lot_check.assign", check, due_on=str(errand.due_on))
    _tell(uow, check, errand.checker_id, "lot_check_assigned", due_on=errand.due_on,
          path=f"/staff/lot-checks/{check.reference}")  # fmt: skip


def hand_back(uow: UnitOfWork, *, check: LotCheck) -> None:
    """Let the checker give it back: she cannot do it, or is not independent after all."""
    check.state = _after(uow, check, Action.HAND_BACK)
    check.assigned_to = check.assigned_by = check.assigned_at = check.due_on = None
    uow.record("lot_check.hand_back", check)


def finish(uow: UnitOfWork, *, check: LotCheck, note: Note) -> None:
    """Keep what the checker found; it stands on the lot's page from now on, for the version it was made for."""
    after = _after(uow, check, Action.FINISH)
    if check.assigned_to not in {user.id for user in checkers_for(uow.session, check)}:
        raise NotIndependent
    check.state, check.ended_at = after, uow.now
    check.finding, check.seen, check.note = note.finding, note.seen, note.words
    lot = uow.session.get_one(Lot, check.lot_id)
    uow.record("lot_check.finish", check, lot, hashes={"version": check.version_sha256}, finding=note.finding,
               seen=note.seen)  # fmt: skip
    for user_id in (check.asked_by, *_officers(uow, lot)):
        _tell(uow, check, user_id, "lot_check_done", path=f"/lots/{lot.reference}#checks")


def decline(uow: UnitOfWork, *, check: LotCheck, reason: str) -> None:
    """Say that there will be no check; the buyer reads why."""
    check.state = _after(uow, check, Action.DECLINE)
    check.decline_reason, check.ended_at = reason, uow.now
    uow.record("lot_check.decline", check, reason=reason)
    _tell(uow, check, check.asked_by, "lot_check_declined", reason=reason, path="/checks")


def withdraw(uow: UnitOfWork, *, check: LotCheck) -> None:
    """Let the buyer take the wish back while nobody works on it."""
    check.state, check.ended_at = _after(uow, check, Action.WITHDRAW), uow.now
    uow.record("lot_check.withdraw", check)


def _after(uow: UnitOfWork, check: LotCheck, action: Action) -> str:
    """Return the state that follows by the table; raises TransitionRefused, and Forbidden for the wrong person."""
    uow.session.refresh(check, with_for_update=True)
    row = row_for(check.state, action)
    allowed: Mapping[Who, bool] = {
        Who.MODERATOR: uow.actor.has_role(StaffRole.MODERATOR),
        Who.CHECKER: uow.actor.has_role(StaffRole.VERIFIER) and uow.person() == check.assigned_to,
        Who.BUYER: uow.actor.buyer_id == check.buyer_id,
    }
    if not allowed[row.who]:
        raise Forbidden
    return row.after.value


def _officers(uow: UnitOfWork, lot: Lot) -> list[UUID]:
    found = select(CooperativeMember.user_id).where(CooperativeMember.cooperative_id == lot.cooperative_id)
    wanted = select(User.id).where(User.id.in_(found), User.state == "active").order_by(User.id)
    return list(uow.session.scalars(wanted))


def _tell(uow: UnitOfWork, check: LotCheck, user_id: UUID, template: str, **more: Any) -> None:
    version = uow.session.get_one(LotVersion, check.version_id)
    params = {"reference": check.reference, "title": version.content["title"], **more}
    tell(uow, user_id=user_id, template=template, params=params)
