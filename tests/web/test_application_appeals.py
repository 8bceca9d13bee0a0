"""The appeal against a refused application, from the letter's address to the answer."""

from flask import Flask

from marketplace.onboarding.services import reviewing
from marketplace.onboarding.services.reviewing import Answer
from marketplace.unit_of_work import UnitOfWork
from tests.builders.onboarding import acting, handed_in, moderator
from tests.people import person, signed_in

WORDS = "The register you could not find is attached now."


def key(number: int) -> dict[str, str]:
    return {"idempotency_key": f"app-appeal-{number:04}"}


def test_a_refusal_is_appealed_and_checked_again(app: Flask, uow: UnitOfWork) -> None:
    rehema, mary, grace = person(uow, "Rehema"), moderator(uow, "mary"), moderator(uow, "grace")
    row, _signer = handed_in(uow, rehema)
    answer = Answer(row.content_sha256 or "", ("REGISTRATION_UNCLEAR",), "We could not find the register.")
    reviewing.refuse(acting(uow, mary), application=row, answer=answer)
    theirs, ours, hers = signed_in(app, uow, rehema), signed_in(app, uow, grace), signed_in(app, uow, mary)
    path = f"/sell/applications/{row.reference}"
    assert f'href="{path}/appeal"' in theirs.get(path).text
    page = theirs.get(f"{path}/appeal").text
    assert "We could not find the register." in page
    short = theirs.post(f"{path}/appeal", data={"words": "No!", **key(1)})
    assert (short.status_code, "Write 20 to 2,000 letters." in short.text, "No!" in short.text) == (422, True, True)
    assert theirs.post(f"{path}/appeal", data={"words": WORDS, **key(2)}).status_code == 303
    assert "Somebody who did not decide before is reading it." in theirs.get(f"{path}/appeal").text
    assert theirs.post(f"{path}/appeal", data={"words": WORDS, **key(3)}).status_code == 409

    listed = ours.get("/staff/application-appeals").text
    where = "/staff/application-appeals/" + listed.split('href="/staff/application-appeals/')[1].split('"')[0]
    assert "somebody else must answer" in hers.get(where).text
    told = {"answer": "We found the register now.", "outcome": "overturn"}
    assert hers.post(where, data={**told, **key(4)}).status_code == 403
    unclear = ours.post(where, data={**told, "outcome": "", **key(5)})
    assert (unclear.status_code, "Choose what you decide." in unclear.text) == (422, True)
    assert ours.post(where, data={**told, **key(6)}).status_code == 303
    assert "You were right: it is being checked again." in theirs.get(f"{path}/appeal").text
    assert row.reference in ours.get("/staff/applications").text
    assert "Checked again" in ours.get("/staff/application-appeals?state=overturned").text


def test_strangers_find_no_appeal(app: Flask, uow: UnitOfWork) -> None:
    row, _signer = handed_in(uow, person(uow, "Rehema"))
    stranger = signed_in(app, uow, person(uow, "Stranger"))
    assert stranger.get(f"/sell/applications/{row.reference}/appeal").status_code == 404
