"""A person is erased from the log on request: nothing of her can be read, and every proof holds as before."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from marketplace.accounts.models import User
from marketplace.accounts.services import profile
from marketplace.audit import queries
from marketplace.audit.models import AuditCheckpoint, AuditDisclosure, AuditEvent, AuditSearch
from marketplace.audit.proving import prove_event
from marketplace.audit.sequencing import sequence
from marketplace.audit.signing import sign_checkpoint
from marketplace.audit.tlog.merkle import leaf_hash
from marketplace.audit.tlog.proofs import parse_proof, verify_proof
from marketplace.audit.verifying import verify_log
from marketplace.compliance.services import buyer_marks
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Conflict
from marketplace.transparency.erasing import erase_person
from marketplace.unit_of_work import UnitOfWork
from tests.builders.log import sign, signer_in
from tests.people import actor, buyer, person


def everything_readable(uow: UnitOfWork) -> str:
    """Return all texts that the log still holds beside the leaves."""
    disclosed = [
        value
        for seq in uow.session.scalars(select(AuditEvent.seq)).all()
        for _name, value, _digest in queries.detail(uow.session, seq).disclosures
    ]
    rows = uow.session.scalars(select(AuditSearch)).all()
    searched = [[row.actor_name, str(row.actor_id), row.address, row.details] for row in rows]
    return json.dumps([disclosed, searched])


def act(uow: UnitOfWork, alice: User, bob: User, *, as_alice: bool, on_alice: bool, company: str = "") -> None:
    """Let one of them do something to one of them, with her name in the details of what is done to her.

    With a `company`, the one it is done to gives her buying company that name, after her own.
    """
    if company:
        owner = alice if on_alice else bob
        own = uow.acting_as(actor(uow.session, owner))
        profile.change_company(own, company=f"{owner.name} {company}", country="DE")
        return
    who = uow.acting_as(actor(uow.session, alice if as_alice else bob))
    target = alice if on_alice else bob
    who.record("user.look", target, seen=target.name)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from(["", "Gems", "Gold"])), min_size=1, max_size=6))
def test_erasing_keeps_every_proof_valid(
    uow: UnitOfWork, tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[bool, bool, str]]
) -> None:
    uow.rollback()
    undone = uow.session.begin_nested()
    signer = signer_in(tmp_path_factory.mktemp("signer"))
    alice, bob = buyer(uow, "alice wonder")[0], buyer(uow, "bob")[0]
    for as_alice, on_alice, company in acts:
        act(uow, alice, bob, as_alice=as_alice, on_alice=on_alice, company=company)
    assert "alice wonder" in everything_readable(uow) or not any(on or (by and not co) for by, on, co in acts)
    uow.session.flush()
    sequence(uow.session)
    sign_checkpoint(uow.session, signer=signer, now=uow.now)
    events = uow.session.scalars(select(AuditEvent.event_id)).all()
    before = [prove_event(uow.session, event_id=event) for event in events]

    erase_person(uow, user=alice, reason="she asked")

    assert "alice wonder" not in everything_readable(uow)
    assert str(alice.id) not in everything_readable(uow)
    assert "bob G" in everything_readable(uow) or not any(company and not on for _by, on, company in acts)
    after = [prove_event(uow.session, event_id=event) for event in events]
    assert after == before
    for each in after:
        verify_proof(parse_proof(each.proof), leaf=leaf_hash(each.leaf), logs=[signer.keys[0].verifier])
    undone.rollback()


def test_the_erasure_is_itself_an_entry_and_the_log_stays_sound(uow: UnitOfWork, tmp_path: Path) -> None:
    alice = person(uow, "alice")
    uow.record("user.look", alice, seen="alice")
    uow.commit()
    sign(uow, signer_in(tmp_path))
    erase_person(uow, user=alice, reason="she asked")
    uow.commit()
    sign(uow, signer_in(tmp_path / "later", origin="market.example/log/2"))

    entry = queries.history(uow.session, kind="user", key=str(alice.id))[0]
    assert (entry.action, entry.details) == ("privacy.erase", {"reason": "she asked"})
    report = verify_log(uow.session)
    assert report.findings == []
    assert report.checkpoints == uow.session.query(AuditCheckpoint).count() == 2
    assert uow.session.scalar(select(AuditDisclosure.seq).where(AuditDisclosure.encoded.is_(None)).limit(1))


def test_what_bob_did_to_alice_still_names_bob(uow: UnitOfWork) -> None:
    alice, bob = person(uow, "alice"), person(uow, "bob")
    act(uow, alice, bob, as_alice=False, on_alice=True)
    uow.commit()

    erase_person(uow, user=alice, reason="she asked")

    row = next(row for row in queries.history(uow.session, kind="user", key=str(alice.id)) if row.action == "user.look")
    assert (row.actor_name, row.details) == ("bob", {})


def test_a_mark_of_a_check_against_laundering_stays_as_the_law_asks(uow: UnitOfWork) -> None:
    alice, row = buyer(uow, "alice")
    buyer_marks.note_payment(uow, buyer_id=row.id, method="a card")
    uow.commit()

    erase_person(uow, user=alice, reason="she asked")

    noted = [row.details for row in queries.history(uow.session, kind="buyer", key=str(row.id))]
    assert {"kind": buyer_marks.PAYMENT} in noted


def test_staff_are_not_erased(uow: UnitOfWork) -> None:
    root = person(uow, "root", StaffRole.AUDITOR)

    with pytest.raises(Conflict, match="works for Pact"):
        erase_person(uow, user=root, reason="he asked")


def test_an_erased_disclosure_cannot_come_back(uow: UnitOfWork) -> None:
    alice = person(uow, "alice")
    uow.record("user.look", alice, seen="alice")
    uow.commit()
    assert erase_person(uow, user=alice, reason="she asked") == 1

    with pytest.raises(Exception, match="it may only be erased"):
        uow.session.execute(text("UPDATE audit_disclosure SET encoded = 'x' WHERE encoded IS NULL"))
