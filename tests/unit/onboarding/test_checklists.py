import pytest

from marketplace.core.errors import InvalidInput
from marketplace.incidents.words import risks
from marketplace.onboarding.checklists import COOPERATIVE, SITE, checklist_for, field_of, not_well, read_checklist

ALL_YES = {field_of(item): "yes" for item in SITE.items}


def test_a_site_and_a_cooperative_have_lists_of_their_own() -> None:
    assert checklist_for(is_site=True) is SITE
    assert checklist_for(is_site=False) is COOPERATIVE
    assert not {item.code for item in SITE.items} & {item.code for item in COOPERATIVE.items}


def test_items_about_annex_ii_lead_to_its_codes() -> None:
    named = {item.code: item.risk for item in (*SITE.items, *COOPERATIVE.items) if item.risk}

    assert named["no_children"] == "A3"
    assert named["no_armed_group"] == "B1"
    assert set(named.values()) <= risks().keys()
    assert next(item for item in SITE.items if item.code == "water_clean").risk == ""


def test_a_list_is_stored_with_its_name_and_version() -> None:
    stored = read_checklist(SITE, {**ALL_YES, "check_pits_safe": "no", "check_guards_lawful": "na"})

    assert (stored["name"], stored["version"]) == ("site", 1)
    assert stored["answers"]["guards_lawful"] == "na"
    assert not_well(stored) == ("pits_safe",)


def test_every_line_without_an_answer_is_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_checklist(SITE, {**ALL_YES, "check_no_children": "", "check_pits_safe": "maybe"})

    assert set(refused.value.fields) == {"check_no_children", "check_pits_safe"}
    assert refused.value.fields["check_pits_safe"].message == "Answer each line of the list."


def test_a_child_in_the_pit_always_applies() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_checklist(SITE, {**ALL_YES, "check_no_children": "na"})

    assert set(refused.value.fields) == {"check_no_children"}
