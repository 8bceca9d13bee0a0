"""Each claim of a UNTP passport says how it is known."""

from dataclasses import replace
from typing import Any

import pytest

from marketplace.custody.record import LotRecord
from marketplace.passport.untp import CONTEXTS, EVENT_TYPES, TYPES, VERSION, product_passport
from marketplace.passport.untp_claims import fineness_ppm
from tests.builders.lot_records import gold_record
from tests.builders.records import record

BASE = "https://market.example"
GOLD = gold_record(
    claims={"weight": "measured_by_cooperative", "fineness": "laboratory_report", "mercury": "declared",
            "origin": "declared", "mined": "declared", "odd": "by_hearsay"},
    photo_sha256s=("cd" * 32,),
)  # fmt: skip
STONE = record(claims={"variety": "laboratory_report", "treatment": "declared"}, treatment="N")


def passport(found: LotRecord) -> dict[str, Any]:
    return product_passport(found, base_url=BASE, issuer="did:web:market.example")


def claim(found: LotRecord, name: str) -> dict[str, Any]:
    return next(each for each in passport(found)["performanceClaim"] if each["id"].endswith(f"#claim-{name}"))


def test_the_version_and_its_contexts_are_pinned() -> None:
    assert VERSION == "0.7.0"
    assert CONTEXTS == ("https://www.w3.org/ns/credentials/v2", "https://vocabulary.uncefact.org/untp/0.7.0/context/")
    assert TYPES == ("DigitalProductPassport", "VerifiableCredential")
    assert EVENT_TYPES == ("DigitalTraceabilityEvent", "VerifiableCredential")


def test_a_weight_is_claimed_with_its_measure_and_who_weighed() -> None:
    assert claim(GOLD, "weight") == {
        "type": ["Claim"],
        "id": "https://market.example/l/TZ-0000-0003#claim-weight",
        "name": "Weight",
        "referenceCriteria": [
            {
                "type": ["Criterion"],
                "id": "https://market.example/contexts/passport/v1#claim-weight",
                "name": "Weight",
            }
        ],
        "description": "250 g. Measured by the cooperative.",
        "claimDate": "2026-09-01",
        "claimedPerformance": [
            {
                "metric": {
                    "type": ["PerformanceMetric"],
                    "id": "https://market.example/contexts/passport/v1#metric-weight",
                    "name": "Weight",
                },
                "score": {"code": "measured_by_cooperative", "definition": "Measured by the cooperative."},
                "measure": {"value": 250, "unit": "GRM"},
            }
        ],
        "conformityTopic": [
            {
                "type": ["ConformityTopic"],
                "id": "https://market.example/contexts/passport/v1#topic-traceability",
                "name": "traceability",
            }
        ],
    }


@pytest.mark.parametrize(
    ("found", "name", "words"),
    [
        (GOLD, "fineness", "916.7 parts in a thousand. Found by a laboratory, on its report."),
        (GOLD, "mercury", "Declared by the cooperative."),
        (GOLD, "origin", "Geita, TZ. Declared by the cooperative."),
        (GOLD, "mined", "From 2026-08-01 to 2026-08-31. Declared by the cooperative."),
        (GOLD, "odd", "by_hearsay"),
        (STONE, "variety", "tsavorite. Found by a laboratory, on its report."),
        (STONE, "treatment", "N. Declared by the cooperative."),
    ],
)
def test_a_claim_tells_the_fact_and_how_it_is_known(found: LotRecord, name: str, words: str) -> None:
    assert claim(found, name)["description"] == words


def test_mercury_is_about_the_environment() -> None:
    assert claim(GOLD, "mercury")["conformityTopic"][0]["name"] == "environment"


def test_a_fineness_is_whole_parts_per_million_or_words_only() -> None:
    # 916.7 in a thousand are 916,700 in a million
    assert claim(GOLD, "fineness")["claimedPerformance"][0]["measure"] == {"value": 916_700, "unit": "59"}
    assert (fineness_ppm("999.999"), fineness_ppm("999.9999")) == (999_999, None)
    for other in ("999.9999", None):
        assert "measure" not in claim(replace(GOLD, fineness_permille=other), "fineness")["claimedPerformance"][0]


def test_what_the_record_does_not_tell_is_not_claimed_as_a_fact() -> None:
    unknown = replace(STONE, variety=None, treatment=None)

    assert claim(unknown, "variety")["description"] == "Found by a laboratory, on its report."
    assert claim(unknown, "treatment")["description"] == "Declared by the cooperative."


def test_the_status_of_a_site_is_claimed_in_member_states_only() -> None:
    found = claim(GOLD, "icglr-status")

    assert found["claimedPerformance"][0]["score"] == {"code": "1", "definition": "Green: certified"}
    assert found["claimDate"] == "2026-05-04"
    assert found["referenceStandard"][0]["name"] == "ICGLR Regional Certification Mechanism"
    assert claim(replace(GOLD, site=replace(GOLD.site, status_on=None)), "icglr-status")["claimDate"] == "2026-09-01"
    elsewhere = replace(GOLD, site=replace(GOLD.site, place=replace(GOLD.site.place, country="CO")))
    assert not any("icglr" in each["id"] for each in passport(elsewhere)["performanceClaim"])


def test_a_photo_is_named_by_its_digest() -> None:
    # 32 bytes of cd in base64url; the multihash of SHA-256 puts the bytes 12 20 before them
    assert passport(GOLD)["relatedDocument"][1] == {
        "linkURL": "ni:///sha-256;" + "zc3N" * 10 + "zc0",
        "linkName": "Photo at registration",
        "digestMultibase": "uEiDN" + "zc3N" * 10 + "zQ",
    }


def test_characteristics_tell_what_is_known_and_nothing_else() -> None:
    assert passport(GOLD)["characteristics"] == {
        "form": "dust",
        "pieces": 1,
        "finenessPermille": "916.7",
        "tagNumber": "TAG-1",
        "custodyModel": "identity_preserved",
        "womenLedCooperative": True,
        "recordSha256": "ab" * 32,
    }
