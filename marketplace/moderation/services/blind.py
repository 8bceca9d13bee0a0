"""Have one in twenty single approvals looked at again, by somebody who does not see them.

Source: the design's section "Cases": "5 % of single approvals are re-reviewed blind".
"""

from collections.abc import Sequence

from marketplace.core.errors import Conflict
from marketplace.core.ids import new_id
from marketplace.core.text import N_
from marketplace.moderation.four_eyes import AGAIN_ONE_IN, is_drawn
from marketplace.moderation.models import BlindReview, ModerationCase
from marketplace.moderation.queries import case_by_id
from marketplace.moderation.queries.blind import blind_review_by_id
from marketplace.moderation.reasons import check_reasons
from marketplace.moderation.services.claims import check_new_eyes
from marketplace.moderation.transitions import read_verdict
from marketplace.unit_of_work import UnitOfWork


class LookedAtAlready(Conflict):
    """Somebody was faster."""

    code = "looked_at_already"
    message = N_("Somebody looked at this again already.")


def draw_again(uow: UnitOfWork, case: ModerationCase) -> None:
    """Draw a case that one person just approved; the draw is that of the case's own seed."""
    if not is_drawn(f"{case.draw_seed}:again", case.id, one_in=AGAIN_ONE_IN):
        return
    row = BlindReview(id=new_id(), case_id=case.id, opened_at=uow.now)
    uow.session.add(row)
    uow.record("blind_review.open", row, case)


def look_again(uow: UnitOfWork, *, review: BlindReview, verdict: str, reasons: Sequence[str], note: str) -> BlindReview:
    """Note what another reviewer would have decided; nothing else changes.

    Raises OwnCase, DecidedAlready for who decided about this version, LookedAtAlready, and InvalidInput.
    """
    review = blind_review_by_id(uow.session, review.id, lock=True)
    case = case_by_id(uow.session, review.case_id)
    check_new_eyes(uow.session, uow.actor, case)
    action = read_verdict(verdict)
    chosen = check_reasons(reasons, kind=case.kind, verdict=action.value, note=note)
    if review.verdict:
        raise LookedAtAlready
    review.verdict, review.note = action.value, note.strip()
    review.reasons = [{"code": reason.code, "text": reason.text, "field": reason.field} for reason in chosen]
    review.reviewer_id, review.decided_at = uow.person(), uow.now
    uow.record("blind_review.decide", review, case, verdict=action.value, reasons=[reason.code for reason in chosen])
    return review
