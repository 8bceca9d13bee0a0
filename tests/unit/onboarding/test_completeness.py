from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace.onboarding.completeness import (
    Before,
    Facts,
    Mender,
    Missing,
    SiteState,
    keeps_from_handing_in,
    missing,
)
from marketplace.onboarding.steps import Step
from tests.builders.onboarding import FILLED, POLICIES

TODAY = date(2026, 9, 29)
GOLD = SiteState(
    name="Block C",
    is_located=True,
    minerals=frozenset({"gold"}),
    right_kind="primary_mining_licence",
    right_valid_to=date(2030, 12, 31),
    attested_on=date(2026, 6, 1),
    is_verified=True,
)
WHOLE = Facts(
    today=TODAY,
    answers=FILLED,
    writers=1,
    signatories=1,
    sites=(GOLD,),
    has_destination=True,
    visited_on=date(2026, 9, 1),
    screened_on=date(2026, 9, 15),
)


def codes(**other: object) -> list[str]:
    return [each.code for each in missing(replace(WHOLE, **other))]  # type: ignore[arg-type]


def one(**other: object) -> Missing:
    (found,) = missing(replace(WHOLE, **other))  # type: ignore[arg-type]
    return found


def with_answers(**other: Mapping[str, str]) -> Mapping[str, Mapping[str, str]]:
    return {**FILLED, **other}


def test_nothing_is_missing_of_a_whole_application() -> None:
    assert missing(WHOLE) == []


@pytest.mark.parametrize("step", ["organisation", "members", "rights", "policies", "payout"])
def test_each_step_that_is_empty_or_wrong_is_told(step: str) -> None:
    empty = one(answers=with_answers(**{step: {}}))
    wrong = one(answers=with_answers(**{step: {**FILLED[step], **BROKEN[step]}}))

    assert (empty.code, empty.step, empty.before) == (f"{step}_empty", Step(step), Before.HAND_IN)
    assert (wrong.code, wrong.step, wrong.before) == (f"{step}_wrong", Step(step), Before.HAND_IN)
    assert empty.text != wrong.text


BROKEN: Mapping[str, Mapping[str, str]] = {
    "organisation": {"contact_phone": "0712"},
    "members": {"members_women": "41"},
    "rights": {"dealer_until": "2026-09-28"},
    "policies": {"child_labour_on": "2025-09-28"},
    "payout": {"payout_currency": "KES"},
}


def test_somebody_must_act_and_somebody_must_sign() -> None:
    assert codes(writers=0) == ["writer_missing"]
    missing_signer = one(signatories=0)
    assert (missing_signer.code, missing_signer.before) == ("signatory_missing", Before.HAND_IN)
    invited = one(signatories=0, invited_signatories=1)
    assert (invited.code, invited.before, invited.step) == ("signatory_waits", Before.APPROVAL, Step.PEOPLE)


def test_an_application_names_a_site() -> None:
    found = one(sites=())

    assert (found.code, found.step, found.before) == ("site_missing", Step.SITES, Before.HAND_IN)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"is_located": False}, "site_not_located"),
        ({"right_kind": "unlicensed", "right_valid_to": None}, "right_missing"),
        ({"right_kind": "exploration_permit"}, "right_missing"),
        ({"right_valid_to": None}, "right_ended"),
        ({"right_valid_to": TODAY - timedelta(days=1)}, "right_ended"),
        ({"attested_on": None}, "attestation_old"),
        ({"attested_on": TODAY - timedelta(days=366)}, "attestation_old"),
    ],
)
def test_what_a_site_lacks_is_told_with_its_name(change: dict[str, object], code: str) -> None:
    found = one(sites=(replace(GOLD, **change),))  # type: ignore[arg-type]

    assert (found.code, found.params, found.step) == (code, {"site": "Block C"}, Step.SITES)
    assert found.before is Before.HAND_IN
    assert "Block C" in found.text % found.params


@pytest.mark.parametrize(
    "change", [{"right_valid_to": TODAY}, {"attested_on": TODAY - timedelta(days=365)}, {"attested_on": TODAY}]
)
def test_the_last_day_still_counts(change: dict[str, object]) -> None:
    assert codes(sites=(replace(GOLD, **change),)) == []  # type: ignore[arg-type]


def test_every_site_is_looked_at() -> None:
    other = replace(GOLD, name="Block D", is_located=False)

    assert [each.params["site"] for each in missing(replace(WHOLE, sites=(other, replace(other, name="E"))))] == [
        "Block D",
        "E",
    ]


def test_the_promise_about_mercury_is_for_those_who_dig_gold() -> None:
    without = {name: text for name, text in POLICIES.items() if not name.startswith("mercury")}
    stones = replace(GOLD, minerals=frozenset({"zoisite"}))

    found = one(answers=with_answers(policies=without))

    assert (found.code, found.step, found.before) == ("mercury_missing", Step.POLICIES, Before.HAND_IN)
    assert codes(answers=with_answers(policies=without), sites=(stones,)) == []
    assert codes(answers=with_answers(policies={})) == ["policies_empty"]


@pytest.mark.parametrize(
    ("change", "code", "mender", "step"),
    [
        ({"has_destination": False}, "destination_missing", Mender.APPLICANT, Step.PAYOUT),
        ({"visited_on": None}, "visit_missing", Mender.STAFF, Step.ORGANISATION),
        ({"visited_on": TODAY - timedelta(days=366)}, "visit_missing", Mender.STAFF, Step.ORGANISATION),
        ({"screened_on": None}, "screening_old", Mender.STAFF, Step.ORGANISATION),
        ({"screened_on": TODAY - timedelta(days=31)}, "screening_old", Mender.STAFF, Step.ORGANISATION),
        ({"sites": (replace(GOLD, is_verified=False),)}, "site_not_verified", Mender.STAFF, Step.SITES),
        ({"is_suspended": True}, "suspended", Mender.STAFF, Step.ORGANISATION),
    ],
)
def test_what_the_approval_needs_does_not_keep_from_handing_in(
    change: dict[str, object], code: str, mender: Mender, step: Step
) -> None:
    found = one(**change)

    assert (found.code, found.mender, found.step, found.before) == (code, mender, step, Before.APPROVAL)
    assert keeps_from_handing_in([found]) == []


@pytest.mark.parametrize(
    "change",
    [
        {"visited_on": TODAY - timedelta(days=365)},
        {"screened_on": TODAY - timedelta(days=30)},
        {"sites": (replace(GOLD, is_verified=False), GOLD)},
    ],
)
def test_visit_screening_and_one_verified_site_hold_to_their_last_day(change: dict[str, object]) -> None:
    assert codes(**change) == []


def test_a_new_application_lists_what_it_needs_in_the_order_of_the_steps() -> None:
    found = missing(Facts(today=TODAY, answers={}, writers=1))

    assert [each.code for each in found] == [
        "organisation_empty", "signatory_missing", "members_empty", "rights_empty", "site_missing", "policies_empty",
        "payout_empty", "visit_missing", "screening_old", "destination_missing",
    ]  # fmt: skip
    assert [each.code for each in keeps_from_handing_in(found)] == [each.code for each in found[:7]]
