"""Two people for what is risky: by the services, and by the database when the services are left out."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import User
from marketplace.compliance.models import MineSite
from marketplace.lots.models import LotListing
from marketplace.moderation import queries, services
from marketplace.moderation.errors import CaseClosed, DecidedAlready, EscalatedAlready
from marketplace.moderation.models import ModerationCase
from marketplace.notifications.models import Message
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import GOLD, draft_lot
from tests.builders.moderation import decided, decided_by_one, moderator, waiting_cooperative, waiting_lot
from tests.people import actor

WORDS = "The seal and the weight do not fit, and I know the seller."


def letters(uow: UnitOfWork) -> list[str]:
    return list(uow.session.scalars(select(Message.template).where(Message.template.startswith("lot_"))))


def escalated(uow: UnitOfWork, case: ModerationCase, by: User, words: str = WORDS) -> None:
    services.escalate(uow.acting_as(actor(uow.session, by)), case=case, words=words)


def test_a_first_approval_publishes_nothing_and_tells_nobody(uow: UnitOfWork) -> None:
    case, lot, _ = waiting_lot(uow)
    decided_by_one(uow, case, moderator(uow))

    assert (case.state, lot.state, case.closed_at) == ("needs_second", "submitted", None)
    assert letters(uow) == []
    assert uow.session.scalar(select(LotListing.lot_id)) is None


def test_the_second_approval_of_another_person_publishes(uow: UnitOfWork) -> None:
    case, lot, _ = waiting_lot(uow)
    decided_by_one(uow, case, moderator(uow))
    decided_by_one(uow, case, moderator(uow, "peter"))

    uow.check_audited()
    assert (case.state, lot.state) == ("approved", "published")
    assert letters(uow) == ["lot_approved"]


def test_the_first_person_is_not_the_second(uow: UnitOfWork) -> None:
    case, lot, _ = waiting_lot(uow)
    mary = moderator(uow)
    decided_by_one(uow, case, mary)

    with pytest.raises(DecidedAlready):
        decided_by_one(uow, case, mary)
    assert services.claim_next(uow.acting_as(actor(uow.session, mary))) is None
    assert lot.state == "submitted"


def test_the_second_person_sees_the_first_decision_only_afterwards(uow: UnitOfWork) -> None:
    case, *_ = waiting_lot(uow)
    mary, peter = moderator(uow), moderator(uow, "peter")
    decided_by_one(uow, case, mary)

    assert read_by(uow, case, peter) == set()
    assert read_by(uow, case, mary) == {"mary"}
    decided_by_one(uow, case, peter)
    assert read_by(uow, case, peter) == {"mary", "peter"}


def read_by(uow: UnitOfWork, case: ModerationCase, reader: User) -> set[str]:
    """Return whose decisions somebody may read now."""
    return {past.reviewer for past in queries.history_of(uow.session, case, reader=actor(uow.session, reader))}


def test_two_who_do_not_agree_leave_it_to_a_third(uow: UnitOfWork) -> None:
    case, lot, _ = waiting_lot(uow)
    mary, peter, john = moderator(uow), moderator(uow, "peter"), moderator(uow, "john")
    decided_by_one(uow, case, mary)
    decided_by_one(uow, case, peter, "refuse", reasons=("NOT_NATURAL",))

    assert (case.state, lot.state, letters(uow)) == ("escalated", "submitted", [])
    assert queries.latest_statement(uow.session, lot.id) is None
    for each in (mary, peter):
        with pytest.raises(DecidedAlready):
            decided_by_one(uow, case, each)
    assert len(queries.history_of(uow.session, case, reader=actor(uow.session, john))) == 2
    decided_by_one(uow, case, john)
    assert (case.state, lot.state) == ("approved", "published")


def test_the_third_may_refuse(uow: UnitOfWork) -> None:
    case, lot, _ = waiting_lot(uow)
    decided_by_one(uow, case, moderator(uow))
    decided_by_one(uow, case, moderator(uow, "peter"), "changes", reasons=("PHOTO_UNCLEAR",))
    decided_by_one(uow, case, moderator(uow, "john"), "refuse", reasons=("NOT_NATURAL",))

    assert (case.state, lot.state) == ("refused", "refused")
    statement = queries.latest_statement(uow.session, lot.id)
    assert statement is not None
    assert [reason.code for reason in statement.reasons] == ["NOT_NATURAL"]


def test_a_case_left_to_others_still_needs_its_two_approvals(uow: UnitOfWork) -> None:
    case, lot, _ = waiting_lot(uow)
    mary = moderator(uow)
    escalated(uow, case, mary)

    uow.check_audited()
    assert (case.state, case.escalation, case.claimed_by) == ("escalated", WORDS, None)
    with pytest.raises(DecidedAlready):
        decided_by_one(uow, case, mary)
    decided_by_one(uow, case, moderator(uow, "peter"))
    assert (case.state, lot.state) == ("needs_second", "submitted")
    with pytest.raises(EscalatedAlready):
        escalated(uow, case, moderator(uow, "john"))
    decided_by_one(uow, case, moderator(uow, "anna"))
    assert (case.state, lot.state) == ("approved", "published")


def test_a_decided_case_is_left_to_nobody(uow: UnitOfWork) -> None:
    case, *_ = waiting_lot(uow)
    decided(uow, case, moderator(uow))
    with pytest.raises(CaseClosed):
        escalated(uow, case, moderator(uow, "john"))


def test_the_sixth_lot_of_a_cooperative_needs_one_person_and_gold_always_two(uow: UnitOfWork) -> None:
    case, lot, secretary = waiting_lot(uow)
    assert case.second_reasons == ["first_lots"]
    decided(uow, case, moderator(uow))
    site = uow.session.scalars(select(MineSite).where(MineSite.cooperative_id == lot.cooperative_id)).one()
    for number in range(2, 6):
        more = draft_lot(uow, seller=(site, secretary), number=number)
        row = services.submit_lot(uow.acting_as(actor(uow.session, secretary)), lot=more)
        assert "first_lots" in row.second_reasons
        decided(uow, row, uow.session.scalars(select(User).where(User.name == "mary")).one())
    sixth = draft_lot(uow, seller=(site, secretary), number=6)
    row = services.submit_lot(uow.acting_as(actor(uow.session, secretary)), lot=sixth)
    assert set(row.second_reasons) <= {"chance"}
    gold = draft_lot(uow, seller=(site, secretary), number=7, steps=GOLD)
    row = services.submit_lot(uow.acting_as(actor(uow.session, secretary)), lot=gold)
    assert row.second_reasons == ["gold", "large"], "250 grams are beyond the threshold"


def test_a_case_has_two_working_days_alone_and_four_with_two_people(uow: UnitOfWork) -> None:
    case, *_ = waiting_cooperative(uow)
    # Tuesday 29 September 2026 and four working days of Tanzania: Monday 5 October.
    assert (case.second_reasons, case.due_at) == (["application"], uow.now + timedelta(days=6))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE moderation_case SET state = 'approved', closed_at = now()",
        "UPDATE lot SET state = 'published', published_version_id = submitted_version_id",
    ],
    ids=["case", "lot"],
)
def test_the_database_publishes_nothing_with_one_approval(uow: UnitOfWork, change: str) -> None:
    case, *_ = waiting_lot(uow)
    decided_by_one(uow, case, moderator(uow))
    uow.session.flush()
    uow.session.execute(text(change))
    with pytest.raises(IntegrityError):
        uow.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_the_database_lets_nobody_decide_twice_or_about_her_own(uow: UnitOfWork) -> None:
    case, _, secretary = waiting_lot(uow)
    mary = moderator(uow)
    decided_by_one(uow, case, mary)
    again = text("""
        INSERT INTO decision (id, case_id, verdict, subject_sha256, reviewer_id, reasons, checklist, note, decided_at)
        SELECT gen_random_uuid(), case_id, verdict, subject_sha256, :who, reasons, checklist, note, decided_at
        FROM decision
    """)
    for reviewer in (mary, secretary):
        nested = uow.session.begin_nested()
        with pytest.raises(IntegrityError):
            uow.session.execute(again, {"who": reviewer.id})
        nested.rollback()


def test_a_version_whose_case_was_refused_is_not_published(uow: UnitOfWork) -> None:
    case, lot, _ = waiting_lot(uow)
    decided(uow, case, moderator(uow), "refuse", reasons=("NOT_NATURAL",))
    uow.session.flush()
    publish = text("UPDATE lot SET state = 'published', published_version_id = :version WHERE id = :id")
    uow.session.execute(publish, {"id": lot.id, "version": case.version_id})
    with pytest.raises(IntegrityError):
        uow.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
