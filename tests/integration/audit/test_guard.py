"""A change without its audit entry does not reach the database."""

import pytest
from sqlalchemy import select, update

from marketplace.accounts.models import User
from marketplace.audit import queries
from marketplace.audit.guard import BulkChangeRefused, UnauditedChange
from marketplace.audit.queries import AuditFilter
from marketplace.unit_of_work import UnitOfWork
from tests.people import person


def test_a_commit_with_an_unaudited_change_is_refused_and_names_the_row(uow: UnitOfWork) -> None:
    alice = person(uow, "alice")
    uow.commit()
    alice.name = "Alice the second"
    with pytest.raises(UnauditedChange, match=f"user_account {alice.id}"):
        uow.commit()


def test_an_entry_about_another_row_does_not_count(uow: UnitOfWork) -> None:
    alice, bob = person(uow, "alice"), person(uow, "bob")
    uow.commit()
    alice.name = "Alice the second"
    uow.record("user.rename", bob)
    with pytest.raises(UnauditedChange):
        uow.commit()


def test_an_audited_change_is_kept_with_who_and_what(uow: UnitOfWork) -> None:
    alice = person(uow, "alice")
    uow.commit()
    alice.name = "Alice the second"
    uow.record("user.rename", alice, name=alice.name)
    uow.commit()
    found = queries.history(uow.session, kind="user", key=str(alice.id))
    assert [row.action for row in found] == ["user.rename", "user.register"]
    assert found[0].details == {"name": "Alice the second"}
    detail = queries.detail(uow.session, found[0].seq)
    assert ("name", "Alice the second") in [(name, value) for name, value, _ in detail.disclosures]
    assert "Alice" not in detail.leaf


def test_a_rollback_leaves_no_entry(uow: UnitOfWork) -> None:
    before = queries.count(uow.session)
    person(uow, "alice")
    uow.rollback()
    assert queries.count(uow.session) == before


def test_a_bulk_change_of_audited_rows_is_refused(uow: UnitOfWork) -> None:
    with pytest.raises(BulkChangeRefused):
        uow.session.execute(update(User).values(name="everybody"))


def test_search_narrows_by_actor_action_and_thing(uow: UnitOfWork) -> None:
    alice = person(uow, "alice")
    person(uow, "bob")
    uow.commit()
    page = queries.search(uow.session, AuditFilter(action="user.", target=f"user:{alice.id}"))
    assert [row.targets[0] for row in page.rows] == [("user", str(alice.id))]
    assert not queries.search(uow.session, AuditFilter(actor="nobody of this name")).rows
    assert uow.session.scalars(select(User).where(User.name == "bob")).one().email == "bob@example.org"
