"""A job is part of the transaction that asked for it."""

from sqlalchemy import text

from marketplace.unit_of_work import UnitOfWork

WAITING = text("SELECT task_name FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id")


def test_a_job_exists_only_if_the_transaction_commits(uow: UnitOfWork) -> None:
    uow.defer("planted.task", number=1)
    uow.rollback()
    assert uow.session.scalars(WAITING).all() == []
    uow.defer("planted.task", number=1)
    uow.commit()
    assert uow.session.scalars(WAITING).all() == ["planted.task"]


def test_a_second_waiting_job_under_one_lock_is_dropped_and_the_transaction_goes_on(uow: UnitOfWork) -> None:
    uow.defer("planted.first", queueing_lock="one")
    uow.commit()
    uow.defer("planted.second", queueing_lock="one")
    uow.defer("planted.third", queueing_lock="other")
    uow.commit()
    assert uow.session.scalars(WAITING).all() == ["planted.first", "planted.third"]


def test_a_new_job_notifies_nobody(uow: UnitOfWork) -> None:
    """Transactions that notify commit one after another, whoever they are: nothing on the way of money may do it."""
    triggers = text(
        "SELECT count(*) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
        "WHERE tgrelid = 'procrastinate_jobs'::regclass AND prosrc LIKE '%pg_notify%' AND tgtype & 4 = 4"
    )
    assert uow.session.scalar(triggers) == 0
