"""What is looked at on a visit, how it is read, and what a "no" leads to."""

import pytest

from marketplace.core.errors import InvalidInput
from marketplace.incidents.words import risks
from marketplace.onboarding.checklists import (
    COOPERATIVE,
    SITE,
    Checklist,
    checklist_for,
    field_of,
    not_well,
    read_checklist,
)

ALL_YES = {field_of(item): "yes" for item in SITE.items}


def wrong(form: dict[str, str], *, checklist: Checklist = SITE) -> dict[str, str]:
    """Return what is wrong with a form, by field."""
    with pytest.raises(InvalidInput) as refused:
        read_checklist(checklist, form)
    return {name: error.message for name, error in refused.value.fields.items()}


def test_a_site_and_a_cooperative_have_lists_of_their_own() -> None:
    assert checklist_for(is_site=True) is SITE
    assert checklist_for(is_site=False) is COOPERATIVE
    assert not {item.code for item in SITE.items} & {item.code for item in COOPERATIVE.items}


def test_every_item_has_a_field_of_its_own() -> None:
    assert field_of(SITE.items[0]) == "check_no_children"
    assert [len({field_of(item) for item in each.items}) for each in (SITE, COOPERATIVE)] == [12, 9]


def test_items_about_annex_ii_lead_to_its_codes_and_others_to_none() -> None:
    named = {item.code: item.risk for item in (*SITE.items, *COOPERATIVE.items) if item.risk}

    assert named == {
        "no_children": "A3",
        "nobody_forced": "A2",
        "women_safe": "A4",
        "no_armed_group": "B1",
        "guards_lawful": "C1",
        "origin_kept": "D1",
        "fees_paid": "F1",
        "books_seen": "F1",
        "child_labour_watched": "A3",
        "no_bribes": "D1",
    }
    assert set(named.values()) <= risks().keys()
    assert {item.risk for item in SITE.items if item.code in {"within_licence", "pits_safe", "water_clean"}} == {""}


def test_a_list_is_stored_with_its_name_and_version_and_an_answer_to_each_line() -> None:
    form = {field_of(item): "yes" for item in COOPERATIVE.items}

    assert read_checklist(COOPERATIVE, {**form, "check_books_seen": "no", "visitors": "Mary"}) == {
        "name": "cooperative",
        "version": 1,
        "answers": {
            "registration_seen": "yes",
            "members_listed": "yes",
            "members_spoken_to": "yes",
            "women_spoken_to": "yes",
            "books_seen": "no",
            "income_shared": "yes",
            "child_labour_watched": "yes",
            "complaints_known": "yes",
            "no_bribes": "yes",
        },
    }


def test_what_is_not_well_was_answered_with_no() -> None:
    stored = read_checklist(SITE, {**ALL_YES, "check_pits_safe": "no", "check_guards_lawful": "na"})

    assert (stored["name"], stored["version"]) == ("site", 1)
    assert stored["answers"]["guards_lawful"] == "na"
    assert not_well(stored) == ("pits_safe",)
    assert not_well(read_checklist(SITE, ALL_YES)) == ()


def test_every_line_without_an_answer_is_named() -> None:
    without = {name: answer for name, answer in ALL_YES.items() if name != "check_water_clean"}

    assert wrong({**without, "check_no_children": "", "check_pits_safe": "maybe"}) == {
        "check_no_children": "Answer each line of the list.",
        "check_pits_safe": "Answer each line of the list.",
        "check_water_clean": "Answer each line of the list.",
    }
    assert set(wrong({}, checklist=COOPERATIVE)) == {field_of(item) for item in COOPERATIVE.items}


def test_only_guards_mercury_and_amalgam_may_not_apply() -> None:
    always = [item for item in SITE.items if not item.may_not_apply]
    nothing_applies = {field_of(item): "na" for item in SITE.items}

    assert set(wrong(nothing_applies)) == {field_of(item) for item in always}
    assert {item.code for item in SITE.items} - {item.code for item in always} == {
        "guards_lawful",
        "mercury_as_told",
        "no_open_burning",
    }
    assert set(wrong({field_of(item): "na" for item in COOPERATIVE.items}, checklist=COOPERATIVE)) == {
        field_of(item) for item in COOPERATIVE.items
    }
