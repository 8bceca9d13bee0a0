"""Read the queue, a case with its evidence, and what was decided."""

from marketplace.moderation.queries.cases import (
    case_by_id,
    case_named,
    content_of_case,
    last_decided_content,
    newest_case,
    open_case_of_cooperative,
    open_case_of_lot,
)
from marketplace.moderation.queries.decisions import (
    PastDecision,
    Statement,
    history_of,
    latest_statement,
    statement_of_cooperative,
    times_sent_back,
)
from marketplace.moderation.queries.evidence import evidence_of_lot, price_position, unmet_of_case
from marketplace.moderation.queries.queue import PAGE, QueueFilter, QueueRow, QueueStats, next_case_id, queue, stats

__all__ = [
    "PAGE",
    "PastDecision",
    "QueueFilter",
    "QueueRow",
    "QueueStats",
    "Statement",
    "case_by_id",
    "case_named",
    "content_of_case",
    "evidence_of_lot",
    "history_of",
    "last_decided_content",
    "latest_statement",
    "newest_case",
    "next_case_id",
    "open_case_of_cooperative",
    "open_case_of_lot",
    "price_position",
    "queue",
    "statement_of_cooperative",
    "stats",
    "times_sent_back",
    "unmet_of_case",
]
