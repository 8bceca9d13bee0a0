"""UNTP 0.7.0 by hand: required members, closed lists and exact numbers; what is sealed or personal stays out.

The published schemas and contexts themselves are asked by `python -m tests.exports_against_untp`.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings

from marketplace.custody.record import LotRecord
from marketplace.passport.untp import (
    CONTEXTS,
    EVENT_TYPES,
    TYPES,
    VERSION,
    product_passport,
    terms,
    traceability_events,
)
from tests.builders.many_records import records
from tests.builders.records import GOLD, STONE, step

BASE = "https://market.example"
DID = "did:web:market.example"
MADE = ("produced", "combined", "split", "processed")
# UNTP 0.7.0, PartyRole.role and EventProduct.disposition.
PARTY_ROLES = {
    "owner", "producer", "manufacturer", "processor", "remanufacturer", "recycler", "operator", "serviceProvider",
    "inspector", "certifier", "logisticsProvider", "carrier", "consignor", "consignee", "importer", "exporter",
    "distributor", "retailer", "brandOwner", "regulator",
}  # fmt: skip
DISPOSITIONS = {"new", "inTransit", "active", "repaired", "recalled", "expired", "consumed", "recycled", "disposed"}
REQUIRED = {
    "Product": {"id", "name", "idScheme", "idGranularity", "productCategory", "producedAtFacility",
                "countryOfProduction"},
    "Claim": {"id", "name", "referenceCriteria", "claimDate", "claimedPerformance", "conformityTopic"},
    "MakeEvent": {"id", "name", "eventDate", "activityType", "inputProduct", "outputProduct", "madeAtFacility"},
    "MoveEvent": {"id", "name", "eventDate", "activityType", "movedProduct", "fromFacility", "toFacility"},
    "ModifyEvent": {"id", "name", "eventDate", "activityType", "modifiedProduct", "modifiedAtFacility"},
}  # fmt: skip


def product(record: LotRecord) -> dict[str, Any]:
    return product_passport(record, base_url=BASE, issuer=DID)


def events(record: LotRecord) -> list[dict[str, Any]]:
    return traceability_events(record, base_url=BASE)


def everything(document: Any) -> Iterator[Any]:
    yield document
    if isinstance(document, dict):
        for value in document.values():
            yield from everything(value)
    elif isinstance(document, list):
        for value in document:
            yield from everything(value)


def claim(record: LotRecord, name: str) -> dict[str, Any]:
    return next(each for each in product(record)["performanceClaim"] if each["id"].endswith(f"#claim-{name}"))


def test_the_version_and_its_contexts_are_pinned() -> None:
    assert VERSION == "0.7.0"
    assert CONTEXTS == ("https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/")
    assert TYPES == ("DigitalProductPassport", "VerifiableCredential")
    assert EVENT_TYPES == ("DigitalTraceabilityEvent", "VerifiableCredential")


def test_gold_is_one_item_of_the_mine_with_its_heading_and_whole_milligrams() -> None:
    found = product(GOLD)

    assert found["id"] == "https://market.example/l/TZ-AB12CD"
    assert found["idScheme"] == {"type": ["IdentifierScheme"], "id": DID, "name": "Lots of the marketplace"}
    assert (found["itemNumber"], found["idGranularity"]) == ("TZ-AB12CD", "item")
    assert [each["code"] for each in found["productCategory"]] == ["7108.12"]
    assert found["producedAtFacility"] == {
        "type": ["Facility"],
        "id": "https://market.example/sites/MS-4K9",
        "name": "Nyarugusu, Geita, TZ",
        "registeredId": "MS-4K9",
    }
    assert found["productionDate"] == "2026-08-20"
    assert found["countryOfProduction"] == {"countryCode": "TZ"}
    assert found["dimensions"] == {"weight": {"value": 97_000, "unit": "MGM"}}
    assert found["materialProvenance"][0]["mass"] == {"value": 97_000, "unit": "MGM"}
    assert (found["materialProvenance"][0]["name"], found["materialProvenance"][0]["massFraction"]) == ("Gold", 1)
    assert found["relatedParty"][0]["role"] == "producer"
    assert found["relatedParty"][0]["party"] == {
        "type": ["Party"],
        "id": "https://market.example/cooperatives/KP-7Q2",
        "name": "Mwanzo Cooperative Society",
        "registeredId": "KP-7Q2",
        "registrationCountry": {"countryCode": "TZ"},
    }
    assert found["characteristics"]["finenessPermille"] == "920.5"
    assert "variety" not in found["characteristics"]


@pytest.mark.parametrize(
    ("variety", "form", "code"),
    [("tanzanite", "rough", "7103.10"), ("tanzanite", "cut", "7103.99"), ("ruby", "cut", "7103.91")],
)
def test_a_stone_has_the_heading_of_its_variety_and_form(variety: str, form: str, code: str) -> None:
    assert [each["code"] for each in product(replace(STONE, variety=variety, form=form))["productCategory"]] == [code]


def test_a_stone_that_the_vocabulary_does_not_know_has_no_heading() -> None:
    found = product(replace(STONE, variety="unheard_of"))

    assert found["productCategory"] == []
    assert found["materialProvenance"][0]["name"] == "unheard_of"
    assert product(replace(STONE, variety=None))["productCategory"] == []


def test_a_photo_is_named_by_its_digest() -> None:
    # 32 bytes of cd; the multihash puts 12 20 before them
    link = product(GOLD)["relatedDocument"][1]

    assert link["linkURL"] == "ni:///sha-256;" + "zc3N" * 10 + "zc0"
    assert link["digestMultibase"] == "uEiDN" + "zc3N" * 10


def test_each_claim_says_how_it_is_known() -> None:
    weighed, fine = claim(GOLD, "weight"), claim(GOLD, "fineness")

    assert weighed["description"] == "97000 mg. Measured by the cooperative."
    assert weighed["claimedPerformance"][0]["measure"] == {"value": 97_000, "unit": "MGM"}
    assert weighed["claimedPerformance"][0]["score"]["code"] == "measured_by_cooperative"
    assert fine["description"] == "920.5 parts in a thousand. Found by a laboratory, on its report."
    # 920.5 in a thousand are 920,500 in a million
    assert fine["claimedPerformance"][0]["measure"] == {"value": 920_500, "unit": "59"}
    assert claim(GOLD, "mercury")["description"] == "Declared by the cooperative."
    assert claim(GOLD, "mercury")["conformityTopic"][0]["name"] == "environment"
    assert claim(GOLD, "origin")["description"] == "Nyarugusu, TZ. Declared by the cooperative."
    assert claim(GOLD, "mined")["description"] == "From 2026-08-01 to 2026-08-20. Declared by the cooperative."
    assert claim(STONE, "variety")["description"] == "tanzanite. Found by a laboratory, on its report."
    assert claim(STONE, "treatment")["description"] == "N. Declared by the cooperative."
    assert fine["claimDate"] == "2026-09-04"


def test_a_fineness_finer_than_a_millionth_is_told_in_words_only() -> None:
    assert terms.fineness_ppm("999.999") == 999_999
    assert terms.fineness_ppm("999.9999") is None
    found = claim(replace(GOLD, fineness_permille="999.9999"), "fineness")
    assert "measure" not in found["claimedPerformance"][0]


def test_the_status_of_a_site_is_claimed_in_member_states_only() -> None:
    found = claim(GOLD, "icglr-status")

    assert found["claimedPerformance"][0]["score"] == {"code": "1", "definition": "Green: certified"}
    assert found["claimDate"] == "2026-02-03"
    place = replace(GOLD.site.place, country="CO")
    abroad = product(replace(GOLD, site=replace(GOLD.site, place=place)))
    assert not any("icglr" in each["id"] for each in abroad["performanceClaim"])


def test_smelting_is_made_from_what_went_in_with_the_loss_beside_it() -> None:
    found = events(GOLD)[2]

    assert found["type"] == ["MakeEvent", "LifecycleEvent"]
    assert found["id"] == "urn:uuid:00000000-0000-0000-0000-000000000003"
    assert found["eventDate"] == "2026-09-03T09:05:07Z"
    assert [each["quantity"]["value"] for each in found["inputProduct"]] == [100_000]
    assert [each["quantity"]["value"] for each in found["outputProduct"]] == [97_000]
    assert [each["value"] for each in found["sensorData"][0]["measure"]] == [3_000]
    assert "sensorData" not in events(GOLD)[0]


def test_a_parcel_moves_from_one_place_to_the_other() -> None:
    found = events(GOLD)[5]

    assert found["type"][0] == "MoveEvent"
    assert (found["fromFacility"]["name"], found["toFacility"]["name"]) == ("Dar es Salaam, TZ", "CH")
    assert [each["role"] for each in found["relatedParty"]] == ["carrier", "consignee"]
    assert found["relatedParty"][1]["party"]["name"] == "Buyer"
    assert found["movedProduct"][0]["disposition"] == "inTransit"
    assert found["description"] == "Seal: S-9."


def test_a_test_modifies_nothing_and_has_no_weight() -> None:
    found = events(GOLD)[3]

    assert found["type"][0] == "ModifyEvent"
    assert "quantity" not in found["modifiedProduct"][0]
    assert found["relatedParty"][0]["role"] == "inspector"
    assert found["description"] == "Tested"


def test_a_division_names_every_part_and_a_part_has_a_road_of_its_own() -> None:
    divided, sent = events(STONE)

    assert [(each["product"]["id"], each["quantity"]["value"]) for each in divided["outputProduct"]] == [
        ("https://market.example/l/TZ-XY34ZW/1", 316),
        ("https://market.example/l/TZ-XY34ZW", 684),
    ]
    assert [each["disposition"] for each in divided["inputProduct"]] == ["consumed"]
    assert sent["movedProduct"][0]["product"]["itemNumber"] == "TZ-XY34ZW/1"


def test_a_correction_and_an_entry_on_behalf_say_so() -> None:
    told = step(3, "stored", corrects=step(2, "stored").id, entered_for=True, tag_numbers=("A", "B"))

    assert events(replace(GOLD, steps=(told,)))[0]["description"] == (
        "Entered by a field officer for the cooperative. "
        "Corrects urn:uuid:00000000-0000-0000-0000-000000000002. Tags: A, B."
    )


@given(records())
@settings(max_examples=60, deadline=None)
def test_every_record_has_the_required_members_and_exact_numbers(record: LotRecord) -> None:
    found = [product(record), *events(record)]

    rfc8785.dumps(found)
    for each in everything(found):
        assert not isinstance(each, float)
        if isinstance(each, dict) and (kind := each.get("type", [""])[0]) in REQUIRED and "product" not in each:
            is_reference = kind == "Product" and "idScheme" not in each
            assert is_reference or REQUIRED[kind] <= set(each)
        if isinstance(each, dict):
            assert each.get("role", "owner") in PARTY_ROLES
            assert each.get("disposition", "new") in DISPOSITIONS
            assert ":" in each.get("id", "a:")


@given(records())
@settings(max_examples=60, deadline=None)
def test_the_weights_of_an_event_are_those_of_its_step(record: LotRecord) -> None:
    for told, event in zip(record.steps, events(record), strict=True):
        if told.kind in MADE:
            given_mg = sum(each.weight_mg for each in told.inputs) if told.inputs else told.weight_before_mg or 0
            got_mg = sum(each.weight_mg for each in told.outputs) if told.outputs else told.weight_after_mg or 0
            assert sum(each["quantity"]["value"] for each in event["inputProduct"]) == given_mg
            assert sum(each["quantity"]["value"] for each in event["outputProduct"]) == got_mg
        assert ("sensorData" in event) == (told.loss_mg > 0)


@given(records())
@settings(max_examples=60, deadline=None)
def test_nothing_that_somebody_typed_as_a_remark_and_no_price_comes_out(record: LotRecord) -> None:
    written = rfc8785.dumps([product(record), *events(record)]).decode()

    for secret in ("SECRET REMARK", "price", "latitude", "geoLocation", "share_bp"):
        assert secret not in written
