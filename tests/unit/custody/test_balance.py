"""What goes in comes out, to the milligram."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.custody.rules.balance import METHODS, OWN_JUDGEMENT, USUAL_LOSS, OutOfBalance, judge, yield_permille

WEIGHTS = st.lists(st.integers(1, 10**9), min_size=1, max_size=6)


@given(WEIGHTS, WEIGHTS, st.integers(0, 10**9))
def test_an_event_is_accepted_only_when_the_weights_add_up(inputs: list[int], outputs: list[int], loss: int) -> None:
    if sum(inputs) == sum(outputs) + loss:
        assert judge(inputs, outputs, loss_mg=loss, method="washing").loss_mg == loss
    else:
        with pytest.raises(OutOfBalance):
            judge(inputs, outputs, loss_mg=loss, method="washing")


@given(WEIGHTS, st.integers(0, 10**9))
def test_what_is_lost_is_declared_and_its_share_is_exact(outputs: list[int], loss: int) -> None:
    verdict = judge([sum(outputs) + loss], outputs, loss_mg=loss, method="cutting")

    assert verdict.share == Fraction(loss, sum(outputs) + loss)
    assert verdict.is_usual == (Fraction(55, 100) <= verdict.share <= Fraction(85, 100))


@pytest.mark.parametrize(
    ("method", "lost", "usual"),
    [
        ("washing", 0, True), ("washing", 20_000, True), ("washing", 20_001, False),
        ("smelting", 499, False), ("smelting", 500, True), ("smelting", 7_000, True), ("smelting", 7_001, False),
        ("cutting", 54_999, False), ("cutting", 55_000, True), ("cutting", 85_000, True), ("cutting", 85_001, False),
        ("polishing", 0, True), ("polishing", 30_000, True), ("polishing", 30_001, False),
        ("sorting", 500, True), ("sorting", 501, False),
        ("combining", 0, True), ("combining", 500, True), ("combining", 501, False),
    ],
)  # fmt: skip
def test_the_ends_of_a_band_still_count_as_usual(method: str, lost: int, usual: bool) -> None:
    # out of 100,000 milligrams, so that 1,000 are one percent
    verdict = judge([100_000], [100_000 - lost], loss_mg=lost, method=method)

    assert (verdict.is_usual, verdict.loss_mg, verdict.band) == (usual, lost, USUAL_LOSS[method])


@pytest.mark.parametrize(
    ("weights", "loss", "field", "words"),
    [
        (([], [5]), 0, "weight_after", "Every weight must be more than nothing."),
        (([5], []), 5, "weight_after", "Every weight must be more than nothing."),
        (([5, 0], [5]), 0, "weight_after", "Every weight must be more than nothing."),
        (([5], [6]), 0, "weight_after", "More came out than went in. Weigh everything again."),
        (([5], [5]), -1, "weight_after", "More came out than went in. Weigh everything again."),
        (([5], [4]), 0, "loss", "The weights do not add up. What went in must equal what came out and the loss."),
        (([5], [4]), 2, "loss", "The weights do not add up. What went in must equal what came out and the loss."),
    ],
)
def test_a_wrong_balance_names_the_field_and_what_to_do(
    weights: tuple[list[int], list[int]], loss: int, field: str, words: str
) -> None:
    with pytest.raises(OutOfBalance) as refused:
        judge(*weights, loss_mg=loss, method="washing")

    assert {name: error.message for name, error in refused.value.fields.items()} == {field: words}
    assert refused.value.code == "out_of_balance"


def test_an_unknown_method_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="'melting'"):
        judge([1], [1], loss_mg=0, method="melting")


def test_every_band_names_its_source_or_says_that_it_is_our_own_judgement() -> None:
    assert {method for method, band in USUAL_LOSS.items() if band.source == OWN_JUDGEMENT} == {
        "washing", "polishing", "sorting", "combining",
    }  # fmt: skip
    assert "Metallurgy of Gold" in USUAL_LOSS["smelting"].source
    assert "Gemstone Faceting Yield" in USUAL_LOSS["cutting"].source
    assert set(METHODS) <= set(USUAL_LOSS)


def test_the_yield_is_rounded_once() -> None:
    assert yield_permille(3, 1) == 333
    assert yield_permille(3, 2) == 667
    assert yield_permille(2000, 1) == 0  # half of one part in a thousand: to the even neighbour
    assert yield_permille(2000, 3) == 2
    assert yield_permille(1, 1) == 1000
    with pytest.raises(ValueError, match="nothing went in"):
        yield_permille(0, 1)
