"""The audit log for programs: own entries by a cursor, proofs that hold, examples that are real answers."""

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.api.v1 import examples
from marketplace.audit.models import AuditEvent
from marketplace.audit.sequencing import sequence
from marketplace.audit.tlog.merkle import leaf_hash
from marketplace.audit.tlog.proofs import parse_proof, verify_proof
from marketplace.core.actor import StaffRole
from marketplace.unit_of_work import UnitOfWork
from tests.api.conftest import Program
from tests.builders.log import sign, signer_in, write_entries
from tests.builders.lots import published_lot
from tests.people import buyer, person

MakeProgram = Callable[..., Program]
# What is new in every run: identifiers, nonces, digests, hashes, signatures.
DRAWN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[A-Za-z0-9+/_-]{22,}={0,2}")


def plain(document: Any) -> Any:
    if isinstance(document, dict):
        return {name: plain(value) for name, value in document.items()}
    if isinstance(document, list):
        return [plain(value) for value in document]
    return DRAWN.sub("…", document) if isinstance(document, str) else document


@pytest.fixture
def bob(uow: UnitOfWork, program: MakeProgram) -> Program:
    """A buyer's program; what it took to make it stands in the log."""
    user, _row = buyer(uow, "bob")
    return program(user)


def test_the_examples_are_real_answers(uow: UnitOfWork, bob: Program, tmp_path: Path) -> None:
    sign(uow, signer_in(tmp_path))
    event = bob.get("/audit/events").get_json()["events"][-1]

    answers = {
        "AUDIT_PAGE": bob.get("/audit/events"),
        "AUDIT_PROOF": bob.get(f"/audit/events/{event['id']}/proof"),
        "AUDIT_CONSISTENCY": bob.get("/audit/consistency?old_size=1"),
        "AUDIT_CHECKPOINT": bob.get("/audit/checkpoint"),
    }

    for name, answer in answers.items():
        assert answer.status_code == 200, answer.get_data(as_text=True)
        assert plain(answer.get_json()) == plain(getattr(examples, name)), name


def test_a_proof_holds_for_a_stranger(uow: UnitOfWork, bob: Program, anybody: Program, tmp_path: Path) -> None:
    signer = signer_in(tmp_path)
    sign(uow, signer)
    event = bob.get("/audit/events").get_json()["events"][-1]
    found = anybody.get(f"/audit/events/{event['id']}/proof").get_json()

    assert base64.b64decode(found["leaf_hash"]) == leaf_hash(event["leaf"].encode())
    proof = parse_proof(found["proof"].encode())
    verify_proof(
        proof, leaf=leaf_hash(event["leaf"].encode()), logs=[key.verifier for key in signer.keys], origin=signer.origin
    )
    assert [base64.b64encode(each).decode() for each in proof.hashes] == found["hashes"]


def test_whoever_reads_on_misses_nothing(uow: UnitOfWork, program: MakeProgram) -> None:
    user, _row = buyer(uow, "bob")
    his = program(user)
    for _ in range(60):
        uow.record("user.look", user)
        uow.record("user.change_profile", user)
    uow.commit()
    sequence(uow.session)
    uow.commit()

    first = his.get("/audit/events").get_json()
    second = his.get(f"/audit/events?cursor={first['next_cursor']}").get_json()
    third = his.get(f"/audit/events?cursor={second['next_cursor']}").get_json()
    again = his.get(f"/audit/events?cursor={third['next_cursor']}").get_json()

    read = [each["idx"] for page in (first, second, third) for each in page["events"]]
    assert read == sorted(set(read))
    assert len(first["events"]) == 50
    actions = [each["action"] for page in (first, second, third) for each in page["events"]]
    assert actions.count("user.change_profile") == 60
    assert "user.look" not in actions
    assert again == {"events": [], "next_cursor": third["next_cursor"]}


def test_entries_of_others_and_of_staff_alone_are_not_there(uow: UnitOfWork, program: MakeProgram) -> None:
    lot, _version, amina = published_lot(uow)
    carol, _row = buyer(uow, "carol")
    mary = person(uow, "mary", StaffRole.MODERATOR)
    vera = person(uow, "vera", StaffRole.AUDITOR)
    hers, others, moderator, auditor = program(amina), program(carol), program(mary), program(vera)
    sequence(uow.session)
    uow.commit()

    actions = {each["action"] for each in hers.get("/audit/events?whose=cooperative").get_json()["events"]}
    assert "lot.publish" in actions
    assert "moderation_case.decide" not in actions
    assert "lot.publish" not in others.get("/audit/events").get_data(as_text=True)
    assert str(lot.id) not in others.get("/audit/events").get_data(as_text=True)
    for path in ("?whose=staff", "?whose=cooperative"):
        assert others.get(f"/audit/events{path}").status_code == 404
        assert moderator.get(f"/audit/events{path}").status_code == 404
    everything = auditor.get("/audit/events?whose=staff").get_json()["events"]
    assert everything[0]["idx"] == 0


def test_no_name_is_told(uow: UnitOfWork, program: MakeProgram) -> None:
    _lot, _version, amina = published_lot(uow)
    hers = program(amina)
    sequence(uow.session)
    uow.commit()

    text = hers.get("/audit/events?whose=cooperative").get_data(as_text=True)
    assert "lot.publish" in text
    for name in (amina.name, amina.email):
        assert name not in text


def test_what_cannot_be_answered_is_refused_with_a_reason(uow: UnitOfWork, bob: Program, anybody: Program) -> None:
    write_entries(uow, 1, action="test.wait")
    waiting = uow.session.scalar(select(AuditEvent.event_id).where(AuditEvent.action == "test.wait"))
    uow.commit()

    assert anybody.get("/audit/checkpoint").status_code == 404
    assert anybody.get(f"/audit/events/{waiting}/proof").status_code == 409
    assert anybody.get("/audit/events/00000000-0000-4000-8000-000000000000/proof").status_code == 404
    assert anybody.get("/audit/consistency?old_size=x").status_code == 422
    assert anybody.get("/audit/consistency?old_size=5").status_code == 404
    assert anybody.get("/audit/consistency?old_size=5").get_json()["detail"] == "No checkpoint of this size was signed."
    assert anybody.get("/audit/events").status_code == 401
    assert bob.get("/audit/events?cursor=abc").status_code == 422


def test_the_examples_have_no_fixed_machine(app: Flask) -> None:
    assert "127.0.0.1" not in json.dumps([examples.AUDIT_PAGE, examples.AUDIT_PROOF])
