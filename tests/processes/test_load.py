"""Short versions of `make bank-test`, `make kill-test` and `make race-test`: the same code, a few seconds of it."""

import pytest

from tests.live import Live
from tests.processes import bank, kills, race
from tests.processes.market import open_market
from tests.processes.truth import start_program

BUSY = {"WEB_WORKERS": "2", "WEB_THREADS": "8", "LOG_LEVEL": "ERROR"}


@pytest.mark.parametrize("live", [BUSY], indirect=True)
def test_sixteen_clients_moving_money_at_random_break_no_invariant(live: Live) -> None:
    app = live.app()
    market = open_market(live, app, lots=60, buyers=8)
    start_program(live, app)

    played = bank.play(live, app, market, clients=16, seconds=6, seed=7)

    assert played.result.violations == []
    assert played.result.counts["orders"] > 0


@pytest.mark.parametrize("live", [BUSY], indirect=True)
def test_six_kills_under_load_lose_and_double_nothing(live: Live) -> None:
    app = live.app()
    market = open_market(live, app, lots=60, buyers=8)
    start_program(live, app)

    played = kills.play(live, app, market, kills=6, clients=4, seed=3)

    assert played.kills.total() == 6
    assert played.result.violations == []
    assert played.record.bought


@pytest.mark.parametrize("live", [BUSY], indirect=True)
def test_fifty_buyers_at_three_lots_make_three_paid_orders(live: Live) -> None:
    app = live.app()
    market = open_market(live, app, lots=3, buyers=50)
    start_program(live, app)

    result = race.play(live, app, market, lots=3)

    assert result.violations == []
    assert result.counts["orders"] == 3
