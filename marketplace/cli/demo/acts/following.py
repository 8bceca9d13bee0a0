"""What follows a decision: a cooperative appeals, approvals are looked at again, buyers ask for independent checks."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import Select, func, select

from marketplace.checks import services as checks
from marketplace.checks.answers import Errand, Note
from marketplace.checks.models import LotCheck
from marketplace.cli.demo.scenario import LotPlan
from marketplace.cli.demo.stage import Stage
from marketplace.core.ids import new_id
from marketplace.lots.models import LotListing, LotVersion
from marketplace.moderation import services as moderation
from marketplace.moderation.models import BlindReview, ModerationCase
from marketplace.onboarding.services import applications
from marketplace.onboarding.steps import Step

CHECKER: Final = "vivian"
ASKS: Final = "emily"
# How many approvals of one person wait to be looked at again, and how many somebody has looked at.
_LOOKED_AT, _WAITING = 3, 2


def appeal(stage: Stage, plan: LotPlan) -> None:
    """Appeal against the refusal of a lot; nobody has answered yet."""
    words = (
        "The stone was not bought at the gate. Our weighing book has it on the market day, on page 31, with the "
        "signature of the miner. We can show the page."
    )
    with stage.acting(stage.writer_of(plan)) as uow:
        newest = select(ModerationCase).where(ModerationCase.lot_id == stage.lots[plan.key])
        case = uow.session.scalars(newest.order_by(ModerationCase.opened_at.desc()).limit(1)).one()
        moderation.appeal(uow, case=case, words=words)


def ask_for_checks(stage: Stage, plans: Sequence[LotPlan], *, moderator: str) -> None:
    """Let a buyer ask about up to three lots: the first is checked, the second is with the checker, the third waits."""
    questions = (
        "Is the colour the same in daylight and under a lamp?",
        "Does the weight on the photo fit the weight of the listing?",
        "",
    )
    for place, (plan, question) in enumerate(zip(plans, questions, strict=False)):
        _ask(stage, plan, question)
        if place < len(questions) - 1:
            _assign(stage, plan, moderator=moderator)
        if not place:
            _finish(stage, plan)


def draw_again(stage: Stage) -> None:
    """Put a few approvals of one person among those that are looked at again: chance alone draws too few to show."""
    with stage.working() as uow:
        drawn = select(BlindReview.case_id)
        single = select(ModerationCase).where(
            ModerationCase.kind == "lot",
            ModerationCase.state == "approved",
            func.cardinality(ModerationCase.second_reasons) == 0,
            ModerationCase.id.not_in(drawn),
        )
        newest = single.order_by(ModerationCase.closed_at.desc(), ModerationCase.reference)
        for case in uow.session.scalars(newest.limit(_LOOKED_AT + _WAITING)).all():
            row = BlindReview(id=new_id(), case_id=case.id, opened_at=uow.now)
            uow.session.add(row)
            uow.record("blind_review.open", row, case)


def look_again(stage: Stage, *, reviewer: str) -> None:
    """Look at some of them; one would have been sent back for its photos."""
    with stage.acting(reviewer) as uow:
        waiting = select(BlindReview).where(BlindReview.verdict == "").order_by(BlindReview.opened_at, BlindReview.id)
        for place, row in enumerate(uow.session.scalars(waiting.limit(_LOOKED_AT)).all()):
            verdict, reasons = ("changes", ("PHOTO_UNCLEAR",)) if place == 0 else ("approve", ())
            moderation.look_again(uow, review=row, verdict=verdict, reasons=reasons, note="")


def begin_application(stage: Stage, *, moderator: str) -> None:
    """Begin an application at a first meeting; the second step waits for the register of members."""
    typed = {
        "legal_name": "Kilindi Women Gold Washers",
        "legal_form": "women_group",
        "registration_number": "KLD-2025-0041",
        "country": "TZ",
        "region": "Tanga",
        "district": "Kilindi",
        "founded_on": "2025-02-11",
        "contact_phone": "+255 713 555 092",
        "about": "We wash gold from the river sand without mercury. Nineteen of us sell together since May.",
    }
    with stage.acting(moderator) as uow:
        row = applications.begin(uow)
        uow.session.flush()
        applications.save_step(
            uow, application=row, step=Step.ORGANISATION, typed=typed, version=row.version, later=False
        )


def _ask(stage: Stage, plan: LotPlan, question: str) -> None:
    with stage.acting(ASKS) as uow:
        lot_id = stage.lots[plan.key]
        listing = uow.session.get_one(LotListing, lot_id)
        sha256 = uow.session.get_one(LotVersion, listing.version_id).sha256
        checks.ask(uow, lot_id=lot_id, version_sha256=sha256, question=question)


def _assign(stage: Stage, plan: LotPlan, *, moderator: str) -> None:
    with stage.acting(moderator) as uow:
        errand = Errand(stage.people[CHECKER], uow.now.date() + timedelta(days=9))
        checks.assign(uow, check=uow.session.scalars(_of(stage, plan)).one(), errand=errand)


def _finish(stage: Stage, plan: LotPlan) -> None:
    words = "I compared the five photos with the report. Colour and cut are as described; the table has no scratch."
    with stage.acting(CHECKER) as uow:
        row = uow.session.scalars(_of(stage, plan)).one()
        checks.finish(uow, check=row, note=Note("as_described", "photos", words))


def _of(stage: Stage, plan: LotPlan) -> Select[LotCheck]:
    return select(LotCheck).where(LotCheck.lot_id == stage.lots[plan.key])
