"""The scenario is believable and whole before anything is loaded."""

import re
from collections import Counter
from datetime import timedelta

import pytest

from marketplace.cli.demo.photos.colours import LOOKS
from marketplace.cli.demo.play import ENDS
from marketplace.cli.demo.roads import ROADS, STEPS, moments
from marketplace.cli.demo.scenario import QUICK, LotPlan, Scenario, read
from marketplace.compliance.vocabulary import mineral_of
from marketplace.core.actor import StaffRole
from marketplace.lots.vocabulary import FORMS, PHOTOS_NEEDED, TREATMENTS, varieties
from marketplace.orders.levels import CONFLICT_COUNTRIES


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read()


def test_every_road_is_walked_and_every_step_is_known(scenario: Scenario) -> None:
    assert {plan.road for plan in (*scenario.lots, *scenario.dealings)} == set(ROADS)
    assert {step for road in ROADS.values() for step in road} == set(STEPS)


def test_there_is_something_of_everything(scenario: Scenario) -> None:
    roads = Counter(plan.road for plan in scenario.lots)
    countries = {row["country"] for row in scenario.cooperatives}
    stones = {plan.row["variety"] for plan in scenario.lots if plan.kind == "gem"}

    assert len(scenario.lots) >= 60
    assert roads["published"] >= 24
    assert roads["released"] >= 12
    assert countries == {"TZ", "KE", "CD", "ML", "SL", "CO"}
    assert len(stones) >= 15
    assert stones <= set(varieties())
    assert {plan.row["form"] for plan in scenario.lots} == set(FORMS)
    assert {row["level"] for row in scenario.buyers} == {"0", "1", "2", "3"}


def test_each_duty_that_needs_two_people_has_two(scenario: Scenario) -> None:
    held = Counter(role for row in scenario.staff for role in row["roles"].split(";"))

    assert set(held) == {role.value for role in StaffRole}
    assert all(held[role] >= 2 for role in ("moderator", "finance", "curator"))


@pytest.mark.parametrize("plan", read().lots, ids=lambda plan: plan.key)
def test_a_lot_comes_from_a_site_that_may_sell_it(scenario: Scenario, plan: LotPlan) -> None:
    site = next(row for row in scenario.sites if row["key"] == plan.site)

    assert site["cooperative"] == plan.cooperative
    assert mineral_of(plan.kind, plan.row.get("variety")) in site["minerals"].split(";")
    assert plan.kind == "gold" or plan.row["treatment"] in TREATMENTS
    if "submit" in ROADS[plan.road]:
        assert len(plan.photo_views) >= PHOTOS_NEEDED[plan.kind]


@pytest.mark.parametrize("plan", [plan for plan in read().lots if plan.buyer], ids=lambda plan: plan.key)
def test_a_buyer_may_buy_what_she_buys(scenario: Scenario, plan: LotPlan) -> None:
    buyer = next(row for row in scenario.buyers if row["key"] == plan.buyer)
    country = next(row["country"] for row in scenario.cooperatives if row["key"] == plan.cooperative)

    assert int(buyer["level"]) >= (3 if plan.kind == "gold" or country in CONFLICT_COUNTRIES else 2)
    assert plan.buys is not None
    assert plan.buys - plan.starts >= timedelta(days=3)


@pytest.mark.parametrize("plan", read().dealings, ids=lambda plan: plan.key)
def test_a_dealing_is_about_a_lot_on_sale_and_by_somebody_who_may(scenario: Scenario, plan: LotPlan) -> None:
    lot = next(each for each in scenario.lots if each.key == plan.lot)
    buyer = next(row for row in scenario.buyers if row["key"] == plan.buyer)

    assert lot.road == "published"
    assert plan.starts - lot.starts >= timedelta(days=3)
    assert int(buyer["level"]) >= (2 if "buy" in ROADS[plan.road] else 1)


def test_whatever_is_said_is_said_at_a_step_of_its_road(scenario: Scenario) -> None:
    for plan in (*scenario.lots, *scenario.dealings):
        steps = {*ROADS[plan.road], *_SAID_BY.get(plan.road, ())}
        assert set(plan.said) <= steps, plan.key
        assert all(len(said.text) >= 10 or said.amount or said.choice for said in plan.said.values()), plan.key


# The words of a step under another name than its own.
_SAID_BY = {"refund_fails": {"decline"}, "charged_back": {"bank"}}


def test_no_text_is_told_twice(scenario: Scenario) -> None:
    texts = [said.text for plan in scenario.lots for said in plan.said.values() if said.text]

    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("plan", [*read().lots, *read().dealings], ids=lambda plan: plan.key)
def test_no_lot_gets_ahead_of_the_demonstration(plan: LotPlan) -> None:
    class Late:
        """The latest chance there is."""

        def randrange(self, stop: int) -> int:
            return stop - 1

    last = [at for at, _step in moments(plan, chance=Late())]  # type: ignore[arg-type]

    assert last == sorted(last)
    assert last[-1] < ENDS


def test_seals_and_licences_are_used_once(scenario: Scenario) -> None:
    tags = [plan.tag for plan in (*scenario.lots, *scenario.dealings)]

    assert len(set(tags)) == len(tags)
    assert len({row["right_number"] for row in scenario.sites}) == len(scenario.sites)


def test_telephone_numbers_belong_to_nobody(scenario: Scenario) -> None:
    numbers = [row["contact_phone"] for row in scenario.cooperatives] + [row["phone"] for row in scenario.buyers]

    assert all("555" in re.sub("[^0-9]", "", number) for number in numbers)


def test_who_enters_a_cooperative_never_reviews_it(scenario: Scenario) -> None:
    for row in scenario.cooperatives:
        enters, reviews = scenario.moderators_of(row["key"])
        assert enters != reviews


def test_the_quick_scenario_has_one_of_each_kind_of_end() -> None:
    quick = read(quick=True)

    assert {plan.key for plan in quick.lots} == QUICK
    assert {plan.road for plan in quick.lots} == {
        "released", "refunded_declined", "approved", "reserved", "published", "submitted", "draft_photos", "disputed",
        "checked",
    }  # fmt: skip
    assert [(plan.key, plan.road) for plan in quick.dealings] == [("206", "countered")]


def test_every_stone_has_a_look_of_its_own() -> None:
    assert set(LOOKS) == set(varieties())
