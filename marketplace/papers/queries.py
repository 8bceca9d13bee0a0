"""Read papers: a query takes the owner, so that somebody else's paper looks like none at all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from marketplace.core.errors import NotFound
from marketplace.orders.models import Order
from marketplace.papers.kinds import OF_BUYER, OF_COOPERATIVE, Kind
from marketplace.papers.models import Paper, PaperCounter, SharingRule
from marketplace.payments.models import Payout, Refund

PAGE: Final = 50
BATCH: Final = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """What has no paper yet: orders to invoice and to give a receipt for, refunds, payouts, oldest first."""

    invoices: Sequence[UUID]
    receipts: Sequence[UUID]
    refunds: Sequence[UUID]
    payouts: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Numbering:
    """How many papers of a kind a year has, and the last number given: equal, or there is a gap."""

    kind: Kind
    year: int
    count: int
    last: int

    @property
    def is_whole(self) -> bool:
        """Say whether every number up to the last was given to a paper."""
        return self.count == self.last


def waiting(session: Session) -> Waiting:
    """Return what the worker has to write papers for, a batch of each."""
    return Waiting(
        invoices=_funded_without(session, Kind.INVOICE),
        receipts=_funded_without(session, Kind.RECEIPT),
        # Money that came too late and went straight back was never invoiced.
        refunds=_without(session, Refund, (Refund.state == "done") & _was_funded(), Kind.CREDIT_NOTE),
        # A repeat pays what an earlier payout's statement has named already.
        payouts=_without(session, Payout, (Payout.state == "confirmed") & ~Payout.is_repeat, Kind.STATEMENT),
    )


def paper_about(session: Session, kind: Kind, subject_id: UUID) -> Paper | None:
    """Return the paper of a kind about an order, a refund or a payout, or None."""
    return session.scalar(select(Paper).where(Paper.kind == kind.value, Paper.subject_id == subject_id))


def papers_of_order(session: Session, order_id: UUID, *, kinds: Collection[Kind]) -> Sequence[Paper]:
    """Return the papers of an order that are of these kinds, oldest first."""
    found = select(Paper).where(Paper.order_id == order_id, Paper.kind.in_([kind.value for kind in kinds]))
    return session.scalars(found.order_by(Paper.id)).all()


def paper_of_buyer(session: Session, number: str, *, buyer_id: UUID | None) -> Paper:
    """Return one of a buyer's papers; raise NotFound."""
    kinds = [kind.value for kind in OF_BUYER]
    return _one(session, number, Paper.buyer_id == buyer_id, Paper.kind.in_(kinds))


def paper_of_cooperatives(session: Session, number: str, *, cooperative_ids: Collection[UUID]) -> Paper:
    """Return a payout statement of one of the cooperatives; raise NotFound."""
    kinds = [kind.value for kind in OF_COOPERATIVE]
    return _one(session, number, Paper.cooperative_id.in_(cooperative_ids), Paper.kind.in_(kinds))


def paper_by_number(session: Session, number: str) -> Paper:
    """Return any paper, for staff; raise NotFound."""
    return _one(session, number)


def statements(session: Session, *, cooperative_ids: Collection[UUID], before: UUID | None = None) -> Sequence[Paper]:
    """Return a page of the cooperatives' payout statements and one more, newest first."""
    found = select(Paper).where(Paper.cooperative_id.in_(cooperative_ids), Paper.kind == Kind.STATEMENT.value)
    return _page(session, found.where(Paper.id < before) if before else found)


def all_papers(session: Session, *, kind: Kind | None = None, before: UUID | None = None) -> Sequence[Paper]:
    """Return a page of papers and one more, newest first."""
    found = select(Paper) if kind is None else select(Paper).where(Paper.kind == kind.value)
    return _page(session, found.where(Paper.id < before) if before else found)


def numbering(session: Session) -> Sequence[Numbering]:
    """Return every series of numbers with its count, newest year first."""
    counts = select(Paper.kind, Paper.year, func.count().label("papers")).group_by(Paper.kind, Paper.year).subquery()
    rows = session.execute(
        select(PaperCounter.kind, PaperCounter.year, PaperCounter.last, func.coalesce(counts.c.papers, 0))
        .outerjoin(counts, (counts.c.kind == PaperCounter.kind) & (counts.c.year == PaperCounter.year))
        .order_by(PaperCounter.year.desc(), PaperCounter.kind)
        .limit(PAGE)
    )
    return [Numbering(Kind(kind), year, count, last) for kind, year, last, count in rows]


def sharing_rule(session: Session, cooperative_id: UUID) -> SharingRule | None:
    """Return how a cooperative shares its payouts now, or None."""
    found = select(SharingRule).where(SharingRule.cooperative_id == cooperative_id)
    return session.scalar(found.order_by(SharingRule.entered_at.desc(), SharingRule.id.desc()).limit(1))


def names_of(session: Session, rule_id: str) -> dict[str, str]:
    """Return the members' names by code of a rule that a statement names; empty where they were erased."""
    rule = session.get(SharingRule, UUID(rule_id)) if rule_id else None
    return {} if rule is None else {member["code"]: member["name"] for member in rule.members}


def _funded_without(session: Session, kind: Kind) -> Sequence[UUID]:
    has_paper = select(Paper.id).where(Paper.kind == kind.value, Paper.subject_id == Order.id).exists()
    found = select(Order.id).where(Order.funded_at.is_not(None), ~has_paper)
    return session.scalars(found.order_by(Order.funded_at, Order.id).limit(BATCH)).all()


def _was_funded() -> ColumnElement[bool]:
    return select(Order.id).where(Order.id == Refund.order_id, Order.funded_at.is_not(None)).exists()


def _without(
    session: Session, model: type[Refund] | type[Payout], is_ready: ColumnElement[bool], kind: Kind
) -> Sequence[UUID]:
    has_paper = select(Paper.id).where(Paper.kind == kind.value, Paper.subject_id == model.id).exists()
    return session.scalars(select(model.id).where(is_ready, ~has_paper).order_by(model.id).limit(BATCH)).all()


def _one(session: Session, number: str, *conditions: ColumnElement[bool]) -> Paper:
    paper = session.scalar(select(Paper).where(Paper.number == number.upper(), *conditions))
    if paper is None:
        raise NotFound
    return paper


def _page(session: Session, found: Any) -> Sequence[Paper]:
    papers: Sequence[Paper] = session.scalars(found.order_by(Paper.id.desc()).limit(PAGE + 1)).all()
    return papers
