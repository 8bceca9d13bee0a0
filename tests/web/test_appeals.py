"""Appeals as the two sides see them."""

from flask import Flask

from marketplace.core.ids import new_id
from marketplace.moderation import services
from marketplace.moderation.models import BlindReview
from marketplace.unit_of_work import UnitOfWork
from tests.builders.moderation import decided_by_one, moderator, waiting_lot
from tests.people import actor, person, signed_in
from tests.web.test_orders import KEY

WORDS = "These stones were dug by our own members in June."


def test_an_officer_appeals_from_her_lot_and_reads_the_answer(app: Flask, uow: UnitOfWork) -> None:
    case, lot, secretary = waiting_lot(uow)
    decided_by_one(uow, case, moderator(uow), "refuse", reasons=("NOT_OWN_GOODS",))
    path, reference = f"/cooperative/appeals/{case.id}", lot.reference
    peter = moderator(uow, "peter")
    amina = signed_in(app, uow, secretary)

    assert f'href="{path}"' in amina.get(f"/cooperative/lots/{reference}").text
    assert "Only goods dug by your own members are sold here." in amina.get(path).text
    short = amina.post(path, data={**KEY, "words": "no"})
    assert (short.status_code, "Write 20 to 2,000 letters." in short.text) == (422, True)
    assert amina.post(path, data={**KEY, "idempotency_key": "the-second-try", "words": WORDS}).status_code == 303
    page = amina.get(path).text
    assert WORDS in page
    assert "Somebody who did not decide before is reading it." in page

    as_peter = signed_in(app, uow, peter)
    index = as_peter.get("/staff/appeals").text
    assert reference in index
    link = index.split('href="/staff/appeals/')[1].split('"')[0]
    shown = as_peter.get(f"/staff/appeals/{link}").text
    assert WORDS in shown
    none = as_peter.post(f"/staff/appeals/{link}", data={**KEY, "answer": "x" * 30})
    assert (none.status_code, "Choose what you decide." in none.text) == (422, True)
    form = {
        **KEY,
        "idempotency_key": "answer-of-peter",
        "outcome": "overturn",
        "answer": "You are right, I looked again.",
    }
    assert as_peter.post(f"/staff/appeals/{link}", data=form).status_code == 303
    assert "You were right" in signed_in(app, uow, secretary).get(path).text
    assert reference in as_peter.get("/staff/moderation").text


def test_others_see_no_appeal_and_the_first_reviewer_answers_none(app: Flask, uow: UnitOfWork) -> None:
    case, _, secretary = waiting_lot(uow)
    mary = moderator(uow)
    decided_by_one(uow, case, mary, "refuse", reasons=("NOT_OWN_GOODS",))
    row = services.appeal(uow.acting_as(actor(uow.session, secretary)), case=case, words=WORDS)
    path, case_path = f"/staff/appeals/{row.id}", f"/cooperative/appeals/{case.id}"
    bob = signed_in(app, uow, person(uow, "bob"))
    as_mary = signed_in(app, uow, mary)

    assert (bob.get(path).status_code, bob.get(case_path).status_code) == (403, 403)
    assert "somebody else must answer" in as_mary.get(path).text
    form = {**KEY, "outcome": "uphold", "answer": "I stay with what I decided."}
    assert as_mary.post(path, data=form).status_code == 403
    assert "Nothing waits here." in as_mary.get("/staff/appeals?state=upheld").text
    assert as_mary.get("/staff/appeals?state=%00&after=~").status_code == 200


def test_what_was_decided_is_shown_only_after_the_second_look(app: Flask, uow: UnitOfWork) -> None:
    case, *_ = waiting_lot(uow)
    mary = moderator(uow, "mary who decided")
    decided_by_one(uow, case, mary, "refuse", reasons=("NOT_OWN_GOODS",))
    review = BlindReview(id=new_id(), case_id=case.id, opened_at=uow.now)
    uow.session.add(review)
    uow.record("blind_review.open", review, case)
    path, title = f"/staff/blind-reviews/{review.id}", case.title
    peter = signed_in(app, uow, moderator(uow, "peter"))

    assert "What would you decide?" not in signed_in(app, uow, mary).get(path).text
    assert title in peter.get("/staff/blind-reviews").text
    page = peter.get(path).text
    assert "mary who decided" not in page
    assert "What would you decide?" in page
    assert peter.post(path, data={**KEY, "verdict": "refuse"}).status_code == 422
    form = {**KEY, "idempotency_key": "peter-looks-again", "verdict": "approve"}
    assert peter.post(path, data=form).status_code == 303
    assert "mary who decided" in peter.get(path).text
    assert title not in peter.get("/staff/blind-reviews").text
    assert "Agrees" in peter.get("/staff/blind-reviews?done=yes").text
