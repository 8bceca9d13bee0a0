from datetime import date, timedelta

from sqlalchemy import select

from marketplace.compliance.models import Cooperative
from marketplace.core.actor import CLOCK
from marketplace.core.clock import SetClock
from marketplace.jobs.tasks.onboarding import sweep as nightly
from marketplace.lots.models import LotListing
from marketplace.notifications.models import Message
from marketplace.notifications.params import unpacked
from marketplace.notifications.rendering import render
from marketplace.onboarding import queries
from marketplace.onboarding.services import applications, sweeping
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative
from tests.builders.lots import published_lot
from tests.builders.onboarding import acting, approved_by, cooperative_of, moderator, ready_to_approve
from tests.people import person


def swept(uow: UnitOfWork, cooperative: Cooperative, day: date) -> list[str]:
    """Sweep on a day; return the letters that went out then."""
    before = len(letters(uow))
    night = uow.acting_as(CLOCK)
    night.now += timedelta(days=(day - night.now.date()).days)
    sweeping.sweep(night, cooperative_id=cooperative.id)
    return letters(uow)[before:]


def letters(uow: UnitOfWork) -> list[str]:
    endings = Message.template.like("%\\_ends")
    return list(uow.session.scalars(select(Message.template).where(endings).order_by(Message.created_at)))


def test_an_approval_is_told_of_before_and_when_it_ends_each_time_once(uow: UnitOfWork) -> None:
    cooperative, site, _ = approved_cooperative(uow)  # approved on 29 September 2026: it lasts until 29 September 2027
    site.child_labour_attested_on = date(2027, 7, 1)
    uow.record("mine_site.attest", site, signed_on=date(2027, 7, 1), on_behalf=False)

    assert swept(uow, cooperative, date(2027, 7, 30)) == []  # 61 days before
    for day in (date(2027, 7, 31), date(2027, 8, 30), date(2027, 9, 22), date(2027, 9, 30)):
        assert swept(uow, cooperative, day) == ["approval_ends"]
        assert swept(uow, cooperative, day) == []
    assert swept(uow, cooperative, date(2027, 12, 1)) == []


def test_a_renewal_that_is_with_pact_needs_no_warning(uow: UnitOfWork) -> None:
    amina = person(uow, "amina")
    row = ready_to_approve(uow, amina)
    for name in ("mary", "juma"):
        approved_by(uow, moderator(uow, name), row)
    cooperative = cooperative_of(uow, row)
    renewal = applications.begin_for(acting(uow, amina), cooperative=cooperative)
    uow.session.flush()
    assert "approval_ends" in swept(uow, cooperative, date(2027, 8, 15))

    renewal.handed_in_by, renewal.content_sha256, renewal.state = amina.id, "0" * 64, "handed_in"
    uow.record("cooperative_application.hand_in", renewal, on_behalf=False)

    assert "approval_ends" not in swept(uow, cooperative, date(2027, 9, 25))


def test_a_declaration_that_ends_is_told_of_and_then_hides_the_lots(uow: UnitOfWork) -> None:
    lot, *_ = published_lot(uow)  # the declaration of its site was signed on 1 June 2026: it lasts until 1 June 2027
    cooperative = uow.session.get_one(Cooperative, lot.cooperative_id)
    listing = uow.session.get_one(LotListing, lot.id)

    assert swept(uow, cooperative, date(2027, 5, 1)) == []
    assert swept(uow, cooperative, date(2027, 5, 2)) == ["declaration_ends"]
    assert swept(uow, cooperative, date(2027, 5, 25)) == ["declaration_ends"]
    assert (swept(uow, cooperative, date(2027, 6, 1)), listing.availability) == ([], "available")
    assert (swept(uow, cooperative, date(2027, 6, 2)), listing.availability) == (["declaration_ends"], "withheld")


def test_the_promises_of_an_application_are_told_of(uow: UnitOfWork) -> None:
    row = ready_to_approve(uow, person(uow, "amina"))
    for name in ("mary", "juma"):
        approved_by(uow, moderator(uow, name), row)
    cooperative = cooperative_of(uow, row)

    told = swept(uow, cooperative, date(2027, 8, 5))  # signed on 2 September 2026: 28 days are left

    assert told.count("promise_ends") == 3 * 2  # three promises, two officers
    assert [each.kind for each in queries.declarations_of(uow.session, cooperative.id)] == [
        "child_labour", "grievance", "mercury",
    ]  # fmt: skip


def test_nobody_is_warned_who_is_not_approved(uow: UnitOfWork) -> None:
    cooperative, _site, _ = approved_cooperative(uow)
    cooperative.state = "suspended"
    uow.record("cooperative.change", cooperative)

    assert swept(uow, cooperative, date(2028, 1, 1)) == []


def test_the_nightly_job_looks_at_every_cooperative(uow: UnitOfWork, clock: SetClock) -> None:
    approved_cooperative(uow)
    approved_cooperative(uow, "KE")
    uow.commit()
    clock.advance(timedelta(days=366))

    nightly()

    assert letters(uow).count("approval_ends") == 2


def test_staff_see_which_approvals_end(uow: UnitOfWork) -> None:
    cooperative, _site, _ = approved_cooperative(uow)

    assert queries.renewals_due(uow.session, until=date(2027, 9, 28)) == []
    (found,) = queries.renewals_due(uow.session, until=date(2027, 9, 29))

    assert (found.cooperative.id, found.ends_on, found.application) == (cooperative.id, date(2027, 9, 29), None)


def test_the_letters_say_what_to_do(uow: UnitOfWork) -> None:
    lot, *_ = published_lot(uow)
    cooperative = uow.session.get_one(Cooperative, lot.cooperative_id)
    swept(uow, cooperative, date(2027, 6, 2))
    (message,) = uow.session.scalars(select(Message).where(Message.template == "declaration_ends"))

    found = render(message.template, unpacked(message.params), language="en")

    assert "Lots from your mine site are hidden now" in found.subject
    assert "They come back when you enter the new one." in found.body
    assert f"/sell/cooperatives/{cooperative.reference}/sites/" in found.body
