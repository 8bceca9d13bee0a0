"""Charges of countries, worked out by hand: what each is a share of, and who gets how much."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import CurrencyMismatch, Money
from marketplace.pricing.charges import (
    BASIS_WORDS,
    ChargeRule,
    ChargeSet,
    ExportFacts,
    UnknownCharge,
    deduction_of,
    special_stone,
)
from marketplace.pricing.split import Deduction, Split, SplitRules, split_from_net, split_from_price

KG = 1_000_000  # milligrams
USD = "USD"


def usd(amount: str) -> Money:
    return Money.from_decimal(Decimal(amount), USD)


def rule(rate: str, basis: str = "sale", **more: object) -> ChargeRule:
    return ChargeRule("charge", "Charge", "Authority", Decimal(rate), basis=basis, **more)  # type: ignore[arg-type]


def shared(gross: str, *deductions: Deduction) -> Split:
    """Share a price without fee and premium, so that the price is the seller gross."""
    return split_from_price(usd(gross), SplitRules(0, deductions))


COLOMBIA = rule("0.04", "reference", base_share=Decimal("0.8"))
SIERRA_LEONE = rule("0.03", "highest_valuation")
FUND = ChargeRule("fund", "Fund", "Agency", Decimal("0.0005"))
MALI = rule("0.03", "first_mass", limit_mg=50 * KG)


@pytest.mark.parametrize(
    ("name", "rates", "charges", "net"),
    [
        # Tanzania: royalty 6 % of 1,000.00 = 60.00, inspection 1 % = 10.00; 1,000 − 70 = 930.00
        ("TZ gold, rough stones and rough diamonds", ("0.06", "0.01"), ("60.00", "10.00"), "930.00"),
        # cut: royalty 1 % = 10.00, inspection 1 % = 10.00
        ("TZ cut stones and cut diamonds", ("0.01", "0.01"), ("10.00", "10.00"), "980.00"),
        # Kenya: 3 % of 1,000.00 = 30.00 for gold; 6 % = 60.00 for rough stones and rough diamonds
        ("KE gold", ("0.03",), ("30.00",), "970.00"),
        ("KE rough stones and rough diamonds", ("0.06",), ("60.00",), "940.00"),
        # Sierra Leone gold: duty 3 % = 30.00, fund 0.05 % = 0.50
        ("SL gold", ("0.03", "0.0005"), ("30.00", "0.50"), "969.50"),
        # stones of Sierra Leone: the fund alone
        ("SL stones", ("0.0005",), ("0.50",), "999.50"),
        # DRC: 12 % up to export for gold; 6 % for stones and diamonds
        ("CD gold", ("0.12",), ("120.00",), "880.00"),
        ("CD stones and diamonds", ("0.06",), ("60.00",), "940.00"),
        # Colombia: stones 1.5 % of 1,000.00 = 15.00
        ("CO stones", ("0.015",), ("15.00",), "985.00"),
    ],
)
def test_charges_on_the_sale(name: str, rates: tuple[str, ...], charges: tuple[str, ...], net: str) -> None:
    split = shared("1000.00", *(deduction_of(rule(rate), ExportFacts()) for rate in rates))

    assert [str(line.amount.amount) for line in split.lines if line.payee == "deduction"] == list(charges), name
    assert split.net == usd(net), name


def test_colombia_charges_four_fifths_of_the_reference_value_whatever_the_sale_brings() -> None:
    # 250 g at 920 ‰ are worth 30,533.34; 80 % are 24,426.672, of which 4 % are 977.06688 = 977.07
    facts = ExportFacts(reference_value=usd("30533.34"))
    for gross, net in (("29000.00", "28022.93"), ("32000.00", "31022.93")):
        split = shared(gross, deduction_of(COLOMBIA, facts))

        assert split.net == usd(net)
        (charge,) = (line for line in split.lines if line.payee == "deduction")
        assert (charge.amount, charge.base, charge.basis) == (usd("977.07"), usd("30533.34"), "reference")
        assert charge.rate == Decimal("0.032")


def test_without_a_reference_value_colombia_takes_the_sale_and_says_so() -> None:
    # 4 % of 80 % of 1,000.00 = 32.00
    split = shared("1000.00", deduction_of(COLOMBIA, ExportFacts()))
    charge = split.lines[1]

    assert (charge.amount, charge.base, charge.basis) == (usd("32.00"), usd("1000.00"), "reference_missing")


@pytest.mark.parametrize(
    ("valuations", "duty", "base", "basis"),
    [
        # nobody valued it: 3 % of 10,000.00
        ((), "300.00", "10000.00", "highest_valuation_missing"),
        # the Government says 12,000.00: 3 % = 360.00
        (("12000.00",), "360.00", "12000.00", "highest_valuation"),
        # the independent valuer says more: 3 % of 12,500.00 = 375.00
        (("12000.00", "12500.00"), "375.00", "12500.00", "highest_valuation"),
        (("12500.00", "12000.00"), "375.00", "12500.00", "highest_valuation"),
        # the sale is the highest of the three, by one cent, exactly, and not quite
        (("9999.99",), "300.00", "10000.00", "sale_is_highest"),
        (("10000.00",), "300.00", "10000.00", "sale_is_highest"),
        (("10000.01",), "300.00", "10000.01", "highest_valuation"),
    ],
)
def test_sierra_leone_counts_the_highest_of_three_valuations(
    valuations: tuple[str, ...], duty: str, base: str, basis: str
) -> None:
    facts = ExportFacts(valuations=tuple(usd(each) for each in valuations))
    split = shared("10000.00", deduction_of(SIERRA_LEONE, facts), deduction_of(FUND, facts))

    charge, fund = (line for line in split.lines if line.payee == "deduction")
    assert (charge.amount, charge.base, charge.basis) == (usd(duty), usd(base), basis)
    assert fund.amount == usd("5.00"), "the fund takes 0.05 % of the export itself"


@pytest.mark.parametrize(
    ("exported_kg", "weight_kg", "tax", "base"),
    [
        # 3 % of 1,000.00 = 30.00 while the lot is within the first 50 kg of the month
        (0, 2, "30.00", "1000.00"),
        (48, 2, "30.00", "1000.00"),
        # one of two kilograms is within: 3 % of 500.00
        (49, 2, "15.00", "500.00"),
        (50, 2, "0.00", "0.00"),
        (80, 2, "0.00", "0.00"),
        # a lot of 80 kg after nothing: 50 of 80 parts, 3 % of 625.00 = 18.75
        (0, 80, "18.75", "625.00"),
    ],
)
def test_mali_charges_the_first_50_kilograms_of_a_month(exported_kg: int, weight_kg: int, tax: str, base: str) -> None:
    facts = ExportFacts(weight_mg=weight_kg * KG, exported_mg=exported_kg * KG)
    charge = shared("1000.00", deduction_of(MALI, facts)).lines[1]

    assert (charge.amount, charge.base, charge.basis) == (usd(tax), usd(base), "first_mass")


def test_one_milligram_decides_at_the_limit_of_mali() -> None:
    deduction = deduction_of(MALI, ExportFacts(weight_mg=2, exported_mg=50 * KG - 1))

    assert deduction.part == Fraction(1, 2)
    assert deduction_of(MALI, ExportFacts(weight_mg=1, exported_mg=50 * KG - 1)).part == 1
    assert deduction_of(MALI, ExportFacts(exported_mg=60 * KG)).part == 1, "without a weight all of it is charged"
    assert deduction_of(rule("0.03"), ExportFacts(weight_mg=1, exported_mg=90 * KG)).part == 1
    assert deduction_of(rule("0.03", "first_mass"), ExportFacts(weight_mg=1)).part == 1


@pytest.mark.parametrize(
    ("facts", "sale", "is_special"),
    [
        (ExportFacts(), None, False),
        (ExportFacts(valuations=(usd("500000.00"),)), usd("1.00"), False),
        (ExportFacts(valuations=(usd("500000.01"),)), usd("1.00"), True),
        (ExportFacts(), usd("500000.01"), True),
        (ExportFacts(pieces=2), usd("500000.01"), False),
        (ExportFacts(), Money(10**12, "TZS"), False),
    ],
)
def test_a_single_stone_above_half_a_million_may_pay_a_higher_duty(
    facts: ExportFacts, sale: Money | None, is_special: bool
) -> None:
    assert special_stone(facts, sale=sale) is is_special


def test_a_set_of_charges_says_whether_it_is_complete_and_verified() -> None:
    sourced = deduction_of(rule("0.03", evidence="sourced"), ExportFacts())
    doubtful = deduction_of(rule("0.03"), ExportFacts())
    unknown = UnknownCharge("royalty", "Royalty", "Authority", "Sources conflict.", "")

    assert ChargeSet((sourced,)).is_verified
    assert not ChargeSet((sourced, doubtful)).is_verified
    assert ChargeSet((doubtful,)).is_complete
    assert not ChargeSet((sourced,), (unknown,)).is_complete
    assert not ChargeSet((sourced,), (unknown,)).is_verified
    rules = ChargeSet((sourced,)).rules(platform_fee_bps=500, premium=usd("9.00"))
    assert (rules.platform_fee_bps, rules.deductions, rules.premium) == (500, (sourced,), usd("9.00"))


def test_every_basis_a_split_can_have_has_words_for_percent_and_base() -> None:
    bases = {"sale", "reference", "reference_missing", "highest_valuation", "highest_valuation_missing",
             "sale_is_highest", "first_mass"}  # fmt: skip

    assert set(BASIS_WORDS) == bases
    assert all("%(percent)s" in words and "%(base)s" in words for words in BASIS_WORDS.values())


def charge(**more: object) -> Deduction:
    return Deduction("a", "A", "x", Decimal("0.1"), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "make",
    [
        lambda: charge(part=Fraction(3, 2)),
        lambda: charge(part=Fraction(-1, 2)),
        lambda: charge(fixed_base=Money(-1, USD)),
        lambda: SplitRules(0, (charge(fixed_base=Money(1, USD)), charge(fixed_base=Money(1, "TZS")))),
    ],
)
def test_a_charge_that_makes_no_sense_is_refused(make: object) -> None:
    with pytest.raises(ValueError, match=r"share|base"):
        make()  # type: ignore[operator]


def test_a_base_in_another_currency_is_refused() -> None:
    rules = SplitRules(0, (deduction_of(COLOMBIA, ExportFacts(reference_value=Money(10**6, "COP"))),))

    with pytest.raises(CurrencyMismatch):
        split_from_price(usd("100.00"), rules)
    with pytest.raises(CurrencyMismatch):
        split_from_net(usd("100.00"), rules)


amounts = st.integers(0, 10**9).map(lambda minor: Money(minor, USD))
rates = st.decimals(min_value=0, max_value="0.15", places=4)
facts_of = st.builds(
    ExportFacts,
    weight_mg=st.integers(1, 100 * KG),
    reference_value=st.none() | amounts,
    valuations=st.lists(amounts, max_size=2).map(tuple),
    exported_mg=st.integers(0, 100 * KG),
)
rules_of = st.lists(
    st.builds(
        ChargeRule,
        code=st.just("charge"),
        label=st.just("Charge"),
        payee=st.just("Authority"),
        rate=rates,
        basis=st.sampled_from(["sale", "reference", "highest_valuation", "first_mass"]),
        base_share=st.sampled_from([Decimal(1), Decimal("0.8")]),
        limit_mg=st.just(50 * KG),
    ),
    max_size=5,
)
many = st.builds(
    lambda rules, all_facts, fee: SplitRules(
        fee, tuple(deduction_of(each, facts) for each, facts in zip(rules, all_facts, strict=False))
    ),
    rules_of,
    st.lists(facts_of, min_size=5, max_size=5),
    st.integers(0, 3000),
)


@given(many, st.integers(1, 10**9))
def test_the_price_is_the_smallest_that_leaves_the_net_amount(rules: SplitRules, net: int) -> None:
    split = split_from_net(Money(net, USD), rules)

    assert sum(line.amount.minor for line in split.lines) == split.price.minor
    assert all(line.amount.minor >= 0 for line in split.lines)
    assert split.net.minor >= net
    one_less = split.seller_gross.minor - 1
    left = one_less - rules.deducted(one_less)
    assert left + Fraction(1, 2) < net, "a seller gross of one cent less would not leave it"


@given(many, st.integers(1, 10**9), st.integers(0, 10**6))
def test_who_wants_more_never_asks_a_lower_price(rules: SplitRules, net: int, more: int) -> None:
    low, high = split_from_net(Money(net, USD), rules), split_from_net(Money(net + more, USD), rules)

    assert low.price <= high.price
    assert low.net <= high.net


@given(many, st.integers(1, 10**9))
def test_both_directions_agree(rules: SplitRules, net: int) -> None:
    split = split_from_net(Money(net, USD), rules)

    assert split_from_price(split.price, rules) == split


@given(many, st.integers(1, 10**9))
def test_no_line_is_a_unit_away_from_its_own_exact_amount(rules: SplitRules, net: int) -> None:
    split = split_from_net(Money(net, USD), rules)
    charged = [line.amount.minor for line in split.lines if line.payee == "deduction"]

    for amount, deduction in zip(charged, rules.deductions, strict=True):
        assert abs(amount - deduction.exact(split.seller_gross.minor)) < 1


def test_a_charge_that_is_exact_keeps_its_cents() -> None:
    # exact parts 190, 39.75 and 24.75 sum to 254.5, an exact half in favour of the cooperative: 254
    half = Deduction("a", "a", "x", Decimal("0.5"), fixed_base=Money(380, USD))  # 190
    quarter = Deduction("b", "b", "x", Decimal("0.75"), fixed_base=Money(53, USD))  # 39.75
    other = Deduction("c", "c", "x", Decimal("0.75"), fixed_base=Money(33, USD))  # 24.75
    split = split_from_price(Money(10_000, USD), SplitRules(0, (half, quarter, other)))

    assert [line.amount.minor for line in split.lines if line.payee == "deduction"] == [190, 40, 24]
