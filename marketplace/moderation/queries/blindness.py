"""What a reviewer may not read yet: decisions of others while a second decision or a second look is owed.

Source: the design's section "Cases": the second person "sees the first decision only after deciding", and single
approvals are re-reviewed blind. Who decided in a case reads what was decided in it; who reviews nothing reads all.
"""

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from marketplace.audit.models import AuditEvent, AuditTarget
from marketplace.core.actor import Actor, StaffRole
from marketplace.moderation.models import BlindReview, Decision, ModerationCase
from marketplace.moderation.transitions import OPEN

DECIDED = "moderation_case.decide"


def is_veiled(reader: Actor) -> ColumnElement[bool]:
    """Return the condition of the cases whose decisions this reader may not read now.

    An open case with one decision waits for its second; with two that do not agree a third person reads both.
    """
    mine, made = aliased(Decision), aliased(Decision)
    had_her_say = exists().where(mine.case_id == ModerationCase.id, mine.reviewer_id == reader.user_id)
    decisions = select(func.count(made.id)).where(made.case_id == ModerationCase.id).scalar_subquery()
    waits_for_second = and_(ModerationCase.state.in_([state.value for state in OPEN]), decisions == 1)
    waits_for_look = exists().where(BlindReview.case_id == ModerationCase.id, BlindReview.verdict == "")
    return and_(or_(waits_for_second, waits_for_look), ~had_her_say)


def veil_of(reader: Actor) -> Select[int] | None:
    """Return the numbers of the log's entries whose facts this reader may not read now; None when she may read all."""
    if not reader.has_role(StaffRole.MODERATOR):
        return None
    cases = select(cast(ModerationCase.id, String)).where(is_veiled(reader))
    return (
        select(AuditTarget.seq)
        .join(AuditEvent, AuditEvent.seq == AuditTarget.seq)
        .where(AuditEvent.action == DECIDED, AuditTarget.type == "moderation_case", AuditTarget.id.in_(cases))
    )
