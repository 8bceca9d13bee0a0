"""A version is one canonical document: stable, and sensitive to every answer."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.money import Money
from marketplace.lots.answers import GoldQuality, KindAnswers, OriginAnswers, StoneQuality, WeightAnswers
from marketplace.lots.differences import difference
from marketplace.lots.versions import PhotoFacts, SellerFacts, SiteFacts, VersionFacts, content_of, digest_of
from marketplace.pricing.split import Deduction, SplitRules, split_from_net

RULES = SplitRules(
    platform_fee_bps=500, deductions=(Deduction("royalty", "Royalty", "Revenue Authority", Decimal("0.06")),)
)
FACTS = VersionFacts(
    kind=KindAnswers("rough"),
    weight=WeightAnswers(684, "ct", 1),
    quality=StoneQuality("tanzanite", "N", "violet blue", "clean", "crystal", "9 x 8 x 6", "fine", ""),
    origin=OriginAnswers("TZ-SITE", date(2026, 8, 1), date(2026, 8, 20), "Market day", 6, 4, "TZ-104882"),
    seller=SellerFacts("TZ-COOP", "Mama Madini", "TZ", women_led=True),
    site=SiteFacts("TZ-SITE", "TZ", "Manyara", "Simanjiro"),
    photos=(PhotoFacts("front", "a" * 64, 1600, 1200), PhotoFacts("side", "b" * 64, 1600, 1200)),
    split=split_from_net(Money(93_000, "USD"), RULES),
    reason_for_price="A clean crystal.",
)
GOLD = replace(
    FACTS,
    kind=KindAnswers("dore"),
    weight=WeightAnswers(250_000, "g", 1),
    quality=GoldQuality(Decimal("920.0"), "fire_assay", "GL-2291", "FAIRMINED", "mercury_free"),
)


def test_a_stone_is_called_what_the_trade_calls_it() -> None:
    assert content_of(FACTS)["title"] == "Tanzanite, 3.42 ct, rough"
    parcel = replace(FACTS, weight=WeightAnswers(5_000, "ct", 40))
    assert content_of(parcel)["title"] == "Tanzanite parcel, 40 pieces, 25.00 ct, rough"


def test_gold_is_called_by_form_weight_and_fineness() -> None:
    assert content_of(GOLD)["title"] == "Gold doré, 250.00 g, 920 ‰"


def test_the_digest_is_the_same_for_ever() -> None:
    # Computed by another implementation of RFC 8785: json.dumps with sorted keys and no spaces, as every key here is
    # ASCII and every number a whole one.
    import hashlib
    import json

    content = content_of(FACTS)
    bytes_ = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    assert digest_of(content) == hashlib.sha256(bytes_).hexdigest()


def test_a_claim_says_how_it_is_known() -> None:
    assert content_of(FACTS)["claims"]["variety"] == "declared"
    assert content_of(GOLD)["claims"]["fineness"] == "laboratory_report"
    reported = replace(FACTS, quality=replace(FACTS.quality, report_number="GRS-1"))
    assert content_of(reported)["claims"]["variety"] == "laboratory_report"


def test_nothing_nearer_than_the_district_is_in_it() -> None:
    assert content_of(FACTS)["place"] == "Simanjiro, Manyara"


CHANGES: dict[str, VersionFacts] = {
    "kind": replace(FACTS, kind=KindAnswers("cut")),
    "weight": replace(FACTS, weight=WeightAnswers(685, "ct", 1)),
    "unit": replace(FACTS, weight=WeightAnswers(684, "g", 1)),
    "pieces": replace(FACTS, weight=WeightAnswers(684, "ct", 2)),
    "parcel": replace(FACTS, weight=WeightAnswers(684, "ct", 1, "single")),
    **{
        f"quality.{name}": replace(FACTS, quality=replace(FACTS.quality, **{name: value}))
        for name, value in {
            "variety": "ruby", "treatment": "H", "colour": "red", "clarity": "included", "shape": "pebble",
            "dimensions": "9 x 8", "grade": "good", "report_number": "GRS-1",
        }.items()
    },
    **{
        f"origin.{name}": replace(FACTS, origin=replace(FACTS.origin, **{name: value}))  # type: ignore[arg-type]
        for name, value in {
            "mined_from": date(2026, 8, 2), "mined_to": date(2026, 8, 21), "group": "", "miners": 7, "miners_women": 3,
            "tag_number": "TZ-104883",
        }.items()
    },
    **{
        f"site.{name}": replace(FACTS, site=replace(FACTS.site, **{name: value}))
        for name, value in {"reference": "X", "country": "KE", "region": "X", "district": "X"}.items()
    },
    **{
        f"seller.{name}": replace(FACTS, seller=replace(FACTS.seller, **{name: value}))  # type: ignore[arg-type]
        for name, value in {"reference": "X", "name": "X", "country": "KE", "women_led": False}.items()
    },
    "photo": replace(FACTS, photos=(PhotoFacts("front", "c" * 64, 1600, 1200), FACTS.photos[1])),
    "photo taken out": replace(FACTS, photos=FACTS.photos[:1]),
    "order of photos": replace(FACTS, photos=tuple(reversed(FACTS.photos))),
    "price": replace(FACTS, split=split_from_net(Money(93_001, "USD"), RULES)),
    "fee": replace(FACTS, split=split_from_net(Money(93_000, "USD"), replace(RULES, platform_fee_bps=501))),
    "reason": replace(FACTS, reason_for_price=""),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_every_answer_changes_the_digest_and_is_named_as_different(name: str) -> None:
    before, after = content_of(FACTS), content_of(CHANGES[name])

    assert digest_of(before) != digest_of(after)
    assert difference(before, after), "a reviewer sees it"
    assert all(change.before != change.after for change in difference(before, after))


def test_equal_versions_have_no_difference() -> None:
    assert difference(content_of(GOLD), content_of(GOLD)) == []


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every leaf of a document."""
    if isinstance(value, dict):
        return [leaf for name, inner in value.items() for leaf in leaves(inner, (*path, name))]
    if isinstance(value, list):
        return [leaf for place, inner in enumerate(value) for leaf in leaves(inner, (*path, place))]
    return [path]


def changed(value: Any, path: tuple[Any, ...], to: Any) -> Any:
    """Return a document with one leaf set."""
    if not path:
        return to
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], to)
    return copy


@given(st.sampled_from(leaves(content_of(GOLD))), st.text(min_size=1) | st.integers(-(2**50), 2**50) | st.booleans())
def test_any_edit_of_any_leaf_changes_the_digest(path: tuple[Any, ...], to: Any) -> None:
    content = content_of(GOLD)
    before: Any = content
    for name in path:
        before = before[name]
    edited = changed(content, path, to)

    assert (digest_of(edited) == digest_of(content)) == (before == to and type(before) is type(to))
