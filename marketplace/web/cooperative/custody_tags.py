"""The cooperative's own tags: what it has, and which are broken or lost."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import cooperative_of_member
from marketplace.custody import tag_queries as queries
from marketplace.http.access import MEMBER, WRITER, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.web.tag_forms import cursor_after, outcome_choices, range_cursor, take_out_from_form

bp = Blueprint("cooperative_tags", __name__, url_prefix="/cooperative/tags")


@bp.get("/<reference>")
@allow(MEMBER)
def show(reference: str) -> str:
    """Show the ranges of a cooperative and how many tags are left."""
    return _page(_own(reference), values={}, errors={})


@bp.post("/<reference>/gone")
@allow(WRITER)
@once
def take_out(reference: str) -> Response | tuple[str, int]:
    """Record that a tag is void or lost, with the reason."""
    cooperative = _own(reference)
    errors = take_out_from_form(cooperative)
    if errors:
        return _page(cooperative, values=request.form, errors=errors), 422
    flash(_("Recorded. Nobody can use this tag any more."), "good")
    return redirect(url_for("cooperative_tags.show", reference=cooperative.reference), code=303)


def _own(reference: str) -> Cooperative:
    uow = current_uow()
    return cooperative_of_member(uow.session, reference, uow.actor)


def _page(cooperative: Cooperative, *, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    uow = current_uow()
    after = range_cursor(request.args.get("after", ""))
    found = queries.page_of_ranges(uow.session, cooperative_id=cooperative.id, after=after)
    rows = found[: queries.PAGE]
    more = len(found) > queries.PAGE
    here = url_for("cooperative_tags.show", reference=cooperative.reference)
    return render_template(
        "custody/tags.html",
        cooperative=cooperative,
        rows=rows,
        next_url=f"{here}?after={cursor_after(rows[-1].range).replace('+', '%2B')}" if more else None,
        outcomes=outcome_choices(),
        may_change=uow.actor.may_write_for(cooperative.id),
        action=url_for("cooperative_tags.take_out", reference=cooperative.reference),
        values=values,
        errors=errors,
    )
