"""`flask --app wsgi payments …`: compare our books with the provider's."""

import sys
from datetime import date, datetime
from typing import Any

import click
from flask.cli import AppGroup

from marketplace.core.actor import SYSTEM
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.http.context import make_uow, payment_provider
from marketplace.orders.services import settlement
from marketplace.payments.consequences import Desk
from marketplace.payments.daily_report import write_report
from marketplace.payments.finance_models import DailyReport
from marketplace.payments.reconciliation import Comparison, compare
from marketplace.payments.sweep import sweep
from marketplace.unit_of_work import running

group = AppGroup("payments", help="Payments and the provider's books.")


@group.command("reconcile")
@click.option("--offline", is_flag=True, help="Compare with the books as last read, without asking the provider.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Write the report of this day, and print it.")
def reconcile(*, offline: bool, day: datetime | None) -> None:
    """Read the provider's books and compare them with the ledger; exit 1 when they differ, 2 when nobody answers."""
    if not offline and not sweep(Desk(make_uow, payment_provider(), settlement)):
        click.echo("The payment provider does not answer.", err=True)
        sys.exit(2)
    if day is not None:
        sys.exit(_report(day.date()))
    with running(lambda: make_uow(SYSTEM), read_only=True) as uow:
        comparison = compare(uow.session)
    _tell(comparison)
    sys.exit(0 if comparison.is_even else 1)


def _tell(comparison: Comparison) -> None:
    for total in comparison.totals:
        click.echo(f"ledger {total.ledger}, provider {total.provider}, difference {total.difference}")
    for line in comparison.mismatches:
        click.echo(f"{line.reference} {line.kind} {line.on}: {line.what}, ledger {line.ledger}, provider {line.other}")
    click.echo("Even." if comparison.is_even else f"{len(comparison.mismatches)} lines differ.")


def _report(day: date) -> int:
    """Write and print a day's report; return 1 when its books differ."""
    try:
        with running(lambda: make_uow(SYSTEM)) as uow:
            rows = [(row, list(row.differences)) for row in write_report(uow, day=day)]
            for row, differences in rows:
                _tell_row(row, differences)
            is_even = all(row.is_even for row, _ in rows)
    except InvalidInput as error:
        raise click.BadParameter(error.fields["day"].message, param_hint="--day") from error
    click.echo("Even." if is_even else "The books differ.")
    return 0 if is_even else 1


def _tell_row(row: DailyReport, differences: list[dict[str, Any]]) -> None:
    def money(minor: int | None) -> object:
        return "no statement" if minor is None else Money(minor, row.currency)

    click.echo(f"{row.day} run {row.run}: ledger {money(row.clearing_minor)}, provider {money(row.provider_minor)}")
    click.echo(f"{row.day} run {row.run}: ledger {money(row.bank_ledger_minor)}, bank {money(row.bank_minor)}")
    for each in differences:
        ours, theirs = (each[name] for name in ("ledger_minor", "other_minor"))
        click.echo(
            f"  {each['side']} {each['reference']} {each['kind']} {each['on']}: {each['what']}, {ours}, {theirs}"
        )
