"""Shares of a price are public; they sum to the whole."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.custody.shares import PriceLine, shares_of


def lines(*amounts: int) -> list[PriceLine]:
    return [PriceLine(f"c{place}", f"L{place}", "cooperative", amount) for place, amount in enumerate(amounts)]


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=8).filter(any))
def test_shares_sum_to_the_whole_and_none_is_off_by_a_hundredth_of_a_percent(amounts: list[int]) -> None:
    shares = shares_of(lines(*amounts))

    assert sum(each.share_bp for each in shares) == 10_000
    for share, amount in zip(shares, amounts, strict=True):
        assert abs(share.share_bp * sum(amounts) - amount * 10_000) < sum(amounts)


def test_what_rounding_leaves_goes_to_the_largest_remainder_then_to_the_earlier_line() -> None:
    assert [each.share_bp for each in shares_of(lines(1, 1, 1))] == [3334, 3333, 3333]
    # of 7: 2857.14, 2857.14, 4285.71
    assert [each.share_bp for each in shares_of(lines(2, 2, 3))] == [2857, 2857, 4286]
    assert [(each.code, each.label, each.payee) for each in shares_of(lines(5))] == [("c0", "L0", "cooperative")]


def test_a_price_of_nothing_or_a_negative_line_has_no_shares() -> None:
    assert shares_of([]) == ()
    assert shares_of(lines(0, 0)) == ()
    assert shares_of(lines(5, -1)) == ()
