"""The incidents of the cooperative's own sites: risk, plan and state, and nothing of who told of them."""

from flask import Blueprint, render_template

from marketplace.http.access import MEMBER, allow
from marketplace.http.context import current_uow
from marketplace.incidents import queries
from marketplace.incidents.transitions import ENDED, STATE_WORDS
from marketplace.incidents.words import RESPONSES, SEVERE, SEVERITIES, risks

bp = Blueprint("cooperative_incidents", __name__, url_prefix="/cooperative/incidents")


@bp.get("")
@allow(MEMBER)
def index() -> str:
    """List the incidents of the cooperatives this officer acts for."""
    uow = current_uow()
    return render_template(
        "cooperative/incidents/list.html", rows=queries.incidents_of_member(uow.session, uow.actor), **_words()
    )


@bp.get("/<reference>")
@allow(MEMBER)
def show(reference: str) -> str:
    """Show one incident with its plan; what was told and by whom stays with Pact."""
    uow = current_uow()
    place = queries.place_of_member(uow.session, reference, uow.actor)
    incident = place.incident
    return render_template(
        "cooperative/incidents/incident.html",
        incident=incident,
        site=place.site,
        steps=queries.steps_of(uow.session, incident.id),
        stops=incident.severity == SEVERE and incident.state not in ENDED,
        today=uow.now.date(),
        **_words(),
    )


def _words() -> dict[str, object]:
    return {
        "risks": risks(),
        "responses": RESPONSES,
        "severities": {each.code: each for each in SEVERITIES},
        "states": {state.value: words for state, words in STATE_WORDS.items()},
    }
