"""Links sent by mail: random, dated, used once, stored as digests."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, update

from marketplace.accounts.models import MailedLink
from marketplace.core.crypto import digest
from marketplace.core.errors import Conflict
from marketplace.core.ids import new_token
from marketplace.core.text import N_
from marketplace.unit_of_work import UnitOfWork

LIVES = {
    "confirm_email": timedelta(days=3),
    "reset_password": timedelta(hours=1),
    "invitation": timedelta(days=14),
    "change_email": timedelta(days=1),
}


class LinkDead(Conflict):
    """The link was used, replaced or is too old."""

    code = "link_dead"
    message = N_("This link was used already, or it is too old.")


class Made(NamedTuple):
    """A new link's secret and its end."""

    token: str
    expires_at: datetime


def make(
    uow: UnitOfWork, *, purpose: str, email: str, user_id: UUID | None = None, invitation_id: UUID | None = None
) -> Made:
    """Make a link and kill the older ones that did the same."""
    owner = MailedLink.user_id == user_id if user_id else MailedLink.invitation_id == invitation_id
    uow.session.execute(
        update(MailedLink)
        .where(owner, MailedLink.purpose == purpose, MailedLink.used_at.is_(None))
        .values(used_at=uow.now)
    )
    token, expires_at = new_token(), uow.now + LIVES[purpose]
    uow.session.add(
        MailedLink(
            digest=digest(token),
            purpose=purpose,
            user_id=user_id,
            invitation_id=invitation_id,
            email=email,
            created_at=uow.now,
            expires_at=expires_at,
        )
    )
    return Made(token, expires_at)


def use(uow: UnitOfWork, *, token: str, purpose: str) -> MailedLink:
    """Use a link up and return it; two at the same moment wait for one another, and the second finds it dead."""
    link = uow.session.scalar(
        select(MailedLink)
        .where(MailedLink.digest == digest(token), MailedLink.purpose == purpose)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if link is None or link.used_at is not None or link.expires_at <= uow.now:
        raise LinkDead
    link.used_at = uow.now
    return link
