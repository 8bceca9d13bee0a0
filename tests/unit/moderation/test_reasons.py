import pytest

from marketplace.core.errors import InvalidInput
from marketplace.moderation.checklists import COOPERATIVE, GEM, GOLD, check_answers, checklist_for
from marketplace.moderation.reasons import OTHER, REASONS, check_reasons, reasons_for

NOTE = "The photo of the bag shows another number than the form."  # 56 letters


def test_codes_are_unique_and_every_kind_has_reasons_and_other() -> None:
    assert len({reason.code for reason in REASONS}) == len(REASONS)
    for kind in ("lot", "cooperative"):
        assert OTHER in {reason.code for reason in reasons_for(kind)}


@pytest.mark.parametrize("verdict", ["changes", "refuse"])
def test_a_negative_verdict_needs_a_reason(verdict: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_reasons([], kind="lot", verdict=verdict, note="")

    assert set(refused.value.fields) == {"reasons"}


def test_an_approval_needs_none_and_repeated_codes_count_once() -> None:
    assert check_reasons([], kind="lot", verdict="approve", note="") == ()
    assert len(check_reasons(["TAG_USED", "TAG_USED"], kind="lot", verdict="changes", note="")) == 1


def test_other_needs_forty_letters() -> None:
    assert check_reasons([OTHER], kind="lot", verdict="changes", note=NOTE)
    with pytest.raises(InvalidInput):
        check_reasons([OTHER], kind="lot", verdict="changes", note="x" * 39)


def test_a_lot_cannot_be_refused_for_a_cooperative_s_reason() -> None:
    with pytest.raises(InvalidInput):
        check_reasons(["MEMBERS_UNCLEAR"], kind="lot", verdict="changes", note="")


def test_gold_stones_and_cooperatives_have_lists_of_their_own() -> None:
    assert [checklist_for("lot", "gold"), checklist_for("lot", "gem"), checklist_for("cooperative")] == [
        GOLD,
        GEM,
        COOPERATIVE,
    ]


def test_an_approval_stops_at_every_mandatory_item() -> None:
    with pytest.raises(InvalidInput) as refused:
        check_answers(GOLD, {}, verdict="approve")

    assert set(refused.value.fields) == {f"check_{item.code}" for item in GOLD.items if item.is_mandatory}


def test_other_verdicts_store_what_was_ticked_with_name_and_version() -> None:
    stored = check_answers(GEM, {"weight_fits": "no"}, verdict="changes")

    assert (stored["name"], stored["version"]) == ("gem", 1)
    assert stored["answers"]["weight_fits"] == "no"  # type: ignore[index]


def test_does_not_apply_is_no_answer_where_it_always_applies() -> None:
    with pytest.raises(InvalidInput):
        check_answers(GEM, {"weight_fits": "na"}, verdict="refuse")
    with pytest.raises(InvalidInput):
        check_answers(GEM, {"weight_fits": "perhaps"}, verdict="refuse")
