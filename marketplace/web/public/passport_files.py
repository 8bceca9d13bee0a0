"""What is downloaded of a passport, and what verifiers fetch: the issuer's keys, the status lists, our own terms."""

from typing import Final

from flask import Blueprint, Response, jsonify

from marketplace.audit.refusals import LogRefused, NotSignedYet
from marketplace.audit.verify.did_web import did_of
from marketplace.audit.verify.documents import canonical_bytes
from marketplace.core.errors import Conflict, NotFound
from marketplace.custody.queries import record_of_lot
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow, settings
from marketplace.http.languages import translate as _
from marketplace.http.languages import written_language
from marketplace.lots.models import Lot
from marketplace.passport import published, queries
from marketplace.passport.credentials import journey_document, own_context
from marketplace.passport.keys import PassportKeyRefused, load_issuer
from marketplace.passport.models import Passport
from marketplace.passport.qr import svg_of
from marketplace.passport.typesetting import passport_pdf
from marketplace.web.custody_words import journey_of
from marketplace.web.filters import percent
from marketplace.web.passport_view import NOT_YET, facts_of, split_of, verdict_of
from marketplace.web.public.passport import (
    CREDENTIAL,
    LINKED_DATA,
    LINKS,
    TOKEN_TYPE,
    found_passport,
    found_version,
    link_set,
)

bp = Blueprint("passport_files", __name__)
NEVER_CHANGES: Final = "public, max-age=31536000, immutable"
CHANGES: Final = "public, max-age=300"
LARGEST_LIST: Final = 2**40
MOST_STEPS_PRINTED: Final = 14


@bp.get("/l/<reference>/<any('passport.json', 'passport.jwt', events, bundle):name>")
@allow(PUBLIC)
def newest(reference: str, name: str) -> Response:
    """Give a file of the newest version."""
    lot, passport = found_passport(reference)
    return _file(lot, passport, name, kept=CHANGES)


@bp.get("/l/<reference>/v/<int:number>/<any('passport.json', 'passport.jwt', events, bundle):name>")
@allow(PUBLIC)
def of_version(reference: str, number: int, name: str) -> Response:
    """Give a file of one version; what was signed never changes, but the bundle's proof and status list do."""
    lot, _newest = found_passport(reference)
    return _file(lot, found_version(lot, number), name, kept=CHANGES if name == "bundle" else NEVER_CHANGES)


@bp.get("/l/<reference>/linkset")
@allow(PUBLIC)
def links(reference: str) -> Response:
    """Answer with the links of the newest version (RFC 9264)."""
    lot, passport = found_passport(reference)
    answer = jsonify(link_set(lot.reference, passport))
    answer.mimetype = LINKS
    return _kept(answer, CHANGES)


@bp.get("/l/<reference>/traceability")
@allow(PUBLIC)
def traceability(reference: str) -> Response:
    """Tell what happened to the lot until now as UNTP does; the version's own events are those of EPCIS."""
    lot, _newest = found_passport(reference)
    record = record_of_lot(current_uow().session, lot_id=lot.id)
    if record is None:
        raise NotFound
    base = settings().base_url
    document = journey_document(record, base_url=base, issuer=did_of(base))
    return _kept(Response(canonical_bytes(document, what="journey"), mimetype=LINKED_DATA), CHANGES)


@bp.get("/l/<reference>/qr.svg")
@allow(PUBLIC)
def code(reference: str) -> Response:
    """Give the QR code of the passport's address."""
    lot, _newest = found_passport(reference)
    picture = svg_of(settings().base_url, reference=lot.reference)
    return _kept(Response(picture, mimetype="image/svg+xml"), CHANGES)


@bp.get("/l/<reference>/pdf")
@allow(PUBLIC)
def pdf(reference: str) -> Response:
    """Give the passport on one A4 page."""
    lot, passport = found_passport(reference)
    record = record_of_lot(current_uow().session, lot_id=lot.id)
    verdict = verdict_of(passport, newest=passport, record=record)
    steps = journey_of(record).steps if record else ()
    view = {
        "language": written_language(),
        "heading": _("Passport of lot %(reference)s", reference=lot.reference),
        "verdict": verdict.sentence,
        "meaning": verdict.meaning,
        "qr": svg_of(settings().base_url, reference=lot.reference),
        "qr_words": _("QR code of the address of this passport"),
        "reference": lot.reference,
        "facts": facts_of(record, passport) if record else [],
        "split_label": _("Who gets what of the first sale"),
        "split": [
            {"label": _(part.label), "share": int(part.amount.minor), "percent": percent(part.share)}
            for part in (split_of(record) if record else ())
        ],
        "journey_label": _("Journey"),
        "steps": [f"{step.title}, {step.happened}, {step.where}" for step in steps[-MOST_STEPS_PRINTED:]],
        "compare": _("Compare the photo on the page with the stone in your hand. Scan the code to see it.")
        if record is not None and record.kind == "gem"
        else _("Compare the photo on the page with the goods in your hand. Scan the code to see it."),
        "sha256": passport.credential_sha256,
    }
    answer = Response(passport_pdf(view, issued_at=passport.issued_at), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="passport-{lot.reference}.pdf"'
    return _kept(answer, CHANGES)


@bp.get("/.well-known/did.json")
@allow(PUBLIC)
def did() -> Response:
    """Answer with the issuer's document: every key that ever signed passports here."""
    uow = current_uow()
    answer = jsonify(published.issuer_document(uow.session, did=did_of(settings().base_url)))
    answer.mimetype = "application/did+json"
    return _kept(answer, CHANGES)


@bp.get("/status-lists/<int:number>")
@allow(PUBLIC)
def status_list(number: int) -> Response:
    """Answer with a signed list of revoked passports (Bitstring Status List 1.0)."""
    uow = current_uow()
    if number > LARGEST_LIST or not queries.has_list(uow.session, number=number):
        raise NotFound
    try:
        issuer = load_issuer(settings())
    except PassportKeyRefused as error:
        raise NotFound from error
    base = settings().base_url
    content = published.signed_list(uow.session, number=number, issuer=issuer, base_url=base, now=uow.clock.wall())
    return _kept(Response(content, mimetype=CREDENTIAL), CHANGES)


@bp.get("/contexts/passport/v1")
@allow(PUBLIC)
def context() -> Response:
    """Answer with the meaning of our own terms; this address never says anything else."""
    answer = jsonify(own_context(settings().base_url))
    answer.mimetype = LINKED_DATA
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return _kept(answer, NEVER_CHANGES)


def _file(lot: Lot, passport: Passport, name: str, *, kept: str) -> Response:
    if name == "bundle":
        answer = Response(_bundle(passport), mimetype="application/zip")
        named = f"passport-{lot.reference}-v{passport.number}.zip"
        answer.headers["Content-Disposition"] = f'attachment; filename="{named}"'
    elif name == "passport.json":
        answer = Response(passport.credential, mimetype=CREDENTIAL)
    elif name == "passport.jwt":
        answer = Response(passport.token, mimetype=TOKEN_TYPE)
    else:
        answer = Response(passport.events, mimetype=LINKED_DATA)
    return _kept(answer, kept)


def _bundle(passport: Passport) -> bytes:
    uow = current_uow()
    try:
        issuer = load_issuer(settings())
        base = settings().base_url
        members = published.bundle_members(
            uow.session, passport=passport, issuer=issuer, base_url=base, now=uow.clock.wall()
        )
    except (NotSignedYet, LogRefused, PassportKeyRefused) as error:
        raise Conflict(NOT_YET) from error
    return published.zipped(members)


def _kept(answer: Response, how: str) -> Response:
    answer.headers["Cache-Control"] = how
    return answer
