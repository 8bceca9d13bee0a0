"""A cooperative's payout statements, each member's part, and how it is shared."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import cooperatives_of_member
from marketplace.core.actor import MemberRole
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.text import N_
from marketplace.http.access import MEMBER, Rule, allow
from marketplace.http.context import current_uow
from marketplace.http.idempotency import once
from marketplace.http.languages import translate as _
from marketplace.http.languages import translate_error
from marketplace.papers import queries, services
from marketplace.papers.models import Paper
from marketplace.papers.sharing import MOST_MEMBERS, read_members
from marketplace.web.paper_view import paper_links, paper_page, paper_pdf, paper_words

bp = Blueprint("cooperative_papers", __name__, url_prefix="/cooperative/papers")
SIGNATORY = Rule("signatory", member=frozenset({MemberRole.SIGNATORY}))
ROWS_MORE = 5


@bp.get("")
@allow(MEMBER)
def index() -> str:
    """List the payout statements, and say how each cooperative shares."""
    uow = current_uow()
    before = _cursor(request.args.get("before", ""))
    found = queries.statements(uow.session, cooperative_ids=uow.actor.memberships.keys(), before=before)
    shown = found[: queries.PAGE]
    return render_template(
        "cooperative/papers/list.html",
        papers=paper_links(shown, "cooperative_papers.paper"),
        next_before=shown[-1].id if len(found) > queries.PAGE else None,
        cooperatives=cooperatives_of_member(uow.session, uow.actor),
    )


@bp.get("/<number>")
@allow(MEMBER)
def paper(number: str) -> str:
    """Show a statement with the members' parts by name."""
    found = _own(number)
    back = (_("Payout statements"), url_for("cooperative_papers.index"))
    pdf_address = url_for("cooperative_papers.pdf", number=found.number)
    return paper_page(found, back=back, pdf=pdf_address, names=_names(found), slips="cooperative_papers.slip")


@bp.get("/<number>/pdf")
@allow(MEMBER)
def pdf(number: str) -> Response:
    """Give a statement to keep."""
    found = _own(number)
    return paper_pdf(found, names=_names(found))


@bp.get("/<number>/members/<code>")
@allow(MEMBER)
def slip(number: str, code: str) -> str:
    """Show one member's part on a page of its own, to print and hand over."""
    found = _own(number)
    words = paper_words(found, names=_names(found))
    member = next((row for row in words["members"] if row["code"] == code), None)
    if member is None:
        raise NotFound
    return render_template("cooperative/papers/slip.html", paper=words, member=member, number=found.number)


@bp.get("/sharing/<reference>")
@allow(MEMBER)
def sharing(reference: str) -> str:
    """Show how a cooperative shares its payouts, and let a signatory change it."""
    cooperative = _cooperative(reference)
    rule = queries.sharing_rule(current_uow().session, cooperative.id)
    values: dict[str, str] = {}
    for place, member in enumerate(rule.members if rule else (), start=1):
        values |= {f"name-{place}": member["name"], f"weight-{place}": str(member["weight"])}
    return _sharing_page(cooperative, values, {}, rows=len(rule.members) if rule else 0)


@bp.post("/sharing/<reference>")
@allow(SIGNATORY)
@once
def share(reference: str) -> Response | tuple[str, int]:
    """Change how the next payouts are shared."""
    cooperative, uow = _cooperative(reference), current_uow()
    if uow.actor.memberships.get(cooperative.id) is not MemberRole.SIGNATORY:
        raise NotFound
    try:
        members = read_members(request.form, rows=MOST_MEMBERS)
    except InvalidInput as refused:
        errors = {name: translate_error(error) for name, error in refused.fields.items()}
        filled = sum(1 for name, value in request.form.items() if name.startswith("name-") and value.strip())
        return _sharing_page(cooperative, request.form, errors, rows=filled), 422
    services.enter_sharing_rule(uow, cooperative_id=cooperative.id, members=members)
    flash(_(N_("Saved. The next payouts are shared like this.")), "good")
    return redirect(url_for("cooperative_papers.index"), code=303)


def _sharing_page(cooperative: Cooperative, values: Mapping[str, str], errors: Mapping[str, str], *, rows: int) -> str:
    return render_template(
        "cooperative/papers/sharing.html",
        cooperative=cooperative,
        values=values,
        errors=errors,
        rows=min(rows + ROWS_MORE, MOST_MEMBERS),
        may_change=current_uow().actor.memberships.get(cooperative.id) is MemberRole.SIGNATORY,
    )


def _own(number: str) -> Paper:
    uow = current_uow()
    return queries.paper_of_cooperatives(uow.session, number, cooperative_ids=uow.actor.memberships.keys())


def _names(paper: Paper) -> dict[str, str]:
    return queries.names_of(current_uow().session, paper.content.get("sharing_rule", ""))


def _cooperative(reference: str) -> Cooperative:
    uow = current_uow()
    found = cooperatives_of_member(uow.session, uow.actor)
    cooperative = next((each for each in found if each.reference == reference), None)
    if cooperative is None:
        raise NotFound
    return cooperative


def _cursor(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None  # a cut or made-up cursor shows the first page
