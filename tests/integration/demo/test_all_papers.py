"""The whole demonstration, with its settled and assayed orders: nothing that happened is left without its paper."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from marketplace.http.database import db
from marketplace.orders.models import Order
from marketplace.papers import queries
from marketplace.papers.queries import Waiting
from tests.integration.demo.conftest import run
from tests.live import prepared

pytestmark = pytest.mark.slow


def test_every_paper_of_the_whole_demonstration_is_issued(tmp_path: Path) -> None:
    with prepared("demo_whole", tmp_path) as live:
        live.start_sandbox()
        app = live.app()
        said = run(app, "demo", "load")
        assert said.exit_code == 0, said.output
        with app.app_context():
            settled = select(func.count()).where(Order.state == "split_settled")

            assert db.session().scalar(settled), "a story in which a part of the price went back and the rest was paid"
            assert queries.waiting(db.session()) == Waiting([], [], [], [])
            assert all(series.is_whole for series in queries.numbering(db.session()))
