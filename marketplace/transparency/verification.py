"""The nightly verification of the whole log: what it found is kept, and an alarm goes out when something is wrong."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.accounts.models import StaffGrant, User
from marketplace.audit.models import AuditCheckpoint, AuditEvent, AuditVerification
from marketplace.audit.refusals import LogRefused
from marketplace.audit.sequencing import tree_size
from marketplace.audit.signing import latest_checkpoint
from marketplace.audit.verifying import Finding, Remembered, Report, verify_log
from marketplace.core.actor import StaffRole
from marketplace.notifications.services import tell
from marketplace.transparency.checkpoints import memory_of
from marketplace.transparency.keys import load_signer
from marketplace.unit_of_work import UnitOfWork, running

ALARM: Final = "audit_alarm"
READERS: Final = (StaffRole.ADMINISTRATOR, StaffRole.AUDITOR)
# The verification runs each night, a checkpoint each minute.
VERIFIED_TOO_LONG_AGO: Final = timedelta(hours=26)
UNSIGNED_TOO_LONG: Final = timedelta(minutes=10)


class LogHealth(NamedTuple):
    """How the log stands: sizes in entries, and what is wrong, in codes."""

    entries: int
    signed_size: int
    signed_at: datetime | None
    verified_size: int
    verified_at: datetime | None
    problems: Sequence[str]


def verify_and_tell(make_uow: Callable[[], UnitOfWork], *, saved: Sequence[Remembered] = ()) -> Report:
    """Verify everything, keep what was found, and write to administrators and auditors when it is not sound."""
    with running(make_uow) as uow:
        started = uow.clock.now()
        memory, complaint = _memory(uow)
        report = verify_log(uow.session, outside=[*saved, *memory])
        if complaint is not None:
            report.findings.append(complaint)
        uow.session.add(
            AuditVerification(
                started_at=started,
                ended_at=uow.clock.now(),
                size=report.size,
                checkpoint_size=report.checkpoint_size,
                is_sound=report.is_sound,
                findings=[asdict(finding) for finding in report.findings],
            )
        )
        if not report.is_sound:
            raise_alarm(uow, reason=report.findings[0].message)
    return report


def raise_alarm(uow: UnitOfWork, *, reason: str) -> None:
    """Write to everybody who looks after the log."""
    holders = select(StaffGrant.user_id).where(StaffGrant.role.in_(READERS))
    active = select(User.id).where(User.id.in_(holders), User.state == "active").order_by(User.id)
    for user_id in uow.session.scalars(active).all():
        tell(uow, user_id=user_id, template=ALARM, params={"reason": reason, "path": "/staff/audit"})


def last_sound(session: Session) -> AuditVerification | None:
    """Return the newest verification if it found nothing."""
    newest = session.scalar(select(AuditVerification).order_by(AuditVerification.id.desc()).limit(1))
    return newest if newest is not None and newest.is_sound else None


def health(session: Session, *, now: datetime) -> LogHealth:
    """Return how the log stands; `now` is business time."""
    signed, verified = latest_checkpoint(session), last_sound(session)
    signed_size = signed.size if signed else 0
    first_unsigned = session.scalar(
        select(func.min(AuditEvent.at)).where(AuditEvent.idx.is_(None) | (AuditEvent.idx >= signed_size))
    )
    problems = []
    if first_unsigned is not None and now - first_unsigned > UNSIGNED_TOO_LONG:
        problems.append("unsigned")
    if session.scalar(select(AuditVerification.id).limit(1)) is not None:
        if verified is None:
            problems.append("not_sound")
        elif now - verified.ended_at > VERIFIED_TOO_LONG_AGO:
            problems.append("not_verified")
    return LogHealth(
        entries=tree_size(session),
        signed_size=signed_size,
        signed_at=signed.signed_at if signed else None,
        verified_size=(verified.checkpoint_size or 0) if verified else 0,
        verified_at=verified.ended_at if verified else None,
        problems=problems,
    )


def _memory(uow: UnitOfWork) -> tuple[list[Remembered], Finding | None]:
    has_checkpoint = uow.session.scalar(select(AuditCheckpoint.id).limit(1)) is not None
    if not has_checkpoint and not uow.settings.audit_state_file.exists():
        return [], None  # nothing was ever signed
    try:
        signer = load_signer(uow.settings)
        return memory_of(signer.state, origin=signer.origin), None
    except LogRefused as refused:
        return [], Finding(refused.code, refused.message)
