"""What the provider exchanges by itself: every posting by hand, and nothing left behind after all went back."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from marketplace.ledger import chart, exchange, provider_exchange
from marketplace.ledger.exchange import Swap, part_of
from marketplace.ledger.provider_exchange import Booked, same
from tests.unit.ledger.test_exchange import lines, m, summed

ORDER, CHARGEBACK = UUID(int=1), UUID(int=2)
HELD, OWED = f"held:order:{ORDER}", f"refund_payable:order:{ORDER}"
WITHHELD, FROZEN = f"dispute_withheld:{CHARGEBACK}", f"frozen:order:{ORDER}"
# US$976.50 for €855.95, worth US$976.50 at the order's rate.
WHOLE = Swap(m(97_650, "USD"), m(85_595, "EUR"), m(97_650, "USD"))
# US$100.00 for €87.66, worth US$100.01.
RICH = Swap(m(10_000, "USD"), m(8_766, "EUR"), m(10_001, "USD"))


def test_a_price_counted_in_another_currency_for_less_than_its_worth_is_a_loss() -> None:
    # Paid and priced US$976.50; the provider counted £700.00 where £720.00 was its worth, and kept £20.60.
    entry = provider_exchange.captured(
        ORDER, same(m(97_650, "USD")), Booked(m(70_000, "GBP"), m(72_000, "GBP")), m(2_060, "GBP")
    )
    assert entry.kind == "captured"
    assert lines(entry) == [
        ("fx_position", HELD, "USD 97650"),
        ("stripe_clearing", "fx_position", "GBP 70000"),
        ("fx_gain_loss", "fx_position", "GBP 2000"),
        ("stripe_fees", "stripe_clearing", "GBP 2060"),
    ]


def test_counted_for_more_than_its_worth_is_a_gain_and_the_odd_unit_is_rounding() -> None:
    entry = provider_exchange.captured(ORDER, RICH, Booked(m(7_600, "GBP"), m(7_500, "GBP")), m(0, "GBP"))
    assert lines(entry) == [
        ("fx_position", HELD, "USD 10000"),
        ("fx_position", "rounding", "USD 1"),
        ("stripe_clearing", "fx_position", "GBP 7500"),
        ("stripe_clearing", "fx_gain_loss", "GBP 100"),
    ]


def test_counted_in_the_price_s_own_currency_the_position_is_even_at_once() -> None:
    # Paid €855.95, counted US$950.00.
    entry = provider_exchange.captured(ORDER, WHOLE, Booked(m(95_000, "USD"), WHOLE.worth), m(2_785, "USD"))
    assert lines(entry) == [
        ("fx_position", HELD, "USD 97650"),
        ("stripe_clearing", "fx_position", "USD 95000"),
        ("fx_gain_loss", "fx_position", "USD 2650"),
        ("stripe_fees", "stripe_clearing", "USD 2785"),
    ]


def test_a_refund_leaves_in_the_provider_s_currency_and_comes_back_in_it() -> None:
    for moved, sent, back in (
        (72_500, [("fx_gain_loss", "stripe_clearing", "GBP 500")], [("stripe_clearing", "fx_gain_loss", "GBP 500")]),
        (71_500, [("fx_position", "fx_gain_loss", "GBP 500")], [("fx_gain_loss", "fx_position", "GBP 500")]),
        (72_000, [], []),
    ):
        booked, through = Booked(m(moved, "GBP"), m(72_000, "GBP")), f"GBP {min(moved, 72_000)}"
        entry = provider_exchange.refund_sent(ORDER, m(97_650, "USD"), booked)
        assert (entry.kind, lines(entry)) == (
            "refund_sent",
            [(OWED, "fx_position", "USD 97650"), ("fx_position", "stripe_clearing", through), *sent],
        )
        entry = provider_exchange.refund_failed(ORDER, m(97_650, "USD"), booked)
        assert (entry.kind, lines(entry)) == (
            "refund_failed",
            [("fx_position", OWED, "USD 97650"), ("stripe_clearing", "fx_position", through), *back],
        )


def test_a_chargeback_is_withheld_in_the_buyer_s_currency_and_taken_in_the_provider_s() -> None:
    booked, fee = Booked(m(72_500, "GBP"), m(72_000, "GBP")), m(1_500, "GBP")
    entry = provider_exchange.chargeback_taken(CHARGEBACK, m(85_595, "EUR"), booked, fee)
    assert (entry.kind, lines(entry)) == (
        "chargeback_taken",
        [
            (WITHHELD, "fx_position", "EUR 85595"),
            ("fx_position", "stripe_clearing", "GBP 72000"),
            ("fx_gain_loss", "stripe_clearing", "GBP 500"),
            ("dispute_fees", "stripe_clearing", "GBP 1500"),
        ],
    )
    entry = provider_exchange.chargeback_returned(CHARGEBACK, m(85_595, "EUR"), booked, fee)
    assert (entry.kind, lines(entry)) == (
        "chargeback_returned",
        [
            ("fx_position", WITHHELD, "EUR 85595"),
            ("stripe_clearing", "fx_position", "GBP 72000"),
            ("stripe_clearing", "fx_gain_loss", "GBP 500"),
            ("stripe_clearing", "dispute_fees", "GBP 1500"),
        ],
    )


def test_a_lost_chargeback_gives_up_the_price_s_amount() -> None:
    frozen = part_of(WHOLE, m(50_000, "USD"), after=m(47_650, "USD"))
    # €855.95 less 855.95 x 476.50 / 976.50 = €417.676…, €417.68: €438.27 for the last US$500.00.
    assert (frozen.given, frozen.worth) == (m(43_827, "EUR"), m(50_000, "USD"))
    entry = provider_exchange.chargeback_lost(ORDER, CHARGEBACK, frozen=frozen, loss=None)
    assert (entry.kind, lines(entry)) == (
        "chargeback_lost",
        [(FROZEN, "fx_position", "USD 50000"), ("fx_position", WITHHELD, "EUR 43827")],
    )
    entry = provider_exchange.chargeback_lost(ORDER, CHARGEBACK, frozen=None, loss=RICH)
    assert lines(entry) == [
        ("chargeback_loss", "fx_position", "USD 10000"),
        ("rounding", "fx_position", "USD 1"),
        ("fx_position", WITHHELD, "EUR 8766"),
    ]
    both = provider_exchange.chargeback_lost(ORDER, CHARGEBACK, frozen=frozen, loss=RICH)
    assert len(both.lines) == 5


amounts = st.integers(1, 10**11)


@given(
    st.tuples(amounts, amounts, amounts, amounts), st.lists(st.integers(1, 10**6), min_size=1, max_size=5), st.data()
)
def test_after_all_went_back_only_gain_or_loss_and_the_fee_are_left(
    figures: tuple[int, int, int, int], weights: list[int], data: st.DataObject
) -> None:
    price, given_, counted, worth = figures
    whole = Swap(m(price, "USD"), m(given_, "EUR"), m(price, "USD"))
    paid = Swap(whole.given, m(worth, "GBP"), m(worth, "GBP"))
    entries = [provider_exchange.captured(ORDER, whole, Booked(m(counted, "GBP"), m(worth, "GBP")), m(0, "GBP"))]
    after, before, out = Money.zero("USD"), Money.zero("EUR"), 0
    for part in whole.agreed.allocate(weights):
        if not part:
            continue
        portion = part_of(whole, part, after=after)
        after += part
        if not portion.given:
            entries.append(exchange.refund_decided(ORDER, portion))
            continue
        moved = data.draw(amounts)
        booked = Booked(m(moved, "GBP"), part_of(paid, portion.given, after=before).given)
        before, out = before + portion.given, out + moved
        entries.append(exchange.refund_decided(ORDER, portion))
        entries.append(provider_exchange.refund_sent(ORDER, portion.given, booked))
    left = summed(*entries)
    assert left.pop(("stripe_clearing", "GBP"), 0) == counted - out
    # A gain is a credit: what came in less what went out.
    assert left.pop((chart.FX_GAIN_LOSS.name, "GBP"), 0) == out - counted
    assert left == {}
