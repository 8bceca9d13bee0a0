"""What staff tell for the monitoring report: read whole, refused by name."""

from datetime import date, timedelta

import pytest

from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.monitoring.answers import read_count, read_receipt, read_training

TODAY = date(2026, 9, 29)
TRAINING = {"topic": "mercury", "held_on": str(TODAY), "women": "12", "men": "0"}
TAX = {"authority": "Commission", "number": "r-1", "paid_on": "2026-09-12", "currency": "USD", "amount": "60.25"}
COUNT = {"counted_on": "2026-09-01", "officers": "8", "women": "8", "basis": "Voted"}
TOMORROW = str(TODAY + timedelta(1))


def refused(read: object, form: dict[str, str]) -> set[str]:
    with pytest.raises(InvalidInput) as error:
        read(form, today=TODAY)  # type: ignore[operator]
    return set(error.value.fields)


def test_what_is_right_is_read() -> None:
    assert read_training(TRAINING, today=TODAY) == ("mercury", TODAY, 12, 0)
    assert read_training({**TRAINING, "women": "0", "men": "2000"}, today=TODAY).men == 2_000
    assert read_receipt(TAX, today=TODAY) == ("Commission", "R-1", date(2026, 9, 12), Money(6_025, "USD"))
    assert read_count(COUNT, today=TODAY) == (date(2026, 9, 1), 8, 8, "Voted")


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"topic": "x"}, {"topic"}), ({"held_on": TOMORROW}, {"held_on"}), ({"held_on": ""}, {"held_on"}),
        ({"women": ""}, {"women"}), ({"men": "2001"}, {"men"}), ({"women": "0"}, {"women"}),
        ({"women": "-1"}, {"women"}),
    ],
)  # fmt: skip
def test_a_training_that_cannot_be_right_is_refused(change: dict[str, str], fields: set[str]) -> None:
    assert refused(read_training, {**TRAINING, **change}) == fields


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"authority": ""}, {"authority"}), ({"authority": "a" * 81}, {"authority"}), ({"number": ""}, {"number"}),
        ({"number": "1" * 41}, {"number"}), ({"paid_on": TOMORROW}, {"paid_on"}), ({"currency": "XXX"}, {"currency"}),
        ({"amount": "0"}, {"amount"}), ({"amount": "many"}, {"amount"}), ({"amount": ""}, {"amount"}),
    ],
)  # fmt: skip
def test_a_receipt_that_cannot_be_right_is_refused(change: dict[str, str], fields: set[str]) -> None:
    assert refused(read_receipt, {**TAX, **change}) == fields


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"women": "9"}, {"women"}), ({"officers": "0", "women": "0"}, {"officers"}), ({"officers": ""}, {"officers"}),
        ({"basis": "Vote"}, {"basis"}), ({"basis": ""}, {"basis"}), ({"basis": "b" * 201}, {"basis"}),
        ({"counted_on": TOMORROW}, {"counted_on"}),
    ],
)  # fmt: skip
def test_a_count_that_cannot_be_right_is_refused(change: dict[str, str], fields: set[str]) -> None:
    assert refused(read_count, {**COUNT, **change}) == fields
