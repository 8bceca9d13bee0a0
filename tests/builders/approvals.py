"""The approval that the database wants of everything on sale, written without the review."""

from uuid import UUID

from marketplace.core.ids import new_id
from marketplace.lots.models import Lot, LotVersion
from marketplace.moderation.models import Decision, ModerationCase
from marketplace.unit_of_work import UnitOfWork


def approve_by_hand(uow: UnitOfWork, lot: Lot, version: LotVersion, *, reviewer_id: UUID) -> None:
    """Write a case that one person approved."""
    case = ModerationCase(
        id=new_id(), kind="lot", lot_id=lot.id, version_id=version.id, cooperative_id=lot.cooperative_id,
        reference=lot.reference, title=version.content["title"], country=version.content["country"],
        subject_sha256=version.sha256, subject={}, state="approved", flags=[], opened_at=uow.now, closed_at=uow.now,
    )  # fmt: skip
    uow.session.add(case)
    uow.session.flush()
    decision = Decision(
        case_id=case.id, verdict="approve", subject_sha256=version.sha256, reviewer_id=reviewer_id, reasons=[],
        checklist={}, note="", decided_at=uow.now,
    )  # fmt: skip
    uow.session.add(decision)
    uow.record("moderation_case.decide", case, decision, verdict="approve", reasons=[], state="approved")
