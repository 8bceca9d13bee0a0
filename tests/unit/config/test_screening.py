"""The settings of sanctions screening."""

import pytest

from config.settings import Settings, SettingsError
from tests.unit.config.test_settings import FIELD_KEY, PRODUCTION


def test_lists_are_needed_unless_a_setting_says_otherwise() -> None:
    found = Settings.from_environment({"ENVIRONMENT": "test"})
    assert (found.screening_list_days, found.screening_without_lists) == (10, False)
    assert Settings.from_environment({"ENVIRONMENT": "test", "SCREENING_WITHOUT_LISTS": "yes"}).screening_without_lists


def test_a_demonstration_lives_longer_than_its_lists() -> None:
    found = Settings.from_environment({"SECRET_KEY": "s" * 40, "FIELD_KEY": FIELD_KEY})
    assert (found.screening_list_days, found.screening_without_lists) == (3_650, True)


@pytest.mark.parametrize(("name", "value"), [("SCREENING_WITHOUT_LISTS", "yes"), ("SCREENING_LIST_DAYS", "31")])
def test_production_needs_lists_of_this_month(name: str, value: str) -> None:
    assert Settings.from_environment({**PRODUCTION, "SCREENING_LIST_DAYS": "30"}).screening_list_days == 30
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({**PRODUCTION, name: value})
