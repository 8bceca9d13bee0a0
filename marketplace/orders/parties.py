"""Which cooperatives and buyers belong together, read from all that the marketplace knows of every party.

Everybody is read, not only who traded in a variety: a chain may run through a party that never did. Two queries, each
bounded. What anybody can type without proof counts only from parties that went further: addresses and telephones of a
buyer who paid for and accepted goods, those of a cooperative that staff approved, the domain of a confirmed e-mail
address. So tying honest strangers together costs a poisoner real money, and brings a missing guide, never a false one.
"""

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, String, cast, exists, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from marketplace.accounts.models import Buyer, CooperativeMember, Invitation, SignInSession, StaffGrant, User
from marketplace.compliance.models import BuyerMark, Cooperative
from marketplace.compliance.services import buyer_marks
from marketplace.orders.marks import address_marks, domain_mark, telephone_mark
from marketplace.orders.models import Order
from marketplace.orders.transitions import State
from marketplace.payments.models import PayoutDestination
from marketplace.pricing.relations import Mark, MarkKind, groups_of

# Accepted is accepted: a payout that failed is sent again and says nothing about the price.
SOLD: Final = (State.ACCEPTED, State.RELEASING, State.RELEASED, State.RELEASE_FAILED)
# Rows read of each query; marks that nobody can make up come first.
MOST_MARKS: Final = 20_000
# Of this process alone: its digests mean nothing anywhere else and cannot be kept.
_KEY: Final = os.urandom(32)
_COOPERATIVE, _BUYER = "cooperative", "buyer"
_IS_SOLD: Final = Order.state.in_([state.value for state in SOLD])
_IS_CONFIRMED: Final = User.email_confirmed_at.is_not(None)
_WAS_APPROVED: Final = Cooperative.state.in_(("approved", "suspended"))

_Statement = Select[*tuple[Any, ...]]
_Column = InstrumentedAttribute[Any]


def party_of_cooperative(cooperative_id: UUID) -> str:
    """Return a cooperative's name as a party."""
    return f"{_COOPERATIVE}:{cooperative_id}"


def party_of_buyer(buyer_id: UUID) -> str:
    """Return a buyer's name as a party."""
    return f"{_BUYER}:{buyer_id}"


def groups_of_market(session: Session) -> dict[str, str]:
    """Return the group of every party that shares something with another; who is missing stands alone."""
    holders: dict[tuple[MarkKind, str], set[str]] = defaultdict(set)
    for party, kind, value in (*_known_marks(session), *_delivery_marks(session)):
        holders[kind, value].add(party)
    marks: dict[str, set[Mark]] = defaultdict(set)
    for (kind, value), parties in holders.items():
        if len(parties) > 1:
            mark = Mark(kind, _digest(value))
            for party in parties:
                marks[party].add(mark)
    return groups_of(marks)


def _digest(value: str) -> str:
    return hashlib.blake2b(value.encode(), key=_KEY, digest_size=16).hexdigest()


def _known_marks(session: Session) -> Iterator[tuple[str, MarkKind, str]]:
    spelt = {MarkKind.DOMAIN: domain_mark, MarkKind.TELEPHONE: telephone_mark}
    for place, owner, owner_id, value in session.execute(_marks_query()):
        kind = _KINDS[place]
        mark = spelt[kind](value) if kind in spelt else value
        if mark is not None:
            yield f"{owner}:{owner_id}", kind, mark


def _delivery_marks(session: Session) -> Iterator[tuple[str, MarkKind, str]]:
    fields = [Order.delivery[name].astext for name in ("street", "city", "postcode", "country", "phone")]
    accepted = select(Order.buyer_id, *fields).where(_IS_SOLD).distinct()
    for buyer_id, street, city, postcode, country, phone in session.execute(
        accepted.order_by(Order.buyer_id, *fields).limit(MOST_MARKS)
    ):
        party = party_of_buyer(buyer_id)
        for mark in address_marks(street=street or "", city=city or "", postcode=postcode or "", country=country or ""):
            yield party, MarkKind.ADDRESS, mark
        telephone = telephone_mark(phone)
        if telephone is not None:
            yield party, MarkKind.TELEPHONE, telephone


# In the order in which they are read: what cannot be made up goes first, should there ever be too many.
_KINDS: Final = (
    MarkKind.PERSON,
    MarkKind.PAYOUT,
    MarkKind.PAYMENT,
    MarkKind.COMPANY,
    MarkKind.DEVICE,
    MarkKind.DOMAIN,
    MarkKind.TELEPHONE,
)


def _marks_query() -> Any:
    parts = union_all(*_of_cooperatives(), *_of_officers(), *_of_buyers()).subquery()
    return select(parts).distinct().order_by(*parts.c).limit(MOST_MARKS)


def _of_cooperatives() -> Iterator[_Statement]:
    """Yield who entered and sent a cooperative, its telephone, and where it is paid, now and before."""
    yield _mark(MarkKind.TELEPHONE, _COOPERATIVE, Cooperative.id, Cooperative.contact_phone).where(_WAS_APPROVED)
    for person in (Cooperative.created_by, Cooperative.submitted_by):
        yield _mark(MarkKind.PERSON, _COOPERATIVE, Cooperative.id, person).where(_is_no_staff(person))
    account = PayoutDestination
    yield _mark(MarkKind.PAYOUT, _COOPERATIVE, account.cooperative_id, account.fingerprint)
    yield _mark(MarkKind.PERSON, _COOPERATIVE, account.cooperative_id, account.created_by)


def _of_officers() -> Iterator[_Statement]:
    """Yield what an officer brings, who invited whom, and who was let in by whom; staff who help are no mark."""
    officer = CooperativeMember
    yield _mark(MarkKind.PERSON, _COOPERATIVE, officer.cooperative_id, officer.user_id)
    yield _mark(MarkKind.PERSON, _COOPERATIVE, officer.cooperative_id, officer.added_by).where(
        _is_no_staff(officer.added_by)
    )
    is_hers = officer.user_id == User.id
    yield _mark(MarkKind.DOMAIN, _COOPERATIVE, officer.cooperative_id, User.email).where(is_hers, _IS_CONFIRMED)
    yield _mark(MarkKind.TELEPHONE, _COOPERATIVE, officer.cooperative_id, User.phone).where(
        is_hers, officer.cooperative_id == Cooperative.id, _WAS_APPROVED
    )
    yield _mark(MarkKind.DEVICE, _COOPERATIVE, officer.cooperative_id, SignInSession.device).where(
        officer.user_id == SignInSession.user_id
    )
    accepted = Invitation.cooperative_id.is_not(None) & Invitation.accepted_at.is_not(None)
    for person in (Invitation.accepted_by, Invitation.invited_by):
        yield _mark(MarkKind.PERSON, _COOPERATIVE, Invitation.cooperative_id, person).where(
            accepted, _is_no_staff(person)
        )


def _of_buyers() -> Iterator[_Statement]:
    yield _mark(MarkKind.PERSON, _BUYER, Buyer.id, Buyer.user_id)
    is_hers = Buyer.user_id == User.id
    yield _mark(MarkKind.DOMAIN, _BUYER, Buyer.id, User.email).where(is_hers, _IS_CONFIRMED)
    yield _mark(MarkKind.TELEPHONE, _BUYER, Buyer.id, User.phone).where(
        is_hers, exists().where(Order.buyer_id == Buyer.id, _IS_SOLD)
    )
    yield _mark(MarkKind.DEVICE, _BUYER, Buyer.id, SignInSession.device).where(Buyer.user_id == SignInSession.user_id)
    for kind, noted in ((MarkKind.PAYMENT, buyer_marks.PAYMENT), (MarkKind.COMPANY, buyer_marks.REGISTRATION)):
        yield _mark(kind, _BUYER, BuyerMark.buyer_id, BuyerMark.value).where(BuyerMark.kind == noted)


def _mark(kind: MarkKind, owner: str, owner_id: _Column, value: _Column) -> _Statement:
    return select(
        literal(_KINDS.index(kind)).label("place"),
        literal(owner).label("owner"),
        owner_id.label("owner_id"),
        cast(value, String).label("value"),
    ).where(value.is_not(None))


def _is_no_staff(person: _Column) -> Any:
    """Say that somebody acts for a party: a moderator who enters a cooperative for it does not tie it to others."""
    return ~exists().where(StaffGrant.user_id == person)
