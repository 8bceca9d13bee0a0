"""`flask --app wsgi screening …`: sanctions lists."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from marketplace.core.actor import SYSTEM
from marketplace.core.errors import DomainError, InvalidInput
from marketplace.http.context import make_uow, settings
from marketplace.screening.entries import ListKind
from marketplace.screening.services.importing import import_list
from marketplace.screening.standing import list_ages
from marketplace.unit_of_work import running

group = AppGroup("screening", help="Sanctions lists.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--list", "kind", type=click.Choice([kind.value for kind in ListKind]), required=True)
@click.option("--published", type=click.DateTime(["%Y-%m-%d"]), help="The day of a list that does not tell it.")
@click.option("--whole", is_flag=True, help="The list is really much shorter than the one before.")
def import_file(file: Path, kind: str, published: datetime | None, *, whole: bool) -> None:
    """Put the list in FILE in force (docs/screening.md); a cut or malformed one changes nothing."""
    try:
        with running(lambda: make_uow(SYSTEM)) as uow:
            row = import_list(
                uow,
                kind=ListKind(kind),
                raw=file.read_bytes(),
                file_name=file.name,
                published_on=published.date() if published else None,
                is_whole=whole,
            )
            told = (
                f"Imported {row.entries} entries with {row.names} names, published on {row.published_on.isoformat()}."
            )
    except InvalidInput as error:
        problem = error.fields["file"]
        raise click.ClickException(problem.message % problem.params if problem.params else problem.message) from None
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    click.echo(told)


@group.command("lists")
def lists() -> None:
    """Tell how old each list is; ends with an error when one is missing or too old."""
    with running(lambda: make_uow(SYSTEM), read_only=True) as uow:
        ages = list_ages(uow.session, settings=settings(), today=uow.now.date())
        for age in ages:
            told = f"{age.edition.published_on.isoformat()}, {age.days} days old" if age.edition else "missing"
            click.echo(f"{age.kind.value:5} {told}{' TOO OLD' if age.is_too_old else ''}")
        if any(age.is_too_old for age in ages):
            raise click.exceptions.Exit(1)
