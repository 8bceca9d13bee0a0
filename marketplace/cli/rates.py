"""`flask --app wsgi rates …`: the reference data that prices rest on."""

import click
from flask.cli import AppGroup

from marketplace.http.context import make_uow
from marketplace.pricing.services import import_price_book, import_rates, import_rules
from marketplace.unit_of_work import running

group = AppGroup("rates", help="Import reference data.")


@group.command("import")
def import_shipped() -> None:
    """Import the shipped rates, charges, standards and price book; a second run changes nothing."""
    with running(make_uow) as uow:
        rates, rules, edition = import_rates(uow), import_rules(uow), import_price_book(uow)
        number = edition.number if edition is not None else None
    click.echo(f"{rates} new rates, {rules} new charges and standards.")
    if number is not None:
        click.echo(f"Price book {number} is published; every band of it is marked unverified.")
