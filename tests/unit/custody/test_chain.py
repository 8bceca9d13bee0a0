"""Which event may follow which, and how much of a lot there is."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import InvalidInput
from marketplace.custody.kinds import ALWAYS, FIELDS, KIND_WORDS, must_carry
from marketplace.custody.record import KINDS
from marketplace.custody.rules.chain import (
    CHANGING,
    FROM,
    RECORDERS,
    ChainBroken,
    Link,
    Recorder,
    Stand,
    Standing,
    check_correction,
    check_next,
    check_recorder,
    effective,
    open_kinds,
    standing,
)

START = datetime(2026, 9, 1, tzinfo=UTC)
NOW = START + timedelta(days=60)
PRODUCED = Link(id=UUID(int=1), kind="produced", happened_at=START, gained_mg=1000)


def link(number: int, kind: str, *, day: int = 1, corrects: int | None = None, **more: object) -> Link:
    at = START + timedelta(days=day)
    return Link(
        id=UUID(int=number), kind=kind, happened_at=at, corrects=UUID(int=corrects) if corrects else None, **more
    )  # type: ignore[arg-type]


def passes(chain: list[Link], new: Link) -> bool:
    try:
        check_next(chain, new, now=NOW)
    except (ChainBroken, InvalidInput):
        return False
    return True


CANDIDATES = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 70), st.integers(0, 1500)), min_size=1, max_size=12
)


@given(CANDIDATES)
def test_whatever_is_accepted_one_after_another_makes_a_sound_chain(candidates: list[tuple[str, int, int]]) -> None:
    chain: list[Link] = []
    for number, (kind, day, weight) in enumerate(candidates, start=1):
        gains = kind in {"produced", "purchased", "combined"}
        new = link(number, kind, day=day, gained_mg=weight if gains else 0, given_mg=weight if kind == "split" else 0)
        if passes(chain, new):
            chain.append(new)

    times = [each.happened_at for each in chain]
    assert times == sorted(times), "no event is before an earlier one"
    assert all(at <= NOW for at in times), "none is in the future"
    assert not chain or chain[0].kind in {"produced", "purchased", "combined"}
    gained = sum(each.gained_mg for each in chain)
    given_away = sum(each.given_mg for each in chain)
    assert standing(chain).weight_mg == gained - given_away >= 0


@given(st.lists(st.integers(1, 400), min_size=1, max_size=12))
def test_parts_and_rest_weigh_as_much_as_the_whole(parts: list[int]) -> None:
    chain = [PRODUCED]
    for number, weight in enumerate(parts, start=2):
        new = link(number, "split", given_mg=weight, new_parts=((f"L/{number}", weight),))
        if passes(chain, new):
            chain.append(new)

    names = [name for each in chain for name, _weight in each.new_parts]
    assert standing(chain).weight_mg + sum(standing(chain, part=name).weight_mg for name in names) == 1000


def test_a_lot_that_went_into_another_one_takes_no_further_event() -> None:
    consumed = [PRODUCED, link(2, "combined", given_mg=1000, is_passive=True)]

    assert standing(consumed) == Standing(Stand.CONSUMED, 0)
    for kind in KINDS:
        with pytest.raises(ChainBroken, match="Nothing is left of this lot"):
            check_next(consumed, link(3, kind, day=2), now=NOW)


def test_a_lot_of_which_a_milligram_is_left_may_still_be_moved() -> None:
    chain = [PRODUCED, link(2, "combined", given_mg=999, is_passive=True)]

    assert standing(chain) == Standing(Stand.HELD, 1)
    assert passes(chain, link(3, "moved", day=2))
    assert passes(chain, link(3, "split", day=2, given_mg=1))
    with pytest.raises(ChainBroken, match="There is not as much of this lot"):
        check_next(chain, link(3, "split", day=2, given_mg=2), now=NOW)


def test_a_lot_that_came_out_of_a_split_is_held_by_its_cooperative() -> None:
    chain = [link(1, "split", gained_mg=300, is_passive=True)]

    assert standing(chain) == Standing(Stand.HELD, 300)
    with pytest.raises(ChainBroken, match="It is recorded already where this lot comes from"):
        check_next(chain, link(2, "produced", gained_mg=5), now=NOW)


@pytest.mark.parametrize(("minutes", "accepted"), [(-1, False), (0, True), (1, True)])
def test_no_event_is_before_the_last_one(minutes: int, accepted: bool) -> None:
    new = Link(id=UUID(int=2), kind="tagged", happened_at=START + timedelta(minutes=minutes))

    assert passes([PRODUCED], new) is accepted


@pytest.mark.parametrize(("minutes", "accepted"), [(-1, True), (0, True), (1, False)])
def test_no_event_is_in_the_future(minutes: int, accepted: bool) -> None:
    new = Link(id=UUID(int=2), kind="tagged", happened_at=NOW + timedelta(minutes=minutes))

    assert passes([PRODUCED], new) is accepted


def test_a_wrong_time_names_the_field() -> None:
    for new, words in (
        (link(2, "tagged", day=-1), "This is before the last event"),
        (link(2, "tagged", day=61), "still"),
    ):
        with pytest.raises(InvalidInput) as refused:
            check_next([PRODUCED], new, now=NOW)
        assert words in refused.value.fields["happened_at"].message


ROAD = ("moved", "delivered", "accepted")


def test_the_road_of_goods_from_the_mine_to_the_buyer_and_back() -> None:
    chain = [PRODUCED]
    stands = []
    for number, kind in enumerate((*ROAD, "returned", "stored", "moved"), start=2):
        check_next(chain, link(number, kind, day=number), now=NOW)
        chain.append(link(number, kind, day=number))
        stands.append(standing(chain).stand)

    assert stands == [Stand.ON_WAY, Stand.DELIVERED, Stand.ACCEPTED, Stand.COMING_BACK, Stand.HELD, Stand.ON_WAY]


@pytest.mark.parametrize(
    ("past", "kind"),
    [((), "tagged"), ((), "moved"), (("moved",), "split"), (("moved",), "accepted"), ((), "delivered"),
     (ROAD, "accepted"), (("moved", "delivered"), "delivered"), (("moved",), "returned")],
)  # fmt: skip
def test_what_cannot_come_next_is_refused(past: tuple[str, ...], kind: str) -> None:
    chain = (
        [PRODUCED, *(link(number, each) for number, each in enumerate(past, start=2))]
        if past or kind == "delivered"
        else []
    )

    with pytest.raises(ChainBroken) as refused:
        check_next(chain, link(20, kind), now=NOW)
    first = "First record where the lot comes from."
    assert refused.value.message == (
        first if not chain else "This cannot come next. Look at the last event of the lot."
    )


def test_working_on_a_lot_sets_its_weight() -> None:
    chain = [PRODUCED, link(2, "processed", set_mg=400)]

    assert standing(chain) == Standing(Stand.HELD, 400)


def test_a_part_sold_apart_has_a_road_of_its_own() -> None:
    chain = [PRODUCED, link(2, "split", given_mg=300, new_parts=(("L/1", 300),)), link(3, "moved", day=2, part="L/1")]

    assert standing(chain) == Standing(Stand.HELD, 700)
    assert standing(chain, part="L/1") == Standing(Stand.ON_WAY, 300)
    assert standing(chain, part="L/9") == Standing(Stand.UNKNOWN, 0)


def test_a_correction_stands_in_the_place_of_what_it_corrects() -> None:
    right = link(3, "produced", day=0, gained_mg=900, corrects=1)
    again = link(4, "produced", day=0, gained_mg=800, corrects=3)
    tagged = link(2, "tagged")

    check_correction([PRODUCED, tagged], right, now=NOW)
    assert effective([PRODUCED, tagged, right]) == [right, tagged]
    check_correction([PRODUCED, tagged, right], again, now=NOW)
    assert effective([PRODUCED, tagged, right, again]) == [again, tagged]
    assert standing([PRODUCED, tagged, right, again]).weight_mg == 800


@pytest.mark.parametrize(
    ("chain", "new", "words"),
    [
        ([PRODUCED], link(3, "produced", corrects=9), "This entry cannot be corrected here."),
        ([PRODUCED], link(3, "tagged", corrects=1), "This entry cannot be corrected here."),
        ([PRODUCED], link(3, "produced", corrects=1, part="L/1"), "This entry cannot be corrected here."),
        ([link(1, "combined", gained_mg=5, is_passive=True)], link(3, "combined", corrects=1), "This entry cannot"),
        ([link(1, "combined", gained_mg=5)], link(3, "combined", corrects=1), "A mix or a split is not corrected."),
        ([PRODUCED, link(2, "produced", day=0, gained_mg=5, corrects=1)], link(3, "produced", corrects=1),
         "This entry was corrected already."),
        ([PRODUCED, link(2, "split", given_mg=500)], link(3, "produced", day=0, gained_mg=499, corrects=1),
         "More of this lot was used than you say there was."),
        ([PRODUCED, link(2, "processed", used_mg=1000, set_mg=900)],
         link(3, "produced", day=0, gained_mg=999, corrects=1), "More of this lot was used than you say there was."),
        ([PRODUCED, link(2, "processed", used_mg=1000, set_mg=900)],
         link(3, "processed", used_mg=1001, set_mg=900, corrects=2), "More of this lot was used"),
    ],
)  # fmt: skip
def test_a_correction_that_does_not_fit_is_refused(chain: list[Link], new: Link, words: str) -> None:
    with pytest.raises(ChainBroken) as refused:
        check_correction(chain, new, now=NOW)
    assert refused.value.message.startswith(words)


def test_a_correction_may_leave_exactly_what_was_used() -> None:
    chain = [PRODUCED, link(2, "split", given_mg=500)]

    check_correction(chain, link(3, "produced", day=0, gained_mg=500, corrects=1), now=NOW)


def test_a_weight_told_wrongly_twice_is_corrected_from_the_last_entry_to_the_first() -> None:
    chain = [PRODUCED, link(2, "processed", used_mg=1000, set_mg=900)]
    worked = link(3, "processed", used_mg=800, set_mg=700, corrects=2)
    found = link(4, "produced", day=0, gained_mg=800, corrects=1)

    check_correction(chain, worked, now=NOW)
    check_correction([*chain, worked], found, now=NOW)

    assert standing([*chain, worked, found]) == Standing(Stand.HELD, 700)


def test_a_part_never_gives_more_than_came_into_it() -> None:
    chain = [PRODUCED, link(2, "split", given_mg=300, new_parts=(("L/1", 300),)), link(3, "processed", part="L/1",
             used_mg=300, set_mg=250)]  # fmt: skip

    check_correction(chain, link(4, "processed", part="L/1", used_mg=300, set_mg=200, corrects=3), now=NOW)
    with pytest.raises(ChainBroken, match="More of this lot was used"):
        check_correction(chain, link(4, "processed", part="L/1", used_mg=301, set_mg=200, corrects=3), now=NOW)


@pytest.mark.parametrize(("day", "accepted"), [(0, False), (1, True), (3, True), (4, False)])
def test_a_correction_stays_between_the_events_beside_it(day: int, accepted: bool) -> None:
    chain = [link(1, "produced", day=1, gained_mg=9), link(2, "tagged", day=2), link(3, "stored", day=3)]
    new = link(4, "tagged", day=day, corrects=2)

    if accepted:
        check_correction(chain, new, now=NOW)
    else:
        with pytest.raises(InvalidInput) as refused:
            check_correction(chain, new, now=NOW)
        assert set(refused.value.fields) == {"happened_at"}


def test_the_last_event_may_be_corrected_up_to_now() -> None:
    check_correction([PRODUCED, link(2, "tagged")], link(3, "tagged", day=60, corrects=2), now=NOW)
    with pytest.raises(InvalidInput):
        check_correction([PRODUCED, link(2, "tagged")], link(3, "tagged", day=61, corrects=2), now=NOW)


@given(st.sampled_from(KINDS), st.sampled_from(Recorder))
def test_who_may_not_record_an_event_is_told_so(kind: str, recorder: Recorder) -> None:
    if recorder in RECORDERS[kind]:
        check_recorder(kind, recorder, stand=Stand.HELD)
    else:
        with pytest.raises(ChainBroken, match="You cannot record this event"):
            check_recorder(kind, recorder, stand=Stand.HELD)


def test_what_is_open_depends_on_where_the_goods_are_and_whether_buyers_see_them() -> None:
    assert open_kinds([], Recorder.COOPERATIVE, is_listed=False) == ("produced", "purchased", "combined")
    assert open_kinds([], Recorder.STAFF, is_listed=False) == ()
    held = open_kinds([PRODUCED], Recorder.COOPERATIVE, is_listed=False)
    assert held == ("tagged", "purchased", "split", "processed", "moved", "stored", "exported")
    listed = open_kinds([PRODUCED], Recorder.COOPERATIVE, is_listed=True)
    assert listed == ("tagged", "moved", "stored", "exported")
    assert open_kinds([PRODUCED], Recorder.STAFF, is_listed=True) == (
        "tagged",
        "assayed",
        "valued",
        "inspected",
        "stored",
    )


def test_every_kind_has_its_rules_words_and_fields() -> None:
    assert tuple(RECORDERS) == KINDS
    assert set(FROM) == set(KIND_WORDS) == set(FIELDS) == set(KINDS)
    assert set(KINDS) > CHANGING


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_asks_for_everything_the_vocabulary_says_an_event_must_carry(kind: str) -> None:
    asked = {field.carries for field in FIELDS[kind] if field.carries}
    optional = {field.carries for field in FIELDS[kind] if field.is_optional}

    assert set(must_carry(kind)) - ALWAYS == asked
    assert optional <= {"KP confirmation for diamonds"}


@pytest.mark.parametrize("stand", Stand)
def test_a_cooperative_records_nothing_more_of_goods_that_the_buyer_has(stand: Stand) -> None:
    if stand in {Stand.DELIVERED, Stand.ACCEPTED}:
        with pytest.raises(ChainBroken, match="The buyer has the goods now"):
            check_recorder("stored", Recorder.COOPERATIVE, stand=stand)
    else:
        check_recorder("stored", Recorder.COOPERATIVE, stand=stand)
    check_recorder("stored", Recorder.STAFF, stand=stand)


def test_what_is_open_of_goods_that_the_buyer_has() -> None:
    chain = [PRODUCED, link(2, "moved"), link(3, "delivered")]

    assert open_kinds(chain, Recorder.COOPERATIVE, is_listed=False) == ()
    assert open_kinds(chain, Recorder.STAFF, is_listed=True) == ("assayed", "valued", "inspected", "stored")
    assert open_kinds(chain, Recorder.BUYER, is_listed=True) == ("imported", "accepted", "returned")
