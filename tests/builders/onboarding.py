"""Applications of cooperatives, visits and declarations, made through the services."""

from collections.abc import Mapping
from datetime import date

from marketplace.accounts.models import User
from marketplace.compliance import services as compliance
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.queries import sites_of
from marketplace.core.actor import MemberRole, StaffRole
from marketplace.moderation.checklists import YES, checklist_for
from marketplace.onboarding import checklists
from marketplace.onboarding.models import CooperativeApplication, FieldVisit
from marketplace.onboarding.services import applications, reviewing, visits
from marketplace.onboarding.steps import Step
from marketplace.onboarding.visit_answers import Seen
from marketplace.payments import destinations
from marketplace.payments.destination_details import read_details
from marketplace.payments.rail_files import rail_table
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import site_answers
from tests.builders.lots import photo, store_of
from tests.builders.payments import MOBILE
from tests.people import actor, member, person

ORGANISATION = {
    "legal_name": "Tumaini Women Miners",
    "legal_form": "women_group",
    "registration_number": "MNY-2024-0099",
    "country": "TZ",
    "region": "Manyara",
    "district": "Simanjiro",
    "founded_on": "2021-05-01",
    "contact_phone": "+255 712 000 111",
    "about": "We dig and sort together.",
}
MEMBERS = {
    "members_total": "40",
    "members_women": "30",
    "members_youth": "6",
    "leaders_total": "5",
    "leaders_women": "4",
    "women_share": "75",
    "basis": "member_register",
    "counted_on": "2026-09-01",
}
RIGHTS = {
    "tax_number": "TIN 123-456-789",
    "dealer_number": "DL 7",
    "dealer_until": "2027-01-31",
    "shares_income": "yes",
    "income_rule": "Each member gets the same part of each sale.",
}
POLICIES = {
    "child_labour_on": "2026-09-02",
    "child_labour_by": "Neema Mushi",
    "mercury_on": "2026-09-02",
    "mercury_by": "Neema Mushi",
    "grievance_on": "2026-09-02",
    "grievance_by": "Neema Mushi",
}
PAYOUT = {"payout_currency": "TZS"}
FILLED: Mapping[str, Mapping[str, str]] = {
    Step.ORGANISATION.value: ORGANISATION,
    Step.MEMBERS.value: MEMBERS,
    Step.RIGHTS.value: RIGHTS,
    Step.POLICIES.value: POLICIES,
    Step.PAYOUT.value: PAYOUT,
}


def acting(uow: UnitOfWork, user: User) -> UnitOfWork:
    """Return the unit of work in a person's name, with the roles she has now."""
    return uow.acting_as(actor(uow.session, user))


def moderator(uow: UnitOfWork, name: str) -> User:
    """Make a moderator."""
    return person(uow, name, StaffRole.MODERATOR)


def filled(uow: UnitOfWork, applicant: User, **other: Mapping[str, str]) -> CooperativeApplication:
    """Fill in every step that has a form; `other` replaces the answers of a step."""
    row = applications.begin(acting(uow, applicant))
    uow.session.flush()
    for step, typed in {**FILLED, **other}.items():
        applications.save_step(
            acting(uow, applicant), application=row, step=Step(step), typed=typed, version=row.version, later=False
        )
    return row


def cooperative_of(uow: UnitOfWork, row: CooperativeApplication) -> Cooperative:
    """Return the cooperative of an application."""
    return uow.session.get_one(Cooperative, row.cooperative_id)


def with_people_and_site(uow: UnitOfWork, row: CooperativeApplication, applicant: User) -> tuple[User, MineSite]:
    """Add a signatory and a mine site; return both."""
    cooperative = cooperative_of(uow, row)
    signer = member(uow, f"signer of {cooperative.reference}", cooperative.id, role=MemberRole.SIGNATORY)
    answers = site_answers(cooperative.country, today=uow.now.date())
    site = compliance.add_site(acting(uow, applicant), cooperative=cooperative, site=answers)
    uow.session.flush()
    return signer, site


def handed_in(uow: UnitOfWork, applicant: User) -> tuple[CooperativeApplication, User]:
    """Hand in a whole application; return it with its signatory."""
    row = filled(uow, applicant)
    signer, _site = with_people_and_site(uow, row, applicant)
    applications.hand_in(acting(uow, applicant), application=row)
    return row, signer


def ready_to_approve(uow: UnitOfWork, applicant: User) -> CooperativeApplication:
    """Hand in an application for which Pact has done its part: visit, screening, verified site; and the account is."""
    row, signer = handed_in(uow, applicant)
    cooperative = cooperative_of(uow, row)
    officer = acting(uow, moderator(uow, f"field officer {cooperative.reference}"))
    (site,) = sites_of(uow.session, cooperative.id)
    compliance.verify_site(officer, site=site)
    compliance.screen(officer, cooperative=cooperative, lists="UN and EU lists of today")
    visited(officer, cooperative)
    details = read_details(MOBILE, country=cooperative.country, rail_table=rail_table())
    destinations.enter(acting(uow, signer), cooperative_id=cooperative.id, details=details, currency="TZS")
    return row


def a_visit(uow: UnitOfWork, *, is_site: bool = False, on: date | None = None, **other: object) -> Seen:
    """Return a visit on which all was well; `other` replaces what was seen."""
    told: dict[str, object] = {
        "visited_on": on or uow.now.date(),
        "visitors": "Mary and Juma of Pact",
        "checklist": all_well(is_site=is_site),
        "findings": "Everything was as the cooperative told us.",
        "site_status": 1 if is_site else None,
        "activity": "active" if is_site else "",
        "next_visit_on": None,
        **other,
    }
    return Seen(**told)  # type: ignore[arg-type]


def visited(
    uow: UnitOfWork, cooperative: Cooperative, site: MineSite | None = None, *, on: date | None = None, **other: object
) -> FieldVisit:
    """Record a visit on which all was well; `other` replaces what was seen."""
    seen = a_visit(uow, is_site=site is not None, on=on, **other)
    return visits.record_visit(
        uow, cooperative=cooperative, site=site, seen=seen, photos=[photo(5)], store=store_of(uow)
    )


def all_well(*, is_site: bool, **other: str) -> dict[str, object]:
    """Return a checklist with a yes on each line; `other` replaces answers."""
    checklist = checklists.checklist_for(is_site=is_site)
    return checklists.read_checklist(
        checklist, {checklists.field_of(item): other.get(item.code, "yes") for item in checklist.items}
    )


def seen_all() -> dict[str, str]:
    """Return a reviewer's checklist on which everything was seen."""
    return {item.code: YES for item in checklist_for("cooperative").items}


def approved_by(uow: UnitOfWork, reviewer: User, row: CooperativeApplication) -> None:
    """Approve as `reviewer`, of the content that is there."""
    reviewing.approve(
        acting(uow, reviewer), application=row, sha256=row.content_sha256 or "", checklist=seen_all(), note=""
    )
