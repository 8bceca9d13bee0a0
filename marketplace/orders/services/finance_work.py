"""Finance works off what waits about payments; only people without a stake in the order behind it."""

from uuid import UUID

from marketplace.core.actor import StaffRole
from marketplace.orders.models import Order
from marketplace.orders.services.settlement import NotFinance
from marketplace.orders.transitions import Party, parties_of
from marketplace.payments import finance_queries, finance_work, payout_exchange, problems
from marketplace.payments.models import PaymentProblem, Payout, ProviderCommand, ProviderEntry, ProviderNews
from marketplace.unit_of_work import UnitOfWork


def check_no_stake(uow: UnitOfWork, order_id: UUID | None) -> None:
    """Raise NotFinance unless the actor is finance staff without a stake in the order, where there is one."""
    order = uow.session.get(Order, order_id) if order_id is not None else None
    if order is not None and Party.FINANCE not in parties_of(order, uow.actor):
        raise NotFinance
    if not uow.actor.has_role(StaffRole.FINANCE):
        raise NotFinance


def retry_command(uow: UnitOfWork, *, command: ProviderCommand, reason: str) -> None:
    """Send a command again."""
    check_no_stake(uow, finance_queries.order_of_command(uow.session, command))
    finance_work.retry_command(uow, command=command, reason=reason)


def resolve_command(uow: UnitOfWork, *, command: ProviderCommand, reason: str) -> None:
    """Close a refused command."""
    check_no_stake(uow, finance_queries.order_of_command(uow.session, command))
    finance_work.resolve_command(uow, command=command, reason=reason)


def retry_news(uow: UnitOfWork, *, news: ProviderNews, reason: str) -> None:
    """Apply news again."""
    check_no_stake(uow, finance_queries.order_of_object(uow.session, news.object_id))
    finance_work.retry_news(uow, news=news, reason=reason)


def resolve_news(uow: UnitOfWork, *, news: ProviderNews, reason: str) -> None:
    """Close quarantined news."""
    check_no_stake(uow, finance_queries.order_of_object(uow.session, news.object_id))
    finance_work.resolve_news(uow, news=news, reason=reason)


def retry_entry(uow: UnitOfWork, *, entry: ProviderEntry, reason: str) -> None:
    """Look again for what a line of the provider's books belongs to."""
    check_no_stake(uow, finance_queries.order_of_object(uow.session, entry.source_id))
    finance_work.retry_entry(uow, entry=entry, reason=reason)


def resolve_entry(uow: UnitOfWork, *, entry: ProviderEntry, reason: str) -> None:
    """Close a line of the provider's books that has no journal."""
    check_no_stake(uow, finance_queries.order_of_object(uow.session, entry.source_id))
    finance_work.resolve_entry(uow, entry=entry, reason=reason)


def resolve_problem(uow: UnitOfWork, *, problem: PaymentProblem, note: str) -> None:
    """Close a problem."""
    check_no_stake(uow, problem.order_id)
    problems.resolve(uow, problem=problem, note=note)


def enter_exchange(uow: UnitOfWork, *, payout: Payout, slip: payout_exchange.BankSlip) -> None:
    """Note how the bank exchanged a payout."""
    check_no_stake(uow, payout.order_id)
    payout_exchange.enter(uow, payout=payout, slip=slip)
