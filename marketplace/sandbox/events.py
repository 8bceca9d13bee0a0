"""Tell of changes: each event is kept, and queued for the webhook as the faults demand."""

from __future__ import annotations

import time
from dataclasses import dataclass

from marketplace.sandbox import faults, objects
from marketplace.sandbox.store import Body, Transaction

# Space between deliveries that are due together, so that their order is certain.
_STEP_SECONDS = 0.000_1


@dataclass(frozen=True, slots=True)
class Caller:
    """Who caused a change: the API request, or nobody when the hosted page or the clock did."""

    request_id: str | None = None
    idempotency_key: str | None = None


NOBODY = Caller()


def tell(tx: Transaction, kind: str, subject: Body, *, caller: Caller = NOBODY) -> None:
    """Keep an event and queue its delivery."""
    event = tx.add(objects.event(kind, subject, request_id=caller.request_id, key=caller.idempotency_key, now=tx.now()))
    if faults.take(tx, "drop_next"):
        _queue(tx, event, state="dropped", due=time.time())
        return
    state = "held" if tx.setting("hold") else "waiting"
    due = time.time() + tx.setting("delay_ms") / 1000
    for _ in range(2 if faults.take(tx, "duplicate_next") else 1):
        _queue(tx, event, state=state, due=due)


def _queue(tx: Transaction, event: Body, *, state: str, due: float) -> None:
    tx.execute("INSERT INTO delivery (event_id, state, due) VALUES (?, ?, ?)", (event["id"], state, due))


def release_in_reverse(tx: Transaction) -> int:
    """Let go of the held deliveries, the newest first; return how many."""
    rows = tx.execute("SELECT seq FROM delivery WHERE state = 'held' ORDER BY seq DESC").fetchall()
    start = time.time()
    for place, row in enumerate(rows):
        due = start + place * _STEP_SECONDS
        tx.execute("UPDATE delivery SET state = 'waiting', due = ? WHERE seq = ?", (due, row["seq"]))
    tx.set("hold", 0)
    return len(rows)


def deliveries(tx: Transaction) -> dict[str, int]:
    """Count the deliveries by state."""
    counts = dict.fromkeys(("waiting", "held", "sent", "dropped"), 0)
    for row in tx.execute("SELECT state, count(*) AS n FROM delivery GROUP BY state"):
        counts[row["state"]] = row["n"]
    return counts
