"""What staff type about limits, holds and closed regions."""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.compliance.staff_forms import (
    Clearance,
    Closure,
    Hold,
    read_clearance,
    read_closure,
    read_hold,
    reason_of,
    registration_mark,
)
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money

NOW = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)
WHY = "Exactly 20 letters.."
CLEARANCE = {"up_to": "12,600.50", "expires_on": "2026-09-29", "reason": WHY}
CLOSURE = {"country": "TZ", "region": " Mahenge ", "starts_on": "2026-09-01", "ends_on": "2026-09-29", "reason": WHY}


def wrong(error: pytest.ExceptionInfo[InvalidInput]) -> dict[str, str]:
    return {name: problem.message for name, problem in error.value.fields.items()}


def closure(**other: str) -> Closure:
    return read_closure({**CLOSURE, **other}, countries=("TZ", "KE"), now=NOW)


def test_a_clearance_counts_until_the_end_of_its_last_day() -> None:
    found = read_clearance(CLEARANCE, now=NOW)

    assert found == Clearance(Money(1_260_050, "USD"), datetime(2026, 9, 30, tzinfo=UTC), WHY)


@pytest.mark.parametrize("day", ["2026-09-28", "2027-09-30", "2030-01-01"])
def test_a_clearance_ends_from_today_on_and_within_a_year(day: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_clearance({**CLEARANCE, "expires_on": day}, now=NOW)

    assert set(wrong(refused)) == {"expires_on"}


def test_a_clearance_may_last_a_whole_year() -> None:
    # 366 days from the 29th, nine in the morning, reach the 30th of the next year: its last day is the 29th
    assert read_clearance({**CLEARANCE, "expires_on": "2027-09-29"}, now=NOW).expires_at == datetime(
        2027, 9, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("field", "typed"),
    [("up_to", ""), ("up_to", "0"), ("up_to", "much"), ("up_to", "10,000,000,001"), ("expires_on", ""),
     ("expires_on", "soon"), ("expires_on", "2026-02-30"), ("reason", ""), ("reason", "Only 19 letters ..."),
     ("reason", "x" * 1001)],
)  # fmt: skip
def test_one_wrong_field_is_named(field: str, typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_clearance({**CLEARANCE, field: typed}, now=NOW)

    assert set(wrong(refused)) == {field}


def test_the_largest_limit_is_ten_thousand_millions() -> None:
    assert read_clearance({**CLEARANCE, "up_to": "10,000,000,000"}, now=NOW).up_to == Money(10**12, "USD")


def test_nothing_typed_names_every_field() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_clearance({}, now=NOW)

    assert set(wrong(refused)) == {"up_to", "expires_on", "reason"}


def test_a_closure_lasts_whole_days() -> None:
    assert closure() == Closure(
        "TZ", "Mahenge", datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 30, tzinfo=UTC), WHY
    )


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"country": "XX"}, {"country"}),
        ({"country": ""}, {"country"}),
        ({"region": "x" * 81}, {"region"}),
        ({"starts_on": "2026-08-30"}, {"starts_on"}),  # more than 30 days before nine in the morning of the 29th
        ({"ends_on": "2026-09-28"}, {"ends_on"}),  # over before today
        ({"starts_on": "2026-10-02", "ends_on": "2026-10-01"}, {"ends_on"}),
        ({"ends_on": "2026-10-31"}, {"ends_on"}),  # 61 days
        ({"starts_on": "", "ends_on": "2020-01-01"}, {"starts_on"}),
        ({"starts_on": "2026-09-31"}, {"starts_on"}),
        ({"reason": "flood"}, {"reason"}),
    ],
)
def test_a_wrong_closure_names_its_fields(typed: dict[str, str], fields: set[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        closure(**typed)

    assert set(wrong(refused)) == fields


def test_a_closure_may_begin_thirty_days_ago_and_last_sixty() -> None:
    assert closure(starts_on="2026-08-31", ends_on="2026-10-29").ends_at - closure(
        starts_on="2026-08-31"
    ).starts_at == timedelta(days=60)
    assert closure(starts_on="2026-09-29").starts_at == datetime(2026, 9, 29, tzinfo=UTC)


@pytest.mark.parametrize(("wide", "stops"), [("yes", True), ("", False), ("no", False)])
def test_a_hold_has_a_ground_and_a_reason(*, wide: str, stops: bool) -> None:
    assert read_hold({"ground": "papers", "reason": WHY, "wide": wide}) == Hold("papers", WHY, stops)


def test_a_hold_without_ground_or_reason_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_hold({"ground": "envy"})

    assert set(wrong(refused)) == {"ground", "reason"}


def test_a_reason_alone_is_read_and_refused_the_same_way() -> None:
    assert reason_of({"reason": f"  {WHY} "}) == WHY
    with pytest.raises(InvalidInput) as refused:
        reason_of({"reason": "no"})
    assert set(wrong(refused)) == {"reason"}


@pytest.mark.parametrize("typed", ["HRB 123-45", "hrb12345", " HRB/12345 "])
def test_a_registration_has_one_spelling(typed: str) -> None:
    assert registration_mark(typed, country="DE") == "DE:HRB12345"


@pytest.mark.parametrize("typed", ["", "A1", "--- ---", "x" * 41, "№№№№"])
def test_what_is_no_registration_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        registration_mark(typed, country="DE")


@pytest.mark.parametrize("typed", ["A12", "x" * 40])
def test_the_shortest_and_the_longest_registration_pass(typed: str) -> None:
    assert registration_mark(typed, country="KE") == f"KE:{typed.upper()}"
