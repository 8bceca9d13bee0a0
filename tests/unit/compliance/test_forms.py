from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.compliance.application import read_application, read_open_answers
from marketplace.compliance.sites import read_site
from marketplace.compliance.vocabulary import MINERALS, codes, mineral_of, mineral_of_variety
from marketplace.core.errors import InvalidInput
from tests.builders.cooperatives import application_form, site_form

TODAY = date(2026, 9, 29)


def wrong_fields(form: dict[str, str]) -> set[str]:
    with pytest.raises(InvalidInput) as refused:
        read_application(form, today=TODAY)
    return set(refused.value.fields)


def test_a_filled_form_becomes_an_application() -> None:
    read = read_application(application_form(), today=TODAY)

    assert (read.members_total, read.members_women, read.is_women_led) == (48, 31, True)
    assert (read.contact_phone, read.founded_on) == ("+255712345678", date(2019, 4, 17))


def test_an_empty_form_names_every_field_at_once() -> None:
    assert wrong_fields({}) == {
        "legal_name", "legal_form", "registration_number", "country", "region", "district", "members_total",
        "members_women", "is_women_led", "contact_phone", "payout_currency",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("members_total", "-3"),
        ("members_total", "4,5"),
        ("members_total", "٤"),
        ("members_total", "0"),
        ("members_women", "49"),
        ("founded_on", "2026-13-01"),
        ("founded_on", "2027-01-01"),
        ("founded_on", "20260101"),
        ("contact_phone", "0712 345 678"),
        ("payout_currency", "KES"),  # not Tanzania's
        ("legal_name", "x" * 121),
        ("about", "bell\x07"),
        ("country", "XX"),
    ],
)
def test_one_wrong_answer_is_named(field: str, typed: str) -> None:
    assert field in wrong_fields({**application_form(), field: typed})


@given(st.dictionaries(st.sampled_from(sorted(application_form())), st.text(max_size=40)))
def test_no_text_breaks_the_reader(typed: dict[str, str]) -> None:
    for read in (lambda: read_application(typed, today=TODAY), lambda: read_open_answers(typed)):
        with suppress(InvalidInput):
            read()


def test_a_site_keeps_its_place_to_four_decimals() -> None:
    site = read_site(site_form(latitude="-3,56667"), minerals=("zoisite", "gold"), today=TODAY)

    assert (site.coordinates, site.minerals) == ("-3.5667,36.9833", ("gold", "zoisite"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"latitude": "91"}, "latitude"),
        ({"longitude": ""}, "longitude"),
        ({"latitude": "NaN"}, "latitude"),
        ({"latitude": "1e9"}, "latitude"),
        ({"status": "4"}, "status"),
        ({"status_on": ""}, "status_on"),
        ({"right_number": ""}, "right_number"),
        ({"right_valid_to": "2023-01-01"}, "right_valid_to"),
        ({"child_labour_attested_on": "2026-10-01"}, "child_labour_attested_on"),
        ({"mercury_practice": "not_applicable"}, "mercury_practice"),  # gold is dug here
    ],
)
def test_a_site_s_wrong_answer_is_named(change: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_site(site_form(**change), minerals=("gold",), today=TODAY)

    assert field in refused.value.fields


def test_an_unlicensed_site_needs_no_licence_number() -> None:
    form = site_form(right_kind="unlicensed", right_number="", right_valid_from="", right_valid_to="")

    assert read_site(form, minerals=("gold",), today=TODAY).right_number == ""


@given(st.dictionaries(st.sampled_from(sorted(site_form())), st.text(max_size=30)), st.lists(st.text(max_size=8)))
def test_no_text_breaks_the_site_s_reader(typed: dict[str, str], minerals: list[str]) -> None:
    with suppress(InvalidInput):
        read_site(typed, minerals=tuple(minerals), today=TODAY)


def test_every_variety_of_the_vocabulary_has_a_mineral_that_a_site_can_name() -> None:
    assert set(mineral_of_variety().values()) <= codes(MINERALS)
    assert mineral_of("gem", "tanzanite") == "zoisite"
    assert mineral_of("gold", None) == "gold"
