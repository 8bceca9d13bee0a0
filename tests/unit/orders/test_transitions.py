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
    FORCED,
    HELD,
    INTERRUPTED,
    PROBLEM_STATES,
    ROWS,
    Action,
    LotMove,
    MoneyMove,
    Party,
    State,
    allowed_actions,
    parties_of,
    row_for,
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
        "frozen_since": None,
        "stopped_times": [],
        "wants_verification": False,
        "extensions": [],
        "disputed_from": None,
        "disputed_by": None,
        "settlement_by": None,
        "outcome": None,
        "is_appealable": True,
        "refund_minor": None,
        "price_minor": 124_000,
        "barred_reviewers": [],
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
vera = someone(staff_roles=frozenset({StaffRole.VERIFIER}))
frida = someone(staff_roles=frozenset({StaffRole.FINANCE}))


def dispute(came_from: State = State.DELIVERED, **other: Any) -> Any:
    return order(State.DISPUTED, **{"disputed_from": came_from.value, "disputed_by": "buyer", **other})


def test_a_party_has_one_row_an_action_state_and_condition() -> None:
    keys = Counter(
        (row.action, row.source, row.who, row.large, row.partial, row.verified, row.came_from, outcome)
        for row in ROWS
        for outcome in (row.outcomes or {None})
    )

    assert [key for key, number in keys.items() if number > 1] == []


def test_final_states_have_no_way_out_and_all_others_have_one() -> None:
    sources = {row.source for row in ROWS if not row.stays}

    assert sources == set(State) - FINAL


def test_every_state_is_reached() -> None:
    assert {row.target for row in ROWS if not row.stays} == set(State) - {State.PENDING_PAYMENT}


def test_every_action_has_a_row() -> None:
    assert {row.action for row in ROWS} == set(Action)


def test_every_deadline_has_its_row_for_the_clock_and_every_row_of_the_clock_its_deadline() -> None:
    deadlines = {(state, schedule.action) for state, schedule in SCHEDULES.items() if schedule.action}
    of_the_clock = {(row.source, row.action) for row in ROWS if row.who is Party.CLOCK}

    assert deadlines == {pair for pair in of_the_clock if pair[1] is not Action.REACH_BACKSTOP}


def test_no_final_state_has_a_deadline() -> None:
    assert not FINAL & set(SCHEDULES)


def test_money_is_held_once_and_leaves_once_on_every_road() -> None:
    """Before `capture` nothing is held; money moves where it is held, and ends where nothing is."""
    out = (MoneyMove.REFUND, MoneyMove.RELEASE, MoneyMove.SPLIT, MoneyMove.LOSE)
    for row in ROWS:
        before, after = row.source in HELD, row.target in HELD
        moves = {MoneyMove.HOLD: (False, True), **dict.fromkeys(out, (True, False))}
        expected = moves.get(row.money, (before, before))
        assert (before, after) == expected, row


def test_every_state_that_holds_money_ends_in_time() -> None:
    """A dispute has its last day, a decision its time to appeal, an acceptance its release; the rest is forced."""
    assert set(FORCED) | {State.DISPUTED, State.DECIDED, State.ACCEPTED} == HELD
    forced = {row.source for row in ROWS if row.action is Action.REACH_BACKSTOP}
    assert forced == set(FORCED)


def test_a_frozen_order_only_takes_note_of_what_happened_outside() -> None:
    moving = {row.action for row in ROWS if row.even_frozen and row.money is not MoneyMove.NONE}

    assert moving == {Action.CAPTURE, Action.LOSE_CHARGEBACK}


def test_a_lot_is_freed_only_with_a_refund_or_without_payment() -> None:
    freeing = {row.target for row in ROWS if row.lot in (LotMove.OFFER_AGAIN, LotMove.TAKE_OFF)}

    assert freeing == {State.CANCELLED, State.EXPIRED, State.REFUNDING, State.REFUNDED}
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
        (
            order(State.PENDING_PAYMENT, stopping="cancelled"),
            PROVIDER,
            ("capture", "start_funding", "abandon", "expire"),
        ),
        (order(State.FUNDED), bob, ("cancel", "report_problem")),
        (order(State.FUNDED), amina, ("confirm", "decline")),
        (order(State.FUNDED), viewer, ()),
        (order(State.FUNDED), zawadi, ()),
        (order(State.FUNDED), VISITOR, ()),
        (order(State.FUNDED, frozen_since=NOW), amina, ()),
        (order(State.FUNDED, frozen_since=NOW), CLOCK, ()),
        (order(State.FUNDED, frozen_since=NOW), PROVIDER, ("lose_chargeback",)),
        (
            order(State.PENDING_PAYMENT, frozen_since=NOW),
            PROVIDER,
            ("capture", "start_funding", "abandon", "expire"),
        ),
        (order(State.FUNDING, frozen_since=NOW), PROVIDER, ("capture", "fail_funding")),
        (order(State.FUNDING), PROVIDER, ("capture", "fail_funding")),
        (order(State.CONFIRMED), amina, ("ship",)),
        (order(State.CONFIRMED), zawadi, ("extend_shipping",)),
        (order(State.CONFIRMED, extensions=["extend_shipping"]), zawadi, ()),
        (order(State.AT_VERIFICATION), vera, ("match", "mismatch")),
        (order(State.AT_VERIFICATION), zawadi, ()),
        (order(State.SHIPPED), bob, ("receive", "report_problem")),
        (order(State.SHIPPED, frozen_since=NOW), bob, ("receive",)),
        (
            order(State.DELIVERED),
            bob,
            ("accept", "extend_inspection", "ask_adjustment", "reject", "report_problem"),
        ),
        (order(State.ADJUSTMENT), amina, ("agree_adjustment", "decline_adjustment")),
        (order(State.ADJUSTMENT), bob, ("withdraw_adjustment",)),
        (order(State.RETURN_PENDING), bob, ("send_back", "accept")),
        (order(State.RETURNING), amina, ("receive_return",)),
        (order(State.RETURNING), zawadi, ("prove_return",)),
        (order(State.RETURN_INSPECTION), amina, ("take_back", "contest_return")),
        (dispute(), bob, ("withdraw_problem", "add_evidence", "offer_settlement")),
        (dispute(), amina, ("add_evidence", "offer_settlement")),
        (dispute(disputed_by="cooperative"), bob, ("add_evidence", "offer_settlement")),
        (dispute(disputed_by="clock"), bob, ("withdraw_problem", "add_evidence", "offer_settlement")),
        (dispute(State.SHIPPED), bob, ("receive", "withdraw_problem", "add_evidence", "offer_settlement")),
        (
            dispute(State.RETURN_INSPECTION, disputed_by="cooperative"),
            amina,
            ("withdraw_problem", "add_evidence", "offer_settlement"),
        ),
        (dispute(State.AT_VERIFICATION, disputed_by="verifier"), bob, ("add_evidence", "offer_settlement")),
        (dispute(settlement_by="buyer"), amina, ("add_evidence", "offer_settlement", "accept_settlement")),
        (dispute(settlement_by="buyer"), bob, ("withdraw_problem", "add_evidence", "offer_settlement")),
        (dispute(frozen_since=NOW), bob, ("add_evidence",)),
        (dispute(), zawadi, ("continue", "decide")),
        (dispute(State.SHIPPED), zawadi, ("prove_delivery", "continue", "decide")),
        (dispute(needs_second_person=True), zawadi, ("propose",)),
        (order(State.DECIDED, outcome="release"), bob, ("appeal",)),
        (order(State.DECIDED, outcome="release"), amina, ()),
        (order(State.DECIDED, outcome="refund"), amina, ("appeal",)),
        (order(State.DECIDED, outcome="return"), amina, ("appeal",)),
        (order(State.DECIDED, outcome="split"), bob, ("appeal",)),
        (order(State.DECIDED, outcome="split"), amina, ("appeal",)),
        (order(State.DECIDED, outcome="split", is_appealable=False), amina, ()),
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
        State.DISPUTED,
        disputed_from="delivered",
        disputed_by="buyer",
        needs_second_person=True,
        proposed_resolution="refund",
        proposed_by=zawadi.user_id,
    )

    assert allowed_actions(standing, zawadi, now=NOW) == ("propose",)
    assert allowed_actions(standing, juma, now=NOW) == ("propose", "decide")


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


def test_who_decided_before_does_not_decide_the_appeal() -> None:
    again = dispute(barred_reviewers=[zawadi.user_id])

    assert allowed_actions(again, zawadi, now=NOW) == ()
    assert allowed_actions(again, juma, now=NOW) == ("continue", "decide")
    assert allowed_actions(dispute(needs_second_person=True, barred_reviewers=[zawadi.user_id]), zawadi, now=NOW) == ()


@pytest.mark.parametrize(("wants", "target"), [(False, State.SHIPPED), (True, State.AT_VERIFICATION)])
def test_a_parcel_goes_to_the_verifier_when_the_buyer_wanted_that(wants: bool, target: State) -> None:
    row = row_for(order(State.CONFIRMED, wants_verification=wants), Action.SHIP, amina, now=NOW)

    assert row is not None
    assert row.target is target


@pytest.mark.parametrize(
    ("refund", "target", "money"),
    [
        (None, State.RELEASING, MoneyMove.RELEASE),
        (0, State.RELEASING, MoneyMove.RELEASE),
        (1, State.REFUNDING, MoneyMove.SPLIT),
        (123_999, State.REFUNDING, MoneyMove.SPLIT),
    ],
)
def test_an_agreed_part_goes_back_before_the_rest_is_paid(refund: int | None, target: State, money: MoneyMove) -> None:
    row = row_for(order(State.ACCEPTED, refund_minor=refund), Action.RELEASE, SYSTEM, now=NOW)

    assert row is not None
    assert (row.target, row.money) == (target, money)


@pytest.mark.parametrize(
    ("outcome", "target"),
    [
        ("release", State.RELEASING),
        ("refund", State.REFUNDING),
        ("split", State.REFUNDING),
        ("return", State.RETURN_PENDING),
    ],
)
def test_a_decision_is_carried_out_as_it_was_taken(outcome: str, target: State) -> None:
    row = row_for(order(State.DECIDED, outcome=outcome), Action.CARRY_OUT, CLOCK, now=NOW)

    assert row is not None
    assert row.target is target


@pytest.mark.parametrize("state", INTERRUPTED)
def test_a_dispute_goes_back_to_where_it_came_from(state: State) -> None:
    row = row_for(dispute(state), Action.CONTINUE, zawadi, now=NOW)

    assert row is not None
    assert row.target is state
