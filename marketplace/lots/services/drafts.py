"""A draft is kept at every step, in any order, right or wrong."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from marketplace.compliance.queries import cooperative_by_id, sites_of
from marketplace.core.errors import Conflict, FieldError, Forbidden, InvalidInput, NotFound
from marketplace.core.ids import new_id, new_reference
from marketplace.core.text import N_
from marketplace.lots.answers import read_price
from marketplace.lots.asking import SalesLike, exchange_at, no_sales
from marketplace.lots.draft import cleaned, is_step, read_draft, revision_of, typed_of
from marketplace.lots.models import Lot
from marketplace.lots.queries import lot_by_id, read_sheet, surroundings_of
from marketplace.lots.services.movement import LotClaimed, advance, refuse_if_claimed
from marketplace.lots.transitions import Action
from marketplace.pricing.queries import RateMissing
from marketplace.unit_of_work import UnitOfWork

MOST_DRAFTS: Final = 100

__all__ = ["DraftChanged", "LotClaimed", "TooManyDrafts", "save_step", "start_draft"]


class DraftChanged(Conflict):
    """The step was saved elsewhere since the form was opened; `saved` and `typed` are the two sets of answers."""

    code = "draft_changed"
    message = N_("This step was changed in another window since you opened it.")

    def __init__(self, *, saved: Mapping[str, str], typed: Mapping[str, str], revision: int) -> None:
        self.saved, self.typed, self.revision = dict(saved), dict(typed), revision
        super().__init__()


class TooManyDrafts(Conflict):
    """The cooperative has as many drafts as anyone can look after."""

    code = "too_many_drafts"
    message = N_("You have %(most)s drafts. Finish or withdraw some first.")


def start_draft(uow: UnitOfWork, *, cooperative_id: UUID) -> Lot:
    """Start an empty draft for a cooperative the actor writes for."""
    if cooperative_id not in uow.actor.memberships:
        raise NotFound
    if not uow.actor.may_write_for(cooperative_id) or uow.actor.user_id is None:
        raise Forbidden
    # The lock makes two people of one cooperative wait: the limit holds.
    cooperative = cooperative_by_id(uow.session, cooperative_id, lock=True)
    drafts = uow.session.scalar(select(func.count()).where(Lot.cooperative_id == cooperative_id, Lot.state == "draft"))
    if (drafts or 0) >= MOST_DRAFTS:
        raise TooManyDrafts(most=MOST_DRAFTS)
    lot = Lot(
        id=new_id(),
        reference=new_reference(cooperative.country),
        cooperative_id=cooperative_id,
        state="draft",
        draft={},
        draft_revision=0,
        created_by=uow.actor.user_id,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.session.add(lot)
    uow.record("lot.start", lot, cooperative)
    return lot


def save_step(
    uow: UnitOfWork,
    *,
    lot: Lot,
    step: str,
    answers: Mapping[str, str],
    revision: int | None = None,
    sales: SalesLike = no_sales,
) -> None:
    """Keep what was typed at a step; then raise InvalidInput when it is not right yet.

    What was typed is kept even then, so the caller answers with a redirect, not a refusal. `revision` is that of the
    draft the form was made from: DraftChanged when the step was saved with other answers since, and nothing is kept.
    `sales` finds what was sold here: a price outside the guide needs a reason.
    """
    if not is_step(step):
        raise NotFound
    lot = lot_by_id(uow.session, lot.id, lock=True)
    advance(uow, lot, Action.EDIT)
    refuse_if_claimed(uow, lot)
    typed = cleaned(step, answers)
    _check_revision(lot, step, typed, revision)
    if typed != typed_of(lot.draft, step):
        _keep(uow, lot, step, typed)
    errors = _errors(uow, lot, step, sales)
    if errors:
        raise InvalidInput(errors)


def _check_revision(lot: Lot, step: str, typed: dict[str, str], revision: int | None) -> None:
    if revision is None or revision >= revision_of(lot.draft, step):
        return
    saved = typed_of(lot.draft, step)
    if saved != typed:
        raise DraftChanged(saved=saved, typed=typed, revision=lot.draft_revision)


def _keep(uow: UnitOfWork, lot: Lot, step: str, typed: dict[str, str]) -> None:
    lot.draft_revision += 1
    kept: dict[str, Any] = {"typed": typed, "revision": lot.draft_revision}
    if step == "price":
        kept["bound"] = _bound(uow, lot, typed)
    # A new mapping: a change inside the old one would not be noticed.
    lot.draft = {**lot.draft, step: kept}
    lot.updated_at = uow.now
    cooperative = cooperative_by_id(uow.session, lot.cooperative_id)
    around = surroundings_of(cooperative, sites_of(uow.session, cooperative.id), now=uow.now)
    answers = read_draft(lot.draft, around)
    lot.kind = answers.kind.kind if answers.kind else None
    uow.record("lot.save_step", lot, step=step, revision=lot.draft_revision)


def _bound(uow: UnitOfWork, lot: Lot, typed: dict[str, str]) -> dict[str, Any] | None:
    """Return the amount in US cents by today's rate: from now on these cents bind, whatever the rates do."""
    cooperative = cooperative_by_id(uow.session, lot.cooperative_id)
    try:
        price = read_price(typed, currencies={"USD", cooperative.payout_currency})
        return exchange_at(uow.session, price.wanted, uow.now.date()).kept()
    except (InvalidInput, RateMissing):
        return None


def _errors(uow: UnitOfWork, lot: Lot, step: str, sales: SalesLike) -> dict[str, FieldError]:
    """Return what is wrong with the answers of one step, alone and beside the others; not what others must mend."""
    fee = uow.settings.platform_fee_bps
    sheet = read_sheet(uow.session, lot, now=uow.now, platform_fee_bps=fee, sales=sales)
    return {each.field: FieldError(each.message, **each.params) for each in sheet.missing_at(step) if each.is_typed}
