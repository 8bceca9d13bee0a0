"""Whoever owns the database can change the log, but not unnoticed: each attack has a finding of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.audit import whole_tree
from marketplace.audit.models import AuditEvent
from marketplace.audit.nodes import add_nodes
from marketplace.audit.signing import Signer, sign_checkpoint
from marketplace.audit.tlog.keys import SignerKey
from marketplace.audit.tlog.merkle import GrowingTree, leaf_hash
from marketplace.audit.verifying import Remembered, Report, verify_log
from marketplace.unit_of_work import UnitOfWork
from tests.builders.log import ORIGIN, as_owner, sign, signer_in, write_entries

SIZE = 10
SEQ = "(SELECT seq FROM audit_event WHERE idx = {})"
EDITED = "convert_to(replace(convert_from(leaf, 'UTF8'), 'test.happen', 'test.hapPen'), 'UTF8')"


@pytest.fixture
def signer(uow: UnitOfWork, tmp_path: Path) -> Signer:
    """A log with ten entries in two checkpoints."""
    found = signer_in(tmp_path)
    write_entries(uow, 5)
    sign(uow, found)
    write_entries(uow, 4)
    sign(uow, found)
    return found


def rehash(session: Session) -> None:
    """Compute the whole tree anew from the entries as they are now."""
    as_owner(session, "DELETE FROM audit_node")
    tree = GrowingTree()
    leaves = session.scalars(select(AuditEvent.leaf).where(AuditEvent.idx.is_not(None)).order_by(AuditEvent.idx))
    add_nodes(session, [node for leaf in leaves for node in tree.add(leaf_hash(leaf))])


def delete_from(session: Session, condition: str) -> None:
    seqs = f"(SELECT seq FROM audit_event WHERE {condition})"
    tables = ("audit_target", "audit_disclosure", "audit_search", "audit_event")
    as_owner(session, *(f"DELETE FROM {table} WHERE seq IN {seqs}" for table in tables))


def edit(session: Session) -> None:
    as_owner(session, f"UPDATE audit_event SET leaf = {EDITED} WHERE idx = 3")


def edit_and_rehash(session: Session) -> None:
    edit(session)
    rehash(session)


def delete_one(session: Session) -> None:
    delete_from(session, "idx = 4")


def delete_the_last(session: Session) -> None:
    delete_from(session, "idx >= 8")


def truncate(session: Session) -> None:
    delete_from(session, "true")
    as_owner(session, "DELETE FROM audit_node")


def swap(session: Session) -> None:
    as_owner(
        session,
        "ALTER TABLE audit_event DROP CONSTRAINT uq_audit_event_idx",
        "UPDATE audit_event SET idx = 9 - idx WHERE idx IN (2, 7)",
        "ALTER TABLE audit_event ADD CONSTRAINT uq_audit_event_idx UNIQUE (idx)",
    )


def change_a_node(session: Session) -> None:
    as_owner(session, "UPDATE audit_node SET hash = sha256('x') WHERE level = 2 AND idx = 1")


def change_a_column(session: Session) -> None:
    as_owner(session, "UPDATE audit_event SET action = 'test.other' WHERE idx = 3")


def change_a_disclosure(session: Session) -> None:
    as_owner(session, f"UPDATE audit_disclosure SET encoded = 'WyJ4Il0' WHERE name = 'who' AND seq = {SEQ.format(3)}")


def exchange_disclosures(session: Session) -> None:
    other = f"(SELECT {{}} FROM audit_disclosure WHERE name = 'who' AND seq = {SEQ.format(2)})"
    as_owner(
        session,
        f"UPDATE audit_disclosure SET encoded = {other.format('encoded')}, digest = {other.format('digest')}"
        f" WHERE name = 'who' AND seq = {SEQ.format(3)}",
    )


def write_no_json(session: Session) -> None:
    as_owner(session, "DELETE FROM audit_checkpoint", "UPDATE audit_event SET leaf = 'x' WHERE idx = 3")
    rehash(session)


ATTACKS: list[tuple[Callable[[Session], None], str, str]] = [
    (edit, "entry", "Entry 3 was changed: it does not match its stored hash."),
    (edit_and_rehash, "history", "The first 6 entries are not those of the checkpoint of 6 entries"),
    (delete_one, "missing-entry", "Entry 4 is missing: it was deleted."),
    (delete_the_last, "missing-entries", "The checkpoint of 10 entries covers 10 entries, but only 8 are here"),
    (truncate, "missing-entries", "The checkpoint of 6 entries covers 6 entries, but only 0 are here"),
    (swap, "swapped", "Entries 2 and 7 have changed places."),
    (change_a_node, "tree", "Node 1 of level 2 of the tree does not follow from the entries."),
    (change_a_column, "columns", "a column was changed"),
    (change_a_disclosure, "disclosure", "The disclosure who of entry 3 was altered or belongs to another entry."),
    (exchange_disclosures, "disclosure", "The disclosure who of entry 3 was altered or belongs to another entry."),
    (write_no_json, "leaf-json", "An entry is not the JSON that this program writes"),
]


def told(report: Report) -> dict[str, str]:
    """Return the first message of each code."""
    return {finding.code: finding.message for finding in reversed(report.findings)}


def test_an_untouched_log_is_sound(uow: UnitOfWork, signer: Signer) -> None:
    report = verify_log(uow.session)

    assert report.findings == []
    assert (report.size, report.checkpoint_size, report.checkpoints) == (SIZE, SIZE, 2)


@pytest.mark.parametrize("case", ATTACKS, ids=lambda case: case[0].__name__)
def test_each_attack_is_found_and_named(
    uow: UnitOfWork, signer: Signer, case: tuple[Callable[[Session], None], str, str]
) -> None:
    attack, code, message = case
    attack(uow.session)

    assert message in told(verify_log(uow.session)).get(code, "not found")


def test_an_edit_that_is_rehashed_is_narrowed_down_to_the_checkpoints_around_it(
    uow: UnitOfWork, signer: Signer
) -> None:
    as_owner(uow.session, f"UPDATE audit_event SET leaf = {EDITED} WHERE idx = 8")
    rehash(uow.session)

    assert "history was changed after entry 6" in told(verify_log(uow.session))["history"]


def test_a_checkpoint_of_another_key_is_forged(uow: UnitOfWork, signer: Signer) -> None:
    forger = Signer([SignerKey(ORIGIN, bytes(32))], signer_in(signer.state.path.parent / "forged").state)
    as_owner(uow.session, "DELETE FROM audit_checkpoint WHERE size = 10")
    forger.state.write(signer.state.read(ORIGIN) or pytest.fail("nothing was signed"))
    sign_checkpoint(uow.session, signer=forger, now=uow.now)

    assert (
        "The checkpoint of 10 entries of market.example/log is forged"
        in told(verify_log(uow.session))["forged-checkpoint"]
    )


def test_a_checkpoint_whose_row_says_another_size_is_forged(uow: UnitOfWork, signer: Signer) -> None:
    as_owner(uow.session, "UPDATE audit_checkpoint SET size = 9 WHERE size = 10")

    assert "another size or root" in told(verify_log(uow.session))["forged-checkpoint"]


def test_a_restored_backup_is_found_by_what_is_kept_outside(uow: UnitOfWork, signer: Signer) -> None:
    delete_from(uow.session, "idx >= 6")
    as_owner(
        uow.session,
        "DELETE FROM audit_node WHERE ((idx + 1) << level) > 6",
        "DELETE FROM audit_checkpoint WHERE size > 6",
    )
    assert verify_log(uow.session).is_sound, "the database alone cannot know"

    memory = signer.state.read(ORIGIN)
    assert memory is not None
    report = verify_log(uow.session, outside=[Remembered(memory.size, memory.root, "the signer's memory")])
    assert "The signer's memory covers 10 entries, but only 6 are here" in told(report)["missing-entries"]


def test_entries_beyond_one_chunk_are_verified_too(
    uow: UnitOfWork, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_tree, "CHUNK_LEVEL", 2)
    assert verify_log(uow.session).is_sound

    as_owner(uow.session, "UPDATE audit_node SET hash = sha256('x') WHERE level = 3")
    assert "Node 0 of level 3" in told(verify_log(uow.session))["tree"]
