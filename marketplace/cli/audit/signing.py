"""`audit sequence`, `audit checkpoint`, `audit remember`."""

from pathlib import Path
from typing import Final

import click
from flask.cli import with_appcontext

from marketplace.audit.tlog.notes import LIMITS
from marketplace.audit.verify.files import read_file
from marketplace.cli.audit.answers import answer, refusals, with_json
from marketplace.http.context import make_uow
from marketplace.transparency.checkpoints import checkpoint, remember, sequence_all
from marketplace.unit_of_work import running


@click.command("sequence")
@with_json
@with_appcontext
def sequence(*, as_json: bool) -> None:
    """Give every committed event its place in the log."""
    with refusals(as_json=as_json):
        placed = sequence_all(make_uow)
    answer(f"{placed} events got their place.", as_json=as_json, placed=placed)


@click.command("checkpoint")
@with_json
@with_appcontext
def sign(*, as_json: bool) -> None:
    """Sign the log if it changed, and print the checkpoint."""
    with refusals(as_json=as_json):
        signed = checkpoint(make_uow)
    if signed is None:
        answer("Nothing is new: the last checkpoint stands.", as_json=as_json, size=None)
    else:
        answer(signed.note.rstrip("\n"), as_json=as_json, size=signed.size, note=signed.note)


@click.command("remember")
@click.argument("saved", type=click.Path(dir_okay=False, path_type=Path))
@with_json
@with_appcontext
def adopt(saved: Path, *, as_json: bool) -> None:
    """Write the signer's lost memory anew from a checkpoint that was saved outside, when the log still agrees."""
    with refusals(as_json=as_json), running(make_uow, read_only=True) as uow:
        found = remember(uow, note=read_file(saved, limit=LIMITS.size))
    answer(f"The signer remembers {found.size} entries of {found.origin}.", as_json=as_json, size=found.size)


COMMANDS: Final = (sequence, sign, adopt)
