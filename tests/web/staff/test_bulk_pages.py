"""Several cases sent back at once: looked at first, decided one by one, and never approved."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from marketplace.compliance.queries import sites_of
from marketplace.moderation import services
from marketplace.moderation.models import Decision, ModerationCase
from marketplace.notifications.models import Message
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import draft_lot
from tests.builders.moderation import decided_by_one, moderator, waiting_cooperative, waiting_lot
from tests.people import actor, signed_in
from tests.web.test_orders import KEY

PATH = "/staff/moderation-bulk"


def two_lots(uow: UnitOfWork) -> tuple[ModerationCase, ModerationCase]:
    first, lot, secretary = waiting_lot(uow)
    more = draft_lot(uow, seller=(sites_of(uow.session, lot.cooperative_id)[0], secretary), number=2)
    return first, services.submit_lot(uow.acting_as(actor(uow.session, secretary)), lot=more)


def form(*cases: ModerationCase, **other: object) -> dict[str, object]:
    return {**KEY, "case": [f"{case.id}:{case.subject_sha256}" for case in cases], **other}


def test_each_chosen_case_gets_its_own_decision_and_letter(app: Flask, uow: UnitOfWork) -> None:
    first, second = two_lots(uow)
    sent, ids = form(first, second, reasons=["PHOTO_UNCLEAR"], note="Near a window."), [first.id, second.id]
    mary = signed_in(app, uow, moderator(uow))

    assert f'value="{ids[0]}"' in mary.get("/staff/moderation").text
    page = mary.get(f"{PATH}?case={ids[0]}&case={ids[1]}").text
    assert page.count(">Sent back<") == 2
    done = mary.post(PATH, data=sent)
    assert (done.status_code, done.text.count('tag good">Sent back</span>')) == (200, 2)
    uow.session.expire_all()
    decisions = uow.session.scalars(select(Decision)).all()
    assert {decision.case_id for decision in decisions} == set(ids)
    assert {decision.verdict for decision in decisions} == {"changes"}
    assert len(uow.session.scalars(select(Message).where(Message.template == "lot_changes")).all()) == 2


def test_what_cannot_be_sent_back_is_left_with_the_reason(app: Flask, uow: UnitOfWork) -> None:
    first, second = two_lots(uow)
    application, *_ = waiting_cooperative(uow, "KE")
    john = moderator(uow, "john")
    services.claim(uow.acting_as(actor(uow.session, john)), case=second)
    sent = form(first, second, application, reasons=["PHOTO_UNCLEAR"])
    stale = {
        **KEY,
        "idempotency_key": "stale-bulk-form",
        "case": [f"{first.id}:{'0' * 64}"],
        "reasons": ["PHOTO_UNCLEAR"],
    }
    mary = signed_in(app, uow, moderator(uow))

    assert "Left as it was" in mary.post(PATH, data=stale).text
    done = mary.post(PATH, data=sent).text
    assert done.count("Left as it was") == 2
    assert "john is looking at this case until" in done
    assert "An application is decided by itself." in done
    uow.session.expire_all()
    assert (first.state, second.state, application.state) == ("changes_requested", "claimed", "queued")


def test_the_second_person_leaves_a_disagreement_to_a_third_in_bulk_too(app: Flask, uow: UnitOfWork) -> None:
    first, _ = two_lots(uow)
    decided_by_one(uow, first, moderator(uow, "peter"))
    uow.now += timedelta(minutes=1)
    sent = form(first, reasons=["PHOTO_UNCLEAR"])
    signed_in(app, uow, moderator(uow)).post(PATH, data=sent)
    uow.session.expire_all()
    assert first.state == "escalated"


def test_a_bulk_without_reasons_or_cases_changes_nothing(app: Flask, uow: UnitOfWork) -> None:
    first, _ = two_lots(uow)
    none = form(first)
    mary = signed_in(app, uow, moderator(uow))

    refused = mary.post(PATH, data=none)
    assert (refused.status_code, "Choose at least one reason" in refused.text) == (422, True)
    assert (
        mary.post(PATH, data={**KEY, "idempotency_key": "no-cases-at-all", "reasons": ["PHOTO_UNCLEAR"]}).status_code
        == 303
    )
    assert mary.get(PATH).status_code == 303
    assert mary.get(f"{PATH}?case=%00&case=x").status_code == 303
    uow.session.expire_all()
    assert first.state == "queued"
