"""Append an entry to the audit log inside the caller's transaction."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.audit.leaf import Target, leaf_bytes, make_disclosures, plain
from marketplace.audit.models import AuditDisclosure, AuditEvent, AuditSearch, AuditTarget
from marketplace.core.actor import Actor, RequestContext
from marketplace.core.ids import new_id


def append(
    session: Session,
    *,
    at: datetime,
    action: str,
    targets: Sequence[Target],
    outcome: str,
    actor: Actor,
    context: RequestContext,
    hashes: Mapping[str, str],
    details: Mapping[str, object],
) -> AuditEvent:
    """Write the entry with its leaf, targets, disclosures and search row; return it."""
    facts = {
        "actor_kind": actor.kind.value,
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "address": context.address,
        "request_id": context.request_id,
        **details,
    }
    disclosures = make_disclosures(facts, salt=lambda: secrets.token_bytes(16))
    event_id = new_id()
    leaf = leaf_bytes(
        event_id=event_id,
        at=at,
        action=action,
        targets=targets,
        outcome=outcome,
        hashes=hashes,
        nonce=secrets.token_bytes(16),
        disclosures=disclosures,
    )
    first = targets[0]
    event = AuditEvent(
        event_id=event_id,
        at=at,
        action=action,
        target_type=first.type,
        target_id=first.id,
        outcome=outcome,
        leaf=leaf,
    )
    session.add(event)
    session.flush([event])
    session.add_all(AuditTarget(seq=event.seq, type=target.type, id=target.id) for target in dict.fromkeys(targets))
    session.add_all(
        AuditDisclosure(seq=event.seq, name=item.name, digest=item.digest, encoded=item.encoded) for item in disclosures
    )
    session.add(
        AuditSearch(
            seq=event.seq,
            actor_kind=actor.kind.value,
            actor_id=actor.user_id,
            actor_name=actor.name,
            address=context.address,
            request_id=context.request_id,
            details={name: plain(value) for name, value in details.items()},
        )
    )
    return event
