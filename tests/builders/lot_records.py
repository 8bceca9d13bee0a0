"""Public records of lots made in memory: a lot of Tanzanian gold, and whatever hypothesis thinks of."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from marketplace.custody.record import KINDS, MODELS, CustodyStep, LotAmount, LotRecord, Party, Place, SiteRecord

START = datetime(2026, 9, 1, 8, 30, 15, 250_000, tzinfo=UTC)
GEITA = Place(country="TZ", region="Geita", district="Geita", site_reference="MS-0000-0001")
COOPERATIVE = Party(role="cooperative", name="Umoja Cooperative", reference="TZ-0000-0002", country="TZ")


def step(number: int, kind: str, **more: Any) -> CustodyStep:
    """Return the entry of this number, a day after the one before."""
    at = START + timedelta(days=number)
    facts: dict[str, Any] = {
        "id": UUID(int=number), "number": number, "kind": kind, "happened_at": at, "recorded_at": at,
        "party": COOPERATIVE, "place": GEITA,
    }  # fmt: skip
    return CustodyStep(**{**facts, **more})


def gold_record(*steps: CustodyStep, **more: Any) -> LotRecord:
    """Return 250 g of gold of 916.7 per mille with these entries."""
    site = SiteRecord(
        reference="MS-0000-0001", place=GEITA, icglr_status=1, status_on=date(2026, 5, 4),
        right_kind="primary_mining_licence", right_valid_to=date(2027, 5, 3),
    )  # fmt: skip
    record = LotRecord(
        lot_id=UUID(int=99), reference="TZ-0000-0003", version_number=1, version_sha256="ab" * 32, title="Gold dust",
        kind="gold", form="dust", weight_mg=250_000, pieces=1, cooperative=COOPERATIVE, is_women_led=True, site=site,
        mined_from=date(2026, 8, 1), mined_to=date(2026, 8, 31), published_at=START, tag_number="TAG-1",
        model="identity_preserved", fineness_permille="916.7", steps=steps,
    )  # fmt: skip
    return replace(record, **more)


_WEIGHTS = st.integers(1, 10**12)
_NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
_NUMBERS = st.from_regex(r"[A-Z]{2}-[0-9]{1,6}", fullmatch=True)
_PLACES = st.builds(Place, country=st.sampled_from(("TZ", "RW", "CH")), region=_NAMES, district=_NAMES)
_PARTIES = st.builds(Party, role=st.sampled_from(("cooperative", "carrier", "buyer")), name=_NAMES)
_AMOUNTS = st.builds(LotAmount, lot_reference=_NUMBERS, weight_mg=_WEIGHTS, tag_number=st.just("") | _NUMBERS)
_TIMES = st.datetimes(START.replace(tzinfo=None), timezones=st.just(UTC))
STEPS = st.builds(
    CustodyStep, id=st.uuids(), number=st.integers(1, 100), kind=st.sampled_from(KINDS), happened_at=_TIMES,
    recorded_at=_TIMES, party=_PARTIES, place=_PLACES, receiver=st.none() | _PARTIES, destination=st.none() | _PLACES,
    weight_before_mg=st.none() | _WEIGHTS, weight_after_mg=st.none() | _WEIGHTS, loss_mg=st.integers(0, 10**6),
    tag_numbers=st.lists(_NUMBERS, max_size=3), inputs=st.lists(_AMOUNTS, max_size=3),
    outputs=st.lists(_AMOUNTS, max_size=3),
)  # fmt: skip
RECORDS = st.builds(
    lambda steps, kind, model: gold_record(*steps, kind=kind, model=model),
    st.lists(STEPS, max_size=6), st.sampled_from(("gold", "gem")), st.sampled_from(MODELS),
)  # fmt: skip
