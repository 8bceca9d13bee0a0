"""A cooperative lists a lot step by step, and Pact decides about it."""

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction

from marketplace.cli.demo.acts import documents, tracing
from marketplace.cli.demo.acts.asking import typed_amount
from marketplace.cli.demo.acts.cooperatives import agree, all_seen
from marketplace.cli.demo.scenario import LotPlan
from marketplace.cli.demo.stage import Stage
from marketplace.compliance.models import Cooperative
from marketplace.lots import services as lots
from marketplace.lots.models import Lot
from marketplace.lots.queries import lot_by_id, read_sheet
from marketplace.moderation import services as moderation
from marketplace.moderation.models import ModerationCase
from marketplace.moderation.queries import open_case_of_lot
from marketplace.orders.comparable_sales import sales_like
from marketplace.unit_of_work import UnitOfWork

_STONE = ("variety", "treatment", "colour", "clarity", "shape", "dimensions", "grade")
_GROUPS = ("Monday group", "River group", "Market day 14", "Mothers' group", "Market day 22")
# Stones of several pieces that are not simply sorted, by their key.
_PARCELS = {"35": "run_of_mine", "43": "matched"}
# Lots sold in parts, by their key: the least part, in the unit of the weight.
_LEAST_PARTS = {"33": "1.5"}
# How long before the listing digging began and ended.
_DUG = (timedelta(days=19), timedelta(days=4))


def say_what_it_is(stage: Stage, plan: LotPlan) -> None:
    """Begin the draft."""
    with stage.acting(stage.writer_of(plan)) as uow:
        lot = lots.start_draft(uow, cooperative_id=stage.cooperatives[plan.cooperative])
        stage.lots[plan.key] = lot.id
        lots.save_step(uow, lot=lot, step="kind", answers={"form": plan.row["form"]})


def weigh(stage: Stage, plan: LotPlan) -> None:
    """Enter weight and pieces."""
    row = plan.row
    parcel = _PARCELS.get(plan.key, "sorted") if plan.kind == "gem" and row["pieces"] != "1" else ""
    least = _LEAST_PARTS.get(plan.key)
    answers = {
        "weight": row["weight"],
        "weight_unit": row["unit"],
        "pieces": row["pieces"],
        "parcel": parcel,
        **({"divisible": "yes", "least_part": least} if least else {}),
    }
    _save(stage, plan, "weight", answers)


def add_photos(stage: Stage, plan: LotPlan) -> None:
    """Add the photos, one after another."""
    for view in plan.photo_views:
        with stage.acting(stage.writer_of(plan)) as uow:
            content = stage.album.photo(plan, view)
            lots.add_photo(uow, lot=_lot(stage, uow, plan), slot=view, content=content, store=stage.store)


def describe_quality(stage: Stage, plan: LotPlan) -> None:
    """Tell how pure the gold is, or what stone it is."""
    row = plan.row
    if plan.kind == "gold":
        answers = {
            "fineness": row["fineness"],
            "fineness_method": row["method"],
            "report_number": row["report"],
            "standard": row["standard"],
            "mercury": row["mercury"],
            "no_worst_practice": "yes",
        }
    else:
        answers = {name: row[name] for name in _STONE} | {"report_number": row["report"], "natural": "yes"}
    _save(stage, plan, "quality", answers)


def tell_origin(stage: Stage, plan: LotPlan) -> None:
    """Tell where, when and by how many it was dug, and the number of the bag."""
    began, ended = (plan.starts - before for before in _DUG)
    answers = {
        "site": stage.sites[plan.site],
        "mined_from": began.isoformat(),
        "mined_to": ended.isoformat(),
        "group": _GROUPS[int(plan.key) % len(_GROUPS)],
        "miners": plan.row["miners"],
        "miners_women": plan.row["women"],
        "tag_number": plan.tag,
    }
    _save(stage, plan, "origin", answers)


def set_price(stage: Stage, plan: LotPlan) -> None:
    """Say how much the cooperative wants to receive, mostly in its own money."""
    with stage.acting(stage.writer_of(plan)) as uow:
        lot = _lot(stage, uow, plan)
        local = uow.session.get_one(Cooperative, lot.cooperative_id).payout_currency
        currency = "USD" if int(plan.key) % 3 == 0 else local
        fee = uow.settings.platform_fee_bps
        sheet = read_sheet(uow.session, lot, now=uow.now, platform_fee_bps=fee, sales=sales_like)
        # Two in a hundred more or less: nobody asks exactly what the guide says.
        leaning = 1 + Fraction(stage.chance(plan.key).randint(-20, 20), 1000)
        wanted = typed_amount(uow, sheet, asking=plan.row["asking"], currency=currency, leaning=leaning)
        answers = {"wanted": wanted, "wanted_currency": currency, "reason": plan.row["reason"]}
        lots.save_step(uow, lot=lot, step="price", answers=answers, sales=sales_like)


def submit(stage: Stage, plan: LotPlan) -> None:
    """Send the lot to Pact, after what happened to it before was told."""
    tracing.tell_the_beginning(stage, plan)
    documents.for_lot(stage, plan)
    with stage.acting(stage.writer_of(plan)) as uow:
        moderation.submit_lot(uow, lot=_lot(stage, uow, plan), sales=sales_like)


def claim(stage: Stage, plan: LotPlan) -> None:
    """Open the case, so that the other moderators see who has it."""
    with stage.acting(stage.reviewer_of(plan)) as uow:
        moderation.claim(uow, case=_case(stage, uow, plan))


def approve(stage: Stage, plan: LotPlan) -> None:
    """Approve the version that was sent, and have a second person approve it where two must."""
    goods = "gold" if plan.kind == "gold" else "gem"
    _decide(stage, plan, verdict="approve", checklist=all_seen("lot", goods))
    with stage.acting(stage.scenario.second_reviewer) as uow:
        case = open_case_of_lot(uow.session, stage.lots[plan.key])
        if case is not None and case.state == "needs_second":
            agree(uow, case, checklist=all_seen("lot", goods))
    tracing.visit(stage, plan)


def ask_for_change(stage: Stage, plan: LotPlan) -> None:
    """Send the lot back with a reason."""
    note = "The number on the seal cannot be read in the photo. Take it again, near a window and from above."
    _decide(stage, plan, verdict="changes", reasons=("TAG_UNREADABLE", "PHOTO_UNCLEAR"), note=note)


def refuse(stage: Stage, plan: LotPlan) -> None:
    """Refuse goods that cannot be sold here."""
    note = "The seller told our field officer that the stone was bought at the gate."
    _decide(stage, plan, verdict="refuse", reasons=("NOT_OWN_GOODS",), note=note)


def mend(stage: Stage, plan: LotPlan) -> None:
    """Take the photo again and send the lot once more."""
    with stage.acting(stage.writer_of(plan)) as uow:
        lot = _lot(stage, uow, plan)
        lots.remove_photo(uow, lot=lot, slot="side")
        lots.add_photo(uow, lot=lot, slot="daylight", content=stage.album.photo(plan, "side"), store=stage.store)
        moderation.submit_lot(uow, lot=lot, sales=sales_like)


def withdraw(stage: Stage, plan: LotPlan) -> None:
    """Take the lot off sale."""
    with stage.acting(stage.writer_of(plan)) as uow:
        moderation.withdraw_lot(uow, lot=_lot(stage, uow, plan))


def _save(stage: Stage, plan: LotPlan, step: str, answers: Mapping[str, str]) -> None:
    with stage.acting(stage.writer_of(plan)) as uow:
        lots.save_step(uow, lot=_lot(stage, uow, plan), step=step, answers=answers)


def _decide(
    stage: Stage,
    plan: LotPlan,
    *,
    verdict: str,
    reasons: tuple[str, ...] = (),
    checklist: Mapping[str, str] | None = None,
    note: str = "",
) -> None:
    with stage.acting(stage.reviewer_of(plan)) as uow:
        case = _case(stage, uow, plan)
        moderation.decide(
            uow,
            case=case,
            verdict=verdict,
            subject_sha256=case.subject_sha256,
            reasons=reasons,
            checklist=checklist or {},
            note=note,
        )


def _lot(stage: Stage, uow: UnitOfWork, plan: LotPlan) -> Lot:
    return lot_by_id(uow.session, stage.lots[plan.key])


def _case(stage: Stage, uow: UnitOfWork, plan: LotPlan) -> ModerationCase:
    case = open_case_of_lot(uow.session, stage.lots[plan.key])
    if case is None:
        raise LookupError(f"no open case of lot {plan.key}")
    return case
