"""Where cooperatives are paid: entered by a signatory, told to all officers, checked by finance, used two days on."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.accounts.models import CooperativeMember, User
from marketplace.core.actor import MemberRole, StaffRole
from marketplace.core.crypto import SealBroken, seal, unseal
from marketplace.core.errors import Conflict, Forbidden, NotFound
from marketplace.core.text import N_
from marketplace.notifications.services import tell
from marketplace.payments.destination_details import Details
from marketplace.payments.fingerprints import fingerprint_of
from marketplace.payments.models import PayoutDestination
from marketplace.unit_of_work import UnitOfWork

# Long enough for the other officers to read the notice and object.
COOLING_OFF: Final = timedelta(hours=48)
# Destinations that get their fingerprint in one transaction.
BATCH: Final = 100
_PURPOSE: Final = "payout-destination"


class NoUsableDestination(Conflict):
    """The cooperative cannot be paid yet."""

    code = "no_usable_destination"
    message = N_("This cooperative has no payout account that was checked and has waited 48 hours.")


class OnlySignatory(Forbidden):
    """The person may not say where money goes."""

    code = "only_signatory"
    message = N_("Only a signatory of the cooperative can change where it is paid.")


class NotYours(Forbidden):
    """Nobody checks what she entered herself, or for her own cooperative."""

    code = "not_your_own"
    message = N_("Another finance person must check this account: you entered it or belong to the cooperative.")


def enter(uow: UnitOfWork, *, cooperative_id: UUID, details: Details, currency: str) -> PayoutDestination:
    """Replace the cooperative's destination; every officer is told, so that a stranger's change is noticed."""
    if uow.actor.memberships.get(cooperative_id) is not MemberRole.SIGNATORY or uow.actor.user_id is None:
        raise OnlySignatory
    _retire(uow, cooperative_id)
    destination = PayoutDestination(
        cooperative_id=cooperative_id,
        rail=details.rail.value,
        holder=details.holder,
        institution=details.institution,
        details_sealed=_sealed(uow, cooperative_id, details),
        fingerprint=fingerprint_of(
            rail=details.rail, institution=details.institution, number=details.number, key=uow.settings.field_key
        ),
        masked=details.masked,
        currency=currency,
        created_by=uow.actor.user_id,
        created_at=uow.now,
        usable_from=uow.now + COOLING_OFF,
    )
    uow.session.add(destination)
    uow.session.flush()
    uow.record("payout_destination.enter", destination, masked=details.masked, rail=details.rail)
    _tell_officers(uow, destination, template="payout_destination_changed")
    return destination


def verify(uow: UnitOfWork, *, destination: PayoutDestination) -> None:
    """Note that finance compared the destination with the cooperative's papers."""
    actor = uow.actor
    if not actor.has_role(StaffRole.FINANCE):
        raise Forbidden
    if actor.user_id == destination.created_by or destination.cooperative_id in actor.memberships:
        raise NotYours
    uow.session.refresh(destination, with_for_update=True)
    if destination.verified_at is not None or destination.retired_at is not None:
        raise Conflict
    destination.verified_by, destination.verified_at = actor.user_id, uow.now
    uow.record("payout_destination.verify", destination, masked=destination.masked)
    _tell_officers(uow, destination, template="payout_destination_verified")


def doubt(uow: UnitOfWork, *, destination_id: UUID) -> None:
    """Let finance check a destination again, because money came back from it; a retired one needs no check."""
    destination = uow.session.get_one(PayoutDestination, destination_id, with_for_update=True, populate_existing=True)
    if destination.retired_at is None and destination.verified_at is not None:
        destination.verified_by = destination.verified_at = None
        uow.record("payout_destination.doubt", destination, masked=destination.masked)


def usable_destination(session: Session, cooperative_id: UUID, *, now: datetime) -> PayoutDestination:
    """Return where the cooperative can be paid now; raise NoUsableDestination."""
    found = live_destination(session, cooperative_id)
    if found is None or found.verified_at is None or found.usable_from > now:
        raise NoUsableDestination
    return found


def live_destination(session: Session, cooperative_id: UUID) -> PayoutDestination | None:
    """Return the cooperative's destination, checked or not."""
    return session.scalar(
        select(PayoutDestination).where(
            PayoutDestination.cooperative_id == cooperative_id, PayoutDestination.retired_at.is_(None)
        )
    )


def unverified_destinations(session: Session) -> Sequence[PayoutDestination]:
    """Return what finance has to check, oldest first."""
    found = select(PayoutDestination).where(
        PayoutDestination.verified_at.is_(None), PayoutDestination.retired_at.is_(None)
    )
    return session.scalars(found.order_by(PayoutDestination.created_at).limit(100)).all()


def destination_by_id(session: Session, destination_id: UUID) -> PayoutDestination:
    """Return a destination; raise NotFound."""
    found = session.get(PayoutDestination, destination_id)
    if found is None:
        raise NotFound
    return found


def fill_fingerprints(uow: UnitOfWork, *, after: UUID | None = None) -> UUID | None:
    """Give a batch of destinations entered before there were fingerprints their own; return where to go on, or None.

    One that cannot be opened is passed by: it is not the same account as any other.
    """
    found = select(PayoutDestination).where(PayoutDestination.fingerprint.is_(None)).order_by(PayoutDestination.id)
    if after is not None:
        found = found.where(PayoutDestination.id > after)
    rows = uow.session.scalars(found.limit(BATCH).with_for_update(skip_locked=True)).all()
    for row in rows:
        number = _number(uow, row)
        if number is not None:
            row.fingerprint = fingerprint_of(
                rail=row.rail, institution=row.institution, number=number, key=uow.settings.field_key
            )
            uow.record("payout_destination.fingerprint", row)
    return rows[-1].id if rows else None


def reveal(uow: UnitOfWork, *, destination: PayoutDestination) -> Mapping[str, str]:
    """Return the full number and bank code to a finance person who checks or pays; it is noted who looked."""
    if not uow.actor.has_role(StaffRole.FINANCE):
        raise Forbidden
    uow.record("payout_destination.reveal", destination)
    found: dict[str, str] = json.loads(
        unseal(destination.details_sealed, key=uow.settings.field_key, purpose=_purpose(destination.cooperative_id))
    )
    return found


def _retire(uow: UnitOfWork, cooperative_id: UUID) -> None:
    earlier = uow.session.scalar(
        select(PayoutDestination)
        .where(PayoutDestination.cooperative_id == cooperative_id, PayoutDestination.retired_at.is_(None))
        .with_for_update()
    )
    if earlier is not None:
        earlier.retired_at = uow.now
        uow.record("payout_destination.retire", earlier)
        uow.session.flush()


def _sealed(uow: UnitOfWork, cooperative_id: UUID, details: Details) -> bytes:
    plain = json.dumps({"number": details.number, "bic": details.bic}).encode()
    return seal(plain, key=uow.settings.field_key, purpose=_purpose(cooperative_id))


def _number(uow: UnitOfWork, destination: PayoutDestination) -> str | None:
    try:
        plain = unseal(
            destination.details_sealed, key=uow.settings.field_key, purpose=_purpose(destination.cooperative_id)
        )
    except SealBroken:
        return None
    return str(json.loads(plain)["number"])


def _purpose(cooperative_id: UUID) -> str:
    return f"{_PURPOSE}:{cooperative_id}"


def _tell_officers(uow: UnitOfWork, destination: PayoutDestination, *, template: str) -> None:
    officers = uow.session.scalars(
        select(User.id)
        .join(CooperativeMember, CooperativeMember.user_id == User.id)
        .where(CooperativeMember.cooperative_id == destination.cooperative_id, User.state == "active")
        .order_by(User.id)
    ).all()
    params = {
        "masked": destination.masked,
        "holder": destination.holder,
        "by": uow.actor.name,
        "usable_from": destination.usable_from,
    }
    for user_id in officers:
        tell(uow, user_id=user_id, template=template, params=params)
