"""I15 and I17 from what onboarding records: leaders of approved applications, and visits of sites."""

from datetime import date, timedelta
from decimal import Decimal

from marketplace.compliance.queries import sites_of
from marketplace.monitoring.gathering import gather
from marketplace.monitoring.periods import Step
from marketplace.monitoring.report import report
from marketplace.monitoring.services import withdraw
from marketplace.monitoring.step_five import annual_report
from marketplace.monitoring.wanted import Wanted
from marketplace.onboarding.services import reviewing
from marketplace.onboarding.services.reviewing import Answer
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative
from tests.builders.monitoring import officers
from tests.builders.onboarding import acting, approved_by, cooperative_of, moderator, ready_to_approve, visited
from tests.integration.monitoring.test_gathering import YEAR, figures
from tests.people import person


def test_leaders_of_an_approved_application_count_until_a_later_count(uow: UnitOfWork) -> None:
    row = ready_to_approve(uow, person(uow, "Rehema"))
    assert figures(uow, "I15") == [None, 0, 0]  # nobody approved it yet
    approved_by(uow, moderator(uow, "peter"), row)
    approved_by(uow, moderator(uow, "paul"), row)
    # The application tells 4 women among 5 leaders, counted on 1 September 2026: 4 / 5.
    assert figures(uow, "I15") == [Decimal("0.8000"), 4, 5]
    mary = acting(uow, moderator(uow, "mary"))
    # Another cooperative has 1 of 3: together 5 of 8.
    other, _site, _amina = approved_cooperative(uow, "KE")
    officers(mary, other, women=1, of=3, on=date(2026, 3, 1))
    assert figures(uow, "I15") == [Decimal("0.6250"), 5, 8]
    # Before the application's day staff counted 0 of 9: that is older and does not count.
    officers(mary, cooperative_of(uow, row), women=0, of=9, on=date(2026, 8, 31))
    assert figures(uow, "I15") == [Decimal("0.6250"), 5, 8]
    # On the same day staff counted 2 of 5: with the other 3 of 8.
    later = officers(mary, cooperative_of(uow, row), women=2, of=5, on=date(2026, 9, 1))
    assert figures(uow, "I15") == [Decimal("0.3750"), 3, 8]
    uow.session.flush()
    withdraw(mary, record=later)
    assert figures(uow, "I15") == [Decimal("0.6250"), 5, 8]


def test_a_decided_application_waited_from_handing_in_to_its_answer(uow: UnitOfWork) -> None:
    approved, refused = ready_to_approve(uow, person(uow, "Rehema")), ready_to_approve(uow, person(uow, "Asha"))
    ready_to_approve(uow, person(uow, "Zuhura"))  # nobody answered it yet
    approved.handed_in_at, refused.handed_in_at = uow.now - timedelta(hours=48), uow.now - timedelta(hours=12)
    assert figures(uow, "I11") == [None, None]
    approved_by(uow, moderator(uow, "peter"), approved)
    assert figures(uow, "I11") == [None, None], "one of two"
    approved_by(uow, moderator(uow, "paul"), approved)
    answer = Answer(refused.content_sha256 or "", ("REGISTRATION_UNCLEAR",), "No register knows it.")
    reviewing.refuse(acting(uow, moderator(uow, "mary")), application=refused, answer=answer)
    uow.session.flush()
    # 12 and 48 hours: 30 in the middle; nine tenths of the way from the one to the other is 44.4.
    assert figures(uow, "I11") == [30, Decimal("44.4")]
    assert verdicts(uow) == [1, 0, 1]


def verdicts(uow: UnitOfWork) -> list[Decimal | None]:
    """Return what the report in the five steps counts: applications approved, sent back, refused."""
    wanted = Wanted(period=YEAR)
    found = report(gather(uow.session, wanted), YEAR, step=Step.YEAR)
    told = {entry.label: entry.value for step in annual_report(uow.session, wanted, found) for entry in step.entries}
    return [told[f"Applications {verdict}"] for verdict in ("approved", "sent back", "refused")]


def test_a_site_is_visited_when_somebody_recorded_a_visit_of_it(uow: UnitOfWork) -> None:
    cooperative, site, _amina = approved_cooperative(uow)
    approved_cooperative(uow, "KE")  # its site is active too, and nobody was there
    officer = acting(uow, moderator(uow, "field officer"))
    assert figures(uow, "I17") == [0, 0]
    visited(officer, cooperative)  # the office of the cooperative, not its pit
    assert figures(uow, "I17") == [0, 0]
    (site,) = sites_of(uow.session, cooperative.id)
    visited(officer, cooperative, site, on=uow.now.date() - timedelta(days=30))
    visited(officer, cooperative, site)
    # One of two active sites, however often: 1 / 2.
    assert figures(uow, "I17") == [Decimal("0.5000"), 1]
