from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from marketplace.audit.queries import history
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.compliance.queries import sites_of
from marketplace.core.actor import StaffRole
from marketplace.core.errors import Conflict, Forbidden, InvalidInput
from marketplace.core.storage import LocalStore
from marketplace.documents.owners import Owner
from marketplace.lots.files import key_of
from marketplace.lots.models import Lot, LotListing
from marketplace.lots.services.site_pauses import bring_in_line
from marketplace.onboarding import queries
from marketplace.onboarding.answers import Signed
from marketplace.onboarding.services import declarations, visits
from marketplace.unit_of_work import UnitOfWork
from tests.builders.cooperatives import approved_cooperative, drafted_cooperative
from tests.builders.documents import accepted
from tests.builders.lots import published_lot
from tests.builders.onboarding import a_visit, acting, all_well, moderator, visited
from tests.people import member, person

SIGNED = Signed("child_labour", date(2026, 9, 20), "Neema Mushi")


def sold_from(uow: UnitOfWork, lot: Lot) -> tuple[Cooperative, MineSite, LotListing]:
    cooperative = uow.session.get_one(Cooperative, lot.cooperative_id)
    listing = uow.session.get_one(LotListing, lot.id)
    (site,) = sites_of(uow.session, cooperative.id)
    return cooperative, site, listing


def test_a_visit_of_a_site_is_kept_with_its_photo_and_sets_the_status(uow: UnitOfWork) -> None:
    cooperative, site, _ = approved_cooperative(uow)
    mary = acting(uow, moderator(uow, "mary"))

    row = visited(mary, cooperative, site, site_status=2, on=date(2026, 9, 28))

    assert (site.status, site.status_on) == (2, date(2026, 9, 28))
    assert row.next_visit_on == date(2027, 9, 28)
    assert LocalStore(uow.settings.files_dir).exists(key_of(row.photos[0]["sha256"], 320))
    assert b"as the cooperative told" not in row.findings_sealed
    assert visits.open_findings(mary, visit=row) == "Everything was as the cooperative told us."
    newest = history(uow.session, kind="field_visit", key=str(row.id))[0]
    assert (newest.action, newest.actor_name) == ("field_visit.read", "mary")
    assert queries.last_visit_on(uow.session, cooperative.id) == date(2026, 9, 28)


def test_an_older_visit_does_not_change_a_newer_status(uow: UnitOfWork) -> None:
    cooperative, site, _ = approved_cooperative(uow)
    mary = acting(uow, moderator(uow, "mary"))
    visited(mary, cooperative, site, site_status=2, on=date(2026, 9, 28))

    visited(mary, cooperative, site, site_status=0, on=date(2026, 9, 27))

    assert (site.status, site.status_on) == (2, date(2026, 9, 28))


def test_something_wrong_brings_pact_back_within_half_a_year(uow: UnitOfWork) -> None:
    cooperative, site, _ = approved_cooperative(uow)
    wrong = all_well(is_site=True, pits_safe="no")

    row = visited(acting(uow, moderator(uow, "mary")), cooperative, site, checklist=wrong, on=date(2026, 9, 28))

    assert row.next_visit_on == date(2027, 3, 29)


def test_lots_of_a_red_site_are_hidden_until_it_is_seen_well_again(uow: UnitOfWork) -> None:
    lot, *_ = published_lot(uow)
    cooperative, site, listing = sold_from(uow, lot)
    mary = acting(uow, moderator(uow, "mary"))

    visited(mary, cooperative, site, site_status=3)
    while_red = listing.availability
    visited(mary, cooperative, site, site_status=1)

    assert (while_red, listing.availability) == ("withheld", "available")


def test_a_visit_is_never_changed(uow: UnitOfWork) -> None:
    cooperative, _site, _ = approved_cooperative(uow)
    visited(acting(uow, moderator(uow, "mary")), cooperative)

    with pytest.raises(DatabaseError), uow.session.begin_nested():
        uow.session.execute(text("UPDATE field_visit SET visitors = 'nobody'"))


def test_only_those_who_visit_for_pact_record_one(uow: UnitOfWork) -> None:
    cooperative, _site, amina = approved_cooperative(uow)
    verifier = person(uow, "juma", StaffRole.VERIFIER)
    officer = member(uow, "rehema", cooperative.id)

    for stranger in (amina, officer, person(uow, "fin", StaffRole.FINANCE)):
        with pytest.raises(Forbidden):
            visited(acting(uow, stranger), cooperative)
    row = visited(acting(uow, verifier), cooperative)
    with pytest.raises(Forbidden):
        visits.open_findings(acting(uow, amina), visit=row)

    assert row.recorded_by == verifier.id


def test_a_photo_that_is_none_and_a_ninth_one_are_refused(uow: UnitOfWork) -> None:
    cooperative, _site, _ = approved_cooperative(uow)
    mary = acting(uow, moderator(uow, "mary"))
    seen = {"cooperative": cooperative, "site": None, "store": LocalStore(uow.settings.files_dir)}

    for photos in ([b"no photo"], [b"x"] * 9):
        with pytest.raises(InvalidInput) as refused:
            visits.record_visit(mary, seen=a_visit(uow), photos=photos, **seen)  # type: ignore[arg-type]
        assert set(refused.value.fields) == {"photos"}


def test_a_declaration_that_ended_hides_the_lots_until_it_is_signed_again(uow: UnitOfWork) -> None:
    lot, _version, secretary = published_lot(uow)
    cooperative, site, listing = sold_from(uow, lot)
    later = acting(uow, secretary)
    later.now += timedelta(days=300)  # signed on 1 June 2026: over since 1 June 2027

    bring_in_line(later, cooperative=cooperative)
    while_over = listing.availability
    signed = Signed("child_labour", later.now.date(), "Neema Mushi")
    declarations.sign_again(later, cooperative=cooperative, site=site, signed=signed)

    assert (while_over, listing.availability) == ("withheld", "withheld"), "the paper of it is over too"
    of_site = Owner(cooperative_id=cooperative.id, site_id=site.id)
    accepted(later, secretary, of_site, "child_labour_attestation", number="new")
    assert listing.availability == "available"
    assert (site.child_labour_attested_on, site.child_labour_attested_by) == (signed.signed_on, "Neema Mushi")
    assert site.verified_by is not None


def test_a_declaration_that_is_not_newer_is_refused(uow: UnitOfWork) -> None:
    cooperative, site, secretary = approved_cooperative(uow)
    amina = acting(uow, secretary)

    declarations.sign_again(amina, cooperative=cooperative, site=site, signed=SIGNED)
    with pytest.raises(InvalidInput) as refused:
        declarations.sign_again(amina, cooperative=cooperative, site=site, signed=SIGNED)

    assert refused.value.fields["site_on"].message == "The declaration we have is of this day, or newer."


def test_a_draft_is_changed_in_its_form_and_not_here(uow: UnitOfWork) -> None:
    cooperative, site, secretary = drafted_cooperative(uow)

    with pytest.raises(Conflict):
        declarations.sign_again(acting(uow, secretary), cooperative=cooperative, site=site, signed=SIGNED)
