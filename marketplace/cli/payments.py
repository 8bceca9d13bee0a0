"""`flask --app wsgi payments …`: compare our books with the provider's."""

import sys

import click
from flask.cli import AppGroup

from marketplace.core.actor import SYSTEM
from marketplace.http.context import make_uow, payment_provider
from marketplace.orders.services import settlement
from marketplace.payments.consequences import Desk
from marketplace.payments.reconciliation import Comparison, compare
from marketplace.payments.sweep import sweep
from marketplace.unit_of_work import running

group = AppGroup("payments", help="Payments and the provider's books.")


@group.command("reconcile")
@click.option("--offline", is_flag=True, help="Compare with the books as last read, without asking the provider.")
def reconcile(*, offline: bool) -> None:
    """Read the provider's books and compare them with the ledger; exit 1 when they differ, 2 when nobody answers."""
    if not offline and not sweep(Desk(make_uow, payment_provider(), settlement)):
        click.echo("The payment provider does not answer.", err=True)
        sys.exit(2)
    with running(lambda: make_uow(SYSTEM), read_only=True) as uow:
        comparison = compare(uow.session)
    _tell(comparison)
    sys.exit(0 if comparison.is_even else 1)


def _tell(comparison: Comparison) -> None:
    for total in comparison.totals:
        click.echo(f"ledger {total.ledger}, provider {total.provider}, difference {total.difference}")
    for line in comparison.mismatches:
        click.echo(f"{line.reference} {line.kind} {line.at:%Y-%m-%d}: ledger {line.ledger}, provider {line.provider}")
    click.echo("Even." if comparison.is_even else f"{len(comparison.mismatches)} lines differ.")
