from datetime import date, timedelta

import pytest

from marketplace.onboarding.renewals import (
    WARN_OF_APPROVAL,
    WARN_OF_DECLARATION,
    approval_ends,
    declaration_ends,
    next_visit,
    warning_due,
)

TODAY = date(2026, 9, 29)


def test_an_approval_and_a_declaration_last_365_days() -> None:
    assert approval_ends(TODAY) == date(2027, 9, 29)
    assert declaration_ends(date(2024, 1, 1)) == date(2024, 12, 31)  # 2024 has 366 days


@pytest.mark.parametrize(
    ("left", "due"),
    [(61, None), (60, 60), (59, 60), (31, 60), (30, 30), (29, 30), (8, 30), (7, 7), (1, 7), (0, 7), (-1, 0), (-40, 0)],
)
def test_an_approval_warns_60_30_and_7_days_before_and_when_it_is_over(left: int, due: int | None) -> None:
    assert warning_due(TODAY + timedelta(days=left), today=TODAY, warn=WARN_OF_APPROVAL) == due


@pytest.mark.parametrize(("left", "due"), [(31, None), (30, 30), (8, 30), (7, 7), (0, 7), (-1, 0)])
def test_a_declaration_warns_30_and_7_days_before_and_when_it_is_over(left: int, due: int | None) -> None:
    assert warning_due(TODAY + timedelta(days=left), today=TODAY, warn=WARN_OF_DECLARATION) == due


def test_nothing_is_told_of_the_end_when_nobody_asked_for_it() -> None:
    assert warning_due(TODAY - timedelta(days=1), today=TODAY, warn=(30, 7)) is None


def test_a_place_with_something_wrong_is_seen_again_within_half_a_year() -> None:
    assert next_visit(TODAY, all_well=True) == date(2027, 9, 29)
    assert next_visit(TODAY, all_well=False) == date(2027, 3, 30)  # 182 days
