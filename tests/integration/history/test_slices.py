"""What a cooperative or a buyer reads of the log: each placed entry once, and never from what to what it changed."""

from itertools import pairwise

import pytest

from marketplace.accounts.services import profile
from marketplace.audit.queries import history
from marketplace.audit.sequencing import sequence
from marketplace.core.errors import NotFound
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


def test_pages_hold_every_entry_once(uow: UnitOfWork) -> None:
    alice, buyer = registered(uow)
    for _ in range(7):
        uow.record("user.change_profile", alice)
    uow.commit()
    sequence(uow.session)
    uow.commit()
    hers = slice_of_buyer(uow.session, buyer.id)
    whole = [entry.row.idx for entry in older(uow.session, hers, before=None)]

    read: list[int | None] = []
    for _page in whole:
        read += [entry.row.idx for entry in older(uow.session, hers, before=read[-1] if read else None, limit=2)]

    assert len(whole) >= 7
    assert read == whole
    assert all(one > other for one, other in pairwise(whole) if one is not None and other is not None)
    assert [entry.row.idx for entry in newer(uow.session, hers, since=0)] == whole[::-1]


def test_an_entry_without_a_place_is_not_there_yet(uow: UnitOfWork) -> None:
    alice, buyer = registered(uow)
    uow.commit()
    sequence(uow.session)
    uow.record("user.change_profile", alice)
    uow.commit()
    hers = slice_of_buyer(uow.session, buyer.id)
    waiting = history(uow.session, kind="user", key=str(alice.id))[0]
    assert (waiting.action, waiting.idx) == ("user.change_profile", None)
    assert waiting.event_id is not None

    for whose in (hers, STAFF):
        assert waiting.event_id not in {entry.row.event_id for entry in older(uow.session, whose, before=None)}
        assert waiting.event_id not in {entry.row.event_id for entry in newer(uow.session, whose, since=0)}
        with pytest.raises(NotFound):
            one(uow.session, whose, waiting.event_id)
