"""Read the queue, a case with its evidence, and what was decided."""

from marketplace.moderation.queries.cases import (
    approved_version,
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
    decisions_in,
    history_of,
    latest_statement,
    reviewers_of,
    statement_of_case,
    statement_of_cooperative,
    times_sent_back,
)
from marketplace.moderation.queries.evidence import evidence_of_lot, price_position, unmet_of_case
from marketplace.moderation.queries.facts import facts_of_lot
from marketplace.moderation.queries.queue import (
    PAGE,
    WAITS,
    QueueFilter,
    QueueRow,
    QueueStats,
    next_case_id,
    queue,
    stats,
)

__all__ = [
    "PAGE",
    "WAITS",
    "PastDecision",
    "QueueFilter",
    "QueueRow",
    "QueueStats",
    "Statement",
    "approved_version",
    "case_by_id",
    "case_named",
    "content_of_case",
    "decisions_in",
    "evidence_of_lot",
    "facts_of_lot",
    "history_of",
    "last_decided_content",
    "latest_statement",
    "newest_case",
    "next_case_id",
    "open_case_of_cooperative",
    "open_case_of_lot",
    "price_position",
    "queue",
    "reviewers_of",
    "statement_of_case",
    "statement_of_cooperative",
    "stats",
    "times_sent_back",
    "unmet_of_case",
]
