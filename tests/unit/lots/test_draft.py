"""A draft remembers which steps were mended after it was given back."""

from datetime import date

from marketplace.lots.draft import StepState, Surroundings, changed_since_return, cleaned, read_draft, sent_back

AROUND = Surroundings(today=date(2026, 9, 29), sites=frozenset({"TZ-SITE"}), currencies=frozenset({"USD"}))
SAVED = {
    "kind": {"typed": {"form": "rough"}, "revision": 1},
    "weight": {"typed": {"weight": "3,42", "weight_unit": "ct"}, "revision": 2},
}


def test_a_step_saved_after_the_return_is_mended_and_the_others_are_not() -> None:
    given_back = sent_back(SAVED)
    mended = {**given_back, "weight": {"typed": {"weight": "3,40", "weight_unit": "ct"}, "revision": 3}}

    assert not changed_since_return(given_back, "weight")
    assert changed_since_return(mended, "weight")
    assert not changed_since_return(mended, "kind")


def test_a_draft_is_read_in_any_order_and_never_raises() -> None:
    answers = read_draft({"weight": SAVED["weight"], "price": {"typed": {"wanted": "x"}}}, AROUND)

    assert answers.weight is not None
    assert (answers.state_of("weight"), answers.state_of("price"), answers.state_of("kind")) == (
        StepState.DONE,
        StepState.INCOMPLETE,
        StepState.NOT_STARTED,
    )


def test_only_the_fields_of_a_step_are_kept() -> None:
    assert cleaned("kind", {"form": " cut ", "is_admin": "yes"}) == {"form": "cut"}
    kept = ("weight", "weight_unit", "pieces", "parcel", "divisible", "least_part", "sure")
    assert cleaned("weight", {}) == dict.fromkeys(kept, "")
