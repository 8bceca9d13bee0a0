"""The table of an order's moves. Pure.

One row a move. `advance()` in services applies a row; nothing else changes an order's state. Source: the order table
of the design. Where it is silent: a problem may also be reported before the parcel is sent, and a dispute then decides
between going on and a refund; an agreed part of the price goes back first, then the rest is paid out.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from marketplace.orders.transitions.names import Action, LotMove, MoneyMove, Outcome, Party, Row, State

A, S, P, M, L, E = Action, State, Party, MoneyMove, LotMove, Outcome
CHANGE_OF_MIND: Final = timedelta(minutes=60)
CONFIRMATION_EXPECTED: Final = timedelta(hours=72)
COOL_OFF: Final = timedelta(hours=24)
PROBLEM_STATES: Final = (S.FUNDED, S.CONFIRMED, S.SHIPPED, S.DELIVERED)
# Where a dispute may have come from and may lead back to; an adjustment that was declined goes back to the inspection.
INTERRUPTED: Final = (*PROBLEM_STATES, S.AT_VERIFICATION, S.RETURNING, S.RETURN_INSPECTION)
HELD: Final = frozenset(
    {
        S.FUNDED,
        S.CONFIRMED,
        S.AT_VERIFICATION,
        S.SHIPPED,
        S.DELIVERED,
        S.ADJUSTMENT,
        S.RETURN_PENDING,
        S.RETURNING,
        S.RETURN_INSPECTION,
        S.DISPUTED,
        S.DECIDED,
        S.ACCEPTED,
    }
)
# A dispute is decided, a decision carried out; what was accepted is paid: these end by themselves.
FORCED: Final = tuple(sorted(HELD - {S.DISPUTED, S.DECIDED, S.ACCEPTED}))
CANCELLATIONS: Final = (A.STOP_PAYMENT, A.CANCEL, A.CANCEL_UNCONFIRMED)
FINAL: Final = frozenset({S.RELEASED, S.REFUNDED, S.SPLIT_SETTLED, S.CANCELLED, S.EXPIRED})
# Who lost may appeal once: after a split both did.
_LOST_BY_BUYER: Final = frozenset({E.RELEASE, E.SPLIT})
_LOST_BY_COOPERATIVE: Final = frozenset({E.REFUND, E.SPLIT, E.RETURN})


def _payment_rows() -> Iterator[Row]:
    # What the provider says has happened: a freeze stops our own moves, not the world's.
    yield Row(A.CAPTURE, S.PENDING_PAYMENT, S.FUNDED, P.PROVIDER, M.HOLD, L.CONSUME, even_frozen=True)
    yield Row(A.START_FUNDING, S.PENDING_PAYMENT, S.FUNDING, P.PROVIDER, even_frozen=True)
    yield Row(A.STOP_PAYMENT, S.PENDING_PAYMENT, S.PENDING_PAYMENT, P.BUYER, M.STOP)
    yield Row(A.LAPSE, S.PENDING_PAYMENT, S.PENDING_PAYMENT, P.CLOCK, M.STOP)
    yield Row(A.ABANDON, S.PENDING_PAYMENT, S.CANCELLED, P.PROVIDER, lot=L.OFFER_AGAIN, even_frozen=True)
    yield Row(A.EXPIRE, S.PENDING_PAYMENT, S.EXPIRED, P.PROVIDER, lot=L.OFFER_AGAIN, even_frozen=True)
    yield Row(A.CAPTURE, S.FUNDING, S.FUNDED, P.PROVIDER, M.HOLD, L.CONSUME, even_frozen=True)
    yield Row(A.FAIL_FUNDING, S.FUNDING, S.EXPIRED, P.PROVIDER, lot=L.OFFER_AGAIN, even_frozen=True)


def _delivery_rows() -> Iterator[Row]:
    yield Row(A.CONFIRM, S.FUNDED, S.CONFIRMED, P.COOPERATIVE)
    yield Row(A.DECLINE, S.FUNDED, S.REFUNDING, P.COOPERATIVE, M.REFUND, L.TAKE_OFF)
    yield Row(A.CANCEL, S.FUNDED, S.REFUNDING, P.BUYER, M.REFUND, L.OFFER_AGAIN, within=CHANGE_OF_MIND)
    yield Row(A.CANCEL_UNCONFIRMED, S.FUNDED, S.REFUNDING, P.BUYER, M.REFUND, L.TAKE_OFF, after=CONFIRMATION_EXPECTED)
    yield Row(A.REFUND_UNCONFIRMED, S.FUNDED, S.REFUNDING, P.CLOCK, M.REFUND, L.TAKE_OFF)
    yield Row(A.SHIP, S.CONFIRMED, S.SHIPPED, P.COOPERATIVE, verified=False)
    yield Row(A.SHIP, S.CONFIRMED, S.AT_VERIFICATION, P.COOPERATIVE, verified=True)
    yield Row(A.EXTEND_SHIPPING, S.CONFIRMED, S.CONFIRMED, P.MODERATOR)
    yield Row(A.REFUND_UNSHIPPED, S.CONFIRMED, S.REFUNDING, P.CLOCK, M.REFUND, L.TAKE_OFF)
    yield Row(A.MATCH, S.AT_VERIFICATION, S.SHIPPED, P.VERIFIER)
    yield Row(A.MISMATCH, S.AT_VERIFICATION, S.DISPUTED, P.VERIFIER)
    yield Row(A.RECEIVE, S.SHIPPED, S.DELIVERED, P.BUYER, even_frozen=True)
    yield Row(A.PROVE_DELIVERY, S.SHIPPED, S.DELIVERED, P.MODERATOR, even_frozen=True)
    yield Row(A.REPORT_LATE, S.SHIPPED, S.DISPUTED, P.CLOCK)


def _inspection_rows() -> Iterator[Row]:
    yield Row(A.ACCEPT, S.DELIVERED, S.ACCEPTED, P.BUYER, lot=L.SELL)
    yield Row(A.ACCEPT_BY_SILENCE, S.DELIVERED, S.ACCEPTED, P.CLOCK, lot=L.SELL)
    yield Row(A.EXTEND_INSPECTION, S.DELIVERED, S.DELIVERED, P.BUYER)
    yield Row(A.ASK_ADJUSTMENT, S.DELIVERED, S.ADJUSTMENT, P.BUYER)
    yield Row(A.AGREE_ADJUSTMENT, S.ADJUSTMENT, S.ACCEPTED, P.COOPERATIVE, lot=L.SELL)
    yield Row(A.DECLINE_ADJUSTMENT, S.ADJUSTMENT, S.DISPUTED, P.COOPERATIVE)
    yield Row(A.WITHDRAW_ADJUSTMENT, S.ADJUSTMENT, S.DELIVERED, P.BUYER)
    yield Row(A.LAPSE_ADJUSTMENT, S.ADJUSTMENT, S.DISPUTED, P.CLOCK)
    yield Row(A.REJECT, S.DELIVERED, S.RETURN_PENDING, P.BUYER)
    yield Row(A.SEND_BACK, S.RETURN_PENDING, S.RETURNING, P.BUYER)
    yield Row(A.ACCEPT, S.RETURN_PENDING, S.ACCEPTED, P.BUYER, lot=L.SELL)
    yield Row(A.KEEP_UNRETURNED, S.RETURN_PENDING, S.ACCEPTED, P.CLOCK, lot=L.SELL)
    yield Row(A.RECEIVE_RETURN, S.RETURNING, S.RETURN_INSPECTION, P.COOPERATIVE, even_frozen=True)
    yield Row(A.PROVE_RETURN, S.RETURNING, S.RETURN_INSPECTION, P.MODERATOR, even_frozen=True)
    yield Row(A.REPORT_RETURN_LATE, S.RETURNING, S.DISPUTED, P.CLOCK)
    yield Row(A.TAKE_BACK, S.RETURN_INSPECTION, S.REFUNDING, P.COOPERATIVE, M.REFUND, L.TAKE_OFF)
    yield Row(A.TAKE_BACK_BY_SILENCE, S.RETURN_INSPECTION, S.REFUNDING, P.CLOCK, M.REFUND, L.TAKE_OFF)
    yield Row(A.CONTEST_RETURN, S.RETURN_INSPECTION, S.DISPUTED, P.COOPERATIVE)


def _dispute_rows() -> Iterator[Row]:
    for state in PROBLEM_STATES:
        yield Row(A.REPORT_PROBLEM, state, S.DISPUTED, P.BUYER)
    yield Row(A.RECEIVE, S.DISPUTED, S.DISPUTED, P.BUYER, came_from=S.SHIPPED, even_frozen=True)
    yield Row(A.PROVE_DELIVERY, S.DISPUTED, S.DISPUTED, P.MODERATOR, came_from=S.SHIPPED, even_frozen=True)
    yield Row(A.RECEIVE_RETURN, S.DISPUTED, S.DISPUTED, P.COOPERATIVE, came_from=S.RETURNING, even_frozen=True)
    for state in INTERRUPTED:
        opener = P.COOPERATIVE if state is S.RETURN_INSPECTION else P.BUYER
        if state is not S.AT_VERIFICATION:  # what an independent check found is nobody's to withdraw
            yield Row(A.WITHDRAW_PROBLEM, S.DISPUTED, state, opener, came_from=state)
        yield Row(A.CONTINUE, S.DISPUTED, state, P.MODERATOR, came_from=state)
    for party in (P.BUYER, P.COOPERATIVE):
        yield Row(A.ADD_EVIDENCE, S.DISPUTED, S.DISPUTED, party, even_frozen=True)
        yield Row(A.OFFER_SETTLEMENT, S.DISPUTED, S.DISPUTED, party)
        yield Row(A.ACCEPT_SETTLEMENT, S.DISPUTED, S.DECIDED, party)
    yield Row(A.PROPOSE, S.DISPUTED, S.DISPUTED, P.MODERATOR, large=True)
    yield Row(A.DECIDE, S.DISPUTED, S.DECIDED, P.MODERATOR)
    for state in FORCED:
        yield Row(A.REACH_BACKSTOP, state, S.DISPUTED, P.CLOCK)
    yield Row(A.DECIDE_BY_RULE, S.DISPUTED, S.DECIDED, P.CLOCK)
    yield Row(A.APPEAL, S.DECIDED, S.DISPUTED, P.BUYER, outcomes=_LOST_BY_BUYER)
    yield Row(A.APPEAL, S.DECIDED, S.DISPUTED, P.COOPERATIVE, outcomes=_LOST_BY_COOPERATIVE)
    yield Row(A.CARRY_OUT, S.DECIDED, S.RELEASING, P.CLOCK, M.RELEASE, L.SELL, outcomes=frozenset({E.RELEASE}))
    yield Row(A.CARRY_OUT, S.DECIDED, S.REFUNDING, P.CLOCK, M.REFUND, L.TAKE_OFF, outcomes=frozenset({E.REFUND}))
    yield Row(A.CARRY_OUT, S.DECIDED, S.REFUNDING, P.CLOCK, M.SPLIT, L.SELL, outcomes=frozenset({E.SPLIT}))
    yield Row(A.CARRY_OUT, S.DECIDED, S.RETURN_PENDING, P.CLOCK, outcomes=frozenset({E.RETURN}))
    for state in sorted(HELD):
        lot = L.KEEP if state is S.ACCEPTED else L.TAKE_OFF
        yield Row(A.LOSE_CHARGEBACK, state, S.REFUNDED, P.PROVIDER, M.LOSE, lot, even_frozen=True)


def _settlement_rows() -> Iterator[Row]:
    yield Row(A.RELEASE, S.ACCEPTED, S.RELEASING, P.SYSTEM, M.RELEASE, large=False, partial=False)
    yield Row(A.RELEASE, S.ACCEPTED, S.REFUNDING, P.SYSTEM, M.SPLIT, large=False, partial=True)
    for is_partial, target, money in ((False, S.RELEASING, M.RELEASE), (True, S.REFUNDING, M.SPLIT)):
        yield Row(
            A.APPROVE_RELEASE, S.ACCEPTED, target, P.FINANCE, money, after=COOL_OFF, large=True, partial=is_partial
        )
    yield Row(A.COMPLETE_RELEASE, S.RELEASING, S.RELEASED, P.FINANCE, partial=False, even_frozen=True)
    yield Row(A.COMPLETE_RELEASE, S.RELEASING, S.SPLIT_SETTLED, P.FINANCE, partial=True, even_frozen=True)
    yield Row(A.FAIL_RELEASE, S.RELEASING, S.RELEASE_FAILED, P.FINANCE, even_frozen=True)
    yield Row(A.COMPLETE_RELEASE, S.RELEASING, S.RELEASED, P.PROVIDER, partial=False, even_frozen=True)
    yield Row(A.COMPLETE_RELEASE, S.RELEASING, S.SPLIT_SETTLED, P.PROVIDER, partial=True, even_frozen=True)
    yield Row(A.FAIL_RELEASE, S.RELEASING, S.RELEASE_FAILED, P.PROVIDER, even_frozen=True)
    yield Row(A.RETRY_RELEASE, S.RELEASE_FAILED, S.RELEASING, P.FINANCE)
    yield Row(A.COMPLETE_REFUND, S.REFUNDING, S.REFUNDED, P.PROVIDER, partial=False, even_frozen=True)
    yield Row(A.COMPLETE_REFUND, S.REFUNDING, S.RELEASING, P.PROVIDER, partial=True, even_frozen=True)
    yield Row(A.FAIL_REFUND, S.REFUNDING, S.REFUND_FAILED, P.PROVIDER, even_frozen=True)
    yield Row(A.RETRY_REFUND, S.REFUND_FAILED, S.REFUNDING, P.FINANCE, M.RETRY_REFUND)


ROWS: Final[tuple[Row, ...]] = (
    *_payment_rows(),
    *_delivery_rows(),
    *_inspection_rows(),
    *_dispute_rows(),
    *_settlement_rows(),
)
