"""What a cooperative or a buyer reads of the log says that something changed, never from what to what."""

from marketplace.accounts.services import profile
from marketplace.audit.queries import history
from marketplace.audit.sequencing import sequence
from marketplace.history.slices import STAFF, newer, older, one, slice_of_buyer
from marketplace.unit_of_work import UnitOfWork
from tests.builders.accounts import registered
from tests.people import actor

CHANGE = "buyer.change_company"


def test_a_slice_tells_no_fact_of_a_change(uow: UnitOfWork) -> None:
    alice, buyer = registered(uow, company="Meier Schmuck")
    profile.change_company(uow.acting_as(actor(uow.session, alice)), company="Meier Jewels", country="DE")
    uow.commit()
    sequence(uow.session)
    uow.commit()
    hers = slice_of_buyer(uow.session, buyer.id)
    (change,) = [row for row in history(uow.session, kind="buyer", key=str(buyer.id)) if row.action == CHANGE]
    assert change.event_id is not None

    for whose in (hers, STAFF):
        entries = [
            *older(uow.session, whose, before=None),
            *newer(uow.session, whose, since=0),
            one(uow.session, whose, change.event_id),
        ]
        assert [entry.row.action for entry in entries].count(CHANGE) == 3
        assert [entry.row.details for entry in entries if entry.row.details] == []
        assert not [entry for entry in entries if b"Meier" in entry.leaf]
