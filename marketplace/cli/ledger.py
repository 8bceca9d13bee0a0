"""`flask --app wsgi ledger …`: the books from the command line."""

import sys

import click
from flask.cli import AppGroup

from marketplace.http.context import make_uow
from marketplace.ledger import queries
from marketplace.unit_of_work import running

group = AppGroup("ledger", help="Read the ledger.")


@group.command("trial-balance")
def trial_balance() -> None:
    """Print every account and exit with 1 when the books do not balance."""
    with running(make_uow, read_only=True) as uow:
        trial = queries.trial_balance(uow.session)
    for row in trial.rows:
        click.echo(f"{row.code:70} {row.debit:>16} {row.credit:>16} {row.balance!s:>24}")
    for currency, difference in sorted(trial.differences.items()):
        click.echo(f"{currency}: debits minus credits = {difference}")
    for code in trial.wrong_balances:
        click.echo(f"live balance differs from its postings: {code}")
    click.echo("sound" if trial.is_sound else "NOT SOUND")
    sys.exit(0 if trial.is_sound else 1)
