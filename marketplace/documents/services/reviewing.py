"""A moderator who did not upload a document accepts it, refuses it, or takes an acceptance back.

What depends on a paper lies in domains above this one: `in_line` is given by the caller, and called in the same
transaction whenever it may have changed what may be sold.
"""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from marketplace.compliance.document_kinds import document_kinds
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.services import renew_declaration
from marketplace.compliance.services.oversight import SamePerson
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Conflict, Forbidden
from marketplace.core.text import N_
from marketplace.documents.answers import read_note, read_reason
from marketplace.documents.doubts import doubts_of
from marketplace.documents.models import Document
from marketplace.documents.queries import owner_of, placed, same_paper, seen_of
from marketplace.documents.services.letters import tell_officers
from marketplace.documents.services.uploading import lock_paper, replace
from marketplace.documents.transitions import Action, State, after
from marketplace.unit_of_work import UnitOfWork

InLine = Callable[..., object]
DECLARATION: Final = "child_labour_attestation"
APPROVED: Final = "approved"


class DocumentReplaced(Conflict):
    """A newer version came: nothing is decided about this one any more."""

    code = "document_replaced"
    message = N_("A newer version of this paper is here. Review that one.")


class DocumentOver(Conflict):
    """A paper whose last day is over is not accepted."""

    code = "document_over"
    message = N_("The last day of this paper is over. Refuse it and ask for the new one.")


def accept(uow: UnitOfWork, *, document: Document, form: Mapping[str, str], in_line: InLine) -> None:
    """Accept a document in place of the one before.

    Raises InvalidInput when something was noticed and the note says nothing about it, DocumentOver, DocumentReplaced,
    TransitionRefused, SamePerson, Forbidden.
    """
    document, cooperative, person = _locked(uow, document)
    state = after(document.state, Action.ACCEPT)
    if document.expires_on is not None and document.expires_on < uow.now.date():
        raise DocumentOver
    doubts = doubts_of(seen_of(uow.session, document))
    note = read_note(form, is_needed=bool(doubts))
    document.state, document.reason = state.value, note
    document.reviewed_by, document.reviewed_at = person, uow.now
    uow.session.flush()
    kind = document_kinds()[document.kind]
    key = document.number_key if kind.several else None
    earlier = same_paper(uow.session, owner_of(document), kind=kind.code, key=key)
    replace(uow, [each for each in earlier if each.version < document.version], by=document)
    uow.record(
        "document.accept",
        document,
        cooperative,
        kind=document.kind,
        noticed=[each.code for each in doubts],
        hashes={"file": document.sha256},
    )
    _renew_declaration(uow, document, cooperative)
    in_line(uow, cooperative=cooperative)


def refuse(uow: UnitOfWork, *, document: Document, form: Mapping[str, str], in_line: InLine) -> None:
    """Refuse a document that waits, or take its acceptance back; the officers get the reason by letter."""
    document, cooperative, person = _locked(uow, document)
    action = Action.TAKE_BACK if document.state == State.ACCEPTED else Action.REJECT
    state = after(document.state, action)
    reason = read_reason(form)
    document.state, document.reason = state.value, reason
    document.reviewed_by, document.reviewed_at = person, uow.now
    hashes = {"file": document.sha256}
    if action is Action.TAKE_BACK:
        uow.record("document.take_back", document, cooperative, kind=document.kind, reason=reason, hashes=hashes)
    else:
        uow.record("document.reject", document, cooperative, kind=document.kind, reason=reason, hashes=hashes)
    tell_officers(uow, document, template="document_refused", params={"reason": reason})
    in_line(uow, cooperative=cooperative)


def may_review(uow: UnitOfWork, document: Document) -> bool:
    """Say whether the person who acts may decide about a document."""
    return (
        uow.actor.has_role(StaffRole.MODERATOR)
        and document.uploaded_by != uow.actor.user_id
        and document.cooperative_id not in uow.actor.memberships
    )


def _renew_declaration(uow: UnitOfWork, document: Document, cooperative: Cooperative) -> None:
    """Let an accepted declaration against child labour count at its site, from the day it was signed."""
    if document.kind != DECLARATION or document.site_id is None or cooperative.state != APPROVED:
        return
    site = uow.session.get_one(MineSite, document.site_id)
    known = site.child_labour_attested_on
    if known is None or known < document.issued_on:
        renew_declaration(uow, site=site, signed_on=document.issued_on, signed_by=document.issuer)


def _locked(uow: UnitOfWork, document: Document) -> tuple[Document, Cooperative, UUID]:
    person = uow.person()
    if not uow.actor.has_role(StaffRole.MODERATOR):
        raise Forbidden
    if document.uploaded_by == person:
        raise SamePerson
    if document.cooperative_id in uow.actor.memberships:
        raise Forbidden(N_("You are an officer of this cooperative: somebody else must do it."))
    lock_paper(uow, owner_of(document), document_kinds()[document.kind])
    found = placed(uow.session, document.id, lock=True)
    if found.document.replaced_at is not None:
        raise DocumentReplaced
    return found.document, found.cooperative, person
