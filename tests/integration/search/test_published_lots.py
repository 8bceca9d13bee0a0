"""Filters, counts and pages in the database say what a plain loop over all lots says."""

from collections import Counter
from collections.abc import Callable
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.core.money import Money
from marketplace.lots.models import LotListing
from marketplace.search import queries
from marketplace.search.filters import FACETS, Filters, Sort
from marketplace.unit_of_work import UnitOfWork
from tests.builders.listings import bare_cooperative, gold, listed, stone

# The market is only read, so every example may use the same one.
SAME_MARKET = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
SORTED_BY: dict[Sort, tuple[Callable[[LotListing], object], bool]] = {
    Sort.NEWEST: (lambda lot: (lot.published_at, lot.lot_id), True),
    Sort.PRICE_UP: (lambda lot: (lot.price_minor, lot.lot_id), False),
    Sort.PRICE_DOWN: (lambda lot: (lot.price_minor, lot.lot_id), True),
    Sort.UNIT_PRICE: (lambda lot: (lot.unit_price_minor, lot.lot_id), False),
    Sort.SHARE: (lambda lot: (lot.miner_share_bp, lot.lot_id), True),
}


def fits(lot: LotListing, filters: Filters) -> bool:
    """Say the same as the conditions in SQL, one lot at a time."""
    return (
        (lot.availability != "sold" or filters.sold)
        and all(not getattr(filters, name) or getattr(lot, name) in getattr(filters, name) for name in FACETS)
        and (filters.weight_from is None or lot.weight_mg >= filters.weight_from)
        and (filters.weight_to is None or lot.weight_mg <= filters.weight_to)
        and (filters.price_from is None or lot.price_minor >= filters.price_from.minor)
        and (filters.price_to is None or lot.price_minor <= filters.price_to.minor)
        and (lot.is_women_led or not filters.women)
    )


def some(values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values.split()), max_size=2, unique=True).map(tuple)


FILTERS = st.builds(
    Filters,
    kind=some("gold gem"),
    form=some("rough cut dore dust"),
    variety=some("tanzanite ruby emerald"),
    country=some("TZ KE CO"),
    treatment=some("N H"),
    weight_from=st.sampled_from([None, 684, 685]),
    weight_to=st.sampled_from([None, 684, 1_000]),
    price_from=st.sampled_from([None, Money(90_000, "USD"), Money(90_001, "USD")]),
    price_to=st.sampled_from([None, Money(90_000, "USD")]),
    women=st.booleans(),
    sold=st.booleans(),
    sort=st.sampled_from(Sort),
)


@SAME_MARKET
@given(filters=FILTERS)
def test_counts_are_those_of_a_plain_loop(session: Session, market: list[LotListing], filters: Filters) -> None:
    counts = queries.count(session, filters)

    assert counts.total == sum(fits(lot, filters) for lot in market)
    assert counts.women == sum(lot.is_women_led and fits(lot, filters.without("women")) for lot in market)
    for facet in FACETS:
        left = [getattr(lot, facet) for lot in market if fits(lot, filters.without(facet))]
        assert counts.choices[facet] == Counter(value for value in left if value is not None), facet


@SAME_MARKET
@given(filters=FILTERS, size=st.integers(1, 9))
def test_pages_show_every_lot_once_in_order(
    session: Session, market: list[LotListing], filters: Filters, size: int
) -> None:
    seen: list[UUID] = []
    page = queries.find_page(session, filters, size=size)
    while True:
        seen += [lot.lot_id for lot in page.lots]
        if page.next is None:
            break
        announced = page.following
        page = queries.find_page(session, filters, place=page.next, size=size)
        assert len(page.lots) == announced
        assert len(seen) <= len(market), "a page came twice"

    key, is_reversed = SORTED_BY[filters.sort]
    wanted = sorted((lot for lot in market if fits(lot, filters)), key=key, reverse=is_reversed)  # type: ignore[arg-type]
    assert seen == [lot.lot_id for lot in wanted]


@SAME_MARKET
@given(filters=FILTERS)
def test_an_empty_result_knows_what_each_filter_hides(
    session: Session, market: list[LotListing], filters: Filters
) -> None:
    for (name, value), count in queries.count_without_each(session, filters).items():
        assert count == sum(fits(lot, filters.without(name, value)) for lot in market)


def found(session: Session, words: str) -> set[str]:
    return {lot.title for lot in queries.find_page(session, Filters(words=words)).lots}


def test_search_finds_whole_words_and_the_beginning_of_the_last(uow: UnitOfWork) -> None:
    cooperative = bare_cooperative(uow, "Umoja wa Wanawake")
    blue = listed(uow, cooperative, stone()).title
    red = listed(uow, cooperative, stone(variety="ruby", colour="red", place="Longido, Arusha")).title
    bar = listed(uow, cooperative, gold()).title
    session = uow.session

    assert found(session, "tanzanite") == found(session, "tanzanit") == found(session, "TANZANITE rough") == {blue}
    assert found(session, "rough aru") == {red}
    assert found(session, "tanzanit rough") == set(), "only the last word may be unfinished"
    assert found(session, "tanzanite or ruby") == {blue, red}
    assert found(session, "rough -ruby") == {blue}
    assert found(session, '"violet blue"') == {blue}
    assert found(session, "zumaridi") == set()
    assert found(session, "dhahabu") == {bar}, "Swahili for gold"
    assert found(session, "3.42") == {blue, red}
    assert found(session, "umoja") == {blue, red, bar}


HOSTILE = (
    "'", '"', "''':*", "a:*", "!", "&", "|", "<->", "(", "\\", "a\\", "'; drop table lot; --", "%", "or", "-", "- -",
    "*", ":A", "ab:", "x'y", "..", "a..", "1e999", "宝石", "🪨", "or or", '"tanz', "&&||!!", "0" * 100,
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_no_search_breaks_the_database(uow: UnitOfWork, words: str) -> None:
    listed(uow, bare_cooperative(uow), stone())

    assert len(queries.find_page(uow.session, Filters(words=words)).lots) <= 1


def test_only_lots_with_a_listing_are_there(uow: UnitOfWork) -> None:
    listing = listed(uow, bare_cooperative(uow), stone())
    assert queries.published_lot(uow.session, listing.reference).listing is listing

    uow.session.delete(listing)
    uow.session.flush()

    with pytest.raises(NotFound):
        queries.published_lot(uow.session, listing.reference)
    assert queries.count(uow.session, Filters(sold=True)).total == 0
