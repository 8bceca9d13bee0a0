"""Declarations somebody signed: of a cooperative with its application, of a site whenever it is signed again."""

from collections.abc import Mapping

from sqlalchemy import select

from marketplace.compliance import services as compliance
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.transitions import State
from marketplace.core.errors import Conflict
from marketplace.lots.services.site_pauses import bring_in_line
from marketplace.onboarding.answers import Signed, read_policies
from marketplace.onboarding.models import Declaration
from marketplace.onboarding.renewals import declaration_ends
from marketplace.unit_of_work import UnitOfWork


def enter_policies(uow: UnitOfWork, *, cooperative: Cooperative, typed: Mapping[str, str]) -> None:
    """Enter the declarations of an application; those we have already are left as they are."""
    for signed in read_policies(typed, today=uow.now.date()):
        known = select(Declaration.id).where(
            Declaration.cooperative_id == cooperative.id,
            Declaration.site_id.is_(None),
            Declaration.kind == signed.kind,
            Declaration.signed_on == signed.signed_on,
        )
        if uow.session.scalar(known.limit(1)) is None:
            _enter(uow, cooperative, None, signed)


def sign_again(uow: UnitOfWork, *, cooperative: Cooperative, site: MineSite, signed: Signed) -> None:
    """Note that the declaration of a site was signed again; its lots come back on sale when that was what stopped them.

    Raises InvalidInput for a day that is not newer than the one we have.
    """
    uow.session.refresh(site, with_for_update=True)
    if cooperative.state not in {State.APPROVED.value, State.SUSPENDED.value}:
        raise Conflict
    compliance.renew_declaration(uow, site=site, signed_on=signed.signed_on, signed_by=signed.signed_by)
    _enter(uow, cooperative, site, signed)
    bring_in_line(uow, cooperative=cooperative)


def _enter(uow: UnitOfWork, cooperative: Cooperative, site: MineSite | None, signed: Signed) -> None:
    on_behalf = cooperative.id not in uow.actor.memberships and uow.actor.is_staff
    row = Declaration(
        cooperative_id=cooperative.id,
        site_id=site.id if site is not None else None,
        kind=signed.kind,
        signed_on=signed.signed_on,
        signed_by=signed.signed_by,
        expires_on=declaration_ends(signed.signed_on),
        is_on_behalf=on_behalf,
        entered_by=uow.person(),
        entered_at=uow.now,
    )
    uow.session.add(row)
    about = (cooperative,) if site is None else (cooperative, site)
    uow.record(
        "signed_declaration.enter",
        row,
        *about,
        kind=signed.kind,
        signed_on=signed.signed_on,
        expires=row.expires_on,
        on_behalf=on_behalf,
    )
