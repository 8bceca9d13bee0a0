"""What a curator types is a rate, or she is told what to change, field by field."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.core.errors import InvalidInput
from marketplace.pricing.rate_entry import RateEntry, read_entry, read_reason

TODAY = date(2026, 9, 29)
GOOD = {"observed_on": "2026-09-28", "value": "4 129,1005", "source": "Refiner", "reason": "The feed is down"}


def wrong(**typed: str) -> dict[str, str]:
    """Return the message of every wrong field."""
    with pytest.raises(InvalidInput) as refused:
        read_entry({**GOOD, **typed}, today=TODAY)
    return {name: error.message % error.params for name, error in refused.value.fields.items()}


def test_a_rate_is_read_with_its_day_source_and_reason() -> None:
    assert read_entry({**GOOD, "source": " Refiner "}, today=TODAY) == RateEntry(
        date(2026, 9, 28), Decimal("4129.1005"), "Refiner", "The feed is down"
    )


@pytest.mark.parametrize("day", ["1970-01-01", "2026-09-29", " 2026-09-29 "])
def test_a_day_may_be_today_and_as_old_as_1970(day: str) -> None:
    assert read_entry({**GOOD, "observed_on": day}, today=TODAY).observed_on == date.fromisoformat(day.strip())


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("", "Enter the day of the rate."), (" ", "Enter the day of the rate."),
        ("2026-09-30", "A rate of a day to come is not known yet. Enter today or a day before."),
        ("1969-12-31", "This day is too long ago. Check the year."),
        ("2026-02-30", "There is no such day in the calendar. Check it."),
        ("29.9.2026", "Enter the day as year, month and day, such as 2026-09-29."),
        ("20260929", "Enter the day as year, month and day, such as 2026-09-29."),
        ("2026-W40-2", "Enter the day as year, month and day, such as 2026-09-29."),
        ("\u0662026-09-29", "Enter the day as year, month and day, such as 2026-09-29."),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_asked_again(day: str, message: str) -> None:
    assert wrong(observed_on=day) == {"observed_on": message}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("0", "Enter a rate above zero."), ("-4129", "Enter a number with digits only, such as 3.42."),
        ("NaN", "Enter a number with digits only, such as 3.42."),
        ("1e9", "Enter a number with digits only, such as 3.42."),
        ("1.00000000001", "Enter at most 10 digits after the decimal mark."), ("", "Enter the rate."),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_asked_again(value: str, message: str) -> None:
    assert wrong(value=value) == {"value": message}


def test_source_and_reason_are_words_of_some_length() -> None:
    assert read_entry({**GOOD, "source": "s" * 200, "reason": "r" * 500}, today=TODAY).source == "s" * 200
    assert wrong(source="s" * 201) == {"source": "Write at most 200 characters."}
    assert wrong(reason="r" * 501) == {"reason": "Write at most 500 characters."}
    assert wrong(source=" ") == {"source": "Say where you read this rate."}
    assert wrong(reason="\n") == {"reason": "Say why you enter it by hand."}


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_entry({}, today=TODAY)

    assert set(refused.value.fields) == {"observed_on", "value", "source", "reason"}


def test_a_decision_needs_a_reason() -> None:
    assert read_reason(" Seen at two sources ") == "Seen at two sources"
    assert read_reason("r" * 500) == "r" * 500
    for text, message in ((" ", "Say why. Others will read it."), ("r" * 501, "Write at most 500 characters.")):
        with pytest.raises(InvalidInput) as refused:
            read_reason(text)
        error = refused.value.fields["reason"]
        assert error.message % error.params == message
