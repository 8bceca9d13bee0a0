"""In every state of an order each move that is not open there is refused with 409, and the page names what is open."""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Final

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.accounts.models import User
from marketplace.core.actor import StaffRole
from marketplace.core.money import Money
from marketplace.orders import services
from marketplace.orders.answers import Reason, Receipt
from marketplace.orders.decisions import Decision
from marketplace.orders.transitions import ROWS, Action, Party, State, allowed_actions
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.legal_moves import WORDS, legal_moves
from marketplace.web.order_move_page import slug_of
from marketplace.web.order_moves import BUYER_MOVES, COOPERATIVE_MOVES, STAFF_MOVES
from tests.builders.lots import STONE
from tests.builders.orders import (
    Sale,
    accepted_order,
    confirmed_order,
    delivered_order,
    funded_order,
    parcel,
    placed_order,
    shipped_order,
)
from tests.people import actor, person
from tests.web.test_orders import KEY, browser

LARGE: Final = {**STONE, "price": {**STONE["price"], "wanted": "6000"}}
DAMAGED: Final = Reason("damaged", "A chip on the corner.")
# Every form at once, filled in well: a move is refused for its state and for nothing else.
FILLED: Final = {
    **KEY,
    "carrier": "DHL",
    "tracking": "back 77",
    "seal_number": "ps-2",
    "seal_intact": "yes",
    "weight": "3.42",
    "weight_unit": "ct",
    "insured": "9000",
    "certificate": "V-1",
    "proof": "POD 88, signed",
    "refund": "10.00",
    "decision": "refund",
    "kind": "damaged",
    "text": "A chip on the corner.",
}
OF_PARTY: Final = {
    Party.BUYER: ("buyer_orders", "/orders"),
    Party.COOPERATIVE: ("cooperative_orders", "/cooperative/orders"),
    Party.MODERATOR: ("staff_orders", "/staff/orders"),
    Party.VERIFIER: ("staff_orders", "/staff/orders"),
    Party.FINANCE: ("staff_orders", "/staff/orders"),
}
OWN_PAGES: Final[dict[str, dict[str, tuple[Action, ...]]]] = {
    "buyer_orders": {
        "cancellation": (Action.STOP_PAYMENT, Action.CANCEL, Action.CANCEL_UNCONFIRMED),
        "receipt": (Action.RECEIVE,),
        "acceptance": (Action.ACCEPT,),
        "problem": (Action.REPORT_PROBLEM,),
        "problem/withdrawal": (Action.WITHDRAW_PROBLEM,),
    },
    "cooperative_orders": {
        "confirmation": (Action.CONFIRM,),
        "refusal": (Action.DECLINE,),
        "shipment": (Action.SHIP,),
    },
    "staff_orders": {
        "delivery": (Action.PROVE_DELIVERY,),
        "decision": (Action.DECIDE, Action.CONTINUE, Action.PROPOSE),
        "release": (Action.APPROVE_RELEASE,),
        "refund": (Action.RETRY_REFUND,),
    },
}
MOVES: Final = {"buyer_orders": BUYER_MOVES, "cooperative_orders": COOPERATIVE_MOVES, "staff_orders": STAFF_MOVES}


def by(sale: Sale, *actions: Action) -> Sale:
    """Let the provider, or bob where only he may, make moves that need nothing but a name."""
    for action in actions:
        who = sale.as_buyer() if action is Action.STOP_PAYMENT else sale.as_provider()
        services.advance(who, order=sale.order, action=action)
    return sale


def verified(uow: UnitOfWork) -> Sale:
    sale = confirmed_order(uow)
    sale.order.wants_verification = True
    uow.record("order.test", sale.order)
    services.ship(sale.as_cooperative(), order=sale.order, parcel=parcel(sale.order))
    return sale


def adjusted(uow: UnitOfWork) -> Sale:
    sale = delivered_order(uow)
    services.ask_adjustment(sale.as_buyer(), order=sale.order, refund=Money(10_000, "USD"), text="It is chipped.")
    return sale


def rejected(uow: UnitOfWork) -> Sale:
    sale = delivered_order(uow)
    services.reject(sale.as_buyer(), order=sale.order, reason=DAMAGED)
    return sale


def sent_back(uow: UnitOfWork) -> Sale:
    sale = rejected(uow)
    services.send_back(sale.as_buyer(), order=sale.order, parcel=parcel(sale.order, tracking="BACK 1"))
    return sale


def came_back(uow: UnitOfWork) -> Sale:
    sale = sent_back(uow)
    services.receive_return(sale.as_cooperative(), order=sale.order, receipt=Receipt(seal_intact=True, weight_mg=684))
    return sale


def refunding(uow: UnitOfWork) -> Sale:
    sale = came_back(uow)
    services.take_back(sale.as_cooperative(), order=sale.order)
    return sale


def disputed(uow: UnitOfWork) -> Sale:
    sale = delivered_order(uow)
    services.report_problem(sale.as_buyer(), order=sale.order, reason=DAMAGED)
    return sale


def decided(uow: UnitOfWork) -> Sale:
    sale = disputed(uow)
    refund = Decision("refund", "The photos show a chip.")
    services.decide(sale.as_staff("zawadi", StaffRole.MODERATOR), order=sale.order, decision=refund)
    return sale


def split(uow: UnitOfWork) -> Sale:
    sale = adjusted(uow)
    services.agree_adjustment(sale.as_cooperative(), order=sale.order)
    return by(sale, Action.COMPLETE_REFUND, Action.COMPLETE_RELEASE)


ROADS: Final[dict[State, Callable[[UnitOfWork], Sale]]] = {
    State.PENDING_PAYMENT: placed_order,
    State.FUNDING: lambda uow: by(placed_order(uow), Action.START_FUNDING),
    State.FUNDED: funded_order,
    State.CONFIRMED: confirmed_order,
    State.AT_VERIFICATION: verified,
    State.SHIPPED: shipped_order,
    State.DELIVERED: delivered_order,
    State.ADJUSTMENT: adjusted,
    State.RETURN_PENDING: rejected,
    State.RETURNING: sent_back,
    State.RETURN_INSPECTION: came_back,
    State.DISPUTED: disputed,
    State.DECIDED: decided,
    State.ACCEPTED: lambda uow: accepted_order(uow, steps=LARGE),
    State.RELEASING: accepted_order,
    State.RELEASED: lambda uow: by(accepted_order(uow), Action.COMPLETE_RELEASE),
    State.RELEASE_FAILED: lambda uow: by(accepted_order(uow), Action.FAIL_RELEASE),
    State.REFUNDING: refunding,
    State.REFUNDED: lambda uow: by(refunding(uow), Action.COMPLETE_REFUND),
    State.REFUND_FAILED: lambda uow: by(refunding(uow), Action.FAIL_REFUND),
    State.SPLIT_SETTLED: split,
    State.CANCELLED: lambda uow: by(placed_order(uow), Action.STOP_PAYMENT, Action.ABANDON),
    State.EXPIRED: lambda uow: by(placed_order(uow), Action.EXPIRE),
}


def addresses(place: str) -> Iterator[tuple[str, tuple[Action, ...]]]:
    """Every address of `place` that moves an order, with the moves it may be."""
    yield from OWN_PAGES[place].items()
    for action in MOVES[place]:
        yield f"moves/{slug_of(action)}", (action,)


def refuse_all(client: FlaskClient, base: str, place: str, allowed: tuple[Action, ...]) -> int:
    """Send every closed move of a place as its person; count them."""
    told, count = legal_moves(allowed, place), 0
    for path, actions in addresses(place):
        if set(actions) & set(allowed):
            continue
        form = {**FILLED, "kind": "sold"} if path == "refusal" else FILLED
        page = client.post(f"{base}/{path}", data=form)
        assert page.status_code == 409, (path, page.status_code)
        said = [unescape(text) for text in re.findall(r"<li>([^<]+)</li>", page.text)]
        assert said[: len(told or ())] == told, (path, said)
        count += 1
    return count


@pytest.mark.parametrize("state", State)
def test_each_closed_move_is_a_conflict_that_names_the_open_ones(app: Flask, uow: UnitOfWork, state: State) -> None:
    sale = ROADS[state](uow)
    assert sale.order.state == state, "the road leads there"
    roles = (StaffRole.MODERATOR, StaffRole.VERIFIER, StaffRole.FINANCE)
    people: dict[str, User] = {
        "buyer_orders": sale.bob,
        "cooperative_orders": sale.amina,
        "staff_orders": person(uow, "mosi", *roles),
    }
    allowed = {
        place: allowed_actions(sale.order, actor(uow.session, user), now=uow.now) for place, user in people.items()
    }
    reference = sale.order.reference

    for place, user in people.items():
        base = f"{dict(OF_PARTY.values())[place]}/{reference}"
        assert refuse_all(browser(app, uow, user), base, place, allowed[place]) > 0


def test_every_move_of_a_person_has_words() -> None:
    for row in ROWS:
        if row.who in OF_PARTY:
            assert row.action in WORDS[OF_PARTY[row.who][0]], (row.who, row.action)
