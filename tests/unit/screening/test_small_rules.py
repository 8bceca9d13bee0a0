"""The table of a hit's life, and what is typed about an owner."""

import pytest

from marketplace.core.errors import InvalidInput, TransitionRefused
from marketplace.screening.answers import Owner, read_owner
from marketplace.screening.matching import dismissed_by_two
from marketplace.screening.transitions import STATE_WORDS, Action, State, after, legal

FORM = {
    "owner_name": " Sahr  Tunkara ",
    "native_name": "ساهر",
    "share": "33.3",
    "birth_year": "1971",
    "owner_country": "ML",
}


def read(**more: str) -> Owner:
    return read_owner({**FORM, **more}, countries={"ML", "TZ"}, year=2026)


def why(**more: str) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        read(**more)
    return {name: error.message for name, error in refused.value.fields.items()}


def test_an_owner_is_read() -> None:
    assert read() == Owner("Sahr  Tunkara", "ساهر", 3_330, 1971, "ML")
    assert read(birth_year="", native_name="") == Owner("Sahr  Tunkara", "", 3_330, None, "ML")


@pytest.mark.parametrize(
    ("typed", "bps"), [("25", 2_500), ("25 %", 2_500), ("100", 10_000), ("100,0 %", 10_000), ("99,99", 9_999)]
)
def test_a_share_is_from_a_quarter_to_the_whole(typed: str, bps: int) -> None:
    assert read(share=typed).share_bps == bps


@pytest.mark.parametrize("typed", ["24.99", "100.1", "0", "", "half", "250"])
def test_another_share_is_refused(typed: str) -> None:
    assert why(share=typed) == {"share": "Enter a share from 25 to 100 per cent, such as 33.3."}


@pytest.mark.parametrize(("typed", "year"), [("1906", 1906), ("2016", 2016)])
def test_a_birth_year_is_of_somebody_alive(typed: str, year: int) -> None:
    assert read(birth_year=typed).birth_year == year


@pytest.mark.parametrize("typed", ["1905", "2017", "71", "19710101", "soon", "١٩٧١"])
def test_another_year_is_refused(typed: str) -> None:
    assert why(birth_year=typed) == {"birth_year": "Enter the year of birth with four digits, or leave it empty."}


def test_a_name_needs_letters_and_a_country_is_chosen() -> None:
    assert why(owner_name="123") == {"owner_name": "Enter the name as it stands in the papers."}
    assert why(owner_name="") == {"owner_name": "Enter the name as it stands in the papers."}
    assert why(owner_country="XX") == {"owner_country": "Choose one."}


@pytest.mark.parametrize(
    ("score", "birth", "country", "by_two"),
    [
        (949, "differs", "unknown", False),
        (949, "differs", "agrees", False),
        (949, "unknown", "differs", False),
        (949, "differs", "differs", False),
        (949, "agrees", "differs", True),  # people move
        (949, "unknown", "unknown", True),
        (949, "agrees", "agrees", True),
        (949, "unknown", "agrees", True),
        (860, "unknown", "unknown", True),
        (950, "differs", "differs", True),
        (1000, "unknown", "differs", True),
    ],
)
def test_one_person_dismisses_only_what_a_fact_speaks_against(
    score: int, birth: str, country: str, by_two: bool
) -> None:
    assert dismissed_by_two(score, birth, country) is by_two


def test_the_table_of_a_hit() -> None:
    assert legal("open") == (Action.DISMISS, Action.PROPOSE)
    assert legal("proposed") == (Action.CONFIRM, Action.DOUBT, Action.DISMISS)
    assert legal("dismissed") == (Action.AGREE, Action.DOUBT)
    assert after("dismissed", Action.AGREE) is State.NO_MATCH
    assert after("open", Action.DISMISS) is State.NO_MATCH
    assert after("open", Action.DISMISS, by_two=True) is after("proposed", Action.DISMISS, by_two=True)
    assert after("open", Action.DISMISS, by_two=True) is State.DISMISSED
    assert after("open", Action.PROPOSE, by_two=True) is State.PROPOSED
    assert legal("match") == legal("no_match") == (Action.REOPEN,)
    assert legal("gone") == ()
    assert after("proposed", Action.CONFIRM) is State.MATCH
    assert after("match", Action.REOPEN) is State.OPEN
    with pytest.raises(TransitionRefused) as refused:
        after("gone", Action.REOPEN)
    assert refused.value.legal == ()
    assert set(STATE_WORDS) == set(State)
