"""`flask --app wsgi pricing …`: the guides that were stored, worked out again."""

import sys

import click
from flask.cli import AppGroup

from marketplace.core.ids import normal_reference
from marketplace.http.context import make_uow
from marketplace.lots.queries import count_snapshots, stored_snapshots
from marketplace.pricing.guidance import differences
from marketplace.unit_of_work import running

group = AppGroup("pricing", help="Check price guidance.")
_PROGRESS_EVERY = 1000
# Of one version; a snapshot that is wrong everywhere is told in ten lines.
_MOST_TOLD = 10


@group.command("recompute")
@click.option("--all", "is_all", is_flag=True, help="Every version of every lot.")
@click.option("--lot", "reference", help="Every version of one lot.")
def recompute(*, is_all: bool, reference: str | None) -> None:
    """Work stored guides out again; exit with 1 when one comes out differently, with 2 when there is no such guide."""
    if is_all == (reference is not None):
        raise click.UsageError("Say --all, or --lot with a reference.")
    wanted = normal_reference(reference) if reference is not None else None
    different = done = 0
    with running(make_uow, read_only=True) as uow:
        number = count_snapshots(uow.session, reference=wanted)
        for stored in stored_snapshots(uow.session, reference=wanted):
            found = differences(stored.snapshot)
            done, different = done + 1, different + bool(found)
            for line in found[:_MOST_TOLD]:
                click.echo(f"{stored.reference} version {stored.number}: {line}")
            if done % _PROGRESS_EVERY == 0:
                click.echo(f"{done} of {number} …", err=True)
    if not done and wanted is not None:
        click.echo(f"No guide is stored for {wanted}.", err=True)
        sys.exit(2)
    click.echo(f"{done} guides worked out again: {done - different} the same to the cent, {different} different.")
    sys.exit(1 if different else 0)
