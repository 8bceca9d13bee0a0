"""The journey of a lot as UNTP events: what is made, what moves, what changes hands or is looked at."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given

from marketplace.custody.record import KINDS, EventDocument, LotAmount, LotRecord, Party, Place
from marketplace.passport.untp import product_passport, traceability_events
from marketplace.passport.untp_events import MADE
from tests.builders.lot_records import RECORDS, gold_record, step

BASE = "https://market.example"
ABROAD = Place(country="CH")
# UNTP 0.7.0: PartyRole.role, EventProduct.disposition, and what each kind of event requires.
PARTY_ROLES = {
    "owner", "producer", "manufacturer", "processor", "remanufacturer", "recycler", "operator", "serviceProvider",
    "inspector", "certifier", "logisticsProvider", "carrier", "consignor", "consignee", "importer", "exporter",
    "distributor", "retailer", "brandOwner", "regulator",
}  # fmt: skip
DISPOSITIONS = {"new", "inTransit", "active", "repaired", "recalled", "expired", "consumed", "recycled", "disposed"}
EVERY = {"id", "name", "eventDate", "activityType"}
REQUIRED = {
    "MakeEvent": EVERY | {"inputProduct", "outputProduct", "madeAtFacility"},
    "MoveEvent": EVERY | {"movedProduct", "fromFacility", "toFacility"},
    "ModifyEvent": EVERY | {"modifiedProduct", "modifiedAtFacility"},
}


def events(record: LotRecord) -> list[dict[str, Any]]:
    return traceability_events(record, base_url=BASE)


def only(number: int, kind: str, **told: Any) -> dict[str, Any]:
    (found,) = events(gold_record(step(number, kind, **told)))
    return found


def inside(document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, dict):
        yield document
        document = list(document.values())
    if isinstance(document, list):
        for each in document:
            yield from inside(each)


def weights(products: list[dict[str, Any]]) -> Decimal:
    """Return the sum in milligrams, of grams or of carats."""
    mg = {"GRM": 1000, "CTM": 200}
    return sum(
        (Decimal(str(each["quantity"]["value"])) * mg[each["quantity"]["unit"]] for each in products), Decimal(0)
    )


def test_smelting_is_made_of_what_went_in_with_the_loss_beside_it() -> None:
    found = only(3, "processed", weight_before_mg=100_000, weight_after_mg=97_001, loss_mg=2_999)

    assert found["type"] == ["MakeEvent", "LifecycleEvent"]
    assert found["id"] == "urn:uuid:00000000-0000-0000-0000-000000000003"
    assert found["eventDate"] == "2026-09-04T08:30:15Z"
    assert found["name"] == "Washed, smelted, cut or polished"
    assert (found["activityType"]["code"], found["activityType"]["schemeName"]) == (
        "processed",
        "Custody events of the marketplace",
    )
    assert [each["quantity"] for each in found["inputProduct"]] == [{"value": 100, "unit": "GRM"}]
    assert [each["quantity"] for each in found["outputProduct"]] == [{"value": 97.001, "unit": "GRM"}]
    assert [each["disposition"] for each in found["inputProduct"] + found["outputProduct"]] == ["consumed", "new"]
    assert [each["measure"] for each in found["sensorData"]] == [[{"value": 2.999, "unit": "GRM"}]]
    assert found["sensorData"][0]["metric"]["name"] == "Declared loss"


def test_what_is_found_comes_from_nothing() -> None:
    found = only(1, "produced", weight_after_mg=250_000, tag_numbers=("A", "B"))

    assert found["inputProduct"] == []
    assert found["madeAtFacility"] == {
        "type": ["Facility"],
        "id": "https://market.example/sites/MS-0000-0001",
        "name": "Geita, Geita, TZ",
    }
    assert found["description"] == "Tags: A, B."
    assert "sensorData" not in found


def test_a_division_names_every_part() -> None:
    whole = LotAmount(lot_reference="TZ-0000-0003", weight_mg=1_000)
    parts = (LotAmount(lot_reference="TZ-0000-0003/1", weight_mg=316), LotAmount(lot_reference="TZ-X", weight_mg=684))
    found = only(1, "split", weight_before_mg=5, inputs=(whole,), outputs=parts)

    assert weights(found["inputProduct"]) == weights(found["outputProduct"]) == 1_000
    assert found["outputProduct"][0]["product"] == {
        "type": ["Product"],
        "id": "https://market.example/l/TZ-0000-0003/1",
        "name": "Lot TZ-0000-0003/1",
        "idGranularity": "item",
        "itemNumber": "TZ-0000-0003/1",
    }


def test_a_parcel_moves_and_nobody_reads_its_waybill_or_the_buyer() -> None:
    found = only(
        2,
        "moved",
        party=Party(role="carrier", name="Safe Air"),
        receiver=Party(role="buyer", name="", country="CH"),
        destination=ABROAD,
        documents=(EventDocument(kind="waybill", number="WB-77"),),
        facts={"part": "TZ-0000-0003/1", "reason": "Ms Achieng fell ill"},
        weight_after_mg=316,
    )

    assert found["type"] == ["MoveEvent", "LifecycleEvent"]
    assert (found["fromFacility"]["name"], found["toFacility"]["name"]) == ("Geita, Geita, TZ", "CH")
    assert found["toFacility"]["id"] == "https://market.example/places/CH"
    assert [each["role"] for each in found["relatedParty"]] == ["carrier", "consignee"]
    assert found["relatedParty"][1]["party"] == {
        "type": ["Party"],
        "id": "https://market.example/parties/buyer/CH",
        "name": "Buyer",
        "registrationCountry": {"countryCode": "CH"},
    }
    assert found["movedProduct"][0]["product"]["itemNumber"] == "TZ-0000-0003/1"
    assert found["movedProduct"][0]["disposition"] == "inTransit"
    assert not re.search("WB-77|Achieng", str(found))
    assert found["relatedDocument"] == []


def test_a_test_changes_nothing_and_links_its_report_by_digest() -> None:
    report = EventDocument(kind="export_permit", number="R-5", sha256="ab" * 32)
    found = only(4, "assayed", party=Party(role="assayer", name="Lab"), documents=(report,), photo_sha256s=("cd" * 32,))

    assert found["type"] == ["ModifyEvent", "LifecycleEvent"]
    assert found["modifiedProduct"] == [{"product": found["modifiedProduct"][0]["product"], "disposition": "active"}]
    assert [each["linkName"] for each in found["relatedDocument"]] == ["export permit", "photo"]
    assert found["relatedParty"][0]["role"] == "inspector"
    assert "registrationCountry" not in found["relatedParty"][0]["party"]
    assert found["description"] == "Tested"


def test_the_weight_before_stands_where_nobody_weighed_after() -> None:
    assert weights(only(1, "stored", weight_before_mg=7)["modifiedProduct"]) == 7
    assert weights(only(1, "stored", weight_before_mg=7, weight_after_mg=6)["modifiedProduct"]) == 6


def test_a_correction_and_an_entry_on_behalf_say_so() -> None:
    record = gold_record(step(1, "stored"), step(2, "stored", corrects=UUID(int=1), entered_for=True))

    assert events(record)[1]["description"] == (
        "Entered by a field officer for the cooperative. Corrects urn:uuid:00000000-0000-0000-0000-000000000001."
    )


def test_whoever_has_an_unknown_role_operates() -> None:
    assert only(1, "purchased", party=Party(role="broker", name="B"))["relatedParty"][0]["role"] == "operator"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_event_is_made_or_modified_where_it_stays(kind: str) -> None:
    assert only(1, kind)["type"][0] == ("MakeEvent" if kind in MADE else "ModifyEvent")


@given(RECORDS)
def test_every_record_has_required_members_listed_codes_and_absolute_names(record: LotRecord) -> None:
    found = events(record)
    written = rfc8785.dumps([*found, product_passport(record, base_url=BASE, issuer="did:web:x")]).decode()

    assert len(found) == len(record.steps)
    assert not re.search("latitude|geoLocation|price|share_bp", written)
    for event in found:
        assert REQUIRED[event["type"][0]] <= set(event)
    for each in inside(found):
        assert each.get("role", "owner") in PARTY_ROLES
        assert each.get("disposition", "new") in DISPOSITIONS
        assert each.get("id", BASE).startswith((BASE, "urn:uuid:"))
        assert each.get("name", "x") != ""


@given(RECORDS)
def test_weights_are_those_of_the_step_to_the_milligram(record: LotRecord) -> None:
    for told, event in zip(record.steps, events(record), strict=True):
        if told.kind in MADE:
            went_in = sum(each.weight_mg for each in told.inputs) if told.inputs else told.weight_before_mg or 0
            came_out = sum(each.weight_mg for each in told.outputs) if told.outputs else told.weight_after_mg or 0
            assert weights(event["inputProduct"]) == went_in
            assert weights(event["outputProduct"]) == came_out
        assert ("sensorData" in event) == (told.loss_mg > 0)
