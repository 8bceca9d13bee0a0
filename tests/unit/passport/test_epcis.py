"""A lot's events as EPCIS 2.0: what the standard demands, and weights to the milligram."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given

from marketplace.custody.record import KINDS, CustodyStep, EventDocument, LotAmount, LotRecord
from marketplace.passport.epcis import CONTEXT, TERMS, document_of
from marketplace.passport.untp_events import traceability_events
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


def test_a_parcel_names_who_had_it_its_waybill_and_where_it_goes() -> None:
    papers = [EventDocument(kind="waybill", number="W 1/2"), EventDocument(kind="report")]
    found = events(record(step("moved", receiver=CARRIER, documents=papers)))[0]

    assert found["sourceList"] == [{"type": "possessing_party", "source": f"{BASE}/parties/cooperative/CO-UMBA"}]
    assert found["destinationList"] == [{"type": "possessing_party", "destination": f"{BASE}/parties/carrier/TZ"}]
    assert found["bizTransactionList"] == [{"type": "bol", "bizTransaction": f"{BASE}/papers/waybill/W%201%2F2"}]


@pytest.mark.parametrize(
    ("kind", "term"),
    [
        ("report", "testres"),
        ("kimberley_confirmation", "cert"),
        ("export_permit", f"{BASE}/contexts/custody/v1#export_permit"),
        ("of two words", f"{BASE}/contexts/custody/v1#of%20two%20words"),
    ],
)
def test_a_paper_has_the_word_of_cbv_or_a_term_of_our_own(kind: str, term: str) -> None:
    found = events(record(step("assayed", documents=[EventDocument(kind=kind, number="N1")])))[0]

    assert [each["type"] for each in found["bizTransactionList"]] == [term]


def test_an_event_without_papers_seal_or_tag_tells_of_none() -> None:
    found = events(record(step("stored", documents=[EventDocument(kind="report")])))[0]

    assert not {"bizTransactionList", "custody:sealNumber", "custody:tagNumbers"} & set(found)


def test_seals_and_tags_are_told_in_terms_of_our_own_context() -> None:
    found = events(record(step("tagged", seal_number="S-1", tag_numbers=["PX-1", "PX-2"])))[0]

    assert (found["custody:sealNumber"], found["custody:tagNumbers"]) == ("S-1", ["PX-1", "PX-2"])
    assert found["parentID"] == f"{BASE}/tags/PX-1"
    document = document_of(record(), base_url=BASE, created_at=NOW)
    # An inline object here breaks other verifiers.
    assert document["@context"] == [CONTEXT, f"{BASE}/contexts/custody/v1"]


def test_a_part_that_was_sold_is_told_as_the_part_and_not_as_the_whole_lot() -> None:
    found = events(record(step("moved", facts={"part": "TZ-AAAA-AAAA/1"}, weight_after_mg=200)))[0]

    assert found["quantityList"] == [{"epcClass": f"{BASE}/l/TZ-AAAA-AAAA/1", "quantity": 1, "uom": "CTM"}]


@pytest.mark.parametrize(
    ("kind", "facts", "state"),
    [
        ("inspected", {"checklist": "passed"}, "conformant"),
        ("inspected", {"checklist": "remarks"}, "conformant"),
        ("inspected", {"checklist": "failed"}, "non_conformant"),
        ("inspected", {}, "in_progress"),
        ("assayed", {"assay_method": "other", "result": "as_listed"}, "conformant"),
        ("assayed", {"result": "not_as_listed"}, "non_conformant"),
        ("assayed", {"result": "880 ‰"}, "in_progress"),
        ("delivered", {"seal_intact": "no"}, "non_conformant"),
        ("delivered", {"seal_intact": "yes"}, "in_progress"),
        ("stored", {"seal_intact": "no"}, "sellable_not_accessible"),
    ],
)
def test_an_event_says_whether_the_goods_were_as_promised(kind: str, facts: dict[str, str], state: str) -> None:
    assert events(record(step(kind, facts=facts)))[0]["disposition"] == state


def test_an_acceptance_is_as_good_as_what_was_found_last_before_it() -> None:
    broken = step("delivered", 1, facts={"part": "L/1", "seal_intact": "no"})
    other = step("assayed", 2, facts={"part": "L/2", "result": "as_listed"})
    taken = step("accepted", 3, facts={"part": "L/1"})
    whole = step("inspected", 2, facts={"checklist": "passed"})
    fixed = step("delivered", 2, facts={"part": "L/1", "seal_intact": "yes"}, corrects=broken.id)
    late = step("assayed", 4, facts={"part": "L/1", "result": "not_as_listed"})

    def accepted(*steps: CustodyStep) -> str:
        found = events(record(*steps))
        return next(str(each["disposition"]) for each in found if each["eventID"] == f"urn:uuid:{taken.id}")

    assert accepted(taken) == "conformant"
    assert accepted(broken, other, taken) == "non_conformant"
    assert accepted(broken, whole, taken) == "conformant"
    assert accepted(broken, fixed, taken) == "conformant"
    assert accepted(taken, late) == "conformant"


def test_an_event_has_one_identity_in_epcis_and_in_untp() -> None:
    lot = record(step("produced"), step("stored", 2, corrects=UUID(int=1)))
    untp = traceability_events(lot, base_url=BASE)

    assert [each["eventID"] for each in events(lot)] == [each["id"] for each in untp]
    assert untp[0]["id"] == "urn:uuid:00000000-0000-0000-0000-000000000001"


def test_a_weight_that_an_event_does_not_tell_is_not_made_up() -> None:
    # Tagged as a stone of 10 ct that was cut to 3.42 ct later: the bag never held 3.42 ct.
    tagged, cut = events(record(step("tagged"), step("processed", 2, weight_before_mg=2000, weight_after_mg=684)))

    assert tagged["childQuantityList"] == [{"epcClass": f"{BASE}/l/TZ-AAAA-AAAA"}]
    assert [cut[name][0]["quantity"] for name in LISTS["TransformationEvent"]] == [10, 3.42]


def test_an_event_of_two_lots_has_one_identity_in_the_documents_of_both() -> None:
    mix = step("combined", inputs=[LotAmount(lot_reference="TZ-A", weight_mg=5)])
    first, second = (events(record(mix, reference=each))[0]["eventID"] for each in ("TZ-A", "TZ-B"))

    assert first == second == f"urn:uuid:{UUID(int=1)}"


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
        if told["type"] == "TransformationEvent":
            for name, amounts in (("inputQuantityList", meant.inputs), ("outputQuantityList", meant.outputs)):
                weights = [Decimal(str(each.get("quantity", 0))) * per_unit for each in told[name]]
                assert not amounts or sum(weights) == sum(each.weight_mg for each in amounts)
                assert not amounts or weights == [each.weight_mg for each in amounts]


@given(records())
def test_no_miner_no_coordinate_and_no_amount_of_money_is_told(found: LotRecord) -> None:
    text = str(document_of(found, base_url=BASE, created_at=NOW))

    assert found.cooperative.name not in text
    assert not {"insured", "price", "latitude", "miner"} & set(text.lower().replace("'", " ").split())
