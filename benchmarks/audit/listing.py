"""What the list of the audit log costs at a million entries: `python -m benchmarks.audit.listing [--entries N]`.

A page of each filter, alone and turned round, as the application asks for it: the best of three, and the plan with
`--explain`. The budget of a page is a quarter of a second.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from time import perf_counter
from typing import Final

import psycopg
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from benchmarks.audit.stage import staged
from marketplace.audit import queries
from marketplace.audit.searching import AuditFilter

BUDGET_MS: Final = 250.0
# 400 people, 40 actions of which one is rare, 30 days, 3,000 addresses, one refusal in 5,000.
_FILL: Final = """
WITH made AS (
  INSERT INTO audit_event (event_id, at, action, target_type, target_id, outcome, leaf, idx)
  SELECT gen_random_uuid(), TIMESTAMPTZ '2026-09-01Z' + number * INTERVAL '2.6 seconds',
         CASE WHEN number %% 100003 = 7 THEN 'lot.refuse' ELSE 'order.move' || number %% 39 END,
         'order', (number / 20)::text, CASE WHEN number %% 5003 = 11 THEN 'refused' ELSE 'ok' END,
         convert_to('{"n":' || number || '}', 'UTF8'), number
  FROM generate_series(0, %(count)s::bigint - 1) AS number RETURNING seq, idx AS number
), about AS (
  INSERT INTO audit_target (seq, type, id) SELECT seq, 'order', (number / 20)::text FROM made
)
INSERT INTO audit_search (seq, actor_kind, actor_id, actor_name, address, request_id, details)
SELECT seq, 'person', NULL, 'Person ' || number %% 400, '192.0.2.' || number %% 3000, 'request-' || number,
       jsonb_build_object('reason', 'word' || number %% 50000, 'step', number %% 7)
FROM made
"""
FILTERS: Final = {
    "no filter": AuditFilter(),
    "person": AuditFilter(actor="son 399"),
    "person, none": AuditFilter(actor="nobody"),
    "action, common": AuditFilter(action="order.move3"),
    "action, rare": AuditFilter(action="lot.refuse"),
    "action, prefix": AuditFilter(action="lot."),
    "target": AuditFilter(target="order:17"),
    "outcome": AuditFilter(outcome="refused"),
    "address": AuditFilter(address="192.0.2.2999"),
    "request": AuditFilter(request="request-500000"),
    "words": AuditFilter(text="word49999"),
    "one day": AuditFilter(since=date(2026, 9, 5), until=date(2026, 9, 5)),
    "before a day": AuditFilter(until=date(2026, 9, 5)),
    "person and words": AuditFilter(actor="son 17", text="word417"),
    "not person": AuditFilter(actor="son 399", without=frozenset({"actor"})),
    "not action": AuditFilter(action="order.move3", without=frozenset({"action"})),
    "not target": AuditFilter(target="order:17", without=frozenset({"target"})),
    "not outcome": AuditFilter(outcome="refused", without=frozenset({"outcome"})),
    "not address": AuditFilter(address="192.0.2.2999", without=frozenset({"address"})),
    "not request": AuditFilter(request="request-500000", without=frozenset({"request"})),
    "not words": AuditFilter(text="word49999", without=frozenset({"text"})),
    "not these days": AuditFilter(since=date(2026, 9, 5), without=frozenset({"dates"})),
}


def main() -> int:
    """Print the time of a page for each filter; return 1 when one is beyond the budget."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--explain", action="store_true")
    asked = parser.parse_args()
    with staged() as (url, make_session):
        with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
            connection.execute(_FILL, {"count": asked.entries})
            connection.execute("VACUUM ANALYZE audit_event, audit_target, audit_search")
        with make_session() as session:
            late = [name for name, ms in _measured(session, explain=asked.explain) if ms > BUDGET_MS]
    print(f"beyond {BUDGET_MS:.0f} ms: {', '.join(late) or 'none'}")
    return 1 if late else 0


def _measured(session: Session, *, explain: bool) -> Iterator[tuple[str, float]]:
    for name, wanted in FILTERS.items():
        best, rows = float("inf"), 0
        for _ in range(3):
            begin = perf_counter()
            rows = len(queries.search(session, wanted).rows)
            best = min(best, (perf_counter() - begin) * 1_000)
        print(f"{name:18} {rows:3} rows {best:9.2f} ms", flush=True)
        if explain:
            _explain(session, wanted)
        yield name, best


def _explain(session: Session, wanted: AuditFilter) -> None:
    asked: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_more: object) -> None:
        asked.append((statement, parameters))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    queries.search(session, wanted)
    event.remove(engine, "before_cursor_execute", note)
    for statement, parameters in asked:
        if "audit_search" in statement and "LIMIT" in statement:
            plan = session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", parameters)
            print("\n".join(f"    {line}" for (line,) in plan))
    session.execute(text("SELECT 1"))


if __name__ == "__main__":
    sys.exit(main())
