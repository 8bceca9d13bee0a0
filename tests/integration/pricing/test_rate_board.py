"""The board reads every series in a few queries, and only what was known on the day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import event
from sqlalchemy.orm import Session

from marketplace.pricing import services
from marketplace.pricing.models import ReferenceRate
from marketplace.pricing.queries import board, latest_fetches, quarantined_rates
from marketplace.unit_of_work import UnitOfWork
from tests.builders.rates import NEWEST, fetched, observe, series
from tests.people import person

DAY = timedelta(days=1)


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """Collect the statements of a block."""
    seen: list[str] = []
    bind = session.connection()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(bind, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(bind, "before_cursor_execute", note)


def by_code(uow: UnitOfWork) -> dict[str, board.SeriesState]:
    return {state.series.code: state for state in board.series_states(uow.session, on=NEWEST)}


def test_twenty_series_cost_as_many_queries_as_one(uow: UnitOfWork) -> None:
    for place in range(20):
        series(uow, f"USD/A{place:02}")
        observe(uow, "1", "1.01", "5", code=f"USD/A{place:02}")
    uow.session.flush()
    with counted(uow.session) as seen:
        states = board.series_states(uow.session, on=NEWEST)

    assert len(states) == 20
    assert len(seen) == 3
    assert {(str(state.rate.value), state.waiting) for state in states if state.rate} == {("1.01", 1)}


def test_a_replaced_a_held_back_and_a_later_value_are_never_the_newest(uow: UnitOfWork) -> None:
    series(uow)
    series(uow, "XAG/USD")
    observe(uow, "4000", "4100", until=NEWEST)
    observe(uow, "4110")
    observe(uow, "9000", until=NEWEST + DAY)
    observe(uow, "4120", until=NEWEST + 2 * DAY)
    found = by_code(uow)

    rate = found["XAU/USD"].rate
    assert rate is not None
    assert (rate.value, rate.observed_on, rate.max_age_working_days) == (Decimal(4110), NEWEST, 3)
    assert (found["XAG/USD"].rate, found["XAG/USD"].waiting, found["XAG/USD"].fetch) == (None, 0, None)
    # the one held back is of tomorrow
    assert found["XAU/USD"].waiting == 0
    assert board.to_do(uow.session, on=NEWEST).rates == 0
    assert board.to_do(uow.session, on=NEWEST + DAY).rates == 1


def test_the_last_try_is_that_of_the_source_that_brought_the_series(uow: UnitOfWork) -> None:
    held = series(uow)
    first = fetched(uow, "feed")
    uow.session.add(
        ReferenceRate(
            series=held.code, observed_on=NEWEST, value=Decimal(1), source="s", licence="l", imported_at=uow.now,
            imported_by="clock", quarantined=False, fetch_id=first.id,
        )
    )  # fmt: skip
    later = fetched(uow, "feed", outcome="failed", reason="time-out")
    later.started_at = uow.now + timedelta(minutes=5)
    fetched(uow, "other")
    uow.session.flush()

    assert by_code(uow)["XAU/USD"].fetch is later
    assert list(board.fetches_of(uow.session, "XAU/USD")) == [later, first]
    assert [fetch.source for fetch in latest_fetches(uow.session)] == ["feed", "other"]
    assert latest_fetches(uow.session)[0] is later


def test_a_rate_that_waits_comes_with_the_good_value_before_its_day(uow: UnitOfWork) -> None:
    series(uow)
    observe(uow, "4000", "4100", until=NEWEST - DAY)
    observe(uow, "4090", until=NEWEST - DAY)
    observe(uow, "9000")
    found = board.waiting_rates(uow.session, "XAU/USD", on=NEWEST)

    assert [(facts.rate.value, facts.before, facts.is_waiting) for facts in found] == [
        (Decimal(9000), (NEWEST - DAY, Decimal(4090)), True)
    ]
    assert board.waiting_rates(uow.session, "XAU/USD", on=NEWEST - DAY) == []


def test_observations_tell_what_became_of_each(uow: UnitOfWork) -> None:
    series(uow)
    observe(uow, "4000", until=NEWEST - 3 * DAY)
    observe(uow, "4001", until=NEWEST - 3 * DAY)
    observe(uow, "9000", until=NEWEST - 2 * DAY)
    observe(uow, "9100", until=NEWEST - DAY)
    first, second = quarantined_rates(uow.session)
    services.dismiss_rate(uow, rate_id=first.id, reason="Wrong")
    releasing = uow.acting_as(uow.actor.__class__(kind=uow.actor.kind, name="somebody else"))
    services.release_rate(releasing, rate_id=second.id, reason="Right")

    found = board.observations(uow.session, "XAU/USD", on=NEWEST)
    told = [(int(each.rate.value), each.is_superseded, each.is_released, each.is_dismissed) for each in found]
    assert sorted(told) == [
        (4000, True, False, False),
        (4001, False, False, False),
        (9000, False, False, False),
        (9000, False, True, False),
        (9100, False, False, True),
    ]
    facts = board.rate_facts(uow.session, second.id, series="XAU/USD")
    assert facts.release is not None
    assert (facts.release.value, facts.dismissal, facts.is_waiting) == (Decimal(9000), None, False)
    assert not board.rate_facts(uow.session, first.id, series="XAU/USD").is_waiting


def test_people_are_named_and_programs_stand_for_themselves(uow: UnitOfWork) -> None:
    rosa = person(uow, "rosa")

    assert board.names_of(uow.session, [str(rosa.id), "clock", "system", str(rosa.id)]) == {str(rosa.id): "rosa"}
    assert board.names_of(uow.session, []) == {}
