import re
from collections.abc import Mapping

from flask import Flask
from flask.testing import FlaskClient

from marketplace.core.actor import StaffRole
from marketplace.lots import services as lots
from marketplace.moderation import services
from marketplace.moderation.models import ModerationCase
from marketplace.pricing.services import import_reference_data
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import drafted_cooperative
from tests.builders.lots import GOLD
from tests.builders.moderation import all_yes, moderator, waiting_cooperative, waiting_lot
from tests.people import actor, buyer, person, signed_in

KEY = "a-key-of-this-test"


def form_of(uow: UnitOfWork, case: ModerationCase, verdict: str, **other: str) -> dict[str, str]:
    checks = {f"check_{code}": answer for code, answer in all_yes(uow, case).items()}
    return {"verdict": verdict, "subject_sha256": case.subject_sha256, "idempotency_key": KEY, **checks, **other}


def test_the_queue_shows_what_waits_with_its_flags_and_filters_by_them(app: Flask, uow: UnitOfWork) -> None:
    waiting_lot(uow)
    waiting_cooperative(uow, "CD")
    mary = signed_in(app, uow, moderator(uow))

    everything = mary.get("/staff/moderation").text
    only_conflict = mary.get("/staff/moderation?flag=conflict_area&kind=cooperative&country=CD").text
    nothing = mary.get("/staff/moderation?flag=tag_again").text

    assert "Tanzanite" in everything
    assert "Mama Madini Cooperative 2" in everything
    assert "Mama Madini Cooperative 2" in only_conflict
    assert "Tanzanite" not in only_conflict
    assert "Nothing waits here." in nothing


def test_a_moderator_takes_a_case_approves_it_and_the_next_one_opens(app: Flask, uow: UnitOfWork) -> None:
    case, *_ = waiting_lot(uow)
    second, *_ = waiting_cooperative(uow)
    form, key = form_of(uow, case, "approve"), {"idempotency_key": KEY}
    first_id, second_id = case.id, second.id
    mary = signed_in(app, uow, moderator(uow))

    taken = mary.post("/staff/moderation/next", data=key)
    page = mary.get(taken.location)
    decided = mary.post(f"/staff/moderation/{first_id}/decision", data=form)
    again = mary.post(f"/staff/moderation/{first_id}/decision", data=form)

    assert taken.location.endswith(str(first_id))
    assert "You have this case until" in page.text
    assert (decided.status_code, decided.location) == (303, f"/staff/moderation/{second_id}")
    assert again.location == decided.location, "a form sent twice answers the same"


def test_a_form_without_reason_comes_back_with_what_was_typed(app: Flask, uow: UnitOfWork) -> None:
    case, *_ = waiting_lot(uow)
    form = form_of(uow, case, "changes", note="The second photo is dark.")
    case_id = case.id
    mary = signed_in(app, uow, moderator(uow))

    answer = mary.post(f"/staff/moderation/{case_id}/decision", data=form)

    assert answer.status_code == 422
    assert "Choose at least one reason" in answer.text
    assert "The second photo is dark." in answer.text
    assert 'value="yes" checked' in answer.text


def test_a_stale_form_answers_with_the_difference_and_the_way_to_the_new_version(app: Flask, uow: UnitOfWork) -> None:
    case, lot, secretary = waiting_lot(uow)
    form, case_id = form_of(uow, case, "approve"), case.id
    as_secretary = uow.acting_as(actor(uow.session, secretary))
    lots.save_step(
        as_secretary,
        lot=lot,
        step="price",
        answers={"wanted": "1,210", "wanted_currency": "USD", "reason": "A clean crystal of deep colour."},
    )
    newer = services.submit_lot(as_secretary, lot=lot)
    newer_id = newer.id
    mary = signed_in(app, uow, moderator(uow))

    answer = mary.post(f"/staff/moderation/{case_id}/decision", data=form)

    assert answer.status_code == 409
    assert "<del>" in answer.text
    assert "1210" in re.sub("[,.\u00a0 ]", "", answer.text)
    assert f"/staff/moderation/{newer_id}" in answer.text


def test_missing_requirements_are_told_on_the_page_and_stop_an_approval(app: Flask, uow: UnitOfWork) -> None:
    cooperative, _, secretary = drafted_cooperative(uow)
    case = services.submit_cooperative(uow.acting_as(actor(uow.session, secretary)), cooperative=cooperative)
    form, case_id = form_of(uow, case, "approve"), case.id
    mary = signed_in(app, uow, moderator(uow))

    answer = mary.post(f"/staff/moderation/{case_id}/decision", data=form)

    assert answer.status_code == 422
    assert "Pact must check the cooperative against the sanctions lists again." in answer.text
    assert "has not verified the mine site yet" in answer.text


def test_the_guide_is_shown_with_the_working_stored_on_the_day(app: Flask, uow: UnitOfWork) -> None:
    import_reference_data(uow)
    case, *_ = waiting_lot(uow, steps=GOLD)
    case_id = case.id
    mary = signed_in(app, uow, moderator(uow))

    page = mary.get(f"/staff/moderation/{case_id}").text

    assert "Fair price guide: US$" in page
    assert "This price is inside the guide." in page
    assert "Divided by 31.1034768 g" in page
    assert "Royalty" in page
    assert "measured by the cooperative" in page


def test_an_auditor_reads_and_does_not_decide(app: Flask, uow: UnitOfWork) -> None:
    case, *_ = waiting_lot(uow)
    form, case_id = form_of(uow, case, "approve"), case.id
    ada = signed_in(app, uow, person(uow, "ada", StaffRole.AUDITOR))

    assert ada.get("/staff/moderation").status_code == 200
    page = ada.get(f"/staff/moderation/{case_id}")
    assert page.status_code == 200
    assert 'name="verdict"' not in page.text
    assert ada.post(f"/staff/moderation/{case_id}/decision", data=form).status_code == 403


def test_others_do_not_see_the_queue(app: Flask, uow: UnitOfWork) -> None:
    case, *_ = waiting_lot(uow)
    path = f"/staff/moderation/{case.id}"
    bob, _ = buyer(uow, "bob")
    as_bob = signed_in(app, uow, bob)

    assert [as_bob.get(each).status_code for each in ("/staff", "/staff/moderation", path)] == [403, 403, 403]


def test_a_visitor_is_asked_to_sign_in(app: Flask, uow: UnitOfWork) -> None:
    case, *_ = waiting_lot(uow)
    path = f"/staff/moderation/{case.id}"
    uow.commit()

    assert app.test_client().get(path).location.startswith("/account/sign-in")


def test_an_unknown_case_is_not_there_and_odd_input_is_refused_politely(app: Flask, uow: UnitOfWork) -> None:
    case, *_ = waiting_lot(uow)
    path = f"/staff/moderation/{case.id}/decision"
    mary = signed_in(app, uow, moderator(uow))
    odd: list[Mapping[str, str]] = [
        {"idempotency_key": "odd-key-one"},
        {"idempotency_key": "odd-key-two", "verdict": "\x00", "subject_sha256": "'; DROP"},
        {"idempotency_key": "odd-key-three", "verdict": "approve", "reasons": "NOPE", "note": "x" * 5000},
    ]

    assert mary.get("/staff/moderation/0192f000-0000-7000-8000-000000000000").status_code == 404
    assert all(_is_refused(mary, path, form) for form in odd)
    for cursor in ("~", "2026-09-29~x", "2026-09-29T00:00:00+00:00~", "%00", "9" * 400):
        assert mary.get(f"/staff/moderation?after={cursor}&flag=%00&kind=zz").status_code == 200


def _is_refused(client: FlaskClient, path: str, form: Mapping[str, str]) -> bool:
    return client.post(path, data=form).status_code in {409, 422}


def test_the_start_page_links_only_what_a_role_opens(app: Flask, uow: UnitOfWork) -> None:
    mary = signed_in(app, uow, moderator(uow))
    page = mary.get("/staff").text

    links = set(re.findall(r'<dt><a href="([^"]+)"', page))
    assert {"/staff/moderation", "/staff/cooperatives"} <= links
    assert "/staff/ledger" not in links
    assert {mary.get(link).status_code for link in links} == {200}
