"""The files of documents: sealed on the disk, each for its own document."""

from pathlib import Path
from uuid import UUID

import pytest

from marketplace.core.crypto import SealBroken, seal, unseal
from marketplace.core.storage import FileMissing, LocalStore
from marketplace.documents.keeping import keep, key_of_document, take_out

LICENCE = UUID("01999999-0000-7000-8000-00000000000a")
BYLAWS = UUID("01999999-0000-7000-8000-00000000000b")
KEY = bytes(range(32))
PAPER = b"%PDF-1.4 licence of Umoja"


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path)


def test_a_file_lies_under_the_key_of_its_document(store: LocalStore) -> None:
    keep(store, LICENCE, PAPER, key=KEY)

    assert key_of_document(LICENCE) == "documents/0199999900007000800000000000000a.sealed"
    assert store.exists("documents/0199999900007000800000000000000a.sealed")


def test_a_kept_file_comes_out_as_it_went_in(store: LocalStore) -> None:
    keep(store, LICENCE, PAPER, key=KEY)
    keep(store, BYLAWS, b"", key=KEY)

    assert take_out(store, LICENCE, key=KEY) == PAPER
    assert take_out(store, BYLAWS, key=KEY) == b""


def test_whoever_copies_the_disk_reads_nothing(store: LocalStore, tmp_path: Path) -> None:
    keep(store, LICENCE, PAPER, key=KEY)

    kept = (tmp_path / "documents" / f"{LICENCE.hex}.sealed").read_bytes()
    assert b"Umoja" not in kept
    with pytest.raises(SealBroken):
        take_out(store, LICENCE, key=bytes(32))


def test_a_file_put_in_the_place_of_another_document_is_not_taken_for_it(store: LocalStore) -> None:
    keep(store, LICENCE, PAPER, key=KEY)
    store.put(key_of_document(BYLAWS), store.get(key_of_document(LICENCE)))

    with pytest.raises(SealBroken):
        take_out(store, BYLAWS, key=KEY)


def test_a_file_sealed_for_another_purpose_is_not_taken_for_a_document(store: LocalStore) -> None:
    store.put(key_of_document(LICENCE), seal(PAPER, key=KEY, purpose=f"photo:{LICENCE.hex}"))

    with pytest.raises(SealBroken):
        take_out(store, LICENCE, key=KEY)


def test_files_kept_before_an_update_are_still_read(store: LocalStore) -> None:
    # The purpose is part of every seal that lies on a disk: another one would make all of them unreadable.
    purpose = "document.file:0199999900007000800000000000000a"
    store.put(key_of_document(LICENCE), seal(PAPER, key=KEY, purpose=purpose))
    assert take_out(store, LICENCE, key=KEY) == PAPER

    keep(store, BYLAWS, PAPER, key=KEY)
    sealed = store.get("documents/0199999900007000800000000000000b.sealed")
    assert unseal(sealed, key=KEY, purpose="document.file:0199999900007000800000000000000b") == PAPER


def test_a_document_without_a_file_says_so(store: LocalStore) -> None:
    with pytest.raises(FileMissing):
        take_out(store, LICENCE, key=KEY)


def test_an_altered_file_is_noticed(store: LocalStore, tmp_path: Path) -> None:
    keep(store, LICENCE, PAPER, key=KEY)
    kept = tmp_path / "documents" / f"{LICENCE.hex}.sealed"
    content = kept.read_bytes()
    kept.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    with pytest.raises(SealBroken):
        take_out(store, LICENCE, key=KEY)
