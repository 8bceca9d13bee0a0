"""`flask --app wsgi privacy …`: what the audit log forgets by itself."""

import json
from collections.abc import Sequence

import click
from flask.cli import AppGroup

from marketplace.core.actor import CLOCK
from marketplace.http.context import make_uow
from marketplace.transparency.retention import Due, due, retain, unplaced
from marketplace.unit_of_work import running

group = AppGroup("privacy", help="What the audit log tells about people, and for how long.")


@group.command("retention")
@click.option("--dry-run", is_flag=True, help="Count what is due, and erase nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def retention(*, dry_run: bool, as_json: bool) -> None:
    """Erase the disclosures whose time is over, as the worker does each night."""
    if not dry_run:
        _print(retain(lambda: make_uow(CLOCK)), as_json=as_json)
        return
    with running(make_uow, read_only=True) as uow:
        found = due(uow.session, uow.settings.retention_file, now=uow.now)
        strangers = unplaced(uow.session)
    _print(found, as_json=as_json)
    for action in strangers:
        click.echo(f"{action} belongs to no class; it is never erased by itself.", err=True)


def _print(found: Sequence[Due], *, as_json: bool) -> None:
    if as_json:
        rows = [{**each._asdict(), "before": each.before.isoformat()} for each in found]
        click.echo(json.dumps(rows))
        return
    for each in found:
        click.echo(
            f"{each.retention_class}: {each.disclosures} disclosures of {each.entries} entries"
            f" from before {each.before.isoformat()}"
        )
    if not found:
        click.echo("Nothing is due.")
