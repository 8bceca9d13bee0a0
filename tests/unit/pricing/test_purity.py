"""The water test, worked by hand."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from marketplace.pricing.purity import (
    COPPER,
    GOLD,
    SILVER,
    Alloy,
    ReadingRefused,
    Sureness,
    WaterTest,
    step_needed,
    water_density,
    water_test,
    weight_needed,
)

ROOM = water_density(Decimal(25))
FINE, COARSE = Decimal("0.01"), Decimal("0.1")


def readings(grams: Decimal, permille: int, *, silver: Fraction, step: Decimal) -> tuple[Decimal, Decimal]:
    """Return what a balance shows of a true piece: both weights rounded to its step."""
    share = Fraction(permille, 1000)
    volume = Fraction(grams) * (share / GOLD + (1 - share) * (silver / SILVER + (1 - silver) / COPPER))
    true = Fraction(grams), Fraction(grams) - volume * ROOM
    air, water = (round(weight / Fraction(step)) * step for weight in true)
    return air, water


def exact(grams: str, permille: int, step: str, **more: Alloy) -> WaterTest:
    """Return the test of a piece of gold and silver whose weights are read without rounding, to 12 digits."""
    air, water = readings(Decimal(grams), permille, silver=Fraction(1), step=Decimal("1e-12"))
    return water_test(air, water, resolution_g=Decimal(step), **more)


def test_the_worked_example_of_250_grams() -> None:
    # loss 13.80 g: 250 ÷ 13.80 × 0.99705 = 18.0625 g/cm³
    # silver: 19.32 × (18.0625 - 10.49) ÷ (18.0625 × 8.83) = 0.9173; copper: 19.32 × 9.1025 ÷ (18.0625 × 10.36) = 0.9398
    found = water_test(Decimal("250.00"), Decimal("236.20"))
    assert found.density == Decimal("18.0625")
    assert (found.all_silver, found.half, found.all_copper) == (917, 930, 940)
    assert found.middle == 930
    # 250.005 in air and 236.195 in water with silver: 0.9164, down to 916; 249.995, 236.205 with copper: 0.9404, up
    assert (found.low, found.high) == (916, 941)
    assert found.sureness is Sureness.CLOSE


def test_a_small_piece_on_the_same_balance_is_known_far_less_well() -> None:
    # 5.005 in air, 4.715 in water: 0.29 g lost and silver give 854.2; 4.995 and 4.725, copper: 0.27 and 958.9
    found = water_test(Decimal("5.00"), Decimal("4.72"))
    assert (found.low, found.high) == (854, 959)
    better = water_test(Decimal("5.00"), Decimal("4.72"), resolution_g=Decimal("0.001"))
    assert found.low < better.low <= better.high < found.high


@pytest.mark.parametrize(
    ("grams", "step", "low", "high"),
    [
        # The figures of the field manuals for a true fineness of 920 with silver: 5 g reads 87.5 to 96.5 %.
        ("5", "0.01", 875, 965),
        ("10", "0.01", 898, 942),
        ("20", "0.01", 909, 931),
        ("10", "0.001", 918, 922),
    ],
)
def test_the_balance_alone_gives_the_ranges_that_manuals_print(grams: str, step: str, low: int, high: int) -> None:
    found = exact(grams, 920, step)
    assert (round(found.silver_low), round(found.silver_high)) == (low, high)


def test_knowing_the_alloy_narrows_the_range() -> None:
    air, water = Decimal("250.00"), Decimal("236.20")
    found = {alloy: water_test(air, water, alloy=alloy) for alloy in Alloy}

    # ρ of the alloy with 7/8 silver: 10.2708, 920.98; 3/4: 10.0605, 924.36; 1/4: 9.2991, 935.40; 1/8: 9.1264, 937.67.
    # The balance of 0.01 g adds 0.9 at either end: 924.36 + 0.9 is 926 when rounded up, 935.40 + 0.9 is 937.
    assert {alloy: (test.low, test.middle, test.high) for alloy, test in found.items()} == {
        Alloy.UNKNOWN: (916, 930, 941),
        Alloy.SILVER: (916, 921, 926),
        Alloy.HALF: (923, 930, 937),
        Alloy.COPPER: (934, 938, 941),
    }


def test_a_resolution_as_large_as_the_loss_leaves_the_high_end_open() -> None:
    # 0.18 g with a loss of 0.01 is 17.9 g/cm³; with a loss of 0.00 it would be endless: gold is the most it can be
    found = water_test(Decimal("0.18"), Decimal("0.17"), resolution_g=Decimal("0.01"))
    assert (found.low, found.high) == (0, 1000)
    assert found.is_too_light


@pytest.mark.parametrize(("grams", "is_too_light"), [("49", True), ("49.5", True), ("50", False), ("51", False)])
def test_a_balance_of_a_tenth_of_a_gram_is_useless_under_fifty_grams(grams: str, is_too_light: bool) -> None:
    found = exact(grams, 920, "0.1")
    assert found.is_too_light is is_too_light
    assert (found.sureness is Sureness.TOO_LIGHT) is is_too_light
    assert weight_needed(COARSE) == 50


def test_the_width_that_is_useful_ends_at_ninety() -> None:
    narrow = WaterTest(Decimal(18), 0, 0, 0, 900, 945, 990, Fraction(900), Fraction(990))
    wide = WaterTest(Decimal(18), 0, 0, 0, 900, 945, 990, Fraction(900), Fraction(990) + Fraction(1, 1000))
    assert (narrow.is_too_light, wide.is_too_light) == (False, True)


@pytest.mark.parametrize(
    ("width", "sureness"),
    [(30, Sureness.CLOSE), (31, Sureness.FAIR), (90, Sureness.FAIR), (91, Sureness.WIDE)],
)
def test_how_sure_it_is_in_words(width: int, sureness: Sureness) -> None:
    found = WaterTest(Decimal(18), 0, 0, 0, 900, 900, 900 + width, Fraction(900), Fraction(910))
    assert found.sureness is sureness


@pytest.mark.parametrize(
    ("grams", "step"),
    [("50", "0.1"), ("49.9", "0.01"), ("5", "0.01"), ("4.99", "0.001"), ("0.5", "0.001"), ("0.499", None)],
)
def test_the_balance_that_would_do_for_a_piece(grams: str, step: str | None) -> None:
    assert step_needed(Decimal(grams)) == (None if step is None else Decimal(step))


@pytest.mark.parametrize(
    ("celsius", "density"),
    [("25", "0.99705"), ("20", "0.99821"), ("0", "0.99984"), ("40", "0.99222"), ("22.5", "0.99763")],
)
def test_the_density_of_water_at_a_temperature(celsius: str, density: str) -> None:
    assert water_density(Decimal(celsius)) == Fraction(density)


@pytest.mark.parametrize(
    ("typed", "field", "answer"),
    [
        (("0", "0", "25"), "air", "above zero"),
        (("NaN", "1", "25"), "air", "above zero"),
        (("-1", "-2", "25"), "air", "above zero"),
        (("10", "NaN", "25"), "water", "above zero"),
        (("10", "-1", "25"), "water", "above zero"),
        (("10", "0", "25"), "water", "above zero"),
        (("100000.01", "95000", "25"), "air", "at most 100,000 grams"),
        (("9", "10", "25"), "water", "wrong way round"),
        (("10", "10", "25"), "water", "two weights are the same"),
        (("10.00", "9.60", "25"), "water", "heavier than pure gold"),  # 24.9 g/cm³
        (("10.00", "9.00", "25"), "water", "lighter than silver"),  # 9.97 g/cm³
        (("10.00", "9.45", "40.1"), "celsius", "between 0 and 40"),
        (("10.00", "9.45", "-0.1"), "celsius", "between 0 and 40"),
        (("10.00", "9.45", "NaN"), "celsius", "between 0 and 40"),
    ],
)
def test_readings_that_cannot_be_gold_are_refused_with_the_likely_cause(
    typed: tuple[str, str, str], field: str, answer: str
) -> None:
    air, water, celsius = map(Decimal, typed)
    with pytest.raises(ReadingRefused, match=answer) as refused:
        water_test(air, water, celsius=celsius)
    assert refused.value.field == field


@pytest.mark.parametrize("step", ["0", "-0.01", "NaN"])
def test_a_balance_without_a_step_is_refused(step: str) -> None:
    with pytest.raises(ReadingRefused, match="smallest step") as refused:
        water_test(Decimal(10), Decimal("9.45"), resolution_g=Decimal(step))
    assert refused.value.field == "step"


def test_a_piece_of_one_step_is_refused() -> None:
    with pytest.raises(ReadingRefused, match="no more than one step") as refused:
        water_test(Decimal("0.1"), Decimal("0.09"), resolution_g=COARSE)
    assert refused.value.field == "step"
    assert water_test(Decimal("0.11"), Decimal("0.1"), resolution_g=COARSE).is_too_light


def test_the_heaviest_piece_is_taken() -> None:
    assert water_test(Decimal(100_000), Decimal(94_500)).density == Decimal("18.1282")


def test_readings_at_the_very_density_of_gold_and_of_silver() -> None:
    # 1 g/cm³ × 0.99705 ÷ 19.32: the loss of 1,000 g of pure gold is 51.6071 g, of pure silver 95.0477 g
    assert water_test(Decimal(1000), Decimal("948.39")).all_silver == 1000
    assert water_test(Decimal(1000), Decimal("904.96")).low == 0
    with pytest.raises(ReadingRefused, match="lighter than silver"):
        water_test(Decimal(1000), Decimal("904.93"))
    with pytest.raises(ReadingRefused, match="heavier than pure gold"):
        water_test(Decimal(1000), Decimal("948.41"))


@pytest.mark.parametrize(
    ("alloy", "water", "answer"),
    [
        (Alloy.SILVER, "904.93", "lighter than silver"),
        # copper three quarters: 9.2991 g/cm³, a loss of 107.2200 g; all copper: 111.2779 g
        (Alloy.HALF, "892.76", "lighter than the metals you chose"),
        (Alloy.COPPER, "888.70", "lighter than the metals you chose"),
    ],
)
def test_a_piece_lighter_than_its_alloy_is_refused(alloy: Alloy, water: str, answer: str) -> None:
    with pytest.raises(ReadingRefused, match=answer):
        water_test(Decimal(1000), Decimal(water), alloy=alloy)
    assert water_test(Decimal(1000), Decimal(water) + FINE * 3, alloy=alloy).low == 0


def test_the_plain_refusal_speaks_of_the_weights() -> None:
    assert ReadingRefused().field == "water"
    assert "Weigh again" in ReadingRefused().message


PIECES = {
    "grams": st.decimals("1", "5000", places=3),
    "permille": st.integers(300, 1000),
    "silver": st.fractions(0, 1, max_denominator=64),
    "step": st.sampled_from([COARSE, FINE, Decimal("0.001")]),
}


@given(**PIECES)
def test_the_range_holds_the_true_fineness_of_whatever_was_weighed(
    grams: Decimal, permille: int, silver: Fraction, step: Decimal
) -> None:
    air, water = readings(grams, permille, silver=silver, step=step)
    assume(water < air)  # a light piece on a coarse balance shows the same weight twice
    found = water_test(air, water, resolution_g=step)
    assert found.low <= permille <= found.high


@given(alloy=st.sampled_from([Alloy.SILVER, Alloy.HALF, Alloy.COPPER]), **PIECES)
def test_the_range_of_an_alloy_holds_every_piece_of_that_alloy(
    *, alloy: Alloy, silver: Fraction, grams: Decimal, permille: int, step: Decimal
) -> None:
    least, most = {
        Alloy.SILVER: (Fraction(3, 4), Fraction(1)),
        Alloy.HALF: (Fraction(1, 4), Fraction(3, 4)),
        Alloy.COPPER: (Fraction(0), Fraction(1, 4)),
    }[alloy]
    air, water = readings(grams, permille, silver=least + (most - least) * silver, step=step)
    assume(water < air)
    found = water_test(air, water, resolution_g=step, alloy=alloy)
    unknown = water_test(air, water, resolution_g=step)
    assert unknown.low <= found.low <= permille <= found.high <= unknown.high


@given(**PIECES)
def test_a_wider_step_never_narrows_the_range(grams: Decimal, permille: int, silver: Fraction, step: Decimal) -> None:
    fine_step = min(step, FINE)
    air, water = readings(grams, permille, silver=silver, step=fine_step)
    fine, coarse = (water_test(air, water, resolution_g=each) for each in (fine_step, COARSE))
    assert coarse.low <= fine.low <= fine.high <= coarse.high


@given(loss=st.integers(524, 930).map(lambda milligrams: Decimal(milligrams) / 1000), more=st.integers(1, 9))
def test_a_denser_piece_is_never_less_pure(loss: Decimal, more: int) -> None:
    light, dense = (water_test(Decimal(10), Decimal(10) - lost) for lost in (loss + Decimal(more) / 1000, loss))
    assert light.density < dense.density
    for name in ("all_silver", "half", "all_copper", "low", "middle", "high"):
        assert getattr(light, name) <= getattr(dense, name)


@given(loss=st.integers(524, 940).map(lambda milligrams: Decimal(milligrams) / 1000))
def test_the_range_always_holds_every_alloy(loss: Decimal) -> None:
    found = water_test(Decimal(10), Decimal(10) - loss)
    assert 0 <= found.low <= found.all_silver <= found.half <= found.all_copper <= found.high <= 1000
    assert found.half == found.middle


@given(grams=st.decimals("1", "5000", places=3), permille=st.integers(300, 1000), step=PIECES["step"])
def test_the_weight_said_to_be_needed_is_enough(grams: Decimal, permille: int, step: Decimal) -> None:
    air, water = readings(grams, permille, silver=Fraction(1), step=step)
    assume(water < air)  # a light piece on a coarse balance shows the same weight twice
    found = water_test(air, water, resolution_g=step)
    assert not (air >= weight_needed(step) and found.is_too_light)
    assert not (air <= weight_needed(step) * Decimal("0.95") and not found.is_too_light)
