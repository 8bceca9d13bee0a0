"""Append an entry to the audit log inside the caller's transaction."""

import secrets
from collections.abc import Sequence

from sqlalchemy.orm import Session

from marketplace.audit.leaf import Change, Disclosure, leaf_bytes, make_disclosures, plain
from marketplace.audit.models import AuditDisclosure, AuditEvent, AuditSearch, AuditTarget
from marketplace.core.actor import Actor, RequestContext
from marketplace.core.ids import new_id


def append(session: Session, change: Change, *, actor: Actor, context: RequestContext) -> AuditEvent:
    """Write the entry with its leaf, targets, disclosures and search row; return it."""
    facts = {
        "actor_kind": actor.kind.value,
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "address": context.address,
        "request_id": context.request_id,
        **change.details,
    }
    disclosures = make_disclosures(facts, salt=lambda: secrets.token_bytes(16))
    event = _event(change, disclosures)
    session.add(event)
    session.flush()
    session.add_all(AuditTarget(seq=event.seq, type=item.type, id=item.id) for item in dict.fromkeys(change.targets))
    session.add_all(
        AuditDisclosure(seq=event.seq, name=item.name, digest=item.digest, encoded=item.encoded) for item in disclosures
    )
    session.add(_search_row(event.seq, change, actor, context))
    return event


def _event(change: Change, disclosures: Sequence[Disclosure]) -> AuditEvent:
    event_id, first = new_id(), change.targets[0]
    return AuditEvent(
        event_id=event_id,
        at=change.at,
        action=change.action,
        target_type=first.type,
        target_id=first.id,
        outcome=change.outcome,
        leaf=leaf_bytes(change, event_id=event_id, nonce=secrets.token_bytes(16), disclosures=disclosures),
    )


def _search_row(seq: int, change: Change, actor: Actor, context: RequestContext) -> AuditSearch:
    return AuditSearch(
        seq=seq,
        actor_kind=actor.kind.value,
        actor_id=actor.user_id,
        actor_name=actor.name,
        address=context.address,
        request_id=context.request_id,
        details={name: plain(value) for name, value in change.details.items()},
    )
