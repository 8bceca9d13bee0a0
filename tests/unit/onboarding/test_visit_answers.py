from datetime import date

import pytest

from marketplace.core.errors import InvalidInput
from marketplace.onboarding.checklists import COOPERATIVE, SITE, field_of
from marketplace.onboarding.visit_answers import read_visit

TODAY = date(2026, 9, 29)
SITE_FORM = {
    "visited_on": "2026-09-28",
    "visitors": "Mary of Pact",
    "findings": "The pits are held up.",
    "site_status": "1",
    "activity": "active",
    **{field_of(item): "yes" for item in SITE.items},
}
COOPERATIVE_FORM = {
    "visited_on": "2026-09-28",
    "visitors": "Mary of Pact",
    "findings": "x" * 20,
    **{field_of(item): "yes" for item in COOPERATIVE.items},
}


def errors(form: dict[str, str], *, is_site: bool = True) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        read_visit(form, is_site=is_site, today=TODAY)
    return {name: error.message for name, error in refused.value.fields.items()}


def test_a_visit_of_a_site_tells_its_status() -> None:
    seen = read_visit(SITE_FORM, is_site=True, today=TODAY)

    assert (seen.visited_on, seen.site_status, seen.activity) == (date(2026, 9, 28), 1, "active")
    assert (seen.visitors, seen.findings) == ("Mary of Pact", "The pits are held up.")
    assert seen.checklist["answers"]["no_children"] == "yes"
    assert (seen.next_visit_on, seen.comes_again_on) == (None, date(2027, 9, 28))


def test_a_visit_of_a_cooperative_tells_none() -> None:
    seen = read_visit(COOPERATIVE_FORM, is_site=False, today=TODAY)

    assert (seen.site_status, seen.activity) == (None, "")


def test_something_wrong_brings_pact_back_sooner_and_a_day_told_counts() -> None:
    sooner = read_visit({**SITE_FORM, "check_pits_safe": "no"}, is_site=True, today=TODAY)
    told = read_visit({**SITE_FORM, "next_visit_on": "2026-11-01"}, is_site=True, today=TODAY)

    assert sooner.comes_again_on == date(2027, 3, 29)  # 182 days after 28 September
    assert told.comes_again_on == date(2026, 11, 1)


def test_everything_wrong_is_told_at_once() -> None:
    found = errors({**SITE_FORM, "visited_on": "", "visitors": "", "findings": "x" * 19, "site_status": "4",
                    "activity": "", "check_no_children": ""})  # fmt: skip

    assert found == {
        "visited_on": "Enter the day of the visit.",
        "visitors": "Enter who was there for Pact.",
        "check_no_children": "Answer each line of the list.",
        "site_status": "Choose one.",
        "activity": "Choose one.",
        "findings": "Write at least 20 letters, so that somebody else understands it.",
    }


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2026-09-30", "This day is still to come."),
        ("2026-07-30", "Enter a visit within 60 days of it."),  # 61 days before
    ],
)
def test_a_visit_was_in_the_last_sixty_days(day: str, message: str) -> None:
    assert errors({**SITE_FORM, "visited_on": day}) == {"visited_on": message}


@pytest.mark.parametrize("day", ["2026-09-29", "2026-07-31"])  # today, and 60 days before
def test_today_and_sixty_days_ago_are_taken(day: str) -> None:
    assert read_visit({**SITE_FORM, "visited_on": day}, is_site=True, today=TODAY).visited_on.isoformat() == day


def test_the_next_visit_comes_after_this_one() -> None:
    same_day = {**SITE_FORM, "next_visit_on": "2026-09-28"}

    assert errors(same_day) == {"next_visit_on": "The next visit comes after this one."}
    assert read_visit({**same_day, "next_visit_on": "2026-09-29"}, is_site=True, today=TODAY).next_visit_on
