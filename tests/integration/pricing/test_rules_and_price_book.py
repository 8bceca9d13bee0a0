"""Charges of countries, standards, the price book and guidance, from the shipped data in a real database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from marketplace.core.actor import Actor, ActorKind
from marketplace.core.errors import Forbidden, NotFound, TransitionRefused
from marketplace.core.money import Money
from marketplace.pricing import queries, services
from marketplace.pricing.description import LotDescription
from marketplace.pricing.guidance import recompute
from marketplace.pricing.services import BandProposal
from marketplace.pricing.services.price_book import EditionRefused
from marketplace.pricing.shipped import rows_of
from marketplace.pricing.split import split_from_price
from marketplace.unit_of_work import UnitOfWork

ON = date(2026, 9, 29)
NOW = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)
RUBY = LotDescription("gem", "cut", "TZ", 300, variety="ruby", treatment="H", grade="good")


@pytest.fixture
def data(uow: UnitOfWork) -> UnitOfWork:
    services.import_rules(uow)
    services.import_price_book(uow)
    return uow


def curator(uow: UnitOfWork, name: str) -> UnitOfWork:
    return uow.acting_as(Actor(kind=ActorKind.PERSON, user_id=uuid4(), name=name))


def band(low: int = 10_000, **changes: object) -> BandProposal:
    values: dict[str, object] = {
        "variety": "ruby", "form": "cut", "grade": "good", "weight_from_ct": Decimal(1), "weight_to_ct": Decimal(2),
        "low_minor_per_ct": low, "high_minor_per_ct": 20_000, "treatment": "H", "evidence": "verified",
        "source": "market day", **changes,
    }  # fmt: skip
    return BandProposal(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("country", "goods", "net"),
    [
        ("TZ", "gold dore", "930.00"),  # 6 % + 1 %
        ("TZ", "gemstone rough", "930.00"),  # 6 % + 1 %
        ("TZ", "gemstone cut", "980.00"),  # 1 % + 1 %
        ("TZ", "diamond rough", "930.00"),
        ("KE", "gold dore", "970.00"),  # 3 %
        ("KE", "gemstone rough", "940.00"),  # 6 %
        ("SL", "gold dust", "969.50"),  # 3 % + 0.05 %
        ("SL", "diamond rough", "969.50"),
        ("ML", "gold dust", "970.00"),  # 3 %
        ("CD", "gold dust", "880.00"),  # 12 % in all
        ("CD", "gemstone rough", "940.00"),  # 6 %
        ("CO", "gold dust", "968.00"),  # 4 % of 80 %
        ("CO", "gemstone rough", "985.00"),  # 1.5 %
    ],
)
def test_what_is_left_of_a_thousand_dollars_in_each_country(
    data: UnitOfWork, country: str, goods: str, net: str
) -> None:
    commodity, form = goods.split()
    charges = queries.charges_for(data.session, country=country, commodity=commodity, form=form, on=ON)
    split = split_from_price(Money(100_000, "USD"), charges.rules(platform_fee_bps=0))
    assert charges.is_complete
    assert str(split.net.amount) == net


@pytest.mark.parametrize(
    ("country", "commodity", "form"),
    [
        ("KE", "gemstone", "cut"), ("KE", "diamond", "cut"), ("SL", "gemstone", "rough"), ("ML", "gemstone", "rough"),
        ("RW", "gold", "dust"),
    ],
)  # fmt: skip
def test_a_charge_nobody_could_tell_is_unknown_and_not_nothing(
    data: UnitOfWork, country: str, commodity: str, form: str
) -> None:
    charges = queries.charges_for(data.session, country=country, commodity=commodity, form=form, on=ON)
    assert not charges.is_complete
    assert not charges.is_verified
    assert charges.unknown[0].reason


def test_only_sourced_charges_count_as_verified(data: UnitOfWork) -> None:
    def charges(country: str) -> bool:
        return queries.charges_for(data.session, country=country, commodity="gold", form="dore", on=ON).is_verified

    assert charges("TZ")
    assert not charges("KE")


def test_a_charge_does_not_count_before_it_was_in_force(data: UnitOfWork) -> None:
    before = queries.charges_for(data.session, country="KE", commodity="gold", form="dust", on=date(2024, 7, 4))
    assert before.deductions == ()
    assert not before.is_complete


def test_every_shipped_charge_has_a_source_or_says_unverified_and_every_one_left_out_says_why() -> None:
    for row in rows_of("rules/deductions.csv"):
        assert row["source"] or row["evidence"] == "unverified", row
        assert row["status"] == "applied" or row["reason"], row
        assert row["rate"] or row["status"] == "unknown", row


def test_every_shipped_band_is_of_a_known_variety_and_unverified() -> None:
    varieties = {row["code"] for row in rows_of("vocabulary/gem_varieties.csv")}
    for row in rows_of("rules/price_book.csv"):
        assert row["variety"] in varieties
        assert row["evidence"] == "unverified"


def test_a_second_import_changes_nothing(data: UnitOfWork) -> None:
    assert services.import_rules(data) == 0
    assert services.import_price_book(data) is None
    assert len(queries.country_rules(data.session, "TZ")) == 14
    assert [standard.code for standard in queries.gold_standards(data.session)] == [
        "FAIRMINED", "FAIRMINED_ECOLOGICAL", "FAIRTRADE", "FAIRTRADE_ECOLOGICAL", "MARKETPLACE"
    ]  # fmt: skip
    data.check_audited()


def test_the_worked_example_from_the_shipped_data(data: UnitOfWork) -> None:
    services.import_rates(data)
    lot = LotDescription(
        "gold",
        "dore",
        "TZ",
        250_000,
        fineness_permille=Decimal(920),
        fineness_method="fire_assay",
        standard="FAIRMINED",
    )
    found = queries.guidance_for(data.session, lot, on=ON, now=NOW)
    # 230 g × 4129.1005 ÷ 31.1034768 = 30,533.3427: the same cents as with all digits of the rate
    assert (found.middle, found.floor, found.premium) == (
        Money(3_053_334, "USD"), Money(2_900_668, "USD"), Money(92_000, "USD")
    )  # fmt: skip
    assert recompute(found.snapshot()) == found


def test_a_ruby_is_guided_by_the_shipped_price_book_and_marked_unverified(data: UnitOfWork) -> None:
    found = queries.guidance_for(data.session, RUBY, on=ON, now=NOW)
    # 400 to 1,500 a carat × 1.5 ct
    assert (found.low, found.high, found.unverified) == (Money(60_000, "USD"), Money(225_000, "USD"), True)
    assert recompute(found.snapshot()) == found


def test_a_stone_between_two_bands_has_not_enough_data(data: UnitOfWork) -> None:
    tanzanite = LotDescription("gem", "cut", "TZ", 500, variety="tanzanite", treatment="H", grade="fine")
    assert queries.guidance_for(data.session, tanzanite, on=ON, now=NOW).outcome == "not_enough_data"


def test_without_a_price_book_stones_have_not_enough_data(session: Session) -> None:
    assert queries.guidance_for(session, RUBY, on=ON, now=NOW).basis == "no_band_no_sales"


def test_an_edition_guides_only_after_a_second_curator_approved_it(data: UnitOfWork, clock: object) -> None:
    alice, bob = curator(data, "Alice"), curator(data, "Bob")
    edition = services.propose_edition(alice, bands=[band()], note="Prices of the September market day")
    assert queries.guidance_for(data.session, RUBY, on=ON, now=NOW).low == Money(60_000, "USD")

    with pytest.raises(Forbidden):
        services.approve_edition(alice, edition_id=edition.id, against=1)
    services.approve_edition(bob, edition_id=edition.id, against=1)

    found = queries.guidance_for(data.session, RUBY, on=ON, now=NOW + timedelta(minutes=1))
    assert (found.low, found.unverified) == (Money(15_000, "USD"), False)  # 100.00 × 1.5 ct
    assert [each.number for each in queries.editions(data.session)] == [2, 1]
    with pytest.raises(TransitionRefused):
        services.decline_edition(bob, edition_id=edition.id, reason="Too late")
    data.check_audited()


def test_a_declined_edition_guides_nobody(data: UnitOfWork) -> None:
    edition = services.propose_edition(curator(data, "Alice"), bands=[band()], note="Draft")
    services.decline_edition(curator(data, "Bob"), edition_id=edition.id, reason="No source")
    assert queries.guidance_for(data.session, RUBY, on=ON, now=NOW).low == Money(60_000, "USD")
    data.check_audited()


@pytest.mark.parametrize(
    ("bands", "answer"),
    [
        ([], "at least one"),
        ([band(low=0)], "no weight or no price"),
        ([band(weight_to_ct=Decimal(1))], "no weight or no price"),
        ([band(), band(weight_from_ct=Decimal("1.5"), weight_to_ct=Decimal(3))], "overlap"),
        ([band()] * 5001, "at most 5000"),
    ],
)
def test_an_edition_that_says_nothing_or_two_things_is_refused(
    data: UnitOfWork, bands: list[BandProposal], answer: str
) -> None:
    with pytest.raises(EditionRefused, match=answer):
        services.propose_edition(curator(data, "Alice"), bands=bands, note="")


def test_an_edition_that_does_not_exist_is_not_found(data: UnitOfWork) -> None:
    with pytest.raises(NotFound):
        services.approve_edition(data, edition_id=uuid4(), against=1)
