"""One lot in every state a lot can be in, with its cases, brought there by the services as people would."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.compliance.models import MineSite
from marketplace.lots import services as lots
from marketplace.lots.models import Lot
from marketplace.moderation import services
from marketplace.moderation.models import Appeal, BlindReview, ModerationCase
from marketplace.unit_of_work import UnitOfWork
from tests.builders.edits import SLIP, edited, price
from tests.builders.lots import draft_lot
from tests.builders.moderation import decided, decided_by_one, moderator
from tests.people import actor

WHY: Final = ("WEIGHT_DOUBTFUL",)
WORDS: Final = "These stones were dug by our own members in June."
# Two people must approve it, so the sale stops.
HEAVIER: Final = MappingProxyType({"weight": "3,52"})


@dataclass
class Stage:
    """Who brings the lots where they are: the reviewer is the one who later sends every form of the review."""

    uow: UnitOfWork
    site: MineSite
    secretary: User
    reviewer: User
    number: int = 500

    def draft(self) -> Lot:
        """Return a complete draft."""
        self.number += 1
        return draft_lot(self.uow, seller=(self.site, self.secretary), number=self.number)

    def sent(self) -> ModerationCase:
        """Send a lot to the queue."""
        return services.submit_lot(self.as_secretary(), lot=self.draft())

    def on_sale(self) -> Lot:
        """Return a lot that two others approved."""
        case = self.sent()
        decided(self.uow, case, self.other())
        return self.lot_of(case)

    def again(self, step: str, answers: Mapping[str, str]) -> ModerationCase:
        """Change a lot on sale and send it again."""
        return edited(self.uow, self.on_sale(), step, answers)

    def lot_of(self, case: ModerationCase) -> Lot:
        """Return the lot of a case."""
        return self.uow.session.get_one(Lot, case.lot_id)

    def other(self) -> User:
        """Return a reviewer who has no part in anything yet."""
        self.number += 1
        return moderator(self.uow, f"Reviewer {self.number}")

    def refused(self, case: ModerationCase, verdict: str = "refuse") -> Lot:
        """Let somebody decide against a case."""
        decided_by_one(self.uow, case, self.other(), verdict, reasons=WHY)
        return self.lot_of(case)

    def half_approved(self, case: ModerationCase, by: User) -> Lot:
        """Let one of two people approve a case."""
        decided_by_one(self.uow, case, by)
        assert case.state == "needs_second", case.state
        return self.lot_of(case)

    def as_secretary(self) -> UnitOfWork:
        """Return the unit of work in the secretary's name."""
        return self.uow.acting_as(actor(self.uow.session, self.secretary))

    def as_reviewer(self) -> UnitOfWork:
        """Return the unit of work in the reviewer's name."""
        return self.uow.acting_as(actor(self.uow.session, self.reviewer))


def _claimed(stage: Stage) -> Lot:
    return stage.lot_of(services.claim(stage.as_reviewer(), case=stage.sent()))


def _escalated(stage: Stage) -> Lot:
    case = stage.sent()
    stage.half_approved(case, stage.other())
    decided_by_one(stage.uow, case, stage.other(), "refuse", reasons=WHY)
    assert case.state == "escalated", case.state
    return stage.lot_of(case)


def _appealed(stage: Stage, verdict: str) -> Lot:
    case = stage.sent()
    stage.refused(case, verdict)
    services.appeal(stage.as_secretary(), case=case, words=WORDS)
    return stage.lot_of(case)


def _withdrawn(stage: Stage) -> Lot:
    lot = stage.on_sale()
    services.withdraw_lot(stage.as_secretary(), lot=lot)
    return lot


def _edited_draft(stage: Stage) -> Lot:
    """A lot on sale whose draft says something else than the version on sale."""
    lot = stage.on_sale()
    lots.save_step(stage.as_secretary(), lot=lot, step="weight", answers={**lot.draft["weight"]["typed"], **HEAVIER})
    return lot


def _drawn_again(stage: Stage) -> Lot:
    lot = stage.on_sale()
    case = stage.uow.session.scalars(select(ModerationCase).where(ModerationCase.lot_id == lot.id)).one()
    review = BlindReview(case_id=case.id, opened_at=stage.uow.now)
    stage.uow.session.add(review)
    stage.uow.record("blind_review.open", review, case)
    return lot


STATES: Final[Mapping[str, Callable[[Stage], Lot]]] = MappingProxyType(
    {
        "draft": Stage.draft,
        "queued": lambda stage: stage.lot_of(stage.sent()),
        "claimed": _claimed,
        "approved by the reviewer, waits for another": lambda stage: stage.half_approved(stage.sent(), stage.reviewer),
        "approved by another, waits for the reviewer": lambda stage: stage.half_approved(stage.sent(), stage.other()),
        "escalated": _escalated,
        "sent back": lambda stage: stage.refused(stage.sent(), "changes"),
        "sent back, appealed": lambda stage: _appealed(stage, "changes"),
        "refused": lambda stage: stage.refused(stage.sent()),
        "refused, appealed": lambda stage: _appealed(stage, "refuse"),
        "on sale": Stage.on_sale,
        "on sale, another draft": _edited_draft,
        "on sale, looked at again": _drawn_again,
        "on sale, change waits": lambda stage: stage.lot_of(stage.again("price", price("1,000"))),
        "on sale, change sent back": lambda stage: stage.refused(stage.again("price", price("1,000")), "changes"),
        "on sale, change half approved": lambda stage: stage.half_approved(
            stage.again("price", price("1,000")), stage.reviewer
        ),
        "paused, change waits": lambda stage: stage.lot_of(stage.again("weight", HEAVIER)),
        "paused, change half approved": lambda stage: stage.half_approved(
            stage.again("weight", HEAVIER), stage.reviewer
        ),
        "paused, change waits for the reviewer": lambda stage: stage.half_approved(
            stage.again("weight", HEAVIER), stage.other()
        ),
        "paused, change sent back": lambda stage: stage.refused(stage.again("weight", HEAVIER), "changes"),
        "on sale, small correction": lambda stage: stage.lot_of(stage.again("origin", SLIP)),
        "paused, correction refused": lambda stage: stage.refused(stage.again("origin", SLIP)),
        "withdrawn": _withdrawn,
    }
)


@dataclass(frozen=True)
class Named:
    """What of a lot can stand in an address or a form."""

    state: str
    reference: str
    hashes: tuple[str, ...]
    cases: tuple[str, ...]
    appeals: tuple[str, ...]
    reviews: tuple[str, ...]


def lots_in_every_state(stage: Stage) -> tuple[Named, ...]:
    """Bring one lot into each state; return what names them."""
    return tuple(_named(stage.uow, state, make(stage)) for state, make in STATES.items())


def _named(uow: UnitOfWork, state: str, lot: Lot) -> Named:
    uow.session.flush()
    cases = uow.session.scalars(
        select(ModerationCase).where(ModerationCase.lot_id == lot.id).order_by(ModerationCase.id.desc())
    ).all()
    keys = [case.id for case in cases]
    appeals = uow.session.scalars(select(Appeal.id).where(Appeal.case_id.in_(keys))).all()
    reviews = uow.session.scalars(select(BlindReview.id).where(BlindReview.case_id.in_(keys))).all()
    return Named(
        state,
        lot.reference,
        tuple(dict.fromkeys(case.subject_sha256 for case in cases)),
        tuple(map(str, keys)),
        tuple(map(str, appeals)),
        tuple(map(str, reviews)),
    )
