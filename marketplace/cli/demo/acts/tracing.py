"""What happened to the goods beside their orders: tags from Pact's stock, smelted gold, a visit at the mine."""

from datetime import UTC, datetime, time, timedelta
from typing import Final

from marketplace.cli.demo.scenario import LotPlan, Row, tags_of_cooperative
from marketplace.cli.demo.stage import Stage
from marketplace.compliance.models import Cooperative
from marketplace.custody.answers import Happening
from marketplace.custody.rules.chain import Recorder
from marketplace.custody.services import tags
from marketplace.custody.services.recording import Capacity, record_event
from marketplace.custody.services.tags import NewRange
from marketplace.lots.queries import lot_by_id, read_sheet

# Gold whose dust was weighed before it was smelted, by its key: what there was in milligrams.
DUST: Final = {"64": 122_150, "65": 105_600}
# Lots that Pact looked at where they lay, by their key.
VISITED: Final = frozenset({"27", "30", "36"})
_DAYS_BEFORE: Final = timedelta(days=3)


def issue_tags(stage: Stage, row: Row, *, moderator: str) -> None:
    """Give a new cooperative the tags of its bags; one of the first cooperative is broken at once."""
    first, last = tags_of_cooperative(row["key"])
    with stage.acting(moderator) as uow:
        cooperative = uow.session.get_one(Cooperative, stage.cooperatives[row["key"]])
        tags.issue(uow, cooperative=cooperative, new=NewRange("Pact", "PX-", 6, first, last))
        if row["key"] == stage.scenario.cooperatives[0]["key"]:
            reason = "The clip broke when the bag was closed."
            tags.void(uow, number=f"PX-{last}", cooperative=cooperative, reason=reason)


def tell_the_beginning(stage: Stage, plan: LotPlan) -> None:
    """Let a field officer weigh the dust for the cooperative, and the cooperative tell how it was smelted."""
    if plan.key not in DUST:
        return
    found = datetime.combine(plan.starts - _DAYS_BEFORE, time(9, 30), tzinfo=UTC)
    dust_mg = DUST[plan.key]
    officer, _reviewer = stage.scenario.moderators_of(plan.cooperative)
    with stage.acting(officer) as uow:
        lot = lot_by_id(uow.session, stage.lots[plan.key])
        produced = Happening(
            kind="produced",
            happened_at=found,
            site=stage.sites[plan.site],
            weight_after_mg=dust_mg,
            pieces=1,
            tag_number=plan.tag,
            facts={"miners_paid": "from_sale"},
        )
        on_behalf = Capacity(Recorder.COOPERATIVE, enters_for=True)
        photo = stage.album.photo(plan, "front")
        record_event(uow, lot=lot, told=produced, capacity=on_behalf, photos=[photo], store=stage.store)
    _smelt(stage, plan, at=found + timedelta(hours=5))


def _smelt(stage: Stage, plan: LotPlan, *, at: datetime) -> None:
    with stage.acting(stage.writer_of(plan)) as uow:
        lot = lot_by_id(uow.session, stage.lots[plan.key])
        sheet = read_sheet(uow.session, lot, now=uow.now, platform_fee_bps=uow.settings.platform_fee_bps)
        assert sheet.answers.weight is not None, "it was weighed before"
        told = Happening(
            kind="processed",
            happened_at=at,
            weight_before_mg=DUST[plan.key],
            weight_after_mg=sheet.answers.weight.weight_mg,
            facts={"method": "smelting"},
        )
        record_event(uow, lot=lot, told=told, capacity=Capacity(Recorder.COOPERATIVE), photos=[], store=stage.store)


def visit(stage: Stage, plan: LotPlan) -> None:
    """Look at goods where they lie, as Pact."""
    if plan.key not in VISITED:
        return
    with stage.acting(stage.reviewer_of(plan)) as uow:
        lot = lot_by_id(uow.session, stage.lots[plan.key])
        told = Happening(kind="inspected", happened_at=uow.now, facts={"checklist": "passed"})
        photo = stage.album.photo(plan, "scale")
        record_event(uow, lot=lot, told=told, capacity=Capacity(Recorder.STAFF), photos=[photo], store=stage.store)
