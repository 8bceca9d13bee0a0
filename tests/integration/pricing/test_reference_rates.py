"""Reference rates: imported once, guarded against jumps, never from the future, released by a second person."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.core.actor import Actor, ActorKind
from marketplace.core.errors import Conflict, Forbidden, NotFound
from marketplace.core.money import Money
from marketplace.pricing import queries, services
from marketplace.pricing.models import ReferenceRate
from marketplace.pricing.queries import RateMissing
from marketplace.pricing.services.rates import RateRefused
from marketplace.pricing.shipped import Observation
from marketplace.unit_of_work import UnitOfWork

NEWEST = date(2026, 9, 29)


@pytest.fixture
def rates(uow: UnitOfWork) -> UnitOfWork:
    uow.now += timedelta(days=1)  # the day after the newest shipped metals, so that a value of that day is none to come
    services.import_rates(uow)
    return uow


def curator(uow: UnitOfWork, name: str) -> UnitOfWork:
    return uow.acting_as(Actor(kind=ActorKind.PERSON, user_id=uuid4(), name=name))


def observe(uow: UnitOfWork, value: str, on: date, series: str = "XAU/USD") -> int:
    return services.import_observations(uow, [Observation(series, on, Decimal(value))]).written


def test_the_shipped_rates_are_imported_once(rates: UnitOfWork) -> None:
    held = rates.session.scalar(select(func.count()).select_from(ReferenceRate))

    assert services.import_rates(rates) == 0
    assert rates.session.scalar(select(func.count()).select_from(ReferenceRate)) == held
    # 203 dates × 3 metals less six days without platinum; 724 dates × 12 currencies (ECB, franc); 203 × 10 open ones
    assert held == 203 * 3 - 6 + 724 * 12 + 203 * 10
    rates.check_audited()


def test_the_rate_of_a_day_is_the_newest_until_then_and_never_a_later_one(rates: UnitOfWork) -> None:
    newest = queries.rate_as_of(rates.session, "XAU/USD", NEWEST)
    day_before = queries.rate_as_of(rates.session, "XAU/USD", NEWEST - timedelta(days=1))

    assert newest is not None
    assert (newest.value, newest.observed_on, newest.licence) == (Decimal("4129.1005"), NEWEST, "CC0-1.0")
    assert day_before is not None
    assert day_before.observed_on < NEWEST
    assert queries.rate_as_of(rates.session, "XAU/USD", date(2024, 3, 1)) is None


def test_a_rate_that_jumps_more_than_its_series_allows_waits_for_a_curator(rates: UnitOfWork) -> None:
    # 4129.1005 × 1.08 = 4459.43: 4,460 is beyond the 8 % of gold
    tomorrow = NEWEST + timedelta(days=1)
    assert observe(rates, "4460", tomorrow) == 1

    rate = queries.rate_as_of(rates.session, "XAU/USD", tomorrow)
    assert rate is not None
    assert rate.value == Decimal("4129.1005")
    waiting = queries.quarantined_rates(rates.session)[0]
    assert (waiting.value, waiting.quarantine_reason) == (
        Decimal(4460),
        "8 % from 4129.1005, the last good value of 2026-09-29",
    )


def test_a_curator_releases_a_quarantined_rate_once(rates: UnitOfWork) -> None:
    tomorrow = NEWEST + timedelta(days=1)
    observe(rates, "4460", tomorrow)
    waiting = queries.quarantined_rates(rates.session)[0]
    alice = curator(rates, "Alice")

    released = services.release_rate(alice, rate_id=waiting.id, reason="Seen at two other sources")

    rate = queries.rate_as_of(rates.session, "XAU/USD", tomorrow)
    assert rate is not None
    assert (rate.id, rate.value) == (str(released.id), Decimal(4460))
    assert waiting not in queries.quarantined_rates(rates.session)
    with pytest.raises(Conflict):
        services.release_rate(alice, rate_id=waiting.id, reason="Again")
    rates.check_audited()


def test_a_corrected_value_supersedes_and_the_old_row_stays(rates: UnitOfWork) -> None:
    assert observe(rates, "4130", NEWEST) == 1
    assert observe(rates, "4129.1005", NEWEST) == 0, "a value held before is passed over, not put back"

    rate = queries.rate_as_of(rates.session, "XAU/USD", NEWEST)
    assert rate is not None
    assert rate.value == 4130
    of_day = select(ReferenceRate).where(ReferenceRate.series == "XAU/USD", ReferenceRate.observed_on == NEWEST)
    assert len(rates.session.scalars(of_day).all()) == 2


def test_a_rate_entered_by_hand_counts_after_a_second_curator_released_it(rates: UnitOfWork) -> None:
    alice, bob = curator(rates, "Alice"), curator(rates, "Bob")
    entered = services.enter_rate(
        alice, series="XAU/USD", observed_on=NEWEST, value=Decimal(4131), source="Refiner's quotation"
    )
    assert _value(rates.session, NEWEST) == Decimal("4129.1005")

    with pytest.raises(Forbidden):
        services.release_rate(alice, rate_id=entered.id, reason="I am sure")
    services.release_rate(bob, rate_id=entered.id, reason="Checked the paper")

    assert _value(rates.session, NEWEST) == 4131
    rates.check_audited()


@pytest.mark.parametrize(
    ("value", "days", "source"),
    [("0", 0, "paper"), ("-1", 0, "paper"), ("NaN", 0, "paper"), ("1", 1, "paper"), ("1", 0, " ")],
)
def test_a_rate_of_tomorrow_or_without_a_source_is_refused(
    rates: UnitOfWork, value: str, days: int, source: str
) -> None:
    on = rates.now.date() + timedelta(days=days)
    with pytest.raises(RateRefused):
        services.enter_rate(rates, series="XAU/USD", observed_on=on, value=Decimal(value), source=source)


def test_an_unknown_series_or_rate_is_not_found(rates: UnitOfWork) -> None:
    with pytest.raises(NotFound):
        services.enter_rate(rates, series="XBT/USD", observed_on=NEWEST, value=Decimal(1), source="paper")
    with pytest.raises(NotFound):
        queries.rate_by_id(rates.session, uuid4())


def test_an_amount_is_converted_with_the_rates_it_names(rates: UnitOfWork) -> None:
    shillings = queries.units_per_usd(rates.session, "TZS", NEWEST)
    assert shillings is not None

    converted = queries.convert_between(rates.session, Money(10_000, "USD"), "TZS", NEWEST)

    assert converted.money == Money.from_decimal(shillings.value * 100, "TZS")
    assert converted.rate_ids == (shillings.id,)
    assert converted.observed_on == shillings.observed_on
    assert not converted.stale
    assert queries.convert_between(rates.session, Money(5, "EUR"), "EUR", NEWEST).money == Money(5, "EUR")


def test_a_currency_without_a_rate_is_said_to_have_none(rates: UnitOfWork) -> None:
    with pytest.raises(RateMissing, match="ZMW"):
        queries.convert_between(rates.session, Money(1, "USD"), "ZMW", NEWEST)


def test_the_public_prices_a_gram_name_source_date_and_age(rates: UnitOfWork) -> None:
    prices = queries.todays_prices(rates.session, "USD", NEWEST + timedelta(days=2))

    gold = [price for price in prices if price.metal == "gold"]
    # 4129.1005 ÷ 31.1034768 = 132.75366… a fine gram: × 0.999, 0.916, 0.875, 0.750
    assert [str(price.per_gram.amount) for price in gold] == ["132.62", "121.60", "116.16", "99.57"]
    assert {(price.age_days, price.stale, price.observed_on) for price in prices} == {(2, False, NEWEST)}
    assert {price.metal for price in prices} == {"gold", "silver", "platinum"}


def test_the_public_prices_in_shillings_carry_both_rates(rates: UnitOfWork) -> None:
    price = queries.todays_prices(rates.session, "TZS", NEWEST)[0]
    assert price.per_gram.currency == "TZS"
    assert len(price.rate_ids) == 2


def test_a_chart_gets_the_good_rates_oldest_first(rates: UnitOfWork) -> None:
    points = queries.rate_history(rates.session, "XAU/USD", since=date(2026, 9, 1), until=NEWEST)
    assert points[-1] == (NEWEST, Decimal("4129.1005"))
    assert list(points) == sorted(points)
    assert len(queries.all_series(rates.session)) == 25


def _value(session: Session, on: date) -> Decimal:
    rate = queries.rate_as_of(session, "XAU/USD", on)
    assert rate is not None
    return rate.value
