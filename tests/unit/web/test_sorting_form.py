"""The sorting helper's address is read row by row; every mistake is told at its own field."""

import pytest

from marketplace.pricing.description import LotDescription
from marketplace.web.public.sorting_form import Question, read_question, rows_shown, values_of

FIRST = {
    "country": "KE",
    "variety_1": "tsavorite",
    "form_1": "cut",
    "treatment_1": "N",
    "grade_1": "good",
    "pieces_1": "4",
    "weight_1": "6,0",
    "weight_1_unit": "ct",
}
SECOND = {name.replace("_1", "_2"): value for name, value in FIRST.items() if name != "country"}


def wrong(typed: dict[str, str]) -> list[str]:
    return sorted(read_question(typed).errors)


def test_a_class_is_read_in_milligrams_and_as_sorted() -> None:
    found = read_question(FIRST)

    assert found == Question(
        {
            1: LotDescription(
                "gem", "cut", "KE", 1_200, pieces=4, variety="tsavorite", treatment="N", grade="good", parcel="sorted"
            )
        },
        None,
    )
    assert found.is_answerable


def test_one_piece_is_single_and_grams_are_grams() -> None:
    found = read_question({**FIRST, "pieces_1": "1", "weight_1_unit": "g", "weight_1": "1.5"}).classes[1]
    assert (found.parcel, found.weight_mg) == ("single", 1_500)


def test_an_untouched_form_asks_nothing() -> None:
    for typed in ({}, {"rows": "3", "total_unit": "ct", "weight_1_unit": "ct", "variety_1": "ruby"}, {"weight_1": " "}):
        assert read_question(typed) == Question({}, None)
    assert not read_question({}).is_answerable


def test_an_empty_class_is_left_out_and_a_later_one_is_read() -> None:
    third = {name.replace("_1", "_3"): value for name, value in FIRST.items()}
    assert list(read_question({**FIRST, **third, "variety_2": "ruby", "weight_2_unit": "ct"}).classes) == [1, 3]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("country", "DE"), ("country", ""), ("variety_1", "kryptonite"), ("form_1", "carving"), ("treatment_1", ""),
        ("grade_1", "best"), ("pieces_1", "0"), ("pieces_1", "x"), ("pieces_1", ""), ("weight_1", "-1"),
        ("weight_1", ""), ("weight_1", "1" * 41), ("weight_1_unit", "kg"), ("total", "much"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_field(name: str, value: str) -> None:
    found = read_question({**FIRST, "total_unit": "ct", name: value})

    assert list(found.errors) == [name]
    assert not found.is_answerable


def test_all_mistakes_of_all_rows_are_told_at_once() -> None:
    assert wrong({**FIRST, **SECOND, "weight_1": "x", "grade_2": "", "country": "XX"}) == [
        "country", "grade_2", "weight_1",
    ]  # fmt: skip
    assert "variety_1" in wrong({"country": "KE"}), "a country alone asks for the first class"


def test_classes_above_the_whole_weight_are_refused() -> None:
    both = {**FIRST, **SECOND, "total_unit": "ct"}

    assert wrong({**both, "total": "11.99"}) == ["total"]
    found = read_question({**both, "total": "12"})
    assert (found.total_mg, found.errors) == (2_400, {})
    assert wrong({**both, "total": "11.99", "weight_1": "x"}) == ["weight_1"], "first the weights, then their sum"
    assert wrong({**both, "total": "12", "total_unit": "stone"}) == ["total_unit"]


@pytest.mark.parametrize(
    ("asked", "typed", "rows"),
    [
        ([], {}, 2),
        (["1"], {}, 2),
        (["3"], {}, 3),
        (["2", "3"], {}, 3),
        (["8"], {}, 8),
        (["9"], {}, 8),
        (["999", "x", "-1", "", "٣", "0"], {}, 2),
        (["2"], {"pieces_5": "3"}, 5),
        (["2"], {"pieces_9": "3"}, 2),
        (["2"], {"variety_5": "ruby"}, 2),
    ],
)
def test_the_form_shows_what_is_asked_for_and_what_is_filled_in(
    asked: list[str], typed: dict[str, str], rows: int
) -> None:
    assert rows_shown(typed, asked) == rows


def test_a_new_row_takes_the_kind_of_stone_from_the_one_above() -> None:
    values = values_of({**FIRST, "variety_3": "ruby"}, 3)

    assert (values["variety_2"], values["form_2"], values["treatment_2"]) == ("tsavorite", "cut", "N")
    assert (values["variety_3"], values["form_3"]) == ("ruby", "cut")
    assert "grade_2" not in values
    assert values_of({}, 2)["variety_2"] == ""
