from flask import Flask
from sqlalchemy import select

from marketplace.compliance.models import Cooperative, MineSite
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import application_form, approved_cooperative, drafted_cooperative, site_form
from tests.builders.lots import published_lot
from tests.builders.moderation import moderator
from tests.people import signed_in


def key(number: int) -> dict[str, str]:
    return {"idempotency_key": f"key-number-{number}"}


def test_the_sealed_place_is_on_no_page_of_the_cooperative(app: Flask, uow: UnitOfWork) -> None:
    cooperative, site, secretary = approved_cooperative(uow)
    path = f"/sell/cooperatives/{cooperative.reference}"
    pages = (path, f"{path}/sites/{site.reference}")
    amina = signed_in(app, uow, secretary)

    for page in pages:
        answer = amina.get(page)
        assert answer.status_code == 200
        assert "3.5667" not in answer.text.replace("such as -3.5667", "")
        assert "36.9833" not in answer.text
    assert b"3.5667" not in (site.coordinates_sealed or b"")


def test_another_cooperative_is_not_there(app: Flask, uow: UnitOfWork) -> None:
    theirs, _, _ = drafted_cooperative(uow)
    _, _, secretary = drafted_cooperative(uow)
    path = f"/sell/cooperatives/{theirs.reference}"
    stranger = signed_in(app, uow, secretary)

    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}/withdrawal", data=key(1)).status_code == 404
    assert stranger.post(f"{path}/facts", data={**application_form(), **key(2)}).status_code == 404


def test_an_approved_cooperative_changes_its_size_but_not_its_name(app: Flask, uow: UnitOfWork) -> None:
    cooperative, _, secretary = approved_cooperative(uow)
    path = f"/sell/cooperatives/{cooperative.reference}"
    amina = signed_in(app, uow, secretary)

    facts = {**application_form(members_total="60", legal_name="Other"), **key(1)}
    assert amina.post(f"{path}/facts", data=facts).status_code == 303

    uow.session.refresh(cooperative)
    assert (cooperative.members_total, cooperative.legal_name) == (60, "Mama Madini Cooperative")


def test_a_moderator_cannot_verify_the_site_that_she_entered(app: Flask, uow: UnitOfWork) -> None:
    cooperative, _, _ = drafted_cooperative(uow)
    where = f"/staff/cooperatives/{cooperative.reference}"
    mary = signed_in(app, uow, moderator(uow))

    mary.post(f"{where}/sites", data={**site_form(name="Block D"), "minerals": ["gold"], **key(2)})
    site = uow.session.scalars(select(MineSite).where(MineSite.name == "Block D")).one()
    verified = mary.post(f"{where}/sites/{site.reference}/verification", data=key(3))

    assert verified.status_code == 403
    assert "another person must verify it" in mary.get(where).text


def test_a_suspension_on_the_page_hides_the_lots(app: Flask, uow: UnitOfWork) -> None:
    lot, *_ = published_lot(uow)
    cooperative = uow.session.get_one(Cooperative, lot.cooperative_id)
    path, reference = f"/staff/cooperatives/{cooperative.reference}", lot.reference
    mary = signed_in(app, uow, moderator(uow))

    short = mary.post(f"{path}/suspension", data={"reason": "late", **key(1)})
    done = mary.post(f"{path}/suspension", data={"reason": "The licence was taken back last week.", **key(2)})
    lifted = mary.post(f"{path}/lifting", data={"reason": "The licence was given again today.", **key(3)})

    assert (short.status_code, done.status_code, lifted.status_code) == (422, 303, 403)
    assert "another person must lift it" in mary.get(path).text
    assert reference not in mary.get("/lots").text
    assert mary.get(f"/lots/{reference}").status_code == 404


def test_screening_inspection_and_place_are_recorded(app: Flask, uow: UnitOfWork) -> None:
    cooperative, site, _ = drafted_cooperative(uow)
    path = f"/staff/cooperatives/{cooperative.reference}"
    at_site = f"{path}/sites/{site.reference}"
    mary = signed_in(app, uow, moderator(uow))

    nameless = mary.post(f"{path}/screening", data={"lists": " ", **key(1)})
    screened = mary.post(f"{path}/screening", data={"lists": "UN list of today", **key(2)})
    dayless = mary.post(f"{at_site}/inspection", data={"status": "3", "activity": "active", **key(3)})
    inspected = mary.post(
        f"{at_site}/inspection", data={"status": "3", "activity": "active", "seen_on": "2026-09-28", **key(4)}
    )
    place = mary.post(f"{at_site}/place", data=key(5))

    uow.session.refresh(site)
    assert (nameless.status_code, screened.status_code, dayless.status_code) == (422, 303, 422)
    assert (inspected.status_code, site.status) == (303, 3)
    assert "-3.5667" in place.text


def test_the_list_of_cooperatives_reads_odd_addresses(app: Flask, uow: UnitOfWork) -> None:
    drafted_cooperative(uow)
    mary = signed_in(app, uow, moderator(uow))

    for query in ("", "?state=draft", "?state=%00", "?after=x~y", "?after=~", "?after=" + "9" * 300):
        assert mary.get(f"/staff/cooperatives{query}").status_code == 200
    assert mary.get("/staff/cooperatives/TZ-NONE").status_code == 404
