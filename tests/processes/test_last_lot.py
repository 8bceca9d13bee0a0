"""Sixteen buyers in sixteen processes press Buy for one lot at one moment: one of them has it."""

import multiprocessing

import pytest
from sqlalchemy import func, select

from marketplace.http.context import make_uow
from marketplace.orders.models import LotClaim, Order
from tests.builders.lots import published_lot
from tests.builders.orders import DELIVERY_FORM
from tests.live import Live
from tests.people import buyer, session_token
from tests.processes.pressing import press_buy, remember

BUYERS = 16


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
    path = f"/lots/{reference}/buy"
    with context.Pool(BUYERS, initializer=remember, initargs=(barrier,)) as pool:
        answers = pool.starmap(press_buy, [(live.url, path, token, DELIVERY_FORM) for token in tokens], chunksize=1)

    assert sorted(answers) == [303] + [409] * (BUYERS - 1)
    with app.app_context():
        session = make_uow().session
        assert session.scalar(select(func.count()).select_from(Order)) == 1
        assert session.scalar(select(func.count()).select_from(LotClaim)) == 1
