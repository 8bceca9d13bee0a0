"""Open and close cases."""

from typing import Any

from marketplace.core.ids import new_id
from marketplace.moderation.models import ModerationCase
from marketplace.moderation.queries import last_decided_content
from marketplace.moderation.transitions import Action, State, after
from marketplace.unit_of_work import UnitOfWork


def open_case(uow: UnitOfWork, **columns: Any) -> ModerationCase:
    """Put something into the queue; what was sent back before is marked as returned."""
    case = ModerationCase(id=new_id(), state=State.QUEUED.value, opened_at=uow.now, **columns)
    case.is_return = last_decided_content(uow.session, case) is not None
    uow.session.add(case)
    uow.record(
        "moderation_case.open",
        case,
        kind=case.kind,
        reference=case.reference,
        flags=[flag["code"] for flag in case.flags],
        hashes={"subject": case.subject_sha256},
    )
    return case


def close_withdrawn(uow: UnitOfWork, case: ModerationCase) -> None:
    """Close a case nobody decided, because its sender took it back or sent a newer version, or the lot was sold."""
    case.state = after(case.state, Action.WITHDRAW).value
    case.closed_at = uow.now
    drop_claim(case)
    uow.record("moderation_case.withdraw", case)


def drop_claim(case: ModerationCase) -> None:
    """Forget who has the case open."""
    case.claimed_by = case.claimed_until = None
