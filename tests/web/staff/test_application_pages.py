"""Two people at Pact decide about an application on its page, and record what they saw on a visit."""

import io

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from marketplace.accounts.models import User
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import sites_of
from marketplace.core.actor import StaffRole
from marketplace.onboarding.checklists import COOPERATIVE, SITE, field_of
from marketplace.onboarding.models import CooperativeApplication, FieldVisit
from marketplace.onboarding.services import applications
from marketplace.onboarding.steps import Step
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative
from tests.builders.lots import photo, published_lot
from tests.builders.onboarding import (
    MEMBERS,
    acting,
    cooperative_of,
    handed_in,
    moderator,
    ready_to_approve,
    seen_all,
    visited,
)
from tests.people import person, signed_in

CHECKED = {f"check_{code}": answer for code, answer in seen_all().items()}
SITE_FORM = {
    "visited_on": "2026-09-28",
    "visitors": "Mary of Pact",
    "findings": "Neema showed us the pits, which are held up.",
    "site_status": "1",
    "activity": "active",
    **{field_of(item): "yes" for item in SITE.items},
}


def key(number: int) -> dict[str, str]:
    return {"idempotency_key": f"key-number-{number}"}


def decision(row: CooperativeApplication, number: int, **other: object) -> dict[str, object]:
    return {"sha256": row.content_sha256 or "", **key(number), **other}


def test_two_people_approve_on_the_page(app: Flask, uow: UnitOfWork) -> None:
    row = ready_to_approve(uow, person(uow, "amina"))
    where = f"/staff/applications/{row.reference}"
    mary, juma = (signed_in(app, uow, moderator(uow, name)) for name in ("mary", "juma"))

    waiting = mary.get("/staff/applications").text
    page = mary.get(where).text
    unseen = mary.post(f"{where}/approval", data=decision(row, 1))
    first = mary.post(f"{where}/approval", data=decision(row, 2, note="Books seen.", **CHECKED))
    again = mary.post(f"{where}/approval", data=decision(row, 3, **CHECKED))
    blind = juma.get(where).text
    second = juma.post(f"{where}/approval", data=decision(row, 4, **CHECKED))

    assert "Tumaini Women Miners" in waiting
    for words in (
        "Nothing is missing.",
        "TIN 123-456-789",
        "The list of members",
        "Your decision, as the first person",
    ):
        assert words in page
    assert unseen.status_code == 422
    assert "This must be seen before you approve." in unseen.text
    assert [first.status_code, again.status_code, second.status_code] == [303, 403, 303]
    assert "Your decision, as the second person" in blind
    assert "Books seen." not in blind
    assert "You took part in this application." not in blind
    after = mary.get(where).text
    assert "Approved by mary and juma." in after
    assert "Books seen." in after
    uow.session.expire_all()
    assert cooperative_of(uow, row).state == "approved"


def test_who_took_part_is_shown_no_decision(app: Flask, uow: UnitOfWork) -> None:
    row = ready_to_approve(uow, person(uow, "amina"))
    mary = signed_in(app, uow, moderator(uow, "mary"))
    where = f"/staff/applications/{row.reference}"
    mary.post(f"{where}/approval", data=decision(row, 1, **CHECKED))

    page = mary.get(where).text

    assert "You took part in this application. Another person decides now." in page
    assert "Your decision" not in page


def test_who_filled_in_a_step_on_behalf_is_shown_no_decision(app: Flask, uow: UnitOfWork) -> None:
    amina, mary = person(uow, "amina"), moderator(uow, "mary")
    row = ready_to_approve(uow, amina)
    applications.take_back(acting(uow, amina), application=row)
    for who in (mary, amina):
        applications.save_step(
            acting(uow, who), application=row, step=Step.MEMBERS, typed=MEMBERS, version=row.version, later=False
        )
    applications.hand_in(acting(uow, amina), application=row)
    client, where = signed_in(app, uow, mary), f"/staff/applications/{row.reference}"

    page = client.get(where).text
    answer = client.post(f"{where}/approval", data=decision(row, 1, **CHECKED))

    assert "You took part in this application. Another person decides now." in page
    assert "Your decision" not in page
    assert answer.status_code == 403
    assert "You filled this in or act for this cooperative: somebody else must review it." in answer.text


def test_what_is_missing_is_told_and_nothing_is_approved(app: Flask, uow: UnitOfWork) -> None:
    row, _signer = handed_in(uow, person(uow, "amina"))
    where = f"/staff/applications/{row.reference}"
    mary = signed_in(app, uow, moderator(uow, "mary"))

    answer = mary.post(f"{where}/approval", data=decision(row, 1, **CHECKED))
    stale = mary.post(f"{where}/approval", data={**decision(row, 2, **CHECKED), "sha256": "0" * 64})

    assert answer.status_code == 422
    assert "Pact must visit you: no visit of the last 12 months is recorded." in answer.text
    assert stale.status_code == 409


def test_it_is_returned_with_reasons_that_the_cooperative_reads(app: Flask, uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row = ready_to_approve(uow, amina)
    where = f"/staff/applications/{row.reference}"
    mary, phone = signed_in(app, uow, moderator(uow, "mary")), signed_in(app, uow, amina)

    without = mary.post(f"{where}/return", data=decision(row, 1))
    done = mary.post(f"{where}/return", data=decision(row, 2, reasons=["MEMBERS_UNCLEAR"], note="The list says 41."))

    assert without.status_code == 422
    assert "Choose at least one reason" in without.text
    assert done.status_code == 303
    page = phone.get(f"/sell/applications/{row.reference}").text
    assert "Check the numbers of members and of women." in page
    assert "The list says 41." in page
    assert "Hand it in" in page


def test_it_is_refused_with_a_reason(app: Flask, uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row, _signer = handed_in(uow, amina)
    mary, phone = signed_in(app, uow, moderator(uow, "mary")), signed_in(app, uow, amina)

    done = mary.post(
        f"/staff/applications/{row.reference}/refusal", data=decision(row, 1, reasons=["NOT_MEMBER_OWNED"])
    )

    assert done.status_code == 303
    page = phone.get(f"/sell/applications/{row.reference}").text
    assert "Only groups that belong to their mining members sell here." in page
    assert "another person will look again, free of charge" in page


def test_an_auditor_reads_and_decides_nothing(app: Flask, uow: UnitOfWork) -> None:
    row = ready_to_approve(uow, person(uow, "amina"))
    auditor = signed_in(app, uow, person(uow, "aud", StaffRole.AUDITOR))
    where = f"/staff/applications/{row.reference}"

    assert "Your decision" not in auditor.get(where).text
    assert auditor.post(f"{where}/approval", data=decision(row, 1, **CHECKED)).status_code == 403


def recorded(client: FlaskClient, cooperative: Cooperative, number: int, **other: object) -> TestResponse:
    form = {**SITE_FORM, **key(number), **other}
    return client.post(f"/staff/visits/of/{cooperative.reference}", data=form, content_type="multipart/form-data")


def visiting(app: Flask, uow: UnitOfWork, name: str = "mary") -> tuple[FlaskClient, User]:
    mary = person(uow, name, StaffRole.VERIFIER)
    return signed_in(app, uow, mary), mary


def test_a_visit_is_recorded_with_photos_and_its_findings_stay_sealed(app: Flask, uow: UnitOfWork) -> None:
    cooperative, site, amina = approved_cooperative(uow)
    mary, _ = visiting(app, uow)
    phone = signed_in(app, uow, amina)

    form = mary.get(f"/staff/visits/of/{cooperative.reference}/new?site={site.reference}").text
    done = recorded(
        mary, cooperative, 1, site=site.reference, check_pits_safe="no", photos=(io.BytesIO(photo(9)), "pit.jpg")
    )
    page = mary.get(done.location).text

    assert "No child works in or around the pits." in form
    assert done.status_code == 303
    assert "Open the sealed findings" in page
    assert "Neema showed us" not in page
    assert "Neema showed us" in mary.post(f"{done.location}/findings").text
    row = uow.session.scalars(select(FieldVisit)).one()
    picture = f"{done.location}/photos/{row.photos[0]['sha256']}/320.webp"
    assert mary.get(picture).content_type == "image/webp"
    assert mary.get(picture.replace(row.photos[0]["sha256"], "0" * 64)).status_code == 404
    assert phone.get(picture).status_code == 403
    own = phone.get(f"/sell/cooperatives/{cooperative.reference}").text
    assert "Pits are held up, and people wear helmets and boots." in own
    assert "Neema showed us" not in own
    assert "1 thing was not well" in mary.get(f"/staff/visits/of/{cooperative.reference}").text


def test_a_visit_with_gaps_is_shown_again(app: Flask, uow: UnitOfWork) -> None:
    cooperative, site, _ = approved_cooperative(uow)
    mary, _ = visiting(app, uow)

    answer = recorded(mary, cooperative, 1, site=site.reference, check_no_children="", findings="short")
    broken = recorded(mary, cooperative, 2, site=site.reference, photos=(io.BytesIO(b"no photo"), "x.jpg"))

    assert answer.status_code == broken.status_code == 422
    assert "Answer each line of the list." in answer.text
    assert ">\nshort</textarea>" in answer.text
    assert "This is not a photo we can read." in broken.text
    assert uow.session.scalar(select(FieldVisit.id)) is None


def test_a_visit_of_the_cooperative_has_a_list_of_its_own(app: Flask, uow: UnitOfWork) -> None:
    cooperative, _site, _ = approved_cooperative(uow)
    mary, _ = visiting(app, uow)
    form = {
        "visited_on": "2026-09-28",
        "visitors": "Mary",
        "findings": "We met forty members.",
        **{field_of(item): "yes" for item in COOPERATIVE.items},
        **key(1),
    }

    done = mary.post(f"/staff/visits/of/{cooperative.reference}", data=form)

    assert done.status_code == 303
    assert "Women were spoken to on their own." in mary.get(done.location).text


def test_sites_nobody_saw_stand_first(app: Flask, uow: UnitOfWork) -> None:
    seen, its_site, _ = approved_cooperative(uow)
    never, _site, _ = approved_cooperative(uow, "KE")
    mary, officer = visiting(app, uow)
    visited(acting(uow, officer), seen, its_site)
    uow.commit()

    page = mary.get("/staff/visits").text

    assert page.index(never.legal_name) < page.index(f">{seen.legal_name}<")
    assert "Never seen" in page
    assert "By 29 Sept 2027" in page


def test_a_red_site_found_by_an_inspection_hides_its_lots(app: Flask, uow: UnitOfWork) -> None:
    lot, _version, _amina = published_lot(uow)
    cooperative = uow.session.get_one(Cooperative, lot.cooperative_id)
    reference = lot.reference
    (site,) = sites_of(uow.session, cooperative.id)
    where = f"/staff/cooperatives/{cooperative.reference}/sites/{site.reference}/inspection"
    mary = signed_in(app, uow, moderator(uow, "mary"))

    seen = {"activity": "active", "seen_on": "2026-09-28"}
    mary.post(where, data={"status": "3", **seen, **key(1)})
    red = mary.get(f"/lots/{reference}").status_code
    mary.post(where, data={"status": "1", **seen, **key(2)})

    assert (red, mary.get(f"/lots/{reference}").status_code) == (404, 200)
