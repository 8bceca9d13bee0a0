"""Entries between two days, whatever the order in which they were written."""

from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.audit import queries
from marketplace.audit.queries import AuditFilter
from marketplace.core.clock import SetClock
from marketplace.http.context import make_uow
from marketplace.unit_of_work import UnitOfWork
from tests.people import person

# The fourth was written last but one, and happened second.
WRITTEN = (3, 5, 5, 4, 8)


@pytest.fixture
def days(uow: UnitOfWork) -> UnitOfWork:
    alice = person(uow, "alice")
    uow.commit()
    for number, day in enumerate(WRITTEN):
        one = make_uow()
        one.clock = SetClock(datetime(2031, 9, day, 23, 59, 59, number, UTC))
        one.now = one.clock.now()
        one.record("user.look", one.session.merge(alice), number=number)
        one.commit()
    return uow


def numbers(uow: UnitOfWork, **wanted: object) -> list[int]:
    found = queries.search(uow.session, AuditFilter(action="user.look", **wanted))  # type: ignore[arg-type]
    return [int(row.details["number"]) for row in found.rows]


@pytest.mark.parametrize(
    ("since", "until", "inside"),
    [(None, 4, [3, 0]), (5, None, [4, 2, 1]), (4, 5, [2, 1, 3]), (6, 7, []), (3, 8, [4, 2, 1, 3, 0])],
)
def test_days_count_whole_and_the_newest_comes_first(
    days: UnitOfWork, since: int | None, until: int | None, inside: list[int]
) -> None:
    between = {
        "since": date(2031, 9, since) if since else None,
        "until": date(2031, 9, until) if until else None,
    }
    assert numbers(days, **between) == inside
    turned = numbers(days, **between, without=frozenset({"dates"}))
    assert turned == [each for each in (4, 2, 1, 3, 0) if each not in inside]


def test_pages_of_days_leave_nothing_out_and_repeat_nothing(days: UnitOfWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    wanted = AuditFilter(action="user.look", since=date(2031, 9, 3), until=date(2031, 9, 8))
    start = queries.after_newest(days.session)
    late = make_uow()
    late.now = datetime(2031, 9, 8, tzinfo=UTC) + timedelta(hours=12)
    late.record("user.look", late.session.merge(person(late, "zoe")), number=9)  # written while somebody reads
    late.commit()
    rows = queries.streamed(days.session, wanted, most=100, written_before=start)
    assert [int(row.details["number"]) for row in rows] == [4, 2, 1, 3, 0]
