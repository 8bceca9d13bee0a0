"""What must hold after any load: our books against the provider's own state, which no fault of ours can reach."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from flask import Flask
from sqlalchemy import text

from marketplace.http.context import make_uow
from marketplace.jobs.app import enqueue
from marketplace.ledger.queries import trial_balance
from marketplace.payments.reconciliation import compare
from tests.live import Live
from tests.processes.traffic import Record

# Each is a query whose rows are violations, and the sentence that tells one of them.
RULES: Final[tuple[tuple[str, str], ...]] = (
    (
        "lot {0} has {1} live claims",
        "SELECT lot_id, count(*) FROM lot_claim WHERE state IN ('active','settling','consumed')"
        " GROUP BY lot_id HAVING count(*) > 1",
    ),
    (
        "lot {0} has {1} orders that are not over",
        "SELECT lot_id, count(*) FROM orders WHERE state NOT IN ('cancelled','expired','refunding','refunded',"
        "'refund_failed') GROUP BY lot_id HAVING count(*) > 1",
    ),
    (
        "order {0} stands at {1} but its payment at {2}",
        "SELECT reference, orders.state, payment.state FROM orders JOIN payment ON payment.order_id = orders.id"
        " WHERE (payment.state = 'paid') <> (orders.funded_at IS NOT NULL OR orders.state IN ('refunding','refunded'))"
        " AND orders.state NOT IN ('cancelled','expired')",
    ),
    (
        "order {0} has {2} journals {1}",
        "SELECT order_id, kind, count(*) FROM ledger_journal WHERE kind IN ('captured','released','refund_decided')"
        " GROUP BY order_id, kind HAVING count(*) > 1",
    ),
    (
        "order {0} is paid but has no journal of it",
        "SELECT order_id FROM payment WHERE state = 'paid' AND NOT EXISTS (SELECT 1 FROM ledger_journal AS journal"
        " WHERE journal.order_id = payment.order_id AND kind = 'captured')",
    ),
    (
        "order {0} has {1} payouts alive or confirmed",
        "SELECT order_id, count(*) FROM payout WHERE state NOT IN ('failed','cancelled') GROUP BY order_id"
        " HAVING count(*) > 1",
    ),
    (
        "order {0} is released without one confirmed payout",
        "SELECT reference FROM orders WHERE state = 'released' AND 1 <> (SELECT count(*) FROM payout"
        " WHERE payout.order_id = orders.id AND payout.state = 'confirmed')",
    ),
    (
        "the account {0} of an order that ended still holds {1}",
        "SELECT account.code, balance.balance FROM ledger_balance AS balance"
        " JOIN ledger_account AS account ON account.id = balance.account_id"
        " JOIN orders ON account.code LIKE '%:held:order:' || orders.id"
        " WHERE orders.state IN ('released','refunded','split_settled','cancelled','expired') AND balance.balance <> 0",
    ),
    (
        "the order {0} has {1} open refunds",
        "SELECT order_id, count(*) FROM refund GROUP BY order_id HAVING count(*) > 1",
    ),
    (
        "a problem nobody expected is open: {0} {1} {2}",
        "SELECT kind, subject, detail FROM payment_problem WHERE resolved_at IS NULL AND kind <> 'late'",
    ),
)
WAITING: Final = {
    "jobs": "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo','doing') AND"
    " (scheduled_at IS NULL OR scheduled_at <= now())",
    "failed jobs": "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'",
    "commands": "SELECT count(*) FROM provider_command WHERE state IN ('waiting','leased')",
    "news": "SELECT count(*) FROM provider_news WHERE state = 'received'",
}


@dataclass(frozen=True, slots=True)
class Truth:
    """The provider's own state, read from its file: objects by kind, and what its webhook queue still holds."""

    objects: dict[str, list[dict[str, Any]]]
    undelivered: int

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return every object of a kind."""
        return self.objects.get(kind, [])


@dataclass
class Tally:
    """What was counted, and every violation as a sentence."""

    counts: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)


def read_truth(folder: Path) -> Truth:
    """Read the sandbox's file."""
    objects: dict[str, list[dict[str, Any]]] = {}
    connection = sqlite3.connect(f"file:{folder / 'sandbox.db'}?mode=ro", uri=True, timeout=30)
    try:
        for kind, body in connection.execute("SELECT kind, body FROM object"):
            objects.setdefault(kind, []).append(json.loads(body))
        (waiting,) = connection.execute("SELECT count(*) FROM delivery WHERE state = 'waiting'").fetchone()
    finally:
        connection.close()
    return Truth(objects, int(waiting))


def start_program(live: Live, app: Flask) -> None:
    """Start web server and worker, and wait until both do their work."""
    live.start_web()
    live.start_worker()

    def worker_works() -> bool:
        with app.app_context():
            session = make_uow().session
            workers = session.scalar(text("SELECT count(*) FROM procrastinate_workers"))
            session.rollback()
        return bool(workers) and not any(waiting(live, app).values())

    live.wait_for(worker_works, "the worker")


def waiting(live: Live, app: Flask) -> dict[str, int]:
    """Count what waits in every queue; all zero when they are drained."""
    with app.app_context():
        session = make_uow().session
        found = {name: int(session.scalar(text(query)) or 0) for name, query in WAITING.items()}
        session.rollback()
    return {**found, "webhooks": read_truth(live.folder).undelivered}


def sweep(live: Live, app: Flask) -> None:
    """Let the worker copy the provider's books, and wait until it did."""
    with app.app_context():
        uow = make_uow()
        enqueue(uow.session, "payments.sweep", {"timestamp": 0}, queueing_lock=None)
        uow.commit()
    live.wait_for(lambda: not any(waiting(live, app).values()), "the sweep", seconds=120)


def tally(live: Live, app: Flask, record: Record) -> Tally:
    """Compare everything; call it when the queues are drained and the provider's books are copied."""
    truth, result = read_truth(live.folder), Tally()
    with app.app_context():
        session = make_uow().session
        result.violations += record.wrong
        if not trial_balance(session).is_sound:
            result.violations.append("debits and credits differ, or a live balance differs from its postings")
        comparison = compare(session)
        result.violations += [f"the books differ: {mismatch}" for mismatch in comparison.mismatches]
        for sentence, query in RULES:
            rows = session.execute(text(query.replace(":", r"\:"))).all()
            result.violations += [sentence.format(*row) for row in rows]
        result.violations += _against_the_provider(session, truth)
        result.violations += _lost(session, record)
        for name in ("orders", "payment", "refund", "payout", "ledger_journal", "provider_news", "audit_event"):
            result.counts[name] = int(session.scalar(text(f"SELECT count(*) FROM {name}")) or 0)
        session.rollback()
    kinds = ("checkout.session", "charge", "refund", "balance_transaction", "event")
    result.counts |= {f"provider's {kind}": len(truth.of(kind)) for kind in kinds}
    return result


def _against_the_provider(session: Any, truth: Truth) -> Iterator[str]:
    ours = dict(session.execute(text("SELECT charge_id, order_reference FROM payment WHERE state = 'paid'")).all())
    theirs = {
        charge["id"]: charge["metadata"].get("order_reference") for charge in truth.of("charge") if charge["paid"]
    }
    yield from (f"lost: the charge {found} of {theirs[found]}" for found in theirs.keys() - ours.keys())
    yield from (f"the provider knows no charge {found}" for found in ours.keys() - theirs.keys())
    captures = Counter(charge["payment_intent"] for charge in truth.of("charge") if charge["paid"])
    orders = Counter(ours.values())
    for counted, what in ((captures, "payment"), (orders, "order")):
        yield from (f"doubled: {count} captures of the {what} {found}" for found, count in counted.items() if count > 1)
    pages = Counter(page["client_reference_id"] for page in truth.of("checkout.session"))
    yield from (f"doubled: {count} payment pages of {found}" for found, count in pages.items() if count > 1)
    back = Counter(refund["payment_intent"] for refund in truth.of("refund") if refund["status"] != "failed")
    yield from (f"doubled: {count} refunds of {found}" for found, count in back.items() if count > 1)
    refunds = set(session.scalars(text("SELECT provider_ref FROM refund WHERE provider_ref IS NOT NULL")))
    known = {refund["id"] for refund in truth.of("refund")}
    yield from (f"lost: the refund {found}" for found in known - refunds)
    yield from (f"the provider knows no refund {found}" for found in refunds - known)
    news = set(session.scalars(text("SELECT event_id FROM provider_news")))
    yield from (f"lost: the event {event['id']}" for event in truth.of("event") if event["id"] not in news)
    books = sum(entry["net"] for entry in truth.of("balance_transaction"))
    clearing = session.scalar(
        text(
            "SELECT coalesce(sum(CASE WHEN debit.code LIKE '%stripe_clearing' THEN amount ELSE 0 END)"
            " - sum(CASE WHEN credit.code LIKE '%stripe_clearing' THEN amount ELSE 0 END), 0) FROM ledger_posting"
            " JOIN ledger_account AS debit ON debit.id = debit_account"
            " JOIN ledger_account AS credit ON credit.id = credit_account"
        )
    )
    if int(clearing) != books:
        yield f"our clearing account says {clearing}, the provider's books say {books}"


def _lost(session: Any, record: Record) -> Iterator[str]:
    orders = set(session.scalars(text("SELECT reference FROM orders")))
    yield from (f"lost: the order {found}, which was answered" for found in record.bought - orders)
    steps = Counter(
        (reference, action)
        for reference, action in session.execute(
            text("SELECT reference, action FROM order_step JOIN orders ON orders.id = order_id")
        )
    )
    for reference, action in record.moved:
        if not steps[reference, action]:
            yield f"lost: {action} of {reference}, which was answered"
    yield from (f"doubled: {found[1]} of {found[0]}" for found, count in steps.items() if count > 1 and _once(found[1]))


def _once(action: str) -> bool:
    return action in {"capture", "confirm", "ship", "receive", "accept", "release", "complete_refund"}
