"""Every applied charge of the shipped file, worked by hand on one lot of each country and kind of goods."""

from decimal import Decimal

import pytest

from marketplace.core.money import Money
from marketplace.pricing.charges import ChargeSet, ExportFacts, deduction_of
from marketplace.pricing.gold import reference_value
from marketplace.pricing.queries.rules import rule_of
from marketplace.pricing.services.import_rules import shipped_charge
from marketplace.pricing.shipped import rows_of
from marketplace.pricing.split import Split, split_from_net, split_from_price

THOUSAND = Money(100_000, "USD")
APPLIED = [row for row in rows_of("rules/deductions.csv") if row["status"] == "applied"]


def charges(country: str, kind: str, form: str, facts: ExportFacts) -> ChargeSet:
    """Return the applied charges of the shipped file."""
    of_goods = [row for row in APPLIED if (row["country"], row["kind"]) == (country, kind)]
    wanted = [row for row in of_goods if row["form"] in {form, "any"}]
    return ChargeSet(tuple(deduction_of(rule_of(shipped_charge(row)), facts) for row in wanted))


def shared(country: str, goods: str, *, price: Money = THOUSAND, facts: ExportFacts | None = None) -> Split:
    kind, form = goods.split()
    rules = charges(country, kind, form, facts or ExportFacts()).rules(platform_fee_bps=0)
    split = split_from_price(price, rules)
    assert split_from_net(split.net, rules).net == split.net
    return split


def taken(split: Split) -> dict[str, str]:
    return {line.code: str(line.amount.amount) for line in split.lines if line.payee == "deduction"}


def valued(*amounts: str) -> ExportFacts:
    return ExportFacts(valuations=tuple(Money.from_decimal(Decimal(each), "USD") for each in amounts))


# Of 1,000.00: the charges and what is left.
EXAMPLES = [
    ("TZ", "gold dore", {"royalty": "60.00", "clearance_and_inspection": "10.00"}, "930.00"),  # 6 % + 1 %
    ("TZ", "gemstone rough", {"royalty": "60.00", "clearance_and_inspection": "10.00"}, "930.00"),  # 6 % + 1 %
    ("TZ", "gemstone cut", {"royalty": "10.00", "clearance_and_inspection": "10.00"}, "980.00"),  # 1 % + 1 %
    ("TZ", "diamond rough", {"royalty": "60.00", "clearance_and_inspection": "10.00"}, "930.00"),  # 6 % + 1 %
    ("TZ", "diamond cut", {"royalty": "10.00", "clearance_and_inspection": "10.00"}, "980.00"),  # 1 % + 1 %
    ("KE", "gold dust", {"royalty": "30.00"}, "970.00"),  # 3 %
    ("KE", "gemstone rough", {"royalty": "60.00"}, "940.00"),  # 6 %
    ("KE", "diamond rough", {"royalty": "60.00"}, "940.00"),  # 6 %
    ("SL", "gold nugget", {"export_duty": "30.00", "rehabilitation_fund": "0.50"}, "969.50"),  # 3 % + 0.05 %
    ("SL", "diamond rough", {"export_duty": "30.00", "rehabilitation_fund": "0.50"}, "969.50"),  # 3 % + 0.05 %
    ("SL", "gemstone rough", {"rehabilitation_fund": "0.50"}, "999.50"),  # 0.05 %; the duty is not known
    ("ML", "gold dust", {"export_tax": "30.00"}, "970.00"),  # 3 %, the weight not known yet
    ("CD", "gold dust", {"all_payments_to_export": "120.00"}, "880.00"),  # 12 % in all
    ("CD", "gemstone rough", {"royalty": "60.00"}, "940.00"),  # 6 %
    ("CD", "diamond rough", {"royalty": "60.00"}, "940.00"),  # 6 %
    ("CO", "gold dust", {"royalty": "32.00"}, "968.00"),  # 4 % of 80 %, without a reference value of the sale
    ("CO", "gemstone rough", {"royalty": "15.00"}, "985.00"),  # 1.5 %
]


@pytest.mark.parametrize(("country", "goods", "expected", "net"), EXAMPLES)
def test_what_each_country_takes_of_a_thousand_dollars(
    country: str, goods: str, expected: dict[str, str], net: str
) -> None:
    split = shared(country, goods)
    assert taken(split) == expected
    assert str(split.net.amount) == net


def test_no_applied_charge_of_the_file_is_without_an_example() -> None:
    shown = {(country, goods.split()[0], code) for country, goods, expected, _net in EXAMPLES for code in expected}
    assert {(row["country"], row["kind"], row["code"]) for row in APPLIED} == shown


@pytest.mark.parametrize(
    ("facts", "duty", "net", "words"),
    [
        # 3 % of the Government's 1,200.00 = 36.00; fund 0.50
        (valued("1200.00", "1100.00"), "36.00", "963.50", "highest_valuation"),
        # 3 % of the independent valuer's 1,500.00 = 45.00
        (valued("1200.00", "1500.00"), "45.00", "954.50", "highest_valuation"),
        # the sale of 1,000.00 is above both: 30.00
        (valued("900.00", "999.99"), "30.00", "969.50", "sale_is_highest"),
        (valued(), "30.00", "969.50", "highest_valuation_missing"),
    ],
)
def test_sierra_leone_takes_its_duty_of_the_highest_valuation_of_a_diamond(
    facts: ExportFacts, duty: str, net: str, words: str
) -> None:
    split = shared("SL", "diamond rough", facts=facts)
    assert taken(split) == {"export_duty": duty, "rehabilitation_fund": "0.50"}
    assert str(split.net.amount) == net
    assert split.lines[1].basis == words


@pytest.mark.parametrize(
    ("weight_g", "exported_kg", "tax", "base"),
    [
        (250, 0, "30.00", "1000.00"),  # 3 % of all
        (50_000, 0, "30.00", "1000.00"),  # exactly the first 50 kg
        (10_000, 45, "15.00", "500.00"),  # 5 of 10 kg are within: 3 % of 500.00
        (100_000, 0, "15.00", "500.00"),  # 50 of 100 kg
        (250, 50, "0.00", "0.00"),  # the 50 kg are used up
        (250, 61, "0.00", "0.00"),
    ],
)
def test_mali_takes_its_tax_of_the_first_fifty_kilograms_of_a_month(
    weight_g: int, exported_kg: int, tax: str, base: str
) -> None:
    facts = ExportFacts(weight_mg=weight_g * 1000, exported_mg=exported_kg * 10**6)
    split = shared("ML", "gold dust", facts=facts)
    assert taken(split) == {"export_tax": tax}
    assert split.lines[1].base == Money.from_decimal(Decimal(base), "USD")


@pytest.mark.parametrize(("price", "net"), [("25000.00", "24022.93"), ("30000.00", "29022.93")])
def test_colombia_takes_its_royalty_of_the_reference_value_whatever_the_sale_brings(price: str, net: str) -> None:
    # 250 g at 920 and 4,129.10045482 an ounce are worth 30,533.34; 4 % of 80 % of it = 977.06688 → 977.07
    value = reference_value(250_000, Decimal(920), Decimal("4129.10045482"))
    split = shared(
        "CO",
        "gold dore",
        price=Money.from_decimal(Decimal(price), "USD"),
        facts=ExportFacts(weight_mg=250_000, reference_value=value),
    )
    assert value == Money(3_053_334, "USD")
    assert taken(split) == {"royalty": "977.07"}
    assert str(split.net.amount) == net
