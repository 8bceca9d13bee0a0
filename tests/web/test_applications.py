"""A cooperative fills in its application on a telephone; a field officer may do it for her."""

from collections.abc import Mapping
from itertools import count
from typing import Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from marketplace.compliance.models import Cooperative
from marketplace.core.actor import MemberRole
from marketplace.onboarding.models import CooperativeApplication
from marketplace.onboarding.services import applications
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative, site_form
from tests.builders.onboarding import (
    FILLED,
    MEMBERS,
    ORGANISATION,
    PAYOUT,
    acting,
    cooperative_of,
    filled,
    handed_in,
    moderator,
    visited,
)
from tests.people import buyer, member, person, signed_in

KEYS: Final = count(1000)


def key(number: int) -> dict[str, str]:
    return {"idempotency_key": f"key-number-{number}"}


def begun(client: FlaskClient) -> str:
    """Begin an application; return the address of its page."""
    first_step = client.post("/sell/applications", data=key(900)).location
    return first_step.partition("/steps/")[0]


def send(
    client: FlaskClient, step: str, typed: Mapping[str, str], version: int, *, later: bool = False
) -> TestResponse:
    """Send a step to its address; each form has a key of its own."""
    more = {"later": "1"} if later else {}
    return client.post(step, data={**typed, **more, "version": str(version), **key(next(KEYS))})


def test_a_woman_without_a_cooperative_fills_in_every_step_and_hands_it_in(app: Flask, uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    phone = signed_in(app, uow, amina)
    assert "Begin an application" in phone.get("/sell/applications").text

    where = begun(phone)
    for version, (step, typed) in enumerate(FILLED.items(), start=1):
        assert send(phone, f"{where}/steps/{step}", typed, version).status_code == 303
    page = phone.get(where).text
    assert "Invite a signatory: only a signatory can say where you are paid." in page
    assert "Add at least one mine site." in page
    assert "Hand it in" not in page
    too_soon = phone.post(f"{where}/handing-in", data=key(2))
    assert too_soon.status_code == 422
    assert "Something is still missing" in too_soon.text

    row = uow.session.scalars(select(CooperativeApplication)).one()
    cooperative = cooperative_of(uow, row)
    own = f"/sell/cooperatives/{cooperative.reference}"
    invitee = {"email": "salome@example.org", "name": "Salome", "language": "sw", "role": MemberRole.SIGNATORY.value}
    assert phone.post(f"{own}/people/invitations", data={**invitee, **key(3)}).status_code == 303
    site = {**site_form(), "minerals": ["gold"], **key(4)}
    assert phone.post(f"{own}/sites", data=site).status_code == 303
    assert "See what is still missing" in phone.get(own).text
    assert "The signatory must accept the invitation." in phone.get(where).text

    assert phone.post(f"{where}/handing-in", data=key(5)).status_code == 303
    done = phone.get(where).text
    assert "Two people at Pact check your application" in done
    assert "Take it back to change it" in done
    assert send(phone, f"{where}/steps/payout", PAYOUT, 6).status_code == 409


def test_a_step_that_is_wrong_keeps_what_was_typed_and_can_be_finished_later(app: Flask, uow: UnitOfWork) -> None:
    phone = signed_in(app, uow, person(uow, "amina"))
    where = begun(phone)
    typed = {**ORGANISATION, "contact_phone": "0712", "legal_name": ""}

    refused = send(phone, f"{where}/steps/organisation", typed, 1)
    later = send(phone, f"{where}/steps/organisation", typed, 1, later=True)

    assert refused.status_code == 422
    assert "Enter the registered name." in refused.text
    assert 'value="0712"' in refused.text
    assert (later.status_code, later.location) == (303, where)
    assert 'value="0712"' in phone.get(f"{where}/steps/organisation").text
    assert "an answer there is not right yet" in phone.get(where).text
    assert phone.get(f"{where}/steps/members").status_code == 404


def test_two_people_at_one_step_do_not_write_over_each_other(app: Flask, uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row = filled(uow, amina)
    where = f"/sell/applications/{row.reference}"
    opened = row.version
    phone = signed_in(app, uow, amina)

    assert send(phone, f"{where}/steps/members", {**MEMBERS, "members_total": "50"}, opened).status_code == 303
    answer = send(phone, f"{where}/steps/members", {**MEMBERS, "members_total": "60"}, opened)

    assert answer.status_code == 409
    assert "Somebody else saved this step meanwhile." in answer.text
    assert 'value="60"' in answer.text
    assert f'name="version" value="{opened + 1}"' in answer.text


def test_every_step_opens_with_what_was_told(app: Flask, uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row = filled(uow, amina)
    phone = signed_in(app, uow, amina)
    words = {
        "organisation": "Tumaini Women Miners",
        "people": "amina",
        "members": 'value="75"',
        "rights": "TIN 123-456-789",
        "sites": "No mine site yet.",
        "policies": "Neema Mushi",
        "payout": "A signatory enters the account on her own page.",
    }

    for step, text in words.items():
        answer = phone.get(f"/sell/applications/{row.reference}/steps/{step}")
        assert answer.status_code == 200
        assert text in answer.text
    assert phone.get(f"/sell/applications/{row.reference}/steps/dreams").status_code == 404


def test_a_stranger_finds_nothing_and_a_viewer_changes_nothing(app: Flask, uow: UnitOfWork) -> None:
    row = filled(uow, person(uow, "amina"))
    assert row.cooperative_id is not None
    where = f"/sell/applications/{row.reference}"
    vera = signed_in(app, uow, member(uow, "vera", row.cooperative_id, role=MemberRole.VIEWER))
    bob = signed_in(app, uow, buyer(uow, "bob")[0])

    assert bob.get(where).status_code == bob.get(f"{where}/steps/members").status_code == 404
    assert bob.post(f"{where}/handing-in", data=key(1)).status_code == 404
    assert vera.get(where).status_code == 200
    assert vera.get(f"{where}/steps/members").status_code == 403
    assert send(vera, f"{where}/steps/payout", PAYOUT, row.version).status_code == 403
    assert vera.post(f"{where}/handing-in", data=key(2)).status_code == 403


def test_a_field_officer_enters_on_behalf_and_it_says_so(app: Flask, uow: UnitOfWork) -> None:
    mary = signed_in(app, uow, moderator(uow, "mary"))

    where = begun(mary)
    assert "You enter this on behalf of the cooperative." in mary.get(f"{where}/steps/organisation").text
    assert send(mary, f"{where}/steps/organisation", ORGANISATION, 1).status_code == 303

    cooperative = uow.session.scalars(select(Cooperative)).one()
    assert f'href="/staff/cooperatives/{cooperative.reference}/people"' in mary.get(f"{where}/steps/people").text
    assert "Entered on behalf" in mary.get("/staff/applications?state=draft").text
    assert "A field officer of Pact began this on behalf" in mary.get(where).text


def test_it_is_taken_back(app: Flask, uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row, _signer = handed_in(uow, amina)
    where = f"/sell/applications/{row.reference}"
    phone = signed_in(app, uow, amina)

    assert phone.post(f"{where}/taking-back", data=key(1)).status_code == 303
    assert "Nothing keeps you from handing it in." in phone.get(where).text


def test_an_approved_cooperative_sees_its_end_its_visits_and_begins_the_renewal(app: Flask, uow: UnitOfWork) -> None:
    cooperative, site, amina = approved_cooperative(uow)
    visited(acting(uow, moderator(uow, "mary")), cooperative, site, findings="Nobody but staff reads this here.")
    phone = signed_in(app, uow, amina)
    own = f"/sell/cooperatives/{cooperative.reference}"

    page = phone.get(own).text
    begun_at = phone.post(f"/sell/applications/of/{cooperative.reference}", data=key(1))

    assert "Approved until" in page
    assert "All was well." in page
    assert "Nobody but staff reads this" not in page
    assert begun_at.status_code == 303
    assert "This renews the approval." in phone.get(begun_at.location).text
    again = phone.post(f"/sell/applications/of/{cooperative.reference}", data=key(2))
    assert again.status_code == 409


def test_a_declaration_is_signed_again_on_its_page(app: Flask, uow: UnitOfWork) -> None:
    cooperative, site, amina = approved_cooperative(uow)
    where = f"/sell/cooperatives/{cooperative.reference}/sites/{site.reference}/declaration"
    phone = signed_in(app, uow, amina)

    assert "The one we have lasts until 1 Jun 2027." in phone.get(where).text
    refused = phone.post(where, data={"site_on": "2026-09-30", "site_by": "Neema", **key(1)})
    same = phone.post(where, data={"site_on": "2026-06-01", "site_by": "Neema", **key(2)})
    done = phone.post(where, data={"site_on": "2026-09-20", "site_by": "Neema", **key(3)})

    assert (refused.status_code, same.status_code, done.status_code) == (422, 422, 303)
    assert "This day is still to come." in refused.text
    assert "The declaration we have is of this day, or newer." in same.text
    assert "The one we have lasts until 20 Sept 2027." in phone.get(where).text


def test_five_beginnings_are_enough(app: Flask, uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    for _ in range(5):
        applications.begin(acting(uow, amina))
        uow.session.flush()
    phone = signed_in(app, uow, amina)

    answer = phone.post("/sell/applications", data=key(1))

    assert answer.status_code == 409
    assert "Finish one of them first." in answer.text


def test_taking_the_record_back_takes_its_application_back(app: Flask, uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row, _signer = handed_in(uow, amina)
    cooperative = cooperative_of(uow, row)
    phone = signed_in(app, uow, amina)
    record = f"/sell/cooperatives/{cooperative.reference}"

    assert phone.post(f"{record}/withdrawal", data=key(1)).status_code == 303
    uow.session.expire_all()
    assert (row.state, cooperative.state) == ("draft", "draft")

    assert phone.post(f"/sell/applications/{row.reference}/handing-in", data=key(2)).status_code == 303
    uow.session.expire_all()
    assert (row.state, cooperative.state) == ("handed_in", "submitted")
