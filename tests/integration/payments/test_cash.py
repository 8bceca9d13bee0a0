"""Cash: paid against a paper signed by the receiver before two witnesses, and confirmed only with its photo."""

from pathlib import Path

import pytest

from marketplace.core.errors import Conflict, InvalidInput
from marketplace.core.storage import LocalStore
from marketplace.orders.services import payout_parts
from marketplace.payments.payouts.cash import Signed, keep_receipt, key_of_receipt, read_signed
from marketplace.payments.payouts.part_moves import latest_parts
from marketplace.unit_of_work import UnitOfWork
from tests.builders.lots import photo
from tests.builders.payments import approved_payout, releasing_order

CASH = {"rail": "cash", "holder": "Amina Juma", "id_number": "T-1990-4471"}
SIGNED = {"receiver": "Amina Juma", "witness_one": "Zawadi M.", "witness_two": "Juma K."}


def test_cash_is_confirmed_by_the_signed_paper_and_not_before(uow: UnitOfWork, tmp_path: Path) -> None:
    sale = releasing_order(uow, form=CASH)
    payout = approved_payout(sale)
    (part,) = latest_parts(uow.session, payout.id)
    store, frida, grace = LocalStore(tmp_path), sale.as_staff("frida"), sale.as_staff("grace")
    signed = read_signed(SIGNED)
    with pytest.raises(Conflict):
        keep_receipt(frida, payout=payout, part=part, signed=signed, photo=photo(), store=store)
    payout_parts.send(frida, payout=payout, part=part, reference="CASH 1")
    with pytest.raises(InvalidInput):
        payout_parts.confirm(grace, payout=payout, part=part, proof="CASH 1")

    receipt = keep_receipt(frida, payout=payout, part=part, signed=signed, photo=photo(), store=store)
    uow.session.flush()
    assert store.exists(key_of_receipt(receipt.sha256))
    with pytest.raises(Conflict):
        keep_receipt(frida, payout=payout, part=part, signed=signed, photo=photo(2), store=store)
    payout_parts.confirm(grace, payout=payout, part=part, proof="CASH 1")

    assert (payout.state, sale.order.state) == ("confirmed", "released")
    uow.check_audited()


def test_a_file_that_is_no_photo_is_refused_by_name(uow: UnitOfWork, tmp_path: Path) -> None:
    sale = releasing_order(uow, form=CASH)
    payout = approved_payout(sale)
    (part,) = latest_parts(uow.session, payout.id)
    frida, store = sale.as_staff("frida"), LocalStore(tmp_path)
    payout_parts.send(frida, payout=payout, part=part, reference="CASH 1")

    with pytest.raises(InvalidInput) as refused:
        keep_receipt(frida, payout=payout, part=part, signed=Signed("A", "B", "C"), photo=b"%PDF-1.7", store=store)

    assert set(refused.value.fields) == {"photo"}


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, {"receiver", "witness_one", "witness_two"}),
        ({**SIGNED, "witness_one": "Z"}, {"witness_one"}),
        ({**SIGNED, "witness_two": "amina  juma"}, {"witness_two"}),
        ({**SIGNED, "receiver": "x" * 101}, {"receiver"}),
    ],
)
def test_three_people_stand_on_the_paper(typed: dict[str, str], wrong: set[str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_signed(typed)
    assert set(refused.value.fields) == wrong
