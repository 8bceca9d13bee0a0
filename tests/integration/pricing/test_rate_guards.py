"""What an import refuses, and which series of a pair counts on a day: never by what came later."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from marketplace.pricing import queries, services
from marketplace.pricing.shipped import Observation
from marketplace.pricing.sources.feed import CONFLICT
from marketplace.unit_of_work import UnitOfWork
from tests.builders.rate_sources import series, source

TODAY = date(2026, 9, 29)  # a Tuesday
OPEN, LICENSED = "XAU/USD", "XAU/USD:LBMA"


@pytest.fixture
def gold(uow: UnitOfWork) -> UnitOfWork:
    """An open and a licensed series of gold, without rates."""
    described = source("csv", series("XAU/USD"), series("XAU/USD", code=LICENSED, priority=10))
    services.ensure_series(uow, described)
    return uow


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def observe(uow: UnitOfWork, value: str, on: date, code: str = OPEN) -> services.Imported:
    return services.import_observations(uow, [Observation(code, on, Decimal(value))])


def in_force(uow: UnitOfWork, on: date = TODAY) -> tuple[str, Decimal] | None:
    rate = queries.rate_as_of(uow.session, "XAU/USD", on)
    return None if rate is None else (rate.series, rate.value)


@pytest.mark.parametrize(
    ("code", "value", "on", "reason"),
    [
        (OPEN, "NaN", TODAY, "the value is not a number above zero"),
        (OPEN, "Infinity", TODAY, "the value is not a number above zero"),
        (OPEN, "0", TODAY, "the value is not a number above zero"),
        (OPEN, "-1", TODAY, "the value is not a number above zero"),
        (OPEN, "4100", date(2026, 9, 30), "the day is in the future: 2026-09-30"),
        ("XBT/USD", "4100", TODAY, "there is no such series"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(
    gold: UnitOfWork, code: str, value: str, *, on: date, reason: str
) -> None:
    done = services.import_observations(
        gold, [Observation(code, on, Decimal(value)), Observation(OPEN, days_ago(1), Decimal(4100))]
    )
    assert (done.new, done.quarantined, done.written) == (1, 0, 1)
    assert [(each.place, each.reason) for each in done.refused] == [(f"{code} {on}", reason)]


def test_two_values_of_one_day_are_both_refused_and_equal_ones_are_one(gold: UnitOfWork) -> None:
    done = services.import_observations(gold, [Observation(OPEN, TODAY, Decimal(value)) for value in ("4100", "4101")])
    assert done.written == 0
    assert [each.reason for each in done.refused] == [CONFLICT, CONFLICT]
    assert in_force(gold) is None

    done = services.import_observations(
        gold, [Observation(OPEN, TODAY, Decimal(value)) for value in ("4100", "4100.0")]
    )
    assert (done.new, done.refused) == (1, ())


def test_a_quarantined_value_is_never_what_the_next_is_compared_with(gold: UnitOfWork) -> None:
    observe(gold, "4100", days_ago(2))
    assert observe(gold, "41000", days_ago(1)).quarantined == 1
    # against 41,000 this would be a fall of 90 %; against 4,100 it is nothing
    assert observe(gold, "4110", TODAY).new == 1
    assert in_force(gold) == (OPEN, Decimal(4110))
    # and a second poisoned value is compared with the good one, not with its like
    assert observe(gold, "41010", TODAY).quarantined == 1
    assert in_force(gold) == (OPEN, Decimal(4110))


def test_a_correction_that_jumps_waits_also_on_the_first_day_of_a_series(gold: UnitOfWork) -> None:
    observe(gold, "4100", TODAY)
    assert observe(gold, "41000", TODAY).quarantined == 1
    assert observe(gold, "410", days_ago(30)).quarantined == 1, "the past is held against what came after it"
    assert observe(gold, "4090", TODAY).new == 1
    assert in_force(gold) == (OPEN, Decimal(4090))


def test_the_licensed_series_counts_until_it_is_stale(gold: UnitOfWork) -> None:
    observe(gold, "4100", TODAY)
    observe(gold, "4110", days_ago(5), LICENSED)  # Thursday: three working days ago
    assert in_force(gold) == (LICENSED, Decimal(4110))
    # on Wednesday it is four working days old, the open one is one
    assert in_force(gold, TODAY + timedelta(days=1)) == (OPEN, Decimal(4100))
    assert in_force(gold, days_ago(1)) == (LICENSED, Decimal(4110))
    assert in_force(gold, days_ago(6)) is None
    # a month later both are stale: the newest counts
    assert in_force(gold, TODAY + timedelta(days=30)) == (OPEN, Decimal(4100))
    observe(gold, "4120", TODAY, LICENSED)
    assert in_force(gold, TODAY + timedelta(days=30)) == (LICENSED, Decimal(4120))


def test_one_series_can_be_read_by_itself(gold: UnitOfWork) -> None:
    observe(gold, "4100", TODAY)
    observe(gold, "4110", TODAY, LICENSED)
    found = queries.rate_of_series(gold.session, OPEN, TODAY)
    assert found is not None
    assert (found.series, found.value) == (OPEN, 4100)
    assert queries.rate_of_series(gold.session, OPEN, days_ago(1)) is None
    assert queries.rate_history(gold.session, LICENSED, since=days_ago(9), until=TODAY) == ((TODAY, Decimal(4110)),)


def test_the_rate_in_force_costs_one_query(gold: UnitOfWork) -> None:
    observe(gold, "4100", TODAY)
    observe(gold, "4110", TODAY, LICENSED)
    gold.session.flush()
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    bind = gold.session.connection()
    event.listen(bind, "before_cursor_execute", note)
    try:
        assert in_force(gold) == (LICENSED, Decimal(4110))
    finally:
        event.remove(bind, "before_cursor_execute", note)
    assert len(statements) == 1


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from([OPEN, LICENSED]), st.integers(0, 25), st.sampled_from(["4000", "4100", "4200", "9000"])
        ),
        min_size=1,
        max_size=12,
    ),
    asked=st.integers(0, 25),
)
def test_what_is_observed_later_never_changes_the_rate_of_a_day(
    gold: UnitOfWork, rows: list[tuple[str, int, str]], asked: int
) -> None:
    savepoint = gold.session.begin_nested()
    on = days_ago(asked)
    for code, days, value in sorted(rows, key=lambda row: row[1] < asked):
        before = queries.rate_as_of(gold.session, "XAU/USD", on)
        observe(gold, value, days_ago(days), code)
        after = queries.rate_as_of(gold.session, "XAU/USD", on)
        if days < asked:
            assert after == before
        assert after is None or after.observed_on <= on
    savepoint.rollback()


def test_a_rate_of_nowhere_is_not_found(gold: UnitOfWork) -> None:
    assert queries.rate_of_series(gold.session, "XBT/USD", TODAY) is None
    assert queries.fetches_of(gold.session, "nowhere") == []
    assert queries.latest_fetches(gold.session) == []
    assert queries.last_read(gold.session, "nowhere") is None
    assert queries.last_start(gold.session, str(uuid4())) is None
