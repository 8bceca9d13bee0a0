"""Slow down guessing: tries are counted in the database, per account and per network address, as keyed digests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, text

from marketplace.accounts.models import SignInAttempt
from marketplace.core.crypto import keyed_digest
from marketplace.core.errors import TooManyRequests
from marketplace.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failed tries in so much time; `forgiving` limits start anew after a success."""

    name: str
    most: int
    within: timedelta
    forgiving: bool = True


ACCOUNT = Limit("account", 10, timedelta(minutes=15))
ADDRESS = Limit("address", 60, timedelta(minutes=15), forgiving=False)
CODE = Limit("code", 5, timedelta(minutes=15))
LETTERS_TO = Limit("letters_to", 3, timedelta(hours=1), forgiving=False)
LETTERS_FROM = Limit("letters_from", 20, timedelta(hours=1), forgiving=False)


def begin(uow: UnitOfWork, *tries: tuple[Limit, str]) -> list[SignInAttempt]:
    """Count a try against every subject before it is made; raise TooManyRequests when one has used up its tries.

    Counting first means that many tries at one moment cannot all pass.
    """
    subjects = sorted((_subject(uow, limit, name), limit) for limit, name in tries)
    for subject, limit in subjects:
        uow.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 1))"), {"key": subject})
        wait = _wait(uow, subject, limit)
        if wait:
            raise TooManyRequests(retry_after=wait)
    attempts = [SignInAttempt(subject=subject, at=uow.now, succeeded=False) for subject, _ in subjects]
    uow.session.add_all(attempts)
    uow.session.flush()
    return attempts


def succeed(uow: UnitOfWork, *tries: tuple[Limit, str]) -> None:
    """Note that the subjects proved themselves."""
    uow.session.add_all(
        SignInAttempt(subject=_subject(uow, limit, name), at=uow.now, succeeded=True)
        for limit, name in tries
        if limit.forgiving
    )


def may(uow: UnitOfWork, limit: Limit, name: str) -> bool:
    """Count a try and tell whether it is within the limit, for what is left out in silence."""
    try:
        begin(uow, (limit, name))
    except TooManyRequests:
        return False
    return True


def _wait(uow: UnitOfWork, subject: str, limit: Limit) -> int:
    """Return for how many seconds the subject must wait; 0 when it need not."""
    since = uow.now - limit.within
    if limit.forgiving:
        success = uow.session.scalar(
            select(func.max(SignInAttempt.at)).where(SignInAttempt.subject == subject, SignInAttempt.succeeded)
        )
        since = max(since, success) if success else since
    failed: Sequence[SignInAttempt] = uow.session.scalars(
        select(SignInAttempt)
        .where(SignInAttempt.subject == subject, SignInAttempt.at > since, ~SignInAttempt.succeeded)
        .order_by(SignInAttempt.at.desc())
        .limit(limit.most)
    ).all()
    if len(failed) < limit.most:
        return 0
    return max(1, int((failed[-1].at + limit.within - uow.now).total_seconds()))


def _subject(uow: UnitOfWork, limit: Limit, name: str) -> str:
    return f"{limit.name}:{keyed_digest(name.strip().lower()[:300], key=uow.settings.secret_key)}"
