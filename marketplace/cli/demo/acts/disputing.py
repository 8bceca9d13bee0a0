"""Goods that do not please: a lower price, a return, a dispute with both sides heard, a decision, an appeal, a stop."""

from decimal import Decimal
from fractions import Fraction

from marketplace.cli.demo.acts.buying import leg, let_the_clock_look, order_of, read_the_books
from marketplace.cli.demo.scenario import LotPlan, Said
from marketplace.cli.demo.stage import Stage
from marketplace.compliance.staff_forms import read_hold
from marketplace.core.money import Money
from marketplace.orders import services as orders
from marketplace.orders.answers import Reason
from marketplace.orders.decisions import Decision
from marketplace.orders.models import Order
from marketplace.orders.move_answers import read_return
from marketplace.orders.queries import price_of
from marketplace.orders.services.compliance_holds import set_hold
from marketplace.unit_of_work import UnitOfWork


def ask_adjustment(stage: Stage, plan: LotPlan) -> None:
    """Ask for a lower price, with a photo."""
    said = plan.words("ask_adjustment")
    with stage.acting(plan.buyer) as uow:
        order = order_of(stage, uow, plan)
        orders.ask_adjustment(uow, order=order, refund=_share(order, said.amount), text=said.text)
        _keep_photo(stage, uow, plan, said)


def reject(stage: Stage, plan: LotPlan) -> None:
    """Reject the goods, with a photo."""
    said = plan.words("reject")
    with stage.acting(plan.buyer) as uow:
        order = order_of(stage, uow, plan)
        orders.reject(uow, order=order, reason=Reason(said.choice, said.text))
        _keep_photo(stage, uow, plan, said)


def send_back(stage: Stage, plan: LotPlan) -> None:
    """Hand the goods to a courier on their way back."""
    with stage.acting(plan.buyer) as uow:
        order = order_of(stage, uow, plan)
        orders.send_back(uow, order=order, parcel=read_return(leg(plan, order, road="RT"), currency=order.currency))


def report(stage: Stage, plan: LotPlan) -> None:
    """Report a problem, which holds the order."""
    said = plan.words("report")
    with stage.acting(plan.buyer) as uow:
        orders.report_problem(uow, order=order_of(stage, uow, plan), reason=Reason(said.choice, said.text))


def show_buyer(stage: Stage, plan: LotPlan) -> None:
    """Show what the buyer found."""
    _show(stage, plan, "show_buyer", by=plan.buyer)


def show_cooperative(stage: Stage, plan: LotPlan) -> None:
    """Show what the cooperative knows."""
    _show(stage, plan, "show_cooperative", by=stage.writer_of(plan))


def offer_settlement(stage: Stage, plan: LotPlan) -> None:
    """Offer the buyer a part of the price back."""
    said = plan.words("offer_settlement")
    with stage.acting(stage.writer_of(plan)) as uow:
        order = order_of(stage, uow, plan)
        orders.offer_settlement(uow, order=order, refund=_share(order, said.amount), text=said.text)


def decide(stage: Stage, plan: LotPlan) -> None:
    """Decide; about a large order this proposes, and a second person has still to agree."""
    said = plan.words("decide")
    with stage.acting(stage.reviewer_of(plan)) as uow:
        order = order_of(stage, uow, plan)
        refund = _share(order, said.amount) if said.amount else None
        orders.decide(uow, order=order, decision=Decision(said.choice, said.text, refund))


def appeal(stage: Stage, plan: LotPlan) -> None:
    """Ask for another reviewer."""
    with stage.acting(plan.buyer) as uow:
        orders.appeal(uow, order=order_of(stage, uow, plan), text=plan.words("appeal").text)


def carry_out(stage: Stage, _plan: LotPlan) -> None:
    """Let the time to appeal end; the money goes back."""
    let_the_clock_look(stage)
    read_the_books(stage)


def freeze(stage: Stage, plan: LotPlan) -> None:
    """Stop the order until a doubt of compliance is gone; somebody else lifts it."""
    said = plan.words("freeze")
    hold = read_hold({"ground": said.choice, "reason": said.text})
    with stage.acting(stage.reviewer_of(plan)) as uow:
        set_hold(uow, order=order_of(stage, uow, plan), hold=hold)


def _show(stage: Stage, plan: LotPlan, step: str, *, by: str) -> None:
    said = plan.words(step)
    photos = [stage.album.photo(plan, said.photo)]
    with stage.acting(by) as uow:
        order = order_of(stage, uow, plan)
        orders.add_evidence(uow, order=order, text=said.text, photos=photos, store=stage.store)


def _keep_photo(stage: Stage, uow: UnitOfWork, plan: LotPlan, said: Said) -> None:
    order = order_of(stage, uow, plan)
    photos = orders.read_photos(uow, [stage.album.photo(plan, said.photo)])
    orders.keep_evidence(uow, order=order, text=said.text, photos=photos, store=stage.store)


def _share(order: Order, amount: str) -> Money:
    """Return a share of the price in whole units, as people name it."""
    whole = round(price_of(order).amount * Decimal(amount))
    return Money.from_decimal(Fraction(whole), order.currency)
