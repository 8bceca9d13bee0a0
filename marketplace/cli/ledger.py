"""`flask --app wsgi ledger …`: the books from the command line."""

import sys
from datetime import datetime

import click
from flask.cli import AppGroup

from marketplace.http.context import make_uow
from marketplace.ledger import queries
from marketplace.ledger.beancount import exported
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


@group.command("beancount")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), default="2000-01-01", help="First day.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), default="2999-12-31", help="Last day.")
def beancount(since: datetime, until: datetime) -> None:
    """Print the journals of some days as a Beancount file."""
    with running(make_uow, read_only=True) as uow:
        entries = queries.book_entries(uow.session, since=since.date(), until=until.date())
        for line in exported(entries, title=uow.settings.base_url):
            click.echo(line)
