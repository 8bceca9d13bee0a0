"""A lot's events as EPCIS 2.0: what the standard demands, and weights to the milligram."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given

from marketplace.custody.record import KINDS, LotAmount, LotRecord
from marketplace.passport.epcis import TERMS, document_of
from tests.builders.records import CARRIER, record, records, step

BASE = "https://market.example"
NOW = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)
# CBV 2.0, 7.1 and 7.2: those that we use.
STEPS = {
    "accepting", "arriving", "commissioning", "creating_class_instance", "departing", "inspecting", "other", "packing",
    "receiving", "repackaging", "sampling", "shipping", "storing",
}  # fmt: skip
STATES = {
    "active", "conformant", "container_closed", "in_progress", "in_transit", "returned", "sellable_not_accessible",
}  # fmt: skip
LISTS = {
    "ObjectEvent": ("quantityList",),
    "AggregationEvent": ("childQuantityList",),
    "TransformationEvent": ("inputQuantityList", "outputQuantityList"),
}


def events(found: LotRecord) -> list[dict[str, Any]]:
    return list(document_of(found, base_url=BASE, created_at=NOW)["epcisBody"]["eventList"])


@pytest.mark.parametrize("kind", KINDS)
def test_each_of_the_sixteen_events_has_what_its_type_must_have(kind: str) -> None:
    found = events(record(step(kind)))[0]

    assert found["eventTimeZoneOffset"] == "+00:00"
    assert (found["eventTime"], found["recordTime"]) == ("2026-03-02T09:00:00Z", "2026-03-02T09:05:00Z")
    assert ("action" in found) is (found["type"] != "TransformationEvent")
    assert found["bizStep"] in STEPS
    assert found["disposition"] in STATES
    assert all(found[name] for name in LISTS[found["type"]])
    assert ("parentID" in found) is (found["type"] == "AggregationEvent")


def test_the_table_names_every_kind_once() -> None:
    assert tuple(TERMS) == KINDS


def test_stones_are_told_in_carats_and_gold_in_grams() -> None:
    stones = events(record(step("stored", weight_after_mg=684)))[0]["quantityList"]
    gold = events(record(step("stored", weight_after_mg=31_104), kind="gold"))[0]["quantityList"]

    # 684 mg / 200 mg a carat; 31,104 mg / 1,000
    assert stones == [{"epcClass": f"{BASE}/l/TZ-AAAA-AAAA", "quantity": 3.42, "uom": "CTM"}]
    assert gold == [{"epcClass": f"{BASE}/l/TZ-AAAA-AAAA", "quantity": 31.104, "uom": "GRM"}]


def test_a_split_names_what_went_in_and_what_came_out() -> None:
    out = [LotAmount(lot_reference=f"TZ-AAAA-AAAA/{number}", weight_mg=200 * number) for number in (1, 2)]
    found = events(record(step("split", weight_before_mg=684, outputs=out)))[0]

    assert [each["quantity"] for each in found["inputQuantityList"]] == [3.42]
    assert [(each["epcClass"][-2:], each["quantity"]) for each in found["outputQuantityList"]] == [("/1", 1), ("/2", 2)]


def test_a_parcel_names_who_had_it_and_where_it_goes() -> None:
    found = events(record(step("moved", receiver=CARRIER)))[0]

    assert found["sourceList"] == [{"type": "possessing_party", "source": f"{BASE}/parties/cooperative/CO-UMBA"}]
    assert found["destinationList"] == [{"type": "possessing_party", "destination": f"{BASE}/parties/carrier/TZ"}]


def test_a_corrected_event_declares_its_error_and_names_the_correcting_one() -> None:
    first, second = events(record(step("stored"), step("stored", 2, corrects=UUID(int=1))))

    assert first["errorDeclaration"] == {
        "declarationTime": "2026-03-02T10:05:00Z",
        "reason": "incorrect_data",
        "correctiveEventIDs": [second["eventID"]],
    }
    assert "errorDeclaration" not in second


@given(records())
def test_every_weight_is_exact_and_survives_canonical_json(found: LotRecord) -> None:
    document = document_of(found, base_url=BASE, created_at=NOW)
    rfc8785.dumps(document)
    per_unit = 1000 if found.kind == "gold" else 200

    for told, meant in zip(document["epcisBody"]["eventList"], found.steps, strict=True):
        if told["type"] == "TransformationEvent" and meant.inputs:
            weights = [Decimal(str(each["quantity"])) * per_unit for each in told["inputQuantityList"]]
            assert weights == [each.weight_mg for each in meant.inputs]


@given(records())
def test_no_miner_no_coordinate_and_no_amount_of_money_is_told(found: LotRecord) -> None:
    text = str(document_of(found, base_url=BASE, created_at=NOW))

    assert found.cooperative.name not in text
    assert not {"insured", "price", "latitude", "miner"} & set(text.lower().replace("'", " ").split())
