"""Single approvals are looked at again by somebody who does not see them, and nothing on sale changes."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import User
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.lots.models import Lot
from marketplace.moderation import services
from marketplace.moderation.errors import DecidedAlready
from marketplace.moderation.four_eyes import AGAIN_ONE_IN, is_drawn
from marketplace.moderation.models import BlindReview, ModerationCase
from marketplace.moderation.services.blind import LookedAtAlready
from marketplace.unit_of_work import UnitOfWork
from tests.builders.moderation import decided_by_one, moderator, waiting_lot
from tests.people import actor


def singly_approved(uow: UnitOfWork, *, is_drawn_again: bool = True) -> tuple[ModerationCase, Lot, User]:
    """Approve a case that needs one person, with a seed that draws it again or not."""
    case, lot, _ = waiting_lot(uow)
    case.second_reasons = []
    case.draw_seed = next(
        str(number)
        for number in range(10_000)
        if is_drawn(f"{number}:again", case.id, one_in=AGAIN_ONE_IN) is is_drawn_again
    )
    mary = moderator(uow)
    decided_by_one(uow, case, mary)
    return case, lot, mary


def drawn(uow: UnitOfWork) -> BlindReview | None:
    return uow.session.scalars(select(BlindReview)).one_or_none()


def looked(uow: UnitOfWork, by: User, verdict: str, *reasons: str) -> BlindReview:
    review = drawn(uow)
    assert review is not None
    acting = uow.acting_as(actor(uow.session, by))
    return services.look_again(acting, review=review, verdict=verdict, reasons=reasons, note="")


def test_one_in_twenty_single_approvals_is_drawn_by_the_seed_of_the_case(uow: UnitOfWork) -> None:
    case, *_ = singly_approved(uow)
    review = drawn(uow)
    uow.check_audited()
    assert review is not None
    assert (review.case_id, review.verdict) == (case.id, "")


def test_another_seed_draws_nothing(uow: UnitOfWork) -> None:
    singly_approved(uow, is_drawn_again=False)
    assert drawn(uow) is None


def test_an_approval_of_two_people_is_never_drawn(uow: UnitOfWork) -> None:
    case, *_ = waiting_lot(uow)
    case.draw_seed = next(
        str(number) for number in range(10_000) if is_drawn(f"{number}:again", case.id, one_in=AGAIN_ONE_IN)
    )
    decided_by_one(uow, case, moderator(uow))
    decided_by_one(uow, case, moderator(uow, "peter"))
    assert (case.state, drawn(uow)) == ("approved", None)


def test_a_second_look_is_noted_and_changes_nothing(uow: UnitOfWork) -> None:
    _, lot, _ = singly_approved(uow)
    review = looked(uow, moderator(uow, "peter"), "refuse", "NOT_NATURAL")
    uow.check_audited()
    assert (review.verdict, [reason["code"] for reason in review.reasons]) == ("refuse", ["NOT_NATURAL"])
    assert lot.state == "published"
    with pytest.raises(LookedAtAlready):
        looked(uow, moderator(uow, "john"), "approve")


def test_nobody_looks_again_at_her_own_approval(uow: UnitOfWork) -> None:
    _, lot, mary = singly_approved(uow)
    with pytest.raises(DecidedAlready):
        looked(uow, mary, "approve")
    with pytest.raises(Forbidden):
        looked(uow, uow.session.get_one(User, lot.created_by), "approve")
    uow.session.flush()
    with pytest.raises(IntegrityError):
        uow.session.execute(
            text("UPDATE blind_review SET reviewer_id = :mary, verdict = 'approve', decided_at = now()"),
            {"mary": mary.id},
        )


@pytest.mark.parametrize(("verdict", "field"), [("", "verdict"), ("burn", "verdict"), ("refuse", "reasons")])
def test_a_second_look_says_what_and_why(uow: UnitOfWork, verdict: str, field: str) -> None:
    singly_approved(uow)
    with pytest.raises(InvalidInput) as refused:
        looked(uow, moderator(uow, "peter"), verdict)
    assert set(refused.value.fields) == {field}
