"""The documents of a cooperative: what is here, sending one, its review and its file."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from marketplace.compliance.document_kinds import MUST, NEVER, DocumentKind, document_kinds, kinds_of
from marketplace.compliance.models import MineSite
from marketplace.compliance.queries import cooperative_of_member, cooperatives_of_member, sites_of
from marketplace.compliance.vocabulary import MINERALS
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.documents import queries
from marketplace.documents.answers import RIGHT, Told, read_document
from marketplace.documents.files import LARGEST_PDF
from marketplace.documents.owners import Owner
from marketplace.documents.services.uploading import Sent, check_file, upload
from marketplace.http.access import MEMBER, WRITER, allow
from marketplace.http.context import current_uow, file_store, settings
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.lots.queries import lot_of_cooperative
from marketplace.orders.queries import order_of_cooperatives
from marketplace.web.account.places import field_errors
from marketplace.web.cursors import moment_cursor
from marketplace.web.document_view import file_of, note_reading, owner_name, owner_words, words_of_documents

bp = Blueprint("cooperative_documents", __name__, url_prefix="/cooperative/documents")
ACCEPT: Final = "application/pdf,image/jpeg,image/png,image/heic,.pdf,.jpg,.jpeg,.png,.heic"
_MEGABYTE: Final = 1024 * 1024
bp.after_request(note_reading)


class Place(NamedTuple):
    """What a paper is sent for: its owner, how the address names it, and where that is shown."""

    owner: Owner
    name: str
    label: str
    back: str


@bp.get("")
@allow(MEMBER)
def index() -> str:
    """List the documents that count or wait now, and what a new one can be sent for."""
    uow = current_uow()
    rows = queries.page_of_member(uow.session, uow.actor, after=moment_cursor(request.args.get("after", "")))
    shown = rows[: queries.PAGE]
    last = shown[-1].document if len(rows) > queries.PAGE else None
    return render_template(
        "cooperative/documents/list.html",
        rows=[(row, owner_words(uow.session, row.document, row.site)) for row in shown],
        following=url_for(".index", after=f"{last.uploaded_at.isoformat()}_{last.id}") if last else None,
        places=[
            (cooperative, sites_of(uow.session, cooperative.id))
            for cooperative in cooperatives_of_member(uow.session, uow.actor)
            if uow.actor.may_write_for(cooperative.id)
        ],
        **words_of_documents(),
    )


@bp.get("/new")
@allow(WRITER)
def new() -> str:
    """Let an officer choose the kind of paper, then ask what stands on it."""
    place, kind = _place(request.args.get("owner", "")), _kind(request.args.get("kind", ""))
    if kind is None or place.owner.kind not in kind.belongs_to:
        return render_template("cooperative/documents/choose.html", place=place, kinds_here=kinds_of(place.owner.kind))
    return _form(place, kind, values={}, errors={})


@bp.post("")
@allow(WRITER)
@once
def send() -> Response | tuple[str, int]:
    """Keep a document for review."""
    uow = current_uow()
    place, kind = _place(request.form.get("owner", "")), _kind(request.form.get("kind", ""))
    if kind is None:
        raise NotFound
    try:
        sent = _sent()
        told = _told(place.owner, kind, sent)
        row = upload(uow, owner=place.owner, kind=kind, told=told, sent=sent, store=file_store())
    except InvalidInput as error:
        return _form(place, kind, values=request.form, errors=field_errors(error)), 422
    flash(_("Sent. Pact reads it and then it counts."), "good")
    return redirect(url_for(".show", document_id=row.id), code=303)


@bp.get("/<uuid:document_id>")
@allow(MEMBER)
def show(document_id: UUID) -> str:
    """Show one document with its review and its versions."""
    uow = current_uow()
    place = queries.placed_of_member(uow.session, document_id, uow.actor)
    document, kind = place.document, document_kinds()[place.document.kind]
    may_write = uow.actor.may_write_for(place.cooperative.id)
    site = place.site.reference if place.site else None
    name = owner_name(uow.session, document, cooperative=place.cooperative.reference, site=site)
    return render_template(
        "cooperative/documents/document.html",
        place=place,
        document=document,
        owner=owner_words(uow.session, document, place.site),
        versions=queries.versions_of(uow.session, document, is_several=kind.several),
        again=url_for(".new", owner=name, kind=document.kind) if may_write else None,
        back=_place(name).back,
        **words_of_documents(),
    )


@bp.get("/<uuid:document_id>/file")
@allow(MEMBER)
def file(document_id: UUID) -> Response:
    """Give the file to keep; noted in the log."""
    uow = current_uow()
    return file_of(queries.placed_of_member(uow.session, document_id, uow.actor).document)


def _form(place: Place, kind: DocumentKind, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    return render_template(
        "cooperative/documents/new.html",
        place=place,
        kind=kind,
        values=values,
        errors=errors,
        accept=ACCEPT,
        pdf_megabytes=LARGEST_PDF // _MEGABYTE,
        photo_megabytes=settings().max_upload_bytes // _MEGABYTE,
        asks_end=kind.expires != NEVER,
        must_end=kind.expires == MUST,
        minerals=[(entry.code, _(entry.words)) for entry in MINERALS] if kind.code == RIGHT else [],
        chosen=request.form.getlist("minerals"),
    )


def _told(owner: Owner, kind: DocumentKind, sent: Sent) -> Told:
    """Return what was typed; raise InvalidInput with everything that is wrong, the file's problem too."""
    uow = current_uow()
    try:
        return read_document(request.form, request.form.getlist("minerals"), kind=kind, today=uow.now.date())
    except InvalidInput as wrong:
        try:
            check_file(uow, owner=owner, kind=kind, number=request.form.get("number", ""), sent=sent)
        except InvalidInput as error:
            raise InvalidInput({**wrong.fields, **error.fields}) from error
        raise


def _sent() -> Sent:
    """Return the file of the form, at most a byte more than is allowed; nothing chosen is an empty one."""
    file = request.files.get("file")
    if file is None:
        return Sent(b"", "")
    return Sent(file.read(settings().max_upload_bytes + 1), file.filename or "")


def _kind(code: str) -> DocumentKind | None:
    return document_kinds().get(code)


def _place(text: str) -> Place:
    """Return what an address names as the owner, such as site:MS-1; raise NotFound for another's."""
    uow = current_uow()
    word, _colon, reference = text.partition(":")
    if word == "cooperative":
        cooperative = cooperative_of_member(uow.session, reference, uow.actor)
        return Place(Owner(cooperative_id=cooperative.id), text, cooperative.legal_name, url_for(".index"))
    if word == "site":
        site = _site(reference)
        owner = Owner(cooperative_id=site.cooperative_id, site_id=site.id)
        return Place(owner, text, _("Mine site %(name)s", name=site.name), url_for(".index"))
    if word == "lot":
        lot = lot_of_cooperative(uow.session, reference, uow.actor)
        owner = Owner(cooperative_id=lot.cooperative_id, lot_id=lot.id)
        back = url_for("cooperative_check.show", reference=lot.reference)
        return Place(owner, text, _("Lot %(reference)s", reference=lot.reference), back)
    if word == "order":
        order = order_of_cooperatives(uow.session, reference, cooperative_ids=uow.actor.memberships.keys())
        owner = Owner(cooperative_id=order.cooperative_id, order_id=order.id)
        back = url_for("cooperative_orders.order", reference=order.reference)
        return Place(owner, text, _("Order %(reference)s", reference=order.reference), back)
    raise NotFound


def _site(reference: str) -> MineSite:
    uow = current_uow()
    wanted = select(MineSite).where(
        MineSite.reference == reference, MineSite.cooperative_id.in_(list(uow.actor.memberships))
    )
    found = uow.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found
