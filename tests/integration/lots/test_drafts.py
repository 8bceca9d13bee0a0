"""A draft keeps what was typed, right or wrong, and never forgets the other window."""

import pytest
from sqlalchemy import select

from marketplace.core.actor import MemberRole
from marketplace.core.errors import Forbidden, InvalidInput, NotFound
from marketplace.core.money import Money
from marketplace.lots import services
from marketplace.lots.checks import LotIncomplete
from marketplace.lots.draft import StepState, typed_of
from marketplace.lots.models import Lot, LotPhoto
from marketplace.lots.queries import photos_of, read_sheet
from marketplace.lots.queries.sheets import Sheet
from marketplace.pricing.services import import_rates, import_rules
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import GOLD, STONE, draft_lot, photo, seller, store_of
from tests.people import actor, member


def amina_starts(uow: UnitOfWork) -> tuple[UnitOfWork, Lot, str]:
    """Start a draft; return amina's unit of work, the lot and her site."""
    site, amina = seller(uow)
    as_amina = uow.acting_as(actor(uow.session, amina))
    return as_amina, services.start_draft(as_amina, cooperative_id=site.cooperative_id), site.reference


def sheet_of(uow: UnitOfWork, lot: Lot) -> Sheet:
    """Return the sheet of a lot at the usual fee."""
    return read_sheet(uow.session, lot, now=uow.now, platform_fee_bps=500)


def test_what_was_typed_wrong_is_kept_and_told(uow: UnitOfWork) -> None:
    as_amina, lot, _site = amina_starts(uow)

    with pytest.raises(InvalidInput) as refused:
        services.save_step(as_amina, lot=lot, step="weight", answers={"weight": "1.2.3", "weight_unit": "ct"})

    assert list(refused.value.fields) == ["weight"]
    assert typed_of(lot.draft, "weight")["weight"] == "1.2.3"
    assert sheet_of(uow, lot).state_of("weight") is StepState.INCOMPLETE
    uow.commit()


def test_a_step_saved_in_another_window_is_not_overwritten(uow: UnitOfWork) -> None:
    as_amina, lot, _site = amina_starts(uow)
    opened_at = lot.draft_revision
    services.save_step(as_amina, lot=lot, step="kind", answers={"form": "cut"}, revision=opened_at)

    with pytest.raises(services.DraftChanged) as refused:
        services.save_step(as_amina, lot=lot, step="kind", answers={"form": "rough"}, revision=opened_at)

    assert (refused.value.saved, refused.value.typed) == ({"form": "cut"}, {"form": "rough"})
    assert typed_of(lot.draft, "kind") == {"form": "cut"}
    services.save_step(as_amina, lot=lot, step="kind", answers={"form": "rough"}, revision=refused.value.revision)
    assert typed_of(lot.draft, "kind") == {"form": "rough"}


def test_two_windows_on_different_steps_do_not_disturb_each_other(uow: UnitOfWork) -> None:
    as_amina, lot, _site = amina_starts(uow)
    services.save_step(as_amina, lot=lot, step="kind", answers={"form": "cut"}, revision=0)
    services.save_step(as_amina, lot=lot, step="weight", answers=STONE["weight"], revision=0)

    assert typed_of(lot.draft, "kind") == {"form": "cut"}


def test_the_same_answers_twice_are_one_save(uow: UnitOfWork) -> None:
    as_amina, lot, _site = amina_starts(uow)
    services.save_step(as_amina, lot=lot, step="kind", answers={"form": "cut"}, revision=0)
    services.save_step(as_amina, lot=lot, step="kind", answers={"form": "cut"}, revision=0)

    assert lot.draft_revision == 1


def test_characters_a_database_cannot_hold_are_left_out(uow: UnitOfWork) -> None:
    as_amina, lot, _site = amina_starts(uow)
    with pytest.raises(InvalidInput):
        services.save_step(as_amina, lot=lot, step="origin", answers={"group": "Market\x00 day", "miners": "9" * 9000})
    uow.commit()

    assert typed_of(lot.draft, "origin")["group"] == "Market day"
    assert len(typed_of(lot.draft, "origin")["miners"]) == 2000


def test_a_shilling_price_binds_in_cents_at_the_rate_of_its_day(uow: UnitOfWork) -> None:
    import_rates(uow)
    as_amina, lot, _site = amina_starts(uow)
    services.save_step(as_amina, lot=lot, step="kind", answers={"form": "rough"})
    services.save_step(
        as_amina, lot=lot, step="price", answers={"wanted": "2,500,000", "wanted_currency": "TZS", "reason": ""}
    )

    exchange = sheet_of(uow, lot).asking.exchange

    assert exchange is not None
    assert (exchange.observed_on.isoformat() if exchange.observed_on else "") == "2026-09-29"
    # 2,500,000 shillings at the 2,639.6 or so of that day: between 900 and 1,000 dollars, and no rate of a later day.
    assert Money(90_000, "USD") < exchange.net < Money(100_000, "USD")


def test_a_currency_without_a_rate_is_told_at_its_field(uow: UnitOfWork) -> None:
    as_amina, lot, _site = amina_starts(uow)

    with pytest.raises(InvalidInput) as refused:
        services.save_step(as_amina, lot=lot, step="price", answers={"wanted": "2,500,000", "wanted_currency": "TZS"})

    assert "no exchange rate" in refused.value.fields["wanted"].message


def test_gold_below_the_floor_needs_a_reason_and_nothing_more(uow: UnitOfWork) -> None:
    import_rates(uow)
    import_rules(uow)
    as_amina, lot, _site = amina_starts(uow)
    for step in ("kind", "weight", "quality"):
        services.save_step(as_amina, lot=lot, step=step, answers=GOLD[step])
    low = {"wanted": "20,000", "wanted_currency": "USD", "reason": ""}

    with pytest.raises(InvalidInput) as refused:
        services.save_step(as_amina, lot=lot, step="price", answers=low)
    assert list(refused.value.fields) == ["reason"]

    services.save_step(as_amina, lot=lot, step="price", answers={**low, "reason": "We need the money for school."})
    assert sheet_of(uow, lot).state_of("price") is StepState.DONE


def test_an_empty_draft_names_everything_that_is_missing(uow: UnitOfWork) -> None:
    as_amina, lot, _site = amina_starts(uow)

    with pytest.raises(LotIncomplete) as refused:
        services.submit(as_amina, lot=lot)

    assert [each.step for each in refused.value.missing] == [
        "kind", "weight", "photos", "quality", "origin", "price",
    ]  # fmt: skip
    assert lot.state == "draft"


@pytest.mark.parametrize("mercury", ["amalgamation_no_retort", "unknown"])
def test_gold_won_without_a_retort_is_not_sent(uow: UnitOfWork, mercury: str) -> None:
    steps = {**GOLD, "quality": {**GOLD["quality"], "mercury": mercury}}
    site, amina = seller(uow)
    lot = draft_lot(uow, seller=(site, amina), steps=steps)

    missing = sheet_of(uow, lot).missing

    assert [(each.step, each.field) for each in missing] == [("quality", "mercury")]


def test_rough_above_two_grams_from_tanzania_is_not_sent(uow: UnitOfWork) -> None:
    # 10.01 ct × 0.2 g = 2.002 g
    steps = {**STONE, "weight": {"weight": "10.01", "weight_unit": "ct"}}
    lot = draft_lot(uow, seller=seller(uow), steps=steps)

    assert [(each.step, each.field) for each in sheet_of(uow, lot).missing] == [("weight", "weight")]


def test_a_bag_is_one_lot(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    as_amina = uow.acting_as(actor(uow.session, amina))
    services.submit(as_amina, lot=draft_lot(uow, seller=(site, amina), number=1))

    with pytest.raises(InvalidInput) as refused:
        draft_lot(uow, seller=(site, amina), number=1)

    assert list(refused.value.fields) == ["tag_number"]


def test_stones_need_three_photos_and_gold_two(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    stone = draft_lot(uow, seller=(site, amina), photos=2, number=1)
    gold = draft_lot(uow, seller=(site, amina), steps=GOLD, photos=2, number=2)

    assert [each.step for each in sheet_of(uow, stone).missing] == ["photos"]
    assert sheet_of(uow, gold).is_complete


def test_a_photo_taken_again_replaces_the_first_and_versions_keep_theirs(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    lot = draft_lot(uow, seller=(site, amina))
    as_amina = uow.acting_as(actor(uow.session, amina))
    version = services.submit(as_amina, lot=lot)
    first = photos_of(uow.session, lot.id)["front"].sha256

    services.add_photo(as_amina, lot=lot, slot="front", content=photo(99), store=store_of(uow))
    uow.commit()

    assert photos_of(uow.session, lot.id)["front"].sha256 != first
    assert version.content["photos"][0]["sha256"] == first
    assert store_of(uow).exists(f"photos/{first}/320.webp")


def test_a_broken_photo_leaves_the_draft_whole(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    lot = draft_lot(uow, seller=(site, amina))
    as_amina = uow.acting_as(actor(uow.session, amina))
    before = photos_of(uow.session, lot.id)["front"].sha256

    with pytest.raises(InvalidInput) as refused:
        services.add_photo(as_amina, lot=lot, slot="front", content=b"no photo", store=store_of(uow))

    assert list(refused.value.fields) == ["front"]
    assert photos_of(uow.session, lot.id)["front"].sha256 == before


def test_one_photo_does_not_fill_two_places(uow: UnitOfWork) -> None:
    site, amina = seller(uow)
    lot = draft_lot(uow, seller=(site, amina), photos=1, number=4)
    as_amina = uow.acting_as(actor(uow.session, amina))

    with pytest.raises(InvalidInput):
        services.add_photo(as_amina, lot=lot, slot="side", content=photo(40), store=store_of(uow))
    assert len(uow.session.scalars(select(LotPhoto).where(LotPhoto.lot_id == lot.id)).all()) == 1


def test_a_viewer_looks_and_does_not_write(uow: UnitOfWork) -> None:
    as_amina, lot, _site = amina_starts(uow)
    viewer = uow.acting_as(actor(uow.session, member(uow, "vera", lot.cooperative_id, role=MemberRole.VIEWER)))

    with pytest.raises(Forbidden):
        services.save_step(viewer, lot=lot, step="kind", answers={"form": "cut"})
    with pytest.raises(Forbidden):
        services.start_draft(viewer, cooperative_id=lot.cooperative_id)
    with pytest.raises(NotFound):
        services.save_step(as_amina, lot=lot, step="photos", answers={})
