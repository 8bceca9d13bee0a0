"""Passports as staff see them: the newest of each lot, revoking one, and sheets of labels for bags."""

import re
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.compliance.staff_forms import reason_of
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.ids import normal_reference
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow, settings
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.http.languages import written_language
from marketplace.lots.models import Lot
from marketplace.passport import queries, services
from marketplace.passport.keys import load_issuer
from marketplace.passport.models import Passport
from marketplace.passport.qr import svg_of
from marketplace.passport.typesetting import labels_pdf
from marketplace.web.account.places import Page, field_errors

bp = Blueprint("staff_passports", __name__, url_prefix="/staff/passports")
READERS = staff(StaffRole.MODERATOR, StaffRole.VERIFIER, StaffRole.AUDITOR)
MODERATORS = staff(StaffRole.MODERATOR)
LONGEST: Final = 40
LONGEST_LIST: Final = 4_000


@bp.get("")
@allow(READERS)
def index() -> str:
    """List the newest passport of each lot, newest first."""
    return _list(values={}, errors={})


@bp.get("/labels.pdf")
@allow(READERS)
def labels() -> Page | Response:
    """Give a sheet of labels: for the lots named, or for a range of tags; at most fifty."""
    found = _wanted_lots()
    if not found:
        told = _("No public lot fits. Write references, or the first and last number of a range of tags.")
        return _list(values=request.args, errors={"references": told}), 422
    base = settings().base_url
    view = {
        "language": written_language(),
        "heading": _("Labels for bags"),
        "labels": [
            {
                "qr": svg_of(base, reference=lot.reference),
                "words": _("QR code of lot %(reference)s", reference=lot.reference),
                "reference": lot.reference,
                "tag": _("Tag %(number)s", number=lot.tag_number or ""),
                "title": _("Scan to see where it comes from."),
            }
            for lot in found
        ],
    }
    answer = Response(labels_pdf(view, at=current_uow().now), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="labels.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/<reference>")
@allow(READERS)
def show(reference: str) -> str:
    """Show a lot's passport to staff, with the way to revoke it."""
    return _one(*_found(reference), values={}, errors={})


@bp.post("/<reference>/revocation")
@allow(MODERATORS)
@once
def revoke(reference: str) -> Page | Response:
    """Revoke every version there is, with the reason."""
    lot, passport = _found(reference)
    try:
        reason = reason_of(request.form)
    except InvalidInput as error:
        return _one(lot, passport, values=request.form, errors=field_errors(error)), 422
    services.revoke(current_uow(), passport=passport, reason=reason)
    flash(_("The passport is revoked. Everybody who checks it sees that."), "good")
    return redirect(url_for("staff_passports.show", reference=lot.reference), code=303)


@bp.post("/<reference>/versions")
@allow(MODERATORS)
@once
def issue_again(reference: str) -> Response:
    """Issue a new version after a revocation."""
    lot, _passport = _found(reference)
    services.issue_again(current_uow(), lot_id=lot.id, issuer=load_issuer(settings()))
    flash(_("A new passport is issued."), "good")
    return redirect(url_for("staff_passports.show", reference=lot.reference), code=303)


def _found(reference: str) -> tuple[Lot, Passport]:
    session = current_uow().session
    if len(reference) > LONGEST or "\x00" in reference:
        raise NotFound
    lot = queries.lot_of_reference(session, normal_reference(reference))
    passport = queries.latest(session, lot_id=lot.id) if lot else None
    if lot is None or passport is None:
        raise NotFound
    return lot, passport


def _wanted_lots() -> Sequence[Lot]:
    session = current_uow().session
    typed = request.args.get("references", "").replace("\x00", "")[:LONGEST_LIST]
    references = [normal_reference(each) for each in re.split(r"[\s,;]+", typed) if each]
    if references:
        return queries.lots_to_label(session, references=references[: queries.PAGE])
    first, last = (request.args.get(name, "").replace("\x00", "").strip()[:LONGEST] for name in ("first", "last"))
    return queries.lots_of_tags(session, first=first, last=last) if first and last else ()


def _list(*, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    asked = request.args.get("reference", "").replace("\x00", "").strip()[:LONGEST]
    found = queries.newest_passports(
        current_uow().session,
        before=_cursor(request.args.get("before", "")),
        reference=normal_reference(asked) if asked else "",
    )
    shown = found[: queries.PAGE]
    revoked = {passport.id: queries.revocation_of(current_uow().session, passport) for passport, _lot in shown}
    more = len(found) > queries.PAGE
    return render_template(
        "staff/passports/list.html",
        rows=shown,
        revoked=revoked,
        next_url=url_for("staff_passports.index", before=shown[-1][0].id) if more else None,
        values={"reference": asked, **values},
        errors=errors,
    )


def _one(lot: Lot, passport: Passport, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    return render_template(
        "staff/passports/show.html",
        lot=lot,
        passport=passport,
        revocation=queries.revocation_of(uow.session, passport),
        may_revoke=uow.actor.has_role(StaffRole.MODERATOR),
        values=values,
        errors=errors,
    )


def _cursor(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None  # a cut or made-up cursor shows the first page
