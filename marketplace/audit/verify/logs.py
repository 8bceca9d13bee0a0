"""Whole logs: as tiles, and as JSON lines."""

from argparse import Namespace
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from ..tlog.checking import Expected
from ..tlog.checkpoints import Checkpoint
from ..tlog.exports import MAX_LINE_BYTES, check_export
from ..tlog.notes import LIMITS
from ..tlog.policy import Policy
from ..tlog.tile_check import check_tiles
from ..tlog.tiles import CHECKPOINT_PATH, MAX_BUNDLE_BYTES
from .files import Unreadable, read_file, read_own_checkpoint, read_trust
from .results import Result, details_of, witnessed

EXPORT_NAME: Final = "audit-export.jsonl"


def tiles(options: Namespace) -> Result:
    """Check every entry and every tile of a folder."""
    policy = read_trust(options.key, options.policy)
    opened = policy.open_checkpoint(
        read_file(options.folder / CHECKPOINT_PATH, limit=LIMITS.size), origin=options.origin
    )
    expected = Expected(opened.checkpoint, _saved(options, policy))
    check_tiles(partial(_tile, options.folder), expected=expected)
    sentence = f"All {expected.checkpoint.size} entries are in the log {expected.checkpoint.origin} as it was signed."
    return Result(f"{sentence} {witnessed(opened)}", details_of(opened))


def export(options: Namespace) -> Result:
    """Check every entry and every disclosure of an export."""
    policy = read_trust(options.key, options.policy)
    path = options.file / EXPORT_NAME if options.file.is_dir() else options.file
    checked = check_export(
        _lines(path),
        open_checkpoint=partial(policy.open_checkpoint, origin=options.origin),
        saved=_saved(options, policy),
    )
    checkpoint = checked.opened.checkpoint
    sentence = (
        f"All {checkpoint.size} entries are in the log {checkpoint.origin} as it was signed, "
        f"and {checked.disclosures} disclosures belong to them."
    )
    details = {**details_of(checked.opened), "disclosures": checked.disclosures}
    return Result(f"{sentence} {witnessed(checked.opened)}", details)


def _saved(options: Namespace, policy: Policy) -> Checkpoint | None:
    if options.checkpoint is None:
        return None
    return read_own_checkpoint(options.checkpoint, policy=policy, origin=options.origin)


def _tile(folder: Path, path: str) -> bytes | None:
    whole = folder / path
    return read_file(whole, limit=MAX_BUNDLE_BYTES) if whole.exists() else None


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from iter(partial(file.readline, MAX_LINE_BYTES + 1), b"")
    except OSError as error:
        raise Unreadable("file", f"The file {path} cannot be read: {error.strerror}.") from error
