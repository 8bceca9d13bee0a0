"""What everybody may have of the ICGLR record: never the identifier of the site, never a tax."""

from dataclasses import replace

import pytest

from marketplace.custody.record import Place
from marketplace.passport.icglr import OutsideIcglr, document_of
from marketplace.passport.icglr_public import TABLES, WITHHELD, is_covered, public_document, public_rows
from tests.builders.lot_records import gold_record, step

PRODUCED = step(1, "produced", weight_after_mg=250_005, tag_numbers=("TAG-1",))
STORED = step(2, "stored", weight_before_mg=250_005)
RECORD = gold_record(PRODUCED, STORED)


def test_the_public_part_is_the_record_without_site_identifier_and_taxes() -> None:
    found, whole = public_document(RECORD), document_of(RECORD)

    assert list(found) == ["version", "lots", "tags", "mineSites", "withheld"]
    assert found["version"] == whole["version"]
    assert (found["lots"], found["tags"], found["mineSites"]) == (whole["lots"], whole["tags"], whole["mineSites"])
    assert found["withheld"] == ["lots.mineSiteId", "mineSites.icglrId", "taxes"] == list(WITHHELD)
    assert {row["mineSiteId"] for row in found["lots"]} == {""}
    assert [row["icglrId"] for row in found["mineSites"]] == [""]
    assert "mineSiteId" in found["lots"][0]["missing"]


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_the_same_fields_in_every_row_and_says_nothing_of_itself(table: str) -> None:
    rows = public_rows(RECORD, table=table)

    assert rows
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    assert "missing" not in rows[0]
    assert rows[0] == {name: value for name, value in public_document(RECORD)[table][0].items() if name != "missing"}


def test_taxes_are_no_public_table() -> None:
    assert TABLES == ("lots", "tags", "mineSites")
    with pytest.raises(KeyError):
        public_rows(RECORD, table="taxes")


def test_only_gold_of_the_region_is_covered() -> None:
    site = replace(RECORD.site, place=Place(country="DE"))

    assert is_covered(RECORD) is True
    assert is_covered(replace(RECORD, kind="gem")) is False
    assert is_covered(replace(RECORD, site=site)) is False
    with pytest.raises(OutsideIcglr):
        public_document(replace(RECORD, kind="gem"))
