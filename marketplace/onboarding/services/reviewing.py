"""Two people decide about an application: each names the content she saw, and neither wrote a part of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from marketplace.compliance import services as compliance
from marketplace.compliance.letters import tell_officers
from marketplace.compliance.models import Cooperative
from marketplace.compliance.services import SamePerson
from marketplace.core.actor import Actor, StaffRole
from marketplace.core.errors import Forbidden, InvalidInput, VersionChanged
from marketplace.core.text import N_
from marketplace.moderation.checklists import check_answers, checklist_for
from marketplace.moderation.reasons import Reason, check_reasons
from marketplace.onboarding import answers as reading
from marketplace.onboarding.completeness import missing
from marketplace.onboarding.errors import NotComplete, OwnApplication
from marketplace.onboarding.models import CooperativeApplication
from marketplace.onboarding.queries import facts_of
from marketplace.onboarding.renewals import approval_ends
from marketplace.onboarding.services.applications import clear_first, lock
from marketplace.onboarding.transitions import Action, Row, State, Who, row_for
from marketplace.unit_of_work import UnitOfWork

LONGEST_NOTE: Final = 2000


class Answer(NamedTuple):
    """A negative answer: the digest of the content it is about, codes of reasons, and words for the applicant."""

    sha256: str
    reasons: Sequence[str]
    note: str


class _Negative(NamedTuple):
    """What a negative answer does: the move, the verdict its reasons fit, the change of the record, the letter."""

    action: Action
    verdict: str
    in_record: Callable[..., None]
    template: str


_RETURN: Final = _Negative(Action.RETURN, "changes", compliance.request_changes, "cooperative_changes")
_REFUSE: Final = _Negative(Action.REFUSE, "refuse", compliance.refuse, "cooperative_refused")


def approve(
    uow: UnitOfWork, *, application: CooperativeApplication, sha256: str, checklist: Mapping[str, str], note: str
) -> Row:
    """Approve as the first person, or as the second when one has approved: only that lets the cooperative in.

    Raises VersionChanged for another content than the present, OwnApplication, SamePerson, InvalidInput for a
    checklist with gaps, and NotComplete when something is missing. Return the move that was made.
    """
    cooperative = _locked(uow, application)
    is_second = application.first_by is not None
    row = row_for(application.state, Action.CONFIRM if is_second else Action.APPROVE)
    _check_person(uow.actor, application, cooperative, row)
    _check_version(application, sha256)
    answers = check_answers(checklist_for("cooperative"), checklist, verdict="approve")
    note = _note(note)
    lacking = missing(facts_of(uow.session, application, now=uow.now))
    if lacking:
        raise NotComplete(lacking)
    application.state = row.after.value
    if not is_second:
        application.first_by, application.first_at, application.first_note = uow.person(), uow.now, note
        _remember(uow, application)
        uow.record(
            "cooperative_application.approve",
            application,
            cooperative,
            note=note,
            checklist=answers,
            hashes={"content": sha256},
        )
        return row
    _let_in(uow, application, cooperative, note=note)
    uow.record(
        "cooperative_application.confirm",
        application,
        cooperative,
        note=note,
        checklist=answers,
        renewal_due=application.renewal_due_on,
        hashes={"content": sha256},
    )
    return row


def send_back(uow: UnitOfWork, *, application: CooperativeApplication, answer: Answer) -> None:
    """Return the application with reasons: the applicant changes it and hands it in again."""
    _answer(uow, application, _RETURN, answer)


def refuse(uow: UnitOfWork, *, application: CooperativeApplication, answer: Answer) -> None:
    """Refuse the application with reasons; an approved cooperative stays so until its approval ends."""
    _answer(uow, application, _REFUSE, answer)


def may_decide(actor: Actor, application: CooperativeApplication, cooperative: Cooperative) -> bool:
    """Tell whether the actor may take the next decision about a handed-in application."""
    involved = {*application.writers, application.first_by, cooperative.created_by}
    is_involved = actor.user_id in involved or str(actor.user_id) in application.barred
    return actor.has_role(StaffRole.MODERATOR) and not is_involved and cooperative.id not in actor.memberships


def _let_in(uow: UnitOfWork, application: CooperativeApplication, cooperative: Cooperative, *, note: str) -> None:
    today = uow.now.date()
    application.second_by, application.second_at = uow.person(), uow.now
    _remember(uow, application)
    application.renewal_due_on = approval_ends(today)
    if application.kind == "first":
        compliance.approve(uow, cooperative=cooperative, note=note)
    else:
        told = reading.application_of(application.answers, today=today)
        compliance.take_over(uow, cooperative=cooperative, application=told)
    template = "cooperative_approved" if application.kind == "first" else "cooperative_renewed"
    _tell(uow, application, cooperative, template=template, note=note, until=application.renewal_due_on)


def _answer(uow: UnitOfWork, application: CooperativeApplication, kind: _Negative, answer: Answer) -> None:
    """Check and keep a negative answer, and write it to the officers."""
    cooperative = _locked(uow, application)
    row = row_for(application.state, kind.action)
    _check_person(uow.actor, application, cooperative, row)
    _check_version(application, answer.sha256)
    chosen = check_reasons(answer.reasons, kind="cooperative", verdict=kind.verdict, note=answer.note)
    note = answer.note.strip()
    application.state = row.after.value
    application.reasons = [{"code": each.code, "text": each.text, "field": each.field} for each in chosen]
    application.answer_note = note
    application.answered_by, application.answered_at = uow.person(), uow.now
    _remember(uow, application)
    clear_first(application)
    if application.kind == "first":
        kind.in_record(uow, cooperative=cooperative, note=note)
    codes, hashes = [reason.code for reason in chosen], {"content": answer.sha256}
    if kind is _RETURN:
        uow.record("cooperative_application.return", application, cooperative, reasons=codes, note=note, hashes=hashes)
    else:
        uow.record("cooperative_application.refuse", application, cooperative, reasons=codes, note=note, hashes=hashes)
    _tell(uow, application, cooperative, template=kind.template, reasons=chosen, note=note)


def _remember(uow: UnitOfWork, application: CooperativeApplication) -> None:
    """Note who decided in it: an appeal is answered by somebody else."""
    application.deciders = sorted({*application.deciders, str(uow.person())})


def _locked(uow: UnitOfWork, application: CooperativeApplication) -> Cooperative:
    lock(uow, application)
    return uow.session.get_one(Cooperative, application.cooperative_id)


def _check_person(actor: Actor, application: CooperativeApplication, cooperative: Cooperative, row: Row) -> None:
    if not actor.has_role(StaffRole.MODERATOR):
        raise Forbidden
    if row.who is Who.SECOND and actor.user_id == application.first_by:
        raise SamePerson
    if not may_decide(actor, application, cooperative):
        raise OwnApplication


def _check_version(application: CooperativeApplication, sha256: str) -> None:
    if application.content_sha256 != sha256:
        raise VersionChanged


def _note(note: str) -> str:
    if len(note) > LONGEST_NOTE:
        raise InvalidInput({"note": N_("Use at most 2,000 letters.")})
    return note.strip()


def _tell(
    uow: UnitOfWork,
    application: CooperativeApplication,
    cooperative: Cooperative,
    *,
    template: str,
    reasons: Sequence[Reason] = (),
    **more: object,
) -> None:
    page = f"{uow.settings.base_url.rstrip('/')}/sell/applications/{application.reference}"
    params = {
        "title": cooperative.legal_name,
        "reference": cooperative.reference,
        "reasons": [reason.text for reason in reasons],
        "link": page,
        "appeal": f"{page}/appeal" if application.state == State.REFUSED else "",
        **more,
    }
    tell_officers(uow, cooperative.id, template=template, params=params)
