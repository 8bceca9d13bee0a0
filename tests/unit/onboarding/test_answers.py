from collections.abc import Callable, Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import InvalidInput
from marketplace.onboarding import answers as reading
from marketplace.onboarding.answers import Permit, Signed, errors_of, kept
from marketplace.onboarding.steps import FORMS, PAGES, Step, after
from tests.builders.onboarding import FILLED, MEMBERS, ORGANISATION, PAYOUT, POLICIES, RIGHTS

TODAY = date(2026, 9, 29)


def refused(read: Callable[[], object]) -> dict[str, str]:
    with pytest.raises(InvalidInput) as error:
        read()
    return {name: each.message for name, each in error.value.fields.items()}


def organisation(**other: str) -> reading.Organisation:
    return reading.read_organisation({**ORGANISATION, **other}, today=TODAY)


def members(**other: str) -> reading.Members:
    return reading.read_members({**MEMBERS, **other}, today=TODAY)


def rights(**other: str) -> reading.Rights:
    return reading.read_rights({**RIGHTS, **other}, today=TODAY)


def policies(**other: str) -> tuple[Signed, ...]:
    return reading.read_policies({**POLICIES, **other}, today=TODAY)


def test_the_steps_follow_each_other_and_each_has_words() -> None:
    assert [after(step) for step in Step] == [*list(Step)[1:], None]
    assert PAGES.keys() == set(Step)
    assert reading.FIELDS.keys() == FORMS == set(Step) - {Step.PEOPLE, Step.SITES}


def test_the_organisation_is_read() -> None:
    found = organisation(founded_on="")

    assert (found.legal_name, found.country, found.district) == ("Tumaini Women Miners", "TZ", "Simanjiro")
    assert (found.contact_phone, found.founded_on, found.legal_form) == ("+255712000111", None, "women_group")
    assert (found.registration_number, found.region) == ("MNY-2024-0099", "Manyara")
    assert (organisation().founded_on, found.about) == (date(2021, 5, 1), "We dig and sort together.")


def test_an_organisation_without_answers_tells_each() -> None:
    assert refused(lambda: reading.read_organisation({}, today=TODAY)) == {
        "legal_name": "Enter the registered name.",
        "legal_form": "Choose one.",
        "registration_number": "Enter the registration number.",
        "country": "Choose one.",
        "region": "Enter the region.",
        "district": "Enter the district.",
        "contact_phone": "Enter a telephone number.",
    }
    assert refused(lambda: organisation(founded_on="2026-09-30")) == {"founded_on": "This day is still to come."}
    assert organisation(founded_on="2026-09-29").founded_on == TODAY


def test_the_numbers_of_members_are_read() -> None:
    found = members()

    assert (found.members_total, found.members_women, found.members_youth) == (40, 30, 6)
    assert (found.leaders_total, found.leaders_women, found.women_share) == (5, 4, 75)
    assert (found.basis, found.counted_on) == ("member_register", date(2026, 9, 1))
    assert members(women_share="").women_share is None
    assert members(women_share="0").women_share == 0
    assert members(women_share="100").women_share == 100


@pytest.mark.parametrize(("women", "leads"), [("2", False), ("3", True), ("5", True), ("0", False)])
def test_women_lead_with_half_of_the_posts(women: str, leads: bool) -> None:
    assert members(leaders_women=women).is_women_led is leads
    assert members(leaders_total="2", leaders_women="1").is_women_led


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("members_total", "", "Enter how many members there are."),
        ("members_total", "0", "A cooperative has at least one member."),
        ("members_women", "", "Enter how many members are women; 0 when none."),
        ("members_women", "41", "There cannot be more women than members."),
        ("members_youth", "", "Enter how many are younger than 25; 0 when none."),
        ("members_youth", "41", "There cannot be more young people than members."),
        ("leaders_total", "", "Enter how many people lead."),
        ("leaders_total", "41", "There cannot be more leaders than members."),
        ("leaders_women", "", "Enter how many of the leaders are women; 0 when none."),
        ("leaders_women", "6", "There cannot be more women than leaders."),
        ("women_share", "101", "Enter a share from 0 to 100."),
        ("women_share", "half", "Enter a whole number, such as 45."),
        ("basis", "rumour", "Choose one."),
        ("counted_on", "", "Enter the day of the count."),
        ("counted_on", "2026-09-30", "This day is still to come."),
    ],
)
def test_numbers_that_do_not_fit_are_refused(field: str, text: str, message: str) -> None:
    assert refused(lambda: members(**{field: text}))[field] == message


def test_numbers_at_the_limit_are_taken() -> None:
    found = members(members_women="40", members_youth="40", leaders_total="40", leaders_women="40")

    assert (found.members_women, found.members_youth, found.leaders_total, found.leaders_women) == (40, 40, 40, 40)


def test_no_leader_is_refused() -> None:
    assert refused(lambda: members(leaders_total="0", leaders_women="0")) == {
        "leaders_total": "A cooperative has at least one leader."
    }


def test_permits_are_a_number_and_a_day() -> None:
    found = rights()

    assert (found.tax_number, found.shares_income) == ("TIN 123-456-789", True)
    assert found.permits == (Permit("dealer", "DL 7", date(2027, 1, 31)),)
    assert found.income_rule == "Each member gets the same part of each sale."
    assert rights(dealer_number="", dealer_until="").permits == ()
    assert rights(dealer_until="2026-09-29").permits[0].until == TODAY


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"tax_number": ""}, {"tax_number": "Enter the tax number."}),
        ({"dealer_until": ""}, {"dealer_until": "Enter its last day."}),
        ({"dealer_number": ""}, {"dealer_number": "Enter the number of the licence."}),
        (
            {"dealer_until": "2026-09-28"},
            {"dealer_until": "This permit has ended. Enter the new one, or leave it out."},
        ),
        ({"shares_income": ""}, {"shares_income": "Choose one."}),
        ({"income_rule": ""}, {"income_rule": "Say in one sentence how it is shared."}),
    ],
)
def test_gaps_in_taxes_and_permits_are_told(other: dict[str, str], expected: dict[str, str]) -> None:
    assert refused(lambda: rights(**other)) == expected


def test_who_shares_nothing_says_nothing_more() -> None:
    found = rights(shares_income="no", income_rule="")

    assert (found.shares_income, found.income_rule) == (False, "")


def test_declarations_are_read_with_day_and_name() -> None:
    signed = date(2026, 9, 2)

    assert policies() == tuple(Signed(kind, signed, "Neema Mushi") for kind in ("child_labour", "grievance", "mercury"))
    assert [each.kind for each in policies(mercury_on="", mercury_by="")] == ["child_labour", "grievance"]


@pytest.mark.parametrize("kind", ["child_labour", "grievance"])
def test_two_declarations_are_always_needed(kind: str) -> None:
    assert refused(lambda: policies(**{f"{kind}_on": "", f"{kind}_by": ""})) == {
        f"{kind}_on": "Enter the day the declaration was signed.",
        f"{kind}_by": "Enter the name of the person who signed.",
    }


def test_half_a_declaration_about_mercury_is_none() -> None:
    assert refused(lambda: policies(mercury_on="")) == {"mercury_on": "Enter the day the declaration was signed."}
    assert refused(lambda: policies(mercury_by="")) == {"mercury_by": "Enter the name of the person who signed."}


def test_a_declaration_is_at_most_365_days_old() -> None:
    assert policies(child_labour_on="2025-09-29")[0].signed_on == date(2025, 9, 29)  # 365 days before
    assert refused(lambda: policies(child_labour_on="2025-09-28")) == {
        "child_labour_on": "This is longer ago than 12 months. Have it signed again."
    }
    assert policies(child_labour_on="2026-09-29")[0].signed_on == TODAY
    assert refused(lambda: policies(child_labour_on="2026-09-30")) == {"child_labour_on": "This day is still to come."}


def test_the_declaration_of_a_site_is_one_against_child_labour() -> None:
    found = reading.read_site_declaration({"site_on": "2026-09-20", "site_by": "Neema"}, today=TODAY)

    assert found == Signed("child_labour", date(2026, 9, 20), "Neema")
    assert refused(lambda: reading.read_site_declaration({}, today=TODAY)) == {
        "site_on": "Enter the day the declaration was signed.",
        "site_by": "Enter the name of the person who signed.",
    }


def test_a_cooperative_is_paid_in_dollars_or_its_own_money() -> None:
    assert reading.read_payout({"payout_currency": "USD"}, country="TZ") == "USD"
    assert reading.read_payout(PAYOUT, country="TZ") == "TZS"
    assert refused(lambda: reading.read_payout(PAYOUT, country="KE")) == {"payout_currency": "Choose one."}


def test_a_draft_is_kept_as_it_was_typed() -> None:
    form = {
        **ORGANISATION,
        "legal_name": "  half a na\x00me ",
        "country": "",
        "csrf_token": "secret",
        "about": "x" * 5000,
    }

    found = kept(Step.ORGANISATION, form)

    assert found["legal_name"] == "  half a name "
    assert "country" not in found
    assert "csrf_token" not in found
    assert len(found["about"]) == 4000


@given(st.dictionaries(st.sampled_from(reading.FIELDS[Step.MEMBERS]), st.text(max_size=30)))
def test_whatever_is_typed_is_kept_and_read_without_a_crash(typed: dict[str, str]) -> None:
    found = kept(Step.MEMBERS, typed)

    wrong = errors_of(Step.MEMBERS, {Step.MEMBERS.value: found}, today=TODAY)

    assert 0 <= wrong <= len(reading.FIELDS[Step.MEMBERS])
    assert all("\x00" not in text for text in found.values())


@pytest.mark.parametrize("step", Step)
def test_a_filled_in_step_has_no_error(step: Step) -> None:
    assert errors_of(step, FILLED, today=TODAY) == 0


@pytest.mark.parametrize(
    ("step", "number"),
    [(Step.ORGANISATION, 7), (Step.MEMBERS, 7), (Step.RIGHTS, 2), (Step.POLICIES, 4), (Step.PAYOUT, 1),
     (Step.PEOPLE, 0), (Step.SITES, 0)],
)  # fmt: skip
def test_an_empty_step_lacks_each_answer(step: Step, number: int) -> None:
    assert errors_of(step, {}, today=TODAY) == number


def record(**other: Mapping[str, str]) -> reading.Application:
    return reading.application_of({**FILLED, **other}, today=TODAY)


def test_the_record_of_the_cooperative_is_what_the_steps_say() -> None:
    found = record()

    assert (found.legal_name, found.members_total, found.members_women) == ("Tumaini Women Miners", 40, 30)
    assert (found.is_women_led, found.payout_currency, found.founded_on) == (True, "TZS", date(2021, 5, 1))
    assert (found.country, found.region, found.district) == ("TZ", "Manyara", "Simanjiro")
    assert (found.legal_form, found.registration_number) == ("women_group", "MNY-2024-0099")
    assert (found.contact_phone, found.about) == ("+255712000111", "We dig and sort together.")


def test_steps_that_are_not_there_yet_count_as_nobody() -> None:
    found = record(members={}, payout={})

    assert (found.members_total, found.members_women, found.is_women_led) == (0, 0, False)
    assert found.payout_currency == "TZS"
    assert record(payout={"payout_currency": "KES"}).payout_currency == "TZS"
    assert record(payout={"payout_currency": "USD"}).payout_currency == "USD"


def test_without_a_name_there_is_no_record() -> None:
    assert "legal_name" in refused(lambda: record(organisation={}))
