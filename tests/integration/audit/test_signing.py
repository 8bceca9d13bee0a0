"""The signer signs what grew, remembers it outside the database, and refuses a log that shrank or changed."""

import stat
from pathlib import Path

import pytest

from marketplace.audit.models import AuditCheckpoint
from marketplace.audit.proving import note_of, prove_consistency
from marketplace.audit.refusals import LogRefused
from marketplace.audit.sequencing import sequence
from marketplace.audit.signer_keys import new_key, read_keys, write_keys
from marketplace.audit.signing import Signer, sign_checkpoint
from marketplace.audit.tlog.checkpoints import open_checkpoint
from marketplace.audit.tlog.merkle import verify_consistency
from marketplace.unit_of_work import UnitOfWork
from tests.builders.log import ORIGIN, as_owner, sign, signer_in, write_entries


def signed(uow: UnitOfWork, signer: Signer) -> AuditCheckpoint:
    """Sign, and want a checkpoint."""
    found = sign(uow, signer)
    assert found is not None
    return found


def take_back_to(uow: UnitOfWork, size: int) -> None:
    """Do to the log what restoring an old backup does."""
    gone = f"(SELECT seq FROM audit_event WHERE idx >= {size})"
    as_owner(
        uow.session,
        f"DELETE FROM audit_target WHERE seq IN {gone}",
        f"DELETE FROM audit_disclosure WHERE seq IN {gone}",
        f"DELETE FROM audit_search WHERE seq IN {gone}",
        f"DELETE FROM audit_event WHERE idx >= {size}",
        f"DELETE FROM audit_node WHERE ((idx + 1) << level) > {size}",
        f"DELETE FROM audit_checkpoint WHERE size > {size}",
    )


def test_a_checkpoint_states_size_and_root_and_opens_with_the_public_key(uow: UnitOfWork, tmp_path: Path) -> None:
    signer = signer_in(tmp_path)
    write_entries(uow, 5)

    row = signed(uow, signer)

    opened = open_checkpoint(note_of(uow.session, row), logs=[signer.keys[0].verifier], origin=ORIGIN)
    assert (opened.checkpoint.size, opened.checkpoint.root) == (6, row.root)  # the key's own entry is the sixth
    assert signer.state.read(ORIGIN) == opened.checkpoint
    assert stat.S_IMODE((tmp_path / "signed.json").stat().st_mode) == 0o600


def test_nothing_new_is_not_signed_again(uow: UnitOfWork, tmp_path: Path) -> None:
    signer = signer_in(tmp_path)
    write_entries(uow, 2)
    signed(uow, signer)

    assert sign(uow, signer) is None


def test_an_empty_log_is_not_signed(uow: UnitOfWork, tmp_path: Path) -> None:
    assert sign_checkpoint(uow.session, signer=signer_in(tmp_path), now=uow.now) is None


def test_two_checkpoints_are_consistent(uow: UnitOfWork, tmp_path: Path) -> None:
    signer = signer_in(tmp_path)
    write_entries(uow, 4)
    old = signed(uow, signer)
    write_entries(uow, 9)
    new = signed(uow, signer)

    proof = prove_consistency(uow.session, old_size=old.size).proof
    verify_consistency(proof, old_size=old.size, new_size=new.size, old_root=old.root, new_root=new.root)


def test_a_crash_between_remembering_and_publishing_signs_the_same_again(uow: UnitOfWork, tmp_path: Path) -> None:
    signer = signer_in(tmp_path)
    write_entries(uow, 3)
    first = signed(uow, signer)
    size, root, note = first.size, first.root, first.note
    as_owner(uow.session, "DELETE FROM audit_checkpoint")

    again = signed(uow, signer)

    assert (again.size, again.root, again.note) == (size, root, note)


def test_a_restored_backup_is_not_signed(uow: UnitOfWork, tmp_path: Path) -> None:
    signer = signer_in(tmp_path)
    write_entries(uow, 3)
    signed(uow, signer)
    write_entries(uow, 4)
    signed(uow, signer)
    take_back_to(uow, 4)

    with pytest.raises(LogRefused, match="had 8 entries when it was last signed and now has 4") as refused:
        sign(uow, signer)
    assert refused.value.code == "shrunk"


def test_a_restored_backup_that_grew_since_is_not_signed(uow: UnitOfWork, tmp_path: Path) -> None:
    signer = signer_in(tmp_path)
    write_entries(uow, 3)
    signed(uow, signer)
    write_entries(uow, 4)
    signed(uow, signer)
    take_back_to(uow, 4)
    write_entries(uow, 6)

    with pytest.raises(LogRefused, match="The first 8 entries are not those that were signed") as refused:
        sign(uow, signer)
    assert refused.value.code == "history"


def test_an_entry_that_was_edited_before_it_was_signed_is_not_signed(uow: UnitOfWork, tmp_path: Path) -> None:
    signer = signer_in(tmp_path)
    write_entries(uow, 3)
    signed(uow, signer)
    write_entries(uow, 2)
    sequence(uow.session)
    as_owner(uow.session, "UPDATE audit_event SET leaf = leaf || 'x' WHERE idx = 5")

    with pytest.raises(LogRefused, match="Entry 5 was changed"):
        sign(uow, signer)


def test_a_signer_without_its_memory_signs_nothing(uow: UnitOfWork, tmp_path: Path) -> None:
    signer = signer_in(tmp_path)
    write_entries(uow, 3)
    signed(uow, signer)
    (tmp_path / "signed.json").unlink()
    write_entries(uow, 1)

    with pytest.raises(LogRefused, match="does not remember what it signed"):
        sign(uow, signer)


def test_a_signer_with_an_old_memory_signs_nothing(uow: UnitOfWork, tmp_path: Path) -> None:
    signer = signer_in(tmp_path)
    write_entries(uow, 3)
    signed(uow, signer)
    old = (tmp_path / "signed.json").read_text(encoding="utf-8")
    write_entries(uow, 1)
    signed(uow, signer)
    (tmp_path / "signed.json").write_text(old, encoding="utf-8")
    write_entries(uow, 1)

    with pytest.raises(LogRefused, match="remembers 4 entries, but a checkpoint of 5 was published"):
        sign(uow, signer)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"v": 2, "logs": {}}', '{"v": 1, "logs": {"%s": {"size": 1}}}'])
def test_a_memory_that_cannot_be_read_is_told(uow: UnitOfWork, tmp_path: Path, content: str) -> None:
    signer = signer_in(tmp_path)
    write_entries(uow, 1)
    (tmp_path / "signed.json").write_text(content.replace("%s", ORIGIN), encoding="utf-8")

    with pytest.raises(LogRefused, match="cannot read what it signed last"):
        sign(uow, signer)


def test_two_keys_of_an_overlap_sign_both(uow: UnitOfWork, tmp_path: Path) -> None:
    old = signer_in(tmp_path)
    both = Signer([new_key(ORIGIN), *old.keys], old.state)
    write_entries(uow, 2)

    note = note_of(uow.session, signed(uow, both))

    for key in both.keys:
        assert open_checkpoint(note, logs=[key.verifier]).checkpoint.size == 4


def test_the_key_file_holds_keys_of_one_origin_only(tmp_path: Path) -> None:
    path = tmp_path / "log.key"
    write_keys(path, [new_key("one.example/log"), new_key("two.example/log")])

    with pytest.raises(LogRefused, match="of one origin"):
        read_keys(path)
    with pytest.raises(LogRefused, match="There is no key"):
        read_keys(tmp_path / "none.key")
    path.write_text("PRIVATE+KEY+broken\n", encoding="utf-8")
    with pytest.raises(LogRefused, match="cannot be used"):
        read_keys(path)
