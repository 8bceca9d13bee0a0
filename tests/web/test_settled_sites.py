"""What Pact found at a mine site stays what Pact found, whatever the cooperative's form says afterwards."""

from datetime import date, timedelta

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.compliance import services as compliance
from marketplace.compliance.models import Cooperative, MineSite
from marketplace.lots.models import Lot
from marketplace.lots.queries import listing_of
from marketplace.lots.services.site_pauses import bring_in_line
from marketplace.unit_of_work import UnitOfWork
from tests.builders.compliance import compliance as staff_of_compliance
from tests.builders.cooperatives import site_form
from tests.builders.lots import published_lot, seller
from tests.conftest import TODAY
from tests.people import signed_in

KEY = {"idempotency_key": "key-of-a-settled-site"}


@pytest.fixture
def red(uow: UnitOfWork) -> tuple[Cooperative, MineSite, User, Lot]:
    """A cooperative with a lot on sale, whose site an inspection found red."""
    site, amina = seller(uow)
    lot, *_ = published_lot(uow, of=(site, amina))
    cooperative = uow.session.get_one(Cooperative, site.cooperative_id)
    staff = staff_of_compliance(uow, "Zawadi of sites")
    compliance.inspect_site(staff, site=site, status="3", activity="active", seen_on=TODAY.date(), note="Children.")
    bring_in_line(staff, cooperative=cooperative)
    return cooperative, site, amina, lot


def state_of(uow: UnitOfWork, site: MineSite, lot: Lot) -> tuple[int, date | None, date | None, str]:
    """Return the site's status with its day, the day of its declaration, and whether its lot is on sale."""
    uow.session.expire_all()
    bring_in_line(uow, cooperative=uow.session.get_one(Cooperative, site.cooperative_id))
    listing = listing_of(uow.session, lot.id)
    assert listing is not None
    return site.status, site.status_on, site.child_labour_attested_on, listing.availability


def test_a_cooperative_that_sells_does_not_declare_its_own_site_green(
    app: Flask, uow: UnitOfWork, red: tuple[Cooperative, MineSite, User, Lot]
) -> None:
    cooperative, site, amina, lot = red
    before = state_of(uow, site, lot)
    path = f"/sell/cooperatives/{cooperative.reference}/sites/{site.reference}"
    uow.commit()
    browser = signed_in(app, uow, amina)

    form = browser.get(path).text
    yesterday = (TODAY.date() - timedelta(days=1)).isoformat()
    told = {"status": "1", "status_on": yesterday, "child_labour_attested_on": yesterday, "name": "Chipa hill, new pit"}
    answer = browser.post(path, data={**site_form(), **told, "minerals": list(site.minerals), **KEY})

    assert answer.status_code == 303
    assert 'name="status"' not in form
    assert 'name="child_labour_attested_on"' not in form
    assert state_of(uow, site, lot) == before
    assert (before[0], before[3]) == (3, "withheld")
    assert site.name == "Chipa hill, new pit"
    assert site.verified_by is None, "what it told is verified again"


def test_its_form_with_an_error_comes_back_without_the_settled_fields(
    app: Flask, uow: UnitOfWork, red: tuple[Cooperative, MineSite, User, Lot]
) -> None:
    cooperative, site, amina, _lot = red
    uow.commit()
    browser = signed_in(app, uow, amina)
    path = f"/sell/cooperatives/{cooperative.reference}/sites/{site.reference}"

    answer = browser.post(path, data={"name": "", **KEY})

    assert answer.status_code == 422
    assert "Enter the name people use for the site." in answer.text
    assert 'name="status"' not in answer.text
