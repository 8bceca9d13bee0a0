"""Public records of lots, made without a database, for what is written from them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from marketplace.custody.record import (
    CustodyStep,
    EventDocument,
    LotAmount,
    LotRecord,
    Party,
    Place,
    SiteRecord,
    SplitShare,
)

COOPERATIVE = Party(role="cooperative", name="Mwanzo Cooperative Society", reference="KP-7Q2", country="TZ")
MINE = Place(country="TZ", region="Geita", district="Nyarugusu", site_reference="MS-4K9")
PORT = Place(country="TZ", district="Dar es Salaam")
ABROAD = Place(country="CH")


def moment(day: int, hour: int = 9) -> datetime:
    """Return a time in September 2026."""
    return datetime(2026, 9, day, hour, 5, 7, tzinfo=UTC)


def step(number: int, kind: str, **told: Any) -> CustodyStep:
    """Return a step by the cooperative at the mine, a day after the one before."""
    here = {
        "happened_at": moment(number),
        "recorded_at": moment(number, 10),
        "party": COOPERATIVE,
        "place": MINE,
        **told,
    }
    return CustodyStep(id=UUID(int=number), number=number, kind=kind, **here)


def journey() -> tuple[CustodyStep, ...]:
    """Return a journey of gold: 100 g won, smelted to 97 g, tagged, tested, exported, sent and received."""
    paper = EventDocument(kind="export_permit", number="XP-77", sha256="ab" * 32)
    return (
        step(1, "produced", weight_after_mg=100_000, tag_numbers=("TZ-1",), photo_sha256s=("cd" * 32,)),
        step(2, "tagged", tag_numbers=("TZ-1",), facts={"issuer": "Mining Commission"}),
        step(
            3,
            "processed",
            weight_before_mg=100_000,
            weight_after_mg=97_000,
            loss_mg=3_000,
            facts={"method": "smelting"},
        ),
        step(4, "assayed", party=Party(role="assayer", name="Geita Assay"), facts={"result": "920", "reason": "typed"}),
        step(5, "exported", weight_after_mg=97_000, documents=(paper,), facts={"hs_code": "710812"}),
        step(
            6,
            "moved",
            party=Party(role="carrier", name="Safe Air"),
            receiver=Party(role="buyer", name=""),
            place=PORT,
            destination=ABROAD,
            seal_number="S-9",
            weight_after_mg=97_000,
        ),
        step(7, "delivered", party=Party(role="buyer", name=""), place=ABROAD, weight_after_mg=96_998),
        step(8, "accepted", party=Party(role="buyer", name=""), place=ABROAD),
    )


GOLD = LotRecord(
    lot_id=UUID(int=99),
    reference="TZ-AB12CD",
    version_number=2,
    version_sha256="ef" * 32,
    title="Gold doré, 97.00 g, 920 ‰",
    kind="gold",
    form="dore",
    weight_mg=97_000,
    pieces=1,
    cooperative=COOPERATIVE,
    is_women_led=True,
    site=SiteRecord(
        reference="MS-4K9",
        place=MINE,
        icglr_status=1,
        status_on=date(2026, 2, 3),
        mercury_practice="mercury_free",
        right_kind="primary_mining_licence",
        right_valid_to=date(2030, 1, 31),
    ),
    mined_from=date(2026, 8, 1),
    mined_to=date(2026, 8, 20),
    published_at=moment(4, 12),
    tag_number="TZ-1",
    model="identity_preserved",
    fineness_permille="920.5",
    report_number="GL-2291",
    claims={"weight": "measured_by_cooperative", "origin": "declared", "mined": "declared", "mercury": "declared",
            "fineness": "laboratory_report"},
    photo_sha256s=("cd" * 32,),
    split=(SplitShare(code="net", label="Net", payee="cooperative", share_bp=10_000),),
    steps=journey(),
)  # fmt: skip

STONE = replace(
    GOLD,
    reference="TZ-XY34ZW",
    title="Tanzanite, 3.42 ct, rough",
    kind="gem",
    form="rough",
    weight_mg=684,
    fineness_permille=None,
    variety="tanzanite",
    treatment="N",
    claims={"weight": "measured_by_cooperative", "variety": "laboratory_report", "treatment": "declared"},
    steps=(
        step(
            1,
            "split",
            weight_before_mg=1_000,
            inputs=(LotAmount(lot_reference="TZ-XY34ZW", weight_mg=1_000),),
            outputs=(
                LotAmount(lot_reference="TZ-XY34ZW/1", weight_mg=316),
                LotAmount(lot_reference="TZ-XY34ZW", weight_mg=684),
            ),
        ),
        step(2, "moved", destination=ABROAD, facts={"part": "TZ-XY34ZW/1"}, weight_after_mg=316),
    ),
)
