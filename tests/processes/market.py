"""A market for load: a cooperative that can be paid, finance, many lots and many buyers, all signed in."""

from dataclasses import dataclass, field
from datetime import timedelta

import psycopg
from flask import Flask

from marketplace.accounts.models import Buyer, User
from marketplace.core.actor import MemberRole, StaffRole
from marketplace.http.context import make_uow
from marketplace.lots.models import Lot
from marketplace.payments import destinations
from marketplace.payments.destination_details import read_details
from marketplace.unit_of_work import UnitOfWork
from tests.builders import copies
from tests.builders.lots import published_lot
from tests.builders.payments import MOBILE
from tests.live import Live
from tests.people import actor, buyer, member, person, session_token

MODERATOR, FIRST_FINANCE, SECOND_FINANCE = "moderator", "first finance", "second finance"


@dataclass(frozen=True, slots=True)
class Market:
    """Where to go and the cookies of everybody: `buyers` by number, `staff` by duty, `secretary` of the cooperative."""

    url: str
    database: str
    sha256: str
    lots: int
    secretary: str
    buyers: list[str]
    staff: dict[str, str] = field(default_factory=dict)

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """Return a connection of one's own, to look."""
        plain = self.database.replace("postgresql+psycopg://", "postgresql://", 1)
        return psycopg.connect(plain, autocommit=True)


def open_market(live: Live, app: Flask, *, lots: int, buyers: int) -> Market:
    """Make everything through the services, then copies of the lot and of the buyer."""
    with app.app_context():
        uow = make_uow()
        lot, version, amina = published_lot(uow)
        bob, row = buyer(uow, "bob", level=3)
        _let_be_paid(uow, lot)
        staff = {
            MODERATOR: person(uow, MODERATOR, StaffRole.MODERATOR),
            FIRST_FINANCE: person(uow, FIRST_FINANCE, StaffRole.FINANCE),
            SECOND_FINANCE: person(uow, SECOND_FINANCE, StaffRole.FINANCE),
        }
        market = Market(
            url=live.url,
            database=live.database_url,
            sha256=version.sha256,
            lots=lots,
            secretary=session_token(uow, amina),
            buyers=[],
            staff={name: session_token(uow, user) for name, user in staff.items()},
        )
        _copy(uow, live, lot, bob=bob, row=row, counts=(lots, buyers))
        people = [uow.session.get_one(User, copies.copied(copies.PERSON, number)) for number in range(buyers)]
        market.buyers.extend(session_token(uow, user) for user in people)
        uow.commit()
    return market


def keep_signed_in(market: Market) -> None:
    """Let the second factor of staff be fresh again; a long run outlives the minutes it counts."""
    with market.connect() as connection:
        connection.execute(
            "UPDATE sign_in_session SET second_factor_at = second_factor_at + interval '5 minutes'"
            " WHERE second_factor_at IS NOT NULL"
        )


def _let_be_paid(uow: UnitOfWork, lot: Lot) -> None:
    salome = member(uow, "salome", lot.cooperative_id, role=MemberRole.SIGNATORY)
    destination = destinations.enter(
        uow.acting_as(actor(uow.session, salome)),
        cooperative_id=lot.cooperative_id,
        details=read_details(MOBILE),
        currency="USD",
    )
    destination.usable_from -= timedelta(hours=48)
    victor = person(uow, "victor", StaffRole.FINANCE)
    destinations.verify(uow.acting_as(actor(uow.session, victor)), destination=destination)


def _copy(uow: UnitOfWork, live: Live, lot: Lot, *, bob: User, row: Buyer, counts: tuple[int, int]) -> None:
    lot_id, version_id, user_id, buyer_id = lot.id, lot.published_version_id, bob.id, row.id
    assert version_id is not None
    uow.commit()
    copies.copy_lots(live.database_url, lot_id=lot_id, version_id=version_id, count=counts[0])
    copies.copy_buyers(live.database_url, user_id=user_id, buyer_id=buyer_id, count=counts[1])
