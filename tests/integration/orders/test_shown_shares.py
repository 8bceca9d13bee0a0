"""What members of others and the public may read: a figure at its boundary, and none that can be subtracted."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from marketplace.orders.fair_sales import SalesFilter
from marketplace.orders.fairness_report import report
from marketplace.orders.shown_shares import share_of_all, share_of_country
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative
from tests.builders.fair_sales import finished_sales
from tests.builders.orders import Sale, delivered_order

TODAY = date(2026, 9, 29)
LAST_QUARTER = date(2026, 5, 15)  # April to June is the newest quarter that is over


class Market:
    """Cooperatives by letter: A is the reader's own, in Tanzania like B to E; X is in Kenya."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.like: Sale = delivered_order(uow)
        self.of = {"A": self.like.order.cooperative_id}
        self.of |= {letter: approved_cooperative(uow)[0].id for letter in "BCDE"}
        self.of["X"] = approved_cooperative(uow, "KE")[0].id
        self._made = 0

    def sell(self, sellers: str, *, on: date = LAST_QUARTER, net: int = 9_000) -> None:
        """Let each letter sell one lot for 100 dollars."""
        wanted = []
        for letter in sellers:
            self._made += 1
            wanted.append({"number": self._made, "cooperative": self.of[letter], "price": 10_000, "net": net, "on": on})
        finished_sales(self.uow, self.like, wanted)

    def seen_by(self, *letters: str, country: str = "TZ", on: date = TODAY) -> Decimal | None:
        """Return the country's figure as an officer of these cooperatives reads it."""
        own: list[UUID] = [self.of[letter] for letter in letters]
        found = share_of_country(self.uow.session, country, own=own, on=on)
        return found.median if found else None


@pytest.fixture
def market(uow: UnitOfWork) -> Market:
    return Market(uow)


def test_five_sales_of_three_others_and_not_one_less(market: Market) -> None:
    market.sell("AAAAABBCD")
    assert market.seen_by("A") is None
    market.sell("D")
    assert market.seen_by("A") == Decimal("0.90")


def test_five_sales_of_two_others_are_not_enough(market: Market) -> None:
    market.sell("ABBBCCCC")
    assert market.seen_by("A") is None
    market.sell("D")
    assert market.seen_by("A") == Decimal("0.90")


def test_an_officer_of_two_cooperatives_needs_three_besides_both(market: Market) -> None:
    market.sell("AABBBCCDD")
    assert market.seen_by("A") == Decimal("0.90")
    assert market.seen_by("A", "B") is None


def test_all_who_see_a_figure_see_the_same(market: Market) -> None:
    # Were each reader's own sales left out, A and B together could work out C's, D's and E's from two figures.
    market.sell("AAA", net=5_000)
    market.sell("BBCCDDE", net=9_000)
    assert {market.seen_by(letter) for letter in "ABCDE"} == {Decimal("0.90")}


def test_a_sale_of_today_changes_no_figure(market: Market) -> None:
    market.sell("ABBCDDE")
    before = market.seen_by("A")
    for day in (TODAY, date(2026, 7, 1)):
        market.sell("E", on=day, net=1_000)
        assert market.seen_by("A") == before
    # From October on the figure is of the third quarter alone: of these two sales there is none, the older one stays.
    found = share_of_country(market.uow.session, "TZ", own=[market.of["A"]], on=date(2026, 10, 1))
    assert found is not None
    assert (found.since, found.until, found.median) == (date(2026, 4, 1), date(2026, 6, 30), before)


def test_quarters_do_not_overlap_and_the_newest_with_enough_is_shown(market: Market) -> None:
    market.sell("ABBCCD", on=date(2025, 7, 1), net=8_000)
    assert market.seen_by("A") == Decimal("0.80")
    market.sell("ABBCCD", on=date(2026, 6, 30), net=7_000)
    assert market.seen_by("A") == Decimal("0.70")
    assert market.seen_by("A", on=date(2026, 6, 30)) == Decimal("0.80")  # the quarter is not over


def test_what_is_older_than_a_year_is_not_shown(market: Market) -> None:
    market.sell("ABBCCD", on=date(2025, 6, 30))
    assert market.seen_by("A") is None


def test_a_country_is_not_shown_when_the_rest_of_the_market_is_a_few_sales(market: Market) -> None:
    # The whole market is a figure too: beside it, Tanzania's would tell what the one Kenyan cooperative got.
    market.sell("AABBCCDD")
    assert market.seen_by("A") == Decimal("0.90")
    market.sell("X", net=3_000)
    assert market.seen_by("A") is None


def test_a_figure_is_blunt(market: Market) -> None:
    market.sell("AABBCCD", net=8_765)
    # 87.65 % is shown as 88 %.
    assert market.seen_by("A") == Decimal("0.88")


def test_the_public_reads_a_figure_that_tells_nobody_enough(market: Market) -> None:
    session = market.uow.session
    market.sell("AAAABBCD")
    assert share_of_all(session, on=TODAY) is None  # A would see four sales of others
    market.sell("D")
    shown = share_of_all(session, on=TODAY)
    assert shown is not None
    assert (shown.median, shown.count, shown.since, shown.until) == (
        Decimal("0.90"), 9, date(2026, 4, 1), date(2026, 6, 30),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on", "until"),
    [
        (date(2026, 1, 1), date(2025, 12, 31)),
        (date(2026, 4, 1), date(2026, 3, 31)),
        (date(2026, 7, 1), date(2026, 6, 30)),
        (date(2026, 10, 1), date(2026, 9, 30)),
    ],
)
def test_a_figure_names_the_last_day_of_its_quarter(market: Market, on: date, until: date) -> None:
    market.sell("ABBCCDDE", on=until)
    shown = share_of_all(market.uow.session, on=on)
    assert shown is not None
    assert shown.until == until


def test_staff_see_what_is_not_shown_to_others(market: Market) -> None:
    market.sell("AX")
    assert market.seen_by("A") is None
    assert report(market.uow.session, SalesFilter(country="KE")).whole.count == 1
