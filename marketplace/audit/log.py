"""Append an entry to the audit log inside the caller's transaction."""

import io
import json
import secrets
from typing import Final

from sqlalchemy.orm import Session

from marketplace.audit import pending
from marketplace.audit.leaf import Change, leaf_bytes, make_disclosures, plain
from marketplace.audit.pending import Entry
from marketplace.core.actor import Actor, RequestContext
from marketplace.core.ids import new_id

_SALT_BYTES: Final = 16


def append(session: Session, change: Change, *, actor: Actor, context: RequestContext) -> None:
    """Make the entry with its leaf, targets, disclosures and search row; it is written with the transaction."""
    details = {name: plain(value) for name, value in change.details.items()}
    facts = {
        "actor_kind": actor.kind.value,
        "actor_id": plain(actor.user_id),
        "actor_name": actor.name,
        "address": context.address,
        "request_id": context.request_id,
        **details,
    }
    salts = io.BytesIO(secrets.token_bytes(_SALT_BYTES * len(facts)))  # asked for at once
    disclosures = make_disclosures(facts, salt=lambda: salts.read(_SALT_BYTES))
    event_id = new_id()
    entry = Entry(
        event_id=event_id,
        at=change.at,
        action=change.action,
        targets=change.targets,
        outcome=change.outcome,
        leaf=leaf_bytes(change, event_id=event_id, nonce=secrets.token_bytes(16), disclosures=disclosures),
        disclosures=disclosures,
        actor_kind=actor.kind.value,
        actor_id=actor.user_id,
        actor_name=actor.name,
        address=context.address,
        request_id=context.request_id,
        details=json.dumps(details),
    )
    pending.add(session, entry)
