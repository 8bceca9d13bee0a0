from datetime import date
from typing import Any

import pytest

from marketplace.moderation.flags import (
    LABELS,
    TEXTS,
    LotEvidence,
    Screening,
    contact_data,
    flags_of_application,
    flags_of_lot,
    implausible_weight,
)

TODAY = date(2026, 9, 29)
STONE: dict[str, Any] = {
    "kind": "gem", "weight_mg": 684, "pieces": 1, "dimensions": "9 x 8 x 6", "treatment": "N", "country": "TZ",
    "colour": "violet blue", "tag_number": "TZ-104881",
}  # fmt: skip


def codes(content: dict[str, Any], **evidence: Any) -> list[str]:
    found = flags_of_lot(content, LotEvidence(**{"position": "inside", **evidence}), today=TODAY)
    return [flag["code"] for flag in found]


def test_an_ordinary_lot_has_no_flags() -> None:
    assert codes(STONE) == []


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        ({"position": "below"}, "price_below"),
        ({"position": "above"}, "price_above"),
        ({"position": "unknown"}, "no_guidance"),
        ({"photo_lots": ["TZ-AAAA-AAAA"]}, "photo_again"),
        ({"tag_lots": ["TZ-AAAA-AAAA"]}, "tag_again"),
        ({"alike_lots": ["TZ-AAAA-AAAA"]}, "photo_alike"),
        ({"certificate_lots": ["TZ-AAAA-AAAA"]}, "certificate_again"),
        # The very same photo is told once.
        ({"alike_lots": ["TZ-AAAA-AAAA"], "photo_lots": ["TZ-AAAA-AAAA"]}, "photo_again"),
        ({"attested_on": date(2025, 9, 29)}, "attestation_ends"),  # ends today
        ({"attested_on": date(2025, 10, 29)}, "attestation_ends"),  # ends in thirty days
        ({"site_status": 2, "site_status_on": date(2026, 3, 1)}, "site_yellow"),
        ({"times_returned": 1}, "returned"),
    ],
)
def test_evidence_raises_its_flag(evidence: dict[str, Any], code: str) -> None:
    assert codes(STONE, **evidence) == [code]


def test_a_declaration_that_holds_longer_raises_no_flag() -> None:
    assert codes(STONE, attested_on=date(2025, 10, 30)) == []


def test_unknown_treatment_and_conflict_area_are_flags() -> None:
    assert codes({**STONE, "treatment": "UNK"}, conflict_source="a list") == ["treatment_unknown", "conflict_area"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"weight_mg": 100_200, "dimensions": ""}, "very heavy for one stone"),  # 501 carats
        ({"weight_mg": 9, "dimensions": ""}, "very light for one stone"),  # 0.045 carats
        ({"weight_mg": 2074}, "too heavy for its dimensions"),  # 9 × 8 × 6 = 432 mm³, × 4.8 = 2073.6 mg
        ({"weight_mg": 215}, "too light for its dimensions"),  # 432 × 2.0 × 0.25 = 216 mg
        # Of its own kind: amethyst 2.65 to 2.66, zircon 3.9 to 4.8.
        ({"variety": "amethyst", "weight_mg": 1150}, "too heavy for its dimensions"),  # 432 × 2.66 = 1149.12 mg
        ({"variety": "zircon", "weight_mg": 421}, "too light for its dimensions"),  # 432 × 3.9 × 0.25 = 421.2 mg
        ({"variety": "not_in_the_list", "weight_mg": 2074}, "too heavy for its dimensions"),
        ({"kind": "gold", "weight_mg": 20_000_001}, "very heavy for one lot of gold"),
    ],
)
def test_an_implausible_weight_says_why(change: dict[str, Any], why: str) -> None:
    assert implausible_weight({**STONE, **change}) == why


@pytest.mark.parametrize(
    "change",
    [
        {"weight_mg": 2073},
        {"weight_mg": 216},
        {"variety": "amethyst", "weight_mg": 1149},
        {"variety": "zircon", "weight_mg": 422},
        {"variety": "not_in_the_list", "weight_mg": 2073},
        {"weight_mg": 500_000, "pieces": 1000},  # a parcel: 2.5 carats each
        {"dimensions": "about 9 mm"},
        {"dimensions": None},
        {"kind": "gold", "weight_mg": 20_000_000},
    ],
)
def test_a_plausible_weight_says_nothing(change: dict[str, Any]) -> None:
    assert implausible_weight({**STONE, **change}) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call +255 712 345 678 today", ["+255 712 345 678"]),
        ("amina@example.org", ["amina@example.org"]),
        ("see https://gems.example/x", ["https://gems.example/x"]),
        ("ask on WhatsApp", ["WhatsApp"]),
        ("gems.co.tz", ["gems.co.tz"]),
    ],
)
def test_contact_data_is_found(text: str, found: list[str]) -> None:
    assert found[0] in contact_data(text)


@pytest.mark.parametrize("text", ["9.1 x 8.2 x 6.3 mm", "mined 2026-08-01", "3.42 ct, 12 pieces", "violet blue", ""])
def test_measures_and_days_are_no_contact_data(text: str) -> None:
    assert contact_data(text) == []


def test_an_application_is_flagged_too() -> None:
    content = {
        "country": "ML",
        "about": "write to a@b.org",
        "sites": [{"status": 2, "status_on": "2026-01-01"}, {"status": 1, "status_on": None}],
    }

    found = flags_of_application(content, today=TODAY, times_returned=2, conflict_source="a list")
    assert [flag["code"] for flag in found] == [
        "contact_in_text",
        "returned",
        "site_yellow",
        "conflict_area",
    ]


@pytest.mark.parametrize(
    ("screening", "flags"),
    [
        (Screening(), []),  # never screened: the gate tells it
        (Screening(screened_on=date(2026, 8, 30)), []),  # thirty days ago
        (Screening(screened_on=date(2026, 8, 29)), [("screening_stale", {"day": "2026-08-29", "lists": "–"})]),
        (Screening(old_lists=["OFAC", "UK"]), [("screening_stale", {"day": "–", "lists": "OFAC, UK"})]),
        (Screening(hit="SH-1", screened_on=TODAY), [("screening_hit", {"hit": "SH-1"})]),
    ],
)
def test_a_hit_and_an_old_screening_are_told_of_lots_and_applications(
    screening: Screening, flags: list[tuple[str, dict[str, str]]]
) -> None:
    expected = [{"code": code, "evidence": told} for code, told in flags]
    lot = flags_of_lot(STONE, LotEvidence(position="inside", screening=screening), today=TODAY)
    application = flags_of_application({"sites": []}, today=TODAY, times_returned=0, screening=screening)
    assert (lot, application) == (expected, expected)


def test_every_flag_has_a_label_and_a_sentence() -> None:
    assert set(LABELS) == set(TEXTS)


def test_what_photos_told_is_one_flag_a_kind_with_its_evidence() -> None:
    hints = [
        ("front", {"code": "edited", "software": "GIMP"}),
        ("front", {"code": "old", "day": "2021-01-02"}),
        ("side", {"code": "place"}),
        ("scale", {"code": "edited", "software": "Canva"}),
        ("daylight", {"code": "edited", "software": "GIMP"}),
        ("daylight", {"code": "later", "day": "2027-01-02"}),
    ]
    found = flags_of_lot(STONE, LotEvidence(position="inside", photo_hints=hints), today=TODAY)
    assert found == [
        {"code": "photo_place", "evidence": {"slots": ["side"]}},
        {"code": "photo_edited", "evidence": {"slots": ["front", "scale", "daylight"], "found": "GIMP, Canva"}},
        {"code": "photo_later", "evidence": {"slots": ["daylight"], "day": "2027-01-02"}},
        {"code": "photo_old", "evidence": {"slots": ["front"], "day": "2021-01-02"}},
    ]
    assert all(flag["code"] in TEXTS and flag["code"] in LABELS for flag in found)
