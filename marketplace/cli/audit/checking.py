"""`audit verify`, `audit verify-proof`, `audit verify-consistency`."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from marketplace.audit.models import AuditKey
from marketplace.audit.tlog.checkpoints import open_checkpoint
from marketplace.audit.tlog.keys import VerifierKey
from marketplace.audit.tlog.notes import LIMITS
from marketplace.audit.verify import command_line
from marketplace.audit.verify.files import read_file
from marketplace.audit.verifying import Remembered
from marketplace.cli.audit.answers import DOES_NOT_HOLD, answer, end, refusals, with_json
from marketplace.http.context import make_uow
from marketplace.transparency.verification import verify_and_tell
from marketplace.unit_of_work import running

_FILE: Final = click.Path(dir_okay=False, path_type=Path)


@click.command("verify")
@click.option("--full", is_flag=True, required=True, help="Rebuild the tree from the raw entries.")
@click.option("--checkpoint", "saved", type=_FILE, help="A checkpoint that you saved before, to compare with.")
@with_json
@with_appcontext
def verify(saved: Path | None, *, full: bool, as_json: bool) -> None:
    """Check every entry, node, checkpoint and disclosure; what is found is kept, and an alarm goes out."""
    del full
    with refusals(as_json=as_json):
        outside = [] if saved is None else [_opened(saved)]
        report = verify_and_tell(make_uow, saved=outside)
    details = {"size": report.size, "checkpoint_size": report.checkpoint_size, "checkpoints": report.checkpoints}
    if report.is_sound:
        answer(
            f"The log is sound: {report.size} entries, {report.checkpoints} checkpoints.", as_json=as_json, **details
        )
        return
    sentence = "\n".join(["The log is NOT sound.", *(finding.message for finding in report.findings)])
    findings = [asdict(finding) for finding in report.findings]
    end(DOES_NOT_HOLD, sentence, as_json=as_json, findings=findings, **details)


@click.command("verify-proof")
@click.argument("proof", type=_FILE)
@click.option("--entry", type=_FILE, required=True, help="The entry, byte for byte.")
@with_json
@with_appcontext
def verify_proof(proof: Path, entry: Path, *, as_json: bool) -> None:
    """Check a proof file with this log's own keys; strangers use `python -m marketplace.audit.verify`."""
    _delegate(["proof", str(proof), "--entry", str(entry)], as_json=as_json)


@click.command("verify-consistency")
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@with_json
@with_appcontext
def verify_consistency(old: Path, new: Path, *, as_json: bool) -> None:
    """Check that the log only grew from the checkpoint OLD to the one in NEW (a body of add-checkpoint)."""
    _delegate(["consistency", str(old), str(new)], as_json=as_json)


def _delegate(arguments: list[str], *, as_json: bool) -> None:
    keys = [part for key in _keys() for part in ("--key", key.text)]
    sys.exit(command_line.main([*arguments, *(keys or ["--key", ""]), *(["--json"] if as_json else [])]))


def _opened(saved: Path) -> Remembered:
    checkpoint = open_checkpoint(read_file(saved, limit=LIMITS.size), logs=_keys()).checkpoint
    return Remembered(checkpoint.size, checkpoint.root, "the saved checkpoint")


def _keys() -> list[VerifierKey]:
    with running(make_uow, read_only=True) as uow:
        return [VerifierKey.parse(vkey) for vkey in uow.session.scalars(select(AuditKey.vkey))]


COMMANDS: Final = (verify, verify_proof, verify_consistency)
