"""Days and countries as the publishers write them."""

from datetime import date

import pytest

from marketplace.screening.readers.dates import between, births, day_first, day_in_words, iso_day, month_first
from marketplace.screening.readers.places import country_code


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("14 May 1962", ["1962-05-14"]),
        ("1-Sep-1962", ["1962-09-01"]),
        ("14 Xyz 1962", ["1962"]),
        ("31 Feb 1962", ["1962-02"]),
        ("May 1962", ["1962-05"]),
        ("circa 1962", ["1962"]),
        ("circa May 1962", ["1962-05"]),
        ("1960 to 1962", ["1960", "1961", "1962"]),
        ("1960-1980", [str(year) for year in range(1960, 1981)]),
        ("1960-1981", []),
        ("1962 - 1960", []),
        ("1962-05-14", ["1962-05-14"]),
        ("1962-05-14T00:00:00", ["1962-05-14"]),
        ("14/05/1962", ["1962-05-14"]),
        ("31/02/1962", ["1962"]),
        ("dd/mm/1945", ["1945"]),
        ("dd/05/1945", ["1945"]),
        ("1945", ["1945"]),
        ("about the war", []),
        ("", []),
    ],
)
def test_births_are_read(text: str, found: list[str]) -> None:
    assert births(text) == found


def test_years_of_two_fields_are_read() -> None:
    assert between("1970", "1972") == ["1970", "1971", "1972"]
    assert between("1970", "") == ["1970"]
    assert between("", "1972") == ["1972"]
    assert between("x", "") == []
    assert between("1849", "1850") == []
    assert between("2100", "2101") == []


def test_days_are_read_and_nonsense_is_none() -> None:
    assert day_first("01/02/2020") == date(2020, 2, 1)
    assert month_first("01/02/2020") == date(2020, 1, 2)
    assert day_first("31/02/2020") is None
    assert day_first("1/2") is None
    assert day_first("a/b/2020") is None
    assert day_first("01/02/20") is None
    assert iso_day("2020-02-01T10:00") == date(2020, 2, 1)
    assert iso_day("soon") is None
    assert day_in_words("23-Sep-2026") == date(2026, 9, 23)
    assert day_in_words("23 September 2026") == date(2026, 9, 23)
    assert day_in_words("Sep 2026") is None
    assert day_in_words("23 Six 2026") is None
    assert day_in_words("31 Feb 2026") is None
    assert day_in_words("2026-09-23") is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Tanzania", "TZ"),
        ("United Republic of Tanzania", "TZ"),
        ("Congo, Democratic Republic of the", "CD"),
        ("Democratic People's Republic of Korea", "KP"),
        ("Côte d’Ivoire", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("RUSSIAN FEDERATION", "RU"),
        ("Bosnia & Herzegovina", "BA"),
        ("de", "DE"),
        ("00", ""),
        ("ZZ", ""),
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_countries_are_known_by_their_names(name: str, code: str) -> None:
    assert country_code(name) == code
