"""Passports as staff see them: the list, revoking with a reason, issuing again, and labels for bags."""

import re

import pytest
from flask import Flask

from marketplace.core.actor import StaffRole
from marketplace.http.context import make_uow
from marketplace.jobs.tasks import passports as tasks
from marketplace.passport import queries
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import published_lot
from tests.builders.passports import Issued, issued_passport
from tests.people import person
from tests.web.test_orders import KEY, browser


@pytest.fixture
def issued(uow: UnitOfWork) -> Issued:
    found = issued_passport(uow)
    uow.commit()
    return found


def test_a_moderator_revokes_with_a_reason_and_issues_again(app: Flask, uow: UnitOfWork, issued: Issued) -> None:
    grace = browser(app, uow, person(uow, "Grace", StaffRole.MODERATOR))
    page = f"/staff/passports/{issued.lot.reference}"

    refused = grace.post(f"{page}/revocation", data={**KEY, "reason": ""})
    assert refused.status_code == 422
    done = grace.post(
        f"{page}/revocation", data={"idempotency_key": "another-key-1", "reason": "The stone was exchanged."}
    )
    assert done.status_code == 303
    assert "The stone was exchanged." in grace.get(page).text
    assert "Revoked. Do not trust this passport." in grace.get(f"/l/{issued.lot.reference}").text
    again = grace.post(f"{page}/versions", data={"idempotency_key": "another-key-2"})
    assert again.status_code == 303
    newest = queries.latest(uow.session, lot_id=issued.lot.id)
    assert newest is not None
    assert newest.number == 2


def test_an_auditor_reads_and_may_not_revoke(app: Flask, uow: UnitOfWork, issued: Issued) -> None:
    helene = browser(app, uow, person(uow, "Helene", StaffRole.AUDITOR))
    page = f"/staff/passports/{issued.lot.reference}"

    assert issued.lot.reference in helene.get("/staff/passports").text
    assert issued.lot.reference in helene.get(f"/staff/passports?reference={issued.lot.reference.lower()}").text
    assert "No passport fits." in helene.get("/staff/passports?reference=TZ-0").text
    assert "Revoke the passport" not in helene.get(page).text
    assert helene.post(f"{page}/revocation", data={**KEY, "reason": "Because."}).status_code == 403


def test_labels_are_for_named_lots_or_a_range_of_tags(app: Flask, uow: UnitOfWork, issued: Issued) -> None:
    helene = browser(app, uow, person(uow, "Helene", StaffRole.AUDITOR))
    tag = issued.lot.tag_number

    for asked in (f"references={issued.lot.reference}", f"first={tag}&last={tag}"):
        answer = helene.get(f"/staff/passports/labels.pdf?{asked}")
        assert answer.data.startswith(b"%PDF-")
        assert len(re.findall(rb"/Type\s*/Page\b", answer.data)) == 1
    assert helene.get("/staff/passports/labels.pdf").status_code == 422
    assert helene.get("/staff/passports/labels.pdf?first=ZZZ&last=ZZZ").status_code == 422


def test_the_worker_issues_what_waits_and_compares_the_rest(app: Flask, uow: UnitOfWork) -> None:
    lot, _, _ = published_lot(uow)
    uow.commit()

    assert tasks._issue_each(make_uow, queries.waiting_lots(uow.session, limit=tasks.BATCH))

    assert queries.waiting_lots(uow.session, limit=5) == []
    assert list(queries.lots_after(uow.session, None, limit=5)) == [lot.id]
    assert list(queries.lots_after(uow.session, lot.id, limit=5)) == []
    assert tasks._issue_each(make_uow, [lot.id])
    newest = queries.latest(uow.session, lot_id=lot.id)
    assert newest is not None
    assert newest.number == 1
