"""`flask --app wsgi passport …`: the key that signs passports, issuing by hand, and what a lot publishes."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from flask.cli import AppGroup

from marketplace.audit.verify.did_web import did_of
from marketplace.audit.verify.multibase import multikey
from marketplace.core.errors import NotFound
from marketplace.custody.queries import record_of_lot
from marketplace.http.context import make_uow, settings
from marketplace.lots.queries import published_version
from marketplace.passport import keys as services
from marketplace.passport import queries
from marketplace.passport.icglr import OutsideIcglr
from marketplace.passport.icglr_files import as_csv
from marketplace.passport.icglr_public import TABLES, public_document, public_rows
from marketplace.passport.services import issue_if_changed
from marketplace.unit_of_work import running

group = AppGroup("passport", help="Passports of lots: keys, issuing by hand, public exports.")
keys = AppGroup("keys", help="The key that signs passports.")
group.add_command(keys)
BATCH = 50


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except services.PassportKeyRefused as refused:
        click.echo(f"{refused.message} ({refused.code})", err=True)
        sys.exit(1)


@keys.command("list")
def listed() -> None:
    """Print every public key there ever was, oldest first."""
    did = did_of(settings().base_url)
    with running(make_uow, read_only=True) as uow:
        found = [multikey(each) for each in services.public_keys(uow.session, issuer=did)]
    click.echo("\n".join([did, *found]))


@keys.command("create")
def create() -> None:
    """Make the first key and publish its public half."""
    with _refusals():
        issuer = services.create_key(settings())
        with running(make_uow) as uow:
            services.publish_key(uow, issuer=issuer)
    click.echo(issuer.method)


@keys.command("rotate")
def rotate() -> None:
    """Sign with a new key from now on; the old public key stays in did.json."""
    with _refusals(), running(make_uow) as uow:
        method = services.rotate_key(uow).method
    click.echo(method)


@group.command("issue")
def issue() -> None:
    """Issue what the worker would issue by itself: passports of lots that changed."""
    issued = 0
    with _refusals():
        issuer = services.load_issuer(settings())
        while True:
            with running(make_uow) as uow:
                waiting = queries.waiting_lots(uow.session, limit=BATCH)
                made = [issue_if_changed(uow, lot_id=lot_id, issuer=issuer) for lot_id in waiting]
            issued += len([each for each in made if each is not None])
            if not any(made):
                break
    click.echo(f"{issued} passports were issued.")


@group.command("icglr")
@click.argument("reference")
@click.option("--table", type=click.Choice(TABLES), help="One table as CSV instead of the whole as JSON.")
def icglr(reference: str, table: str | None) -> None:
    """Print the public part of a lot's ICGLR record: what everybody may download, and no more."""
    try:
        with running(make_uow, read_only=True) as uow:
            lot, _version = published_version(uow.session, reference)
            record = record_of_lot(uow.session, lot_id=lot.id)
            if record is None:
                raise NotFound
            text = as_csv(public_rows(record, table=table)) if table else _as_json(public_document(record))
    except NotFound:
        click.echo(f"There is no lot on sale or sold with the reference {reference}.", err=True)
        sys.exit(1)
    except OutsideIcglr as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    click.echo(text, nl=False)


def _as_json(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
