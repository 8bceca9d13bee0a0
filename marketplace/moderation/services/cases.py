"""Open and close cases."""

import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marketplace.core.ids import new_id
from marketplace.lots.edit_classes import EditClass
from marketplace.moderation.ageing import due_at, working_days
from marketplace.moderation.four_eyes import LotFacts, is_drawn, reasons_of_lot, risk_of
from marketplace.moderation.models import ModerationCase
from marketplace.moderation.offices import office_of
from marketplace.moderation.queries import last_decided_content
from marketplace.moderation.transitions import Action, State, after
from marketplace.unit_of_work import UnitOfWork


def open_case(uow: UnitOfWork, *, facts: LotFacts | None, **columns: Any) -> ModerationCase:
    """Put something into the queue; what was sent back before is marked as returned.

    `facts` are those of a lot, and decide whether two people must approve it; an application always needs two. One
    person looks at a small correction: the database holds that it changes nothing of what was approved.
    """
    key, seed = new_id(), secrets.token_hex(16)
    is_correction = columns.get("edit_class") == EditClass.COSMETIC
    reasons = () if is_correction else _second_reasons(key, seed, facts)
    case = ModerationCase(
        id=key,
        state=State.QUEUED.value,
        opened_at=uow.now,
        second_reasons=list(reasons),
        draw_seed=seed,
        due_at=due_at(uow.now, days=working_days(two_people=bool(reasons)), office=office_of(str(columns["country"]))),
        risk=risk_of(columns["flags"]),
        **{"edit_class": "", **columns},
    )
    case.is_return = last_decided_content(uow.session, case) is not None
    uow.session.add(case)
    uow.record(
        "moderation_case.open",
        case,
        kind=case.kind,
        reference=case.reference,
        flags=[flag["code"] for flag in case.flags],
        two_people=list(reasons),
        seed=seed,
        edit_class=case.edit_class,
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


def _second_reasons(case_id: UUID, seed: str, facts: LotFacts | None) -> Sequence[str]:
    if facts is None:
        return ("application",)
    return reasons_of_lot(facts, is_drawn=is_drawn(seed, case_id))
