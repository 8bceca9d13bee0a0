"""When two people must approve, each reason with an example that just has it and one that just has not."""

import hashlib
from dataclasses import replace

import pytest

from marketplace.moderation.four_eyes import (
    HIGH,
    LABELS,
    LOW,
    MIDDLE,
    LotFacts,
    is_drawn,
    is_far_out,
    reasons_of_lot,
    risk_of,
)

PLAIN = LotFacts(
    kind="gem", is_large=False, lots_published=5, in_conflict_area=False, gross_minor=100, guide_minor=(90, 110),
    paper_replaced=False, refused_before=False,
)  # fmt: skip


def test_a_plain_lot_needs_one_person_unless_chance_chooses_it() -> None:
    assert reasons_of_lot(PLAIN, is_drawn=False) == ()
    assert reasons_of_lot(PLAIN, is_drawn=True) == ("chance",)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (replace(PLAIN, kind="gold"), "gold"),
        (replace(PLAIN, is_large=True), "large"),
        (replace(PLAIN, lots_published=4), "first_lots"),
        (replace(PLAIN, in_conflict_area=True), "conflict_area"),
        (replace(PLAIN, gross_minor=155), "price_far_out"),
        (replace(PLAIN, paper_replaced=True), "paper_replaced"),
        (replace(PLAIN, refused_before=True), "refused_before"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_each_reason_alone_is_enough_and_chance_is_not_named_beside_it(facts: LotFacts, reason: str) -> None:
    assert reasons_of_lot(facts, is_drawn=True) == (reason,)
    assert reason in LABELS


def test_reasons_are_told_together_in_one_order() -> None:
    risky = replace(PLAIN, kind="gold", lots_published=0, refused_before=True)
    assert reasons_of_lot(risky, is_drawn=False) == ("gold", "first_lots", "refused_before")


@pytest.mark.parametrize(
    ("gross", "far"),
    # The guide is 1,000 to 2,000: 40 % below is 600, 40 % above is 2,800.
    [(599, True), (600, False), (601, False), (2_799, False), (2_800, False), (2_801, True)],
)
def test_more_than_forty_percent_outside_the_guide_is_far(gross: int, far: bool) -> None:
    assert is_far_out(gross, (1_000, 2_000)) is far


def test_without_a_guide_no_price_is_far_out() -> None:
    assert is_far_out(1, None) is False


def test_the_draw_is_the_same_for_everybody_and_takes_about_one_in_ten() -> None:
    drawn = [number for number in range(1_000) if is_drawn("seed", f"case-{number}")]
    # As anybody would draw them again, from the seed and the case alone.
    digests = [hashlib.sha256(f"seed:case-{number}".encode()).hexdigest() for number in range(1_000)]
    assert drawn == [number for number, digest in enumerate(digests) if int(digest, 16) % 10 == 0]
    assert 70 <= len(drawn) <= 130
    assert drawn != [number for number in range(1_000) if is_drawn("other", f"case-{number}")]
    assert is_drawn("any", "case", one_in=1)


@pytest.mark.parametrize(
    ("codes", "risk"),
    [
        ((), LOW),
        (("treatment_unknown", "no_guidance"), LOW),
        (("price_below",), MIDDLE),
        (("contact_in_text", "treatment_unknown"), MIDDLE),
        (("returned", "tag_again"), HIGH),
        (("conflict_area",), HIGH),
    ],
)
def test_goods_that_appear_twice_come_before_odd_prices(codes: tuple[str, ...], risk: int) -> None:
    assert risk_of([{"code": code, "evidence": {}} for code in codes]) == risk
    assert HIGH > MIDDLE > LOW
