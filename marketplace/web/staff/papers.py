"""Every paper issued, and the proof that no number is missing."""

from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.actor import StaffRole
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow, separately
from marketplace.http.languages import translate as _
from marketplace.papers import queries
from marketplace.papers.kinds import TITLES, Kind
from marketplace.web.paper_view import paper_links, paper_page, paper_pdf

bp = Blueprint("staff_papers", __name__, url_prefix="/staff/papers")
READERS = staff(StaffRole.FINANCE, StaffRole.AUDITOR)


@bp.get("")
@allow(READERS)
def index() -> str:
    """List papers of a kind or of all, newest first, with the count of each series of numbers."""
    session = current_uow().session
    asked = request.args.get("kind", "")
    kind = Kind(asked) if asked in set(Kind) else None
    found = queries.all_papers(session, kind=kind, before=_cursor(request.args.get("before", "")))
    shown = found[: queries.PAGE]
    return render_template(
        "staff/papers/list.html",
        papers=paper_links(shown, "staff_papers.paper"),
        next_before=shown[-1].id if len(found) > queries.PAGE else None,
        kind=kind.value if kind else "",
        kinds=[(each.value, _(words)) for each, words in TITLES.items()],
        series=queries.numbering(session),
        titles=TITLES,
    )


@bp.get("/<number>")
@allow(READERS)
def paper(number: str) -> str:
    """Show a paper; the members of a cooperative stay without names."""
    found = queries.paper_by_number(current_uow().session, number)
    back = (_("Papers"), url_for("staff_papers.index"))
    return paper_page(found, back=back, pdf=url_for("staff_papers.pdf", number=found.number))


@bp.get("/<number>/pdf")
@allow(READERS)
def pdf(number: str) -> Response:
    """Give a paper to keep."""
    return paper_pdf(queries.paper_by_number(current_uow().session, number))


@bp.after_request
def _note_reading(answer: Response) -> Response:
    """Note who read a paper, which names and places a buyer; only now, since the request itself is read-only."""
    number = (request.view_args or {}).get("number")
    if number is not None and answer.status_code == 200:
        with separately(current_uow().actor) as noting:
            noting.record("paper.read", queries.paper_by_number(noting.session, number))
    return answer


def _cursor(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None  # a cut or made-up cursor shows the first page
