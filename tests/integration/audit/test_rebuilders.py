"""A long log is rebuilt by several processes at once, and they find and name exactly what one process does."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from threading import Thread
from unittest.mock import Mock

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from marketplace.audit import rebuilders, whole_tree
from marketplace.audit.leaf import Change, Target
from marketplace.audit.log import append
from marketplace.audit.refusals import LogRefused
from marketplace.audit.sequencing import sequence
from marketplace.audit.tlog.merkle import GrowingTree
from marketplace.audit.verifying import Remembered, Report, verify_log
from marketplace.core.actor import SYSTEM, RequestContext
from tests import databases
from tests.builders.log import as_owner
from tests.processes.dying import die

# Chunks of 2, ranges of 4: four whole ranges, a fifth with one whole chunk and half a chunk.
SIZE, CHUNK_LEVEL, RANGE_LEVEL = 19, 1, 2
EDIT = "UPDATE audit_event SET leaf = leaf || ' '::bytea WHERE idx = {}"
LOSE = "DELETE FROM audit_node WHERE level = {} AND idx = {}"
SWAP = (
    "UPDATE audit_event AS one SET leaf = other.leaf FROM audit_event AS other"
    " WHERE one.idx IN ({0}, {1}) AND other.idx = {0} + {1} - one.idx"
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A database of its own whose log is committed: other processes see nothing else."""
    with databases.copy("shared_log") as url:
        engine = create_engine(url)
        with Session(engine) as session, session.begin():
            for number in range(SIZE):
                at = datetime(2026, 9, 29, 9, 0, number, tzinfo=UTC)
                change = Change(at, "test.happen", [Target("test", str(number))], "ok", {}, {"number": number})
                append(session, change, actor=SYSTEM, context=RequestContext())
        with Session(engine) as session, session.begin():
            sequence(session)
        engine.dispose()
        yield url


@pytest.fixture
def log(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session on it, on a machine with two processors where nineteen entries are many."""
    monkeypatch.setattr(whole_tree, "CHUNK_LEVEL", CHUNK_LEVEL)
    monkeypatch.setattr(whole_tree, "RANGE_LEVEL", RANGE_LEVEL)
    monkeypatch.setattr(whole_tree, "SHARED_FROM", SIZE)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    engine = create_engine(address)
    with Session(engine) as session:
        yield session
    engine.dispose()


def alone(session: Session, outside: list[Remembered]) -> Report:
    """Verify in this process, whatever the size."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(whole_tree, "SHARED_FROM", SIZE + 1)
        return verify_log(session, outside=outside)


@pytest.fixture
def attack(log: Session) -> Iterator[Callable[..., None]]:
    """Change the committed log past the triggers; afterwards it is as it was."""
    tables = ("audit_disclosure", "audit_search", "audit_target", "audit_event", "audit_node")
    for table in tables:
        log.execute(text(f"CREATE TABLE kept_{table} AS TABLE {table}"))
    log.commit()

    def run(*statements: str) -> None:
        as_owner(log, *statements)
        log.commit()

    yield run
    log.rollback()
    back = [f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM kept_{table}" for table in reversed(tables)]
    as_owner(log, *(f"DELETE FROM {table}" for table in tables), *back, *(f"DROP TABLE kept_{t}" for t in tables))
    log.commit()


def roots(session: Session, *sizes: int) -> list[Remembered]:
    """Return the true roots at some sizes, from the stored leaf hashes."""
    hashes = session.execute(text("SELECT hash FROM audit_node WHERE level = 0 ORDER BY idx")).scalars().all()
    found = []
    for size in sizes:
        tree = GrowingTree()
        for digest in hashes[:size]:
            tree.add(bytes(digest))
        found.append(Remembered(size, tree.root(), f"the list of {size}"))
    return found


def test_a_sound_log_is_sound_with_the_root_of_every_size(log: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Mock(side_effect=rebuilders.rebuild_shared)
    monkeypatch.setattr(whole_tree, "rebuild_shared", asked)
    outside = roots(log, *range(SIZE + 1))

    report = verify_log(log, outside=outside)

    assert (report.findings, report.size) == ([], SIZE)
    assert asked.call_args.kwargs == {"size": SIZE, "chunk": 2, "ranges": 4, "processes": 2}
    for wrong in (0, 1, 4, 5, SIZE):
        lie = [Remembered(each.size, bytes(32) if each.size == wrong else each.root, each.whose) for each in outside]
        found = verify_log(log, outside=lie)
        assert [finding.code for finding in found.findings] == ["history"]
        assert f"The first {wrong} entries are not those of the list of {wrong}" in found.findings[0].message


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        *(([EDIT.format(place)], f"Entry {place} was changed") for place in (0, 3, 4, 7, 8, 11, 12, 15, 16, 18)),
        ([EDIT.format(3), EDIT.format(4)], "Entry 3 was changed"),
        ([SWAP.format(2, 3)], "Entries 2 and 3 have changed places."),
        ([SWAP.format(14, 15)], "Entries 14 and 15 have changed places."),
        ([LOSE.format(0, 7)], "Entry 7 was changed"),
        ([LOSE.format(1, 2)], "Node 2 of level 1 of the tree"),
        ([LOSE.format(2, 3)], "Node 3 of level 2 of the tree"),
        ([LOSE.format(4, 0)], "Node 0 of level 4 of the tree"),
    ],
)
def test_each_damage_is_found_in_its_range_and_named_as_by_one_process(
    log: Session, attack: Callable[..., None], statements: list[str], told: str
) -> None:
    outside = roots(log, 4, 9, SIZE)
    attack(*statements)

    report = verify_log(log, outside=outside)

    assert told in report.findings[0].message
    assert report == alone(log, outside)


@pytest.mark.parametrize("place", [0, 3, 4, 9, 15, 17])
def test_the_verification_stops_at_a_missing_entry(log: Session, attack: Callable[..., None], place: int) -> None:
    outside = roots(log, 4, SIZE)
    seq = f"(SELECT seq FROM audit_event WHERE idx = {place})"
    lost = ("audit_target", "audit_disclosure", "audit_search", "audit_event")
    attack(*(f"DELETE FROM {table} WHERE seq = {seq}" for table in lost), EDIT.format(18))

    report = verify_log(log, outside=outside)

    assert f"Entry {place} is missing" in report.findings[0].message
    assert report == alone(log, outside)


def test_what_is_committed_meanwhile_is_not_seen(log: Session, address: str, attack: Callable[..., None]) -> None:
    log.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    log.execute(text("SELECT 1"))
    engine = create_engine(address)
    with Session(engine) as other:
        as_owner(other, EDIT.format(5))
        other.commit()
    engine.dispose()

    assert verify_log(log).is_sound
    log.rollback()
    assert not verify_log(log).is_sound


def test_an_empty_log_needs_no_process(log: Session, attack: Callable[..., None]) -> None:
    tables = ("audit_target", "audit_disclosure", "audit_search", "audit_event", "audit_node")
    attack(*(f"DELETE FROM {table}" for table in tables))

    assert (verify_log(log).findings, verify_log(log).size) == ([], 0)


def test_a_thread_of_the_worker_verifies_too(log: Session, address: str) -> None:
    reports = []

    def verify() -> None:
        engine = create_engine(address)
        with Session(engine) as session:
            reports.append(verify_log(session))
        engine.dispose()

    threads = [Thread(target=verify) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [report.findings for report in reports] == [[], []]


def test_a_process_that_dies_is_no_verification(log: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilders, "_rebuild", die)

    with pytest.raises(LogRefused, match="nothing is known") as refused:
        verify_log(log)

    assert refused.value.code == "verification-stopped"


def test_a_process_that_cannot_join_the_snapshot_is_no_verification(
    log: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = rebuilders.share
    monkeypatch.setattr(whole_tree, "share", lambda driver: real(driver)._replace(snapshot="00000000-00000000-1"))

    with pytest.raises(LogRefused, match="nothing is known"):
        verify_log(log)


@pytest.mark.parametrize("processors", [1, None])
def test_one_processor_verifies_alone(log: Session, monkeypatch: pytest.MonkeyPatch, processors: int | None) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    monkeypatch.setattr(whole_tree, "share", lambda _driver: pytest.fail("shared"))

    assert verify_log(log).is_sound
