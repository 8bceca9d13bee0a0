"""Finance releases large orders and pays cooperatives: one person prepares, the other lets it go."""

from marketplace.cli.demo.scenario import LotPlan, Row
from marketplace.cli.demo.stage import Stage
from marketplace.orders import services as orders
from marketplace.orders.models import Order
from marketplace.orders.services import settlement
from marketplace.orders.transitions import Action
from marketplace.payments import destinations
from marketplace.payments.destination_details import read_details
from marketplace.payments.models import Payout
from marketplace.unit_of_work import UnitOfWork

FINANCE = ("ingrid", "joseph")


def enter_destination(stage: Stage, row: Row, *, signatory: str) -> None:
    """Say where the cooperative is paid; a signatory does."""
    is_bank = row["rail"] == "bank"
    typed = {
        "rail": row["rail"],
        "holder": row["holder"],
        ("bank" if is_bank else "provider"): row["institution"],
        ("account" if is_bank else "phone"): row["account"],
    }
    with stage.acting(signatory) as uow:
        cooperative_id = stage.cooperatives[row["key"]]
        destinations.enter(uow, cooperative_id=cooperative_id, details=read_details(typed), currency="USD")


def check_destination(stage: Stage, row: Row) -> None:
    """Compare the account with the cooperative's papers."""
    with stage.acting(FINANCE[len(row["key"]) % 2]) as uow:
        found = destinations.live_destination(uow.session, stage.cooperatives[row["key"]])
        if found is None:
            raise LookupError(f"{row['key']} has no payout account")
        destinations.verify(uow, destination=found)


def approve_release(stage: Stage, plan: LotPlan) -> None:
    """Release a large order as a second person; a small one was released when it was accepted."""
    with stage.acting(_second(plan)) as uow:
        order = _order(stage, uow, plan)
        if order.needs_second_person:
            orders.advance(uow, order=order, action=Action.APPROVE_RELEASE)


def prepare(stage: Stage, plan: LotPlan) -> None:
    """Prepare the payout."""
    with stage.acting(_first(plan)) as uow:
        payout = settlement.prepare_payout(uow, order=_order(stage, uow, plan))
        uow.session.flush()
        stage.payouts[plan.key] = payout.id


def approve(stage: Stage, plan: LotPlan) -> None:
    """Let the payout go as the other person."""
    with stage.acting(_second(plan)) as uow:
        settlement.approve_payout(uow, payout=_payout(stage, uow, plan))


def send(stage: Stage, plan: LotPlan) -> None:
    """Give the order to the bank or the mobile-money provider."""
    with stage.acting(_first(plan)) as uow:
        settlement.send_payout(uow, payout=_payout(stage, uow, plan), reference=f"PX{uow.now:%y%m%d}-{plan.key}")


def confirm(stage: Stage, plan: LotPlan) -> None:
    """Note the proof that the money came."""
    with stage.acting(_second(plan)) as uow:
        settlement.confirm_payout(uow, payout=_payout(stage, uow, plan), proof=f"CR-{uow.now:%Y%m%d}-{plan.key}")


def _first(plan: LotPlan) -> str:
    return FINANCE[int(plan.key) % 2]


def _second(plan: LotPlan) -> str:
    return FINANCE[1 - int(plan.key) % 2]


def _order(stage: Stage, uow: UnitOfWork, plan: LotPlan) -> Order:
    return uow.session.get_one(Order, stage.orders[plan.key])


def _payout(stage: Stage, uow: UnitOfWork, plan: LotPlan) -> Payout:
    return uow.session.get_one(Payout, stage.payouts[plan.key])
