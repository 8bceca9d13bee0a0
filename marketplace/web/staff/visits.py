"""Visits as Pact staff record and read them: which places are due, what was seen, and photos that stay inside."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.queries import names_of
from marketplace.compliance import vocabulary as words
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.queries import cooperative_for_staff, site_of
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow, file_store, settings
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.incidents.words import risks
from marketplace.onboarding import checklists, visit_queries
from marketplace.onboarding.services import visits
from marketplace.onboarding.visit_answers import MOST_PHOTOS, read_visit
from marketplace.web.account.places import field_errors
from marketplace.web.public.photos import picture_of

bp = Blueprint("staff_visits", __name__, url_prefix="/staff/visits")
READERS = staff(StaffRole.MODERATOR, StaffRole.VERIFIER, StaffRole.AUDITOR)
VISITORS = staff(StaffRole.MODERATOR, StaffRole.VERIFIER)
Page = Response | str | tuple[str, int]
ANSWERS: Final = {checklists.YES: N_("Yes"), checklists.NO: N_("No"), checklists.NOT_APPLICABLE: N_("Does not apply")}


@bp.get("")
@allow(READERS)
def index() -> str:
    """List the mine sites by the day they should be seen again."""
    uow = current_uow()
    return render_template(
        "staff/visits/due.html",
        rows=visit_queries.visits_due(uow.session),
        today=uow.now.date(),
        may_record=uow.actor.has_role(StaffRole.MODERATOR, StaffRole.VERIFIER),
    )


@bp.get("/of/<cooperative_reference>")
@allow(READERS)
def listing(cooperative_reference: str) -> str:
    """List the visits of a cooperative and its sites."""
    uow = current_uow()
    cooperative = cooperative_for_staff(uow.session, cooperative_reference)
    return render_template(
        "staff/visits/list.html",
        cooperative=cooperative,
        rows=visit_queries.visits_of(uow.session, cooperative.id),
        not_well=checklists.not_well,
        may_record=uow.actor.has_role(StaffRole.MODERATOR, StaffRole.VERIFIER),
    )


@bp.get("/of/<cooperative_reference>/new")
@allow(VISITORS)
def new(cooperative_reference: str) -> str:
    """Show the list to tick on a visit; `site` in the address names the site."""
    cooperative, site = _place(cooperative_reference, request.args.get("site", ""))
    person = names_of(current_uow().session, [str(current_uow().actor.user_id)])
    values = {"visitors": next(iter(person.values()), ""), "activity": site.activity if site else ""}
    return _form(cooperative, site, values=values, errors={})


@bp.post("/of/<cooperative_reference>")
@allow(VISITORS)
@once
def record(cooperative_reference: str) -> Page:
    """Record a visit."""
    uow = current_uow()
    cooperative, site = _place(cooperative_reference, request.form.get("site", ""))
    try:
        seen = read_visit(request.form, is_site=site is not None, today=uow.now.date())
        row = visits.record_visit(
            uow, cooperative=cooperative, site=site, seen=seen, photos=_photos(), store=file_store()
        )
    except InvalidInput as error:
        return _form(cooperative, site, values=request.form, errors=field_errors(error)), 422
    flash(_(N_("The visit is recorded.")), "good")
    return redirect(url_for(".show", reference=row.reference), code=303)


@bp.get("/<reference>")
@allow(READERS)
def show(reference: str) -> str:
    """Show a visit without its findings, which are sealed."""
    return _page(reference, findings=None)


@bp.post("/<reference>/findings")
@allow(READERS)
def findings(reference: str) -> str:
    """Open the sealed findings; every look is recorded."""
    uow = current_uow()
    seen = visit_queries.visit_by_reference(uow.session, reference)
    return _page(reference, findings=visits.open_findings(uow, visit=seen.visit))


@bp.get("/<reference>/photos/<sha256>/<int:width>.webp")
@allow(READERS)
def photo(reference: str, sha256: str, width: int) -> Response:
    """Send a photo of this very visit."""
    seen = visit_queries.visit_by_reference(current_uow().session, reference)
    if not any(each["sha256"] == sha256 for each in seen.visit.photos):
        raise NotFound
    return picture_of(sha256, width, is_public=False)


def _place(cooperative_reference: str, site_reference: str) -> tuple[Cooperative, MineSite | None]:
    session = current_uow().session
    cooperative = cooperative_for_staff(session, cooperative_reference)
    return cooperative, site_of(session, cooperative.id, site_reference) if site_reference else None


def _photos() -> list[bytes]:
    """Return the bytes of every photo chosen, one more than is kept, so that too many are told."""
    most = settings().max_upload_bytes
    files = [file for file in request.files.getlist("photos") if file.filename]
    return [file.read(most + 1) for file in files[: MOST_PHOTOS + 1]]


def _form(
    cooperative: Cooperative, site: MineSite | None, *, values: Mapping[str, str], errors: Mapping[str, str]
) -> str:
    checklist = checklists.checklist_for(is_site=site is not None)
    return render_template(
        "staff/visits/new.html",
        cooperative=cooperative,
        site=site,
        items=[{"field": checklists.field_of(item), "item": item} for item in checklist.items],
        statuses=[(entry.code, _(entry.words)) for entry in words.SITE_STATUSES],
        activities=[(entry.code, _(entry.words)) for entry in words.ACTIVITIES],
        most_photos=MOST_PHOTOS,
        values=values,
        errors=errors,
    )


def _page(reference: str, *, findings: str | None) -> str:
    uow = current_uow()
    visit, cooperative, site = visit_queries.visit_by_reference(uow.session, reference)
    answers: Mapping[str, str] = visit.checklist["answers"]
    items = checklists.checklist_for(is_site=site is not None).items
    return render_template(
        "staff/visits/visit.html",
        visit=visit,
        cooperative=cooperative,
        site=site,
        lines=[_line(item, answers[item.code]) for item in items if item.code in answers],
        status=words.words_of(words.SITE_STATUSES, str(visit.site_status)) if site else "",
        recorded_by=names_of(uow.session, [str(visit.recorded_by)]).get(str(visit.recorded_by), ""),
        findings=findings,
        may_open=uow.actor.has_role(StaffRole.MODERATOR),
    )


def _line(item: checklists.Item, answer: str) -> dict[str, Any]:
    return {
        "text": _(item.text),
        "answer": _(ANSWERS[answer]),
        "tone": {checklists.YES: "good", checklists.NO: "bad"}.get(answer, "info"),
        "risk": item.risk if answer == checklists.NO and item.risk in risks() else "",
    }
