"""Buyers and sellers who belong together: told by real accounts, sign-ins, deliveries and payout accounts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event

from marketplace.accounts.forms import Invitee
from marketplace.accounts.models import CooperativeMember, SignInSession, User
from marketplace.accounts.services import invitations
from marketplace.compliance.models import Cooperative
from marketplace.core.actor import MemberRole
from marketplace.core.ids import new_token
from marketplace.orders.comparable_sales import sales_like
from marketplace.orders.parties import groups_of_market, party_of_buyer, party_of_cooperative
from marketplace.payments import destinations
from marketplace.payments.destination_details import read_details
from marketplace.payments.models import Payment, Refund
from marketplace.pricing.comparables import SetAside, select_sales
from marketplace.pricing.description import LotDescription
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative
from tests.builders.orders import Sale, accepted_order, delivered_order, delivery, funded_order
from tests.builders.payments import BANK
from tests.people import actor, buyer, member, person

STONE = LotDescription(
    kind="gem", form="rough", origin_country="TZ", weight_mg=684, variety="tanzanite", treatment="N", grade="fine"
)


def is_related(sale: Sale) -> bool:
    """Tell whether the sale is left out because of who traded."""
    today = sale.uow.now.date()
    found = select_sales(STONE, sales_like(sale.uow.session, STONE, on=today), on=today)
    return SetAside("related", 1) in found.set_aside


def join(uow: UnitOfWork, user: User, sale: Sale | None = None, *, cooperative: Cooperative | None = None) -> None:
    """Make somebody an officer."""
    cooperative_id = cooperative.id if cooperative else sale.order.cooperative_id if sale else None
    row = CooperativeMember(
        user_id=user.id, cooperative_id=cooperative_id, role=MemberRole.VIEWER.value, added_at=uow.now
    )
    uow.session.add(row)
    uow.record("cooperative_member.add", row)


def signs_in(uow: UnitOfWork, user: User, device: str | None, *, address: str = "198.51.100.7") -> None:
    """Let somebody sign in with a device."""
    uow.session.add(
        SignInSession(
            digest=new_token(), user_id=user.id, created_at=uow.now, last_seen_at=uow.now, address=address,
            expires_at=uow.now + timedelta(hours=12), agent="Mozilla/5.0 (Linux; Android 10; K)", device=device,
        )
    )  # fmt: skip


def paid_to(uow: UnitOfWork, cooperative: Cooperative, form: dict[str, str]) -> None:
    """Let a signatory enter where the cooperative is paid."""
    salome = member(uow, f"salome of {cooperative.reference}", cooperative.id, role=MemberRole.SIGNATORY)
    as_salome = uow.acting_as(actor(uow.session, salome))
    destinations.enter(as_salome, cooperative_id=cooperative.id, details=read_details(form), currency="USD")


def by_person(uow: UnitOfWork, sale: Sale) -> None:
    join(uow, sale.bob, sale)


def by_device(uow: UnitOfWork, sale: Sale) -> None:
    signs_in(uow, sale.bob, "one browser")
    signs_in(uow, sale.amina, "one browser", address="203.0.113.9")


def by_telephone(uow: UnitOfWork, sale: Sale) -> None:
    sale.amina.phone, sale.bob.phone = "+255754555027", "0754 555 027"
    uow.record("user.change", sale.amina, sale.bob)


def by_domain(uow: UnitOfWork, sale: Sale) -> None:
    sale.amina.email, sale.bob.email = "amina@madini-trade.co.tz", "sales@madini-trade.co.tz"
    uow.record("user.change", sale.amina, sale.bob)


def by_invitation(uow: UnitOfWork, sale: Sale) -> None:
    """Bob, once an officer, invited dora into the cooperative and left it."""
    join(uow, sale.bob, sale)
    as_bob = uow.acting_as(actor(uow.session, sale.bob))
    invitee = Invitee(email="dora@example.org", name="dora", language="en", roles=("viewer",))
    row = uow.session.get_one(CooperativeMember, (sale.bob.id, sale.order.cooperative_id))
    row.role = MemberRole.SECRETARY.value
    uow.record("cooperative_member.change", row)
    as_bob = uow.acting_as(actor(uow.session, sale.bob))
    made = invitations.invite_officer(
        as_bob, cooperative_id=sale.order.cooperative_id, organisation="Mama Madini", invitee=invitee
    )
    invitations.accept_as(uow.acting_as(actor(uow.session, person(uow, "dora"))), token=made.token)
    uow.session.delete(row)
    uow.record("cooperative_member.remove", row)
    uow.session.flush()


def by_payout_of_another_cooperative(uow: UnitOfWork, sale: Sale) -> None:
    """Bob is an officer of a cooperative that never sold and is paid to the seller's account."""
    other, _site, _secretary = approved_cooperative(uow)
    join(uow, sale.bob, cooperative=other)
    paid_to(uow, uow.session.get_one(Cooperative, sale.order.cooperative_id), BANK)
    paid_to(uow, other, {**BANK, "bank": "DODOMA BANK PLC"})


def by_address_of_another_buyer(uow: UnitOfWork, sale: Sale) -> None:
    """Carol, whose goods went to bob's house under another spelling, signed in on amina's telephone."""
    carol, _row = buyer(uow, "carol", level=3)
    accepted_order(
        uow, number=8, bob=carol, to=delivery("carol", street="12 HAFENSTR.", postcode="", phone="+49 30 7654321")
    )
    signs_in(uow, carol, "amina's telephone")
    signs_in(uow, sale.amina, "amina's telephone")


@pytest.mark.parametrize(
    "tie",
    [
        by_person, by_device, by_telephone, by_domain, by_invitation, by_payout_of_another_cooperative,
        by_address_of_another_buyer,
    ],
)  # fmt: skip
def test_parties_that_share_a_strong_mark_do_not_count(
    uow: UnitOfWork, tie: Callable[[UnitOfWork, Sale], None]
) -> None:
    sale = accepted_order(uow)
    assert not is_related(sale)

    tie(uow, sale)

    assert is_related(sale)


def by_nothing_but_staff(uow: UnitOfWork, sale: Sale) -> None:
    """A moderator enters the cooperative for its officers, who then sign in at the same village network as bob."""
    moderator = sale.as_staff("mary").actor.user_id
    row = uow.session.get_one(Cooperative, sale.order.cooperative_id)
    other = approved_cooperative(uow)[0]
    row.created_by = row.submitted_by = other.created_by = moderator
    uow.record("cooperative.change", row, other)
    join(uow, sale.bob, cooperative=other)


def by_network_and_mail_provider(uow: UnitOfWork, sale: Sale) -> None:
    sale.amina.email, sale.bob.email = "amina@gmail.com", "bob@gmail.com"
    uow.record("user.change", sale.amina, sale.bob)
    signs_in(uow, sale.bob, None)
    signs_in(uow, sale.amina, None)
    signs_in(uow, sale.bob, "bob's")
    signs_in(uow, sale.amina, "amina's")


def by_an_address_nobody_confirmed(uow: UnitOfWork, sale: Sale) -> None:
    sale.amina.email, sale.bob.email = "amina@madini-trade.co.tz", "sales@madini-trade.co.tz"
    sale.bob.email_confirmed_at = None
    uow.record("user.change", sale.amina, sale.bob)


def by_a_poisoner_who_never_bought(uow: UnitOfWork, sale: Sale) -> None:
    """Mallory typed both telephones and ordered to bob's address, but never accepted anything."""
    sale.amina.phone = "+255754555027"
    mallory = funded_order(uow, number=8, buyer_name="mallory", to=delivery("bob", phone="+255754555027"))
    mallory.bob.phone = "+255754555027"
    uow.record("user.change", sale.amina, mallory.bob)


@pytest.mark.parametrize(
    "tie",
    [
        by_nothing_but_staff, by_network_and_mail_provider, by_an_address_nobody_confirmed,
        by_a_poisoner_who_never_bought,
    ],
)  # fmt: skip
def test_what_honest_strangers_share_excludes_nobody(uow: UnitOfWork, tie: Callable[[UnitOfWork, Sale], None]) -> None:
    sale = accepted_order(uow)

    tie(uow, sale)

    assert not is_related(sale)


def test_two_buyers_at_one_address_are_one_counterparty(uow: UnitOfWork) -> None:
    of = approved_cooperative(uow)[1:]
    for number, name in enumerate(("bob", "carol", "dora"), start=1):
        accepted_order(uow, number=number, of=of, buyer_name=name, to=delivery("bob", phone=f"+49 30 555000{number}"))
    today = uow.now.date()

    found = select_sales(STONE, sales_like(uow.session, STONE, on=today), on=today)

    assert (len(found.prices), found.set_aside) == (2, (SetAside("repeated", 1),))


def test_money_that_went_back_after_acceptance_takes_the_sale_out(uow: UnitOfWork) -> None:
    sale = accepted_order(uow)
    payment = uow.session.query(Payment).filter_by(order_id=sale.order.id).one()
    refund = Refund(
        order_id=sale.order.id, payment_id=payment.id, kind="goodwill", state="done", amount_minor=1, currency="USD",
        former_refs=[], reason="a chip", created_at=uow.now,
    )  # fmt: skip
    uow.session.add(refund)
    uow.record("refund.decide", refund)
    today = uow.now.date()

    found = select_sales(STONE, sales_like(uow.session, STONE, on=today), on=today)

    assert (found.prices, found.set_aside) == ((), (SetAside("returned", 1),))


def test_a_flood_between_two_parties_pushes_nobody_out(uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.orders.comparable_sales.MOST_OF_TWO", 3)
    monkeypatch.setattr("marketplace.orders.comparable_sales.MOST", 4)
    honest = accepted_order(uow, number=1, buyer_name="honest")
    honest.order.accepted_at -= timedelta(days=1)
    of, bob = approved_cooperative(uow)[1:], buyer(uow, "bob", level=3)[0]
    for number in range(2, 7):
        accepted_order(uow, number=number, of=of, bob=bob)

    found = sales_like(uow.session, STONE, on=uow.now.date())

    assert len(found) == 4
    assert found[-1].reference == honest.order.reference


def test_an_order_that_was_not_accepted_gives_no_address(uow: UnitOfWork) -> None:
    one, other = accepted_order(uow, number=1), delivered_order(uow, number=2, buyer_name="carol", to=delivery("bob"))
    parties = [party_of_buyer(each.order.buyer_id) for each in (one, other)]
    assert parties[1] not in groups_of_market(uow.session)

    other.order.state = "accepted"
    uow.record("order.change", other.order)

    groups = groups_of_market(uow.session)
    assert groups[parties[0]] == groups[parties[1]]


def test_what_is_read_of_the_market_takes_three_queries_and_leaves_no_personal_data(uow: UnitOfWork) -> None:
    sale = accepted_order(uow)
    by_device(uow, sale)
    uow.session.flush()
    seen: list[str] = []
    connection = uow.session.connection()
    event.listen(connection, "before_cursor_execute", lambda *given: seen.append(given[2]))

    found = sales_like(uow.session, STONE, on=uow.now.date())

    assert len(seen) == 3
    parties = {party_of_cooperative(sale.order.cooperative_id), party_of_buyer(sale.order.buyer_id)}
    assert set(groups_of_market(uow.session)) == parties
    assert {found[0].seller, found[0].buyer} == parties
    assert not [secret for secret in ("Hafen", "example.org", "7654", "198.51") if secret in repr(found)]


def test_a_variety_nobody_sold_asks_once(uow: UnitOfWork) -> None:
    seen: list[str] = []
    event.listen(uow.session.connection(), "before_cursor_execute", lambda *given: seen.append(given[2]))
    assert sales_like(uow.session, STONE, on=uow.now.date()) == ()
    assert len(seen) == 1
