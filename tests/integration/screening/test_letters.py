"""Letters to moderators about hits: once when they appear, and again when nobody decides."""

from datetime import UTC, datetime, timedelta

from marketplace.accounts.models import StaffGrant, User
from marketplace.core.actor import StaffRole
from marketplace.jobs.tasks.screening import remind_of_hits
from marketplace.moderation.ageing import due_at
from marketplace.moderation.offices import office_of
from marketplace.notifications.queries import letter_of
from marketplace.screening.services import decisions
from marketplace.screening.services.letters import remind
from marketplace.screening.services.screening import screen_cooperative
from marketplace.unit_of_work import UnitOfWork
from tests.builders.accounts import letters
from tests.builders.cooperatives import approved_cooperative
from tests.builders.screening import WHY, hit_of_buyer, hit_of_cooperative, hits, moderator
from tests.people import buyer, person

FRIDAY = datetime(2026, 10, 2, 9, 0, tzinfo=UTC)


def due(since: datetime, country: str) -> datetime:
    return due_at(since, days=1, office=office_of(country))


def told(uow: UnitOfWork, template: str) -> set[str]:
    """Return who got a letter, without the moderators that builders of cooperatives bring."""
    return {each.address for each in letters(uow, template) if ".of.pact." not in each.address}


def test_moderators_are_told_once_that_a_cooperative_has_hits(uow: UnitOfWork) -> None:
    cooperative, _site, amina = approved_cooperative(uow)
    moderator(uow, "Mary")
    person(uow, "Frida", StaffRole.FINANCE)
    grant(uow, amina, StaffRole.MODERATOR)  # an officer who moderates elsewhere must not be tipped off
    hit = hit_of_cooperative(uow, cooperative)
    screen_cooperative(uow, cooperative=cooperative)
    assert told(uow, "screening_hit_found") == {"mary@example.org"}
    letter, *_others = letters(uow, "screening_hit_found")
    words = letter_of(letter, uow.settings)
    assert words.subject == f"Screening: {hit.reference} waits for a decision"
    assert "A name looks like one on a sanctions list." in words.body
    assert f"/staff/screening/hits/{hit.reference}" in words.body
    assert cooperative.legal_name not in words.body


def test_a_buyer_who_is_a_moderator_is_not_told_of_herself(uow: UnitOfWork) -> None:
    user, row = buyer(uow, "Davor Krasnov")
    grant(uow, user, StaffRole.MODERATOR)
    moderator(uow, "Mary")
    hit_of_buyer(uow, row)
    assert told(uow, "screening_hit_found") == {"mary@example.org"}


def test_a_hit_that_waits_longer_than_a_working_day_is_told_again(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    moderator(uow, "Mary")
    uow.now = FRIDAY
    hit = hit_of_cooperative(uow, cooperative)
    # one working day from Friday 9:00 ends on Monday at 9:00
    uow.now = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
    assert remind(uow, due=due) == 0
    uow.now = datetime(2026, 10, 5, 9, 1, tzinfo=UTC)
    assert remind(uow, due=due) == 1
    assert remind(uow, due=due) == 0
    letter, *_others = letters(uow, "screening_hit_waits")
    assert "waits since 2 Oct 2026, 09:00 UTC" in letter_of(letter, uow.settings).body
    uow.now = datetime(2026, 10, 6, 9, 2, tzinfo=UTC)
    assert remind(uow, due=due) == 1
    # the first of two people decides: the second has a working day of her own
    decisions.dismiss(moderator(uow, "Grace"), hit=hit, reason=WHY)
    hit.dismissed_at = uow.now
    assert remind(uow, due=due) == 0
    uow.now = datetime(2026, 10, 7, 9, 3, tzinfo=UTC)
    assert remind(uow, due=due) == 1
    decisions.agree(moderator(uow, "Peter"), hit=hit, reason=WHY)
    uow.now = datetime(2026, 10, 9, 9, 3, tzinfo=UTC)
    assert remind(uow, due=due) == 0


def test_the_worker_reminds_with_the_calendar_of_the_office(uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    moderator(uow, "Mary")
    hit = hit_of_cooperative(uow, cooperative)
    hit.opened_at -= timedelta(days=5)
    uow.commit()
    remind_of_hits()
    uow.session.expire_all()
    assert told(uow, "screening_hit_waits") == {"mary@example.org"}
    assert hits(uow)[0].reminded_at is not None


def grant(uow: UnitOfWork, user: User, role: StaffRole) -> None:
    """Give a duty to somebody who has an account."""
    row = StaffGrant(user_id=user.id, role=role.value, granted_at=uow.now)
    uow.session.add(row)
    uow.record("staff_grant.give", row)
    uow.session.flush()
