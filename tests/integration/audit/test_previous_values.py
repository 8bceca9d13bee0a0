"""An entry about a change tells what was before it and what came after, the right way round."""

from itertools import pairwise
from typing import Any

from sqlalchemy import select

from marketplace.accounts.services import levels, profile, roles
from marketplace.audit.models import AuditDisclosure, AuditEvent
from marketplace.audit.queries import detail, history
from marketplace.core.actor import MemberRole, StaffRole
from marketplace.orders import services
from marketplace.orders.models import OrderStep
from marketplace.unit_of_work import UnitOfWork
from tests.builders.accounts import registered
from tests.builders.cooperatives import approved_cooperative
from tests.builders.offers import market, usd
from tests.builders.orders import accepted_order
from tests.people import actor, member, person


def told(uow: UnitOfWork, action: str) -> tuple[Any, Any]:
    """Return what the newest entry of an action says of before and after: as staff search it, and as it is proven."""
    seq = uow.session.scalars(
        select(AuditEvent.seq).where(AuditEvent.action == action).order_by(AuditEvent.seq.desc()).limit(1)
    ).one()
    found = detail(uow.session, seq)
    proven = {name: value for name, value, _digest in found.disclosures}
    searched = (found.row.details["before"], found.row.details["after"])
    assert (proven["before"], proven["after"]) == searched
    return searched


def test_a_changed_company_is_told_with_its_former_name(uow: UnitOfWork) -> None:
    alice, _buyer = registered(uow, company="Meier Schmuck")
    own = uow.acting_as(actor(uow.session, alice))

    profile.change_company(own, company="Meier and Sons", country="DE")
    assert told(uow, "buyer.change_company") == ("Meier Schmuck", "Meier and Sons")
    profile.change_company(own, company="Meier Jewels", country="DE")
    assert told(uow, "buyer.change_company") == ("Meier and Sons", "Meier Jewels")


def test_a_level_is_told_with_the_one_before(uow: UnitOfWork) -> None:
    _alice, buyer = registered(uow)
    assert told(uow, "buyer.rise") == ("0", "1")

    levels.set_buyer_level(uow, buyer, 3)
    assert told(uow, "buyer.set_level") == ("1", "3")
    levels.set_buyer_level(uow, buyer, 2)
    assert told(uow, "buyer.set_level") == ("3", "2")


def test_an_officer_s_role_is_told_with_the_one_before(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    zawadi = member(uow, "zawadi", cooperative.id, role=MemberRole.SECRETARY)
    mary = person(uow, "mary", StaffRole.MODERATOR)

    by_mary = uow.acting_as(actor(uow.session, mary))
    roles.change_officer(by_mary, cooperative_id=cooperative.id, user_id=zawadi.id, role=MemberRole.SIGNATORY)

    assert told(uow, "cooperative_member.change") == ("secretary", "signatory")


def test_every_move_of_an_order_begins_where_the_one_before_ended(uow: UnitOfWork) -> None:
    order = accepted_order(uow).order
    entries = history(uow.session, kind="order", key=str(order.id))
    moves = [row.details for row in reversed(entries) if {"before", "after", "party"} <= set(row.details)]
    steps = uow.session.scalars(select(OrderStep).where(OrderStep.order_id == order.id).order_by(OrderStep.id)).all()

    assert len(moves) >= 4
    assert all(one["after"] == other["before"] for one, other in pairwise(moves))
    assert moves[-1]["after"] == order.state
    assert [(move["before"], move["after"]) for move in moves] == [(step.from_state, step.to_state) for step in steps]


def test_an_answer_to_an_offer_is_told_from_open_to_what_became_of_it(uow: UnitOfWork) -> None:
    m = market(uow)
    talk = m.offer(840)

    services.counter_offer(m.as_cooperative(), negotiation=talk, amount=usd(900))
    assert told(uow, "offer.counter") == ("open", "countered")
    services.accept_offer(m.as_buyer(), negotiation=talk)
    assert told(uow, "offer.accept") == ("open", "accepted")


def test_what_is_disclosed_stands_under_its_own_name(uow: UnitOfWork) -> None:
    alice, _buyer = registered(uow, company="Meier Schmuck")
    profile.change_company(uow.acting_as(actor(uow.session, alice)), company="Other", country="DE")

    seq = uow.session.scalars(select(AuditEvent.seq).where(AuditEvent.action == "buyer.change_company")).one()
    stored = uow.session.scalars(select(AuditDisclosure).where(AuditDisclosure.seq == seq)).all()
    shown = {name: digest for name, _value, digest in detail(uow.session, seq).disclosures}
    assert {item.name: item.digest for item in stored} == shown
