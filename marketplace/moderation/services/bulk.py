"""Send several cases back at once: each has its own decision, lock and audit entry. Nothing is approved in bulk.

Source: the design's section "Cases": "Bulk: preview; each item gets its own decision, lock check and audit entry".
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from marketplace.core.errors import Conflict, DomainError, InvalidInput, VersionChanged
from marketplace.core.text import N_
from marketplace.moderation.errors import CaseClosed
from marketplace.moderation.models import ModerationCase
from marketplace.moderation.queries import case_by_id, newest_case
from marketplace.moderation.reasons import check_reasons
from marketplace.moderation.services.claims import check_free, check_reviewer
from marketplace.moderation.services.decisions import decide
from marketplace.moderation.transitions import OPEN, Action
from marketplace.unit_of_work import UnitOfWork

MOST: Final = 25


class ApplicationAlone(Conflict):
    """An application is read one by one."""

    code = "application_alone"
    message = N_("An application is decided by itself.")


class Named(NamedTuple):
    """A case as the page showed it: its key and the SHA-256 of what was sent."""

    case_id: UUID
    subject_sha256: str


class Line(NamedTuple):
    """What happens, or happened, to one case: nothing when there is a refusal."""

    case: ModerationCase
    refusal: DomainError | None


def preview(uow: UnitOfWork, named: Sequence[UUID]) -> list[Line]:
    """Return for each case whether this reviewer could send it back now, without changing anything."""
    return [Line(case, _refusal(uow, case, case.subject_sha256)) for case in chosen(uow, named)]


def send_back(uow: UnitOfWork, *, named: Sequence[Named], reasons: Sequence[str], note: str) -> list[Line]:
    """Ask for changes in every case that this reviewer may decide now; the others are left, each with its refusal.

    Raises InvalidInput when the reasons or the words would do for none of them.
    """
    check_reasons(reasons, kind="lot", verdict=Action.CHANGES.value, note=note)
    digests = dict(named)
    lines = []
    for case in chosen(uow, [each.case_id for each in named]):
        refusal = _refusal(uow, case, digests[case.id])
        if refusal is None:
            refusal = _decided(uow, Named(case.id, digests[case.id]), reasons=reasons, note=note)
        lines.append(Line(case, refusal))
    return lines


def _decided(uow: UnitOfWork, named: Named, *, reasons: Sequence[str], note: str) -> DomainError | None:
    """Decide one case under its locks; return why not when somebody was faster."""
    try:
        with uow.session.begin_nested():
            decide(
                uow,
                case=case_by_id(uow.session, named.case_id),
                verdict=Action.CHANGES.value,
                subject_sha256=named.subject_sha256,
                reasons=reasons,
                checklist={},
                note=note,
            )
    except DomainError as refusal:
        return refusal
    return None


def chosen(uow: UnitOfWork, keys: Sequence[UUID]) -> Iterator[ModerationCase]:
    """Yield the cases in one order, so that two reviewers who take the same ones do not wait for each other."""
    if not 0 < len(set(keys)) <= MOST:
        raise InvalidInput({"case": N_("Choose 1 to 25 cases.")})
    for key in sorted(set(keys)):
        yield case_by_id(uow.session, key)


def _refusal(uow: UnitOfWork, case: ModerationCase, subject_sha256: str) -> DomainError | None:
    try:
        check_reviewer(uow.session, uow.actor, case)
        if case.kind != "lot":
            raise ApplicationAlone
        if newest_case(uow.session, case).id != case.id or case.subject_sha256 != subject_sha256:
            raise VersionChanged
        if case.state not in OPEN:
            raise CaseClosed
        check_free(uow, case)
    except DomainError as refusal:
        return refusal
    return None
