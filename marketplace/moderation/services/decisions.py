"""One reviewer decides about one version; only an approval publishes, and only that version."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from marketplace.compliance import services as compliance
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import cooperative_by_id
from marketplace.core.errors import FieldError, InvalidInput, VersionChanged
from marketplace.core.text import N_
from marketplace.custody.services import automatic as custody
from marketplace.lots import services as lots
from marketplace.lots.models import Lot, LotVersion
from marketplace.moderation.checklists import check_answers, checklist_for
from marketplace.moderation.errors import CaseClosed, GateNotPassed
from marketplace.moderation.models import Decision, ModerationCase
from marketplace.moderation.queries import case_by_id, newest_case, unmet_of_case
from marketplace.moderation.reasons import Reason, check_reasons
from marketplace.moderation.services.cases import drop_claim
from marketplace.moderation.services.claims import check_reviewer, take
from marketplace.moderation.services.letters import tell_decision
from marketplace.moderation.transitions import OPEN, VERDICTS, Action, after
from marketplace.unit_of_work import UnitOfWork


def decide(
    uow: UnitOfWork,
    *,
    case: ModerationCase,
    verdict: str,
    subject_sha256: str,
    reasons: Sequence[str],
    checklist: Mapping[str, str],
    note: str,
) -> Decision:
    """Decide about the version with this digest.

    `reasons` are codes, `checklist` maps item codes to yes, no or na, `note` goes to the cooperative. Raises
    VersionChanged when another version is current, CaseClosed or CaseTaken when somebody was faster, OwnCase,
    InvalidInput with every field at once, and GateNotPassed when an approval lacks a requirement.
    """
    case = _locked(uow, case)
    check_reviewer(uow.session, uow.actor, case)
    _check_current(uow, case, subject_sha256)
    take(uow, case)
    action = _action(verdict)
    chosen, answers = _read(uow, case, action, reasons=reasons, checklist=checklist, note=note)
    if action is Action.APPROVE and (unmet := unmet_of_case(uow.session, case, today=uow.now.date())):
        raise GateNotPassed(unmet)
    decision = _record(
        uow, case, action, subject_sha256=subject_sha256, chosen=chosen, answers=answers, note=note.strip()
    )
    _carry_out(uow, case, action, note=note.strip())
    tell_decision(uow, case, verdict=action.value, reasons=chosen, note=note.strip())
    return decision


def _locked(uow: UnitOfWork, case: ModerationCase) -> ModerationCase:
    """Lock what the case is about, then the case: the same order as those who send and withdraw."""
    if case.lot_id is not None:
        query = select(Lot).where(Lot.id == case.lot_id).with_for_update()
        uow.session.scalars(query.execution_options(populate_existing=True)).one()
    else:
        cooperative_by_id(uow.session, case.cooperative_id, lock=True)
    return case_by_id(uow.session, case.id, lock=True)


def _check_current(uow: UnitOfWork, case: ModerationCase, subject_sha256: str) -> None:
    if newest_case(uow.session, case).id != case.id or case.subject_sha256 != subject_sha256:
        raise VersionChanged
    if case.state not in {state.value for state in OPEN}:
        raise CaseClosed
    if case.lot_id is not None and uow.session.get_one(Lot, case.lot_id).submitted_version_id != case.version_id:
        raise CaseClosed  # sold or taken off: the job that closes the case comes in a moment


def _action(verdict: str) -> Action:
    if verdict not in {action.value for action in VERDICTS}:
        raise InvalidInput({"verdict": N_("Choose what you decide.")})
    return Action(verdict)


def _read(
    uow: UnitOfWork,
    case: ModerationCase,
    action: Action,
    *,
    reasons: Sequence[str],
    checklist: Mapping[str, str],
    note: str,
) -> tuple[tuple[Reason, ...], dict[str, object]]:
    """Return the reasons and answers, or raise InvalidInput with the errors of both."""
    errors: dict[str, FieldError] = {}
    chosen: tuple[Reason, ...] = ()
    answers: dict[str, object] = {}
    try:
        chosen = check_reasons(reasons, kind=case.kind, verdict=action.value, note=note)
    except InvalidInput as error:
        errors |= error.fields
    goods = uow.session.get_one(LotVersion, case.version_id).content["kind"] if case.version_id else None
    try:
        answers = check_answers(checklist_for(case.kind, goods), checklist, verdict=action.value)
    except InvalidInput as error:
        errors |= error.fields
    if errors:
        raise InvalidInput(errors)
    return chosen, answers


def _record(
    uow: UnitOfWork,
    case: ModerationCase,
    action: Action,
    *,
    subject_sha256: str,
    chosen: Sequence[Reason],
    answers: dict[str, object],
    note: str,
) -> Decision:
    decision = Decision(
        case_id=case.id,
        verdict=action.value,
        subject_sha256=subject_sha256,
        reviewer_id=uow.actor.user_id,
        reasons=[{"code": reason.code, "text": reason.text, "field": reason.field} for reason in chosen],
        checklist=answers,
        note=note,
        decided_at=uow.now,
    )
    uow.session.add(decision)
    case.state = after(case.state, action).value
    case.closed_at = uow.now
    drop_claim(case)
    uow.record(
        "moderation_case.decide",
        case,
        decision,
        verdict=action.value,
        reasons=[reason.code for reason in chosen],
        hashes={"subject": subject_sha256},
    )
    return decision


def _carry_out(uow: UnitOfWork, case: ModerationCase, action: Action, *, note: str) -> None:
    if case.lot_id is not None and case.version_id is not None:
        _carry_out_on_lot(uow, case, action)
        return
    cooperative = uow.session.get_one(Cooperative, case.cooperative_id)
    if action is Action.APPROVE:
        compliance.approve(uow, cooperative=cooperative, note=note)
    elif action is Action.CHANGES:
        compliance.request_changes(uow, cooperative=cooperative, note=note)
    else:
        compliance.refuse(uow, cooperative=cooperative, note=note)


def _carry_out_on_lot(uow: UnitOfWork, case: ModerationCase, action: Action) -> None:
    lot = uow.session.get_one(Lot, case.lot_id)
    if action is Action.APPROVE:
        version = uow.session.get_one(LotVersion, case.version_id)
        lots.publish(uow, lot=lot, version=version)
        custody.published(uow, lot=lot, version=version)
    elif action is Action.CHANGES:
        lots.send_back(uow, lot=lot)
    else:
        lots.refuse(uow, lot=lot)
