"""The ICGLR record of a lot for the authority: who may take it, what it holds, and that taking it is recorded."""

import csv
import json
from io import StringIO

from flask import Flask
from sqlalchemy import select

from marketplace.audit.models import AuditEvent
from marketplace.core.actor import StaffRole
from marketplace.lots.models import Lot
from marketplace.moderation import services as moderation
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative
from tests.builders.lots import GOLD, draft_lot, published_lot, seller
from tests.builders.moderation import decided
from tests.people import actor, person
from tests.web.test_custody import send
from tests.web.test_orders import KEY, browser, text_of

PRODUCED = {
    "happened_at": "2026-09-19T10:00", "unit": "g", "miners_paid": "yes", "weight_after": "250", "pieces": "1",
    "tag_number": "TZ-700001",
}  # fmt: skip
EXPORTED = {
    "happened_at": "2026-09-20T10:00", "permit": "EP-17", "hs_code": "710812", "unit": "g", "weight_after": "250",
    "declared": "900", "taxes": "54.10", "currency": "USD",
}  # fmt: skip


def gold_lot(uow: UnitOfWork, country: str = "TZ") -> Lot:
    _cooperative, site, secretary = approved_cooperative(uow, country)
    lot, _version, _secretary = published_lot(uow, of=(site, secretary), steps=GOLD)
    return lot


def actions(uow: UnitOfWork) -> list[str]:
    return list(uow.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def test_the_record_holds_the_place_and_every_look_is_recorded(app: Flask, uow: UnitOfWork) -> None:
    lot = gold_lot(uow)
    address = f"/staff/lots/{lot.reference}/icglr"
    grace = browser(app, uow, person(uow, "Grace", StaffRole.MODERATOR))

    page = text_of(grace, address)
    answer = grace.post(address, data={**KEY, "form": "json"})

    assert "That you took one is recorded." in page
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    (site,) = json.loads(answer.text)["mineSites"]
    assert site["icglrId"].startswith("TZ-")
    assert site["icglrId"] not in page
    assert actions(uow)[-2:] == ["lot.report", "mine_site.locate"]


def test_a_table_is_csv_with_the_names_of_icglr(app: Flask, uow: UnitOfWork) -> None:
    lot = gold_lot(uow)
    grace = browser(app, uow, person(uow, "Grace", StaffRole.MODERATOR))

    answer = grace.post(f"/staff/lots/{lot.reference}/icglr", data={**KEY, "form": "mineSites"})

    assert answer.mimetype == "text/csv"
    (row,) = csv.DictReader(StringIO(answer.text))
    assert (row["mineral"], row["addressCountry"]) == ("7108.12.00", "TZ")


def test_a_table_that_nobody_knows_is_not_there(app: Flask, uow: UnitOfWork) -> None:
    lot = gold_lot(uow)
    grace = browser(app, uow, person(uow, "Grace", StaffRole.MODERATOR))

    assert grace.post(f"/staff/lots/{lot.reference}/icglr", data={**KEY, "form": "miners"}).status_code == 404


def test_other_minerals_have_no_record_and_the_page_says_why(app: Flask, uow: UnitOfWork) -> None:
    lot, _version, _amina = published_lot(uow)
    address = f"/staff/lots/{lot.reference}/icglr"
    grace = browser(app, uow, person(uow, "Grace", StaffRole.MODERATOR))

    assert "This lot is none of them." in text_of(grace, address)
    assert grace.post(address, data={**KEY, "form": "json"}).status_code in {409, 422}
    assert "lot.report" not in actions(uow)


def test_auditors_take_no_place(app: Flask, uow: UnitOfWork) -> None:
    lot = gold_lot(uow)
    helene = browser(app, uow, person(uow, "Helene", StaffRole.AUDITOR))

    assert helene.get(f"/staff/lots/{lot.reference}/icglr").status_code == 403
    assert helene.post(f"/staff/lots/{lot.reference}/icglr", data={**KEY, "form": "json"}).status_code == 403


def test_taxes_on_export_stand_in_the_record_alone(app: Flask, uow: UnitOfWork) -> None:
    site, secretary = seller(uow)
    lot = draft_lot(uow, seller=(site, secretary), steps=GOLD)
    reference, site_reference = lot.reference, site.reference
    grace = browser(app, uow, person(uow, "Grace", StaffRole.MODERATOR))
    journey = f"/staff/lots/{reference}/journey"
    assert send(grace, f"{journey}/produced?for=cooperative", PRODUCED, site=site_reference).status_code == 303
    assert send(grace, f"{journey}/exported?for=cooperative", EXPORTED, number=2).status_code == 303
    case = moderation.submit_lot(uow.acting_as(actor(uow.session, secretary)), lot=lot)
    decided(uow, case, person(uow, "Zawadi", StaffRole.MODERATOR))
    uow.commit()

    document = json.loads(grace.post(f"/staff/lots/{reference}/icglr", data={**KEY, "form": "json"}).text)

    (tax,) = document["taxes"]
    assert (tax["taxAmount"], tax["currency"], tax["receiptReference"]) == ("54.10", "USD", "EP-17")
    assert [(row["originatingOperation"], row["mass"]) for row in document["lots"]] == [("1", "0.25"), ("8", "0.25")]
    assert "54.10" not in text_of(grace, f"/staff/lots/{reference}/icglr")
    assert "54.10" not in text_of(app.test_client(), f"/lots/{reference}/journey")
