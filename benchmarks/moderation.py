"""The queue with 10,000 open cases: `make bench-moderation` or `python -m benchmarks.moderation`.

Real requests of a signed-in moderator to the real web server, one after the other: the first page, each filter, a page
in the middle, and taking the next case. Budget: 95 of 100 under 100 ms.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Final

import psycopg
import urllib3

from benchmarks.purchase.stage import staged
from marketplace.core.actor import StaffRole
from marketplace.http.context import make_uow
from marketplace.moderation import services as moderation
from marketplace.moderation.models import ModerationCase
from tests.builders import copies
from tests.builders.lots import draft_lot, seller
from tests.people import actor, person, session_token

BUDGET_MS: Final = 100.0
# Cases of copied lots: five countries, three risks, flags on four of five, arrived over two weeks, four minutes apart.
_CASES: Final = """
    INSERT INTO moderation_case ({columns}) SELECT {copied} FROM moderation_case AS one,
    generate_series(0, %(count)s - 1) AS n, jsonb_populate_record(one, jsonb_build_object(
        'id', gen_random_uuid(), 'lot_id', %(lot)s || lpad(to_hex(n), 12, '0'),
        'version_id', %(version)s || lpad(to_hex(n), 12, '0'), 'reference', 'TZ-' || lpad(n::text, 8, '0'),
        'risk', n %% 3, 'country', (ARRAY['TZ','KE','CD','MG','UG'])[1 + n %% 5],
        'opened_at', one.opened_at - interval '4 minutes' * n, 'due_at', one.due_at - interval '4 minutes' * n,
        'flags', CASE WHEN n %% 5 = 0 THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object(
            'code', (ARRAY['price_below','photo_again','returned','site_yellow'])[n %% 5],
            'evidence', '{{"lots": "TZ-1", "times": 1, "day": "2026-03-01"}}'::jsonb)) END
    )) AS two WHERE one.id = %(id)s
"""
PAGES: Final = {
    "first page": "/staff/moderation",
    "one flag": "/staff/moderation?flag=photo_again",
    "outside the guide": "/staff/moderation?flag=outside",
    "one country": "/staff/moderation?country=MG",
    "past their time": "/staff/moderation?waits=overdue",
    "two people": "/staff/moderation?waits=two_people",
}


@dataclass(frozen=True, slots=True)
class Queue:
    """A browser of a moderator before a full queue, and a page in its middle."""

    http: urllib3.HTTPConnectionPool
    cookie: str
    middle: str

    def get(self, path: str) -> bytes:
        """Return a page; raise when it is none."""
        answer = self.http.request("GET", path, headers={"Cookie": self.cookie})
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        return answer.data


def main() -> int:
    """Print each page's times; return 1 when one is beyond the budget."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=60)
    asked = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()}")
    with filled(asked.cases) as queue:
        pages = {**PAGES, "a page in the middle": queue.middle}
        late = [name for name, path in pages.items() if _told(name, partial(queue.get, path), asked.rounds) > BUDGET_MS]
    print(f"beyond {BUDGET_MS:.0f} ms at 95 %: {', '.join(late) or 'none'}")
    return 1 if late else 0


def _told(name: str, ask: Callable[[], object], rounds: int) -> float:
    ask()
    times = []
    for _ in range(rounds):
        begin = perf_counter()
        ask()
        times.append((perf_counter() - begin) * 1_000)
    most = quantiles(times, n=20)[-1]
    print(f"{name:22} {median(times):7.1f} ms in the middle, {most:7.1f} ms at 95 %", flush=True)
    return most


@contextmanager
def filled(count: int) -> Iterator[Queue]:
    """Yield the queue with so many open cases."""
    with tempfile.TemporaryDirectory() as folder, staged(Path(folder), lots=count) as on:
        with on.app.app_context():
            uow = make_uow()
            site, secretary = seller(uow, "KE")
            lot = draft_lot(uow, seller=(site, secretary), number=9)
            case = moderation.submit_lot(uow.acting_as(actor(uow.session, secretary)), lot=lot)
            token = session_token(uow, person(uow, "mary", StaffRole.MODERATOR))
            case_id, opened = case.id, case.opened_at
            uow.commit()
        with on.administer() as connection:
            _fill(connection, case_id=case_id, count=count)
            row = connection.execute(
                "SELECT opened_at, id FROM moderation_case ORDER BY opened_at, id OFFSET %s LIMIT 1", (count // 2,)
            ).fetchone()
        assert row is not None
        assert opened is not None
        host, port = on.live.url.partition("://")[2].split(":")
        after = f"{row[0].isoformat().replace('+', '%2B')}~{row[1]}"
        with urllib3.HTTPConnectionPool(host, int(port), timeout=30) as http:
            yield Queue(http, f"session_id={token}", f"/staff/moderation?after={after}")


def _fill(connection: psycopg.Connection[tuple[object, ...]], *, case_id: object, count: int) -> None:
    columns = [column.name for column in ModerationCase.__table__.columns]
    query = _CASES.format(columns=", ".join(columns), copied=", ".join(f"two.{name}" for name in columns))
    values = {"count": count, "id": case_id, "lot": copies.LOT, "version": copies.VERSION}
    connection.execute(query.encode(), values)
    connection.execute("VACUUM ANALYZE moderation_case")


if __name__ == "__main__":
    sys.exit(main())
