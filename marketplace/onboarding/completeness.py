"""What an application still lacks: facts in, one sentence for each thing out. Pure.

Source: the requirements on cooperatives in the programme's publication requirements, and design of the due diligence.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from marketplace.compliance.gate import SCREENING_LASTS
from marketplace.compliance.vocabulary import RIGHTS_WITHOUT_SALE
from marketplace.core.text import N_
from marketplace.onboarding.answers import ATTESTATION_LASTS, Typed, errors_of
from marketplace.onboarding.steps import FORMS, MERCURY, Step

# A visit is as good as the certificate of a site: ICGLR green lasts one year.
VISIT_LASTS: Final = timedelta(days=365)


class Before(StrEnum):
    """Until when it must be there."""

    HAND_IN = "hand_in"
    APPROVAL = "approval"


class Mender(StrEnum):
    """Who can bring it."""

    APPLICANT = "applicant"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteState:
    """What must be known of a mine site."""

    name: str
    is_located: bool
    minerals: frozenset[str]
    right_kind: str
    right_valid_to: date | None
    attested_on: date | None
    is_verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that completeness looks at. `answers` are the steps as typed."""

    today: date
    answers: Mapping[str, Typed]
    writers: int = 0
    signatories: int = 0
    invited_signatories: int = 0
    sites: tuple[SiteState, ...] = ()
    has_destination: bool = False
    visited_on: date | None = None
    screened_on: date | None = None
    is_suspended: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing: a stable code, what to say, where to mend it, who can, and until when."""

    code: str
    text: str
    step: Step
    before: Before
    mender: Mender = Mender.APPLICANT
    params: Mapping[str, object] = field(default_factory=dict)


_EMPTY: Final = {
    Step.ORGANISATION: N_("Tell who you are: name, registration, place and telephone."),
    Step.MEMBERS: N_("Tell how many members there are, and how many are women."),
    Step.RIGHTS: N_("Tell your tax number and how income is shared."),
    Step.POLICIES: N_("Enter the signed declarations."),
    Step.PAYOUT: N_("Choose the currency you want to be paid in."),
}
_WRONG: Final = {
    Step.ORGANISATION: N_("Look at the organisation again: an answer there is not right yet."),
    Step.MEMBERS: N_("Look at the members again: an answer there is not right yet."),
    Step.RIGHTS: N_("Look at taxes and permits again: an answer there is not right yet."),
    Step.POLICIES: N_("Look at the declarations again: one is missing or too old."),
    Step.PAYOUT: N_("Choose the currency again: the one chosen is not paid in your country."),
}


def missing(facts: Facts) -> list[Missing]:
    """Return everything that is missing, in the order of the steps, first what is needed to hand in."""
    found = [*_of_answers(facts), *_of_people(facts), *_of_sites(facts), *_of_policies(facts), *_of_review(facts)]
    order = {step: place for place, step in enumerate(Step)}
    return sorted(found, key=lambda each: (each.before is Before.APPROVAL, order[each.step]))


def keeps_from_handing_in(found: list[Missing]) -> list[Missing]:
    """Return what must be there before it is handed in."""
    return [each for each in found if each.before is Before.HAND_IN]


def _of_answers(facts: Facts) -> Iterator[Missing]:
    for step in Step:
        if step not in FORMS:
            continue
        if not facts.answers.get(step):
            yield Missing(f"{step}_empty", _EMPTY[step], step, Before.HAND_IN)
        elif errors_of(step, facts.answers, today=facts.today):
            yield Missing(f"{step}_wrong", _WRONG[step], step, Before.HAND_IN)


def _of_people(facts: Facts) -> Iterator[Missing]:
    step = Step.PEOPLE
    if facts.writers == 0:
        text = N_("Add a person who acts for the cooperative.")
        yield Missing("writer_missing", text, step, Before.HAND_IN)
    if facts.signatories > 0:
        return
    if facts.invited_signatories > 0:
        text = N_("The signatory must accept the invitation.")
        yield Missing("signatory_waits", text, step, Before.APPROVAL)
    else:
        text = N_("Invite a signatory: only a signatory can say where you are paid.")
        yield Missing("signatory_missing", text, step, Before.HAND_IN)


def _of_sites(facts: Facts) -> Iterator[Missing]:
    step, now = Step.SITES, Before.HAND_IN
    if not facts.sites:
        yield Missing("site_missing", N_("Add at least one mine site."), step, now)
    for site in facts.sites:
        told: Mapping[str, object] = {"site": site.name}
        if not site.is_located:
            text = N_("Tell where the site %(site)s lies, in degrees. It stays sealed.")
            yield Missing("site_not_located", text, step, now, params=told)
        if site.right_kind in RIGHTS_WITHOUT_SALE:
            text = N_("The site %(site)s has no licence that allows selling.")
            yield Missing("right_missing", text, step, now, params=told)
        elif site.right_valid_to is None or site.right_valid_to < facts.today:
            text = N_("The licence of the site %(site)s has ended. Enter the new one.")
            yield Missing("right_ended", text, step, now, params=told)
        if site.attested_on is None or facts.today - site.attested_on > ATTESTATION_LASTS:
            text = N_("The declaration for the site %(site)s must be signed again: it lasts 12 months.")
            yield Missing("attestation_old", text, step, now, params=told)


def _of_policies(facts: Facts) -> Iterator[Missing]:
    """Ask for the promise about mercury only where gold is dug."""
    typed = facts.answers.get(Step.POLICIES, {})
    digs_gold = any("gold" in site.minerals for site in facts.sites)
    if typed and digs_gold and not typed.get(f"{MERCURY}_on"):
        text = N_("You dig gold: enter the signed promise about mercury.")
        yield Missing("mercury_missing", text, Step.POLICIES, Before.HAND_IN)


def _of_review(facts: Facts) -> Iterator[Missing]:
    later, pact = Before.APPROVAL, Mender.STAFF
    if not facts.has_destination:
        text = N_("A signatory must enter the account you are paid to.")
        yield Missing("destination_missing", text, Step.PAYOUT, later)
    if facts.visited_on is None or facts.today - facts.visited_on > VISIT_LASTS:
        text = N_("Pact must visit you: no visit of the last 12 months is recorded.")
        yield Missing("visit_missing", text, Step.ORGANISATION, later, pact)
    if facts.screened_on is None or facts.today - facts.screened_on > SCREENING_LASTS:
        text = N_("Pact must check the cooperative against the sanctions lists again.")
        yield Missing("screening_old", text, Step.ORGANISATION, later, pact)
    if facts.sites and not any(site.is_verified for site in facts.sites):
        text = N_("A second person at Pact has not verified a mine site yet.")
        yield Missing("site_not_verified", text, Step.SITES, later, pact)
    if facts.is_suspended:
        text = N_("The cooperative is suspended. The suspension must be lifted first.")
        yield Missing("suspended", text, Step.ORGANISATION, later, pact)
