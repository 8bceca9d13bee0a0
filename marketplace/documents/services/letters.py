"""Write to a cooperative's officers about one of its documents."""

from collections.abc import Mapping

from marketplace.compliance.document_kinds import document_kinds
from marketplace.compliance.queries import officers_of
from marketplace.documents.models import Document
from marketplace.notifications.services import tell
from marketplace.unit_of_work import UnitOfWork


def tell_officers(uow: UnitOfWork, document: Document, *, template: str, params: Mapping[str, object]) -> None:
    """Write to every officer who may act for the cooperative."""
    link = f"{uow.settings.base_url.rstrip('/')}/cooperative/documents/{document.id}"
    about = {"document": document_kinds()[document.kind].label, "number": document.number, "link": link}
    for officer in officers_of(uow.session, document.cooperative_id):
        if officer.role != "viewer":
            tell(uow, user_id=officer.user_id, template=template, params={"name": officer.name, **about, **params})
