"""Read the cases that are looked at again blind."""

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import exists, select, tuple_
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.moderation.models import BlindReview, Decision, ModerationCase

PAGE: Final = 25


class BlindRow(NamedTuple):
    """A case drawn to be looked at again."""

    review: BlindReview
    case: ModerationCase


def blind_review_by_id(session: Session, key: UUID, *, lock: bool = False) -> BlindReview:
    """Return one, or raise NotFound."""
    query = select(BlindReview).where(BlindReview.id == key)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalar(query)
    if found is None:
        raise NotFound
    return found


def page_of_blind_reviews(
    session: Session, *, is_done: bool, reader: UUID | None, after: tuple[datetime, UUID] | None
) -> list[BlindRow]:
    """Return a page, oldest first, and one more when another page follows; who decided before sees none that waits."""
    query = (
        select(BlindReview, ModerationCase)
        .join(ModerationCase, ModerationCase.id == BlindReview.case_id)
        .order_by(BlindReview.opened_at, BlindReview.id)
        .limit(PAGE + 1)
    )
    if is_done:
        query = query.where(BlindReview.verdict != "")
    else:
        own = exists().where(Decision.case_id == BlindReview.case_id, Decision.reviewer_id == reader)
        query = query.where(BlindReview.verdict == "", ~own)
    if after is not None:
        query = query.where(tuple_(BlindReview.opened_at, BlindReview.id) > after)
    return [BlindRow(*row) for row in session.execute(query)]
