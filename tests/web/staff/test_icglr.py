"""The export for an authority: who may take it, why, what is recorded, and the sentence where there is none."""

import csv
import io
import json

from flask import Flask
from sqlalchemy import select

from marketplace.audit.models import AuditEvent
from marketplace.core.actor import StaffRole
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import GOLD, published_lot
from tests.people import person
from tests.web.test_orders import browser

ASKED = {"reason": "The Mining Commission asked for it.", "sequence": "1", "form": "json"}


def actions(uow: UnitOfWork) -> list[str]:
    return list(uow.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)))


def test_a_moderator_takes_the_fields_with_the_place_and_it_is_recorded(app: Flask, uow: UnitOfWork) -> None:
    lot, _version, _secretary = published_lot(uow, steps=GOLD)
    uow.commit()
    grace = browser(app, uow, person(uow, "Grace", StaffRole.MODERATOR))
    page = f"/staff/lots/{lot.reference}/icglr"

    assert page in grace.get(f"/staff/lots/{lot.reference}/journey").text
    assert "It holds the exact place of the mine." in grace.get(page).text
    answer = grace.post(page, data=ASKED)
    fields = json.loads(answer.data)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="icglr-{lot.reference}.json"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert fields["lots"][0]["mineSiteId"] == fields["mineSite"]["icglrId"]
    assert fields["mineSite"]["icglrId"].startswith("TZ-")
    assert actions(uow)[-2:] == ["mine_site.locate", "lot.hand_over"]
    table = grace.post(page, data={**ASKED, "form": "csv"})
    row = next(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert (row["lotNumber"], row["mass"]) == (lot.reference, "0.25")


def test_a_reason_and_a_number_are_asked_and_nothing_is_opened_without(app: Flask, uow: UnitOfWork) -> None:
    lot, _version, _secretary = published_lot(uow, steps=GOLD)
    uow.commit()
    grace = browser(app, uow, person(uow, "Grace", StaffRole.MODERATOR))

    for wrong in ({"reason": ""}, {"sequence": "0"}, {"sequence": "100000"}, {"sequence": "x"}, {"form": "exe"}):
        answer = grace.post(f"/staff/lots/{lot.reference}/icglr", data={**ASKED, **wrong})
        assert answer.status_code == 422
    assert (
        "Enter a whole number from 1 to 99999."
        in grace.post(f"/staff/lots/{lot.reference}/icglr", data={**ASKED, "sequence": "0"}).text
    )
    assert "mine_site.locate" not in actions(uow)


def test_a_gemstone_has_a_sentence_and_no_form(app: Flask, uow: UnitOfWork) -> None:
    lot, _version, _secretary = published_lot(uow)
    uow.commit()
    grace = browser(app, uow, person(uow, "Grace", StaffRole.MODERATOR))
    page = grace.get(f"/staff/lots/{lot.reference}/icglr").text

    assert "They do not cover gemstones." in page
    assert "Download the table" not in page
    assert grace.post(f"/staff/lots/{lot.reference}/icglr", data=ASKED).status_code == 422
    assert "mine_site.locate" not in actions(uow)


def test_an_auditor_may_not_open_the_place(app: Flask, uow: UnitOfWork) -> None:
    lot, _version, _secretary = published_lot(uow, steps=GOLD)
    uow.commit()
    helene = browser(app, uow, person(uow, "Helene", StaffRole.AUDITOR))

    assert helene.post(f"/staff/lots/{lot.reference}/icglr", data=ASKED).status_code == 403
    assert "/icglr" not in helene.get(f"/staff/lots/{lot.reference}/journey").text
