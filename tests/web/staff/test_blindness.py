"""Nobody who may still decide reads what another one decided: not in the case, the log, its files or its news."""

import json
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.audit.models import AuditEvent
from marketplace.audit.sequencing import sequence
from marketplace.core.actor import StaffRole
from marketplace.core.ids import new_id
from marketplace.history.slices import STAFF, newer
from marketplace.moderation.models import BlindReview, ModerationCase
from marketplace.moderation.services import escalate
from marketplace.unit_of_work import UnitOfWork
from tests.builders.moderation import decided_by_one, moderator, waiting_lot
from tests.people import actor, person, signed_in

HIDDEN = "What was decided is hidden from you now."
DECIDE = "action=moderation_case.decide"


def waits_for_second(uow: UnitOfWork) -> tuple[ModerationCase, User]:
    """Let Zawadi approve a case that needs two."""
    case, *_ = waiting_lot(uow)
    zawadi = moderator(uow, "Zawadi First")
    decided_by_one(uow, case, zawadi)
    return case, zawadi


def waits_for_look(uow: UnitOfWork) -> tuple[ModerationCase, User]:
    """Let Zawadi approve a case alone, drawn to be looked at again."""
    case, *_ = waiting_lot(uow)
    case.second_reasons = []
    zawadi = moderator(uow, "Zawadi First")
    decided_by_one(uow, case, zawadi)
    if uow.session.scalar(select(BlindReview)) is None:
        review = BlindReview(id=new_id(), case_id=case.id, opened_at=uow.now)
        uow.session.add(review)
        uow.record("blind_review.open", review, case)
    return case, zawadi


def left_to_others(uow: UnitOfWork) -> tuple[ModerationCase, User]:
    """Let Zawadi approve, and the second person leave it to others: a second decision is still owed."""
    case, zawadi = waits_for_second(uow)
    neema = uow.acting_as(actor(uow.session, moderator(uow, "Neema")))
    escalate(neema, case=case, words="I know the secretary from school.")
    return case, zawadi


@pytest.fixture(params=[waits_for_second, waits_for_look, left_to_others])
def owed(request: pytest.FixtureRequest, uow: UnitOfWork) -> tuple[UUID, User]:
    """A case with one decision, while another person still owes hers."""
    case, zawadi = request.param(uow)
    uow.session.flush()
    return case.id, zawadi


def reader(app: Flask, uow: UnitOfWork, *roles: StaffRole) -> FlaskClient:
    return signed_in(app, uow, person(uow, "Rehema", *roles))


def decided_seq(uow: UnitOfWork) -> int:
    seq = uow.session.scalar(select(AuditEvent.seq).where(AuditEvent.action == "moderation_case.decide"))
    assert seq is not None
    return seq


def everywhere(uow: UnitOfWork, client: FlaskClient, case_id: UUID) -> dict[str, str]:
    """Return every place where the decision could be read."""
    seq = decided_seq(uow)
    return {
        "case": client.get(f"/staff/moderation/{case_id}").text,
        "log": client.get(f"/staff/audit?{DECIDE}").text,
        "event": client.get(f"/staff/audit/{seq}").text,
        "entry": client.get(f"/staff/audit/{seq}/entry").text,
        "csv": client.post(f"/staff/audit/export.csv?{DECIDE}").text,
    }


SIGNS = ("verdict: approve", '"verdict": "approve"', ">approve<", "<b>Approved</b>")


def test_a_reviewer_reads_the_decision_nowhere(app: Flask, uow: UnitOfWork, owed: tuple[UUID, User]) -> None:
    places = everywhere(uow, reader(app, uow, StaffRole.MODERATOR, StaffRole.AUDITOR), owed[0])
    found = {(name, sign) for name, page in places.items() for sign in SIGNS if sign in page}
    assert found == set()
    assert all(HIDDEN in places[name] for name in ("case", "log", "event"))


def test_no_words_find_what_is_hidden(app: Flask, uow: UnitOfWork, owed: tuple[UUID, User]) -> None:
    client = reader(app, uow, StaffRole.MODERATOR)
    for question in ("text=approve", "text=nonsense&not=text"):
        page = client.get(f"/staff/audit?{DECIDE}&{question}").text
        assert "No entry fits." in page, "neither found nor left over"


def test_the_file_with_proofs_discloses_nothing_hidden(app: Flask, uow: UnitOfWork, owed: tuple[UUID, User]) -> None:
    client = reader(app, uow, StaffRole.MODERATOR)
    lines = client.post(f"/staff/audit/export.jsonl?{DECIDE}").text.splitlines()
    assert json.loads(lines[0])["entries"] == 1
    assert json.loads(lines[1])["disclosures"] == []


def test_news_of_the_log_carry_no_fact_at_all(uow: UnitOfWork, owed: tuple[UUID, User]) -> None:
    sequence(uow.session)
    leaves = [entry.leaf.decode() for entry in newer(uow.session, STAFF, since=0, limit=500)]
    decided = [leaf for leaf in leaves if "moderation_case.decide" in leaf]
    assert len(decided) == 1
    assert "approve" not in decided[0]


def test_who_decided_and_who_reviews_nothing_read_it(app: Flask, uow: UnitOfWork, owed: tuple[UUID, User]) -> None:
    auditor = reader(app, uow, StaffRole.AUDITOR)
    for client in (signed_in(app, uow, owed[1]), auditor):
        places = everywhere(uow, client, owed[0])
        assert "verdict: approve" in places["log"]
        assert ">approve<" in places["event"]
        assert '""verdict"": ""approve""' in places["csv"]
        assert "<b>Approved</b>" in places["case"]


def test_after_the_second_decision_everybody_reads_both(app: Flask, uow: UnitOfWork) -> None:
    case, _zawadi = waits_for_second(uow)
    decided_by_one(uow, case, moderator(uow, "Peter Second"))
    uow.session.flush()
    places = everywhere(uow, reader(app, uow, StaffRole.MODERATOR), case.id)
    assert HIDDEN not in "".join(places.values())
    assert places["log"].count("verdict: approve") == 2
