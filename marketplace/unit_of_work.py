"""One change of the world: session, actor, context, time, settings. The one place that commits."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from config.settings import Environment, Settings
from marketplace.audit import guard, log
from marketplace.audit.guard import UnauditedChange
from marketplace.audit.leaf import Change, Target
from marketplace.audit.registry import check_known
from marketplace.core.actor import VISITOR, Actor, RequestContext
from marketplace.core.clock import Clock
from marketplace.core.db import Audited
from marketplace.core.errors import Forbidden


class Enqueue(Protocol):
    """Insert a job inside the session's transaction; it exists only if the transaction commits."""

    def __call__(
        self, session: Session, task: str, arguments: Mapping[str, object], *, queueing_lock: str | None
    ) -> None:
        """Defer `task`; a second waiting job under the same `queueing_lock` is dropped."""


@dataclass
class UnitOfWork:
    """What every service gets: nothing below asks who acts or what time it is."""

    session: Session
    actor: Actor
    context: RequestContext
    clock: Clock
    enqueue: Enqueue
    settings: Settings
    now: datetime = field(init=False)
    _recorded: set[tuple[str, str]] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.now = self.clock.now()
        guard.watch(self.session)

    def record(
        self,
        action: str,
        target: Audited,
        *more: Audited,
        outcome: str = "ok",
        hashes: Mapping[str, str] | None = None,
        **details: object,
    ) -> None:
        """Make the audit entry `action` (noun.verb) about the rows named; `details` become erasable disclosures."""
        if self.settings.environment is Environment.TEST:
            check_known(action)  # in production an entry without words is better than none
        self.session.flush()
        identities = [guard.identity_of(row) for row in (target, *more)]
        self._recorded.update(identities)
        change = Change(
            at=self.now,
            action=action,
            targets=[Target(kind, key) for kind, key in identities],
            outcome=outcome,
            hashes=hashes or {},
            details=details,
        )
        log.append(self.session, change, actor=self.actor, context=self.context)

    def person(self) -> UUID:
        """Return the person who acts; raise Forbidden when nobody does."""
        if self.actor.user_id is None:
            raise Forbidden
        return self.actor.user_id

    def defer(self, task: str, *, queueing_lock: str | None = None, **arguments: object) -> None:
        """Ask the worker to run `task` after this unit of work committed."""
        self.session.flush()
        self.enqueue(self.session, task, arguments, queueing_lock=queueing_lock)

    def acting_as(self, actor: Actor) -> "UnitOfWork":
        """Return the same unit of work in another actor's name (a provider's news inside a job)."""
        other = UnitOfWork(self.session, actor, self.context, self.clock, self.enqueue, self.settings)
        other.now, other._recorded = self.now, self._recorded
        return other

    def in_confidence(self) -> "UnitOfWork":
        """Return the same unit of work in nobody's name and from nowhere: for reports whose sender must stay hidden."""
        other = UnitOfWork(self.session, VISITOR, RequestContext(), self.clock, self.enqueue, self.settings)
        other.now, other._recorded = self.now, self._recorded
        return other

    def check_audited(self) -> None:
        """Raise UnauditedChange when an audited row changed and no entry names it."""
        self.session.flush()
        missing = {key: table for key, table in guard.changed(self.session).items() if key not in self._recorded}
        if missing:
            listed = ", ".join(f"{table} {key[1]}" for key, table in sorted(missing.items()))
            raise UnauditedChange(f"changed without an audit entry: {listed}")

    def commit(self) -> None:
        """Check the audit entries and commit; only `unit_of_work` and the request wrapper call this."""
        self.check_audited()
        self.session.commit()
        guard.forget(self.session)
        self._recorded.clear()

    def end_reading(self) -> None:
        """Forget every change and end a transaction that only read.

        By a commit, which has nothing to write: after a rollback the driver forgets every statement it had prepared.
        """
        for row in [*self.session.new, *self.session.deleted]:
            self.session.expunge(row)
        self.session.expire_all()
        self.session.commit()
        guard.forget(self.session)
        self._recorded.clear()

    def rollback(self) -> None:
        """Undo everything since the last commit."""
        self.session.rollback()
        guard.forget(self.session)
        self._recorded.clear()


@contextmanager
def running(make: Callable[[], UnitOfWork], *, read_only: bool = False) -> Iterator[UnitOfWork]:
    """Run a block in one transaction: commit on return, roll back on raise."""
    uow = make()
    try:
        if read_only:
            uow.session.execute(text("SET TRANSACTION READ ONLY"))
        yield uow
        if read_only:
            uow.end_reading()
        else:
            uow.commit()
    except BaseException:
        uow.rollback()
        raise
