"""Tell a cooperative's officers what was decided about what they sent."""

from collections.abc import Mapping, Sequence

from marketplace.accounts.models import User
from marketplace.compliance.letters import officers_told, tell_officers
from marketplace.lots.edit_classes import EditClass
from marketplace.moderation.models import ModerationCase
from marketplace.moderation.reason_texts import words_of
from marketplace.moderation.reasons import APPEAL_OPEN_FOR, Reason
from marketplace.notifications.services import tell
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
    """Send the statement of reasons: fact, rule, how to mend it, how and until when to appeal.

    Each officer reads it in her own language.
    """
    base = uow.settings.base_url.rstrip("/")
    for officer in officers_told(uow.session, case.cooperative_id):
        language = uow.session.get_one(User, officer.user_id).language
        tell(
            uow,
            user_id=officer.user_id,
            template=_template_of(case, verdict),
            params={
                "name": officer.name,
                "title": case.title,
                "reference": case.reference,
                "reasons": [words_of(reason, language=language).sentences for reason in reasons],
                "note": note,
                "link": base + _path_of(case),
                "appeal": f"{base}/cooperative/appeals/{case.id}",
                "until": (uow.now + APPEAL_OPEN_FOR).date(),
            },
        )


def _template_of(case: ModerationCase, verdict: str) -> str:
    """Return the letter: of a change of a lot on sale the lot itself is not refused."""
    if verdict == "refuse" and case.edit_class:
        return "lot_changes" if case.edit_class == EditClass.COSMETIC else "lot_edit_refused"
    return _TEMPLATE[case.kind, verdict]


def tell_expired(uow: UnitOfWork, case: ModerationCase, *, days: int, is_on_sale: bool) -> None:
    """Tell that a case was closed because nobody answered what Pact asked for."""
    tell_officers(
        uow,
        case.cooperative_id,
        template="lot_expired",
        params={
            "title": case.title,
            "reference": case.reference,
            "days": days,
            "is_on_sale": is_on_sale,
            "link": uow.settings.base_url.rstrip("/") + _path_of(case),
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
