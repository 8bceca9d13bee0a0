"""An agreed price is shared by the rules that shared the lot's own price."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from marketplace.lots.versions import price_document
from marketplace.orders.agreed_split import lines_at, rules_of, split_at
from marketplace.pricing.split import Deduction, SplitRefused, SplitRules, split_from_net, split_from_price

ROYALTY = Deduction("royalty", "Royalty", "Revenue Authority", Decimal("0.06"), evidence="sourced", source="The Act")
LEVY = Deduction("levy", "Levy", "District", Decimal("0.10"), base_share=Decimal("0.3"))
PREMIUM = Money(50_000, "USD")


def content(rules: SplitRules, net: int = 1_000_000, **more: Any) -> dict[str, Any]:
    document = price_document(split_from_net(Money(net, "USD"), rules))
    return {"weight_mg": 100_000, "price": {**document, "valuations_minor": {}, **more}}


def test_the_price_of_the_lot_keeps_its_own_lines() -> None:
    version = content(SplitRules(500, (ROYALTY,)))

    assert lines_at(version, Money(version["price"]["price_minor"], "USD")) is version["price"]


def test_a_lower_price_takes_the_same_charges_of_less() -> None:
    version = content(SplitRules(500, (ROYALTY, LEVY)))

    split = split_at(version, Money(105_000, "USD"))

    # fee 500 of 10,500 → 5,000; goods 100,000; royalty 6 % 6,000; levy 10 % of 30 % 3,000; net 91,000
    assert {line.code: line.amount.minor for line in split.lines} == {
        "cooperative": 91_000, "royalty": 6_000, "levy": 3_000, "platform_fee": 5_000,
    }  # fmt: skip
    royalty = next(line for line in split.lines if line.code == "royalty")
    assert (royalty.label, royalty.beneficiary, royalty.evidence, royalty.source, royalty.basis) == (
        "Royalty", "Revenue Authority", "sourced", "The Act", "sale",
    )  # fmt: skip
    assert lines_at(version, Money(105_000, "USD"))["net_minor"] == 91_000


def test_a_premium_by_weight_shrinks_with_the_part_and_not_with_the_price() -> None:
    version = content(SplitRules(500, (ROYALTY,), PREMIUM))

    assert split_at(version, Money(900_000, "USD")).amount_of("premium") == PREMIUM
    assert split_at(version, Money(90_000, "USD"), part_mg=10_000).amount_of("premium") == Money(5_000, "USD")


def test_a_reference_value_stays_whatever_the_sale_brings_and_shrinks_with_the_part() -> None:
    fixed = Deduction(
        "royalty", "Royalty", "State", Decimal("0.04"), Decimal("0.8"), basis="reference",
        fixed_base=Money(2_000_000, "USD"),
    )  # fmt: skip
    version = content(SplitRules(500, (fixed,)))

    # 4 % of 80 % of 2,000,000 = 64,000
    assert split_at(version, Money(700_000, "USD")).amount_of("deduction") == Money(64_000, "USD")
    assert split_at(version, Money(70_000, "USD"), part_mg=10_000).amount_of("deduction") == Money(6_400, "USD")


def test_a_sale_below_the_valuation_pays_of_the_valuation() -> None:
    valued = Deduction(
        "export", "Export duty", "State", Decimal("0.03"), basis="highest_valuation",
        fixed_base=Money(900_000, "USD"), or_sale_if_more=True,
    )  # fmt: skip
    version = content(SplitRules(500, (valued,)), valuations_minor={"government": 900_000, "independent": None})
    line = next(line for line in version["price"]["lines"] if line["code"] == "export")
    assert line["basis"] == "sale_is_highest", "the lot's own price is above the valuation"

    low = split_at(version, Money(525_000, "USD"))

    # goods 500,000 are below the valuation: 3 % of 900,000
    assert low.amount_of("deduction") == Money(27_000, "USD")
    assert next(each for each in low.lines if each.code == "export").basis == "highest_valuation"


def test_a_valuation_that_the_document_does_not_repeat_is_the_frozen_base() -> None:
    valued = Deduction(
        "export", "Export duty", "State", Decimal("0.03"), basis="highest_valuation",
        fixed_base=Money(9_000_000, "USD"), or_sale_if_more=True,
    )  # fmt: skip
    version = content(SplitRules(500, (valued,)))
    version["price"].pop("valuations_minor")

    assert split_at(version, Money(1_050_000, "USD")).amount_of("deduction") == Money(270_000, "USD")


@pytest.mark.parametrize("basis", ["reference", "highest_valuation"])
def test_a_base_that_nobody_knew_is_still_the_sale(basis: str) -> None:
    unknown = Deduction("royalty", "Royalty", "State", Decimal("0.04"), basis=basis, fallback=True)
    version = content(SplitRules(500, (unknown,)))

    split = split_at(version, Money(105_000, "USD"))

    assert split.amount_of("deduction") == Money(4_000, "USD")
    assert next(line for line in split.lines if line.code == "royalty").basis == f"{basis}_missing"


def test_a_charge_on_the_first_mass_takes_the_same_part_of_the_goods() -> None:
    mass = Deduction("tax", "Tax", "State", Decimal("0.03"), basis="first_mass", part=Fraction(1, 4))
    version = content(SplitRules(500, (mass,)))

    # goods 100,000, a quarter of them 25,000, 3 % of that
    assert split_at(version, Money(105_000, "USD")).amount_of("deduction") == Money(750, "USD")


def test_lines_of_before_the_basis_was_kept_are_of_the_sale() -> None:
    version = content(SplitRules(500, (ROYALTY,)))
    for line in version["price"]["lines"]:
        line["basis"] = None

    assert split_at(version, Money(105_000, "USD")).amount_of("deduction") == Money(6_000, "USD")


def test_a_price_that_leaves_the_cooperative_nothing_is_refused() -> None:
    version = content(SplitRules(500, (ROYALTY,), PREMIUM))

    with pytest.raises(SplitRefused):
        split_at(version, Money(50_000, "USD"))


@given(
    st.integers(1_000, 10**9),
    st.integers(0, 2_000),
    st.lists(st.decimals("0.001", "0.2", places=3), max_size=3),
    st.integers(1, 100),
)
def test_rules_read_back_share_every_price_as_the_rules_did(
    net: int, fee: int, rates: list[Decimal], percent: int
) -> None:
    deductions = tuple(Deduction(f"c{place}", "L", "P", rate) for place, rate in enumerate(rates))
    rules = SplitRules(fee, deductions)
    version = content(rules, net)
    price = Money(max(1_000, version["price"]["price_minor"] * percent // 100), "USD")

    assert price_document(split_at(version, price)) == price_document(split_from_price(price, rules))
    assert sum(line["amount_minor"] for line in lines_at(version, price)["lines"]) == price.minor
    assert rules_of(version["price"]).platform_fee_bps == fee
