"""The ICGLR's fields by hand: required members by operation, the site's number, taxes, and files without danger."""

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

from marketplace.compliance.vocabulary import ACTIVITIES as SITE_ACTIVITIES
from marketplace.compliance.vocabulary import RIGHT_KINDS, codes
from marketplace.core.money import Money
from marketplace.custody.record import LotRecord, Party
from marketplace.passport import icglr
from marketplace.passport.icglr import NotCovered, Sealed, TaxPaid, fields_of, site_number, why_not
from marketplace.passport.icglr_files import HEADINGS, as_csv, as_json
from marketplace.pricing import shipped
from tests.builders.many_records import records
from tests.builders.records import GOLD, STONE, step

HERE = Sealed("-2.8721,32.1980", 1)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_operations_are_those_of_the_vocabulary() -> None:
    told = {row["code"]: row["icglr_originating_operation"] for row in shipped.rows_of("vocabulary/coc_events.csv")}
    said = {kind: int(text[0]) for kind, text in told.items() if text != "-" and "role" not in text}

    assert said == {**icglr.OPERATIONS, "tagged": 1}
    assert set(icglr.ROLES) == set(icglr.OPERATIONS)
    assert icglr.VERSION == "0bf1a62 (2026-01-28)"


def test_every_code_of_a_site_has_one_of_the_icglr() -> None:
    assert set(icglr.ACTIVITIES) == codes(SITE_ACTIVITIES)
    assert set(icglr.LICENCES) == codes(RIGHT_KINDS)


def test_production_names_the_mine_and_the_tag() -> None:
    found = fields_of(GOLD, sealed=HERE)

    assert found["lots"][0] == {
        "lotNumber": "TZ-AB12CD",
        "dateRegistration": "2026-09-01",
        "timeRegistration": "100507",
        "creator": {"identifier": "KP-7Q2", "name": "Mwanzo Cooperative Society", "tin": "N/A",
                    "legalAddress": {"country": "TZ"}},
        "mineral": "7108.12.00",
        # 920.5 in a thousand are 92.05 in a hundred
        "concentration": Decimal("92.05"),
        # 100,000 mg are 0.1 kg
        "mass": Decimal("0.1"),
        "packageType": "bag",
        "nrOfPackages": 1,
        "unitOfMeasurement": "KGM",
        "creatorRole": [1],
        "originatingOperation": [1],
        "mineSiteId": "TZ-2.8721+32.1980-00001",
        "tag": {
            "identifier": "TZ-1",
            "issuer": {"identifier": "Mining Commission", "name": "Mining Commission", "tin": "N/A"},
            "issueDate": "2026-09-02",
            "issueTime": "090507",
        },
    }  # fmt: skip
    assert found["missing"] == ["mineSite.nationalId", "mineSite.owner"]


def test_each_operation_is_a_lot_of_its_own_that_names_the_one_before() -> None:
    found = fields_of(GOLD)["lots"]

    assert [lot["originatingOperation"] for lot in found] == [[1], [4], [4], [8], [5]]
    assert [lot["creatorRole"] for lot in found] == [[1], [4], [4], [7], [3]]
    # the smelter lost 3 g of 100 g; the assay weighed nothing
    assert [str(lot["mass"]) for lot in found] == ["0.1", "0.097", "0.097", "0.097", "0.097"]
    assert [lot.get("inputLot") for lot in found] == [None, *([[{"lotNumber": "TZ-AB12CD"}]] * 4)]
    assert (found[4]["dateSealed"], found[4]["dateShipped"]) == ("2026-09-06", "2026-09-06")
    assert "dateShipped" not in found[3]


def test_without_the_sealed_place_nothing_tells_it_and_that_is_said() -> None:
    found = fields_of(GOLD)

    assert "geolocalization" not in as_json(found)
    assert "mineSiteId" not in found["lots"][0]
    assert found["missing"] == ["lots[0].mineSiteId", "mineSite.icglrId", "mineSite.nationalId", "mineSite.owner"]


def test_the_mine_site_has_its_codes() -> None:
    site = fields_of(GOLD, sealed=HERE)["mineSite"]

    assert site["icglrId"] == "TZ-2.8721+32.1980-00001"
    assert (site["certificationStatus"], site["activityStatus"]) == (1, 1)
    assert site["mineSiteLocation"]["geolocalization"] == {
        "latitude": Decimal("-2.8721"),
        "longitude": Decimal("32.1980"),
    }
    assert site["mineSiteLocation"]["localGeographicDesignation"] == {
        "country": "TZ",
        "addressLocalityText": "Nyarugusu",
        "subnationalDivisionL1Text": "Geita",
    }
    licence = {
        "licenseType": "mining_license",
        "coveredCommodities": ["7108.12.00"],
        "expiringDate": "2030-01-31",
    }
    assert site["license"] == [licence]
    unknown = fields_of(replace(GOLD, site=replace(GOLD.site, right_kind="", right_valid_to=None)))["mineSite"]
    assert unknown["license"] == [{"licenseType": "other", "coveredCommodities": ["7108.12.00"]}]


@pytest.mark.parametrize(
    ("coordinates", "number"),
    [
        ("-1.9641,30.0619", "RW-1.9641+30.0619-00007"),  # the standard's own example
        ("4.8500,31.6000", "RW-+4.8500+31.6000-00007"),
        ("0.0000,-0.0001", "RW-+0.0000-0.0001-00007"),
        ("-0.00001,12.5", "RW-+0.0000+12.5000-00007"),
        ("90,-180", "RW-+90.0000-180.0000-00007"),
    ],
)
def test_a_sites_number_holds_its_place(coordinates: str, number: str) -> None:
    assert site_number("RW", Sealed(coordinates, 7)) == number


@pytest.mark.parametrize("sequence", [0, 100_000])
def test_a_sequence_has_one_to_five_digits(sequence: int) -> None:
    with pytest.raises(ValueError, match="1 to 99999"):
        site_number("RW", Sealed("1,1", sequence))


@pytest.mark.parametrize("coordinates", ["", "1", "1,2,3", "=1,1", "1e9,1"])
def test_what_is_no_place_is_refused(coordinates: str) -> None:
    with pytest.raises(ValueError, match="latitude,longitude"):
        site_number("RW", Sealed(coordinates, 1))


@pytest.mark.parametrize("coordinates", ["90.0001,0", "0,180.0001", "0,-180.0001"])
def test_a_place_lies_on_the_globe(coordinates: str) -> None:
    with pytest.raises(ValueError, match="90 degrees at most"):
        site_number("RW", Sealed(coordinates, 1))


def test_the_ends_of_the_sequence_are_numbers() -> None:
    assert site_number("RW", Sealed("1,1", 1)).endswith("-00001")
    assert site_number("RW", Sealed("1,1", 99_999)).endswith("-99999")


def test_only_gold_of_member_states_is_covered() -> None:
    colombia = replace(GOLD, site=replace(GOLD.site, place=replace(GOLD.site.place, country="CO")))

    assert why_not(GOLD) is None
    assert why_not(colombia) == "This lot was not mined in a member state of the ICGLR. Its rules do not apply."
    with pytest.raises(NotCovered, match="They do not cover gemstones"):
        fields_of(STONE)


def test_a_tax_stands_with_its_export_and_has_a_row() -> None:
    exported = GOLD.steps[4]
    taxes = [TaxPaid(str(exported.id), Money(123_450, "USD")), TaxPaid(str(exported.id), Money(700, "TZS"))]
    found = fields_of(GOLD, taxes=taxes)

    assert found["lots"][3]["taxPaid"][0] == {
        "taxType": "Taxes paid on export",
        "taxAmount": Decimal("1234.50"),
        "currency": "USD",
        "taxPaidDate": "2026-09-05",
        "receiptReference": "XP-77",
    }
    assert sum("taxPaid" in lot for lot in found["lots"]) == 1
    table = rows(as_csv(found))
    assert len(table) == 6, "five lots, one of them with two taxes"
    assert [row["taxPaid.currency"] for row in table] == ["", "", "", "USD", "TZS", ""]


def test_what_was_corrected_counts_no_more() -> None:
    wrong, right = (
        step(1, "produced", weight_after_mg=5),
        step(2, "produced", weight_after_mg=6, corrects=step(1, "x").id),
    )

    assert [str(lot["mass"]) for lot in fields_of(replace(GOLD, steps=(wrong, right)))["lots"]] == ["0.000006"]


def test_a_part_does_not_change_the_weight_of_the_rest() -> None:
    part = step(2, "stored", weight_after_mg=10, facts={"part": "TZ-AB12CD/1"})
    found = fields_of(replace(GOLD, steps=(part, step(3, "stored"))))["lots"]

    assert [(lot["lotNumber"], str(lot["mass"])) for lot in found] == [
        ("TZ-AB12CD/1", "0.00001"),
        ("TZ-AB12CD", "0.097"),
    ]


def test_a_tag_nobody_sealed_names_what_is_missing() -> None:
    found = fields_of(replace(GOLD, steps=(step(1, "produced", weight_after_mg=5),), fineness_permille=None))

    assert found["lots"][0]["tag"] == {"identifier": "TZ-1"}
    assert found["missing"][:5] == [
        "lots[0].concentration",
        "lots[0].mineSiteId",
        "lots[0].tag.issuer",
        "lots[0].tag.issueDate",
        "lots[0].tag.issueTime",
    ]
    untagged = fields_of(replace(GOLD, tag_number="", steps=(step(1, "produced"),)))
    assert "lots[0].tag" in untagged["missing"]


def test_a_seal_by_whom_the_event_names_is_issued_by_them() -> None:
    sealed = step(2, "tagged", party=Party(role="tag_issuer", name="Pact"))
    tag = fields_of(replace(GOLD, steps=(step(1, "produced", tag_numbers=("T-5",)), sealed)))["lots"][0]["tag"]

    assert (tag["identifier"], tag["issuer"]["name"]) == ("T-5", "Pact")


def test_the_table_calculates_nothing_and_keeps_numbers_as_numbers() -> None:
    evil = replace(GOLD, cooperative=Party(role="cooperative", name="x"), steps=(
        step(1, "stored", party=Party(role="warehouse", name="=HYPERLINK(1)")),))  # fmt: skip
    row = rows(as_csv(fields_of(evil, sealed=HERE)))[0]

    assert row["creator.name"] == "'=HYPERLINK(1)"
    assert row["mineSite.mineSiteLocation.geolocalization.latitude"] == "-2.8721"
    assert (row["mass"], row["inputLot"], row["creatorRole"]) == ("0.097", "TZ-AB12CD", "5")
    assert tuple(row) == HEADINGS


@given(records().filter(lambda record: record.kind == "gold"))
@settings(max_examples=60, deadline=None)
def test_every_record_is_complete_or_says_what_is_missing_and_is_exact(record: LotRecord) -> None:
    found = fields_of(record, sealed=HERE)
    text = as_json(found)
    read = json.loads(text, parse_float=Decimal)

    assert "SECRET REMARK" not in text
    for place, lot in enumerate(read["lots"]):
        for name in icglr.LOT_REQUIRED:
            assert (name in lot) != (f"lots[{place}].{name}" in found["missing"])
        if lot["originatingOperation"] == [1]:
            assert lot["mineSiteId"] == "TZ-2.8721+32.1980-00001"
        assert Decimal(lot["mass"]) * 1_000_000 == Decimal(found["lots"][place]["mass"]) * 1_000_000
        assert Decimal(lot["mass"]) * 1_000_000 % 1 == 0
    for row in rows(as_csv(found)):
        assert not any(cell.startswith(("=", "@", "+")) for cell in row.values())
