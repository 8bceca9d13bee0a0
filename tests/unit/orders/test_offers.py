"""The machine of offers: who may do what, when, how often, and for how much."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from marketplace.core.actor import CLOCK, PROVIDER, VISITOR, Actor, ActorKind, MemberRole, StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.money import Money
from marketplace.orders.offers import (
    ANSWER_TIME,
    FLOOR_SOONEST,
    FLOOR_SPAN,
    MOST_ROUNDS,
    ORDER_TIME,
    ROWS,
    Action,
    Side,
    Standing,
    State,
    allowed_actions,
    check_amount,
    declined_at,
    is_below,
    may_read,
    other,
    revived_until,
    row_for,
    side_of,
)

BUYER, HER_USER, COOPERATIVE = uuid4(), uuid4(), uuid4()
AT = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)
BOB = Actor(ActorKind.PERSON, user_id=HER_USER, buyer_id=BUYER, buyer_level=1)
CAROL = Actor(ActorKind.PERSON, user_id=uuid4(), buyer_id=uuid4(), buyer_level=3)
AMINA = Actor(ActorKind.PERSON, user_id=uuid4(), memberships={COOPERATIVE: MemberRole.SECRETARY})
VERA = Actor(ActorKind.PERSON, user_id=uuid4(), memberships={COOPERATIVE: MemberRole.VIEWER})
MARY = Actor(ActorKind.PERSON, user_id=uuid4(), staff_roles=frozenset({StaffRole.MODERATOR}))
OSCAR = Actor(ActorKind.PERSON, user_id=uuid4(), staff_roles=frozenset({StaffRole.AUDITOR}))
FIONA = Actor(ActorKind.PERSON, user_id=uuid4(), staff_roles=frozenset({StaffRole.FINANCE}))
HIS_OFFER = Standing(BUYER, HER_USER, COOPERATIVE, State.OPEN, Side.BUYER, rounds=1)
THEIR_OFFER = replace(HIS_OFFER, made_by=Side.COOPERATIVE, rounds=2)


def dollars(minor: int) -> Money:
    return Money(minor, "USD")


def names(standing: Standing, actor: Actor) -> tuple[str, ...]:
    return tuple(action.value for action in allowed_actions(standing, actor))


def test_the_cooperative_answers_the_buyers_offer_and_the_buyer_may_take_it_back() -> None:
    assert names(HIS_OFFER, AMINA) == ("accept", "counter", "decline")
    assert names(HIS_OFFER, BOB) == ("withdraw",)


def test_the_buyer_answers_a_counter_offer_and_the_cooperative_may_take_it_back() -> None:
    assert names(THEIR_OFFER, BOB) == ("accept", "counter", "decline")
    assert names(THEIR_OFFER, AMINA) == ("withdraw",)


@pytest.mark.parametrize("stranger", [CAROL, VERA, MARY, OSCAR, FIONA, VISITOR, PROVIDER])
def test_nobody_else_may_do_anything(stranger: Actor) -> None:
    for standing in (HIS_OFFER, THEIR_OFFER, replace(HIS_OFFER, state=State.DECLINED)):
        assert names(standing, stranger) == ()
        assert side_of(standing, stranger) is None


def test_the_clock_declines_and_expires_open_offers_only() -> None:
    assert names(HIS_OFFER, CLOCK) == ("decline", "expire")
    assert names(replace(HIS_OFFER, is_waiting=True, is_gone=True), CLOCK) == ("decline", "expire")
    assert names(replace(HIS_OFFER, state=State.WITHDRAWN), CLOCK) == ()


@pytest.mark.parametrize("ended", [State.DECLINED, State.WITHDRAWN, State.EXPIRED, State.ACCEPTED])
def test_after_an_end_the_buyer_may_make_another_offer(ended: State) -> None:
    standing = replace(HIS_OFFER, state=ended)

    assert names(standing, BOB) == ("make",)
    assert names(standing, AMINA) == ()


def test_a_countered_offer_is_never_the_newest_and_leads_nowhere() -> None:
    assert names(replace(HIS_OFFER, state=State.COUNTERED), BOB) == ()


def test_an_agreement_that_stands_ends_the_negotiation_for_now() -> None:
    agreed = replace(HIS_OFFER, state=State.ACCEPTED, is_agreed=True)

    assert names(agreed, BOB) == ()
    assert names(replace(agreed, is_agreed=False), BOB) == ("make",)


def test_the_fifth_offer_is_the_last_one() -> None:
    fourth, fifth = replace(THEIR_OFFER, rounds=MOST_ROUNDS - 1), replace(HIS_OFFER, rounds=MOST_ROUNDS)

    assert MOST_ROUNDS == 5
    assert "counter" in names(fourth, BOB)
    assert names(fifth, AMINA) == ("accept", "decline")
    assert names(replace(fifth, state=State.DECLINED), BOB) == ()
    assert names(replace(fifth, rounds=4, state=State.DECLINED), BOB) == ("make",)


def test_while_another_buyer_has_the_lot_only_an_end_is_possible() -> None:
    waiting = replace(HIS_OFFER, is_waiting=True)

    assert names(waiting, AMINA) == ("decline",)
    assert names(waiting, BOB) == ("withdraw",)
    assert names(replace(waiting, state=State.DECLINED), BOB) == ()


def test_when_the_version_is_not_on_sale_any_more_only_an_end_is_possible() -> None:
    gone = replace(THEIR_OFFER, is_gone=True)

    assert names(gone, BOB) == ("decline",)
    assert names(gone, AMINA) == ("withdraw",)


def test_a_row_is_found_for_what_is_allowed_and_for_nothing_else() -> None:
    row = row_for(HIS_OFFER, Action.COUNTER, AMINA)

    assert row is not None
    assert (row.target, row.opens_offer) == (State.COUNTERED, True)
    assert row_for(HIS_OFFER, Action.COUNTER, BOB) is None
    make = row_for(replace(HIS_OFFER, state=State.EXPIRED), Action.MAKE, BOB)
    assert make is not None
    assert make.target is None


def test_every_end_of_an_offer_is_reached_by_a_row() -> None:
    assert {row.target for row in ROWS if row.target is not None} == set(State) - {State.OPEN}
    assert {row.action for row in ROWS} == set(Action)


def test_a_buyer_is_known_by_her_account_or_by_her_person() -> None:
    person_only = replace(BOB, buyer_id=None)
    account_only = replace(BOB, user_id=uuid4())

    assert side_of(HIS_OFFER, person_only) is Side.BUYER
    assert side_of(HIS_OFFER, account_only) is Side.BUYER
    assert side_of(HIS_OFFER, AMINA) is Side.COOPERATIVE
    assert side_of(HIS_OFFER, Actor(ActorKind.PERSON)) is None


def test_only_moderators_and_auditors_without_a_stake_read_as_staff() -> None:
    assert [may_read(HIS_OFFER, who) for who in (MARY, OSCAR, FIONA, BOB, CAROL)] == [True, True, False, False, False]
    assert not may_read(HIS_OFFER, replace(MARY, buyer_id=BUYER))


def test_each_side_has_one_other() -> None:
    assert (other(Side.BUYER), other(Side.COOPERATIVE)) == (Side.COOPERATIVE, Side.BUYER)


@pytest.mark.parametrize(
    ("minor", "answered", "side", "is_right"),
    [
        (1, None, Side.BUYER, True),
        (0, None, Side.BUYER, False),
        (100_000, None, Side.BUYER, True),
        (100_001, None, Side.BUYER, False),
        (89_999, 90_000, Side.BUYER, True),
        (90_000, 90_000, Side.BUYER, False),
        (90_001, 90_000, Side.BUYER, False),
        (80_001, 80_000, Side.COOPERATIVE, True),
        (80_000, 80_000, Side.COOPERATIVE, False),
        (79_999, 80_000, Side.COOPERATIVE, False),
        (100_000, 80_000, Side.COOPERATIVE, True),
        (100_001, 80_000, Side.COOPERATIVE, False),
    ],
)
def test_an_amount_is_above_zero_never_above_the_price_and_on_ones_own_side(
    minor: int, answered: int | None, side: Side, is_right: bool
) -> None:
    def check() -> None:
        check_amount(
            dollars(minor),
            list_price=dollars(100_000),
            answered=dollars(answered) if answered is not None else None,
            side=side,
        )

    if is_right:
        check()
        return
    with pytest.raises(InvalidInput) as refused:
        check()
    assert list(refused.value.fields) == ["amount"]


def test_a_refused_amount_says_what_would_be_right() -> None:
    def said(minor: int, answered: Money | None, side: Side) -> str:
        with pytest.raises(InvalidInput) as refused:
            check_amount(dollars(minor), list_price=dollars(100_000), answered=answered, side=side)
        error = refused.value.fields["amount"]
        return error.message % error.params

    assert said(0, None, Side.BUYER) == "Enter an amount above zero."
    assert said(100_001, None, Side.BUYER) == "The price is USD 1,000.00. An offer is never above it."
    asked, offered = dollars(90_000), dollars(80_000)
    assert said(95_000, asked, Side.BUYER) == "The cooperative asks USD 900.00. Accept it, or offer less."
    assert said(70_000, offered, Side.COOPERATIVE) == "The buyer offers USD 800.00. Accept it, or ask for more."


def test_an_offer_at_the_floor_is_not_below_it() -> None:
    assert [is_below(dollars(500), dollars(minor)) for minor in (499, 500, 501)] == [True, False, False]
    assert not is_below(None, dollars(1))


def test_an_offer_below_the_floor_is_declined_between_one_and_six_hours_later() -> None:
    assert declined_at(AT, UUID(int=0)) == AT + FLOOR_SOONEST == AT + timedelta(hours=1)
    assert declined_at(AT, UUID(int=997)) == AT + timedelta(hours=1)
    # 5 h × 498 ÷ 997 = 8,990.972918 s
    middle = timedelta(seconds=3600, microseconds=8_990_972_919)
    assert abs(declined_at(AT, UUID(int=498)) - AT - middle) <= timedelta(microseconds=1)
    assert AT + FLOOR_SOONEST + FLOOR_SPAN > declined_at(AT, UUID(int=996)) > AT + timedelta(hours=5, minutes=59)


@pytest.mark.parametrize(("left", "given"), [(30, 30), (24, 24), (23, 24), (0, 24), (-5, 24)])
def test_after_waiting_an_offer_has_what_was_left_and_at_least_a_day(left: int, given: int) -> None:
    now = AT + timedelta(days=9)
    end = AT + timedelta(hours=left)

    assert revived_until(end, waiting_since=AT, now=now) == now + timedelta(hours=given)


def test_both_sides_have_two_days() -> None:
    assert ANSWER_TIME == ORDER_TIME == timedelta(hours=48)
