"""Cooperatives that the provider pays: an account for each, filled in by its owner on the provider's own page."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.core.errors import Conflict
from marketplace.core.text import N_
from marketplace.payments.commands import write
from marketplace.payments.findings import APPLIED, NOT_OURS, Outcome
from marketplace.payments.models import ProviderCommand
from marketplace.payments.provider_models import RecipientAccount
from marketplace.payments.provider_recipients import OnboardingLink, Recipient
from marketplace.unit_of_work import UnitOfWork

REFERENCE: Final = "cooperative:"


class NotReady(Conflict):
    """The provider does not pay this cooperative now."""

    code = "recipient_not_ready"
    message = N_("The payment service cannot pay this cooperative yet. Its owner must finish the form there first.")


def request_recipient(uow: UnitOfWork, *, cooperative_id: UUID, country: str, email: str | None) -> RecipientAccount:
    """Ask for a cooperative's account at the provider, once; a refused one is asked for again under a new key."""
    account = uow.session.scalar(
        select(RecipientAccount).where(RecipientAccount.cooperative_id == cooperative_id).with_for_update()
    )
    if account is None:
        account = RecipientAccount(
            cooperative_id=cooperative_id, country=country, state="requested", wanted=[], created_at=uow.now
        )
        uow.session.add(account)
        uow.session.flush()
    elif account.state == "failed":
        account.state, account.country, account.created_at = "requested", country, uow.now
    else:
        return account
    uow.record("recipient_account.request", account, country=country)
    request = {"country": country, "reference": f"{REFERENCE}{cooperative_id}", "email": email}
    key = f"recipient:{account.id}:{_stamp(uow)}"
    write(uow, kind="recipient", subject=account, key=key, request=request)
    return account


def request_link(uow: UnitOfWork, *, account: RecipientAccount, return_url: str, refresh_url: str) -> None:
    """Ask for a fresh link to the owner's page; it stands on the account soon after, for a few minutes."""
    if account.provider_ref is None:
        raise NotReady
    account.link_url = account.link_expires_at = None
    uow.record("recipient_account.request_link", account)
    request = {"recipient_id": account.provider_ref, "return_url": return_url, "refresh_url": refresh_url}
    write(uow, kind="onboarding", subject=account, key=f"onboarding:{account.id}:{_stamp(uow)}", request=request)


def keep_link(uow: UnitOfWork, *, account: RecipientAccount, link: OnboardingLink) -> None:
    """Keep a fresh link for its few minutes."""
    account.link_url, account.link_expires_at = link.url, link.expires_at
    uow.record("recipient_account.keep_link", account, expires_at=link.expires_at)


def live_link(account: RecipientAccount, *, now_wall: datetime) -> str | None:
    """Return the link that is still good, by the machine's own time."""
    expires_at = account.link_expires_at
    return account.link_url if expires_at is not None and expires_at > now_wall else None


def is_link_coming(session: Session, account: RecipientAccount) -> bool:
    """Tell whether a link was asked for and not answered yet."""
    asked = select(ProviderCommand.id).where(
        ProviderCommand.kind == "onboarding",
        ProviderCommand.subject_id == account.id,
        ProviderCommand.state.in_(("waiting", "leased")),
    )
    return session.scalar(asked.limit(1)) is not None


def apply_recipient(uow: UnitOfWork, found: Recipient) -> Outcome:
    """Note what a recipient can do now; the provider may take it back at any time, so this follows it both ways."""
    account = _account_of(uow, found)
    if account is None:
        return NOT_OURS
    state = _state_of(found)
    if (account.provider_ref, account.state, account.wanted) != (found.id, state, list(found.wanted)):
        account.provider_ref, account.state, account.wanted = found.id, state, list(found.wanted)[:50]
        uow.record("recipient_account.note", account, state=state, wanted=account.wanted)
    return APPLIED


def refuse_recipient(uow: UnitOfWork, *, account: RecipientAccount) -> None:
    """Note that the provider does not take this cooperative."""
    if account.provider_ref is None:
        account.state = "failed"
        uow.record("recipient_account.refuse", account)


def account_of_cooperative(session: Session, cooperative_id: UUID) -> RecipientAccount | None:
    """Return a cooperative's account at the provider."""
    return session.scalar(select(RecipientAccount).where(RecipientAccount.cooperative_id == cooperative_id))


def _account_of(uow: UnitOfWork, found: Recipient) -> RecipientAccount | None:
    known = uow.session.scalar(
        select(RecipientAccount).where(RecipientAccount.provider_ref == found.id).with_for_update()
    )
    if known is not None or found.reference is None:
        return known
    # News may come before the answer to our own call.
    waiting = uow.session.scalars(
        select(RecipientAccount).where(RecipientAccount.provider_ref.is_(None)).with_for_update()
    )
    return next((each for each in waiting if found.reference == f"{REFERENCE}{each.cooperative_id}"), None)


def _state_of(found: Recipient) -> str:
    if found.takes_transfers and found.is_paid_out:
        return "ready"
    return "restricted" if found.is_submitted else "onboarding"


def _stamp(uow: UnitOfWork) -> str:
    return uow.clock.wall().isoformat(timespec="microseconds")
