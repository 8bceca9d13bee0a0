"""Load the demonstration: refuse where it does not belong, play history, tell how far it is."""

import http.client
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

import click
from flask import Flask
from sqlalchemy import func, select

from config.settings import Settings
from marketplace.accounts.models import User
from marketplace.cli.demo import scenario
from marketplace.cli.demo.acts.buying import read_the_books, write_the_papers
from marketplace.cli.demo.album import Album
from marketplace.cli.demo.play import BEGINS, ENDS, acts_of, let_time_pass
from marketplace.cli.demo.stage import Stage, set_up
from marketplace.core.clock import SetClock
from marketplace.core.errors import InvalidInput
from marketplace.http.context import make_uow
from marketplace.unit_of_work import running

PROBE_SECONDS: Final = 5

Tell = Callable[[str], None]


def load(app: Flask, settings: Settings, *, seed: int, quick: bool, tell: Tell) -> None:
    """Fill an empty database; raise ClickException where that must not be done."""
    _refuse(settings)
    began = monotonic()
    tables = scenario.read(quick=quick)
    lots = sorted(tables.lots, key=lambda plan: plan.starts)
    drawn = settings.data_dir / "drawn-photos"
    with Album(lots, seed=seed, folder=drawn) as album:
        stage = Stage(scenario=tables, seed=seed, clock=SetClock(BEGINS), album=album)
        with _quiet(), set_up(app, stage):
            _play(stage, tell)
    shutil.rmtree(drawn, ignore_errors=True)
    tell(
        f"Loaded {len(stage.lots)} lots of {len(stage.cooperatives)} cooperatives and {len(stage.orders)} orders "
        f"in {monotonic() - began:.0f} seconds."
    )


def _play(stage: Stage, tell: Tell) -> None:
    acts = acts_of(stage.scenario, stage)
    month = ""
    for act in acts:
        if (now := f"{act.at:%B %Y}") != month:
            month = now
            tell(f"  {month}")
        let_time_pass(stage, until=act.at)
        try:
            act.do(stage)
        except InvalidInput as refused:
            refused.add_note(f"on {act.at:%d %B}: {refused.fields}")
            raise
    let_time_pass(stage, until=ENDS)
    read_the_books(stage)
    write_the_papers(stage)


@contextmanager
def _quiet() -> Iterator[None]:
    """Leave out the lines about every call of the provider: the person who waits wants to see the months."""
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _refuse(settings: Settings) -> None:
    if settings.is_production:
        raise click.ClickException("The demonstration is never loaded in production.")
    with running(make_uow, read_only=True) as uow:
        people = uow.session.scalar(select(func.count()).select_from(User))
    if people:
        raise click.ClickException("There are people in this database already; the demonstration needs an empty one.")
    if not settings.stripe_api_base or not _answers(settings.stripe_api_base):
        raise click.ClickException(
            f"The payment sandbox does not answer at {settings.stripe_api_base}. `make run` starts it first."
        )


def _answers(address: str) -> bool:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PROBE_SECONDS)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True
