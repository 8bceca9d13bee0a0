"""Tell a cooperative's officers what was decided about what they sent."""

from collections.abc import Mapping, Sequence

from marketplace.compliance.letters import tell_officers
from marketplace.moderation.models import ModerationCase
from marketplace.moderation.reasons import Reason
from marketplace.unit_of_work import UnitOfWork

_TEMPLATE: Mapping[tuple[str, str], str] = {
    ("lot", "approve"): "lot_approved",
    ("lot", "changes"): "lot_changes",
    ("lot", "refuse"): "lot_refused",
    ("cooperative", "approve"): "cooperative_approved",
    ("cooperative", "changes"): "cooperative_changes",
    ("cooperative", "refuse"): "cooperative_refused",
}


def tell_decision(uow: UnitOfWork, case: ModerationCase, *, verdict: str, reasons: Sequence[Reason], note: str) -> None:
    """Send the statement of reasons; each officer reads it in her language."""
    tell_officers(
        uow,
        case.cooperative_id,
        template=_TEMPLATE[case.kind, verdict],
        params={
            "title": case.title,
            "reference": case.reference,
            "reasons": [reason.text for reason in reasons],
            "note": note,
            "link": uow.settings.base_url.rstrip("/") + _path_of(case),
            "appeal": f"{uow.settings.base_url.rstrip('/')}/cooperative/appeals/{case.id}",
        },
    )


def tell_appeal(uow: UnitOfWork, case: ModerationCase, *, outcome: str, answer: str) -> None:
    """Send the answer to an appeal."""
    tell_officers(
        uow,
        case.cooperative_id,
        template="appeal_upheld" if outcome == "uphold" else "appeal_overturned",
        params={
            "title": case.title,
            "reference": case.reference,
            "answer": answer,
            "link": uow.settings.base_url.rstrip("/") + _path_of(case),
        },
    )


def _path_of(case: ModerationCase) -> str:
    return f"/cooperative/lots/{case.reference}" if case.kind == "lot" else f"/sell/cooperatives/{case.reference}"
