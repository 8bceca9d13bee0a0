"""Sixteen buyers in sixteen processes press Buy for one lot at one moment: one of them has it."""

import multiprocessing
from multiprocessing.synchronize import Barrier

import pytest
from sqlalchemy import func, select

from marketplace.http.context import make_uow
from marketplace.orders.models import LotClaim, Order
from tests.builders.lots import published_lot
from tests.builders.orders import DELIVERY_FORM
from tests.live import Live
from tests.people import buyer, session_token
from tests.visitor import Visitor

BUYERS = 16


def press_buy(url: str, reference: str, token: str, together: Barrier) -> int:
    """Open the page, wait for the others, send the form; return the status."""
    visitor = Visitor(url, token)
    path = f"/lots/{reference}/buy"
    visitor.open(path)
    form = {**visitor.form(path), **DELIVERY_FORM}
    together.wait(timeout=60)
    return visitor.send(path, form).status_code


def _in_process(arguments: tuple[str, str, str]) -> int:
    return press_buy(*arguments, together=_BARRIER[0])


_BARRIER: list[Barrier] = []


def _remember(barrier: Barrier) -> None:
    _BARRIER[:] = [barrier]


@pytest.mark.parametrize("live", [{"WEB_WORKERS": "2", "WEB_THREADS": "8"}], indirect=True)
def test_sixteen_buyers_at_one_lot_make_one_order(live: Live) -> None:
    app = live.app()
    with app.app_context():
        uow = make_uow()
        lot, _version, _amina = published_lot(uow)
        tokens = [session_token(uow, buyer(uow, f"buyer {number}", level=3)[0]) for number in range(BUYERS)]
        reference = lot.reference
        uow.commit()
    live.start_web()

    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(BUYERS)
    with context.Pool(BUYERS, initializer=_remember, initargs=(barrier,)) as pool:
        answers = pool.map(_in_process, [(live.url, reference, token) for token in tokens], chunksize=1)

    assert sorted(answers) == [303] + [409] * (BUYERS - 1)
    with app.app_context():
        session = make_uow().session
        assert session.scalar(select(func.count()).select_from(Order)) == 1
        assert session.scalar(select(func.count()).select_from(LotClaim)) == 1
