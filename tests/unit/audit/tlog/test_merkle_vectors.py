"""The published vectors of RFC 6962 trees, positive and negative (sources in published.py)."""

from typing import Any

import pytest

from marketplace.audit.tlog.errors import TlogError
from marketplace.audit.tlog.merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    new_nodes,
    node_hash,
    root_at,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from tests.unit.audit.tlog import published
from tests.unit.audit.tlog.published import CONSISTENCIES, DATA, INCLUSIONS, NODES, ROOTS, SOME_HASH

SMALL, LARGE = b"WrongLeaf", b"WrongRoot"


def nodes(level: int, index: int) -> bytes:
    return NODES[level][index]


def corrupted_inclusions() -> list[tuple[str, dict[str, object]]]:
    found: list[tuple[str, dict[str, object]]] = []
    for index, size, proof in INCLUSIONS:
        leaf, root = NODES[0][index], ROOTS[size]
        right = {"leaf": leaf, "index": index, "size": size, "proof": proof, "root": root}
        changes: dict[str, dict[str, object]] = {
            "leafIndex - 1": {"index": index - 1},
            "leafIndex + 1": {"index": index + 1},
            "leafIndex ^ 2": {"index": index ^ 2},
            "treeSize * 2": {"size": size * 2},
            "treeSize / 2": {"size": size // 2},
            "wrong leaf": {"leaf": SMALL},
            "empty root": {"root": EMPTY_ROOT},
            "random root": {"root": SOME_HASH},
            "trailing garbage": {"proof": [*proof, b""]},
            "trailing root": {"proof": [*proof, root]},
            "preceding garbage": {"proof": [b"", *proof]},
            "preceding root": {"proof": [root, *proof]},
        }
        for place in range(len(proof)):
            changes[f"modified proof[{place}] bit 3"] = {"proof": flipped(proof, place, bit=8)}
        if proof:
            changes["removed component"] = {"proof": proof[:-1]}
        if len(proof) > 1:
            changes["inserted component"] = {"proof": [proof[0], SOME_HASH, *proof[1:]]}
        found += [(f"{index} of {size}: {name}", {**right, **change}) for name, change in changes.items()]
    return found


def corrupted_consistencies() -> list[tuple[str, dict[str, object]]]:
    found: list[tuple[str, dict[str, object]]] = []
    for old, new, proof in CONSISTENCIES[1:]:
        first, second = ROOTS[old], ROOTS[new]
        right = {"proof": proof, "old_size": old, "new_size": new, "old_root": first, "new_root": second}
        changes: dict[str, dict[str, object]] = {
            "size1 - 1": {"old_size": old - 1},
            "size1 + 1": {"old_size": old + 1},
            "size1 ^ 2": {"old_size": old ^ 2},
            "size2 * 2": {"new_size": new * 2},
            "size2 / 2": {"new_size": new // 2},
            "wrong root1": {"old_root": LARGE},
            "wrong root2": {"new_root": LARGE},
            "swapped roots": {"old_root": second, "new_root": first},
            "empty proof": {"proof": []},
            "trailing garbage": {"proof": [*proof, b""]},
            "trailing root1": {"proof": [*proof, first]},
            "trailing root2": {"proof": [*proof, second]},
            "preceding garbage": {"proof": [b"", *proof]},
            "preceding root1": {"proof": [first, *proof]},
            "preceding root2": {"proof": [second, *proof]},
            "preceding proof[0]": {"proof": [proof[0], *proof]},
            "truncated proof": {"proof": proof[:-1]},
        }
        for place in range(len(proof)):
            changes[f"modified proof[{place}] bit 4"] = {"proof": flipped(proof, place, bit=16)}
        found += [(f"{old} to {new}: {name}", {**right, **change}) for name, change in changes.items()]
    return found


def flipped(proof: list[bytes], place: int, *, bit: int) -> list[bytes]:
    changed = bytes([proof[place][0] ^ bit]) + proof[place][1:]
    return [*proof[:place], changed, *proof[place + 1 :]]


def test_the_published_hashes() -> None:
    assert published.EMPTY_ROOT == EMPTY_ROOT == root_of([])
    assert leaf_hash(b"") == published.EMPTY_LEAF
    assert leaf_hash(b"L123456") == published.LEAF
    assert [leaf_hash(each) for each in DATA] == NODES[0]


def test_a_node_is_not_the_leaf_of_its_children_and_knows_left_from_right() -> None:
    left, right = leaf_hash(b"Hello"), leaf_hash(b"World")
    assert left != right
    assert len({node_hash(left, right), node_hash(right, left), leaf_hash(left + right)}) == 3


def test_the_published_nodes_and_roots() -> None:
    made = {(level, index): digest for level, index, digest in new_nodes(0, NODES[0], nodes)}
    assert made == {(level, index): digest for level, row in enumerate(NODES) for index, digest in enumerate(row)}
    assert [root_of(NODES[0][:size]) for size in range(9)] == ROOTS
    assert [root_at(size, nodes) for size in range(9)] == ROOTS


@pytest.mark.parametrize("vector", INCLUSIONS, ids=str)
def test_the_published_inclusion_proofs(vector: published.Inclusion) -> None:
    assert inclusion_proof(vector.index, vector.size, nodes) == vector.proof
    verify_inclusion(
        NODES[0][vector.index],
        index=vector.index,
        size=vector.size,
        proof=vector.proof,
        root=ROOTS[vector.size],
    )


@pytest.mark.parametrize("vector", CONSISTENCIES, ids=str)
def test_the_published_consistency_proofs(vector: published.Consistency) -> None:
    assert consistency_proof(vector.old, vector.new, nodes) == vector.proof
    verify_consistency(
        vector.proof,
        old_size=vector.old,
        new_size=vector.new,
        old_root=ROOTS[vector.old],
        new_root=ROOTS[vector.new],
    )


@pytest.mark.parametrize("claim", [pytest.param(claim, id=name) for name, claim in corrupted_inclusions()])
def test_a_corrupted_inclusion_proof_is_refused(claim: dict[str, Any]) -> None:
    with pytest.raises(TlogError):
        verify_inclusion(claim["leaf"], **{name: value for name, value in claim.items() if name != "leaf"})


@pytest.mark.parametrize("claim", [pytest.param(claim, id=name) for name, claim in corrupted_consistencies()])
def test_a_corrupted_consistency_proof_is_refused(claim: dict[str, Any]) -> None:
    with pytest.raises(TlogError):
        verify_consistency(claim["proof"], **{name: value for name, value in claim.items() if name != "proof"})


# testdata/consistency/additional of transparency-dev/merkle, by the names there. "don't care 1" is no hash of 32
# bytes: where the published outcome is an agreement about it, ours is a refusal.
EQUAL, OTHER = EMPTY_ROOT, b"don't care 1"


ADDITIONAL: dict[str, tuple[int, int, bytes, bytes, list[bytes]]] = {
    "consistency check on empty tree (size1 is zero) is useless": (0, 1, EQUAL, EQUAL, [EQUAL]),
    "size1 is zero and does not equal size2": (0, 1, OTHER, b"don't care 2", []),
    "sizes are equal (zero) but roots are not": (0, 0, EQUAL, SOME_HASH, []),
    "sizes are equal (one) but roots are not": (1, 1, EQUAL, SOME_HASH, []),
    "size1 is greater than size2": (1, 0, SOME_HASH, EQUAL, []),
    "size1 is greater than size2 again": (2, 1, SOME_HASH, EQUAL, []),
    "sizes do not match and proof is empty": (1, 2, SOME_HASH, EQUAL, []),
    "sizes match but proof is not empty and sizes are zero": (0, 0, EQUAL, EQUAL, [EQUAL]),
    "sizes match but proof is not empty and sizes are one": (1, 1, EQUAL, EQUAL, [EQUAL]),
    "roots that are no hashes": (0, 0, OTHER, OTHER, []),
}


@pytest.mark.parametrize("name", ADDITIONAL)
def test_the_additional_negative_consistency_vectors(name: str) -> None:
    old, new, old_root, new_root, proof = ADDITIONAL[name]
    with pytest.raises(TlogError):
        verify_consistency(proof, old_size=old, new_size=new, old_root=old_root, new_root=new_root)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (0, 1), (1, 0), (2, 1)])
@pytest.mark.parametrize(
    ("leaf", "root"), [(SOME_HASH, b""), (b"", EMPTY_ROOT), (SOME_HASH, EMPTY_ROOT)], ids=["root", "leaf", "both"]
)
def test_an_invalid_leaf_or_root_is_refused_at_every_edge(index: int, size: int, leaf: bytes, root: bytes) -> None:
    with pytest.raises(TlogError):
        verify_inclusion(leaf, index=index, size=size, proof=[], root=root)


def test_the_only_entry_is_its_own_root() -> None:
    only = leaf_hash(b"data")
    verify_inclusion(only, index=0, size=1, proof=[], root=only)
