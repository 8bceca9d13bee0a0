"""The names of documents in addresses."""

from collections.abc import Mapping

from sqlalchemy import select

from marketplace.compliance.document_kinds import document_kinds
from marketplace.compliance.models import Cooperative
from marketplace.documents.models import Document
from marketplace.documents.owners import Owner
from marketplace.orders.models import Order
from marketplace.unit_of_work import UnitOfWork
from tests.builders.documents import uploaded
from tests.people import member


def names_of_documents(uow: UnitOfWork, cooperative: Cooperative) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Send a paper that waits; return what stands in its addresses."""
    officer = member(uow, "Officer of papers", cooperative.id)
    row = uploaded(uow, officer, Owner(cooperative_id=cooperative.id), "tax_certificate", number="Kanarienvogel 7")
    uow.session.flush()
    names = {"document_id": (str(row.id),)}
    return {"/staff/documents": names, "/cooperative/documents": names, "/orders/<reference>/documents": _of_buyer(uow)}


def _of_buyer(uow: UnitOfWork) -> Mapping[str, tuple[str, ...]]:
    """Return a paper that travels with the goods of an order whose buyer paid."""
    kinds = [kind.code for kind in document_kinds().values() if kind.for_buyer]
    wanted = (
        select(Order.reference, Document.id)
        .join(Order, Order.id == Document.order_id)
        .where(Document.kind.in_(kinds), Document.state == "accepted", Order.state == "shipped")
    )
    reference, document_id = uow.session.execute(wanted.order_by(Document.id).limit(1)).one()
    return {"reference": (reference,), "document_id": (str(document_id),)}
