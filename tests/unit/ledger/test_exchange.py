"""Exchange between currencies: every figure and every posting by hand."""

from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import CurrencyMismatch, Money
from marketplace.ledger import chart, exchange
from marketplace.ledger.exchange import NotAPart, Swap, TooSmall, part_of, rate_between, swap, valued
from marketplace.ledger.recipes import Entry

ORDER, PAYOUT = UUID(int=1), UUID(int=3)
CODES = ("USD", "EUR", "TZS", "UGX", "RWF", "JPY", "KWD", "TND", "XAF")


def m(minor: int, currency: str) -> Money:
    return Money(minor, currency)


def lines(entry: Entry) -> list[tuple[str, str, str]]:
    return [(line.debit.name, line.credit.name, f"{line.amount.currency} {line.amount.minor}") for line in entry.lines]


def test_a_rate_between_two_currencies_goes_over_the_dollar_exactly() -> None:
    # 2,600 shillings and 0.8 euros a dollar: a shilling is 0.8/2600 euros.
    assert rate_between(Decimal(2600), Decimal("0.8")) == Fraction(8, 26_000)


@pytest.mark.parametrize("pair", [(0, 1), (1, 0), (-1, 1), (1, -1)])
def test_a_rate_is_above_zero(pair: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="above zero"):
        rate_between(Decimal(pair[0]), Decimal(pair[1]))


@pytest.mark.parametrize(
    ("agreed", "rate", "given", "worth"),
    [
        # US$100.00 at 0.87655 is €87.655, half to even €87.66; back at the rate US$100.0057, US$100.01.
        (m(10_000, "USD"), Fraction("0.87655"), m(8_766, "EUR"), m(10_001, "USD")),
        # TSh 100.01 at 1/2500 is US$0.040004, US$0.04; back TSh 100.00.
        (m(10_001, "TZS"), Fraction(1, 2500), m(4, "USD"), m(10_000, "TZS")),
        # US$10.50 at 3,700.5 is USh 38,855.25, USh 38,855; back US$10.49993, US$10.50.
        (m(1_050, "USD"), Fraction("3700.5"), m(38_855, "UGX"), m(1_050, "USD")),
        # ¥1,000 at 1/150 is US$6.6667, US$6.67; back ¥1,000.5, half to even ¥1,000.
        (m(1_000, "JPY"), Fraction(1, 150), m(667, "USD"), m(1_000, "JPY")),
        # RF 1,453 at 1/1453 is exactly US$1.
        (m(1_453, "RWF"), Fraction(1, 1453), m(100, "USD"), m(1_453, "RWF")),
        # US$1.00 at 0.30785 is KD 0.30785, KD 0.308; back US$1.00049, US$1.00.
        (m(100, "USD"), Fraction("0.30785"), m(308, "KWD"), m(100, "USD")),
    ],
)  # fmt: skip
def test_an_exchange_is_rounded_once_to_what_can_be_paid(
    agreed: Money, rate: Fraction, given: Money, worth: Money
) -> None:
    assert swap(agreed, rate, given.currency) == Swap(agreed, given, worth)


def test_what_is_worth_nothing_in_the_other_currency_is_refused() -> None:
    # TSh 0.12 at 1/2500 is US$0.000048.
    with pytest.raises(TooSmall):
        swap(m(12, "TZS"), Fraction(1, 2500), "USD")
    # US$0.005 rounds to even, to nothing; a little more is a cent: TSh 12.50 and TSh 12.51.
    with pytest.raises(TooSmall):
        swap(m(1_250, "TZS"), Fraction(1, 2500), "USD")
    assert swap(m(1_251, "TZS"), Fraction(1, 2500), "USD").given == m(1, "USD")


@pytest.mark.parametrize("minor", [0, -1])
def test_only_an_amount_above_zero_is_exchanged(minor: int) -> None:
    with pytest.raises(ValueError, match="above zero"):
        swap(m(minor, "USD"), Fraction(1), "EUR")


def test_a_currency_is_not_exchanged_for_itself() -> None:
    with pytest.raises(CurrencyMismatch):
        swap(m(1, "USD"), Fraction(1), "USD")


WHOLE = Swap(m(10_001, "TZS"), m(4, "USD"), m(10_000, "TZS"))
RICH = Swap(m(10_000, "USD"), m(8_766, "EUR"), m(10_001, "USD"))


def test_all_of_an_exchange_is_itself() -> None:
    assert part_of(WHOLE, WHOLE.agreed, after=m(0, "TZS")) == WHOLE


def test_thirds_of_an_exchange_sum_to_it() -> None:
    # US$100.00 for €87.66 in parts of 33.33, 33.33, 33.34: 29.217 → 29.22; 58.434 → 58.43; 87.66.
    after, found = m(0, "USD"), []
    for minor in (3_333, 3_333, 3_334):
        found.append(part_of(RICH, m(minor, "USD"), after=after))
        after += m(minor, "USD")
    assert [each.given.minor for each in found] == [2_922, 2_921, 2_923]
    assert sum(each.worth.minor for each in found) == 10_001
    assert [each.agreed.minor for each in found] == [3_333, 3_333, 3_334]


@pytest.mark.parametrize(("part", "after"), [(0, 0), (-1, 5), (1, -1), (2, 10_000), (10_002, 0)])
def test_what_lies_outside_is_no_part(part: int, after: int) -> None:
    with pytest.raises(NotAPart):
        part_of(WHOLE, m(part, "TZS"), after=m(after, "TZS"))


def test_the_last_minor_unit_is_a_part() -> None:
    assert part_of(WHOLE, m(1, "TZS"), after=m(10_000, "TZS")) == Swap(m(1, "TZS"), m(0, "USD"), m(1, "TZS"))


def test_a_payment_in_another_currency_is_held_in_the_price_s_and_the_odd_unit_is_rounding() -> None:
    assert lines(exchange.captured(ORDER, WHOLE, m(1, "USD"))) == [
        ("fx_position", f"held:order:{ORDER}", "TZS 10000"),
        ("rounding", f"held:order:{ORDER}", "TZS 1"),
        ("stripe_clearing", "fx_position", "USD 4"),
        ("stripe_fees", "stripe_clearing", "USD 1"),
    ]
    assert exchange.captured(ORDER, WHOLE, m(0, "USD")).kind == "captured"
    assert len(exchange.captured(ORDER, WHOLE, m(0, "USD")).lines) == 3


def test_a_payment_worth_a_unit_more_gives_it_to_rounding() -> None:
    assert lines(exchange.captured(ORDER, RICH, m(0, "EUR"))) == [
        ("fx_position", f"held:order:{ORDER}", "USD 10000"),
        ("fx_position", "rounding", "USD 1"),
        ("stripe_clearing", "fx_position", "EUR 8766"),
    ]


def test_a_refund_goes_back_in_the_currency_paid_and_takes_rounding_back() -> None:
    assert lines(exchange.refund_decided(ORDER, WHOLE)) == [
        (f"held:order:{ORDER}", "fx_position", "TZS 10000"),
        (f"held:order:{ORDER}", "rounding", "TZS 1"),
        ("fx_position", f"refund_payable:order:{ORDER}", "USD 4"),
    ]
    assert lines(exchange.refund_decided(ORDER, RICH)) == [
        (f"held:order:{ORDER}", "fx_position", "USD 10000"),
        ("rounding", "fx_position", "USD 1"),
        ("fx_position", f"refund_payable:order:{ORDER}", "EUR 8766"),
    ]
    assert exchange.refund_decided(ORDER, WHOLE).kind == "refund_decided"


# US$1,000.00 owed; TSh 2,600,000 at the reference of 2,600 a dollar.
OWED = Swap(m(100_000, "USD"), m(260_000_000, "TZS"), m(100_000, "USD"))
BANK = chart.bank("operating")


def test_a_payout_the_bank_made_at_a_worse_rate_is_a_loss() -> None:
    # The bank took US$1,004.50 for it.
    entry = exchange.payout_sent(PAYOUT, BANK, OWED, m(100_450, "USD"))
    assert entry.kind == "payout_sent"
    assert lines(entry) == [
        (f"payout_in_transit:{PAYOUT}", "fx_position", "TZS 260000000"),
        ("fx_position", "bank:operating", "USD 100000"),
        ("fx_gain_loss", "bank:operating", "USD 450"),
    ]


def test_a_payout_the_bank_made_at_a_better_rate_is_a_gain() -> None:
    assert lines(exchange.payout_sent(PAYOUT, BANK, OWED, m(99_900, "USD"))) == [
        (f"payout_in_transit:{PAYOUT}", "fx_position", "TZS 260000000"),
        ("fx_position", "bank:operating", "USD 99900"),
        ("fx_position", "fx_gain_loss", "USD 100"),
    ]


def test_a_payout_at_the_reference_rate_is_neither() -> None:
    assert len(exchange.payout_sent(PAYOUT, BANK, OWED, m(100_000, "USD")).lines) == 2


def test_a_confirmed_payout_uses_up_what_was_reserved() -> None:
    entry = exchange.payout_confirmed(PAYOUT, OWED)
    assert entry.kind == "payout_confirmed"
    assert lines(entry) == [
        (f"coop_reserved:{PAYOUT}", "fx_position", "USD 100000"),
        ("fx_position", f"payout_in_transit:{PAYOUT}", "TZS 260000000"),
    ]


def test_a_part_that_came_back_stays_aside_for_the_next_try() -> None:
    entry = exchange.payout_part_failed(PAYOUT, BANK, OWED, m(99_900, "USD"))
    assert entry.kind == "payout_part_failed"
    assert lines(entry) == [
        ("fx_position", f"payout_in_transit:{PAYOUT}", "TZS 260000000"),
        ("bank:operating", "fx_position", "USD 99900"),
        ("fx_gain_loss", "fx_position", "USD 100"),
    ]


def test_our_own_exchange_at_the_bank_shows_what_it_lost_or_won() -> None:
    other = chart.bank("euro")
    sold, worth = m(10_000, "EUR"), m(11_400, "USD")
    for bought, last in (
        (11_350, [("fx_gain_loss", "fx_position", "USD 50")]),
        (11_400, []),
        (11_420, [("bank:operating", "fx_gain_loss", "USD 20")]),
    ):
        entry = exchange.exchanged_at_bank(other, BANK, sold=sold, bought=m(bought, "USD"), worth=worth)
        assert entry.kind == "exchanged_at_bank"
        assert lines(entry) == [
            ("fx_position", "bank:euro", "EUR 10000"),
            ("bank:operating", "fx_position", f"USD {min(bought, 11_400)}"),
            *last,
        ]


def test_positions_are_valued_at_the_day_s_rates() -> None:
    positions = {"USD": m(-10_000, "USD"), "EUR": m(8_766, "EUR"), "XAF": m(5, "XAF")}
    rates = {"USD": Decimal(1), "EUR": Decimal("0.86")}
    # €87.66 / 0.86 = US$101.930…
    assert valued(positions, rates, "USD") == {"USD": m(-10_000, "USD"), "EUR": m(10_193, "USD")}
    assert valued(positions, {"EUR": Decimal("0.86")}, "USD") == {}


amounts = st.integers(min_value=1, max_value=10**13)
codes = st.sampled_from(CODES)
rates = st.builds(Fraction, st.integers(1, 10**6), st.integers(1, 10**6))


def moved(entry: Entry) -> dict[tuple[str, str], int]:
    """Sum each account of each currency, debits minus credits."""
    sums: dict[tuple[str, str], int] = {}
    for line in entry.lines:
        for account, sign in ((line.debit, 1), (line.credit, -1)):
            place = (account.name, line.amount.currency)
            sums[place] = sums.get(place, 0) + sign * line.amount.minor
    return sums


def summed(*entries: Entry) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for entry in entries:
        for place, amount in moved(entry).items():
            sums[place] = sums.get(place, 0) + amount
    return {place: amount for place, amount in sums.items() if amount}


def exchanged(agreed: Money, rate: Fraction, code: str) -> Swap | None:
    try:
        return swap(agreed, rate, code) if code != agreed.currency else None
    except TooSmall:
        return None


@given(amounts, codes, codes, rates)
def test_every_journal_balances_per_currency(minor: int, of: str, to: str, rate: Fraction) -> None:
    whole = exchanged(m(minor, of), rate, to)
    if whole is None:
        return
    for entry in (exchange.captured(ORDER, whole, m(1, to)), exchange.refund_decided(ORDER, whole)):
        per_currency: dict[str, int] = {}
        for (_, currency), amount in moved(entry).items():
            per_currency[currency] = per_currency.get(currency, 0) + amount
        assert set(per_currency.values()) == {0}
        assert all(line.amount.minor > 0 for line in entry.lines)


@given(amounts, codes, codes, rates)
def test_a_payment_and_its_whole_refund_leave_nothing_behind(minor: int, of: str, to: str, rate: Fraction) -> None:
    whole = exchanged(m(minor, of), rate, to)
    if whole is None:
        return
    left = summed(exchange.captured(ORDER, whole, m(0, to)), exchange.refund_decided(ORDER, whole))
    # What the buyer paid is what she is owed, to the minor unit, and no position or rounding stays.
    assert left == {
        ("stripe_clearing", to): whole.given.minor,
        (f"refund_payable:order:{ORDER}", to): -whole.given.minor,
    }


@given(amounts, st.tuples(codes, codes), rates, st.lists(st.integers(1, 10**6), min_size=1, max_size=6))
def test_parts_in_any_size_sum_to_the_whole(
    minor: int, pair: tuple[str, str], rate: Fraction, weights: list[int]
) -> None:
    of, to = pair
    whole = exchanged(m(minor, of), rate, to)
    if whole is None:
        return
    after, entries = Money.zero(of), [exchange.captured(ORDER, whole, m(0, to))]
    for part in whole.agreed.allocate(weights):
        if part:
            entries.append(exchange.refund_decided(ORDER, part_of(whole, part, after=after)))
            after += part
    assert summed(*entries) == {
        ("stripe_clearing", to): whole.given.minor,
        (f"refund_payable:order:{ORDER}", to): -whole.given.minor,
    }


@given(amounts, codes, codes, rates)
def test_a_round_trip_loses_only_what_rounding_shows(minor: int, of: str, to: str, rate: Fraction) -> None:
    whole = exchanged(m(minor, of), rate, to)
    if whole is None:
        return
    assert whole.worth + whole.odd == whole.agreed
    # At most half a minor unit of what is given, and half a one of the price for writing it down.
    half_given = Fraction(1, 2 * 10 ** m(1, to).amount.as_tuple().exponent.__abs__()) / rate  # type: ignore[union-attr]
    half_agreed = Fraction(m(1, of).amount) / 2
    assert abs(Fraction(whole.odd.amount)) <= half_given + half_agreed


def test_three_decimals_are_rounded_to_what_can_be_charged() -> None:
    # US$16.65 at 0.30785 is KD 5.1257025, charged as KD 5.130; back US$16.664, US$16.66.
    assert swap(m(1_665, "USD"), Fraction("0.30785"), "KWD", step=10) == Swap(
        m(1_665, "USD"), m(5_130, "KWD"), m(1_666, "USD")
    )
    # KD 0.005 is exactly half a step: to even, to nothing.
    with pytest.raises(TooSmall):
        swap(m(5, "TZS"), Fraction(1, 10), "KWD", step=10)


def test_thirds_of_a_three_decimal_payment_end_in_nought_and_sum_to_it() -> None:
    # KD 5.130 in thirds: 1.710, 3.420 exactly.  KD 5.140: 1.713 → 1.710; 3.427 → 3.430; 5.140.
    for given_minor, parts in ((5_130, [1_710, 1_710, 1_710]), (5_140, [1_710, 1_720, 1_710])):
        whole, after, found = Swap(m(300, "USD"), m(given_minor, "KWD"), m(300, "USD")), m(0, "USD"), []
        for _ in range(3):
            found.append(part_of(whole, m(100, "USD"), after=after, step=10).given.minor)
            after += m(100, "USD")
        assert found == parts


@given(amounts, st.sampled_from(("USD", "TZS", "JPY")), rates, st.lists(st.integers(1, 10**6), min_size=1, max_size=6))
def test_parts_of_three_decimals_sum_to_the_whole_and_each_can_be_paid(
    minor: int, of: str, rate: Fraction, weights: list[int]
) -> None:
    try:
        whole = swap(m(minor, of), rate, "BHD", step=10)
    except TooSmall:
        return
    after, paid = Money.zero(of), 0
    for part in whole.agreed.allocate(weights):
        if part:
            found = part_of(whole, part, after=after, step=10).given.minor
            assert found % 10 == 0
            after, paid = after + part, paid + found
    assert paid == whole.given.minor
