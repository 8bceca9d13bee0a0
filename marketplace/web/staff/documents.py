"""Documents as Pact staff read them: what waits, one with what was noticed, and the decision about it."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of
from marketplace.compliance.document_kinds import document_kinds
from marketplace.core.actor import StaffRole
from marketplace.core.errors import FieldError, InvalidInput
from marketplace.documents import queries
from marketplace.documents.doubts import doubts_of
from marketplace.documents.models import Document
from marketplace.documents.services import reviewing
from marketplace.documents.transitions import Action, State, legal
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.lots.services.site_pauses import bring_in_line
from marketplace.web.account.places import field_errors
from marketplace.web.cursors import moment_cursor
from marketplace.web.document_view import file_of, note_reading, owner_words, words_of_documents

bp = Blueprint("staff_documents", __name__, url_prefix="/staff/documents")
READERS = staff(StaffRole.MODERATOR, StaffRole.AUDITOR)
MODERATORS = staff(StaffRole.MODERATOR)
bp.after_request(note_reading)


@bp.get("")
@allow(READERS)
def index() -> str:
    """List documents by state and kind; what waits is shown first, oldest first."""
    uow = current_uow()
    state, kind = request.args.get("state", State.PENDING.value), request.args.get("kind", "")
    filters = queries.Filters(state if state in set(State) else "", kind if kind in document_kinds() else "")
    rows = queries.page_for_staff(uow.session, filters, after=moment_cursor(request.args.get("after", "")))
    shown = rows[: queries.PAGE]
    last = shown[-1].document if len(rows) > queries.PAGE else None
    following = (
        url_for(".index", **filters._asdict(), after=f"{last.uploaded_at.isoformat()}_{last.id}") if last else None
    )
    return render_template(
        "staff/documents/list.html",
        rows=[(row, owner_words(uow.session, row.document, row.site)) for row in shown],
        filters=filters._asdict(),
        following=following,
        **words_of_documents(),
    )


@bp.get("/<uuid:document_id>")
@allow(READERS)
def show(document_id: UUID) -> str:
    """Show one document with what the machine noticed."""
    return _page(document_id, values={}, errors={})


@bp.get("/<uuid:document_id>/file")
@allow(READERS)
def file(document_id: UUID) -> Response:
    """Give the file to keep; noted in the log."""
    return file_of(queries.placed(current_uow().session, document_id).document)


@bp.post("/<uuid:document_id>/acceptance")
@allow(MODERATORS)
@once
def accept(document_id: UUID) -> Response | tuple[str, int]:
    """Accept it; what was hidden for want of it is shown again."""
    document = _found(document_id)
    try:
        reviewing.accept(current_uow(), document=document, form=request.form, in_line=bring_in_line)
    except InvalidInput as error:
        return _page(document_id, values=request.form, errors=field_errors(error)), 422
    flash(_("Accepted. It counts from now on."), "good")
    return redirect(url_for(".index"), code=303)


@bp.post("/<uuid:document_id>/refusal")
@allow(MODERATORS)
@once
def refuse(document_id: UUID) -> Response | tuple[str, int]:
    """Refuse it, or take an acceptance back, with a reason that the cooperative reads."""
    document = _found(document_id)
    try:
        reviewing.refuse(current_uow(), document=document, form=request.form, in_line=bring_in_line)
    except InvalidInput as error:
        return _page(document_id, values=request.form, errors=field_errors(error)), 422
    flash(_("Refused. The officers were told why."), "good")
    return redirect(url_for(".index"), code=303)


def _found(document_id: UUID) -> Document:
    return queries.placed(current_uow().session, document_id).document


def _page(document_id: UUID, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    place = queries.placed(uow.session, document_id)
    document, kind = place.document, document_kinds()[place.document.kind]
    people = [str(each) for each in (document.uploaded_by, document.reviewed_by) if each]
    doubts = doubts_of(queries.seen_of(uow.session, document))
    open_moves = legal(document.state) if document.replaced_at is None else ()
    return render_template(
        "staff/documents/document.html",
        place=place,
        document=document,
        owner=owner_words(uow.session, document, place.site),
        names=names_of(uow.session, people),
        doubts=[translate_error(FieldError(each.text, **each.params)) for each in doubts],
        versions=queries.versions_of(uow.session, document, is_several=kind.several),
        may=reviewing.may_review(uow, document),
        is_own=document.uploaded_by == uow.actor.user_id,
        can_accept=Action.ACCEPT in open_moves,
        can_refuse=Action.REJECT in open_moves or Action.TAKE_BACK in open_moves,
        values=values,
        errors=errors,
        **words_of_documents(),
    )
