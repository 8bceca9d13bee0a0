"""A buyer asks for an independent check, staff give it to somebody, the note stands on the lot's page."""

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import User
from marketplace.checks import services
from marketplace.checks.answers import Errand, Note
from marketplace.checks.models import LotCheck
from marketplace.checks.queries import checkers_for
from marketplace.checks.services import CheckNotOpen, CheckRunning, LevelNeeded, NotIndependent, TooManyChecks
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Forbidden, TransitionRefused, VersionChanged
from marketplace.lots.models import Lot, LotListing, LotVersion
from marketplace.notifications.models import Message
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import published_lot
from tests.builders.moderation import decided, waiting_lot
from tests.people import actor, buyer, person
from tests.web.staff.test_monitoring_pages import page
from tests.web.test_orders import browser

WORDS = "Colour and clarity are as described, and the scale shows the weight."
NOTE = Note("as_described", "photos", WORDS)


def key() -> dict[str, str]:
    return {"idempotency_key": uuid4().hex}


class Stage:
    """A lot on sale, bob who wants to buy, mary who moderates and vivian who checks."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.lot, self.version, self.amina = published_lot(uow)
        self.bob = buyer(uow, "bob")[0]
        self.mary = person(uow, "mary", StaffRole.MODERATOR)
        self.vivian = person(uow, "vivian", StaffRole.VERIFIER)

    def by(self, user: User) -> UnitOfWork:
        return self.uow.acting_as(actor(self.uow.session, user))

    def asked(self, by: User | None = None, sha256: str | None = None) -> LotCheck:
        unit = self.by(by or self.bob)
        return services.ask(unit, lot_id=self.lot.id, version_sha256=sha256 or self.version.sha256, question="Even?")

    def assigned(self) -> LotCheck:
        check = self.asked()
        errand = Errand(self.vivian.id, self.uow.now.date() + timedelta(days=5))
        services.assign(self.by(self.mary), check=check, errand=errand)
        return check

    def finished(self) -> LotCheck:
        check = self.assigned()
        services.finish(self.by(self.vivian), check=check, note=NOTE)
        return check


@pytest.fixture
def stage(uow: UnitOfWork) -> Stage:
    return Stage(uow)


def test_the_whole_road_from_the_question_to_the_note_on_the_lots_page(app: Flask, stage: Stage) -> None:
    uow, address = stage.uow, f"/lots/{stage.lot.reference}"
    bob = browser(app, uow, stage.bob)
    assert "Nobody checked this lot independently yet." in page(bob, address)
    assert "It costs you nothing." in page(bob, f"{address}/check")
    form = {"version": stage.version.sha256, "question": "Is the colour even?"}
    assert bob.post(f"{address}/check", data={**form, **key()}).status_code == 303
    assert "Waits for a checker" in page(bob, "/checks")
    assert "A check of this lot is under way" in page(bob, f"{address}/check")

    reference = uow.session.scalars(select(LotCheck.reference)).one()
    at = f"/staff/lot-checks/{reference}"
    mary, vivian = browser(app, uow, stage.mary), browser(app, uow, stage.vivian)
    assert reference in page(mary, "/staff/lot-checks")
    assert "Is the colour even?" in page(mary, at)
    due_on = (uow.now.date() + timedelta(days=3)).isoformat()
    given = mary.post(f"{at}/checker", data={"checker": str(stage.vivian.id), "due_on": due_on, **key()})
    assert given.status_code == 303
    assert "Write the note" not in page(mary, at)
    short = vivian.post(f"{at}/note", data={"finding": "differs", "seen": "photos", "note": "No.", **key()})
    assert short.status_code == 422
    assert "in at least 40 letters" in short.text
    done = vivian.post(f"{at}/note", data={"finding": "as_described", "seen": "photos", "note": WORDS, **key()})
    assert done.status_code == 303

    text = page(app.test_client(), address)
    for words in ("What was seen fits the description", "Made for this version", WORDS, reference):
        assert words in text
    assert "vivian" not in text
    (told,) = app.test_client().get(f"/api/v1/lots/{stage.lot.reference}").get_json()["independent_checks"]
    assert (told["finding"], told["note"], told["is_for_this_version"]) == ("as_described", WORDS, True)
    assert told["version_sha256"] == stage.version.sha256
    letters = uow.session.scalars(select(Message.template).where(Message.template.like("lot_check%"))).all()
    # The checker is told of the errand; the buyer and the secretary of the note.
    assert sorted(letters) == ["lot_check_assigned", "lot_check_done", "lot_check_done"]


def test_a_new_version_shows_that_the_note_is_about_an_earlier_one(app: Flask, stage: Stage) -> None:
    stage.finished()
    uow, old = stage.uow, stage.version
    newer = LotVersion(
        lot_id=old.lot_id, number=old.number + 1, content=old.content, sha256="ab" * 32, guidance=old.guidance,
        price_minor=old.price_minor, net_minor=old.net_minor, currency=old.currency, submitted_by=old.submitted_by,
        submitted_at=old.submitted_at,
    )  # fmt: skip
    uow.session.add(newer)
    uow.session.flush()
    uow.record("order.test", newer)
    uow.session.get_one(LotListing, stage.lot.id).version_id = newer.id
    uow.commit()

    text = page(app.test_client(), f"/lots/{stage.lot.reference}")
    assert "Made for an earlier version" in text
    assert f"The note is about version {old.number}." in text
    assert "Made for this version" not in text
    (told,) = app.test_client().get(f"/api/v1/lots/{stage.lot.reference}").get_json()["independent_checks"]
    assert (told["is_for_this_version"], told["version_number"]) == (False, old.number)


def test_a_check_is_asked_of_the_version_that_was_read_and_once_at_a_time(stage: Stage) -> None:
    with pytest.raises(VersionChanged):
        stage.asked(sha256="0" * 64)
    stage.asked()
    with pytest.raises(CheckRunning):
        stage.asked(by=buyer(stage.uow, "carol")[0])


def test_the_database_refuses_a_second_open_check_of_a_lot(stage: Stage) -> None:
    first = stage.asked()
    columns = {column.key: getattr(first, column.key) for column in LotCheck.__table__.columns}
    stage.uow.session.add(LotCheck(**{**columns, "id": uuid4(), "reference": "IC-OTHER"}))
    with pytest.raises(IntegrityError, match="uq_lot_check_open"), stage.uow.session.begin_nested():
        stage.uow.session.flush()


def test_sold_lots_unknown_companies_and_strangers_are_refused(stage: Stage) -> None:
    with pytest.raises(LevelNeeded):
        stage.asked(by=buyer(stage.uow, "dan", level=0)[0])
    with pytest.raises(Forbidden):
        stage.asked(by=stage.mary)
    stage.uow.session.get_one(LotListing, stage.lot.id).availability = "sold"
    with pytest.raises(CheckNotOpen):
        stage.asked()


def test_a_buyer_waits_for_five_checks_at_most(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_OPEN", 1)
    stage.asked()
    stage.lot, stage.version, _amina = published_lot(stage.uow, number=2)
    with pytest.raises(TooManyChecks):
        stage.asked()


def test_who_decided_about_the_lot_or_is_no_verifier_does_not_check_it(uow: UnitOfWork) -> None:
    case, lot, _secretary = waiting_lot(uow)
    both = person(uow, "mary", StaffRole.MODERATOR, StaffRole.VERIFIER)
    decided(uow, case, both)
    vivian = person(uow, "vivian", StaffRole.VERIFIER)
    bob = buyer(uow, "bob")[0]
    version = uow.session.get_one(LotVersion, uow.session.get_one(Lot, lot.id).published_version_id)
    check = services.ask(
        uow.acting_as(actor(uow.session, bob)), lot_id=lot.id, version_sha256=version.sha256, question=""
    )
    assert checkers_for(uow.session, check) == [vivian]
    with pytest.raises(NotIndependent):
        services.assign(uow.acting_as(actor(uow.session, both)), check=check, errand=Errand(both.id, uow.now.date()))


def test_only_the_checker_writes_the_note_and_only_while_it_is_hers(stage: Stage) -> None:
    check = stage.assigned()
    walter = person(stage.uow, "walter", StaffRole.VERIFIER)
    with pytest.raises(Forbidden):
        services.finish(stage.by(walter), check=check, note=NOTE)
    services.hand_back(stage.by(stage.vivian), check=check)
    with pytest.raises(TransitionRefused):
        services.finish(stage.by(stage.vivian), check=check, note=NOTE)


def test_a_buyer_withdraws_before_anybody_works_on_it_and_reads_why_not(app: Flask, stage: Stage) -> None:
    first = stage.asked()
    services.withdraw(stage.by(stage.bob), check=first)
    second = stage.asked()
    services.decline(stage.by(stage.mary), check=second, reason="There is no verifier this month.")
    bob = browser(app, stage.uow, stage.bob)
    text = page(bob, "/checks")
    assert "Withdrawn" in text
    assert "Pact writes: There is no verifier this month." in text
    assert bob.post(f"/checks/{second.reference}/withdrawal", data=key()).status_code == 409
    carol = browser(app, stage.uow, buyer(stage.uow, "carol")[0])
    assert carol.post(f"/checks/{second.reference}/withdrawal", data=key()).status_code == 404
    assert carol.get("/staff/lot-checks").status_code == 403


def test_bad_answers_are_kept_and_explained(app: Flask, stage: Stage, client: FlaskClient) -> None:
    check = stage.asked()
    mary = browser(app, stage.uow, stage.mary)
    at = f"/staff/lot-checks/{check.reference}"
    for form, words in (
        ({"checker": str(stage.mary.id), "due_on": "2026-10-01"}, "Choose one."),
        ({"checker": str(stage.vivian.id), "due_on": "2027-10-01"}, "Choose a day from today"),
    ):
        answer = mary.post(f"{at}/checker", data={**form, **key()})
        assert answer.status_code == 422
        assert words in unescape(answer.text)
    assert "Say why." in mary.post(f"{at}/refusal", data={"reason": "no", **key()}).text
    assert "Done" in page(mary, "/staff/lot-checks?state=done")
    assert mary.get("/staff/lot-checks/IC-NONE").status_code == 404
    assert client.get(f"/lots/{stage.lot.reference}/check").status_code in {302, 303}
