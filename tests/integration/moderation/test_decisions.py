from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.models import CooperativeMember
from marketplace.core.errors import Forbidden, InvalidInput, VersionChanged
from marketplace.lots import services as lots
from marketplace.lots.models import LotListing
from marketplace.moderation import queries, services
from marketplace.moderation.errors import CaseClosed, CaseTaken, GateNotPassed, OwnCase
from marketplace.moderation.models import ModerationCase
from marketplace.notifications.models import Message
from marketplace.unit_of_work import UnitOfWork
from tests.builders.moderation import all_yes, decided, moderator, waiting_cooperative, waiting_lot
from tests.people import actor, person


def test_only_an_approval_puts_a_lot_on_sale_with_exactly_the_version_reviewed(uow: UnitOfWork) -> None:
    case, lot, _ = waiting_lot(uow)
    assert uow.session.scalar(select(LotListing.lot_id)) is None

    decided(uow, case, moderator(uow))

    listing = uow.session.scalars(select(LotListing)).one()
    uow.check_audited()
    assert (listing.lot_id, listing.version_id) == (lot.id, case.version_id)
    assert (case.state, lot.state, case.claimed_by) == ("approved", "published", None)


def test_a_request_for_changes_tells_the_cooperative_what_to_change(uow: UnitOfWork) -> None:
    case, lot, secretary = waiting_lot(uow)

    decided(uow, case, moderator(uow), "changes", reasons=("PHOTO_UNCLEAR",))

    statement = queries.latest_statement(uow.session, lot.id)
    letter = uow.session.scalars(select(Message).where(Message.template == "lot_changes")).one()
    assert statement is not None
    assert [reason.field for reason in statement.reasons] == ["photos"]
    assert (lot.state, letter.user_id) == ("changes_requested", secretary.id)
    assert letter.params["reasons"] == [
        "A photo is dark or not sharp. "
        "Buyers must see the goods as they are, in clear photos of every side. "
        "Take the photos again: they are dark or not sharp."
    ]


def test_a_refusal_closes_the_lot_and_an_approval_leaves_no_statement(uow: UnitOfWork) -> None:
    case, lot, _ = waiting_lot(uow)

    decided(uow, case, moderator(uow), "refuse", reasons=("NOT_NATURAL",))

    assert (case.state, lot.state) == ("refused", "refused")
    assert queries.latest_statement(uow.session, lot.id) is not None


@pytest.mark.parametrize("verdict", ["changes", "refuse"])
def test_a_negative_verdict_needs_a_reason(uow: UnitOfWork, verdict: str) -> None:
    case, *_ = waiting_lot(uow)

    with pytest.raises(InvalidInput) as refused:
        decided(uow, case, moderator(uow), verdict)

    assert set(refused.value.fields) == {"reasons"}


def test_an_approval_needs_every_mandatory_item_and_all_errors_are_told_at_once(uow: UnitOfWork) -> None:
    case, *_ = waiting_lot(uow)
    checklist = {**all_yes(uow, case), "weight_fits": "no", "no_faces": ""}

    with pytest.raises(InvalidInput) as refused:
        services.decide(
            uow.acting_as(actor(uow.session, moderator(uow))),
            case=case,
            verdict="approve",
            subject_sha256=case.subject_sha256,
            reasons=["OTHER"],
            checklist=checklist,
            note="too short",
        )

    assert set(refused.value.fields) == {"check_weight_fits", "check_no_faces", "note"}


def test_a_decision_about_an_older_version_is_refused(uow: UnitOfWork) -> None:
    case, lot, secretary = waiting_lot(uow)
    as_secretary = uow.acting_as(actor(uow.session, secretary))
    lots.save_step(
        as_secretary,
        lot=lot,
        step="price",
        answers={"wanted": "950", "wanted_currency": "USD", "reason": "Very clean."},
    )
    newer = services.submit_lot(as_secretary, lot=lot)

    with pytest.raises(VersionChanged):
        decided(uow, case, moderator(uow))

    assert (case.state, newer.state, lot.state) == ("withdrawn", "queued", "submitted")


def test_a_decision_that_names_another_digest_is_refused(uow: UnitOfWork) -> None:
    case, *_ = waiting_lot(uow)

    with pytest.raises(VersionChanged):
        services.decide(
            uow.acting_as(actor(uow.session, moderator(uow))),
            case=case, verdict="approve", subject_sha256="0" * 64, reasons=[], checklist=all_yes(uow, case), note="",
        )  # fmt: skip


def test_the_second_reviewer_finds_the_case_closed(uow: UnitOfWork) -> None:
    case, *_ = waiting_lot(uow)
    decided(uow, case, moderator(uow))

    with pytest.raises(CaseClosed):
        decided(uow, case, moderator(uow, "peter"), "refuse", reasons=("NOT_NATURAL",))


def test_nobody_reviews_what_she_sent_or_profits_from(uow: UnitOfWork) -> None:
    case, lot, _ = waiting_lot(uow)
    officer = moderator(uow, "olga")
    row = CooperativeMember(user_id=officer.id, cooperative_id=lot.cooperative_id, role="viewer", added_at=uow.now)
    uow.session.add(row)
    uow.record("cooperative_member.add", row)

    with pytest.raises(OwnCase):
        decided(uow, case, officer)


def test_who_is_no_moderator_decides_nothing(uow: UnitOfWork) -> None:
    case, _, secretary = waiting_lot(uow)

    for user in (secretary, person(uow, "bob")):
        with pytest.raises(Forbidden):
            decided(uow, case, user)


def test_an_approval_waits_until_the_gate_is_passed(uow: UnitOfWork) -> None:
    case, lot, _ = waiting_lot(uow)
    uow.now += timedelta(days=31)

    with pytest.raises(GateNotPassed) as refused:
        decided(uow, case, moderator(uow))

    assert [each.code for each in refused.value.unmet] == ["screening_old"]
    assert lot.state == "submitted"


def test_taking_a_lot_back_closes_its_case(uow: UnitOfWork) -> None:
    case, lot, secretary = waiting_lot(uow)

    services.withdraw_lot(uow.acting_as(actor(uow.session, secretary)), lot=lot)

    assert (case.state, lot.state) == ("withdrawn", "withdrawn")
    with pytest.raises(CaseClosed):
        decided(uow, case, moderator(uow))


def test_a_claim_keeps_others_out_for_twenty_minutes(uow: UnitOfWork) -> None:
    case, *_ = waiting_lot(uow)
    mary, peter = moderator(uow), moderator(uow, "peter")
    services.claim(uow.acting_as(actor(uow.session, mary)), case=case)

    with pytest.raises(CaseTaken):
        services.claim(uow.acting_as(actor(uow.session, peter)), case=case)
    assert services.claim_next(uow.acting_as(actor(uow.session, peter))) is None

    uow.now += timedelta(minutes=20)
    assert services.claim_next(uow.acting_as(actor(uow.session, peter))) is case
    assert case.claimed_by == peter.id


def test_the_oldest_case_comes_first(uow: UnitOfWork) -> None:
    first, *_ = waiting_lot(uow)
    uow.now += timedelta(minutes=1)
    waiting_lot(uow, number=2)
    mary = uow.acting_as(actor(uow.session, moderator(uow)))

    assert services.claim_next(mary) is first


def test_an_application_is_approved_through_the_queue(uow: UnitOfWork) -> None:
    case, cooperative, _ = waiting_cooperative(uow)

    decided(uow, case, moderator(uow))

    uow.check_audited()
    assert (case.state, cooperative.state) == ("approved", "approved")


def test_a_returned_application_shows_what_changed_and_is_marked(uow: UnitOfWork) -> None:
    case, cooperative, secretary = waiting_cooperative(uow)
    decided(uow, case, moderator(uow), "changes", reasons=("MEMBERS_UNCLEAR",))
    assert cooperative.state == "changes_requested"

    uow.now += timedelta(days=1)
    again = services.submit_cooperative(uow.acting_as(actor(uow.session, secretary)), cooperative=cooperative)

    assert again.is_return
    assert [flag["code"] for flag in again.flags] == ["returned"]
    assert queries.last_decided_content(uow.session, again) == case.subject
    assert uow.session.get(ModerationCase, again.id) is again
