"""The order of the play: people first, then cooperatives, then each lot along its road."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final

from marketplace.cli.demo.acts import (
    banking,
    cooperatives,
    curating,
    documents,
    onboarding,
    paying,
    people,
    safeguarding,
    screening,
    tracing,
)
from marketplace.cli.demo.acts.buying import let_the_clock_look, write_the_papers
from marketplace.cli.demo.roads import Step, moments
from marketplace.cli.demo.scenario import LotPlan, Row, Scenario
from marketplace.cli.demo.stage import Act, Stage
from marketplace.pricing.services import import_reference_data

BEGINS: Final = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
# Business time of the demonstration begins here: see the supervisor.
ENDS: Final = datetime(2026, 9, 29, 9, 0, tzinfo=UTC)
SCREENED_EVERY: Final = timedelta(days=24)
LOOKS_EVERY: Final = timedelta(hours=6)

CHECKS_BUYERS: Final = "grace"

Do = Callable[[Stage], None]


def acts_of(scenario: Scenario, stage: Stage) -> list[Act]:
    """Return everything that happens, in order."""
    written = [
        *_opening(scenario),
        *_incidents(scenario),
        *_screening(scenario),
        *(each for row in scenario.buyers for each in _buyer(row)),
        *(each for row in scenario.cooperatives for each in _cooperative(row, scenario)),
        *(
            (at, _taking(step, plan))
            for plan in (*scenario.lots, *scenario.dealings)
            for at, step in moments(plan, chance=stage.chance(f"days {plan.key}"))
        ),
    ]
    late = [at for at, _do in written if at >= ENDS]
    if late:
        raise ValueError(f"the scenario goes beyond its end: {max(late)}")
    return sorted((Act(at, number, do) for number, (at, do) in enumerate(written)), key=lambda act: act[:2])


def let_time_pass(stage: Stage, *, until: datetime) -> None:
    """Move the clock, and let it look after the orders four times a day; papers are written once a day."""
    look = stage.clock.time.replace(hour=0, minute=0, second=0, microsecond=0)
    while (look := look + LOOKS_EVERY) < until:
        if stage.orders and look > stage.clock.time:
            stage.clock.time = look
            let_the_clock_look(stage)
            if not look.hour:
                write_the_papers(stage)
    stage.clock.time = until


def _taking(step: Step, plan: LotPlan) -> Do:
    return lambda stage: step(stage, plan)


def _opening(scenario: Scenario) -> Iterator[tuple[datetime, Do]]:
    yield BEGINS, _import
    first = sorted(scenario.staff, key=lambda row: row["key"] != people.ADMINISTRATOR)
    for number, row in enumerate(first):
        yield BEGINS + timedelta(minutes=10 + 5 * number), partial(people.join_staff, row=row)
    yield datetime(2026, 9, 28, 13, 20, tzinfo=UTC), curating.propose_edition
    yield datetime(2026, 9, 28, 14, 10, tzinfo=UTC), banking.import_statement
    yield datetime(2026, 9, 28, 14, 35, tzinfo=UTC), banking.propose_credit
    secretaries = [row["key"] for row in scenario.officers if row["cooperative"] == documents.WAITS_FOR]
    if secretaries:
        yield datetime(2026, 9, 28, 10, 30, tzinfo=UTC), partial(documents.leave_one_waiting, secretary=secretaries[0])
    if any(row["key"] == banking.ASKED_FOR for row in scenario.cooperatives):
        yield datetime(2026, 9, 28, 15, 5, tzinfo=UTC), banking.ask_provider


def _incidents(scenario: Scenario) -> Iterator[tuple[datetime, Do]]:
    """Return what goes wrong at two sites; a quick scenario that lacks one of them has none of it."""
    if {safeguarding.FIRST_SITE, safeguarding.SECOND_SITE} <= {site["name"] for site in scenario.sites}:
        first, second, *_ = scenario.moderators
        yield _on("2026-07-20", time(9, 30)), partial(safeguarding.open_first, moderator=first)
        yield _on("2026-08-18", time(10, 0)), partial(safeguarding.finish_first, moderator=first)
        yield _on("2026-08-19", time(11, 0)), partial(safeguarding.agree_first, moderator=second)
        yield _on("2026-09-14", time(9, 0)), partial(safeguarding.open_second, moderator=second)
        yield _on("2026-09-02", time(15, 0)), onboarding.visit_first
        yield _on("2026-09-11", time(15, 0)), onboarding.visit_second
    yield _on("2026-09-27", time(18, 40)), safeguarding.report_from_outside


def _screening(scenario: Scenario) -> Iterator[tuple[datetime, Do]]:
    """Return the day on which the lists came: the last one, so that history needs no lists of each month."""
    first, second, *_others = (row["key"] for row in scenario.staff if row["roles"] == "moderator")
    yield _on("2026-09-28", time(16, 0)), partial(screening.import_lists, moderator=first)
    yield _on("2026-09-28", time(16, 40)), partial(screening.dismiss_like_name, moderator=second)
    yield _on("2026-09-28", time(17, 10)), partial(screening.agree_about_like_name, moderator=first)
    if any(row["key"] == screening.OF_THE_OWNER for row in scenario.cooperatives):
        yield _on("2026-09-29", time(6, 30)), partial(screening.enter_owner, moderator=first)


def _import(stage: Stage) -> None:
    with stage.working() as uow:
        import_reference_data(uow)


def _buyer(row: Row) -> Iterator[tuple[datetime, Do]]:
    joins = _on(row["joins_on"], time(9, 15))
    yield joins, partial(people.join_buyer, row=row)
    yield joins + timedelta(hours=26), partial(people.check_buyer, row=row, moderator=CHECKS_BUYERS)


def _cooperative(row: Row, scenario: Scenario) -> Iterator[tuple[datetime, Do]]:
    """Return the road of a cooperative: the moderator who enters it never reviews it."""
    applies = _on(row["applies_on"], time(8, 0))
    enters, reviews = scenario.moderators_of(row["key"])
    sites = [site for site in scenario.sites if site["cooperative"] == row["key"]]
    officers = [officer for officer in scenario.officers if officer["cooperative"] == row["key"]]
    secretary = officers[0]["key"]
    waits = row["outcome"] == "submitted"
    if waits:
        signer = officers[0]["name"]
        yield applies, partial(onboarding.apply, row=row, sites=sites, moderator=enters, signer=signer)
    else:
        yield applies, partial(cooperatives.apply, row=row, sites=sites, moderator=enters)
    for number, officer in enumerate(officers):
        inviter = secretary if number else enters
        at = applies + timedelta(hours=2 + number)
        yield at, partial(people.join_officer, row=officer, inviter=inviter)
    if waits:
        yield applies + timedelta(hours=7), partial(onboarding.hand_in, row=row, secretary=secretary)
        yield applies + timedelta(hours=78), partial(onboarding.visit_cooperative, row=row)
        return
    yield applies + timedelta(hours=7), partial(cooperatives.submit, row=row, secretary=secretary)
    yield applies + timedelta(hours=29), partial(cooperatives.review, row=row, moderator=reviews)
    if row["outcome"] == "approved":
        yield applies + timedelta(hours=30), partial(tracing.issue_tags, row=row, moderator=reviews)
        yield from _after_approval(row, officers, reviews=reviews, at=applies + timedelta(hours=29))


def _after_approval(row: Row, officers: list[Row], *, reviews: str, at: datetime) -> Iterator[tuple[datetime, Do]]:
    signatory = next(officer["key"] for officer in officers if officer["role"] == "signatory")
    yield at + timedelta(hours=2), partial(paying.enter_destination, row=row, signatory=signatory)
    yield at + timedelta(hours=24), partial(paying.check_destination, row=row)
    again = at + SCREENED_EVERY
    while again < ENDS:
        yield again, partial(cooperatives.screen, row=row, moderator=reviews)
        again += SCREENED_EVERY


def _on(day: str, at: time) -> datetime:
    return datetime.combine(date.fromisoformat(day), at, tzinfo=UTC)
