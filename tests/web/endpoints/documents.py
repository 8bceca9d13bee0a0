"""The names of documents in addresses."""

from collections.abc import Mapping

from marketplace.compliance.models import Cooperative
from marketplace.documents.owners import Owner
from marketplace.unit_of_work import UnitOfWork
from tests.builders.documents import uploaded
from tests.people import member


def names_of_documents(uow: UnitOfWork, cooperative: Cooperative) -> dict[str, Mapping[str, tuple[str, ...]]]:
    """Send a paper that waits; return what stands in its addresses."""
    officer = member(uow, "Officer of papers", cooperative.id)
    row = uploaded(uow, officer, Owner(cooperative_id=cooperative.id), "tax_certificate", number="Kanarienvogel 7")
    uow.session.flush()
    names = {"document_id": (str(row.id),)}
    return {"/staff/documents": names, "/cooperative/documents": names}
