"""One look at everything: our tables, read from outside the program, and the provider's own objects."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final

from tests.simulation.database import Database
from tests.simulation.provider import Sandbox

ORDERS = """SELECT id::text, reference, lot_id::text, cooperative_id::text AS cooperative, state, currency,
    price_minor AS price, coalesce(settled_net_minor, net_minor) AS net, coalesce(refund_minor, 0) AS refund,
    CASE jsonb_typeof(settled_split) WHEN 'array' THEN settled_split ELSE split END AS split,
    frozen_since, deadline_at, next_due_at, closed_at FROM orders ORDER BY id"""
STEPS = """SELECT id, order_id::text AS "order", action, from_state AS source, to_state AS target, party
    FROM order_step ORDER BY id"""
ACCOUNTS = """SELECT a.code, a.currency, a.tracked, a.kind, b.balance AS live, a.rule,
    coalesce((SELECT sum(amount) FROM ledger_posting WHERE debit_account = a.id), 0)::bigint AS debit,
    coalesce((SELECT sum(amount) FROM ledger_posting WHERE credit_account = a.id), 0)::bigint AS credit
    FROM ledger_account a LEFT JOIN ledger_balance b ON b.account_id = a.id ORDER BY a.code"""
POSTINGS = """SELECT j.id::text AS journal, j.kind, j.order_id::text AS "order", j.external_ref AS ref, j.lines,
    d.code AS debit, c.code AS credit, p.amount, p.currency
    FROM ledger_posting p LEFT JOIN ledger_journal j ON j.id = p.journal_id
    JOIN ledger_account d ON d.id = p.debit_account JOIN ledger_account c ON c.id = p.credit_account
    ORDER BY p.journal_id, p.line"""
CLAIMS = """SELECT lot_id::text AS lot, order_id::text AS "order", state FROM lot_claim ORDER BY created_at, id"""
PAYMENTS = """SELECT order_id::text AS "order", order_reference AS reference, state, payment_intent_id AS intent,
    session_url AS url, session_id AS session FROM payment ORDER BY order_reference"""
COMMANDS = """SELECT c.kind, c.state, c.attempts, coalesce(p.order_reference, q.order_reference) AS reference
    FROM provider_command c LEFT JOIN payment p ON p.id = c.subject_id
    LEFT JOIN refund r ON r.id = c.subject_id LEFT JOIN payment q ON q.id = r.payment_id ORDER BY c.key"""
PAYOUTS = """SELECT id::text, order_id::text AS "order", cooperative_id::text AS cooperative, state,
    amount_minor AS amount, currency FROM payout ORDER BY id"""
PAPERS = """SELECT c.kind, c.year, c.last, count(p.id) AS papers, coalesce(max(p.serial), 0) AS highest
    FROM paper_counter c LEFT JOIN paper p ON p.kind = c.kind AND p.year = c.year GROUP BY 1, 2, 3"""
PROBLEMS = """SELECT order_id::text AS "order" FROM problem_report WHERE resolved_at IS NULL"""


TABLES: Final = {
    "orders": ORDERS,
    "steps": STEPS,
    "accounts": ACCOUNTS,
    "postings": POSTINGS,
    "claims": CLAIMS,
    "payments": PAYMENTS,
    "commands": COMMANDS,
    "payouts": PAYOUTS,
    "papers": PAPERS,
    "problems": PROBLEMS,
}
# One round trip instead of ten: this is asked after every move.
EVERYTHING: Final = "SELECT json_build_object({})::text".format(
    ", ".join(f"'{name}', (SELECT coalesce(json_agg(t), '[]') FROM ({query}) t)" for name, query in TABLES.items())
)


@dataclass(frozen=True)
class Paid:
    """What the provider knows of one of our orders."""

    gross: int = 0
    fee: int = 0
    refunded: int = 0
    ever_refunded: int = 0


@dataclass
class Look:
    """Everything at one moment. `drained` says that nothing is on its way any more."""

    orders: Sequence[Any]
    steps: Sequence[Any]
    accounts: Sequence[Any]
    postings: Sequence[Any]
    claims: Sequence[Any]
    payments: Sequence[Any]
    commands: Sequence[Any]
    payouts: Sequence[Any]
    papers: Sequence[Any]
    problems: Sequence[Any]
    entries: dict[str, Any]
    paid: dict[str, Paid]
    sessions: Counter[str]
    refunds_made: Counter[str]
    drained: bool = False
    balances: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.balances = {row.code: row.debit - row.credit for row in self.accounts}

    def owed(self, order: Any, name: str) -> int:
        """Return what one of an order's own accounts owes."""
        return -self.balances.get(f"{order.currency}:{name}:order:{order.id}", 0)


def look(database: Database, sandbox: Sandbox, *, drained: bool = False) -> Look:
    """Look at everything now."""
    entries, paid = _provider(sandbox)
    sessions = Counter(
        each["metadata"].get("order_reference", "")
        for each in sandbox.objects("checkout.session")
        if each["payment_intent"] is None or each["payment_intent"] not in sandbox.strangers
    )
    tables = json.loads(database.value(EVERYTHING), object_hook=lambda row: SimpleNamespace(**row))
    return Look(
        **vars(tables),
        entries=entries,
        paid=paid,
        sessions=sessions,
        refunds_made=Counter(each["metadata"].get("order_reference", "") for each in sandbox.objects("refund")),
        drained=drained,
    )


def _provider(sandbox: Sandbox) -> tuple[dict[str, Any], dict[str, Paid]]:
    """Return the provider's books, and what it knows of each order, strangers' payments left out."""
    entries = {each["id"]: each for each in sandbox.objects("balance_transaction")}
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for charge in sandbox.objects("charge"):
        if charge["payment_intent"] in sandbox.strangers:
            if charge["paid"]:
                entries[charge["balance_transaction"]]["_stranger"] = True
        elif charge["paid"]:
            found = sums[charge["metadata"]["order_reference"]]
            found[0] += charge["amount_captured"]
            found[1] += entries[charge["balance_transaction"]]["fee"]
            found[2] += charge["amount_refunded"]
    for refund in sandbox.objects("refund"):
        if refund["payment_intent"] not in sandbox.strangers:
            sums[refund["metadata"].get("order_reference", "")][3] += refund["amount"]
    return entries, {reference: Paid(*values) for reference, values in sums.items()}
