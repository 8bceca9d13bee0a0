"""Issue papers: after the event they tell of, never within it, each once and with the next number of its year."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from marketplace.core.money import Money
from marketplace.orders.models import Order
from marketplace.papers import documents, queries
from marketplace.papers.facts import exchanged_of, paid_out_of, sale_of
from marketplace.papers.kinds import Kind, number_of
from marketplace.papers.models import Paper, PaperCounter, SharingRule
from marketplace.papers.sharing import Member, kept, weights_of
from marketplace.payments.models import Payment, Payout, PayoutDestination, Refund
from marketplace.unit_of_work import UnitOfWork


def issue_invoice(uow: UnitOfWork, *, order: Order) -> Paper:
    """Issue the invoice of an order whose payment is held; a second call returns the first paper."""
    exchanged = exchanged_of(uow.session, order)
    content = documents.invoice(sale_of(uow.session, order), on=uow.now.date(), exchanged=exchanged)
    return _issue(uow, Kind.INVOICE, order, content)


def issue_receipt(uow: UnitOfWork, *, order: Order) -> Paper:
    """Issue the receipt for the payment of an order."""
    payment = uow.session.scalars(select(Payment).where(Payment.order_id == order.id)).one()
    content = documents.receipt(
        sale_of(uow.session, order),
        on=uow.now.date(),
        provider_reference=payment.balance_transaction_id or "",
        paid=Money(payment.amount_minor, payment.currency),
        exchanged=exchanged_of(uow.session, order),
    )
    return _issue(uow, Kind.RECEIPT, order, content)


def issue_credit_note(uow: UnitOfWork, *, refund: Refund) -> Paper:
    """Issue the credit note of a refund that reached the buyer; it names the invoice it takes back."""
    order = uow.session.get_one(Order, refund.order_id)
    invoice = queries.paper_about(uow.session, Kind.INVOICE, order.id) or issue_invoice(uow, order=order)
    content = documents.credit_note(
        sale_of(uow.session, order),
        on=uow.now.date(),
        amount=Money(refund.amount_minor, refund.currency),
        invoice_number=invoice.number,
        exchanged=exchanged_of(uow.session, order, refund=refund),
    )
    return _issue(uow, Kind.CREDIT_NOTE, order, content, about=refund.id)


def issue_statement(uow: UnitOfWork, *, payout: Payout) -> Paper:
    """Issue the statement of a payout that was confirmed, with the members' parts where the cooperative shares."""
    order = uow.session.get_one(Order, payout.order_id)
    paid = Money(payout.amount_minor, payout.currency)
    rule, paid_out = queries.sharing_rule(uow.session, payout.cooperative_id), paid_out_of(uow.session, payout)
    shared = paid if paid_out is None else paid_out.amount
    content = documents.statement(
        sale_of(uow.session, order),
        on=uow.now.date(),
        paid=paid,
        payout=payout.reference,
        destination=uow.session.get_one(PayoutDestination, payout.destination_id).masked,
        members=documents.shares_of(shared, weights_of(rule.members)) if rule is not None else (),
        sharing_rule=str(rule.id) if rule is not None else "",
        paid_out=paid_out,
    )
    return _issue(uow, Kind.STATEMENT, order, content, about=payout.id)


def enter_sharing_rule(uow: UnitOfWork, *, cooperative_id: UUID, members: Sequence[Member]) -> SharingRule:
    """Say how the next payouts of a cooperative are shared; earlier statements keep their own rule."""
    assert uow.actor.user_id is not None, "the form is for signatories"
    rule = SharingRule(
        cooperative_id=cooperative_id, members=kept(members), entered_by=uow.actor.user_id, entered_at=uow.now
    )
    uow.session.add(rule)
    uow.record("sharing_rule.enter", rule, members=len(members), parts=sum(member.weight for member in members))
    return rule


def _issue(
    uow: UnitOfWork, kind: Kind, order: Order, content: Mapping[str, Any], *, about: UUID | None = None
) -> Paper:
    year, subject_id = uow.now.year, about or order.id
    serial = _next_serial(uow, kind, year)
    # Behind the lock of the counter nobody else can have issued it in the meantime.
    existing = queries.paper_about(uow.session, kind, subject_id)
    if existing is not None:
        return existing
    number = number_of(kind, year=year, serial=serial)
    document = {**content, "number": number}
    paper = Paper(
        kind=kind.value,
        year=year,
        serial=serial,
        number=number,
        subject_id=subject_id,
        order_id=order.id,
        cooperative_id=order.cooperative_id,
        buyer_id=order.buyer_id,
        total_minor=content["total_minor"],
        currency=content["currency"],
        content=document,
        sha256=documents.digest_of(document),
        issued_at=uow.now,
    )
    uow.session.add(paper)
    _keep_serial(uow, kind, year, serial)
    uow.record("paper.issue", paper, order, number=number, hashes={"paper": paper.sha256})
    return paper


def _next_serial(uow: UnitOfWork, kind: Kind, year: int) -> int:
    """Lock the counter of the year, made on first use, and return the number after its last."""
    new = insert(PaperCounter.__table__).values(kind=kind.value, year=year, last=0)  # type: ignore[arg-type]
    uow.session.execute(new.on_conflict_do_nothing())
    locked = select(PaperCounter).where(PaperCounter.kind == kind.value, PaperCounter.year == year).with_for_update()
    return uow.session.scalars(locked.execution_options(populate_existing=True)).one().last + 1


def _keep_serial(uow: UnitOfWork, kind: Kind, year: int, serial: int) -> None:
    uow.session.get_one(PaperCounter, (kind.value, year)).last = serial
    uow.session.flush()
