"""An address becomes exact filters and back; whatever is wrong is said beside its field and spoils nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from marketplace.lots.vocabulary import FORMS, TREATMENTS, varieties
from marketplace.search.filters import KINDS, WEIGHT_UNITS, Filters, Sort, parse


def parsed(**arguments: str | list[str]) -> tuple[Filters, dict[str, str]]:
    lists = {name: value if isinstance(value, list) else [value] for name, value in arguments.items()}
    filters, errors = parse(lists)
    return filters, {name: error.message for name, error in errors.items()}


def address(filters: Filters) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in filters.pairs():
        found.setdefault(name, []).append(value)
    return found


def choices(values: Any, most: int = 3) -> Any:
    return st.lists(st.sampled_from(sorted(values)), max_size=most, unique=True).map(sorted).map(tuple)


@st.composite
def any_filters(draw: st.DrawFn) -> Filters:
    kinds = draw(choices(KINDS))
    weights = sorted(draw(st.lists(st.integers(1, 10**9), max_size=2)))
    prices = sorted(draw(st.lists(st.integers(0, 10**12), max_size=2)))
    low_weight, high_weight = [*weights, None, None][:2]
    low_price, high_price = [*prices, None, None][:2]
    sorts = [sort for sort in Sort if sort is not Sort.UNIT_PRICE or len(kinds) == 1]
    return Filters(
        words=" ".join(draw(st.text(max_size=30, alphabet="abé \"'-:*&|!()<>")).split()),
        kind=kinds,
        form=draw(choices(FORMS)),
        variety=draw(choices(varieties())),
        country=draw(choices(("TZ", "KE", "CO"))),
        treatment=draw(choices(TREATMENTS)),
        weight_from=low_weight,
        weight_to=high_weight,
        weight_unit=draw(st.sampled_from(WEIGHT_UNITS)) if weights else "ct",
        price_from=None if low_price is None else Money(low_price, "USD"),
        price_to=None if high_price is None else Money(high_price, "USD"),
        women=draw(st.booleans()),
        sold=draw(st.booleans()),
        sort=draw(st.sampled_from(sorts)),
    )


@given(any_filters())
def test_the_address_of_filters_gives_the_same_filters(filters: Filters) -> None:
    # a kilogram is written to a millionth and a carat to 0.005: every whole milligram has its exact address
    assert parse(address(filters)) == (filters, {})


@given(any_filters())
def test_every_filter_applied_can_be_taken_away(filters: Filters) -> None:
    for name, value in filters.applied():
        fewer = filters.without(name, value)
        assert len(fewer.applied()) == len(filters.applied()) - 1
        assert parse(address(fewer))[1] == {}


@given(
    st.dictionaries(
        st.sampled_from(
            ["q", "kind", "form", "variety", "country", "treatment", "weight_from", "weight_to", "weight_unit",
             "price_from", "price_to", "women", "sold", "sort"]
        ),
        st.lists(st.text(max_size=60), min_size=1, max_size=4),
    )
)  # fmt: skip
def test_no_address_breaks_the_parser(arguments: dict[str, list[str]]) -> None:
    filters, _errors = parse(arguments)

    # what was understood is a clean address again
    assert parse(address(filters)) == (filters, {})


def test_weights_and_prices_are_read_as_people_type_them() -> None:
    # 3,42 ct × 200 = 684 mg; 1,5 ct × 200 = 300 mg; "5,000" in dollars is 500,000 cents
    filters, errors = parsed(weight_from="1,5", weight_to="3,42", price_to="5,000")

    assert errors == {}
    assert (filters.weight_from, filters.weight_to, filters.price_to) == (300, 684, Money(500_000, "USD"))


def test_a_wrong_value_is_named_and_the_others_still_hold() -> None:
    filters, errors = parsed(country="TZ", weight_from="heavy", form=["rough", "liquid"], sort="luck", women="maybe")

    assert set(errors) == {"weight_from", "form", "sort", "women"}
    assert (filters.country, filters.form, filters.weight_from, filters.sort, filters.women) == (
        ("TZ",), ("rough",), None, Sort.NEWEST, False,
    )  # fmt: skip


def test_a_highest_below_the_lowest_is_said_and_left_out() -> None:
    filters, errors = parsed(price_from="500", price_to="100")

    assert errors == {"price_to": "The highest is below the lowest. Change one of them."}
    assert (filters.price_from, filters.price_to) == (Money(50_000, "USD"), None)


@pytest.mark.parametrize(
    ("kinds", "sort"), [(["gem"], Sort.UNIT_PRICE), ([], Sort.NEWEST), (["gem", "gold"], Sort.NEWEST)]
)
def test_a_price_a_unit_compares_only_inside_one_kind(kinds: list[str], sort: Sort) -> None:
    filters, errors = parsed(kind=kinds, sort="unit_price")

    assert filters.sort is sort
    assert ("sort" in errors) is (sort is Sort.NEWEST)


def test_taking_the_kind_away_takes_an_order_that_needs_it() -> None:
    filters, _ = parsed(kind="gem", sort="unit_price")

    assert filters.without("kind", "gem").sort is Sort.NEWEST


def test_control_signs_and_endless_searches_never_reach_the_database() -> None:
    assert parsed(q="tanza\x00nite \u202eblue\ud800")[0].words == "tanza nite blue"
    assert parsed(q="a" * 101) == (Filters(), {"q": "Search for at most %(most)s letters."})
