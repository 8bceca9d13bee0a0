"""What cooperatives have to receive: orders whose part waits for a payout, and the four sums of their money page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from marketplace.compliance.models import Cooperative
from marketplace.core.money import Money
from marketplace.lots.models import LotListing, LotVersion
from marketplace.orders.models import Order
from marketplace.orders.queries import net_of
from marketplace.orders.transitions import HELD, State
from marketplace.payments.models import Payout
from marketplace.payments.payouts.transitions import State as PayoutState
from marketplace.payments.rail_models import PayoutReturn

MOST: Final = 200


class Stage(StrEnum):
    """Where a cooperative's money is."""

    OFFERED = "offered"
    HELD = "held"
    ON_ITS_WAY = "on_its_way"
    RECEIVED = "received"


STAGE_OF: Final[dict[State, Stage]] = {
    **dict.fromkeys(HELD, Stage.HELD),
    State.RELEASING: Stage.ON_ITS_WAY,
    State.RELEASE_FAILED: Stage.ON_ITS_WAY,
    State.RELEASED: Stage.RECEIVED,
    State.SPLIT_SETTLED: Stage.RECEIVED,
}


@dataclass(frozen=True, slots=True)
class Due:
    """An order whose cooperative waits for its part."""

    order: Order
    cooperative: str

    @property
    def amount(self) -> Money:
        """Return the cooperative's part."""
        return net_of(self.order)


def waiting_for_payout(session: Session) -> Sequence[Due]:
    """Return the released orders without a payout on its way, oldest first."""
    ended = (PayoutState.FAILED, PayoutState.CANCELLED)
    has_payout = select(Payout.id).where(Payout.order_id == Order.id, Payout.state.not_in(ended)).exists()
    rows = session.execute(
        select(Order, Cooperative.legal_name)
        .join(Cooperative, Cooperative.id == Order.cooperative_id)
        .where(Order.state.in_((State.RELEASING, State.RELEASE_FAILED)), ~has_payout)
        .order_by(Order.accepted_at, Order.id)
        .limit(MOST)
    )
    return [Due(order, name) for order, name in rows]


def sums_of(session: Session, cooperative_ids: Collection[UUID]) -> dict[Stage, list[Money]]:
    """Return what the cooperatives have in each stage, one amount a currency."""
    found: dict[Stage, dict[str, int]] = {stage: {} for stage in Stage}
    for currency, minor in session.execute(
        select(LotVersion.currency, func.sum(LotVersion.net_minor))
        .join(LotListing, LotListing.version_id == LotVersion.id)
        .where(LotListing.cooperative_id.in_(cooperative_ids), LotListing.availability == "available")
        .group_by(LotVersion.currency)
    ):
        found[Stage.OFFERED][currency] = int(minor)
    for state, currency, minor in session.execute(
        select(Order.state, Order.currency, func.sum(func.coalesce(Order.settled_net_minor, Order.net_minor)))
        .where(Order.cooperative_id.in_(cooperative_ids), Order.state.in_(STAGE_OF))
        .group_by(Order.state, Order.currency)
    ):
        of_stage = found[STAGE_OF[State(state)]]
        of_stage[currency] = of_stage.get(currency, 0) + int(minor)
    for currency, minor in _came_back(session, cooperative_ids):
        for stage, sign in ((Stage.RECEIVED, -1), (Stage.ON_ITS_WAY, 1)):
            found[stage][currency] = found[stage].get(currency, 0) + sign * minor
    return {stage: [Money(minor, code) for code, minor in sorted(sums.items())] for stage, sums in found.items()}


def _came_back(session: Session, cooperative_ids: Collection[UUID]) -> list[tuple[str, int]]:
    """Return what came back after it was received, and is not received again, by currency."""
    repeat = aliased(Payout)
    rows = session.execute(
        select(PayoutReturn.currency, func.sum(PayoutReturn.amount_minor))
        .join(Payout, Payout.id == PayoutReturn.payout_id)
        .outerjoin(repeat, repeat.id == PayoutReturn.repeat_id)
        .where(
            Payout.cooperative_id.in_(cooperative_ids),
            repeat.id.is_(None) | (repeat.state != PayoutState.CONFIRMED),
        )
        .group_by(PayoutReturn.currency)
    )
    return [(currency, int(minor)) for currency, minor in rows]


def orders_with_money(session: Session, cooperative_ids: Collection[UUID]) -> Sequence[Order]:
    """Return the newest orders of the cooperatives that hold or brought money."""
    found = select(Order).where(Order.cooperative_id.in_(cooperative_ids), Order.state.in_(STAGE_OF))
    return session.scalars(found.order_by(Order.created_at.desc(), Order.id.desc()).limit(MOST)).all()
