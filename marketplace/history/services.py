"""Subscriptions to news of the audit log: make, pause, go on, new secret, again from a place, end."""

import os
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from config.settings import Environment, Settings
from marketplace.audit.sequencing import tree_size
from marketplace.core.crypto import seal, unseal
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.ids import new_id
from marketplace.core.posting import checked_target
from marketplace.core.text import N_
from marketplace.core.web_address import FetchRefused
from marketplace.history.addresses import opened_address, sealed_address
from marketplace.history.models import AuditProgress, AuditSubscription
from marketplace.history.news import SECRET_BYTES, secret_text
from marketplace.history.queries import EVERYTHING
from marketplace.history.slices import Slice
from marketplace.unit_of_work import UnitOfWork

MOST: Final = 5
PURPOSE: Final = "audit_subscription"


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A subscription and its secret, which is shown once."""

    subscription: AuditSubscription
    secret: str


def may_subscribe(uow: UnitOfWork, whose: Slice) -> bool:
    """Say whether the actor may let these entries be sent somewhere."""
    if whose.kind == "staff":
        return uow.actor.has_role(*EVERYTHING)
    if whose.kind == "cooperative":
        return whose.party_id is not None and uow.actor.may_write_for(whose.party_id)
    return whose.party_id is not None and whose.party_id == uow.actor.buyer_id


def create(uow: UnitOfWork, *, whose: Slice, address: str) -> NewSecret:
    """Subscribe an address to what comes from now on.

    Raises InvalidInput, Conflict (too many), NotFound (not yours).
    """
    if not may_subscribe(uow, whose) or uow.actor.user_id is None:
        raise NotFound
    try:
        target = checked_target(address, loopback=is_loopback_allowed(uow.settings))
    except FetchRefused as refused:
        raise InvalidInput({"address": N_("Write a whole address that begins with https://.")}) from refused
    live = select(func.count()).where(
        AuditSubscription.kind == whose.kind,
        AuditSubscription.party_id == whose.party_id if whose.party_id else AuditSubscription.party_id.is_(None),
        AuditSubscription.state != "deleted",
    )
    if (uow.session.scalar(live) or 0) >= MOST:
        raise Conflict(N_("There are five subscriptions already. End one first."))
    raw, row_id = os.urandom(SECRET_BYTES), new_id()
    row = AuditSubscription(
        id=row_id,
        kind=whose.kind,
        party_id=whose.party_id,
        made_by=uow.actor.user_id,
        host=target.authority,
        address_sealed=sealed_address(address, subscription_id=row_id, key=uow.settings.field_key),
        secret_sealed=_sealed(uow, raw),
        created_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.session.add(
        AuditProgress(subscription_id=row.id, next_idx=tree_size(uow.session), failures=0, next_try_at=uow.now)
    )
    uow.record("audit_subscription.create", row, host=target.authority, scope=whose.kind)
    return NewSecret(row, secret_text(raw))


def pause(uow: UnitOfWork, *, subscription_id: UUID) -> None:
    """Send nothing for now; what happens meanwhile is sent later. Raises NotFound."""
    row = own(uow, subscription_id)
    row.state = "paused"
    uow.record("audit_subscription.pause", row)


def resume(uow: UnitOfWork, *, subscription_id: UUID) -> None:
    """Go on where it stopped, at once. Raises NotFound."""
    row = own(uow, subscription_id)
    row.state = "active"
    _progress(uow, row, next_idx=None)
    uow.record("audit_subscription.resume", row)


def rotate(uow: UnitOfWork, *, subscription_id: UUID) -> NewSecret:
    """Sign with a new secret from now on. Raises NotFound."""
    row = own(uow, subscription_id)
    raw = os.urandom(SECRET_BYTES)
    row.secret_sealed = _sealed(uow, raw)
    uow.record("audit_subscription.rotate", row)
    return NewSecret(row, secret_text(raw))


def replay(uow: UnitOfWork, *, subscription_id: UUID, since: int) -> None:
    """Send everything from a place in the log on again. Raises NotFound, InvalidInput."""
    row = own(uow, subscription_id)
    if not 0 <= since <= tree_size(uow.session):
        raise InvalidInput({"since": N_("The log has no entry with this number yet.")})
    _progress(uow, row, next_idx=since)
    uow.record("audit_subscription.replay", row, after=since)


def delete(uow: UnitOfWork, *, subscription_id: UUID) -> None:
    """End it for good; address and secret are forgotten, the list of deliveries stays. Raises NotFound."""
    row = own(uow, subscription_id)
    row.state, row.secret_sealed, row.address_sealed = "deleted", b"", b""
    uow.record("audit_subscription.delete", row)


def own(uow: UnitOfWork, subscription_id: UUID) -> AuditSubscription:
    """Return a subscription that the actor may change, locked; raises NotFound."""
    return _checked(uow, uow.session.get(AuditSubscription, subscription_id, with_for_update=True))


def own_unlocked(uow: UnitOfWork, subscription_id: UUID) -> AuditSubscription:
    """Return a subscription that the actor may see; raises NotFound."""
    return _checked(uow, uow.session.get(AuditSubscription, subscription_id))


def _checked(uow: UnitOfWork, row: AuditSubscription | None) -> AuditSubscription:
    if row is None or row.state == "deleted" or not may_subscribe(uow, Slice(row.kind, row.party_id)):
        raise NotFound
    return row


def secret_of(row: AuditSubscription, settings: Settings) -> bytes:
    """Return the raw secret that a subscription signs with."""
    return unseal(row.secret_sealed, key=settings.field_key, purpose=PURPOSE)


def address_of(row: AuditSubscription, settings: Settings) -> str:
    """Return where news of a subscription that has not ended goes."""
    return opened_address(row.address_sealed, subscription_id=row.id, key=settings.field_key)


def is_loopback_allowed(settings: Settings) -> bool:
    """Say whether news may go to this machine itself: under test only."""
    return settings.environment is Environment.TEST


def _progress(uow: UnitOfWork, row: AuditSubscription, *, next_idx: int | None) -> None:
    progress = uow.session.get_one(AuditProgress, row.id, with_for_update=True)
    if next_idx is not None:
        progress.next_idx = next_idx
    progress.failures, progress.failing_since, progress.next_try_at = 0, None, uow.now


def _sealed(uow: UnitOfWork, raw: bytes) -> bytes:
    return seal(raw, key=uow.settings.field_key, purpose=PURPOSE)
