"""Accounts entered now and in earlier times are known by a fingerprint, and nothing else of them is opened."""

import pytest
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.audit.models import AuditTarget
from marketplace.jobs.tasks import AT_START, import_tasks, payments
from marketplace.payments import destinations
from marketplace.payments.destination_details import read_details
from marketplace.payments.models import PayoutDestination
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import delivered_order
from tests.builders.payments import BANK, MOBILE, entered_destination
from tests.people import actor


def forget(uow: UnitOfWork, row: PayoutDestination) -> None:
    """Bring a destination to how it was entered before there were fingerprints."""
    row.fingerprint = None
    uow.record("payout_destination.change", row)


def audited(uow: UnitOfWork, row: PayoutDestination) -> int:
    found = select(AuditTarget).where(AuditTarget.type == "payout_destination", AuditTarget.id == str(row.id))
    return len(uow.session.scalars(found).all())


def enter_again(uow: UnitOfWork, row: PayoutDestination, form: dict[str, str]) -> PayoutDestination:
    """Let the signatory enter another account, or the same once more."""
    salome = uow.session.get_one(User, row.created_by)
    return destinations.enter(
        uow.acting_as(actor(uow.session, salome)),
        cooperative_id=row.cooperative_id,
        details=read_details(form),
        currency="USD",
    )


def test_two_entries_of_one_account_have_one_fingerprint(uow: UnitOfWork) -> None:
    first = entered_destination(uow, delivered_order(uow), form=BANK)
    again = enter_again(uow, first, {**BANK, "account": "de89370400440532013000", "bank": "Dodoma"})
    other = enter_again(uow, first, MOBILE)

    assert first.fingerprint is not None
    assert first.fingerprint == again.fingerprint
    assert first.fingerprint != other.fingerprint
    assert first.details_sealed != again.details_sealed


def test_earlier_accounts_get_theirs_batch_by_batch_with_an_entry(
    uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(destinations, "BATCH", 1)
    retired = entered_destination(uow, delivered_order(uow), form=BANK)
    rows = sorted([retired, enter_again(uow, retired, MOBILE)], key=lambda row: row.id)
    before = [row.fingerprint for row in rows]
    for row in rows:
        forget(uow, row)
    entries = [audited(uow, row) for row in rows]

    after = destinations.fill_fingerprints(uow)
    assert after == rows[0].id
    assert rows[1].fingerprint is None
    after = destinations.fill_fingerprints(uow, after=after)
    assert destinations.fill_fingerprints(uow, after=after) is None

    assert [row.fingerprint for row in rows] == before
    assert [audited(uow, row) for row in rows] == [count + 1 for count in entries]
    uow.check_audited()


def test_one_that_cannot_be_opened_is_passed_by(uow: UnitOfWork) -> None:
    row = entered_destination(uow, delivered_order(uow))
    row.details_sealed = b"\x01broken-and-long-enough-to-hold-a-nonce"
    forget(uow, row)

    assert destinations.fill_fingerprints(uow) == row.id
    assert destinations.fill_fingerprints(uow, after=row.id) is None
    assert row.fingerprint is None


def test_the_worker_fills_them_when_it_starts(uow: UnitOfWork) -> None:
    row = entered_destination(uow, delivered_order(uow))
    before = row.fingerprint
    forget(uow, row)
    uow.commit()
    import_tasks()

    payments.fill_fingerprints()

    uow.session.refresh(row)
    assert row.fingerprint == before
    assert "payments.fill_fingerprints" in AT_START
