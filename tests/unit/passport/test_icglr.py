"""A lot in the fields and codes of ICGLR: what each entry becomes, what is missing, and what no public row may hold."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from marketplace.custody.record import KINDS, LotAmount, LotRecord, Place
from marketplace.passport import icglr
from marketplace.passport.icglr import OutsideIcglr, TaxPaid
from tests.builders.lot_records import GEITA, RECORDS, gold_record, step

SITE_ID = "TZ-2.8667+32.1667-00001"
PRODUCED = step(1, "produced", weight_after_mg=250_005, tag_numbers=("TAG-1",))


def test_a_bag_of_gold_is_registered_with_every_field() -> None:
    (row,) = icglr.lot_rows(gold_record(PRODUCED), mine_site_id=SITE_ID)

    assert row == {
        "lotNumber": "TZ-0000-0003",
        "dateRegistration": "2026-09-02",
        "timeRegistration": "083015",
        "creator": "Umoja Cooperative",
        "mineral": "7108.12.00",
        "concentration": "91.67",
        "mass": "0.250005",
        "unitOfMeasurement": "KGM",
        "creatorRole": "1",
        "originatingOperation": "1",
        "mineSiteId": SITE_ID,
        "mineSiteReference": "MS-0000-0001",
        "tag": "TAG-1",
        "inputLots": "",
    }
    assert icglr.missing(row) == ()


@pytest.mark.parametrize(
    ("kind", "operation", "role"),
    [
        ("produced", "1", "1"), ("purchased", "2", "2"), ("combined", "3", "2"), ("split", "3", "2"),
        ("processed", "4", "4"), ("assayed", "4", "4"), ("moved", "5", "3"), ("returned", "5", "3"),
        ("stored", "6", "5"), ("imported", "7", "6"), ("exported", "8", "7"),
    ],
)  # fmt: skip
def test_each_entry_has_its_operation_and_role(kind: str, operation: str, role: str) -> None:
    (row,) = icglr.lot_rows(gold_record(step(1, kind, weight_before_mg=1000)))

    assert (row["originatingOperation"], row["creatorRole"]) == (operation, role)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(icglr.OPERATIONS)))
def test_other_entries_register_no_lot(kind: str) -> None:
    assert icglr.lot_rows(gold_record(step(1, kind))) == []
    assert kind in {"tagged", "valued", "inspected", "delivered", "accepted"}


def test_production_without_site_and_tag_says_what_is_missing() -> None:
    (row,) = icglr.lot_rows(gold_record(step(1, "produced"), fineness_permille=None))

    assert icglr.missing(row) == ("concentration", "mass", "mineSiteId", "tag")


def test_a_purchase_needs_neither_site_nor_tag() -> None:
    (row,) = icglr.lot_rows(gold_record(step(1, "purchased", weight_before_mg=1)), mine_site_id=SITE_ID)

    assert (row["mass"], row["mineSiteId"], row["mineSiteReference"]) == ("0.000001", "", "")
    assert icglr.missing(row) == ()


def test_the_weight_after_counts_before_the_weight_before() -> None:
    (row,) = icglr.lot_rows(gold_record(step(1, "processed", weight_before_mg=2000, weight_after_mg=0)))

    assert row["mass"] == "0"


def test_a_divided_lot_gives_a_row_for_each_part_and_names_its_input() -> None:
    parts = (LotAmount(lot_reference="A", weight_mg=1500, tag_number="T1"), LotAmount(lot_reference="B", weight_mg=500))
    whole = (LotAmount(lot_reference="W", weight_mg=1200), LotAmount(lot_reference="V", weight_mg=800))
    rows = icglr.lot_rows(gold_record(step(1, "split", inputs=whole, outputs=parts)))

    assert [(row["lotNumber"], row["mass"], row["tag"], row["inputLots"]) for row in rows] == [
        ("A", "0.0015", "T1", "W, V"),
        ("B", "0.0005", "", "W, V"),
    ]


def test_an_entry_that_was_corrected_is_left_out() -> None:
    corrected = step(2, "produced", weight_after_mg=240_000, corrects=UUID(int=1), tag_numbers=("TAG-2",))
    record = gold_record(PRODUCED, corrected)

    assert [row["mass"] for row in icglr.lot_rows(record)] == ["0.24"]
    assert [row["identifier"] for row in icglr.tag_rows(record)] == ["TAG-2"]


def test_a_tag_is_told_once_by_the_entry_that_put_it_on() -> None:
    tagged = step(2, "tagged", tag_numbers=("TAG-1", "TAG-2"), facts={"issuer": "Mining commission"})
    parts = (LotAmount(lot_reference="A", weight_mg=1, tag_number="TAG-3"), LotAmount(lot_reference="B", weight_mg=1))
    rows = icglr.tag_rows(gold_record(PRODUCED, tagged, step(3, "split", outputs=parts)))

    assert rows[1] == {
        "identifier": "TAG-2",
        "lotNumber": "TZ-0000-0003",
        "issuer": "Mining commission",
        "issueDate": "2026-09-03",
        "issueTime": "083015",
        "creator": "Umoja Cooperative",
    }
    assert [(row["identifier"], row["lotNumber"], row["issuer"]) for row in rows] == [
        ("TAG-1", "TZ-0000-0003", ""),
        ("TAG-2", "TZ-0000-0003", "Mining commission"),
        ("TAG-3", "A", ""),
    ]


def test_the_site_has_its_colour_its_activity_and_its_licence() -> None:
    assert icglr.site_row(gold_record(), mine_site_id=SITE_ID) == {
        "icglrId": SITE_ID,
        "reference": "MS-0000-0001",
        "addressCountry": "TZ",
        "region": "Geita",
        "district": "Geita",
        "mineral": "7108.12.00",
        "certificationStatus": "1",
        "certificationStatusDate": "2026-05-04",
        "activityStatus": "1",
        "licenseType": "mining_license",
        "licenseExpirationDate": "2027-05-03",
    }


@pytest.mark.parametrize(("activity", "code"), [("abandoned", "0"), ("active", "1"), ("inactive", "2")])
def test_a_site_never_visited_leaves_its_days_empty(activity: str, code: str) -> None:
    record = gold_record()
    site = replace(record.site, status_on=None, right_valid_to=None, right_kind="", activity=activity)
    row = icglr.site_row(replace(record, site=site))

    assert (row["icglrId"], row["certificationStatusDate"], row["licenseExpirationDate"]) == ("", "", "")
    assert (row["activityStatus"], row["licenseType"]) == (code, "other")


def test_a_tax_keeps_its_exact_amount() -> None:
    tax = TaxPaid(
        kind="royalty", amount=Money(minor=120_050, currency="USD"), paid_on=date(2026, 9, 5), receipt="R-7",
        authority="TRA",
    )  # fmt: skip

    assert icglr.tax_rows(gold_record(), taxes=[tax]) == [
        {
            "lotNumber": "TZ-0000-0003",
            "taxType": "royalty",
            "taxAmount": "1200.50",
            "currency": "USD",
            "taxPaidDate": "2026-09-05",
            "receiptReference": "R-7",
            "taxAuthority": "TRA",
        }
    ]


def test_the_document_has_its_version_and_four_parts() -> None:
    document = icglr.document_of(gold_record(PRODUCED))

    assert list(document) == ["version", "lots", "tags", "mineSites", "taxes"]
    assert document["version"] == icglr.VERSION
    assert document["lots"][0]["missing"] == ["mineSiteId"]
    assert document["taxes"] == []
    assert [len(document[part]) for part in ("lots", "tags", "mineSites")] == [1, 1, 1]


def test_a_document_for_the_authority_misses_nothing() -> None:
    tax = TaxPaid(kind="royalty", amount=Money(minor=1, currency="USD"), paid_on=date(2026, 9, 5))
    document = icglr.document_of(gold_record(PRODUCED), mine_site_id=SITE_ID, taxes=[tax])

    assert document["lots"][0]["missing"] == []
    assert document["mineSites"][0]["icglrId"] == SITE_ID
    assert document["taxes"][0]["taxAmount"] == "0.01"


@pytest.mark.parametrize("country", sorted(icglr.MEMBER_STATES))
def test_member_states_are_covered(country: str) -> None:
    site = replace(gold_record().site, place=Place(country=country))
    icglr.check_covered(gold_record(site=site))


@pytest.mark.parametrize(
    ("country", "kind", "message"),
    [("CO", "gold", "member states"), ("TZ", "gem", "gold, tin, tungsten and tantalum")],
)
def test_other_lots_are_refused_with_a_sentence(country: str, kind: str, message: str) -> None:
    record = gold_record(kind=kind, site=replace(gold_record().site, place=replace(GEITA, country=country)))

    for made in (
        icglr.document_of,
        icglr.lot_rows,
        icglr.tag_rows,
        icglr.site_row,
        lambda lot: icglr.tax_rows(lot, taxes=()),
    ):
        with pytest.raises(OutsideIcglr, match=message):
            made(record)


@pytest.mark.parametrize(
    ("country", "coordinates", "identifier"),
    [
        ("RW", "-1.9641,30.0619", "RW-1.9641+30.0619-00001"),  # the example of MD.01
        ("UG", "0.3476,32.5825", "UG-+0.3476+32.5825-00001"),
        ("CG", "-90.0000,-180.0000", "CG-90.0000-180.0000-00001"),
        ("CG", "90,180", "CG-+90.0000+180.0000-00001"),
    ],
)
def test_a_site_is_identified_by_country_place_and_sequence(country: str, coordinates: str, identifier: str) -> None:
    assert icglr.mine_site_id(country, coordinates=coordinates, sequence=1) == identifier


@pytest.mark.parametrize(
    ("coordinates", "sequence"),
    [("90.0001,0", 1), ("-90.0001,0", 1), ("0,180.0001", 1), ("0,-180.0001", 1), ("0,0", 0), ("0,0", 100_000)],
)
def test_no_site_is_beyond_the_globe_or_the_count(coordinates: str, sequence: int) -> None:
    with pytest.raises(ValueError, match=r"within|from 1"):
        icglr.mine_site_id("RW", coordinates=coordinates, sequence=sequence)


def test_the_last_sequence_has_five_digits() -> None:
    assert icglr.mine_site_id("RW", coordinates="0,0", sequence=99_999) == "RW-+0.0000+0.0000-99999"


@given(RECORDS)
def test_every_record_is_refused_or_written_with_exact_weights_and_no_coordinate(record: LotRecord) -> None:
    try:
        document = icglr.document_of(record)
    except OutsideIcglr:
        assert record.kind != "gold"
        return
    registered = [each for each in record.steps if each.kind in icglr.OPERATIONS]
    assert all(row["mineSiteId"] == "" for row in document["lots"])
    assert all(row["icglrId"] == "" for row in document["mineSites"])
    assert document["taxes"] == []
    assert all(re.fullmatch(r"\d+(\.\d{1,6})?|", row["mass"]) for row in document["lots"])
    for each in registered:
        sent = sum(made.weight_mg for made in each.outputs)
        rows = icglr.lot_rows(replace(record, steps=(each,)))
        if each.outputs:
            assert sum(Decimal(row["mass"]) for row in rows) * 1_000_000 == sent


def test_an_event_of_a_part_registers_the_part() -> None:
    (row,) = icglr.lot_rows(gold_record(step(1, "moved", weight_after_mg=1000, facts={"part": "TZ-0000-0003/1"})))

    assert (row["lotNumber"], row["mass"]) == ("TZ-0000-0003/1", "0.001")


@given(st.integers(1, 999))
def test_concentration_is_exact_percent(tenths: int) -> None:
    (row,) = icglr.lot_rows(gold_record(PRODUCED, fineness_permille=f"{tenths}.5"))

    assert Decimal(row["concentration"]) * 10 == Decimal(f"{tenths}.5")
