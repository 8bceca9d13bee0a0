"""Fetching a source: noted, read, imported with its guards; whatever a source does, the last good rate stays."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.rate_sources import RateSources, SourceDescription
from config.rates import Hosts
from marketplace.core.clock import SetClock
from marketplace.http.context import make_uow
from marketplace.jobs.tasks import rates as tasks
from marketplace.pricing import queries, services
from marketplace.pricing.models import RateFetch, ReferenceRate, ReferenceSeries
from marketplace.pricing.services import fetching
from marketplace.pricing.shipped import Observation
from marketplace.unit_of_work import UnitOfWork, running
from tests.builders.rate_sources import series, source
from tests.rate_server import HOST, Mood, RateServer, conditional, good, leading_to, rate_server, raw, silent

TODAY = date(2026, 9, 29)
YESTERDAY = TODAY - timedelta(days=1)
GOLD = series("XAU/USD")


def document(*rows: tuple[date | str, str]) -> bytes:
    return "\n".join(["date,value", *(f"{day},{value}" for day, value in rows), ""]).encode()


@pytest.fixture
def market(uow: UnitOfWork) -> UnitOfWork:
    """Gold at 4,100 yesterday."""
    services.ensure_series(uow, source("csv", GOLD))
    assert services.import_observations(uow, [Observation("XAU/USD", YESTERDAY, Decimal(4100))]).new == 1
    uow.commit()
    return uow


@contextmanager
def served(app: Flask, mood: Mood, *held: Any, **more: Any) -> Iterator[tuple[RateServer, SourceDescription]]:
    """A source on this machine that answers with a mood, known to the settings."""
    with rate_server(rates=mood) as server:
        address = server.address().replace(HOST, "127.0.0.1")
        described = source("csv", *(held or (GOLD,)), address=address, **more)
        before = app.extensions["settings"]
        app.extensions["settings"] = replace(
            before,
            rate_fetch=True,
            rate_hosts=Hosts({f"127.0.0.1:{server.port}"}),
            rate_fetch_loopback=True,
            rate_fetch_timeout_seconds=1,
            rate_fetch_max_bytes=20_000,
            rate_sources_file=RateSources(before.rate_sources_file.path, (described,)),
        )
        try:
            yield server, described
        finally:
            app.extensions["settings"] = before


def fetched(app: Flask, mood: Mood, *held: Any, **more: Any) -> RateFetch:
    with served(app, mood, *held, **more) as (_, described):
        done = services.fetch_source(make_uow, source=described)
    assert done is not None
    return done


def gold(session: Session, on: date = TODAY) -> Decimal:
    rate = queries.rate_as_of(session, "XAU/USD", on)
    assert rate is not None
    return rate.value


def test_a_good_document_brings_its_rates_and_says_where_they_came_from(app: Flask, market: UnitOfWork) -> None:
    done = fetched(app, good(document((TODAY, "4129.10")), 'ETag: "a1"'))

    assert (done.outcome, done.status, done.new_rates, done.quarantined, done.reason) == ("imported", 200, 1, 0, None)
    assert (done.etag, done.bytes_read, done.refused_rows) == ('"a1"', 30, [])
    assert done.finished_at is not None
    assert gold(market.session) == Decimal("4129.1")
    row = market.session.scalars(select(ReferenceRate).where(ReferenceRate.fetch_id == done.id)).one()
    assert (row.source, row.observed_on) == ("Test source", TODAY)


@pytest.mark.parametrize(
    ("value", "on", "outcome", "reason"),
    [
        ("41000", TODAY, "imported", None),  # ten times too high
        ("410", TODAY, "refused", "410 USD per troy ounce is outside 500 to 100000"),
        ("41.00", TODAY, "refused", "41 USD per troy ounce is outside"),
        ("4129", TODAY + timedelta(days=1), "refused", "the day is in the future"),
        ("4129", date(2006, 1, 1), "refused", "more than 20 years ago"),
        ("NaN", TODAY, "refused", "NaN is not a finite number"),
        ("0", TODAY, "refused", "the value is zero"),
        ("-4129", TODAY, "refused", "-4129 is negative"),
        ("132.75", TODAY, "refused", "is the unit or the currency another one?"),  # dollars a gram
        ("132753", TODAY, "refused", "is the unit or the currency another one?"),  # dollars a kilogram
    ],
)
def test_a_poisoned_document_changes_no_rate_in_force(
    app: Flask, market: UnitOfWork, value: str, on: date, *, outcome: str, reason: str | None
) -> None:
    done = fetched(app, good(document((on, value))))

    assert gold(market.session) == 4100
    assert gold(market.session, TODAY + timedelta(days=2)) == 4100
    assert done.outcome == outcome
    if reason is None:
        waiting = queries.quarantined_rates(market.session)[0]
        assert waiting.quarantine_reason == "900 % from 4100, the last good value of 2026-09-28"
        assert done.quarantined == 1
    else:
        assert done.refused_rows[0]["place"] == "row 2"
        assert reason in done.refused_rows[0]["reason"]


def test_a_tenth_of_the_value_waits_for_a_curator_where_it_is_plausible(app: Flask, market: UnitOfWork) -> None:
    shilling = series("USD/TZS", least=Decimal(1))
    fetched(app, good(document((YESTERDAY, "2450"))), shilling)
    done = fetched(app, good(document((TODAY, "245"))), shilling)

    assert (done.outcome, done.new_rates, done.quarantined) == ("imported", 0, 1)
    rate = queries.units_per_usd(market.session, "TZS", TODAY)
    assert rate is not None
    assert rate.value == 2450


@pytest.mark.parametrize(
    ("mood", "outcome", "reason"),
    [
        (good(b"", status="500 Oh"), "failed", "status_500"),
        (silent, "failed", "timed_out"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ndate"), "failed", "cut_off"),
        (good(document(*[(TODAY, "4129.10")] * 2000)), "failed", "too_large"),
        (leading_to("http://169.254.169.254/latest"), "failed", "redirect_refused"),
        (good(b"<html>Sorry</html>"), "refused", "document: it has no column date"),
        (good(document((TODAY, "4129.10"))[:-9]), "refused", "document: it is cut in the middle of row 2"),
        (good(b"\xff\xfe"), "refused", "document: it is not written in UTF-8"),
        (good(b""), "refused", "document: it is empty"),
    ],
)
def test_a_source_in_any_other_mood_is_noted_and_the_last_rate_stays(
    app: Flask, market: UnitOfWork, mood: Mood, *, outcome: str, reason: str
) -> None:
    done = fetched(app, mood)

    assert done.outcome == outcome
    assert done.reason is not None
    assert done.reason.startswith(reason)
    assert (done.new_rates, done.etag) == (0, None)
    assert gold(market.session) == 4100
    assert queries.latest_fetches(market.session) == [done]


def test_good_rows_count_and_bad_ones_are_kept_up_to_fifty(app: Flask, market: UnitOfWork) -> None:
    done = fetched(app, good(document((TODAY, "4129.10"), *[(TODAY, "none")] * 60)))

    assert (done.outcome, done.new_rates, done.reason) == ("imported", 1, "rows: 60 refused, 1 read")
    assert len(done.refused_rows) == 50
    assert done.refused_rows[0] == {"place": "row 3", "reason": "none is not a number"}
    assert gold(market.session) == Decimal("4129.1")


def test_no_transaction_is_open_while_the_source_is_read(
    app: Flask, market: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    def watching(*arguments: Any, **more: Any) -> Any:
        seen.append(market.session.in_transaction())
        return read(*arguments, **more)

    seen: list[bool] = []
    read = fetching.fetch
    monkeypatch.setattr(fetching, "fetch", watching)
    fetched(app, good(document((TODAY, "4129.10"))))

    assert seen == [False]


def test_an_unchanged_document_is_neither_sent_nor_imported_again(app: Flask, market: UnitOfWork) -> None:
    with served(app, conditional(document((TODAY, "4129.10")), '"a1"')) as (server, described):
        first, second, third = (services.fetch_source(make_uow, source=described) for _ in range(3))
        assert first is not None
        assert second is not None
        assert third is not None
        assert [each.outcome for each in (first, second, third)] == ["imported", "unchanged", "unchanged"]
        assert ["If-None-Match" in request for request in server.asked] == [False, True, True]
        assert (second.status, second.bytes_read, second.etag, second.new_rates) == (304, 0, '"a1"', 0)
    assert gold(market.session) == Decimal("4129.1")


def test_a_document_with_a_day_to_come_is_read_again(app: Flask, market: UnitOfWork, clock: SetClock) -> None:
    tomorrow = TODAY + timedelta(days=1)
    with served(app, conditional(document((tomorrow, "4129.10")), '"a1"')) as (_, described):
        services.fetch_source(make_uow, source=described)
        clock.advance(timedelta(days=1))
        done = services.fetch_source(make_uow, source=described)
    assert done is not None
    assert (done.outcome, done.new_rates) == ("imported", 1)


def test_missing_series_are_created_once_with_pair_and_priority(app: Flask, market: UnitOfWork) -> None:
    licensed = series("XAU/USD", code="XAU/USD:LBMA", priority=10)
    for _ in range(2):
        fetched(app, good(document((TODAY, "4131"))), licensed)

    row = market.session.get_one(ReferenceSeries, "XAU/USD:LBMA")
    assert (row.pair, row.priority, row.source, row.licence) == ("XAU/USD", 10, "Test source", "CC0-1.0")
    assert gold(market.session) == 4131, "the licensed series counts before the open one"
    # from yesterday on Tuesday it is fresh until Friday; the Monday after it is stale, and the open one older still
    assert gold(market.session, TODAY + timedelta(days=6)) == 4131


def test_the_first_value_of_a_new_series_is_held_against_the_pair(app: Flask, market: UnitOfWork) -> None:
    done = fetched(app, good(document((TODAY, "41310"))), series("XAU/USD", code="XAU/USD:LBMA", priority=10))

    assert (done.new_rates, done.quarantined) == (0, 1)
    assert gold(market.session) == 4100


def test_two_workers_never_read_one_source_at_once(app: Flask, market: UnitOfWork) -> None:
    with served(app, good(document((TODAY, "4129.10")))) as (server, described):
        with running(make_uow) as uow:
            assert fetching._begin(uow, described) is not None
        assert services.fetch_source(make_uow, source=described) is None
        assert server.asked == []


def test_the_try_of_a_killed_worker_is_closed_by_the_next(app: Flask, market: UnitOfWork, clock: SetClock) -> None:
    with served(app, good(document((TODAY, "4129.10")))) as (_, described):
        with running(make_uow) as uow:
            lost = fetching._begin(uow, described)  # and the worker is gone
            assert lost is not None
        clock.advance(timedelta(seconds=62))  # twice its second and a minute
        assert services.fetch_source(make_uow, source=described) is None
        clock.advance(timedelta(seconds=1))
        done = services.fetch_source(make_uow, source=described)
    assert done is not None
    assert done.outcome == "imported"
    closed = market.session.get_one(RateFetch, lost.fetch_id)
    assert (closed.outcome, closed.reason) == ("failed", "abandoned: the worker ended before the fetch did")
    assert [each.id for each in queries.fetches_of(market.session, "test-source")] == [done.id, closed.id]


def test_a_worker_that_was_given_up_changes_nothing_when_it_comes_back(app: Flask, market: UnitOfWork) -> None:
    def closing(*arguments: Any, **more: Any) -> Any:
        with running(make_uow) as uow:
            uow.session.scalars(select(RateFetch)).one().outcome = "failed"
        return read(*arguments, **more)

    read, fetching.fetch = fetching.fetch, closing
    try:
        done = fetched(app, good(document((TODAY, "4129.10"))))
    finally:
        fetching.fetch = read
    assert done.outcome == "failed"
    assert gold(market.session) == 4100


def test_sources_are_due_by_their_interval_and_sooner_after_failures(
    app: Flask, market: UnitOfWork, clock: SetClock
) -> None:
    def is_due() -> bool:
        with running(make_uow, read_only=True) as uow:
            return bool(services.due_sources(uow))

    with served(app, good(b"", status="500 Oh")) as (server, described):
        assert is_due()
        for pause in (5, 10, 20, 40, 60, 60):
            services.fetch_source(make_uow, source=described)
            clock.advance(timedelta(minutes=pause) - timedelta(seconds=1))
            assert not is_due()
            clock.advance(timedelta(seconds=1))
            assert is_due()
        server.moods["/rates"] = good(document((TODAY, "4129.10")))
        services.fetch_source(make_uow, source=described)
        clock.advance(timedelta(minutes=59))
        assert not is_due()
        clock.advance(timedelta(minutes=1))
        assert is_due()


def test_the_worker_asks_for_what_is_due_and_fetches_it(
    app: Flask, market: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    def note(_session: object, task: str, arguments: Any, *, queueing_lock: str | None) -> None:
        asked.append((task, arguments["source"], queueing_lock))

    asked: list[tuple[str, str, str | None]] = []
    monkeypatch.setitem(app.extensions, "enqueue", note)
    with served(app, good(document((TODAY, "4129.10")))) as (_, described):
        tasks.look()
        assert asked == [("rates.fetch", "test-source", "rates.fetch:test-source")]
        tasks.fetch(source="unknown")
        tasks.fetch(source=described.code)
        tasks.look()
        assert len(asked) == 1
    assert gold(market.session) == Decimal("4129.1")
    tasks.look()
    tasks.fetch(source="ecb")  # RATE_FETCH is no
    assert len(queries.fetches_of(market.session, "ecb")) == 0


def test_a_licensed_key_is_sent_in_its_header(app: Flask, market: UnitOfWork) -> None:
    with served(app, good(document((TODAY, "4129.10"))), key_header="X-Api-Key", key="secret") as (server, described):
        services.fetch_source(make_uow, source=described)
        assert "X-Api-Key: secret" in server.asked[0]


def test_tries_of_long_ago_are_removed_but_not_what_rates_and_pages_name(
    app: Flask, market: UnitOfWork, clock: SetClock
) -> None:
    brought = fetched(app, good(document((TODAY, "4129.10"))))
    with served(app, good(b"", status="500 Oh")) as (_, described):
        for _ in range(3):
            services.fetch_source(make_uow, source=described)
        clock.advance(timedelta(days=400))
        tasks.clean()
        assert len(queries.fetches_of(market.session, "test-source")) == 4
        clock.advance(timedelta(seconds=1))
        tasks.clean()
        left = queries.fetches_of(market.session, "test-source")
        assert len(left) == 2, "the newest of the source, and the one that brought a rate"
        assert brought in left
