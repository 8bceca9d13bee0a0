"""The officers read of each part of a payout once: when it is sent, when it arrives, when it comes back."""

from datetime import date

import pytest
from sqlalchemy import select

from marketplace.core.money import Money
from marketplace.notifications.models import Message
from marketplace.notifications.params import unpacked
from marketplace.orders.services import payout_parts
from marketplace.payments.models import Payout
from marketplace.payments.payouts import part_moves
from marketplace.payments.payouts.part_moves import latest_parts
from marketplace.payments.rail_models import PayoutPart
from marketplace.payments.rail_table import RailRow
from marketplace.payments.rails import Rail
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import Sale
from tests.builders.payments import approved_payout, releasing_order, sent_payout

LIMIT = Money(40_000, "USD")


@pytest.fixture
def sale(uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch) -> Sale:
    """A provider carries at most 400 dollars at once, so the cooperative's 930 dollars go in three parts."""
    row = RailRow("TZ", "USD", Rail.MOBILE_MONEY, "mpesa", LIMIT, None, ("phone",), "test", "S", date(2026, 9, 29))
    monkeypatch.setattr(part_moves, "rules_of", lambda *_: row)
    return releasing_order(uow)


def read(sale: Sale, template: str) -> list[dict[str, object]]:
    """Return what amina was told, oldest first."""
    found = select(Message).where(Message.template == template, Message.user_id == sale.amina.id)
    return [unpacked(letter.params) for letter in sale.uow.session.scalars(found.order_by(Message.id))]


def parts_of(sale: Sale) -> tuple[Payout, list[PayoutPart]]:
    payout = approved_payout(sale)
    return payout, list(latest_parts(sale.uow.session, payout.id))


def test_each_event_is_told_once_with_every_part_and_the_sums(sale: Sale) -> None:
    net = sale.order.net_minor
    payout, (first, second, third) = parts_of(sale)
    amounts = [LIMIT, LIMIT, Money(net - 80_000, "USD")]
    payout_parts.send(sale.as_staff("frida"), payout=payout, part=first, reference="MP-1")
    (sent,) = read(sale, "payout_part_sent")
    assert (sent["number"], sent["count"], sent["amount"], sent["amounts"]) == (1, 3, LIMIT, amounts)
    assert (sent["total"], sent["arrived"], sent["on_its_way"]) == (Money(net, "USD"), Money(0, "USD"), LIMIT)
    assert sent["states"] == ["sent", "waiting", "waiting"]
    assert sent["path"] == f"/cooperative/orders/{sale.order.reference}"

    payout_parts.confirm(sale.as_staff("grace"), payout=payout, part=first, proof="R-1")
    (arrived,) = read(sale, "payout_part_confirmed")
    assert (arrived["arrived"], arrived["on_its_way"]) == (LIMIT, Money(0, "USD"))

    payout_parts.send(sale.as_staff("frida"), payout=payout, part=second, reference="MP-2")
    payout_parts.fail(sale.as_staff("grace"), payout=payout, part=second, reason="number not in use")
    (back,) = read(sale, "payout_part_returned")
    assert (back["number"], back["amount"], back["states"]) == (2, LIMIT, ["confirmed", "failed", "waiting"])

    again = payout_parts.retry(sale.as_staff("frida"), payout=payout, part=second)
    for number, part in enumerate((again, third), 3):
        payout_parts.send(sale.as_staff("frida"), payout=payout, part=part, reference=f"MP-{number}")
        payout_parts.confirm(sale.as_staff("grace"), payout=payout, part=part, proof=f"R-{number}")
    assert len(read(sale, "payout_part_sent")) == 4
    assert read(sale, "payout_part_confirmed")[-1]["arrived"] == Money(net, "USD")
    assert len(read(sale, "order_released_cooperative")) == 1
    assert payout.state == "confirmed"


def test_a_payout_of_one_part_has_no_letter_about_parts(uow: UnitOfWork) -> None:
    sale = releasing_order(uow)
    sent_payout(sale)
    assert read(sale, "payout_part_sent") == []
