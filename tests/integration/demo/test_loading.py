"""The demonstration's history is played through the services: its books balance and its records hold."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from marketplace.audit.models import AuditEvent, AuditSearch
from marketplace.cli.demo.scenario import read
from marketplace.core.storage import LocalStore
from marketplace.ledger.queries import trial_balance
from marketplace.lots.files import key_of
from marketplace.lots.models import Lot, LotListing, LotPhoto
from marketplace.notifications.models import Message
from marketplace.orders.models import Order
from marketplace.papers import queries
from marketplace.papers.models import Paper
from marketplace.payments.models import Payout
from marketplace.payments.reconciliation import compare
from tests.integration.demo.conftest import Loaded, run
from tests.live import prepared

pytestmark = pytest.mark.slow


def test_the_command_tells_its_progress_and_its_end(loaded: Loaded) -> None:
    assert loaded.said.exit_code == 0, loaded.said.output
    assert "September 2026" in loaded.said.output
    assert "Loaded 10 lots of 6 cooperatives and 6 orders" in loaded.said.output


def test_each_lot_is_where_the_scenario_leaves_it(loaded: Loaded, session: Session) -> None:
    assert Counter(session.scalars(select(Lot.state))) == {
        "sold": 2, "published": 5, "withdrawn": 1, "submitted": 1, "draft": 1,
    }  # fmt: skip
    assert Counter(session.scalars(select(LotListing.availability))) == {"sold": 2, "available": 2, "reserved": 3}


def test_each_order_is_where_the_scenario_leaves_it(loaded: Loaded, session: Session) -> None:
    assert Counter(session.scalars(select(Order.state))) == {
        "released": 1, "releasing": 1, "refunded": 1, "pending_payment": 1, "disputed": 1, "at_verification": 1,
    }  # fmt: skip
    assert sorted(session.scalars(select(Payout.state))) == ["approved", "confirmed"]


def test_the_books_balance_and_agree_with_the_provider(loaded: Loaded, session: Session) -> None:
    trial = trial_balance(session)

    assert trial.rows
    assert trial.is_sound
    comparison = compare(session)
    assert comparison.totals
    assert comparison.is_even


def test_every_paper_that_is_due_is_issued(session: Session) -> None:
    left = queries.waiting(session)

    assert (left.invoices, left.receipts, left.refunds, left.payouts) == ([], [], [], [])
    assert all(series.is_whole for series in queries.numbering(session))
    assert session.scalar(select(func.count()).select_from(Paper)) > 0


def test_history_runs_forward_and_ends_before_the_demonstration_begins(loaded: Loaded, session: Session) -> None:
    times = session.scalars(select(AuditEvent.at).order_by(AuditEvent.seq)).all()

    assert times == sorted(times)
    assert f"{times[0]:%Y-%m-%d}" == "2026-03-01"
    assert f"{times[-1]:%Y-%m-%d %H}" <= "2026-09-29 09"


def test_people_acted_in_their_own_names(loaded: Loaded, session: Session) -> None:
    names = set(session.scalars(select(AuditSearch.actor_name).where(AuditSearch.actor_kind == "person")))

    assert {"Neema Mollel", "Grace Achieng", "Emily Carter", "Ingrid Solberg", "Joseph Mrema"} <= names


def test_every_letter_was_written_and_every_photo_is_there(loaded: Loaded, session: Session) -> None:
    store = LocalStore(loaded.live.folder / "files")
    photos = session.scalars(select(LotPhoto)).all()

    assert photos
    assert all(store.exists(key_of(photo.sha256, width)) for photo in photos for width in photo.widths)
    assert session.scalars(select(Message).where(Message.sent_at.is_(None))).all() == []


def test_a_second_loading_is_refused(loaded: Loaded) -> None:
    refused = loaded.run("demo", "load", "--quick")

    assert refused.exit_code == 1
    assert "needs an empty one" in refused.output


def test_the_same_seed_gives_the_same_lots_at_the_same_prices(loaded: Loaded, tmp_path: Path) -> None:
    with loaded.app.app_context():
        once = prices(loaded)
    with prepared("demo_again", tmp_path) as live:
        live.start_sandbox()
        again = Loaded(live, live.app(), run(live.apps[-1], "demo", "load", "--quick"))
        with again.app.app_context():
            assert prices(again) == once


def test_it_is_not_loaded_without_the_sandbox(tmp_path: Path) -> None:
    with prepared("demo_alone", tmp_path) as live:
        refused = run(live.app(), "demo", "load", "--quick")

    assert refused.exit_code == 1
    assert "The payment sandbox does not answer" in refused.output


def prices(loaded: Loaded) -> list[tuple[str, int, str]]:
    """Return every published lot with its price and availability."""
    from marketplace.http.database import db

    rows = db.session.execute(select(LotListing.title, LotListing.price_minor, LotListing.availability))
    return sorted((title, price, availability) for title, price, availability in rows)


def test_the_quick_scenario_is_what_was_loaded(loaded: Loaded, session: Session) -> None:
    assert len(session.scalars(select(Lot.id)).all()) == len(read(quick=True).lots)
