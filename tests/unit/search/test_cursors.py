"""A cursor names a place we gave out, in the order it was given for, and nothing else."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.search.cursors import BadCursor, Place, read_cursor, write_cursor
from marketplace.search.filters import Sort

KEY = "a key of the tests"
PLACE = Place(Sort.PRICE_UP, 124_000, UUID(int=7))


@given(
    st.builds(
        Place,
        st.sampled_from(Sort),
        st.one_of(st.integers(0, 2**62), st.datetimes(timezones=st.just(UTC))),
        st.uuids(),
    )
)
def test_a_cursor_brings_back_its_place(place: Place) -> None:
    assert read_cursor(write_cursor(place, key=KEY), sort=place.sort, key=KEY) == place


def test_a_cursor_does_not_fit_another_order_or_another_key() -> None:
    text = write_cursor(PLACE, key=KEY)

    for sort, key in ((Sort.SHARE, KEY), (Sort.PRICE_UP, "another key")):
        with pytest.raises(BadCursor):
            read_cursor(text, sort=sort, key=key)


def test_no_changed_byte_is_accepted() -> None:
    text = write_cursor(PLACE, key=KEY)
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))

    for place in range(len(raw)):
        changed = bytes([*raw[:place], raw[place] ^ 1, *raw[place + 1 :]])
        with pytest.raises(BadCursor):
            read_cursor(urlsafe_b64encode(changed).decode().rstrip("="), sort=Sort.PRICE_UP, key=KEY)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    with pytest.raises(BadCursor):
        read_cursor(text, sort=Sort.NEWEST, key=KEY)


def test_a_moment_keeps_its_microseconds() -> None:
    # two lots published in the same second are told apart
    moment = datetime(2026, 9, 29, 9, 0, 0, 123_456, tzinfo=UTC)

    assert (
        read_cursor(write_cursor(Place(Sort.NEWEST, moment, UUID(int=1)), key=KEY), sort=Sort.NEWEST, key=KEY).value
        == moment
    )
