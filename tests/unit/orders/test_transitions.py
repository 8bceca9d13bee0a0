"""The table of moves holds what its readers rely on."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from marketplace.core.actor import CLOCK, PROVIDER, SYSTEM, VISITOR, Actor, ActorKind, MemberRole, StaffRole
from marketplace.orders.deadlines import SCHEDULES
from marketplace.orders.letters import LETTERS, NOTICES
from marketplace.orders.transitions import (
    FINAL,
    PROBLEM_STATES,
    ROWS,
    Action,
    LotMove,
    MoneyMove,
    Party,
    State,
    allowed_actions,
    parties_of,
)

NOW = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)
BUYER, BOB, COOPERATIVE = uuid4(), uuid4(), uuid4()


def order(state: State, **other: Any) -> Any:
    standing = {
        "state": state.value,
        "state_since": NOW,
        "buyer_id": BUYER,
        "buyer_user_id": BOB,
        "cooperative_id": COOPERATIVE,
        "held_since": None,
        "needs_second_person": False,
        "stopping": None,
        "proposed_resolution": None,
        "proposed_by": None,
    }
    return SimpleNamespace(**{**standing, **other})


def someone(**other: Any) -> Actor:
    return Actor(kind=ActorKind.PERSON, user_id=other.pop("user_id", uuid4()), **other)


bob = someone(user_id=BOB, buyer_id=BUYER)
amina = someone(memberships={COOPERATIVE: MemberRole.SECRETARY})
viewer = someone(memberships={COOPERATIVE: MemberRole.VIEWER})
zawadi = someone(staff_roles=frozenset({StaffRole.MODERATOR}))
juma = someone(staff_roles=frozenset({StaffRole.MODERATOR}))
frida = someone(staff_roles=frozenset({StaffRole.FINANCE}))


def test_a_party_has_one_row_an_action_and_state() -> None:
    assert [
        key for key, number in Counter((row.action, row.source, row.who) for row in ROWS).items() if number > 1
    ] == []


def test_final_states_have_no_way_out_and_all_others_have_one() -> None:
    sources = {row.source for row in ROWS if not row.stays}

    assert sources == set(State) - FINAL


def test_every_state_is_reached() -> None:
    assert {row.target for row in ROWS if not row.stays} == set(State) - {State.PENDING_PAYMENT}


def test_every_action_has_a_row() -> None:
    assert {row.action for row in ROWS} == set(Action)


def test_every_deadline_has_its_row_for_the_clock_and_every_row_of_the_clock_its_deadline() -> None:
    deadlines = {(state, schedule.action) for state, schedule in SCHEDULES.items() if schedule.action}

    assert deadlines == {(row.source, row.action) for row in ROWS if row.who is Party.CLOCK}


def test_no_final_state_has_a_deadline() -> None:
    assert not FINAL & set(SCHEDULES)


def test_money_is_held_once_and_leaves_once_on_every_road() -> None:
    """Before `capture` nothing is held; a refund or release happens where it is held, and ends where nothing is."""
    held = {State.FUNDED, State.CONFIRMED, State.SHIPPED, State.DELIVERED, State.ACCEPTED}
    for row in ROWS:
        before, after = row.source in held, row.target in held
        moves = {MoneyMove.HOLD: (False, True), MoneyMove.REFUND: (True, False), MoneyMove.RELEASE: (True, False)}
        expected = moves.get(row.money, (before, before))
        assert (before, after) == expected, row


def test_a_lot_is_freed_only_with_a_refund_or_without_payment() -> None:
    freeing = {row.target for row in ROWS if row.lot in (LotMove.OFFER_AGAIN, LotMove.TAKE_OFF)}

    assert freeing == {State.CANCELLED, State.EXPIRED, State.REFUNDING}
    refunds = [row for row in ROWS if row.money is MoneyMove.REFUND]
    assert all(row.lot in (LotMove.OFFER_AGAIN, LotMove.TAKE_OFF) for row in refunds)


def test_every_letter_and_notice_belongs_to_something() -> None:
    notices = {notice.template for schedule in SCHEDULES.values() for notice in schedule.notices}

    assert notices == set(NOTICES)
    assert set(LETTERS) <= set(Action)


@pytest.mark.parametrize(
    ("standing", "actor", "allowed"),
    [
        (order(State.PENDING_PAYMENT), bob, ("stop_payment",)),
        (order(State.PENDING_PAYMENT, stopping="cancelled"), bob, ()),
        (order(State.PENDING_PAYMENT, stopping="cancelled"), PROVIDER, ("capture", "abandon", "expire")),
        (order(State.FUNDED), bob, ("cancel", "report_problem")),
        (order(State.FUNDED), amina, ("confirm", "decline")),
        (order(State.FUNDED), viewer, ()),
        (order(State.FUNDED), zawadi, ()),
        (order(State.FUNDED), VISITOR, ()),
        (order(State.FUNDED, held_since=NOW), amina, ()),
        (order(State.FUNDED, held_since=NOW), CLOCK, ()),
        (order(State.SHIPPED), bob, ("receive", "report_problem")),
        (order(State.SHIPPED, held_since=NOW), bob, ("receive", "withdraw_problem")),
        (order(State.DELIVERED), bob, ("accept", "report_problem")),
        (order(State.DELIVERED, held_since=NOW), bob, ("withdraw_problem",)),
        (order(State.DELIVERED, held_since=NOW), CLOCK, ()),
        (order(State.DELIVERED, held_since=NOW), zawadi, ("continue", "refund")),
        (order(State.DELIVERED, held_since=NOW, needs_second_person=True), zawadi, ("propose",)),
        (order(State.ACCEPTED), SYSTEM, ("release",)),
        (order(State.ACCEPTED, needs_second_person=True), SYSTEM, ()),
        (order(State.ACCEPTED, needs_second_person=True), frida, ()),
        (order(State.REFUNDED), bob, ()),
    ],
)
def test_each_party_sees_its_own_moves(standing: Any, actor: Actor, allowed: tuple[str, ...]) -> None:
    assert allowed_actions(standing, actor, now=NOW) == allowed


def test_the_second_person_takes_the_decision_that_was_proposed() -> None:
    standing = order(
        State.DELIVERED,
        held_since=NOW,
        needs_second_person=True,
        proposed_resolution="refund",
        proposed_by=zawadi.user_id,
    )

    assert allowed_actions(standing, zawadi, now=NOW) == ("propose",)
    assert allowed_actions(standing, juma, now=NOW) == ("propose", "refund")


@pytest.mark.parametrize(
    ("after", "allowed"),
    [
        (timedelta(minutes=60), ("cancel", "report_problem")),
        (timedelta(minutes=60, seconds=1), ("report_problem",)),
        (timedelta(hours=71, minutes=59), ("report_problem",)),
        (timedelta(hours=72), ("cancel_unconfirmed", "report_problem")),
    ],
)
def test_cancelling_opens_and_closes_with_time(after: timedelta, allowed: tuple[str, ...]) -> None:
    assert allowed_actions(order(State.FUNDED), bob, now=NOW + after) == allowed


def test_a_large_release_opens_after_a_day() -> None:
    standing = order(State.ACCEPTED, needs_second_person=True)

    assert allowed_actions(standing, frida, now=NOW + timedelta(hours=23, minutes=59)) == ()
    assert allowed_actions(standing, frida, now=NOW + timedelta(hours=24)) == ("approve_release",)


def test_staff_with_a_stake_are_that_party_and_no_staff() -> None:
    everything = frozenset({StaffRole.MODERATOR, StaffRole.FINANCE})
    buying = someone(staff_roles=everything, user_id=BOB)
    selling = someone(staff_roles=everything, memberships={COOPERATIVE: MemberRole.VIEWER})

    assert parties_of(order(State.FUNDED), buying) == {Party.BUYER}
    assert parties_of(order(State.FUNDED), selling) == frozenset()


def test_a_problem_can_be_reported_while_the_money_is_held_and_the_goods_are_not_accepted() -> None:
    assert PROBLEM_STATES == (State.FUNDED, State.CONFIRMED, State.SHIPPED, State.DELIVERED)
