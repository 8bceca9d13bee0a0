"""The Merkle tree of RFC 6962 and RFC 9162 section 2.1 over SHA-256: hashes, proofs and their verification.

Hashes are 32 bytes everywhere; any other length raises Malformed (`hash-size`). Subtrees are complete and named by
(level, index): level 0 holds the leaf hashes, node (level, index) covers the leaves from index * 2**level on.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Self

from .encoding import HASH_BYTES, MAX_NUMBER
from .errors import DoesNotHold, Malformed

Nodes = Callable[[int, int], bytes]
"""Returns the hash of the complete subtree (level, index)."""

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
# A tree of less than 2**63 leaves has no longer path.
MAX_PATH_HASHES: Final = 63


def leaf_hash(data: bytes) -> bytes:
    """Return SHA-256(0x00 || data)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + sized(left) + sized(right)).digest()


def sized(digest: bytes) -> bytes:
    """Return a hash of 32 bytes as it is; raise Malformed (`hash-size`) for any other length."""
    if len(digest) != HASH_BYTES:
        raise Malformed("hash-size", f"A hash has {HASH_BYTES} bytes; this one has {len(digest)}.")
    return digest


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the root over all leaf hashes by the definition in RFC 6962 section 2.1; for small trees and tests."""
    if not leaf_hashes:
        return EMPTY_ROOT
    if len(leaf_hashes) == 1:
        return sized(leaf_hashes[0])
    split = _split(len(leaf_hashes))
    return node_hash(root_of(leaf_hashes[:split]), root_of(leaf_hashes[split:]))


def root_at(size: int, nodes: Nodes) -> bytes:
    """Return the root of the first `size` leaves; raises Malformed (`size`) outside 0 to 2**63 - 1."""
    _check_size(size)
    return _root_of_range(0, size, nodes) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """Return PATH(index, D[size]) of RFC 6962 section 2.1.1, from the leaf's sibling to the root's child.

    Raises Malformed (`size`, `index`) when there is no such leaf.
    """
    _check_index(index, size)
    low, high = 0, size
    path = []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_root_of_range(middle, high, nodes))
            high = middle
        else:
            path.append(_root_of_range(low, middle, nodes))
            low = middle
    return path[::-1]


def consistency_proof(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """Return PROOF(old, D[new]) of RFC 6962 section 2.1.2; empty from an empty tree or between equal sizes.

    Raises Malformed (`size`) when `old` is above `new`.
    """
    _check_size(new)
    if not 0 <= old <= new:
        raise Malformed("size", f"A proof leads from a smaller tree to a larger one, not from {old} to {new}.")
    low, high = 0, new
    proof: list[bytes] = []
    while 0 < old - low < high - low:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(_root_of_range(middle, high, nodes))
            high = middle
        else:
            proof.append(_root_of_range(low, middle, nodes))
            low = middle
    if low:
        proof.append(_root_of_range(low, high, nodes))
    return proof[::-1]


def verify_inclusion(leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf hash stands at `index` of the tree (RFC 9162 section 2.1.3.2).

    Raises Malformed (`hash-size`, `size`, `index`) and DoesNotHold (`proof-length`, `inclusion`).
    """
    _check_index(index, size)
    _check_hashes([leaf, root, *proof])
    position, last = index, size - 1
    found = leaf
    for sibling in proof:
        if last == 0:
            raise DoesNotHold("proof-length", "The proof has more hashes than the tree has levels.")
        if position & 1 or position == last:
            found = node_hash(sibling, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise DoesNotHold("proof-length", "The proof has fewer hashes than the tree has levels.")
    if found != root:
        raise DoesNotHold("inclusion", f"The entry is not at place {index} of the log that this root stands for.")


def verify_consistency(
    proof: Sequence[bytes], *, old_size: int, new_size: int, old_root: bytes, new_root: bytes
) -> None:
    """Check that the new tree only appended to the old one (RFC 9162 section 2.1.4.2).

    An empty old tree is the beginning of every tree: its proof is empty and its root must be EMPTY_ROOT. Raises
    Malformed (`hash-size`, `size`) and DoesNotHold (`shrunk`, `proof-length`, `old-root`, `new-root`).
    """
    _check_size(old_size)
    _check_size(new_size)
    _check_hashes([old_root, new_root, *proof])
    if new_size < old_size:
        raise DoesNotHold("shrunk", f"The log had {old_size} entries and now has {new_size}: entries were taken away.")
    _check_empty_roots([(old_size, old_root, "old-root"), (new_size, new_root, "new-root")])
    if old_size in (0, new_size):
        _check_trivial(proof, are_equal=old_size == new_size, old_root=old_root, new_root=new_root)
        return
    _climb(proof, old_size=old_size, new_size=new_size, old_root=old_root, new_root=new_root)


def new_nodes(size_before: int, leaf_hashes: Iterable[bytes], nodes: Nodes) -> Iterator[tuple[int, int, bytes]]:
    """Yield (level, index, hash) of every complete node that appending the leaf hashes creates, leaf by leaf.

    Reads from `nodes` only the complete subtrees at the right edge of the tree before; keeps one hash per level.
    """
    tree = GrowingTree.at(size_before, nodes)
    for leaf in leaf_hashes:
        yield from tree.add(leaf)


class GrowingTree:
    """A tree that is only appended to: of all its hashes it keeps those at the right edge, one per level."""

    def __init__(self, size: int = 0, *, edge: Sequence[bytes] = ()) -> None:
        self.size = size
        self._edge = list(edge)

    @classmethod
    def at(cls, size: int, nodes: Nodes) -> Self:
        """Go on from a tree of this size; raises Malformed (`size`)."""
        _check_size(size)
        return cls(size, edge=[nodes(level, index) for level, index in edge_of(size)])

    def add(self, digest: bytes, *, level: int = 0) -> list[tuple[int, int, bytes]]:
        """Append a leaf hash, or the hash of a complete subtree, and return the complete nodes that this made.

        Raises Malformed (`size`) when a subtree of this level cannot stand here.
        """
        if self.size % (1 << level):
            raise Malformed("size", f"After {self.size} entries no subtree of level {level} can begin.")
        place = self.size >> level
        self.size += 1 << level
        made = [(level, place, sized(digest))]
        while place & 1:
            digest = node_hash(self._edge.pop(), digest)
            level, place = level + 1, place >> 1
            made.append((level, place, digest))
        self._edge.append(digest)
        return made

    def root(self) -> bytes:
        """Return the root over all that was added."""
        return _folded(self._edge) if self._edge else EMPTY_ROOT

    def copy(self) -> Self:
        """Return a tree that grows on its own from here."""
        return type(self)(self.size, edge=self._edge)


def edge_of(size: int) -> list[tuple[int, int]]:
    """Return the complete subtrees that make up a tree of this size, from left to right, as (level, index)."""
    return [(level, (size >> level) - 1) for level in reversed(range(size.bit_length())) if size >> level & 1]


def places_read(ask: Callable[[Nodes], object]) -> list[tuple[int, int]]:
    """Return the (level, index) of every node that `ask` reads, so that a caller can fetch all of them at once.

    Example: `places_read(lambda nodes: inclusion_proof(7, 1000, nodes))`.
    """
    places: list[tuple[int, int]] = []

    def note(level: int, index: int) -> bytes:
        places.append((level, index))
        return EMPTY_ROOT

    ask(note)
    return places


def _root_of_range(low: int, high: int, nodes: Nodes) -> bytes:
    # `low` is a multiple of the largest power of two in the range, as everywhere in these trees.
    return _folded([nodes(level, (low >> level) + index) for level, index in edge_of(high - low)])


def _folded(edge: Sequence[bytes]) -> bytes:
    found = sized(edge[-1])
    for left in reversed(edge[:-1]):
        found = node_hash(left, found)
    return found


def _climb(proof: Sequence[bytes], *, old_size: int, new_size: int, old_root: bytes, new_root: bytes) -> None:
    hashes = list(proof)
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    if position == 0:
        # The old tree is one complete subtree of the new one: its root is known and not sent.
        hashes.insert(0, old_root)
    if not hashes:
        raise DoesNotHold("proof-length", "The proof has fewer hashes than the two sizes ask for.")
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            raise DoesNotHold("proof-length", "The proof has more hashes than the two sizes ask for.")
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    _compare(last, old_matches=old == old_root, new_matches=new == new_root)


def _compare(left_over: int, *, old_matches: bool, new_matches: bool) -> None:
    if left_over:
        raise DoesNotHold("proof-length", "The proof has fewer hashes than the two sizes ask for.")
    if not old_matches:
        raise DoesNotHold("old-root", "The old root is not the beginning of this log: an old entry was changed.")
    if not new_matches:
        raise DoesNotHold("new-root", "The new root does not continue the old log.")


def _check_trivial(proof: Sequence[bytes], *, are_equal: bool, old_root: bytes, new_root: bytes) -> None:
    if proof:
        raise DoesNotHold("proof-length", "The proof has more hashes than the two sizes ask for.")
    if are_equal and old_root != new_root:
        raise DoesNotHold("new-root", "Two logs of the same size have different roots: one was changed.")


def _check_empty_roots(roots: Sequence[tuple[int, bytes, str]]) -> None:
    for size, root, code in roots:
        if size == 0 and root != EMPTY_ROOT:
            raise DoesNotHold(code, "An empty log has one root only, and this is another.")


def _check_hashes(hashes: Sequence[bytes]) -> None:
    for digest in hashes:
        sized(digest)


def _check_size(size: int) -> None:
    if not 0 <= size <= MAX_NUMBER:
        raise Malformed("size", f"A log cannot have {size} entries.")


def _check_index(index: int, size: int) -> None:
    _check_size(size)
    if not 0 <= index < size:
        raise Malformed("index", f"A log of {size} entries has no entry at place {index}.")


def _split(size: int) -> int:
    # the largest power of two below `size`
    return 1 << ((size - 1).bit_length() - 1)
