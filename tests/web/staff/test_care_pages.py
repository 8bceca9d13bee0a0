"""Cases are given, noted on and closed unanswered several at once: looked at first, one entry each, nothing decided."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.audit.models import AuditEvent
from marketplace.core.errors import Forbidden, InvalidInput
from marketplace.lots.models import Lot
from marketplace.lots.queries import listing_of
from marketplace.moderation import services
from marketplace.moderation.models import CaseNote, Decision, ModerationCase
from marketplace.moderation.queries.care import notes_on, unanswered
from marketplace.moderation.services import care
from marketplace.moderation.services.bulk import Line
from marketplace.moderation.services.care import ANSWER_DAYS, Deed
from marketplace.notifications.models import Message
from marketplace.unit_of_work import UnitOfWork
from tests.builders.edits import edited, lot_on_sale
from tests.builders.moderation import decided_by_one, moderator, waiting_cooperative, waiting_lot
from tests.people import actor, person, signed_in
from tests.web.staff.test_bulk_pages import two_lots
from tests.web.test_orders import KEY

PATH = "/staff/moderation-care"


def entries(uow: UnitOfWork, action: str) -> int:
    return uow.session.scalar(select(func.count()).where(AuditEvent.action == action)) or 0


def sent_back(uow: UnitOfWork) -> tuple[ModerationCase, Lot]:
    case, lot, _secretary = waiting_lot(uow)
    decided_by_one(uow, case, moderator(uow, "Zawadi First"), "changes", reasons=("PHOTO_UNCLEAR",))
    return case, lot


def refusals(lines: list[Line]) -> list[str | None]:
    return [line.refusal.code if line.refusal else None for line in lines]


def test_cases_are_given_to_a_reviewer_who_meets_them_first(app: Flask, uow: UnitOfWork) -> None:
    first, second = two_lots(uow)
    neema = moderator(uow, "Neema")
    ids, to = [str(first.id), str(second.id)], str(neema.id)
    mary = signed_in(app, uow, moderator(uow))
    page = mary.get(f"{PATH}/assign?case={ids[0]}&case={ids[1]}").text
    assert (page.count(">Given<"), "Neema" in page) == (2, True)
    done = mary.post(f"{PATH}/assign", data={**KEY, "case": [ids[1]], "to": to})
    assert done.status_code == 200
    assert 'tag good">Given</span>' in done.text
    assert "Given to Neema." in mary.get(f"/staff/moderation/{ids[1]}").text
    hers = signed_in(app, uow, neema)
    assert ids[1] in hers.get("/staff/moderation?waits=mine").text
    assert ids[0] not in hers.get("/staff/moderation?waits=mine").text
    uow.session.expire_all()
    assert services.claim_next(uow.acting_as(actor(uow.session, neema))).id == UUID(ids[1])  # type: ignore[union-attr]
    assert entries(uow, "moderation_case.assign") == 1


def test_others_meet_what_was_given_to_somebody_last(uow: UnitOfWork) -> None:
    first, second = two_lots(uow)
    neema, mary = moderator(uow, "Neema"), moderator(uow)
    as_mary = uow.acting_as(actor(uow.session, mary))
    care.assign(as_mary, keys=[first.id], to=neema.id)
    assert services.claim_next(as_mary) is second
    second.claimed_by = second.claimed_until = None
    decided_by_one(uow, second, mary)
    assert services.claim_next(as_mary) is first


def test_nobody_is_given_a_case_she_may_not_decide(uow: UnitOfWork) -> None:
    case, lot, _secretary = waiting_lot(uow)
    mary, zawadi = moderator(uow), moderator(uow, "Zawadi")
    decided_by_one(uow, case, zawadi)
    as_mary = uow.acting_as(actor(uow.session, mary))
    assert refusals(care.assign(as_mary, keys=[case.id], to=zawadi.id)) == ["not_for_them"]
    assert case.assigned_to is None
    with pytest.raises(InvalidInput):
        care.assign(as_mary, keys=[case.id], to=lot.created_by)
    services.claim(uow.acting_as(actor(uow.session, moderator(uow, "John"))), case=case)
    assert refusals(care.preview(as_mary, deed=Deed.ASSIGN, keys=[case.id])) == ["case_taken"]


def test_a_closed_case_is_given_to_nobody(uow: UnitOfWork) -> None:
    case, _lot = sent_back(uow)
    mary = moderator(uow)
    as_mary = uow.acting_as(actor(uow.session, mary))
    assert refusals(care.assign(as_mary, keys=[case.id], to=mary.id)) == ["case_closed"]


def test_a_note_stands_in_each_case_and_is_for_reviewers(app: Flask, uow: UnitOfWork) -> None:
    first, second = two_lots(uow)
    application, *_ = waiting_cooperative(uow, "KE")
    ids = [str(case.id) for case in (first, second, application)]
    mary = signed_in(app, uow, moderator(uow))
    refused = mary.post(f"{PATH}/note", data={**KEY, "case": ids, "words": "abcd"})
    assert refused.status_code == 422
    assert "Write 5 to 2,000 letters." in refused.text
    assert "abcd</textarea>" in refused.text
    key = {"idempotency_key": "a-second-key-of-this-test"}
    done = mary.post(f"{PATH}/note", data={**key, "case": ids, "words": "Ask the site officer first."})
    assert done.text.count('tag good">Noted</span>') == 3
    assert all("Ask the site officer first." in mary.get(f"/staff/moderation/{each}").text for each in ids)
    uow.session.expire_all()
    assert uow.session.scalar(select(func.count(CaseNote.id))) == entries(uow, "case_note.write") == 3


def test_a_note_of_who_decided_first_is_hidden_from_the_second(uow: UnitOfWork) -> None:
    case, *_ = waiting_lot(uow)
    zawadi, peter = moderator(uow, "Zawadi"), moderator(uow, "Peter")
    decided_by_one(uow, case, zawadi)
    for who, words in ((zawadi, "I approved it."), (moderator(uow, "Neema"), "I know the site.")):
        care.note(uow.acting_as(actor(uow.session, who)), keys=[case.id], words=words)
    uow.session.flush()
    assert [note.words for note in notes_on(uow.session, case, reader=actor(uow.session, peter))] == [
        "I know the site."
    ]
    assert len(notes_on(uow.session, case, reader=actor(uow.session, zawadi))) == 2


def test_what_nobody_answered_is_closed_and_the_lot_is_a_draft_again(app: Flask, uow: UnitOfWork) -> None:
    case, lot = sent_back(uow)
    case.closed_at = uow.now - timedelta(days=ANSWER_DAYS)
    uow.record("moderation_case.decide", case)
    case_id, lot_id = str(case.id), lot.id
    mary = signed_in(app, uow, moderator(uow))
    assert case_id in mary.get(PATH).text
    assert ">Closed<" in mary.get(f"{PATH}/expire?case={case_id}").text
    done = mary.post(f"{PATH}/expire", data={**KEY, "case": [case_id]})
    assert 'tag good">Closed</span>' in done.text
    uow.session.expire_all()
    assert (uow.session.get_one(Lot, lot_id).state, lot.tag_number) == ("draft", None)
    assert case.expired_at is not None
    assert case_id not in mary.get(PATH).text
    assert "no answer came." in mary.get(f"/staff/moderation/{case_id}").text
    letter = uow.session.scalars(select(Message).where(Message.template == "lot_expired")).all()
    assert len(letter) == 1
    assert entries(uow, "moderation_case.expire") == entries(uow, "lot.expire") == 1


def test_a_cooperative_keeps_its_time_to_answer_to_the_last_minute(uow: UnitOfWork) -> None:
    case, _lot = sent_back(uow)
    as_mary = uow.acting_as(actor(uow.session, moderator(uow)))
    case.closed_at = uow.now - timedelta(days=ANSWER_DAYS) + timedelta(minutes=1)
    assert refusals(care.expire(as_mary, keys=[case.id])) == ["still_time"]
    case.closed_at = uow.now - timedelta(days=ANSWER_DAYS)
    assert refusals(care.expire(as_mary, keys=[case.id])) == [None]
    assert refusals(care.expire(as_mary, keys=[case.id])) == ["still_time"], "once"


def test_an_appeal_that_waits_keeps_a_case_open(uow: UnitOfWork) -> None:
    case, lot = sent_back(uow)
    secretary = uow.session.get_one(User, lot.created_by)
    services.appeal(uow.acting_as(actor(uow.session, secretary)), case=case, words="The photo is sharp, look again.")
    case.closed_at = uow.now - timedelta(days=ANSWER_DAYS)
    as_mary = uow.acting_as(actor(uow.session, moderator(uow)))
    assert refusals(care.expire(as_mary, keys=[case.id])) == ["still_time"]


def test_an_unanswered_change_gives_the_approved_version_back_to_the_sale(uow: UnitOfWork) -> None:
    lot, _secretary = lot_on_sale(uow)
    case = edited(uow, lot, "weight", {"weight": "3,52"})
    decided_by_one(uow, case, moderator(uow), "changes", reasons=("WEIGHT_DOUBTFUL",))
    case.closed_at = uow.now - timedelta(days=ANSWER_DAYS)
    uow.session.flush()
    assert [row.case for row in unanswered(uow.session, until=uow.now, after=None)] == [case]
    care.expire(uow.acting_as(actor(uow.session, moderator(uow, "Neema"))), keys=[case.id])
    listing = listing_of(uow.session, lot.id)
    assert listing is not None
    assert (lot.state, listing.availability) == ("published", "available")
    uow.session.flush()
    assert unanswered(uow.session, until=uow.now, after=None) == []


def test_nothing_here_decides_and_only_reviewers_do_it(uow: UnitOfWork) -> None:
    case, *_ = waiting_lot(uow)
    auditor = person(uow, "vera")
    for deed in Deed:
        with pytest.raises(Forbidden):
            care.preview(uow.acting_as(actor(uow.session, auditor)), deed=deed, keys=[case.id])
    as_mary = uow.acting_as(actor(uow.session, moderator(uow)))
    with pytest.raises(InvalidInput):
        care.note(as_mary, keys=[], words="Nothing chosen.")
    assert uow.session.scalar(select(func.count(Decision.id))) == 0
