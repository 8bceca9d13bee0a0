"""A cooperative applies step by step with a field officer's help and waits for Pact; two sites were visited."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from sqlalchemy import select

from marketplace.cli.demo.acts.cooperatives import read_sites
from marketplace.cli.demo.scenario import Row
from marketplace.cli.demo.stage import Stage
from marketplace.compliance import services as compliance
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.vocabulary import CURRENCY_OF_COUNTRY
from marketplace.onboarding import checklists
from marketplace.onboarding.answers import FIELDS
from marketplace.onboarding.models import CooperativeApplication
from marketplace.onboarding.services import applications, visits
from marketplace.onboarding.steps import Step
from marketplace.onboarding.visit_answers import Seen
from marketplace.unit_of_work import UnitOfWork

VISITOR: Final = "vivian"
FIRST_SITE: Final = "Ipanko"
SECOND_SITE: Final = "Kigwasi"


def apply(stage: Stage, row: Row, sites: Iterable[Row], *, moderator: str, signer: str) -> None:
    """Fill in every step on behalf of a cooperative, at the first meeting; `signer` signs what it promises."""
    with stage.acting(moderator) as uow:
        application = applications.begin(uow)
        uow.session.flush()
        for step, typed in _steps(row, signer=signer, today=uow.now.date()).items():
            applications.save_step(
                uow, application=application, step=step, typed=typed, version=application.version, later=False
            )
        cooperative = uow.session.get_one(Cooperative, application.cooperative_id)
        for key, answers in read_sites(sites, today=uow.now.date()):
            stage.sites[key] = compliance.add_site(uow, cooperative=cooperative, site=answers).reference
        stage.cooperatives[row["key"]] = cooperative.id


def hand_in(stage: Stage, row: Row, *, secretary: str) -> None:
    """Hand the application in; its secretary does."""
    with stage.acting(secretary) as uow:
        wanted = select(CooperativeApplication).where(
            CooperativeApplication.cooperative_id == stage.cooperatives[row["key"]]
        )
        applications.hand_in(uow, application=uow.session.scalars(wanted).one())


def visit_cooperative(stage: Stage, row: Row) -> None:
    """Visit the cooperative that waits: its complaints book is not kept yet."""
    told = "Twenty-two of the members came. They asked who may read a complaint. The book of complaints is empty."
    with stage.acting(VISITOR) as uow:
        cooperative = uow.session.get_one(Cooperative, stage.cooperatives[row["key"]])
        _visit(stage, uow, cooperative, None, told=told, wrong=("complaints_known",))


def visit_first(stage: Stage) -> None:
    """Visit a site where all is well."""
    told = "Six pits, all held up with timber. The book of production was shown for August and fits the tags."
    with stage.acting(VISITOR) as uow:
        site = _site(uow, FIRST_SITE)
        _visit(stage, uow, uow.session.get_one(Cooperative, site.cooperative_id), site, told=told)


def visit_second(stage: Stage) -> None:
    """Visit a site where something is to be put right."""
    told = "Two pits have no timber below four metres. The chair promised timber before the rains."
    with stage.acting(VISITOR) as uow:
        site = _site(uow, SECOND_SITE)
        cooperative = uow.session.get_one(Cooperative, site.cooperative_id)
        _visit(stage, uow, cooperative, site, told=told, wrong=("pits_safe",))


def _steps(row: Row, *, signer: str, today: date) -> Mapping[Step, Mapping[str, str]]:
    """Return what is typed into each step."""
    promises = {name: signer if name.endswith("_by") else today.isoformat() for name in FIELDS[Step.POLICIES]}
    return {
        Step.ORGANISATION: row,
        Step.MEMBERS: {
            "members_total": row["members_total"],
            "members_women": row["members_women"],
            "members_youth": "4",
            "leaders_total": "5",
            "leaders_women": "4",
            "women_share": "90",
            "basis": "member_register",
            "counted_on": today.isoformat(),
        },
        Step.RIGHTS: {
            "tax_number": "TIN 1048-227",
            "shares_income": "yes",
            "income_rule": "A tenth stays in the group's chest. The rest is shared by days of work.",
        },
        Step.POLICIES: promises,
        Step.PAYOUT: {"payout_currency": CURRENCY_OF_COUNTRY[row["country"]]},
    }


def _visit(
    stage: Stage,
    uow: UnitOfWork,
    cooperative: Cooperative,
    site: MineSite | None,
    *,
    told: str,
    wrong: tuple[str, ...] = (),
) -> None:
    checklist = checklists.checklist_for(is_site=site is not None)
    answers = {
        checklists.field_of(item): checklists.NO
        if item.code in wrong
        else checklists.NOT_APPLICABLE
        if item.may_not_apply
        else checklists.YES
        for item in checklist.items
    }
    seen = Seen(
        visited_on=uow.now.date(),
        visitors="Vivian Njeri",
        checklist=checklists.read_checklist(checklist, answers),
        findings=told,
        site_status=site.status if site is not None else None,
        activity="active" if site is not None else "",
        next_visit_on=None,
    )
    visits.record_visit(uow, cooperative=cooperative, site=site, seen=seen, photos=[], store=stage.store)


def _site(uow: UnitOfWork, name: str) -> MineSite:
    return uow.session.scalars(select(MineSite).where(MineSite.name == name)).one()
