"""Lists of conflict-affected and high-risk areas: which counts, which sites lie in one, and a new edition."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from marketplace.compliance.models import MineSite
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.http.languages import translate as _
from marketplace.incidents.cahra import HEADER, LARGEST_BYTES, area_of
from marketplace.incidents.services import areas
from marketplace.incidents.services.areas import EditionKnown
from marketplace.web.account.places import field_errors

bp = Blueprint("staff_areas", __name__, url_prefix="/staff/conflict-areas")
READERS = staff(StaffRole.MODERATOR, StaffRole.AUDITOR)
MODERATORS = staff(StaffRole.MODERATOR)
MOST_SITES = 500
Page = Response | str | tuple[str, int]


@bp.get("")
@allow(READERS)
def index() -> str:
    """Show the list that counts, and the sites it touches."""
    return _page(errors={})


@bp.post("")
@allow(MODERATORS)
def add() -> Page:
    """Import an edition; a cut or malformed file changes nothing."""
    file = request.files.get("file")
    raw = file.read(LARGEST_BYTES + 1) if file else b""
    if not raw:
        return _page(errors={"file": _(N_("Choose the file: a list that ends in .csv."))}), 422
    try:
        row = areas.import_edition(current_uow(), raw=raw)
    except InvalidInput as error:
        return _page(errors=field_errors(error)), 422
    except EditionKnown as error:
        return _page(errors={"file": _(error.message)}), 422
    flash(_(N_("The list is imported. Its areas: %(number)s."), number=row.rows), "good")
    return redirect(url_for(".index"), code=303)


def _page(*, errors: dict[str, str]) -> str:
    uow = current_uow()
    edition, today = areas.edition_in_force(uow.session), uow.now.date()
    sites = uow.session.scalars(select(MineSite).order_by(MineSite.country, MineSite.name).limit(MOST_SITES))
    found = (
        (site, area_of(edition.areas, country=site.country, region=site.region, district=site.district, on=today))
        for site in sites
    )
    return render_template(
        "staff/incidents/areas.html",
        edition=edition,
        touched=[(site, area) for site, area in found if area is not None],
        header=",".join(HEADER),
        may_import=uow.actor.has_role(StaffRole.MODERATOR),
        errors=errors,
    )
