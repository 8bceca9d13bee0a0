"""Who is told of incidents: staff of their duty, the cooperative in neutral words, and nobody who reported."""

from datetime import timedelta

from sqlalchemy import select

from marketplace.compliance.models import MineSite
from marketplace.core.actor import StaffRole
from marketplace.incidents.answers import Report, Step
from marketplace.incidents.services import incidents, reports
from marketplace.incidents.services.letters import remind
from marketplace.incidents.transitions import Action
from marketplace.jobs.tasks.incidents import remind_of_steps
from marketplace.notifications.queries import letter_of
from marketplace.orders.services.incident_effects import stop_or_go
from marketplace.unit_of_work import UnitOfWork
from tests.builders.accounts import letters
from tests.builders.cooperatives import approved_cooperative
from tests.builders.incidents import WORDS, moderator, moved, opened, remedied, report
from tests.builders.lots import published_lot
from tests.integration.screening.test_letters import grant
from tests.people import person


def told(uow: UnitOfWork, template: str) -> list[str]:
    """Return who got a letter, without the moderators that builders of cooperatives bring."""
    return sorted(each.address for each in letters(uow, template) if ".of.pact." not in each.address)


def test_a_report_from_outside_is_told_to_moderators_without_its_words(uow: UnitOfWork) -> None:
    moderator(uow, "mary")
    person(uow, "frida", StaffRole.FINANCE)
    received = report(uow, contact="+255 700 000 001")
    (letter,) = letters(uow, "incident_report_received")
    words = letter_of(letter, uow.settings)
    assert letter.address == "mary@example.org"
    assert words.subject == f"Somebody reported an incident: {received.report.reference}"
    assert f"/staff/incident-reports/{received.report.reference}" in words.body
    for secret in (WORDS, "pit behind", "+255", "700", received.secret):
        assert secret not in words.body + words.subject


def test_a_moderator_of_the_cooperative_reported_is_not_told(uow: UnitOfWork) -> None:
    _cooperative, site, amina = approved_cooperative(uow)
    grant(uow, amina, StaffRole.MODERATOR)
    moderator(uow, "mary")
    reports.receive(uow, report=Report("The pit", WORDS, ""), language="en", site=site.reference)
    assert told(uow, "incident_report_received") == ["mary@example.org"]


def test_a_severe_incident_is_told_to_moderators_and_finance_and_another_to_moderators(uow: UnitOfWork) -> None:
    _cooperative, site, _amina = approved_cooperative(uow)
    mary, _john = moderator(uow, "mary"), moderator(uow, "john")
    person(uow, "frida", StaffRole.FINANCE)
    row = opened(mary, site, severity="medium", code="D1")
    assert told(uow, "incident_opened") == ["john@example.org"]  # Mary knows it
    assert told(uow, "incident_severe") == []
    incidents.regrade(mary, incident=row, severity="severe", words="Worse than we thought.", stop_or_go=stop_or_go)
    assert told(uow, "incident_severe") == ["frida@example.org", "john@example.org"]
    letter = letters(uow, "incident_severe")[0]
    assert "They go on when two people end the incident." in letter_of(letter, uow.settings).body


def test_a_step_is_told_the_day_after_it_was_due_and_each_week(uow: UnitOfWork) -> None:
    _cooperative, site, _amina = approved_cooperative(uow)
    mary, john = moderator(uow, "mary"), moderator(uow, "john")
    row = opened(mary, site, severity="medium", code="D1")
    moved(john, row, Action.SUBSTANTIATE)
    due_on = uow.now.date() + timedelta(days=3)
    step = incidents.add_step(mary, incident=row, step=Step("Fence the pit", "The cooperative", due_on))
    uow.session.flush()
    moved(mary, row, Action.PLAN)
    start = uow.now
    figures = []
    for days in (3, 4, 4, 10, 11, 12):  # due after 3 days: late on the fourth, again a week later, on the eleventh
        uow.now = start + timedelta(days=days)
        figures.append(remind(uow))
    assert figures == [0, 1, 0, 0, 1, 0]
    assert told(uow, "incident_step_overdue") == ["john@example.org", "john@example.org", *["mary@example.org"] * 2]
    incidents.finish_step(mary, incident=row, step_id=step.id, evidence="Photo of the fence")
    uow.now = start + timedelta(days=30)
    assert remind(uow) == 0


def test_the_worker_reminds_of_steps(uow: UnitOfWork) -> None:
    _cooperative, site, _amina = approved_cooperative(uow)
    mary, john = moderator(uow, "mary"), moderator(uow, "john")
    row = opened(mary, site, severity="medium", code="D1")
    moved(john, row, Action.SUBSTANTIATE)
    step = incidents.add_step(mary, incident=row, step=Step("Fence the pit", "The cooperative", uow.now.date()))
    step.due_on -= timedelta(days=1)
    uow.commit()
    remind_of_steps()
    assert told(uow, "incident_step_overdue") == ["john@example.org", "mary@example.org"]


def test_the_cooperative_reads_which_lots_are_hidden_and_nothing_of_why(uow: UnitOfWork) -> None:
    lot, *_others = published_lot(uow)
    site = uow.session.scalars(select(MineSite).where(MineSite.cooperative_id == lot.cooperative_id)).first()
    assert site is not None
    mary, john = moderator(uow, "mary"), moderator(uow, "john")
    row = opened(mary, site)
    letter = letters(uow, "lots_paused")[0]
    words = letter_of(letter, uow.settings)
    assert words.subject == "Some of your lots are not shown to buyers now"
    assert lot.reference in words.body
    assert f"/cooperative/incidents/{row.reference}" in words.body
    for word in (WORDS, "hild", "report", "severe", "incident was", "accus"):
        assert word not in words.body
    remedied(uow, row, mary, john)
    assert letters(uow, "lots_shown_again") == []
    moved(john, row, Action.AGREE)
    shown = letters(uow, "lots_shown_again")[0]
    assert shown.address == letter.address
    assert lot.reference in letter_of(shown, uow.settings).body
