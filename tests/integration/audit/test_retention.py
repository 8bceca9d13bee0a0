"""The log forgets by itself what it told for long enough, class by class, and every proof holds as before."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from marketplace.accounts.models import User
from marketplace.audit import queries
from marketplace.audit.models import AuditDisclosure, AuditEvent, AuditSearch, AuditTarget
from marketplace.audit.proving import prove_event
from marketplace.audit.signing import Signer
from marketplace.audit.tlog.merkle import leaf_hash
from marketplace.audit.tlog.proofs import parse_proof, verify_proof
from marketplace.audit.verifying import verify_log
from marketplace.core.actor import Actor, RequestContext
from marketplace.core.clock import SetClock
from marketplace.http.context import make_uow
from marketplace.jobs.tasks.privacy import forget
from marketplace.transparency.models import RetentionErasure
from marketplace.transparency.retention import due, retain, unplaced
from marketplace.unit_of_work import UnitOfWork
from tests.builders.log import sign, signer_in
from tests.people import actor, person

DAY = timedelta(days=1)
ACTS = st.sampled_from(["user.sign_in", "user.change_profile", "buyer.rise"])
TRACE, ACCESS, ACCOUNT, TRADE, MONEY = 365, 730, 1095, 1826, 3653


def act(action: str, user: User, by: Actor | None = None) -> int:
    """Let a person do something from an address; return the entry's number."""
    uow = make_uow()
    uow.context = RequestContext(address="192.0.2.7", request_id="r-1")
    working = uow.acting_as(by) if by else uow
    working.record(action, uow.session.merge(user, load=False), seen="a fact")
    uow.commit()
    return uow.session.scalars(select(func.max(AuditEvent.seq))).one()


@pytest.fixture
def alice(uow: UnitOfWork) -> User:
    """A person with an account, known to the log."""
    user = person(uow, "alice")
    uow.commit()
    return user


def told(uow: UnitOfWork, seq: int) -> set[str]:
    """Return the names of what the log still tells of an entry."""
    rows = uow.session.scalars(
        select(AuditDisclosure.name).where(AuditDisclosure.seq == seq, AuditDisclosure.encoded.is_not(None))
    )
    return set(rows)


def searched(uow: UnitOfWork, seq: int) -> tuple[object, ...]:
    row = uow.session.scalars(
        select(AuditSearch).where(AuditSearch.seq == seq).execution_options(populate_existing=True)
    ).one()
    return row.actor_name, row.actor_id, row.address, row.request_id, row.details


# Not personal: a person, the system or a provider.
KIND = {"actor_kind"}
ALL = {"actor_kind", "actor_id", "actor_name", "address", "request_id", "seen"}


def test_where_from_is_forgotten_after_a_year_and_not_a_moment_earlier(
    uow: UnitOfWork, alice: User, clock: SetClock
) -> None:
    seq = act("user.sign_in", alice, actor(uow.session, alice))
    clock.advance(TRACE * DAY)
    retain(make_uow)
    assert told(uow, seq) == ALL

    clock.advance(timedelta(microseconds=1))
    retain(make_uow)

    assert told(uow, seq) == ALL - {"address", "request_id"}
    assert searched(uow, seq) == ("alice", alice.id, "", "", {"seen": "a fact"})


def test_a_sign_in_is_forgotten_after_two_years_whole(uow: UnitOfWork, alice: User, clock: SetClock) -> None:
    old = act("user.sign_in", alice, actor(uow.session, alice))
    clock.advance(DAY)
    young = act("user.sign_in", alice, actor(uow.session, alice))
    clock.advance((ACCESS - 1) * DAY + timedelta(microseconds=1))

    retain(make_uow)

    assert (told(uow, old), searched(uow, old)) == (KIND, ("", None, "", "", {}))
    assert told(uow, young) == ALL - {"address", "request_id"}


def test_an_account_in_use_keeps_its_history_until_it_was_quiet(uow: UnitOfWork, alice: User, clock: SetClock) -> None:
    change = act("user.change_profile", alice)
    clock.advance(ACCOUNT * DAY)
    act("user.sign_in", alice)
    clock.advance(DAY)
    retain(make_uow)
    assert "seen" in told(uow, change)

    clock.advance(ACCOUNT * DAY)
    retain(make_uow)

    assert told(uow, change) == KIND


def test_who_goes_on_acting_is_not_forgotten_in_what_she_did(uow: UnitOfWork, alice: User, clock: SetClock) -> None:
    bob = person(uow, "bob")
    uow.commit()
    by_bob = actor(uow.session, bob)
    change = act("user.change_profile", alice, by_bob)
    clock.advance(ACCOUNT * DAY)
    act("user.sign_in", person(uow, "carol"), by_bob)
    clock.advance(DAY)

    retain(make_uow)

    assert {"actor_name", "seen"} <= told(uow, change)


def test_money_is_told_for_ten_years(uow: UnitOfWork, alice: User, clock: SetClock) -> None:
    seq = act("buyer.set_level", alice)
    clock.advance(MONEY * DAY)
    retain(make_uow)
    assert "seen" in told(uow, seq)

    clock.advance(DAY)
    retain(make_uow)

    assert told(uow, seq) == KIND


def test_of_evidence_only_who_did_it_is_forgotten(uow: UnitOfWork, alice: User, clock: SetClock) -> None:
    seq = act("tag.void", alice, actor(uow.session, alice))
    clock.advance(100 * MONEY * DAY)

    retain(make_uow)

    assert told(uow, seq) == {"actor_kind", "seen"}
    assert searched(uow, seq) == ("", None, "", "", {"seen": "a fact"})


def test_what_somebody_wrote_is_forgotten_with_its_class_also_where_the_rest_is_evidence(
    uow: UnitOfWork, alice: User, clock: SetClock
) -> None:
    uow.record("tag.void", alice, number="TZ-1", reason="Amina tore it.")
    uow.record("moderation_case.decide", alice, verdict="approve", reasons=["R-1"])
    uow.commit()
    decided, void = uow.session.scalars(select(AuditEvent.seq).order_by(AuditEvent.seq.desc()).limit(2)).all()
    clock.advance(TRADE * DAY)
    retain(make_uow)
    assert {"number", "reason"} <= told(uow, void)
    clock.advance(timedelta(microseconds=1))

    retain(make_uow)

    assert told(uow, void) == {"actor_kind", "number"}
    assert searched(uow, void)[-1] == {"number": "TZ-1"}
    assert told(uow, decided) == {"actor_kind", "verdict", "reasons"}, "codes of ours stay"
    assert searched(uow, decided)[-1] == {"verdict": "approve", "reasons": ["R-1"]}


def test_who_erased_and_from_where_is_told_for_ever(uow: UnitOfWork, alice: User, clock: SetClock) -> None:
    seq = act("privacy.erase", alice, actor(uow.session, alice))
    clock.advance(100 * MONEY * DAY)

    retain(make_uow)

    assert told(uow, seq) == ALL


def test_an_action_of_no_class_is_kept_and_named(uow: UnitOfWork, alice: User, clock: SetClock) -> None:
    seq = act("gossip.hear", alice)
    clock.advance(100 * MONEY * DAY)

    retain(make_uow)

    assert told(uow, seq) == ALL - {"actor_id"}
    assert unplaced(uow.session) == ["gossip.hear"]


def test_each_erasure_is_an_entry_that_names_class_and_count(uow: UnitOfWork, alice: User, clock: SetClock) -> None:
    for _ in range(6):
        act("user.sign_in", alice)
    clock.advance((TRACE + 1) * DAY)

    done = retain(make_uow, batch=3)

    # six sign-ins, with address and request each: two batches of 3, and then nothing
    assert [(each.retention_class, each.entries, each.disclosures) for each in done] == [
        ("trace", 3, 6), ("trace", 3, 6),
    ]  # fmt: skip
    rows = uow.session.scalars(select(RetentionErasure).order_by(RetentionErasure.id)).all()
    leaf = queries.history(uow.session, kind="retention_erasure", key=str(rows[0].id))[0]
    assert (leaf.action, "year" in leaf.details["reason"]) == ("privacy.erase", True)
    whole = queries.detail(uow.session, leaf.seq).leaf
    assert '"obj":{"class":"trace","disclosures":"6","entries":"3"}' in whole


def test_a_night_erases_at_most_so_many_batches_and_the_next_goes_on(
    uow: UnitOfWork, alice: User, clock: SetClock
) -> None:
    for _ in range(6):
        act("user.sign_in", alice)
    clock.advance((TRACE + 1) * DAY)

    nights = [sum(each.entries for each in retain(make_uow, batch=2, most_batches=2)) for _ in range(3)]

    assert nights == [4, 2, 0]


def test_a_dry_run_counts_exactly_what_is_then_erased(
    app: Flask, uow: UnitOfWork, alice: User, clock: SetClock
) -> None:
    act("user.sign_in", alice)
    act("user.change_profile", alice)
    act("gossip.hear", alice)
    clock.advance((ACCOUNT + 1) * DAY)
    expected = [each for each in due(uow.session, uow.settings.retention_file, now=clock.now()) if each.entries]
    uow.rollback()
    before = uow.session.scalar(select(func.count()).where(AuditDisclosure.encoded.is_not(None)))

    said = app.test_cli_runner().invoke(args=["privacy", "retention", "--dry-run"])

    assert uow.session.scalar(select(func.count()).where(AuditDisclosure.encoded.is_not(None))) == before
    assert "trace: 4 disclosures of 2 entries from before 2028-09-29T" in said.output
    assert "gossip.hear belongs to no class" in said.output
    trace = [each for each in retain(make_uow) if each.retention_class == "trace"]
    assert trace == expected[:1]


def test_the_command_erases_and_says_so(app: Flask, uow: UnitOfWork, alice: User, clock: SetClock) -> None:
    act("user.sign_in", alice)
    clock.advance((TRACE + 1) * DAY)
    runs = [app.test_cli_runner().invoke(args=["privacy", "retention"]).output for _ in range(2)]

    assert runs[0].startswith("trace: 2 disclosures of 1 entries from before 20")
    assert runs[1] == "Nothing is due.\n"
    listed = app.test_cli_runner().invoke(args=["privacy", "retention", "--dry-run", "--json"]).output
    assert '"retention_class": "trace"' in listed


def test_the_nightly_job_forgets(uow: UnitOfWork, alice: User, clock: SetClock) -> None:
    seq = act("user.sign_in", alice)
    clock.advance((ACCESS + 1) * DAY)

    forget(timestamp=0)

    assert told(uow, seq) == KIND


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(st.lists(ACTS, max_size=5), st.integers(0, 12)))
@example(([], 3))
@example((["user.change_profile"], 3))
@example((["buyer.rise"], 10))
@example((["buyer.rise"], 9))
def test_every_proof_of_an_erased_entry_stays_valid(
    uow: UnitOfWork, clock: SetClock, signer: Signer, history: tuple[list[str], int]
) -> None:
    drawn, years = history
    uow.now = clock.now()
    alice = person(uow, f"alice {uuid4()}")
    for action in drawn:
        uow.record(action, alice, seen="alice wonder")
    uow.commit()
    sign(uow, signer)
    events = uow.session.scalars(select(AuditEvent.event_id).where(AuditEvent.idx.is_not(None))).all()
    before = [prove_event(uow.session, event_id=event) for event in events]
    uow.rollback()

    clock.advance(years * 366 * DAY)
    retain(make_uow)

    assert [prove_event(uow.session, event_id=event) for event in events] == before
    for each in before:
        verify_proof(parse_proof(each.proof), leaf=leaf_hash(each.leaf), logs=[signer.keys[0].verifier])
    about_her = select(AuditTarget.seq).where(AuditTarget.type == "user", AuditTarget.id == str(alice.id))
    left = select(func.count()).where(
        AuditDisclosure.encoded.is_not(None), AuditDisclosure.name != "actor_kind", AuditDisclosure.seq.in_(about_her)
    )
    days = years * 366
    assert (uow.session.scalar(left) == 0) is (days > MONEY or (days > ACCOUNT and "buyer.rise" not in drawn))


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    """A signer of the log."""
    return signer_in(tmp_path)


def test_the_log_is_sound_after_a_night(uow: UnitOfWork, alice: User, clock: SetClock, tmp_path: Path) -> None:
    act("user.sign_in", alice)
    sign(uow, signer_in(tmp_path))
    clock.advance((ACCESS + 1) * DAY)

    retain(make_uow)
    sign(uow, signer_in(tmp_path / "later", origin="market.example/log/2"))

    assert verify_log(uow.session).findings == []


def test_what_was_erased_is_told_for_ever(uow: UnitOfWork, alice: User, clock: SetClock) -> None:
    act("user.sign_in", alice)
    clock.advance((ACCESS + 1) * DAY)
    retain(make_uow)
    clock.advance(100 * MONEY * DAY)

    retain(make_uow)

    reasons = uow.session.scalars(
        select(AuditDisclosure.encoded).join(AuditEvent, AuditEvent.seq == AuditDisclosure.seq)
        .where(AuditEvent.action == "privacy.erase", AuditDisclosure.name == "reason")
    )  # fmt: skip
    assert all(reasons)
    with pytest.raises(Exception, match="retention_erasure"):
        uow.session.execute(text("DELETE FROM retention_erasure"))
