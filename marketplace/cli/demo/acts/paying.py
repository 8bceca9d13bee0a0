"""Finance releases large orders and pays cooperatives: one person prepares, the other lets it go."""

from typing import Final

from marketplace.cli.demo.acts.buying import order_of
from marketplace.cli.demo.scenario import LotPlan, Row
from marketplace.cli.demo.stage import Stage
from marketplace.orders import services as orders
from marketplace.orders.services import payout_parts, settlement
from marketplace.orders.transitions import Action
from marketplace.payments import destinations
from marketplace.payments.destination_details import read_details
from marketplace.payments.models import Payout
from marketplace.payments.payouts.part_moves import latest_parts
from marketplace.unit_of_work import UnitOfWork

FINANCE = ("ingrid", "joseph")
# What the form calls the institution and the number; cash has a receiver's identity paper.
FIELDS: Final = {"bank": ("bank", "account"), "mobile_money": ("provider", "phone"), "cash": ("", "id_number")}


def enter_destination(stage: Stage, row: Row, *, signatory: str) -> None:
    """Say where the cooperative is paid; a signatory does."""
    institution, account = FIELDS[row["rail"]]
    typed = {
        "rail": row["rail"],
        "holder": row["holder"],
        institution: row["institution"],
        account: row["account"],
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
        order = order_of(stage, uow, plan)
        if order.needs_second_person:
            orders.advance(uow, order=order, action=Action.APPROVE_RELEASE)


def prepare(stage: Stage, plan: LotPlan) -> None:
    """Prepare the payout."""
    with stage.acting(_first(plan)) as uow:
        payout = settlement.prepare_payout(uow, order=order_of(stage, uow, plan))
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


def send_parts(stage: Stage, plan: LotPlan) -> None:
    """Hand over the parts of a payout above the limit of one handing-over."""
    with stage.acting(_first(plan)) as uow:
        payout = _payout(stage, uow, plan)
        for part in latest_parts(uow.session, payout.id):
            payout_parts.send(
                uow, payout=payout, part=part, reference=f"CASH-{uow.now:%y%m%d}-{plan.key}-{part.number}"
            )


def part_returns(stage: Stage, plan: LotPlan) -> None:
    """Note that the last part came back; the other person tries it again."""
    with stage.acting(_second(plan)) as uow:
        payout = _payout(stage, uow, plan)
        part = latest_parts(uow.session, payout.id)[-1]
        payout_parts.fail(uow, payout=payout, part=part, reason=plan.words("part_returns").text)


def _first(plan: LotPlan) -> str:
    return FINANCE[int(plan.key) % 2]


def _second(plan: LotPlan) -> str:
    return FINANCE[1 - int(plan.key) % 2]


def _payout(stage: Stage, uow: UnitOfWork, plan: LotPlan) -> Payout:
    return uow.session.get_one(Payout, stage.payouts[plan.key])
