"""Cooperatives apply with Pact's help, are checked by somebody else, and are screened again each month."""

from collections.abc import Iterable, Iterator
from datetime import date

from marketplace.cli.demo.scenario import Row
from marketplace.cli.demo.stage import Stage
from marketplace.compliance import services as compliance
from marketplace.compliance.application import read_application
from marketplace.compliance.models import Cooperative
from marketplace.compliance.queries import sites_of
from marketplace.compliance.sites import SiteAnswers, read_site
from marketplace.compliance.vocabulary import CURRENCY_OF_COUNTRY
from marketplace.moderation import services as moderation
from marketplace.moderation.checklists import NOT_APPLICABLE, YES, checklist_for
from marketplace.moderation.models import ModerationCase
from marketplace.moderation.queries import open_case_of_cooperative
from marketplace.unit_of_work import UnitOfWork

LISTS = "UN, EU, UK and US consolidated lists of this day"


def apply(stage: Stage, row: Row, sites: Iterable[Row], *, moderator: str) -> None:
    """Enter a cooperative and its sites on its behalf, as a field officer does at the first meeting."""
    with stage.acting(moderator) as uow:
        today = uow.now.date()
        typed = {**row, "payout_currency": CURRENCY_OF_COUNTRY[row["country"]]}
        cooperative = compliance.apply(uow, application=read_application(typed, today=today))
        for key, answers in read_sites(sites, today=today):
            stage.sites[key] = compliance.add_site(uow, cooperative=cooperative, site=answers).reference
        stage.cooperatives[row["key"]] = cooperative.id


def submit(stage: Stage, row: Row, *, secretary: str) -> None:
    """Send the application; its secretary does."""
    with stage.acting(secretary) as uow:
        moderation.submit_cooperative(uow, cooperative=_cooperative(stage, uow, row))


def review(stage: Stage, row: Row, *, moderator: str) -> None:
    """Check papers and sites, then approve or ask for changes; another person than the one who entered it."""
    with stage.acting(moderator) as uow:
        cooperative = _cooperative(stage, uow, row)
        case = _case(uow, cooperative)
        moderation.claim(uow, case=case)
        if row["outcome"] == "changes":
            _ask_for_licence(uow, case)
            return
        for site in sites_of(uow.session, cooperative.id):
            compliance.verify_site(uow, site=site, note="Licence and place compared with the cadastre.")
        compliance.screen(uow, cooperative=cooperative, lists=LISTS)
        agree(uow, case, checklist=all_seen("cooperative"))
    with stage.acting(stage.scenario.second_reviewer) as uow:
        agree(uow, _case(uow, _cooperative(stage, uow, row)), checklist=all_seen("cooperative"))


def agree(uow: UnitOfWork, case: ModerationCase, *, checklist: dict[str, str]) -> None:
    """Approve a case with everything seen, as whoever acts."""
    moderation.decide(
        uow,
        case=case,
        verdict="approve",
        subject_sha256=case.subject_sha256,
        reasons=[],
        checklist=checklist,
        note="",
    )


def screen(stage: Stage, row: Row, *, moderator: str) -> None:
    """Compare the cooperative with the sanctions lists again."""
    with stage.acting(moderator) as uow:
        compliance.screen(uow, cooperative=_cooperative(stage, uow, row), lists=LISTS)


def read_sites(sites: Iterable[Row], *, today: date) -> Iterator[tuple[str, SiteAnswers]]:
    """Return the sites of the scenario by their keys, as their form reads them."""
    for site in sites:
        minerals = tuple(site["minerals"].split(";"))
        yield site["key"], read_site(_site_form(site), minerals=minerals, today=today)


def all_seen(kind: str, goods: str | None = None) -> dict[str, str]:
    """Return a checklist on which everything was seen, and what may not apply does not."""
    items = checklist_for(kind, goods).items
    return {item.code: NOT_APPLICABLE if item.may_not_apply else YES for item in items}


def _ask_for_licence(uow: UnitOfWork, case: ModerationCase) -> None:
    moderation.decide(
        uow,
        case=case,
        verdict="changes",
        subject_sha256=case.subject_sha256,
        reasons=["LICENCE_UNCLEAR"],
        checklist={},
        note="The register shows this licence under another name. Send the transfer, or the licence in your own name.",
    )


def _cooperative(stage: Stage, uow: UnitOfWork, row: Row) -> Cooperative:
    return uow.session.get_one(Cooperative, stage.cooperatives[row["key"]])


def _case(uow: UnitOfWork, cooperative: Cooperative) -> ModerationCase:
    case = open_case_of_cooperative(uow.session, cooperative.id)
    if case is None:
        raise LookupError(f"no open case of {cooperative.legal_name}")
    return case


def _site_form(row: Row) -> dict[str, str]:
    return {
        **row,
        "activity": "active",
        "child_labour_attested_on": row["attested_on"],
        "child_labour_attested_by": row["attested_by"],
    }
