"""Read mailed links: a page shows what a link would do, and only a button does it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import Invitation, MailedLink
from marketplace.core.crypto import digest


def live_link(session: Session, token: str, *, purpose: str, now: datetime) -> MailedLink | None:
    """Return the link a token opens, or None when it is unknown, used or too old."""
    return session.scalar(
        select(MailedLink).where(
            MailedLink.digest == digest(token),
            MailedLink.purpose == purpose,
            MailedLink.used_at.is_(None),
            MailedLink.expires_at > now,
        )
    )


def live_invitation(session: Session, token: str, *, now: datetime) -> Invitation | None:
    """Return the invitation a token opens, or None."""
    link = live_link(session, token, purpose="invitation", now=now)
    invitation = session.get(Invitation, link.invitation_id) if link else None
    if invitation is None or invitation.accepted_at is not None or invitation.expires_at <= now:
        return None  # answered, or withdrawn before its link ran out
    return invitation
