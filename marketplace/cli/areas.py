"""`flask --app wsgi areas …`: lists of conflict-affected areas."""

from pathlib import Path

import click
from flask.cli import AppGroup

from marketplace.core.actor import SYSTEM
from marketplace.core.errors import DomainError, InvalidInput
from marketplace.http.context import make_uow
from marketplace.incidents.services.areas import import_edition
from marketplace.unit_of_work import running

group = AppGroup("areas", help="Lists of conflict-affected and high-risk areas.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(file: Path) -> None:
    """Import an edition from FILE (docs/incidents.md); a cut or malformed one changes nothing."""
    try:
        with running(lambda: make_uow(SYSTEM)) as uow:
            row = import_edition(uow, raw=file.read_bytes())
            told = f"Imported {row.rows} areas, published on {row.published_on.isoformat()}."
    except InvalidInput as error:
        problem = error.fields["file"]
        raise click.ClickException(problem.message % problem.params if problem.params else problem.message) from None
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    click.echo(told)
