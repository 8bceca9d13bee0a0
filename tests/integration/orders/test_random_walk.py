"""Whoever presses whatever in any order, the money adds up and a finished order is finished."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.core.actor import StaffRole
from marketplace.core.errors import DomainError
from marketplace.core.money import Money
from marketplace.ledger import chart
from marketplace.ledger.queries import balance, trial_balance
from marketplace.orders import services
from marketplace.orders.answers import Reason, Receipt
from marketplace.orders.claims import claim_of
from marketplace.orders.queries import open_problem
from marketplace.orders.transitions import FINAL, Action, State
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import STONE
from tests.builders.orders import Sale, fund, parcel, placed_order

HELD = {State.FUNDED, State.CONFIRMED, State.SHIPPED, State.DELIVERED, State.ACCEPTED}
REASON = Reason("other", "Something that took ten letters.")
Move = Callable[[Sale], object]

MOVES: dict[str, Move] = {
    "pay": fund,
    "close page": lambda sale: services.end_unpaid(sale.as_provider(), order=sale.order),
    "cancel": lambda sale: services.cancel(sale.as_buyer(), order=sale.order),
    "confirm": lambda sale: services.advance(sale.as_cooperative(), order=sale.order, action=Action.CONFIRM),
    "decline": lambda sale: services.decline(sale.as_cooperative(), order=sale.order, reason=REASON),
    "ship": lambda sale: services.ship(sale.as_cooperative(), order=sale.order, parcel=parcel(sale.order)),
    "receive": lambda sale: services.receive(sale.as_buyer(), order=sale.order, receipt=Receipt(True, 684)),
    "prove": lambda sale: services.prove_delivery(sale.as_staff("zawadi"), order=sale.order, proof="POD 88"),
    "accept": lambda sale: services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT),
    "approve": lambda sale: services.advance(sale.as_staff("frida"), order=sale.order, action=Action.APPROVE_RELEASE),
    "paid out": lambda sale: services.advance(sale.as_staff("frida"), order=sale.order, action=Action.COMPLETE_RELEASE),
    "payout fails": lambda sale: services.advance(sale.as_staff("frida"), order=sale.order, action=Action.FAIL_RELEASE),
    "refunded": lambda sale: services.advance(sale.as_provider(), order=sale.order, action=Action.COMPLETE_REFUND),
    "refund fails": lambda sale: services.advance(sale.as_provider(), order=sale.order, action=Action.FAIL_REFUND),
    "retry refund": lambda sale: services.advance(sale.as_staff("frida"), order=sale.order, action=Action.RETRY_REFUND),
    "report": lambda sale: services.report_problem(sale.as_buyer(), order=sale.order, reason=REASON),
    "withdraw": lambda sale: services.withdraw_problem(sale.as_buyer(), order=sale.order),
    "go on": lambda sale: services.decide(sale.as_staff("zawadi"), order=sale.order, decision=Reason("continue", "ok")),
    "refund": lambda sale: services.decide(sale.as_staff("juma"), order=sale.order, decision=Reason("refund", "no")),
    "hour": lambda sale: _wait(sale, timedelta(hours=1)),
    "three days": lambda sale: _wait(sale, timedelta(days=3)),
    "three weeks": lambda sale: _wait(sale, timedelta(days=21)),
}
# Without a push along the road a walk would seldom leave the start.
ROAD = ("pay", "confirm", "ship", "receive", "accept", "paid out")


def _wait(sale: Sale, step: timedelta) -> None:
    sale.uow.now += step
    while services.attend(sale.uow, order_id=sale.order.id):
        sale.uow.session.flush()


def check(sale: Sale) -> None:
    """Hold what must hold after every press."""
    uow, order = sale.uow, sale.order
    held = balance(uow.session, chart.held(order.id), order.currency)
    assert held == Money(order.price_minor if order.state in HELD else 0, order.currency), order.state
    assert trial_balance(uow.session).is_sound
    problem = open_problem(uow.session, order.id)
    assert (problem is not None) == (order.held_since is not None)
    if order.held_since is not None:
        assert order.next_due_at is None
    if order.state in FINAL:
        assert (order.deadline_at, order.next_due_at, order.held_since) == (None, None, None)
        assert claim_of(uow.session, order.id).state == ("consumed" if order.state == "released" else "released")


def _walk(sale: Sale, presses: list[str]) -> None:
    start = sale.uow.now
    savepoint = sale.uow.session.begin_nested()
    try:
        for press in presses:
            before = sale.order.state
            try:
                with sale.uow.session.begin_nested():
                    MOVES[press](sale)
            except DomainError:
                assert sale.order.state == before
            check(sale)
    finally:
        savepoint.rollback()
        sale.uow.now = start


WALKS = st.lists(st.one_of(st.sampled_from(sorted(MOVES)), st.sampled_from(ROAD)), min_size=8, max_size=24)
RELAXED = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def _staffed(sale: Sale) -> Sale:
    for name in ("zawadi", "juma", "frida"):
        sale.as_staff(name, StaffRole.MODERATOR, StaffRole.FINANCE)
    sale.uow.session.flush()
    return sale


def test_any_presses_on_an_order_keep_its_money_whole(uow: UnitOfWork) -> None:
    sale = _staffed(placed_order(uow))

    @RELAXED
    @given(WALKS)
    def walk(presses: list[str]) -> None:
        _walk(sale, presses)

    walk()


def test_any_presses_on_a_large_order_keep_its_money_whole(uow: UnitOfWork) -> None:
    sale = _staffed(placed_order(uow, steps={**STONE, "price": {**STONE["price"], "wanted": "6000"}}))

    @RELAXED
    @given(WALKS)
    def walk(presses: list[str]) -> None:
        _walk(sale, presses)

    walk()


def test_the_straight_road_is_among_the_walks(uow: UnitOfWork) -> None:
    sale = placed_order(uow)

    for press in ROAD:
        MOVES[press](sale)
        check(sale)

    assert sale.order.state == "released"
