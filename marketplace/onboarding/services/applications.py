"""A cooperative, or a field officer for it, fills in an application step by step, hands it in, and takes it back."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from marketplace.compliance import services as compliance
from marketplace.compliance.canonical import content_of, digest_of
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import cooperative_by_id, sites_of
from marketplace.compliance.transitions import State as Standing
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from marketplace.core.ids import new_reference
from marketplace.moderation import services as moderation
from marketplace.onboarding import answers as reading
from marketplace.onboarding.completeness import keeps_from_handing_in, missing
from marketplace.onboarding.errors import AlreadyRunning, DraftChanged, NotComplete, TooManyDrafts
from marketplace.onboarding.models import CooperativeApplication
from marketplace.onboarding.queries import (
    facts_of,
    last_approved,
    may_write,
    open_application_of,
    open_drafts_of,
)
from marketplace.onboarding.services.declarations import enter_policies
from marketplace.onboarding.steps import FORMS, Step
from marketplace.onboarding.transitions import WITH_PACT, Action, row_for
from marketplace.screening.subjects import owners_of
from marketplace.unit_of_work import UnitOfWork

MOST_DRAFTS: Final = 5
_OWN_RECORD: Final = (Standing.DRAFT.value, Standing.CHANGES_REQUESTED.value)


def begin(uow: UnitOfWork) -> CooperativeApplication:
    """Begin an application of a new cooperative: anybody signed in, or a moderator on behalf (recorded as such)."""
    person = uow.person()
    on_behalf = uow.actor.is_staff
    if on_behalf and not uow.actor.has_role(StaffRole.MODERATOR):
        raise Forbidden
    if not on_behalf and open_drafts_of(uow.session, person) >= MOST_DRAFTS:
        raise TooManyDrafts
    row = CooperativeApplication(
        reference=new_reference("AP"),
        kind="first",
        state="draft",
        answers={},
        version=1,
        is_on_behalf=on_behalf,
        begun_by=person,
        begun_at=uow.now,
        saved_by=person,
        saved_at=uow.now,
        writers=[person],
    )
    uow.session.add(row)
    uow.record("cooperative_application.begin", row, kind="first", on_behalf=on_behalf)
    return row


def begin_for(uow: UnitOfWork, *, cooperative: Cooperative) -> CooperativeApplication:
    """Begin the application of a cooperative that is here: a renewal, or the first of one entered by hand.

    It starts with what is known; declarations are signed anew. Raises AlreadyRunning.
    """
    person = uow.person()
    cooperative = cooperative_by_id(uow.session, cooperative.id, lock=True)
    compliance_writer = uow.actor.may_write_for(cooperative.id) or uow.actor.has_role(StaffRole.MODERATOR)
    if not compliance_writer:
        raise Forbidden
    if open_application_of(uow.session, cooperative.id) is not None:
        raise AlreadyRunning
    if cooperative.state not in {*_OWN_RECORD, Standing.APPROVED.value}:
        raise Conflict
    kind = "renewal" if cooperative.state == Standing.APPROVED.value else "first"
    on_behalf = cooperative.id not in uow.actor.memberships
    row = CooperativeApplication(
        reference=new_reference("AP"),
        kind=kind,
        cooperative_id=cooperative.id,
        state="draft",
        answers=_known(uow, cooperative),
        version=1,
        is_on_behalf=on_behalf,
        begun_by=person,
        begun_at=uow.now,
        saved_by=person,
        saved_at=uow.now,
        writers=[person],
    )
    uow.session.add(row)
    uow.record("cooperative_application.begin", row, cooperative, kind=kind, on_behalf=on_behalf)
    return row


def save_step(
    uow: UnitOfWork,
    *,
    application: CooperativeApplication,
    step: Step,
    typed: Mapping[str, str],
    version: int,
    later: bool,
) -> None:
    """Keep a step as it was typed. Unless it is finished `later`, it must be right: raises InvalidInput.

    Raises DraftChanged when another version was saved since the form was opened. The first complete step makes the
    cooperative's own record, so that people, sites and the account can follow.
    """
    if step not in FORMS:
        raise NotFound
    _lock(uow, application)
    row_for(application.state, Action.SAVE)
    if application.version != version:
        raise DraftChanged
    kept = reading.kept(step, typed)
    answers = {**application.answers, step.value: kept}
    if not later:
        _read(uow, step, answers)
    application.answers = answers
    application.version += 1
    application.saved_by, application.saved_at = uow.person(), uow.now
    _note_writers(application, uow.person())
    if not later:
        _mirror(uow, application)
    uow.record(
        "cooperative_application.save",
        application,
        *_about(uow, application),
        step=step.value,
        version=application.version,
        on_behalf=_on_behalf(uow, application),
    )


def hand_in(uow: UnitOfWork, *, application: CooperativeApplication) -> None:
    """Give the application to Pact; it stands still until decided or taken back. Raises NotComplete."""
    _lock(uow, application)
    row = row_for(application.state, Action.HAND_IN)
    lacking = keeps_from_handing_in(missing(facts_of(uow.session, application, now=uow.now)))
    if lacking:
        raise NotComplete(lacking)
    _mirror(uow, application)
    cooperative = uow.session.get_one(Cooperative, application.cooperative_id)
    if application.kind == "first":
        compliance.submit(uow, cooperative=cooperative)
    enter_policies(uow, cooperative=cooperative, typed=application.answers[Step.POLICIES.value])
    digest = freeze(uow, application, cooperative)
    application.state = row.after.value
    application.handed_in_by, application.handed_in_at = uow.person(), uow.now
    _note_writers(application, uow.person())
    application.saved_at = uow.now
    application.reasons, application.answer_note = [], ""
    application.answered_by = application.answered_at = None
    uow.record(
        "cooperative_application.hand_in",
        application,
        cooperative,
        hashes={"content": digest},
        on_behalf=_on_behalf(uow, application),
    )


def take_back(uow: UnitOfWork, *, application: CooperativeApplication) -> None:
    """Take an undecided application back to change it; a first approval does not count any more."""
    _lock(uow, application)
    application.state = row_for(application.state, Action.TAKE_BACK).after.value
    clear_first(application)
    application.saved_at = uow.now
    if application.kind == "first":
        compliance.withdraw(uow, cooperative=uow.session.get_one(Cooperative, application.cooperative_id))
    about, on_behalf = _about(uow, application), _on_behalf(uow, application)
    uow.record("cooperative_application.take_back", application, *about, on_behalf=on_behalf)


def withdraw(uow: UnitOfWork, *, cooperative: Cooperative) -> None:
    """Take back what a cooperative has with Pact: its application, or a record that was sent without one."""
    application = open_application_of(uow.session, cooperative.id)
    if application is not None and application.state in WITH_PACT:
        take_back(uow, application=application)
    else:
        moderation.withdraw_cooperative(uow, cooperative=cooperative)


def clear_first(application: CooperativeApplication) -> None:
    """Forget the first approval: what it approved is no longer what is asked for."""
    application.first_by = application.first_at = None
    application.first_note = ""


def lock(uow: UnitOfWork, application: CooperativeApplication) -> None:
    """Lock the cooperative, then its application: the same order as everybody who decides about a cooperative."""
    if application.cooperative_id is not None:
        cooperative_by_id(uow.session, application.cooperative_id, lock=True)
    uow.session.refresh(application, with_for_update=True)


def freeze(uow: UnitOfWork, application: CooperativeApplication, cooperative: Cooperative) -> str:
    """Keep what is decided on, as JSON values, and who told it; return its digest.

    It is every answer, the record, the sites and the owners.
    Sites and owners are entered on pages of their own, by staff too: whoever told them wrote a part of it.
    """
    sites, owners = sites_of(uow.session, cooperative.id), owners_of(uow.session, cooperative.id)
    shares = [
        {"name": row.name, "native_name": row.native_name, "share_bps": row.share_bps, "country": row.country}
        for row in owners
    ]
    application.content = {
        "reference": application.reference,
        "answers": application.answers,
        "cooperative": content_of(cooperative, sites),
        "owners": shares,
    }
    application.content_sha256 = digest = digest_of(application.content)
    _note_writers(application, *(site.created_by for site in sites), *(owner.entered_by for owner in owners))
    return digest


def _note_writers(application: CooperativeApplication, *people: UUID | None) -> None:
    """Note, once each, who wrote a part of it: none of them decides about it, whoever saves or hands in after them."""
    added = (each for each in people if each is not None)
    application.writers = list(dict.fromkeys([*application.writers, *added]))


def _lock(uow: UnitOfWork, application: CooperativeApplication) -> None:
    lock(uow, application)
    if not may_write(application, uow.actor):
        raise Forbidden


def _read(uow: UnitOfWork, step: Step, answers: Mapping[str, Mapping[str, str]]) -> None:
    """Read a step strictly; raise InvalidInput."""
    typed, today = answers[step.value], uow.now.date()
    if step is Step.ORGANISATION:
        reading.read_organisation(typed, today=today)
    elif step is Step.MEMBERS:
        reading.read_members(typed, today=today)
    elif step is Step.RIGHTS:
        reading.read_rights(typed, today=today)
    elif step is Step.POLICIES:
        reading.read_policies(typed, today=today)
    else:
        country = answers.get(Step.ORGANISATION.value, {}).get("country", "")
        reading.read_payout(typed, country=country)


def _mirror(uow: UnitOfWork, application: CooperativeApplication) -> None:
    """Write what is complete into the cooperative's record; a renewal is written when it is approved."""
    if application.kind != "first":
        return
    try:
        told = reading.application_of(application.answers, today=uow.now.date())
    except InvalidInput:
        return  # the first step is not complete yet: there is no name to enter
    if application.cooperative_id is None:
        cooperative = compliance.apply(uow, application=told)
        uow.session.flush()
        application.cooperative_id = cooperative.id
        return
    cooperative = uow.session.get_one(Cooperative, application.cooperative_id)
    compliance.amend(uow, cooperative=cooperative, application=told)


def _known(uow: UnitOfWork, cooperative: Cooperative) -> dict[str, Any]:
    """Return the answers to begin with: those of the last approval, or what the record says."""
    last = last_approved(uow.session, cooperative.id)
    told = dict(last.answers) if last is not None else {}
    record = {
        name: str(value)
        for name in (*reading.FIELDS[Step.ORGANISATION], "members_total", "members_women", "payout_currency")
        if (value := getattr(cooperative, name)) is not None
    }
    for step in (Step.ORGANISATION, Step.MEMBERS, Step.PAYOUT):
        told[step.value] = {**told.get(step.value, {}), **reading.kept(step, record)}
    told.pop(Step.POLICIES.value, None)
    if cooperative.members_total == 0:
        told.pop(Step.MEMBERS.value)
    return told


def _about(uow: UnitOfWork, application: CooperativeApplication) -> tuple[Cooperative, ...]:
    """Return the cooperative an entry names beside the application, once there is one."""
    found = uow.session.get(Cooperative, application.cooperative_id) if application.cooperative_id else None
    return (found,) if found is not None else ()


def _on_behalf(uow: UnitOfWork, application: CooperativeApplication) -> bool:
    """Tell whether staff act for the cooperative: its entry says so."""
    return uow.actor.is_staff and application.cooperative_id not in uow.actor.memberships
