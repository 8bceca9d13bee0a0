"""`audit keys …`: the first key, rotation, and a new origin."""

import click
from flask.cli import AppGroup
from sqlalchemy import select

from marketplace.audit.models import AuditKey
from marketplace.cli.audit.answers import answer, refusals, with_json
from marketplace.http.context import make_uow, settings
from marketplace.transparency import keys as services
from marketplace.unit_of_work import running

group = AppGroup("keys", help="The keys that sign the log.")


@group.command("list")
@with_json
def listed(*, as_json: bool) -> None:
    """Print every public key there ever was."""
    with running(make_uow, read_only=True) as uow:
        rows = uow.session.scalars(select(AuditKey).order_by(AuditKey.added_at, AuditKey.id)).all()
        found = [(row.vkey, "in use" if row.ended_at is None else f"{row.end_reason} {row.ended_at}") for row in rows]
    lines = [f"{vkey}  {state}" for vkey, state in found]
    answer("\n".join(lines) or "No key is known yet.", as_json=as_json, keys=[vkey for vkey, _ in found])


@group.command("create")
@click.option("--origin", help="The name of the log, such as market.example/log; by default from BASE_URL.")
@with_json
def create(origin: str | None, *, as_json: bool) -> None:
    """Make the first key."""
    with refusals(as_json=as_json):
        key = services.create_key(settings().audit_key_file, origin=origin or services.own_origin(settings()))
    answer(key.verifier.text, as_json=as_json, vkey=key.verifier.text)


@group.command("rotate")
@with_json
def rotate(*, as_json: bool) -> None:
    """Add a new key; the old one signs too until `audit keys retire` ends it."""
    with refusals(as_json=as_json), running(make_uow) as uow:
        key = services.rotate(uow)
    answer(key.verifier.text, as_json=as_json, vkey=key.verifier.text)


@group.command("retire")
@click.argument("key_id")
@with_json
def retire(key_id: str, *, as_json: bool) -> None:
    """End the overlap: the key of this identifier (8 hex digits) signs no more."""
    with refusals(as_json=as_json), running(make_uow) as uow:
        services.retire(uow, key_id=key_id)
    answer(f"The key {key_id} signs no more.", as_json=as_json, key_id=key_id)


@group.command("new-origin")
@click.argument("origin")
@with_json
def new_origin(origin: str, *, as_json: bool) -> None:
    """Begin a log of another name after a compromise or a lost history: every old key is ended, a new one signs."""
    with refusals(as_json=as_json), running(make_uow) as uow:
        key = services.begin_origin(uow, origin=origin)
    answer(key.verifier.text, as_json=as_json, vkey=key.verifier.text)
