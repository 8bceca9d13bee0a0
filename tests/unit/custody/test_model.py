"""The models of ISO 22095: a lot's model only weakens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.custody.record import MODELS
from marketplace.custody.rules.model import STRONGEST, Source, may_follow, model_of_mix, strength, weakest

SOURCES = st.lists(
    st.builds(Source, st.sampled_from(MODELS), st.frozensets(st.sampled_from("ABC"), max_size=2), st.booleans()),
    min_size=1,
    max_size=5,
)


@given(SOURCES, st.one_of(st.none(), st.sampled_from(MODELS)))
def test_a_mix_is_never_stronger_than_what_went_in_or_than_what_was_chosen(
    sources: list[Source], chosen: str | None
) -> None:
    mixed = model_of_mix(sources, chosen=chosen)

    assert all(may_follow(source.model, mixed) for source in sources)
    assert chosen is None or may_follow(chosen, mixed)


@given(SOURCES, SOURCES)
def test_a_further_input_never_strengthens_a_mix(sources: list[Source], more: list[Source]) -> None:
    assert may_follow(model_of_mix(sources), model_of_mix([*sources, *more]))


@given(st.lists(st.sampled_from(MODELS), min_size=1))
def test_the_weakest_of_several_follows_each(models: list[str]) -> None:
    found = weakest(*models)

    assert found in models
    assert all(may_follow(model, found) for model in models)


def test_the_order_is_that_of_the_standard() -> None:
    assert STRONGEST == "identity_preserved"
    assert [strength(model) for model in MODELS] == [0, 1, 2, 3]
    assert may_follow("segregated", "segregated")
    assert may_follow("segregated", "controlled_blending")
    assert not may_follow("segregated", "identity_preserved")
    with pytest.raises(ValueError, match="tuple"):
        strength("pure")


def source(*sites: str, model: str = STRONGEST, recorded: bool = True) -> Source:
    return Source(model, frozenset(sites), recorded)


def test_goods_of_one_site_keep_their_identity() -> None:
    assert model_of_mix([source("A"), source("A")]) == "identity_preserved"


def test_goods_of_two_sites_are_segregated() -> None:
    assert model_of_mix([source("A"), source("B")]) == "segregated"
    assert model_of_mix([source("A", "B")]) == "segregated"


def test_goods_of_no_known_site_do_not_keep_an_identity() -> None:
    assert model_of_mix([source()]) == "segregated"


def test_goods_without_a_record_make_it_controlled_blending() -> None:
    assert model_of_mix([source("A"), source("A", recorded=False)]) == "controlled_blending"


def test_a_weaker_model_may_be_chosen_and_a_stronger_one_changes_nothing() -> None:
    assert model_of_mix([source("A")], chosen="mass_balance") == "mass_balance"
    assert model_of_mix([source("A"), source("B")], chosen="identity_preserved") == "segregated"
