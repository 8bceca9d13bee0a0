"""SIGKILL at the worst moments: the order is right afterwards, once."""

import pytest
import requests
from flask import Flask
from sqlalchemy import func, select, text

from marketplace.http.context import make_uow
from marketplace.jobs.app import enqueue
from marketplace.ledger.queries import trial_balance
from marketplace.orders.models import Order
from marketplace.payments.models import Payment, ProviderCommand
from tests.builders.lots import published_lot
from tests.builders.orders import DELIVERY_FORM
from tests.live import Live
from tests.people import buyer, session_token
from tests.visitor import Visitor

KILLED_WEB = "tests.processes.killed_web:app"
KILLED_WORKER = ("-m", "tests.processes.killed_worker")
CARD = "4242 4242 4242 4242"


def bob_before_a_lot(live: Live, app: Flask) -> tuple[Visitor, str]:
    """Put a lot on sale and let bob open its buying page; return him and the page's path."""
    with app.app_context():
        uow = make_uow()
        lot, _version, _amina = published_lot(uow)
        token = session_token(uow, buyer(uow, "bob", level=3)[0])
        path = f"/lots/{lot.reference}/buy"
        uow.commit()
    return Visitor(live.url, token), path


def order_state(app: Flask) -> str:
    """Return the state of the only order."""
    with app.app_context():
        return make_uow().session.scalars(select(Order)).one().state


def payment(app: Flask) -> Payment:
    """Return the only payment."""
    with app.app_context():
        return make_uow().session.scalars(select(Payment)).one()


def sessions_at_the_provider(live: Live) -> list[dict[str, object]]:
    """Ask the provider which payment pages it ever opened."""
    answer = requests.get(f"{live.sandbox_url}/v1/checkout/sessions", auth=("sk_test_tests", ""), timeout=10)
    found: list[dict[str, object]] = answer.json()["data"]
    return found


def let_the_lease_end(app: Flask) -> None:
    """Move the end of every lease to the past, and ask for a round of resending: the test need not wait for it."""
    with app.app_context():
        uow = make_uow()
        uow.session.execute(text("UPDATE provider_command SET leased_until = now() - interval '1 second'"))
        enqueue(uow.session, "payments.resend", {"timestamp": 0}, queueing_lock=None)
        uow.commit()


def test_a_web_process_killed_between_commit_and_answer_leaves_one_order(live: Live) -> None:
    app = live.app()
    live.start_web(KILLED_WEB)
    bob, path = bob_before_a_lot(live, app)
    bob.open(path)
    form = {**bob.form(path), **DELIVERY_FORM}

    (live.folder / "die-after-commit").write_text(path, encoding="utf-8")
    with pytest.raises(requests.ConnectionError):
        bob.send(path, form)
    assert order_state(app) == "pending_payment"

    again = bob.send(path, form)
    assert again.status_code == 303
    with app.app_context():
        order = make_uow().session.scalars(select(Order)).one()
    assert again.headers["Location"].endswith(order.reference)


def test_a_worker_killed_between_the_providers_answer_and_its_commit_asks_once(live: Live) -> None:
    app = live.app()
    live.start_web()
    bob, path = bob_before_a_lot(live, app)
    (live.folder / "die-after-answer").write_text("create_checkout", encoding="utf-8")
    live.start_worker(*KILLED_WORKER)
    bob.open(path)
    where = bob.send(path, {**bob.form(path), **DELIVERY_FORM}).headers["Location"]

    live.wait_for(lambda: live.processes["worker"].poll() is not None, "the worker's death")
    assert payment(app).session_id is None
    assert len(sessions_at_the_provider(live)) == 1

    let_the_lease_end(app)
    live.start_worker()
    live.wait_for(lambda: payment(app).session_id, "the payment page")
    assert [page["id"] for page in sessions_at_the_provider(live)] == [payment(app).session_id]

    pay(bob, where)
    live.wait_for(lambda: order_state(app) == "funded", "the payment")
    with app.app_context():
        session = make_uow().session
        assert session.scalar(select(func.count()).select_from(ProviderCommand)) == 1
        assert trial_balance(session).is_sound


def pay(bob: Visitor, where: str) -> None:
    """Go from the order's page to the provider's and pay there."""
    bob.open(where)
    to_pay = f"{where.removeprefix(bob.address)}/payment"
    page = bob.send(to_pay, bob.form(f".*{to_pay}")).headers["Location"]
    paid = bob.session.post(page, data={"number": CARD}, timeout=30, allow_redirects=False)
    assert paid.status_code == 303
