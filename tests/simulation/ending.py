"""The end of a seed: everything that waits is done, then nothing may be lost and nobody may be stuck."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from marketplace.core.db import Audited, Base
from marketplace.http.context import make_uow
from marketplace.ledger.queries import trial_balance
from marketplace.orders.models import Order
from marketplace.orders.transitions import FINAL
from marketplace.payments.inbox import FETCHED
from marketplace.payments.reconciliation import compare
from tests.simulation.invariants import Violation
from tests.simulation.stage import Stage
from tests.simulation.worker import run_task

MOST_ROUNDS: Final = 12
# Longer than the longest pause between two tries, and than a lease.
ROUND: Final = timedelta(minutes=61)
TASKS: Final = ("payments.sweep", "payments.resend", "orders.clock", "papers.issue")
WAITING: Final = """SELECT
    (SELECT count(*) FROM provider_command WHERE state IN ('waiting', 'leased')) AS commands,
    (SELECT count(*) FROM provider_news WHERE state = 'received') AS news,
    (SELECT count(*) FROM refund WHERE state IN ('decided', 'sent')) AS refunds,
    (SELECT count(*) FROM orders WHERE next_due_at <= %s) AS due,
    (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND NOT task_name LIKE 'notif%%'
        AND (task_name LIKE 'payments.%%' OR task_name LIKE 'orders.%%' OR task_name LIKE 'papers.%%')) AS jobs"""


def drain(stage: Stage) -> None:
    """Let workers, webhooks and sweeps finish, without faults; what a webhook lost, the sweep finds."""
    clock = stage.world.clock
    clock.skew = timedelta(0)
    for _ in range(MOST_ROUNDS):
        stage.worker.rescue()
        for webhook in stage.sandbox.waiting():
            stage.deliver(webhook)
        _all_jobs(stage)
        clock.advance(ROUND)
        for task in TASKS:
            run_task(task)
            _all_jobs(stage)
        left = stage.world.database.rows(WAITING, clock.now())[0]
        if not any(left) and not stage.sandbox.waiting():
            return
    raise Violation("the queues drain", str(left))


def require_a_good_end(stage: Stage) -> None:
    """Raise Violation when something was lost, somebody is stuck, or the books differ by a cent."""
    for name, find in (
        ("no event is lost", _lost_events),
        ("every change has its entry", _unaudited),
        ("the books agree", _differences),
        ("somebody can act", _stuck),
        ("every paper is written", _papers_missing),
    ):
        for detail in find(stage):
            raise Violation(name, detail)


def _all_jobs(stage: Stage) -> None:
    for _ in range(200):
        if stage.worker.run_one() is None:
            return
    raise Violation("the queues drain", "jobs make jobs without end")


def _lost_events(stage: Stage) -> Iterator[str]:
    known = {row.event_id: row.state for row in stage.world.database.rows("SELECT event_id, state FROM provider_news")}
    for event in stage.sandbox.objects("event"):
        if event["data"]["object"]["object"] in FETCHED and known.get(event["id"]) in (None, "received"):
            yield f"{event['type']} is {known.get(event['id'])}"


def _unaudited(stage: Stage) -> Iterator[str]:
    rows = stage.world.database.rows
    for mapper in Base.registry.mappers:
        table: Any = mapper.class_
        if issubclass(table, Audited):
            key = "||':'||".join(f'"{column.name}"::text' for column in mapper.primary_key)
            missing = rows(
                f"SELECT {key} AS key FROM {table.__tablename__} t WHERE NOT EXISTS"
                " (SELECT FROM audit_target a WHERE a.type = %s AND a.id = " + key + ") LIMIT 1",
                table.audit_type,
            )
            yield from (f"{table.__tablename__} {row.key}" for row in missing)
    yield from (
        f"{row.action} of {row.order}: {row.steps} steps, {row.entries} entries"
        for row in rows(
            """SELECT s.action, s.order_id::text AS "order", count(*) AS steps, (SELECT count(*) FROM audit_event e
               WHERE e.action = 'order.' || s.action AND e.target_id = s.order_id::text) AS entries
               FROM order_step s GROUP BY 1, s.order_id"""
        )
        if row.steps != row.entries
    )


def _differences(stage: Stage) -> Iterator[str]:
    """What finance sees must be even, a stranger's payments apart: those it sees as not ours."""
    with stage.world.app.app_context():
        session = make_uow().session
        if not trial_balance(session).is_sound:
            yield "the trial balance is not zero"
        entries = {each["id"]: each["source"] for each in stage.sandbox.objects("balance_transaction")}
        strangers = {
            charge["id"]
            for charge in stage.sandbox.objects("charge")
            if charge["payment_intent"] in stage.sandbox.strangers
        }
        for mismatch in compare(session).mismatches:
            if entries.get(mismatch.reference) not in strangers:
                yield f"{mismatch.kind}: ours {mismatch.ledger}, the provider's {mismatch.provider}"
    yield from _not_adding_up(stage)


def _not_adding_up(stage: Stage) -> Iterator[str]:
    """Everything the buyers paid is held, owed, paid out or paid back."""
    rows = stage.world.database.rows(
        """SELECT currency, sum(CASE WHEN kind IN ('asset', 'expense') THEN moved ELSE 0 END)::bigint AS have,
           sum(CASE WHEN kind IN ('asset', 'expense') THEN 0 ELSE -moved END)::bigint AS owe FROM (
             SELECT a.currency, a.kind, coalesce((SELECT sum(amount) FROM ledger_posting WHERE debit_account = a.id), 0)
             - coalesce((SELECT sum(amount) FROM ledger_posting WHERE credit_account = a.id), 0) AS moved
             FROM ledger_account a) sums GROUP BY currency"""
    )
    yield from (f"{row.currency}: have {row.have}, owe {row.owe}" for row in rows if row.have != row.owe)


def _stuck(stage: Stage) -> Iterator[str]:
    with stage.world.app.app_context():
        session = make_uow().session
        waiting = list(session.execute(select(Order.id, Order.reference, Order.state, Order.next_due_at)
                       .where(Order.state.not_in(FINAL), Order.frozen_since.is_(None)).order_by(Order.id)))  # fmt: skip
    for order in waiting:
        if order.next_due_at is None and not stage.open_actions(order.id):
            yield f"{order.reference} is {order.state}, and nobody can act"


def _papers_missing(stage: Stage) -> Iterator[str]:
    yield from (
        f"{row.reference} has {row.papers} of 2 papers"
        for row in stage.world.database.rows(
            """SELECT o.reference, count(p.id) AS papers FROM orders o LEFT JOIN paper p ON p.subject_id = o.id
               WHERE o.funded_at IS NOT NULL GROUP BY 1 HAVING count(p.id) <> 2"""
        )
    )
