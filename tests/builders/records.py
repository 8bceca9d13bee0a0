"""Records of lots made up by hypothesis: every kind of event, corrections included."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from marketplace.custody.record import KINDS, CustodyStep, LotAmount, LotRecord, Party, Place, SiteRecord

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
COOPERATIVE = Party(role="cooperative", name="Umba Women Miners", reference="CO-UMBA", country="TZ")
CARRIER = Party(role="carrier", name="Safe Transport", country="TZ")
UMBA = Place(country="TZ", region="Tanga", district="Lushoto", site_reference="SI-UMBA")
PLACES = st.sampled_from([UMBA, Place(country="KE", region="Taita Taveta", district="Mwatate"), Place(country="FR")])
NAMES = st.text(min_size=1, max_size=20).filter(str.strip)
WEIGHTS = st.integers(1, 10**9)
AMOUNTS = st.builds(LotAmount, lot_reference=st.sampled_from(["TZ-AAAA-AAAA", "TZ-BBBB-BBBB/1"]), weight_mg=WEIGHTS)


def step(kind: str, number: int = 1, **more: object) -> CustodyStep:
    """Return an event of a kind, with the least that it needs."""
    at = START + timedelta(hours=number)
    plain = {"party": COOPERATIVE, "place": UMBA, "happened_at": at, "recorded_at": at + timedelta(minutes=5)}
    return CustodyStep(id=UUID(int=number), number=number, kind=kind, **{**plain, **more})  # type: ignore[arg-type]


def record(*steps: CustodyStep, kind: str = "gem", weight_mg: int = 684, **more: object) -> LotRecord:
    """Return the record of a lot with these events."""
    plain = {
        "lot_id": UUID(int=7), "reference": "TZ-AAAA-AAAA", "version_number": 1, "version_sha256": "ab" * 32,
        "title": "Tsavorite, rough, 3.42 ct", "form": "rough" if kind == "gem" else "dore", "pieces": 1,
        "cooperative": COOPERATIVE, "is_women_led": True,
        "site": SiteRecord(reference="SI-UMBA", place=UMBA, icglr_status=1),
        "mined_from": date(2026, 2, 1), "mined_to": date(2026, 2, 20), "published_at": START, "tag_number": "PX-1",
        "model": "identity_preserved", "variety": "tsavorite" if kind == "gem" else None,
    }  # fmt: skip
    return LotRecord(kind=kind, weight_mg=weight_mg, steps=steps, **{**plain, **more})  # type: ignore[arg-type]


@st.composite
def records(draw: st.DrawFn) -> LotRecord:
    """Draw a lot with up to eight events, some of which correct an earlier one."""
    kinds = draw(st.lists(st.sampled_from(KINDS), max_size=8))
    steps: list[CustodyStep] = []
    for number, kind in enumerate(kinds, 1):
        steps.append(
            step(
                kind,
                number,
                place=draw(PLACES),
                destination=draw(st.none() | PLACES),
                receiver=draw(st.none() | st.just(CARRIER)),
                weight_before_mg=draw(st.none() | WEIGHTS),
                weight_after_mg=draw(st.none() | WEIGHTS),
                inputs=draw(st.lists(AMOUNTS, max_size=3)),
                outputs=draw(st.lists(AMOUNTS, max_size=3)),
                tag_numbers=draw(st.lists(NAMES, max_size=2)),
                facts=draw(st.dictionaries(st.sampled_from(["waybill", "result"]), NAMES)),
                corrects=draw(st.none() | st.sampled_from([each.id for each in steps])) if steps else None,
            )
        )
    return record(*steps, kind=draw(st.sampled_from(["gem", "gold"])), weight_mg=draw(WEIGHTS))
