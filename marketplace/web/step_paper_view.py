"""The papers of a step of an application in words, with the address where an officer sends each."""

from typing import Any, Final

from flask import url_for

from marketplace.compliance.document_kinds import document_kinds
from marketplace.compliance.models import Cooperative
from marketplace.core.text import N_
from marketplace.http.context import current_uow
from marketplace.onboarding.step_papers import Standing, StepPaper, papers_of_step
from marketplace.onboarding.steps import Step

WORDS: Final = {
    Standing.MISSING: (N_("Missing"), "bad"),
    Standing.PENDING: (N_("Waits for Pact"), "info"),
    Standing.ACCEPTED: (N_("Accepted"), "good"),
    Standing.REJECTED: (N_("Refused: send it again"), "bad"),
    Standing.EXPIRED: (N_("Over: send the new one"), "warn"),
}
_OPTIONAL: Final = (N_("If you have one"), "info")


def step_papers(step: Step, cooperative: Cooperative) -> list[dict[str, Any]]:
    """Return what a page shows of the papers of a step."""
    uow = current_uow()
    may_send = uow.actor.may_write_for(cooperative.id)
    return [_line(paper, cooperative, may_send=may_send) for paper in papers_of_step(uow.session, step, cooperative)]


def _line(paper: StepPaper, cooperative: Cooperative, *, may_send: bool) -> dict[str, Any]:
    is_optional = paper.standing is Standing.MISSING and not paper.is_needed
    words, tone = _OPTIONAL if is_optional else WORDS[paper.standing]
    owner = f"site:{paper.site.reference}" if paper.site is not None else f"cooperative:{cooperative.reference}"
    return {
        "label": document_kinds()[paper.kind].label,
        "site": paper.site.name if paper.site is not None else "",
        "words": words,
        "tone": tone,
        "href": url_for("cooperative_documents.new", owner=owner, kind=paper.kind) if may_send else None,
    }
