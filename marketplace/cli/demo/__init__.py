"""`flask --app wsgi demo …`: the invented people, goods and orders, and how to sign in as them."""

import click
from flask import current_app
from flask.cli import AppGroup

from marketplace.http.context import make_uow, settings
from marketplace.unit_of_work import running

group = AppGroup("demo", help="Load the demonstration and sign in to it.")


@group.command("load")
@click.option("--seed", default=1, show_default=True, help="Another seed gives other prices, days and pictures.")
@click.option("--quick", is_flag=True, help="A few lots only.")
def load(seed: int, quick: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Fill an empty database with cooperatives, lots and orders from March to September 2026."""
    from marketplace.cli.demo.loading import load as load_everything  # spares every other command a second

    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the app behind the proxy
    load_everything(app, settings(), seed=seed, quick=quick, tell=click.echo)


@group.command("people")
def people() -> None:
    """List a person for each role, with e-mail address and password."""
    from marketplace.cli.demo.signing_in import list_of_people

    with running(make_uow, read_only=True) as uow:
        click.echo(list_of_people(uow))


@group.command("code")
@click.argument("email")
def code(email: str) -> None:
    """Print the one-time code that EMAIL's telephone would show now."""
    from marketplace.cli.demo.signing_in import code_of

    with running(make_uow, read_only=True) as uow:
        click.echo(code_of(uow, email))
