"""The whole log as one file of JSON lines, with what was not erased: `audit-export@v1`.

UTF-8, one JSON object per line, each line ends in a newline:

1. `{"format":"audit-export@v1","checkpoint":"<the signed note, newlines and all>"}`
2. then one line for each entry of the checkpoint, in order from 0:
   `{"idx":0,"hash":"<base64 of the leaf hash as stored>","leaf":"<the leaf's bytes as text>","disclosures":["…"]}`

`leaf` is RFC 8785 JSON carried as a string, so its bytes survive. `disclosures` are those not erased, in any order.
`hash` comes from the stored tree, not from the leaf: so an entry that was edited alone can be named.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from .checking import Expected
from .checkpoints import Checkpoint, OpenedCheckpoint
from .encoding import base64_text, hash_bytes
from .errors import DoesNotHold, Malformed, TlogError
from .leaves import check_disclosure, parse_leaf, read_json
from .merkle import GrowingTree, leaf_hash

FORMAT: Final = "audit-export@v1"
# A leaf of 65,535 bytes and its disclosures, escaped.
MAX_LINE_BYTES: Final = 4_194_304


@dataclass(frozen=True, slots=True)
class ExportedEntry:
    """One entry as a line says it."""

    idx: int
    hash: bytes
    leaf: bytes
    disclosures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckedExport:
    """An export that holds: its checkpoint, who signed it, and how many disclosures were checked."""

    opened: OpenedCheckpoint
    disclosures: int


def header_line(checkpoint: bytes) -> bytes:
    """Write the first line from a signed checkpoint."""
    return _line({"format": FORMAT, "checkpoint": checkpoint.decode("utf-8")})


def entry_line(idx: int, *, stored_hash: bytes, leaf: bytes, disclosures: Sequence[str]) -> bytes:
    """Write one entry's line."""
    return _line(
        {
            "idx": idx,
            "hash": base64_text(stored_hash),
            "leaf": leaf.decode("utf-8"),
            "disclosures": list(disclosures),
        }
    )


def parse_header(line: bytes) -> bytes:
    """Return the signed checkpoint in the first line; raises Malformed (`export-line`)."""
    match _object(line):
        case {"format": str(name), "checkpoint": str(checkpoint), **more} if name == FORMAT and not more:
            return _encoded(checkpoint)
    raise Malformed("export-line", f"Line 1 is not the first line of an {FORMAT} file.")


def parse_entry(line: bytes) -> ExportedEntry:
    """Read an entry's line; raises Malformed (`export-line`, `base64`, `hash-size`)."""
    match _object(line):
        case {"idx": int(idx), "hash": str(digest), "leaf": str(leaf), "disclosures": [*disclosures], **more} if (
            not more and not isinstance(idx, bool) and all(isinstance(each, str) for each in disclosures)
        ):
            return ExportedEntry(idx, hash_bytes(digest, what="hash"), _encoded(leaf), tuple(disclosures))
    raise Malformed("export-line", "This is not the line of an entry.")


def check_export(
    lines: Iterable[bytes],
    *,
    open_checkpoint: Callable[[bytes], OpenedCheckpoint],
    saved: Checkpoint | None = None,
) -> CheckedExport:
    """Check every entry and disclosure of an export against its signed checkpoint, and against a saved one.

    `open_checkpoint` verifies signatures and the policy. Raises Malformed as the readers of lines, leaves and
    checkpoints do, each with the number of the line, and DoesNotHold: `entry-order`, `entry`, `disclosure`,
    `extra-entries`, `missing-entries`, `history`, `root`, and what open_checkpoint raises.
    """
    remaining = iter(lines)
    opened = open_checkpoint(parse_header(next(remaining, b"")))
    expected = Expected(opened.checkpoint, saved)
    expected.check_origins()
    tree = GrowingTree()
    expected.check_saved(tree)
    disclosures = 0
    for entry in _entries(remaining):
        disclosures += _check_entry(entry, expected=expected, tree=tree)
        expected.check_saved(tree)
    expected.check_end(tree)
    return CheckedExport(opened, disclosures)


def _check_entry(entry: ExportedEntry, *, expected: Expected, tree: GrowingTree) -> int:
    if tree.size == expected.checkpoint.size:
        raise DoesNotHold("extra-entries", f"The log signed {tree.size} entries, but the file goes on after them.")
    if entry.idx != tree.size:
        raise DoesNotHold(
            "entry-order", f"Entry {entry.idx} stands where entry {tree.size} must be: one was taken out or moved."
        )
    found = leaf_hash(entry.leaf)
    if found != entry.hash:
        raise DoesNotHold("entry", f"Entry {entry.idx} was changed: it does not match its hash.")
    tree.add(found)
    try:
        leaf = parse_leaf(entry.leaf)
        for encoded in entry.disclosures:
            check_disclosure(encoded, leaf=leaf)
    except TlogError as error:
        raise type(error)(error.code, f"Entry {entry.idx}: {error.message}") from error
    return len(entry.disclosures)


def _entries(lines: Iterator[bytes]) -> Iterator[ExportedEntry]:
    for number, line in enumerate(lines, 2):
        try:
            yield parse_entry(line)
        except Malformed as error:
            raise Malformed(error.code, f"Line {number}: {error.message}") from error


def _object(line: bytes) -> Any:
    if len(line) > MAX_LINE_BYTES:
        raise Malformed("export-line", f"A line has more than {MAX_LINE_BYTES} bytes.")
    if not line.endswith(b"\n"):
        raise Malformed("export-line", "The line does not end in a newline.")
    return read_json(line, what="line", code="export-line")


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Malformed("export-line", "The line has a text that UTF-8 cannot write.") from error


def _line(values: dict[str, object]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"
