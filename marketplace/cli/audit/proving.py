"""`audit prove`, `audit consistency`, `audit export`."""

from pathlib import Path
from typing import Final
from uuid import UUID

import click
from flask.cli import with_appcontext

from marketplace.audit.exporting import EXPORT_NAME, export_lines, export_tiles
from marketplace.audit.proving import prove_consistency, prove_event
from marketplace.cli.audit.answers import answer, refusals, with_json
from marketplace.http.context import make_uow
from marketplace.transparency.checkpoints import checkpoint
from marketplace.unit_of_work import running

_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_FOLDER: Final = click.Path(file_okay=False, path_type=Path)


@click.command("prove")
@click.argument("event", type=click.UUID)
@click.option("--dir", "folder", type=_FOLDER, default=Path(), help="Where the two files go; here by default.")
@with_json
@with_appcontext
def prove(event: UUID, folder: Path, *, as_json: bool) -> None:
    """Write EVENT.json (the entry, byte for byte) and EVENT.tlog-proof; the log is sequenced and signed before."""
    with refusals(as_json=as_json):
        checkpoint(make_uow)
        with running(make_uow, read_only=True) as uow:
            found = prove_event(uow.session, event_id=event)
    folder.mkdir(parents=True, exist_ok=True)
    entry, proof = folder / f"{event}.json", folder / f"{event}.tlog-proof"
    entry.write_bytes(found.leaf)
    proof.write_bytes(found.proof)
    sentence = f"Entry {found.index} is in the log of {found.size} entries: {entry} and {proof}."
    answer(sentence, as_json=as_json, index=found.index, size=found.size, entry=str(entry), proof=str(proof))


@click.command("consistency")
@click.argument("old_size", type=click.IntRange(min=0))
@click.argument("file", type=_FILE)
@click.option("--to", "new_size", type=click.IntRange(min=1), help="The size of the newer checkpoint; the latest.")
@with_json
@with_appcontext
def consistency(old_size: int, file: Path, new_size: int | None, *, as_json: bool) -> None:
    """Write the proof that a checkpoint only appended to the log of OLD_SIZE entries (a body of add-checkpoint)."""
    with refusals(as_json=as_json), running(make_uow, read_only=True) as uow:
        body = prove_consistency(uow.session, old_size=old_size, new_size=new_size).to_bytes()
    file.write_bytes(body)
    answer(f"The proof is in {file}.", as_json=as_json, old_size=old_size, file=str(file))


@click.command("export")
@click.option("--dir", "folder", type=_FOLDER, required=True, help="Where the files go.")
@click.option("--disclosures", is_flag=True, help=f"Also write {EXPORT_NAME} with what was not erased.")
@with_json
@with_appcontext
def export(folder: Path, *, disclosures: bool, as_json: bool) -> None:
    """Write the log as tlog-tiles, with its keys and its checkpoint; a second run adds what is new."""
    with refusals(as_json=as_json):
        checkpoint(make_uow)
        with running(make_uow, read_only=True) as uow:
            done = export_tiles(uow.session, folder)
            if disclosures:
                with (folder / EXPORT_NAME).open("wb") as file:
                    file.writelines(export_lines(uow.session))
    sentence = f"{done.written} files of a log of {done.size} entries were written to {folder}; {done.kept} were there."
    answer(sentence, as_json=as_json, size=done.size, written=done.written, kept=done.kept)


COMMANDS: Final = (prove, consistency, export)
