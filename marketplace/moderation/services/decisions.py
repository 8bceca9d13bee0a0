"""One reviewer, or two, decide about one version; only an approval publishes, and only that version."""

from collections.abc import Mapping, Sequence
from typing import Final

from marketplace.compliance import services as compliance
from marketplace.compliance.models import Cooperative
from marketplace.core.errors import FieldError, InvalidInput, VersionChanged
from marketplace.core.text import N_
from marketplace.custody.services import automatic as custody
from marketplace.lots import services as lots
from marketplace.lots.models import Lot, LotVersion
from marketplace.lots.services.editing import REVIEW
from marketplace.moderation.checklists import check_answers, checklist_for
from marketplace.moderation.errors import CaseClosed, EscalatedAlready, GateNotPassed
from marketplace.moderation.models import Decision, ModerationCase
from marketplace.moderation.queries import approved_version, decisions_in, newest_case, unmet_of_case
from marketplace.moderation.reasons import LONGEST_NOTE, Reason, check_reasons
from marketplace.moderation.services.blind import draw_again
from marketplace.moderation.services.cases import drop_claim
from marketplace.moderation.services.claims import check_reviewer, locked, take
from marketplace.moderation.services.letters import tell_decision
from marketplace.moderation.transitions import OPEN, Action, State, after, move_of, read_verdict
from marketplace.unit_of_work import UnitOfWork

SHORTEST_ESCALATION: Final = 20


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

    The first approval of a case that needs two changes nothing yet, and nobody is told; a second person who does not
    agree leaves the case to a third.

    `reasons` are codes, `checklist` maps item codes to yes, no or na, `note` goes to the cooperative. Raises
    VersionChanged when another version is current, CaseClosed or CaseTaken when somebody was faster, OwnCase,
    InvalidInput with every field at once, and GateNotPassed when an approval lacks a requirement.
    """
    case = locked(uow, case)
    check_reviewer(uow.session, uow.actor, case)
    _check_current(uow, case, subject_sha256)
    take(uow, case)
    action = read_verdict(verdict)
    chosen, answers = _read(uow, case, action, reasons=reasons, checklist=checklist, note=note)
    if action is Action.APPROVE and (unmet := unmet_of_case(uow.session, case, today=uow.now.date())):
        raise GateNotPassed(unmet)
    decision = _record(
        uow, case, action, subject_sha256=subject_sha256, chosen=chosen, answers=answers, note=note.strip()
    )
    if case.closed_at is not None:
        _carry_out(uow, case, action, note=note.strip())
        tell_decision(uow, case, verdict=action.value, reasons=chosen, note=note.strip())
    if case.state == State.APPROVED and not case.second_reasons:
        draw_again(uow, case)
    return decision


def escalate(uow: UnitOfWork, *, case: ModerationCase, words: str) -> None:
    """Leave a case to others, with words that say why; who does it decides nothing in it any more.

    Raises OwnCase, DecidedAlready, CaseClosed, CaseTaken, EscalatedAlready, and InvalidInput without enough words.
    """
    case = locked(uow, case)
    words = words.strip()
    if not SHORTEST_ESCALATION <= len(words) <= LONGEST_NOTE:
        raise InvalidInput({"escalation": N_("Write 20 to 2,000 letters: what must somebody else decide?")})
    if case.escalated_by is not None and case.state in OPEN:
        raise EscalatedAlready
    take(uow, case)
    case.state = after(case.state, Action.ESCALATE).value
    case.escalated_by, case.escalation = uow.person(), words
    drop_claim(case)
    uow.record("moderation_case.escalate", case, words=words)


def _check_current(uow: UnitOfWork, case: ModerationCase, subject_sha256: str) -> None:
    if newest_case(uow.session, case).id != case.id or case.subject_sha256 != subject_sha256:
        raise VersionChanged
    if case.state not in {state.value for state in OPEN}:
        raise CaseClosed
    if case.lot_id is not None:
        lot = uow.session.get_one(Lot, case.lot_id)
        if case.version_id != lot.submitted_version_id and not _is_live_correction(lot, case):
            raise CaseClosed  # sold or taken off: the job that closes the case comes in a moment


def _is_live_correction(lot: Lot, case: ModerationCase) -> bool:
    """Tell whether the case looks at a correction afterwards, which buyers see already."""
    return lot.edit_mark == REVIEW and lot.published_version_id == case.version_id


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
    approvals = sum(each.verdict == Action.APPROVE for each in decisions_in(uow.session, case))
    needed = 2 if case.second_reasons else 1
    move = move_of(action, state=case.state, approvals_needed=needed, approvals=approvals)
    uow.session.add(decision)
    case.state = after(case.state, move).value
    case.closed_at = None if case.state in OPEN else uow.now
    drop_claim(case)
    uow.record(
        "moderation_case.decide",
        case,
        decision,
        verdict=action.value,
        reasons=[reason.code for reason in chosen],
        state=case.state,
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
    if _is_live_correction(lot, case):
        _end_review(uow, lot, action)
    elif action is Action.APPROVE:
        version = uow.session.get_one(LotVersion, case.version_id)
        lots.publish(uow, lot=lot, version=version)
        custody.published(uow, lot=lot, version=version)
    elif action is Action.CHANGES:
        lots.send_back(uow, lot=lot)
    else:
        lots.refuse(uow, lot=lot)


def _end_review(uow: UnitOfWork, lot: Lot, action: Action) -> None:
    """End the look at a correction that is on sale: it stays, or the version approved before it comes back."""
    if action is Action.APPROVE:
        lots.confirm_correction(uow, lot=lot)
        return
    approved = approved_version(uow.session, lot.id)
    if approved is None:
        raise AssertionError("a correction is one of an approved version")
    lots.undo_correction(uow, lot=lot, approved=approved)
