from dataclasses import replace
from datetime import date, timedelta

import pytest

from marketplace.compliance.gate import Facts, Goods, Mender, SiteFacts, unmet, unmet_of_application

TODAY = date(2026, 9, 29)
SITE = SiteFacts(
    status=1,
    activity="active",
    minerals=frozenset({"gold", "zoisite"}),
    mercury_practice="mercury_free",
    right_kind="primary_mining_licence",
    right_valid_from=date(2024, 1, 1),
    right_valid_to=date(2026, 8, 31),
    attested_on=date(2026, 1, 15),
    is_verified=True,
)
STONE = Goods(
    kind="gem", mineral="zoisite", country="TZ", form="rough", weight_mg=684, pieces=1,
    mined_from=date(2026, 8, 1), mined_to=date(2026, 8, 20),
)  # fmt: skip
GOLD = replace(STONE, kind="gold", mineral="gold", form="dore", weight_mg=250_000, mercury="mercury_free")
FACTS = Facts(today=TODAY, cooperative_state="approved", screened_on=TODAY - timedelta(days=30), site=SITE, goods=STONE)


def codes(facts: Facts) -> list[str]:
    return [each.code for each in unmet(facts)]


def test_goods_that_meet_every_requirement_pass() -> None:
    assert codes(FACTS) == []
    assert codes(replace(FACTS, goods=GOLD)) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"cooperative_state": "submitted"}, "cooperative_not_approved"),
        ({"cooperative_state": "suspended"}, "cooperative_suspended"),
        ({"screened_on": None}, "screening_old"),
        ({"screened_on": TODAY - timedelta(days=31)}, "screening_old"),
        ({"site": None}, "site_missing"),
    ],
)
def test_the_cooperative_s_requirements(change: dict[str, object], code: str) -> None:
    assert codes(replace(FACTS, **change)) == [code]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"is_verified": False}, "site_not_verified"),
        ({"status": 3}, "site_red"),
        ({"activity": "abandoned"}, "site_abandoned"),
        ({"right_kind": "unlicensed"}, "right_missing"),
        ({"right_kind": "exploration_permit"}, "right_missing"),
        ({"attested_on": None}, "attestation_old"),
        ({"attested_on": TODAY - timedelta(days=366)}, "attestation_old"),
        ({"right_valid_to": date(2026, 8, 19)}, "right_not_valid"),  # the last day of mining is the 20th
        ({"right_valid_from": date(2026, 8, 2)}, "right_not_valid"),  # the first is the 1st
        ({"right_valid_to": None}, "right_not_valid"),
        ({"minerals": frozenset({"gold"})}, "right_other_mineral"),
    ],
)
def test_the_site_s_requirements(change: dict[str, object], code: str) -> None:
    assert codes(replace(FACTS, site=replace(SITE, **change))) == [code]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("goods", "code"),
    [
        (replace(STONE, mined_from=None, mined_to=None), "mined_day_missing"),
        (replace(STONE, weight_mg=2001), "cut_in_country"),
        (replace(GOLD, mercury="amalgamation_no_retort"), "mercury"),
        (replace(GOLD, mercury="unknown"), "mercury"),
    ],
)
def test_the_goods_requirements(goods: Goods, code: str) -> None:
    assert codes(replace(FACTS, goods=goods)) == [code]


@pytest.mark.parametrize(
    "goods",
    [
        replace(STONE, weight_mg=2000),  # two grams exactly may leave rough
        replace(STONE, weight_mg=5000, pieces=3),  # 1.67 g each
        replace(STONE, weight_mg=5000, form="cut"),
        replace(STONE, weight_mg=5000, country="KE"),
        replace(STONE, mined_to=None),  # one day stands for both
        replace(GOLD, mercury="amalgamation_with_retort"),
        replace(GOLD, mercury=None),  # the site's practice counts
    ],
)
def test_what_the_goods_rules_let_through(goods: Goods) -> None:
    assert codes(replace(FACTS, goods=goods)) == []


def test_a_yellow_or_blue_site_is_for_a_person_to_judge() -> None:
    assert codes(replace(FACTS, site=replace(SITE, status=2))) == []
    assert codes(replace(FACTS, site=replace(SITE, status=0))) == []


def test_every_requirement_says_who_can_mend_it_and_is_listed_once() -> None:
    found = unmet(Facts(today=TODAY, cooperative_state="draft", screened_on=None, site=None, goods=None))

    assert [(each.code, each.mender) for each in found] == [
        ("cooperative_not_approved", Mender.STAFF),
        ("screening_old", Mender.STAFF),
        ("site_missing", Mender.COOPERATIVE),
    ]


def test_an_application_needs_a_screening_and_one_site_in_order() -> None:
    bad = replace(SITE, is_verified=False, status=3)
    screened = TODAY - timedelta(days=3)

    assert unmet_of_application(today=TODAY, screened_on=screened, sites=[bad, SITE]) == []
    assert [each.code for each in unmet_of_application(today=TODAY, screened_on=None, sites=[])] == [
        "screening_old",
        "site_missing",
    ]
    assert [each.code for each in unmet_of_application(today=TODAY, screened_on=screened, sites=[bad])] == [
        "site_not_verified",
        "site_red",
    ]
