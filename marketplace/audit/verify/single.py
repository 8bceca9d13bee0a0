"""One entry, and two checkpoints."""

from argparse import Namespace
from typing import Final

from ..tlog.errors import DoesNotHold
from ..tlog.leaves import check_disclosure, parse_leaf
from ..tlog.merkle import leaf_hash, verify_consistency
from ..tlog.notes import LIMITS
from ..tlog.proofs import MAX_HEAD_BYTES, parse_proof, verify_proof
from ..tlog.tiles import MAX_ENTRY_BYTES
from ..tlog.witness import parse_add_checkpoint
from .files import read_file, read_own_checkpoint, read_trust
from .results import Result, details_of, witnessed

MAX_FILE_BYTES: Final = LIMITS.size + MAX_HEAD_BYTES


def proof(options: Namespace) -> Result:
    """Check that an entry is in the log, and that its disclosures belong to it."""
    policy = read_trust(options.key, options.policy)
    entry = read_file(options.entry, limit=MAX_ENTRY_BYTES)
    found = parse_proof(read_file(options.file, limit=MAX_FILE_BYTES))
    opened = verify_proof(
        found,
        leaf=leaf_hash(entry),
        logs=policy.logs,
        witnesses=policy.witnesses.values(),
        origin=options.origin,
    )
    policy.check_quorum(opened)
    disclosed = []
    if options.disclosure:
        leaf = parse_leaf(entry)
        disclosed = [check_disclosure(each, leaf=leaf) for each in options.disclosure]
    checkpoint = opened.checkpoint
    sentence = (
        f"The entry is in the log {checkpoint.origin}: number {found.index + 1} of {checkpoint.size}. "
        f"{witnessed(opened)}"
    )
    facts = [{"name": each.name, "value": each.value} for each in disclosed]
    return Result(sentence, {**details_of(opened), "index": found.index, "disclosed": facts})


def consistency(options: Namespace) -> Result:
    """Check that the newer checkpoint's log only appended to the older one's."""
    policy = read_trust(options.key, options.policy)
    old = read_own_checkpoint(options.old, policy=policy, origin=options.origin)
    request = parse_add_checkpoint(read_file(options.new, limit=MAX_FILE_BYTES))
    opened = policy.open_checkpoint(request.checkpoint, origin=old.origin)
    new = opened.checkpoint
    if request.old_size != old.size:
        raise DoesNotHold(
            "old-size", f"The proof begins at {request.old_size} entries, your checkpoint has {old.size}."
        )
    verify_consistency(request.proof, old_size=old.size, new_size=new.size, old_root=old.root, new_root=new.root)
    sentence = (
        f"The log {new.origin} grew from {old.size} to {new.size} entries and changed none of the old ones. "
        f"{witnessed(opened)}"
    )
    return Result(sentence, {**details_of(opened), "old_size": old.size})
