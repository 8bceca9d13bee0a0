"""The tree against its definition, written here once more as RFC 6962 section 2.1 has it."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.audit.tlog.encoding import MAX_NUMBER
from marketplace.audit.tlog.merkle import (
    EMPTY_ROOT,
    GrowingTree,
    consistency_proof,
    edge_of,
    inclusion_proof,
    leaf_hash,
    new_nodes,
    node_hash,
    places_read,
    root_at,
    root_of,
    sized,
    verify_consistency,
    verify_inclusion,
)
from tests.unit.audit.tlog.refusing import does_not_hold, malformed
from tests.unit.audit.tlog.small_log import log_of

PATIENT = settings(deadline=None)
LOG = log_of(70)
SIZES = st.integers(1, 70)


def mth(data: list[bytes]) -> bytes:
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    k = largest_power_below(len(data))
    return hashlib.sha256(b"\x01" + mth(data[:k]) + mth(data[k:])).digest()


def path(m: int, data: list[bytes]) -> list[bytes]:
    if len(data) == 1:
        return []
    k = largest_power_below(len(data))
    return [*path(m, data[:k]), mth(data[k:])] if m < k else [*path(m - k, data[k:]), mth(data[:k])]


def subproof(m: int, data: list[bytes], whole: bool) -> list[bytes]:
    if m == len(data):
        return [] if whole else [mth(data)]
    k = largest_power_below(len(data))
    if m <= k:
        return [*subproof(m, data[:k], whole), mth(data[k:])]
    return [*subproof(m - k, data[k:], False), mth(data[:k])]


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


@PATIENT
@given(SIZES)
def test_roots_are_those_of_the_definition(size: int) -> None:
    expected = mth(LOG.leaves[:size])
    assert root_of(LOG.hashes[:size]) == root_at(size, LOG.nodes) == expected


@PATIENT
@given(SIZES, st.data())
def test_inclusion_proofs_are_those_of_the_definition_and_verify(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, LOG.nodes)
    assert proof == path(index, LOG.leaves[:size])
    verify_inclusion(LOG.hashes[index], index=index, size=size, proof=proof, root=LOG.root(size))


@PATIENT
@given(SIZES, st.data())
def test_consistency_proofs_are_those_of_the_definition_and_verify(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(old, new, LOG.nodes)
    assert proof == subproof(old, LOG.leaves[:new], True)
    verify_consistency(proof, old_size=old, new_size=new, old_root=LOG.root(old), new_root=LOG.root(new))


@PATIENT
@given(SIZES, st.data())
def test_no_other_place_size_or_leaf_fits_an_inclusion_proof(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda each: each != index)) if size > 1 else None
    proof = inclusion_proof(index, size, LOG.nodes)
    if other is not None:
        with pytest.raises(ValueError, match=r"."):
            verify_inclusion(LOG.hashes[index], index=other, size=size, proof=proof, root=LOG.root(size))
    with does_not_hold("inclusion", f"The entry is not at place {index} of the log that this root stands for."):
        verify_inclusion(EMPTY_ROOT, index=index, size=size, proof=proof, root=LOG.root(size))


@PATIENT
@given(st.integers(0, 70), st.integers(0, 70))
def test_appending_in_two_parts_makes_the_same_nodes(first: int, second: int) -> None:
    first, second = sorted((first, second))
    stored: dict[tuple[int, int], bytes] = {}
    for begin, end in ((0, first), (first, second)):
        for level, index, digest in new_nodes(begin, LOG.hashes[begin:end], lambda *place: stored[place]):
            assert (level, index) not in stored
            stored[level, index] = digest
    assert stored == {place: each for place, each in LOG.stored.items() if (place[1] + 1) << place[0] <= second}


def test_the_nodes_of_one_append_come_leaf_by_leaf_from_below() -> None:
    made = [(level, index) for level, index, _ in new_nodes(3, LOG.hashes[3:6], LOG.nodes)]
    assert made == [(0, 3), (1, 1), (2, 0), (0, 4), (0, 5), (1, 2)]


def test_a_growing_tree_takes_whole_subtrees_and_copies() -> None:
    tree = GrowingTree()
    assert tree.root() == EMPTY_ROOT
    assert tree.add(LOG.stored[2, 0], level=2) == [(2, 0, LOG.stored[2, 0])]
    branch = tree.copy()
    assert branch.add(LOG.stored[2, 1], level=2) == [(2, 1, LOG.stored[2, 1]), (3, 0, LOG.stored[3, 0])]
    assert (branch.size, branch.root()) == (8, LOG.root(8))
    assert (tree.size, tree.root()) == (4, LOG.root(4))
    tree.add(LOG.hashes[4])
    assert tree.root() == LOG.root(5)
    with malformed("size", "After 5 entries no subtree of level 1 can begin."):
        tree.add(LOG.stored[1, 3], level=1)


def test_a_growing_tree_goes_on_from_stored_nodes() -> None:
    tree = GrowingTree.at(11, LOG.nodes)
    assert (tree.size, tree.root()) == (11, LOG.root(11))
    with malformed("size"):
        GrowingTree.at(-1, LOG.nodes)


def test_the_edge_of_a_tree() -> None:
    assert edge_of(0) == []
    assert edge_of(1) == [(0, 0)]
    assert edge_of(6) == [(2, 0), (1, 2)]
    assert edge_of(7) == [(2, 0), (1, 2), (0, 6)]
    assert edge_of(8) == [(3, 0)]


def test_the_places_of_a_proof_can_be_fetched_at_once() -> None:
    assert places_read(lambda nodes: inclusion_proof(0, 7, nodes)) == [(1, 2), (0, 6), (1, 1), (0, 1)]
    assert places_read(lambda nodes: root_at(0, nodes)) == []


def test_every_hash_has_32_bytes() -> None:
    assert sized(b"x" * 32) == b"x" * 32
    for length in (0, 31, 33, 64):
        with malformed("hash-size", f"A hash has 32 bytes; this one has {length}."):
            sized(b"x" * length)
    short = b"x" * 31
    for attempt in (
        lambda: node_hash(short, EMPTY_ROOT),
        lambda: node_hash(EMPTY_ROOT, short),
        lambda: root_of([short]),
        lambda: root_at(1, lambda *_: short),
        lambda: list(new_nodes(0, [short], LOG.nodes)),
        lambda: verify_inclusion(short, index=0, size=1, proof=[], root=EMPTY_ROOT),
        lambda: verify_inclusion(EMPTY_ROOT, index=0, size=1, proof=[], root=short),
        lambda: verify_inclusion(EMPTY_ROOT, index=0, size=2, proof=[short], root=EMPTY_ROOT),
        lambda: verify_consistency([], old_size=1, new_size=1, old_root=short, new_root=EMPTY_ROOT),
        lambda: verify_consistency([], old_size=1, new_size=1, old_root=EMPTY_ROOT, new_root=short),
        lambda: verify_consistency([short], old_size=1, new_size=2, old_root=EMPTY_ROOT, new_root=EMPTY_ROOT),
    ):
        with malformed("hash-size"):
            attempt()


def test_sizes_and_places_outside_a_log_are_refused() -> None:
    with malformed("size", "A log cannot have -1 entries."):
        root_at(-1, LOG.nodes)
    with malformed("size"):
        root_at(MAX_NUMBER + 1, LOG.nodes)
    assert root_at(MAX_NUMBER, lambda *_: EMPTY_ROOT)
    with malformed("index", "A log of 7 entries has no entry at place 7."):
        inclusion_proof(7, 7, LOG.nodes)
    with malformed("index"):
        inclusion_proof(-1, 7, LOG.nodes)
    with malformed("size", "A proof leads from a smaller tree to a larger one, not from 8 to 7."):
        consistency_proof(8, 7, LOG.nodes)
    with malformed("size"):
        consistency_proof(-1, 7, LOG.nodes)
    for old, new in ((-1, 1), (1, MAX_NUMBER + 1)):
        with malformed("size"):
            verify_consistency([], old_size=old, new_size=new, old_root=EMPTY_ROOT, new_root=EMPTY_ROOT)


def test_an_empty_log_is_the_beginning_of_every_log() -> None:
    assert consistency_proof(0, 7, LOG.nodes) == []
    assert consistency_proof(7, 7, LOG.nodes) == []
    verify_consistency([], old_size=0, new_size=7, old_root=EMPTY_ROOT, new_root=LOG.root(7))
    verify_consistency([], old_size=0, new_size=0, old_root=EMPTY_ROOT, new_root=EMPTY_ROOT)
    with does_not_hold("old-root", "An empty log has one root only, and this is another."):
        verify_consistency([], old_size=0, new_size=7, old_root=LOG.root(1), new_root=LOG.root(7))
    with does_not_hold("new-root"):
        verify_consistency([], old_size=0, new_size=0, old_root=EMPTY_ROOT, new_root=LOG.root(1))


def test_what_is_wrong_with_a_consistency_proof_is_said() -> None:
    proof = consistency_proof(6, 7, LOG.nodes)
    old, new = LOG.root(6), LOG.root(7)
    with does_not_hold("shrunk", "The log had 7 entries and now has 6: entries were taken away."):
        verify_consistency([], old_size=7, new_size=6, old_root=new, new_root=old)
    with does_not_hold("proof-length", "The proof has fewer hashes than the two sizes ask for."):
        verify_consistency(proof[:-1], old_size=6, new_size=7, old_root=old, new_root=new)
    with does_not_hold("proof-length", "The proof has fewer hashes than the two sizes ask for."):
        verify_consistency([], old_size=6, new_size=7, old_root=old, new_root=new)
    with does_not_hold("proof-length", "The proof has more hashes than the two sizes ask for."):
        verify_consistency([*proof, new], old_size=6, new_size=7, old_root=old, new_root=new)
    with does_not_hold("proof-length", "The proof has more hashes than the two sizes ask for."):
        verify_consistency([new], old_size=7, new_size=7, old_root=new, new_root=new)
    with does_not_hold("old-root", "The old root is not the beginning of this log: an old entry was changed."):
        verify_consistency(proof, old_size=6, new_size=7, old_root=LOG.root(5), new_root=new)
    with does_not_hold("new-root", "The new root does not continue the old log."):
        verify_consistency(proof, old_size=6, new_size=7, old_root=old, new_root=LOG.root(8))
    with does_not_hold("new-root", "Two logs of the same size have different roots: one was changed."):
        verify_consistency([], old_size=7, new_size=7, old_root=new, new_root=old)


def test_what_is_wrong_with_an_inclusion_proof_is_said() -> None:
    proof = inclusion_proof(2, 7, LOG.nodes)
    with does_not_hold("proof-length", "The proof has fewer hashes than the tree has levels."):
        verify_inclusion(LOG.hashes[2], index=2, size=7, proof=proof[:-1], root=LOG.root(7))
    with does_not_hold("proof-length", "The proof has more hashes than the tree has levels."):
        verify_inclusion(LOG.hashes[2], index=2, size=7, proof=[*proof, EMPTY_ROOT], root=LOG.root(7))


def test_a_leaf_hash_begins_with_zero_and_a_node_hash_with_one() -> None:
    assert leaf_hash(b"gold") == hashlib.sha256(b"\x00gold").digest()
    left, right = b"a" * 32, b"b" * 32
    assert node_hash(left, right) == hashlib.sha256(b"\x01" + left + right).digest()
