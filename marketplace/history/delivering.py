"""Deliver news of the log, at least once and in the order of the tree; the database is not held while a host answers.

What was sent is noted after the answer: a worker that dies between the two sends it again.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from marketplace.audit.sequencing import tree_size
from marketplace.core.actor import CLOCK
from marketplace.core.posting import post
from marketplace.core.web_address import FetchRefused
from marketplace.history.models import AuditDelivery, AuditProgress, AuditSubscription
from marketplace.history.news import envelope, headers
from marketplace.history.queries import due, is_still_entitled
from marketplace.history.retrying import is_given_up, wait_after
from marketplace.history.services import address_of, is_loopback_allowed, secret_of
from marketplace.history.slices import OwnEntry, Slice, newer, slice_of_buyer
from marketplace.notifications.services import tell
from marketplace.unit_of_work import UnitOfWork, running

BATCH: Final = 50
MakeUnitOfWork = Callable[[], UnitOfWork]


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be sent to one address; when all of it arrived, the next place is `end`."""

    subscription_id: UUID
    begin: int
    end: int
    entries: Sequence[OwnEntry]
    send: Callable[[OwnEntry], int] = field(repr=False)  # it holds the address and the secret


@dataclass(frozen=True, slots=True)
class Tried:
    """One entry that was sent, and the answer."""

    entry: OwnEntry
    outcome: str
    is_delivered: bool


def deliver_all(make_uow: MakeUnitOfWork) -> int:
    """Serve every subscription that is due, a batch each; return how many entries arrived."""

    def working() -> UnitOfWork:
        return make_uow().acting_as(CLOCK)

    with running(working, read_only=True) as uow:
        waiting = due(uow.session, now=uow.now)
    return sum(_serve(working, subscription_id) for subscription_id in waiting)


def _serve(make_uow: MakeUnitOfWork, subscription_id: UUID) -> int:
    with running(make_uow) as uow:
        row = uow.session.get_one(AuditSubscription, subscription_id, with_for_update=True)
        if row.state != "active":
            return 0  # paused or ended since it was found due
        if not is_still_entitled(uow.session, row):
            row.state = "paused"
            uow.record("audit_subscription.pause", row)
            return 0
    with running(make_uow, read_only=True) as uow:
        work = _work(uow, subscription_id)
    if work.end == work.begin:
        return 0
    tried = _send(work)
    with running(make_uow) as uow:
        _note(uow, work, tried)
    return sum(each.is_delivered for each in tried)


def _work(uow: UnitOfWork, subscription_id: UUID) -> Work:
    row = uow.session.get_one(AuditSubscription, subscription_id)
    begin = uow.session.get_one(AuditProgress, subscription_id).next_idx
    size = tree_size(uow.session)  # before the entries are read: what is placed meanwhile waits for the next time
    whose = Slice(row.kind, row.party_id)
    if row.kind == "buyer" and row.party_id:
        whose = slice_of_buyer(uow.session, row.party_id)
    found = newer(uow.session, whose, since=begin, limit=BATCH)
    entries = [entry for entry in found if entry.row.idx is not None and entry.row.idx < size]
    last = entries[-1].row.idx if len(found) == BATCH and entries else None
    send = partial(
        _post,
        address=address_of(row, uow.settings),
        secret=secret_of(row, uow.settings),
        base_url=uow.settings.base_url,
        loopback=is_loopback_allowed(uow.settings),
    )
    return Work(subscription_id, begin, size if last is None else last + 1, entries, send)


def _send(work: Work) -> list[Tried]:
    """Send one entry after the other, up to the first that did not arrive."""
    tried: list[Tried] = []
    for entry in work.entries:
        try:
            status = work.send(entry)
        except FetchRefused as refused:
            tried.append(Tried(entry, refused.code, is_delivered=False))
            break
        tried.append(Tried(entry, str(status), is_delivered=200 <= status < 300))
        if not tried[-1].is_delivered:
            break
    return tried


def _post(entry: OwnEntry, *, address: str, secret: bytes, base_url: str, loopback: bool) -> int:
    row = entry.row
    assert row.event_id is not None
    assert row.idx is not None
    body = envelope(
        event_id=row.event_id, idx=row.idx, at=row.at, action=row.action, leaf=entry.leaf, base_url=base_url
    )
    # The machine's own time: receivers compare it with theirs, whatever day the marketplace plays.
    sent = headers(event_id=row.event_id, sent_at=int(time.time()), body=body, secret=secret)
    return post(address, body=body, headers=sent, loopback=loopback)


def _note(uow: UnitOfWork, work: Work, tried: Sequence[Tried]) -> None:
    row = uow.session.get_one(AuditSubscription, work.subscription_id, with_for_update=True)
    progress = uow.session.get_one(AuditProgress, work.subscription_id, with_for_update=True)
    for each in tried:
        uow.session.add(_delivery(row, each, at=uow.now))
    failed = bool(tried) and not tried[-1].is_delivered
    if progress.next_idx == work.begin:  # somebody may have asked for earlier entries meanwhile
        progress.next_idx = (tried[-1].entry.row.idx or 0) if failed else work.end
    if not failed:
        progress.failures, progress.failing_since, progress.next_try_at = 0, None, uow.now
        return
    arrived = len(tried) > 1
    progress.failures = 1 if arrived else progress.failures + 1
    progress.failing_since = uow.now if arrived or progress.failing_since is None else progress.failing_since
    progress.next_try_at = uow.now + wait_after(progress.failures)
    if row.state == "active" and is_given_up(progress.failing_since, now=uow.now):
        _give_up(uow, row, since=progress.failing_since)


def _give_up(uow: UnitOfWork, row: AuditSubscription, *, since: datetime) -> None:
    row.state = "disabled"
    uow.record("audit_subscription.disable", row, failing_since=since)
    tell(uow, template="audit_news_stopped", user_id=row.made_by, params={"host": row.host, "since": since})


def _delivery(row: AuditSubscription, tried: Tried, *, at: datetime) -> AuditDelivery:
    entry = tried.entry.row
    return AuditDelivery(
        subscription_id=row.id,
        event_id=entry.event_id,
        idx=entry.idx,
        at=at,
        outcome=tried.outcome,
        is_delivered=tried.is_delivered,
    )
