"""Sanctions screening as staff see it: lists, hits side by side, decisions, owners; and its health."""

import io

from flask import Flask
from flask.testing import FlaskClient

from marketplace.accounts.models import User
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import StaffRole
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative
from tests.builders.lists import sample, trio
from tests.builders.screening import WHY, all_lists, hit_of_cooperative, hits, put_in_force, un_list
from tests.people import person, signed_in

LISTS = "/staff/screening/lists"


def key(number: int) -> dict[str, str]:
    return {"idempotency_key": f"screening-{number:04}"}


def upload(client: FlaskClient, raw: bytes, *, kind: str = "un", **more: str) -> tuple[int, str]:
    form = {"list": kind, "file": (io.BytesIO(raw), "list.xml"), **more}
    done = client.post(LISTS, data=form, content_type="multipart/form-data", follow_redirects=True)
    return done.status_code, done.get_data(as_text=True)


def browser(app: Flask, uow: UnitOfWork, name: str, role: StaffRole = StaffRole.MODERATOR) -> FlaskClient:
    user: User = person(uow, name, role)
    return signed_in(app, uow, user)


def test_a_moderator_imports_lists_and_sees_their_age(app: Flask, uow: UnitOfWork) -> None:
    mary = browser(app, uow, "Mary")
    assert "Missing" in mary.get(LISTS).get_data(as_text=True)
    status, page = upload(mary, sample("un.xml"))
    assert status == 200
    assert "The list is in force. Its entries: 2." in page
    assert "It is 4 days old." in page
    status, page = upload(mary, sample("un.xml")[:900])
    assert (status, "The file is cut or malformed at line" in page) == (422, True)
    status, page = upload(mary, sample("un.xml"))
    assert (status, "This file is in force already." in page) == (422, True)
    status, page = upload(mary, trio(), kind="ofac")
    assert (status, "Enter the day it was published." in page) == (422, True)
    status, page = upload(mary, trio(), kind="ofac", published_on="2026-09-24")
    assert (status, "Its entries: 3." in page) == (200, True)
    status, page = upload(mary, trio(), kind="ofac", published_on="24.9.2026")
    assert (status, "Enter the day as year-month-day" in page) == (422, True)
    status, page = upload(mary, b"", kind="eu")
    assert (status, "Choose the file of the list." in page) == (422, True)
    status, page = upload(mary, sample("eu.xml"), kind="atlantis")
    assert (status, "Choose the list." in page) == (422, True)


def test_a_list_that_lost_most_entries_wants_a_confirmation(app: Flask, uow: UnitOfWork) -> None:
    mary = browser(app, uow, "Mary")
    upload(mary, un_list("Ann One", "Ben Two", "Cyd Three", day="2026-09-20"))
    status, page = upload(mary, un_list("Ann One", day="2026-09-21"))
    assert status == 422
    assert "It may be cut." in page
    assert "the list is really so much shorter" in page
    status, _page = upload(mary, un_list("Ann One", day="2026-09-21"), is_whole="yes")
    assert status == 200


def test_two_moderators_decide_side_by_side(app: Flask, uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    hit = hit_of_cooperative(uow, cooperative)
    mary, grace = browser(app, uow, "Mary"), browser(app, uow, "Grace")
    queue = mary.get("/staff/screening").get_data(as_text=True)
    assert "Mama Madini Cooperative" in queue
    path = f"/staff/screening/hits/{hit.reference}"
    page = mary.get(path).get_data(as_text=True)
    assert "Is it the same?" in page
    assert "1000 of 1000" in page
    short = mary.post(f"{path}/propose", data={"reason-propose": "Yes.", **key(1)})
    assert short.status_code == 422
    assert "Yes." in short.get_data(as_text=True)
    assert mary.post(f"{path}/propose", data={"reason-propose": WHY, **key(2)}).status_code == 303
    assert "needs another person than you" in mary.get(path).get_data(as_text=True)
    assert mary.post(f"{path}/confirm", data={"reason-confirm": WHY, **key(3)}).status_code == 403
    assert grace.post(f"{path}/confirm", data={"reason-confirm": WHY, **key(4)}).status_code == 303
    assert mary.post(f"{path}/dance", data={**key(5)}).status_code == 404
    uow.session.expire_all()
    assert uow.session.get_one(Cooperative, cooperative.id).state == "suspended"
    assert hit.reference in grace.get("/staff/screening?state=match").get_data(as_text=True)
    assert hit.reference not in grace.get("/staff/screening").get_data(as_text=True)


def test_a_manual_screening_is_refused_while_a_hit_waits(app: Flask, uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    hit = hit_of_cooperative(uow, cooperative)
    mary = browser(app, uow, "Mary")
    done = mary.post(f"/staff/cooperatives/{cooperative.reference}/screening", data={"lists": "UN list", **key(1)})
    assert done.status_code == 409
    assert hit.reference in done.get_data(as_text=True)


def test_a_manual_screening_is_refused_while_a_list_is_in_force(app: Flask, uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    path = f"/staff/cooperatives/{cooperative.reference}"
    cooperative.screened_on = None
    uow.record("cooperative.unscreen", cooperative)
    put_in_force(uow, un_list("Nobody Ofthisname"))
    mary = browser(app, uow, "Mary")

    by_hand = mary.post(f"{path}/screening", data={"lists": "UN list of today", **key(1)})
    assert (by_hand.status_code, "compared with the imported lists" in by_hand.text) == (409, True)
    assert f"{path}/screening" not in mary.get(path).text
    uow.session.refresh(cooperative)
    assert cooperative.screened_on is None

    now = mary.post(f"/staff/screening/cooperatives/{cooperative.reference}/now", data=key(2))
    uow.session.refresh(cooperative)
    assert (now.status_code, cooperative.screened_on) == (303, uow.now.date())


def test_owners_are_entered_and_screened(app: Flask, uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    all_lists(uow, "Sahr Bello TUNKARA")
    mary, frida = browser(app, uow, "Mary"), browser(app, uow, "Frida", StaffRole.FINANCE)
    path = f"/staff/screening/cooperatives/{cooperative.reference}"
    form = {"owner_name": "Sahr Tunkara", "share": "33,3", "birth_year": "1971", "owner_country": "ML"}
    wrong = mary.post(f"{path}/owners", data={**form, "share": "20", "birth_year": "71", **key(1)})
    assert wrong.status_code == 422
    page = wrong.get_data(as_text=True)
    assert "Enter a share from 25 to 100 per cent" in page
    assert "Enter the year of birth with four digits" in page
    assert "Sahr Tunkara" in page
    assert mary.post(f"{path}/owners", data={**form, **key(2)}).status_code == 303
    shown = frida.get(path).get_data(as_text=True)
    assert "33.3%" in shown.replace("33.30%", "33.3%")
    assert hits(uow)[0].reference in shown
    told = frida.post(f"{path}/now", data={**key(3)}, follow_redirects=True).get_data(as_text=True)
    assert "A name looks like a listed one. A person must decide." in told


def test_health_tells_the_age_of_lists(app: Flask, uow: UnitOfWork) -> None:
    client = app.test_client()
    assert client.get("/health/screening").get_json() == {
        "status": "ok",
        "problems": [],
        "days": {"ofac": None, "un": None, "eu": None, "uk": None},
    }
    mary = browser(app, uow, "Mary")
    upload(mary, sample("un.xml"))
    answer = client.get("/health/screening")
    assert answer.status_code == 503
    assert answer.get_json()["problems"] == ["ofac", "eu", "uk"]
    assert answer.get_json()["days"]["un"] == 4
