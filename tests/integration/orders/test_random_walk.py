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
from marketplace.orders.decisions import Decision
from marketplace.orders.queries import freezes_of, open_problem, open_settlement
from marketplace.orders.transitions import FINAL, HELD, Action, State
from marketplace.unit_of_work import UnitOfWork
from tests.builders.documents import papers_of_order
from tests.builders.lots import STONE
from tests.builders.orders import Sale, fund, parcel, pass_time, placed_order

REASON = Reason("other", "Something that took ten letters.")
Move = Callable[[Sale], object]


def _part(sale: Sale) -> Decision:
    return Decision("split", "Half of it is damaged.", refund=Money(sale.order.price_minor // 2, sale.order.currency))


def _offer(sale: Sale, uow: UnitOfWork, minor: int) -> None:
    refund = Money(minor, sale.order.currency)
    services.offer_settlement(uow, order=sale.order, refund=refund, text="Let us end it.")


def _lift(sale: Sale) -> None:
    for freeze in freezes_of(sale.uow.session, sale.order.id):
        if freeze.lifted_at is None:
            services.lift(sale.as_staff("juma"), freeze=freeze, reason="Nothing was found.")


def _ship(sale: Sale) -> None:
    if sale.order.state == "confirmed":
        papers_of_order(sale.uow, sale.order, sale.amina)
    services.ship(sale.as_cooperative(), order=sale.order, parcel=parcel(sale.order))


MOVES: dict[str, Move] = {
    "pay": fund,
    "close page": lambda sale: services.end_unpaid(sale.as_provider(), order=sale.order),
    "cancel": lambda sale: services.cancel(sale.as_buyer(), order=sale.order),
    "confirm": lambda sale: services.advance(sale.as_cooperative(), order=sale.order, action=Action.CONFIRM),
    "decline": lambda sale: services.decline(sale.as_cooperative(), order=sale.order, reason=REASON),
    "ship": _ship,
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
    "go on": lambda sale: services.decide(
        sale.as_staff("zawadi"), order=sale.order, decision=Decision("continue", "ok")
    ),
    "refund": lambda sale: services.decide(sale.as_staff("juma"), order=sale.order, decision=Decision("refund", "no")),
    "give a part": lambda sale: services.decide(sale.as_staff("juma"), order=sale.order, decision=_part(sale)),
    "send it back first": lambda sale: services.decide(
        sale.as_staff("zawadi"), order=sale.order, decision=Decision("return", "back")
    ),
    "buyer appeals": lambda sale: services.appeal(sale.as_buyer(), order=sale.order, text="Look again."),
    "cooperative appeals": lambda sale: services.appeal(sale.as_cooperative(), order=sale.order, text="Look again."),
    "ask for less": lambda sale: services.ask_adjustment(
        sale.as_buyer(), order=sale.order, refund=Money(1_001, sale.order.currency), text="It is chipped."
    ),
    "agree to less": lambda sale: services.agree_adjustment(sale.as_cooperative(), order=sale.order),
    "refuse less": lambda sale: services.decline_adjustment(sale.as_cooperative(), order=sale.order, text="No."),
    "no longer ask": lambda sale: services.withdraw_adjustment(sale.as_buyer(), order=sale.order),
    "laboratory": lambda sale: services.extend_inspection(sale.as_buyer(), order=sale.order, laboratory="SSEF"),
    "more time to ship": lambda sale: services.extend_shipping(
        sale.as_staff("zawadi"), order=sale.order, reason="Export permit."
    ),
    "reject": lambda sale: services.reject(sale.as_buyer(), order=sale.order, reason=REASON),
    "send back": lambda sale: services.send_back(
        sale.as_buyer(), order=sale.order, parcel=parcel(sale.order, tracking=f"BACK{sale.order.reference}")
    ),
    "have it back": lambda sale: services.receive_return(
        sale.as_cooperative(), order=sale.order, receipt=Receipt(True, 684)
    ),
    "take back": lambda sale: services.take_back(sale.as_cooperative(), order=sale.order),
    "contest": lambda sale: services.contest_return(sale.as_cooperative(), order=sale.order, reason=REASON),
    "buyer offers an end": lambda sale: _offer(sale, sale.as_buyer(), 5_003),
    "cooperative offers an end": lambda sale: _offer(sale, sale.as_cooperative(), 0),
    "buyer takes it": lambda sale: services.accept_settlement(sale.as_buyer(), order=sale.order),
    "cooperative takes it": lambda sale: services.accept_settlement(sale.as_cooperative(), order=sale.order),
    "freeze": lambda sale: services.freeze(
        sale.as_staff("zawadi"), order=sale.order, kind="compliance", reason="A name to check."
    ),
    "lift": _lift,
    "hour": lambda sale: pass_time(sale, timedelta(hours=1)),
    "three days": lambda sale: pass_time(sale, timedelta(days=3)),
    "three weeks": lambda sale: pass_time(sale, timedelta(days=21)),
}
# Without a push along the road a walk would seldom leave the start.
ROAD = ("pay", "confirm", "ship", "receive", "accept", "paid out")


DISPUTE = ("pay", "confirm", "ship", "receive", "report", "give a part", "three days", "three weeks", "refunded")


def check(sale: Sale) -> None:
    """Hold what must hold after every press."""
    uow, order = sale.uow, sale.order
    held = balance(uow.session, chart.held(order.id), order.currency)
    assert held == Money(order.price_minor if order.state in HELD else 0, order.currency), order.state
    assert trial_balance(uow.session).is_sound
    assert (open_problem(uow.session, order.id) is not None) == (order.state == State.DISPUTED)
    assert open_settlement(uow.session, order.id) is None or order.state in (State.DISPUTED, State.ADJUSTMENT)
    if order.frozen_since is not None:
        assert order.next_due_at is None
    if order.state in FINAL:
        assert (order.deadline_at, order.next_due_at, order.frozen_since) == (None, None, None)
        is_sold = order.state in (State.RELEASED, State.SPLIT_SETTLED)
        assert claim_of(uow.session, order.id).state == ("consumed" if is_sold else "released")


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


WALKS = st.lists(
    st.one_of(st.sampled_from(sorted(MOVES)), st.sampled_from(ROAD), st.sampled_from(DISPUTE)), min_size=8, max_size=24
)
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
