"""Tags: issued to one cooperative, used once, gone for good when void or lost."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import InvalidInput
from marketplace.custody.rules.tags import (
    Gone,
    Issued,
    Origin,
    TagNumber,
    TagRefused,
    check_free,
    check_range,
    holds,
    meets,
    origin_of,
    parse,
    spelled,
)

ANNA, BEATRICE = UUID(int=1), UUID(int=2)
RANGES = st.builds(
    lambda prefix, first, more: Issued(ANNA, prefix, 3, first, min(first + more, 999)),
    st.sampled_from(["", "T", "T1", "T-"]),
    st.integers(0, 999),
    st.integers(0, 50),
)


def issued(first: int, last: int, *, to: UUID = ANNA, prefix: str = "TZ-", width: int = 6) -> Issued:
    return Issued(to, prefix, width, first, last)


@given(RANGES, RANGES)
def test_two_ranges_meet_exactly_when_a_number_is_in_both(one: Issued, other: Issued) -> None:
    numbers = {spelled(one.prefix, one.width, value) for value in range(one.first, one.last + 1)}
    others = {spelled(other.prefix, other.width, value) for value in range(other.first, other.last + 1)}

    assert meets(one, other) == bool(numbers & others)
    assert meets(one, other) == meets(other, one)


@given(RANGES, st.integers(0, 1100))
def test_a_range_holds_what_it_spells_and_nothing_else(one: Issued, value: int) -> None:
    assert holds(one, spelled(one.prefix, one.width, value)) == (one.first <= value <= one.last)


@given(st.from_regex(r"[A-Z-]{0,5}[0-9]{1,6}", fullmatch=True))
def test_a_number_taken_apart_is_spelled_as_before(number: str) -> None:
    found = parse(number)

    assert found is not None
    assert spelled(found.prefix, found.width, found.value) == number


def test_a_number_is_taken_apart_at_its_last_digits() -> None:
    assert parse("TZ-00412") == TagNumber("TZ-", 412, 5)
    assert parse("7") == TagNumber("", 7, 1)
    assert parse("TZ-A") is None
    assert parse("") is None


def test_the_ends_of_a_range_belong_to_it() -> None:
    row = issued(100, 199)
    assert [holds(row, f"TZ-{number:06}") for number in (99, 100, 199, 200)] == [False, True, True, False]
    assert not holds(row, "TZ-0100")
    assert not holds(row, "KE-000100")
    assert not holds(row, "TZ-00010٣")


def test_a_tag_of_the_own_stock_of_nobody_and_of_another_cooperative() -> None:
    ranges = [issued(100, 199), issued(200, 299, to=BEATRICE)]

    assert origin_of("TZ-000150", ranges, cooperative_id=ANNA) is Origin.OWN_STOCK
    assert origin_of("TZ-000500", ranges, cooperative_id=ANNA) is Origin.OTHER_ISSUER
    with pytest.raises(TagRefused) as refused:
        origin_of("TZ-000250", ranges, cooperative_id=ANNA)
    assert refused.value.message == (
        "This tag was issued to another cooperative. Read the number again, or take a tag of your own stock."
    )


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        (Gone("used", False), "This tag is on another bag already."),
        (Gone("lost", False), "This tag was reported lost."),
        (Gone("lost", True), "This tag was reported lost."),
        (Gone("void", False), "This tag is void."),
        (Gone("void", True), "This tag is void."),
    ],
)
def test_a_tag_that_is_gone_is_refused_with_what_to_do(gone: Gone, words: str) -> None:
    with pytest.raises(TagRefused) as refused:
        check_free(gone)
    assert refused.value.message.startswith(words)
    assert "Take a new one" in refused.value.message


def test_a_tag_still_in_stock_or_on_this_very_lot_may_be_used() -> None:
    check_free(None)
    check_free(Gone("used", True))


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        (issued(10, 9), "last", "The last number comes after the first."),
        (issued(0, 10_000), "last", "Issue at most %(most)s tags at a time."),
        (issued(5, 123, width=2), "last", "Write the first and the last number with as many digits."),
        (issued(150, 160), "first", "Some of these numbers were issued before. Check the first and the last."),
    ],
)
def test_a_wrong_range_names_the_field(row: Issued, field: str, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_range(row, [issued(160, 170, to=BEATRICE)])
    assert {name: error.message for name, error in refused.value.fields.items()} == {field: words}


def test_ranges_side_by_side_and_the_longest_range_are_fine() -> None:
    check_range(issued(100, 159), [issued(160, 170), issued(90, 99)])
    check_range(issued(0, 9_999), [])
    check_range(issued(7, 7), [])


def test_a_longer_prefix_can_stand_for_the_first_digits_of_a_longer_number() -> None:
    long, short = issued(1000, 1999, prefix="T", width=4), issued(500, 500, prefix="T1", width=3)

    assert meets(long, short)
    assert meets(short, long)
    assert not meets(issued(2000, 2999, prefix="T", width=4), short)
    assert not meets(long, issued(500, 500, prefix="TA", width=3))
    assert not meets(long, issued(500, 500, prefix="T1", width=4))
    assert not meets(long, issued(500, 500, prefix="U1", width=3))
