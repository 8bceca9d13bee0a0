"""What a reviewer must have looked at before an approval, and what is stored of it."""

import pytest

from marketplace.core.errors import InvalidInput
from marketplace.moderation.checklists import (
    COOPERATIVE,
    GEM,
    GOLD,
    Checklist,
    Item,
    check_answers,
    checklist_for,
    field_of,
)

SMALL = Checklist(
    "small",
    3,
    (
        Item("weighed", "It was weighed."),
        Item("certificate", "The certificate was seen.", may_not_apply=True),
        Item("report", "The report was seen.", is_mandatory=False, may_not_apply=True),
        Item("told", "It was told to everybody.", is_mandatory=False),
    ),
)
CHOOSE, MUST_BE_SEEN = "Choose one.", "This must be seen before you approve."


def wrong(given: dict[str, str], *, verdict: str) -> dict[str, str]:
    """Return what is wrong with the answers to the small list, by field."""
    try:
        check_answers(SMALL, given, verdict=verdict)
    except InvalidInput as refused:
        return {name: error.message for name, error in refused.fields.items()}
    return {}


def test_gold_stones_and_cooperatives_have_lists_of_their_own() -> None:
    assert checklist_for("lot", "gold") is GOLD
    assert checklist_for("lot", "gem") is GEM
    assert checklist_for("cooperative") is checklist_for("cooperative", "gold") is COOPERATIVE
    assert [each.name for each in (GOLD, GEM, COOPERATIVE)] == ["gold", "gem", "cooperative"]


def test_only_the_report_may_be_missing_from_a_gold_lot() -> None:
    assert [item.code for item in GOLD.items if not item.is_mandatory] == ["report_seen"]
    assert [item.code for item in GOLD.items if item.may_not_apply] == ["report_seen"]


def test_a_stone_has_a_certificate_or_needs_none() -> None:
    assert [item.code for item in GEM.items if not item.is_mandatory] == ["report_seen"]
    assert [item.code for item in GEM.items if item.may_not_apply] == ["report_seen", "certificate_seen"]


def test_every_item_of_a_list_has_a_field_of_its_own() -> None:
    assert field_of(GOLD.items[1]) == "check_weight_fits"
    for checklist in (GOLD, GEM, COOPERATIVE):
        assert len({field_of(item) for item in checklist.items}) == len(checklist.items)


def test_an_approval_needs_a_yes_to_every_mandatory_item() -> None:
    seen = {"weighed": "yes", "certificate": "yes"}

    assert wrong(seen, verdict="approve") == {}
    assert wrong({}, verdict="approve") == {"check_weighed": MUST_BE_SEEN, "check_certificate": MUST_BE_SEEN}
    assert wrong({**seen, "weighed": "no"}, verdict="approve") == {"check_weighed": MUST_BE_SEEN}
    assert wrong({**seen, "certificate": "no"}, verdict="approve") == {"check_certificate": MUST_BE_SEEN}
    assert wrong({**seen, "report": "no", "told": "no"}, verdict="approve") == {}


@pytest.mark.parametrize("verdict", ["changes", "refuse"])
def test_another_verdict_needs_no_yes(verdict: str) -> None:
    assert wrong({}, verdict=verdict) == {}
    assert wrong({"weighed": "no", "certificate": "no"}, verdict=verdict) == {}


@pytest.mark.parametrize("verdict", ["approve", "refuse"])
def test_does_not_apply_is_an_answer_only_where_something_may_not_apply(verdict: str) -> None:
    given = {"weighed": "yes", "certificate": "na", "report": "na"}

    assert wrong(given, verdict=verdict) == {}
    assert wrong({**given, "weighed": "na", "told": "na"}, verdict=verdict) == {
        "check_weighed": CHOOSE,
        "check_told": CHOOSE,
    }


def test_another_word_is_no_answer_and_every_wrong_line_is_told_at_once() -> None:
    assert wrong({"weighed": "YES", "certificate": "", "report": "perhaps"}, verdict="approve") == {
        "check_weighed": CHOOSE,
        "check_certificate": MUST_BE_SEEN,
        "check_report": CHOOSE,
    }


def test_stored_are_the_list_s_name_and_version_and_an_answer_to_each_line() -> None:
    given = {"weighed": "no", "certificate": "na", "unknown": "yes"}

    assert check_answers(SMALL, given, verdict="refuse") == {
        "name": "small",
        "version": 3,
        "answers": {"weighed": "no", "certificate": "na", "report": "", "told": ""},
    }
