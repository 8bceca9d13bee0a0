"""The page behind the QR code of a bag: is this lot's record genuine, what is it, and what happened to it."""

from typing import Any, Final

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.errors import NotFound
from marketplace.core.ids import normal_reference
from marketplace.custody.queries import record_of_lot
from marketplace.http.access import PUBLIC, allow
from marketplace.http.context import current_uow, settings
from marketplace.lots.models import Lot
from marketplace.passport import queries
from marketplace.passport.addresses import page_of, traceability_of, version_of
from marketplace.passport.icglr_public import is_covered
from marketplace.passport.models import Passport
from marketplace.web.custody_words import journey_of
from marketplace.web.passport_view import facts_of, split_of, verdict_of
from marketplace.web.public.cards import photo_url
from marketplace.web.public.etags import page_tag

bp = Blueprint("passport", __name__)
LONGEST_REFERENCE: Final = 40
LARGEST_NUMBER: Final = 2**31 - 1
HTML, JSON, CREDENTIAL, LINKS = "text/html", "application/json", "application/vc", "application/linkset+json"
LINKED_DATA: Final = "application/ld+json"
TOKEN_TYPE: Final = "application/vc+jwt"  # noqa: S105 - a media type


@bp.get("/l/<reference>")
@allow(PUBLIC)
def show(reference: str) -> Response:
    """Show the newest version, verdict first; programs get the credential or the links they ask for."""
    lot, newest = found_passport(reference)
    if reference != lot.reference:
        return redirect(url_for("passport.show", reference=lot.reference), code=301)
    return _negotiated(lot, newest, newest=newest)


@bp.get("/L/<reference>")
@allow(PUBLIC)
def scanned(reference: str) -> Response:
    """Lead from the address in capitals, as QR codes have it, to the page."""
    lot, _newest = found_passport(reference)
    return redirect(url_for("passport.show", reference=lot.reference), code=301)


@bp.get("/l/<reference>/v/<int:number>")
@allow(PUBLIC)
def version(reference: str, number: int) -> Response:
    """Show one version; an old one stays here for ever and says that it is old."""
    lot, newest = found_passport(reference)
    return _negotiated(lot, found_version(lot, number), newest=newest)


def found_passport(reference: str) -> tuple[Lot, Passport]:
    """Return a lot and its newest passport; raises NotFound."""
    session = current_uow().session
    if len(reference) > LONGEST_REFERENCE or "\x00" in reference:
        raise NotFound
    lot = queries.lot_of_reference(session, normal_reference(reference))
    newest = queries.latest(session, lot_id=lot.id) if lot is not None else None
    if lot is None or newest is None:
        raise NotFound
    return lot, newest


def found_version(lot: Lot, number: int) -> Passport:
    """Return a version of a lot's passport; raises NotFound."""
    found = queries.version(current_uow().session, lot_id=lot.id, number=min(number, LARGEST_NUMBER))
    if found is None:
        raise NotFound
    return found


def _negotiated(lot: Lot, passport: Passport, *, newest: Passport) -> Response:
    # What a browser sends with */* is a page; who names a format gets it.
    wanted = request.accept_mimetypes.best_match((HTML, CREDENTIAL, LINKS, JSON, TOKEN_TYPE), default=HTML)
    if wanted == LINKS:
        answer = jsonify(link_set(lot.reference, passport))
        answer.mimetype = LINKS
    elif wanted == TOKEN_TYPE:
        answer = make_response(passport.token)
        answer.mimetype = TOKEN_TYPE
    elif wanted in (CREDENTIAL, JSON):
        answer = make_response(passport.credential)
        answer.mimetype = str(wanted)
    else:
        return _page(lot, passport, newest=newest)
    answer.headers["Vary"] = "Accept"
    answer.headers["Cache-Control"] = "public, no-cache"
    answer.set_etag(page_tag(passport.credential_sha256, str(wanted)))
    return answer.make_conditional(request)


def _page(lot: Lot, passport: Passport, *, newest: Passport) -> Response:
    session = current_uow().session
    record = record_of_lot(session, lot_id=lot.id)
    verdict = verdict_of(passport, newest=newest, record=record)
    is_newest = passport.number == newest.number
    shown = record if is_newest else None
    body = render_template(
        "public/passport/page.html",
        lot=lot,
        passport=passport,
        newest=newest,
        verdict=verdict,
        revocation=queries.revocation_of(session, passport),
        record=shown,
        facts_shown=facts_of(shown, passport) if shown else [],
        split=split_of(shown) if shown else [],
        journey=journey_of(shown) if shown else None,
        photo=photo_url(shown.photo_sha256s[0], 800) if shown and shown.photo_sha256s else None,
        address=page_of(settings().base_url, reference=lot.reference),
        has_icglr=shown is not None and is_covered(shown),
    )
    answer = make_response(body)
    answer.headers["Vary"] = "Accept"
    answer.headers["Link"] = (
        f'<{url_for("passport_files.links", reference=lot.reference)}>; rel="linkset"; type="{LINKS}"'
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(page_tag(passport.credential_sha256, newest.credential_sha256, body))
    return answer.make_conditional(request)


def link_set(reference: str, passport: Passport) -> dict[str, Any]:
    """Return where each form of the passport stands (RFC 9264)."""
    base = settings().base_url
    page = page_of(base, reference=reference)
    here = version_of(base, reference=reference, number=passport.number)
    anchor: dict[str, Any] = {
        "anchor": page,
        "self": [{"href": f"{page}/linkset", "type": LINKS}],
        "describedby": [
            {"href": f"{here}/passport.json", "type": CREDENTIAL, "title": "Passport, Data Integrity"},
            {"href": f"{here}/passport.jwt", "type": TOKEN_TYPE, "title": "Passport, vc+jwt"},
            {"href": f"{here}/events", "type": LINKED_DATA, "title": "Events, EPCIS 2.0"},
            {
                "href": traceability_of(base, reference=reference),
                "type": LINKED_DATA,
                "title": "Events until now, UNTP 0.7.0",
            },
        ],
        "item": [{"href": f"{here}/bundle", "type": "application/zip", "title": "Everything, to check without us"}],
        "alternate": [{"href": page, "type": HTML}, {"href": f"{page}/pdf", "type": "application/pdf"}],
        "latest-version": [{"href": page, "type": HTML}],
    }
    if passport.number > 1:
        before = version_of(base, reference=reference, number=passport.number - 1)
        anchor["predecessor-version"] = [{"href": before, "type": HTML}]
    return {"linkset": [anchor]}
