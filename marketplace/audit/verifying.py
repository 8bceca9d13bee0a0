"""Verify the whole log: entries, tree, checkpoints, disclosures. Each kind of damage has a finding of its own."""

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditCheckpoint, AuditKey
from marketplace.audit.rebuilding import Chunk
from marketplace.audit.sequencing import tree_size
from marketplace.audit.tlog.checkpoints import open_checkpoint
from marketplace.audit.tlog.errors import TlogError
from marketplace.audit.tlog.keys import VerifierKey
from marketplace.audit.tlog.merkle import EMPTY_ROOT, GrowingTree
from marketplace.audit.whole_tree import read_chunks, wrong_above

MOST_FINDINGS: Final = 20
_STREAM: Final = 1_000
# The columns beside the leaf are what people see and search: they must say what the leaf says.
# OFFSET 0 keeps the inner query apart, so that each leaf is parsed once and not for each of its columns.
_COLUMNS: Final = text("""
SELECT seq FROM audit_event WHERE idx < :size AND (
    SELECT said ->> 'act' <> action OR said ->> 'out' <> outcome OR said ->> 'id' <> event_id::text
        OR said #>> '{tgt,0,type}' <> target_type OR said #>> '{tgt,0,id}' <> target_id
        OR (said ->> 'at')::timestamptz <> at
    FROM (SELECT convert_from(leaf, 'UTF8')::jsonb AS said OFFSET 0) AS parsed
) ORDER BY seq LIMIT :most
""")
_DISCLOSURES: Final = text("""
SELECT event.idx, disclosure.name FROM audit_disclosure AS disclosure JOIN audit_event AS event USING (seq)
WHERE event.idx < :size AND (
    strpos(convert_from(event.leaf, 'UTF8'), '"' || disclosure.digest || '"') = 0
    OR rtrim(translate(encode(sha256(disclosure.encoded::bytea), 'base64'), '+/', '-_'), '=') <> disclosure.digest
) ORDER BY event.idx LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not hold: a code for programs, a sentence for people."""

    code: str
    message: str


@dataclass(slots=True)
class Report:
    """What a verification covered and found; without findings the log is sound."""

    size: int
    checkpoint_size: int | None = None
    checkpoints: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Tell whether everything holds."""
        return not self.findings

    def add(self, code: str, message: str) -> None:
        """Note a finding; after twenty of them no more."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(code, message))


@dataclass(frozen=True, slots=True)
class Remembered:
    """A size and root from outside the database: a saved checkpoint, or the signer's memory."""

    size: int
    root: bytes
    whose: str


def verify_log(session: Session, *, outside: Sequence[Remembered] = ()) -> Report:
    """Rebuild the tree from the raw leaves and check everything against it; changes nothing.

    Takes as long as it needs: the statement time-out is lifted for this transaction.
    """
    session.execute(text("SET LOCAL statement_timeout = 0"))
    report = Report(tree_size(session))
    signed = _signed(session, report)
    _check_tree(session, report, roots=[*signed, *outside])
    _check_texts(session, report)
    return report


def _signed(session: Session, report: Report) -> list[Remembered]:
    """Check every checkpoint's signature, and return what they state in order of size."""
    keys = [VerifierKey.parse(vkey) for vkey in session.scalars(select(AuditKey.vkey))]
    found: list[Remembered] = []
    rows = select(AuditCheckpoint).order_by(AuditCheckpoint.id).execution_options(yield_per=_STREAM)
    for row in session.scalars(rows):
        report.checkpoints += 1
        problem = _problem_of(row, keys)
        if problem:
            report.add(
                "forged-checkpoint", f"The checkpoint of {row.size} entries of {row.origin} is forged: {problem}"
            )
            continue
        found.append(Remembered(row.size, row.root, f"the checkpoint of {row.size} entries"))
        report.checkpoint_size = max(row.size, report.checkpoint_size or 0)
    return found


def _problem_of(row: AuditCheckpoint, keys: Iterable[VerifierKey]) -> str | None:
    try:
        opened = open_checkpoint(row.note.encode("utf-8"), logs=keys, origin=row.origin)
    except TlogError as error:
        return error.message
    stated = opened.checkpoint
    if (stated.size, stated.root) != (row.size, row.root):
        return "what was signed is another size or root than the one beside it."
    return None


def _check_tree(session: Session, report: Report, *, roots: Sequence[Remembered]) -> None:
    waiting = sorted(roots, key=lambda each: each.size)
    for each in waiting:
        if each.size > report.size:
            report.add(
                "missing-entries",
                f"{each.whose[0].upper()}{each.whose[1:]} covers {each.size} entries, but only {report.size} are here: "
                f"the end of the log was deleted, or an old backup was restored.",
            )
    tree = GrowingTree()
    last_good = 0
    waiting = [each for each in waiting if each.size <= report.size]
    with closing(read_chunks(session, size=report.size)) as chunks:
        for chunk in chunks:
            _tell_of_chunk(report, chunk)
            while waiting and waiting[0].size <= chunk.begin + chunk.count:
                last_good = _check_root(report, waiting.pop(0), tree=tree, chunk=chunk, last_good=last_good)
            made = chunk.grow(tree, count=chunk.count)
            for level, index in wrong_above(session, made):
                report.add("tree", f"Node {index} of level {level} of the tree does not follow from the entries.")


def _check_root(report: Report, stated: Remembered, *, tree: GrowingTree, chunk: Chunk, last_good: int) -> int:
    then = tree.copy()
    chunk.grow(then, count=stated.size - chunk.begin)
    root = then.root() if stated.size else EMPTY_ROOT
    if root == stated.root:
        return stated.size
    if any(finding.code == "history" for finding in report.findings):
        return last_good  # every later checkpoint differs too
    report.add(
        "history",
        f"The first {stated.size} entries are not those of {stated.whose}: "
        f"history was changed after entry {last_good} or an old backup was restored.",
    )
    return last_good


def _tell_of_chunk(report: Report, chunk: Chunk) -> None:
    if chunk.missing is not None:
        report.add("missing-entry", f"Entry {chunk.missing} is missing: it was deleted.")
    for index in chunk.changed:
        report.add("entry", f"Entry {index} was changed: it does not match its stored hash.")
    for one, other in chunk.swapped:
        report.add("swapped", f"Entries {one} and {other} have changed places.")
    if not chunk.changed and not chunk.swapped and chunk.missing is None:
        for level, index in chunk.wrong_nodes:
            report.add("tree", f"Node {index} of level {level} of the tree does not follow from the entries.")


def _check_texts(session: Session, report: Report) -> None:
    if any(finding.code in ("entry", "swapped", "missing-entry") for finding in report.findings):
        return  # what stands beside a changed entry says nothing more
    limits = {"size": report.size, "most": MOST_FINDINGS}
    try:
        with session.begin_nested():
            columns = session.execute(_COLUMNS, limits).all()
            disclosures = session.execute(_DISCLOSURES, limits).all()
    except DataError:
        report.add("leaf-json", "An entry is not the JSON that this program writes: it was changed.")
        return
    for (seq,) in columns:
        report.add("columns", f"What is shown of event {seq} is not what its entry says: a column was changed.")
    for index, name in disclosures:
        report.add("disclosure", f"The disclosure {name} of entry {index} was altered or belongs to another entry.")
