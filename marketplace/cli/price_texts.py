"""`flask --app wsgi price-text …`: the price of the day as it goes out by text message."""

from functools import partial

import click
from flask.cli import AppGroup

from marketplace.core.actor import CLOCK
from marketplace.core.money import EXPONENT
from marketplace.http.context import make_uow
from marketplace.notifications.short_texts import LANGUAGES, say
from marketplace.pricing.daily_text import daily_text
from marketplace.pricing.queries import price_of_the_day
from marketplace.pricing.services.price_texts import send_daily_texts
from marketplace.unit_of_work import running

group = AppGroup("price-text", help="The price of the day by text message.")


@group.command("show")
@click.option("--currency", default="USD", type=click.Choice(sorted(EXPONENT)), help="The currency of the price.")
@click.option("--language", default="en", type=click.Choice(LANGUAGES), help="The language of the text.")
def show(currency: str, language: str) -> None:
    """Print the text as one would get it today."""
    with running(make_uow, read_only=True) as uow:
        price = price_of_the_day(uow.session, currency, uow.now.date())
    click.echo(daily_text(price, currency=currency, language=language, say=partial(say, language=language)))


@group.command("send")
def send() -> None:
    """Write today's message to every subscriber who has none yet; a second run writes nothing."""
    sent = send_daily_texts(lambda: make_uow(CLOCK))
    click.echo(f"{sent} text messages written.")
