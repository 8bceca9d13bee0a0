"""Finance answers the bank, sends refused evidence again, and gives up as two; the cooperative reads why it waits."""

import re
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from marketplace.core.actor import PROVIDER, StaffRole
from marketplace.core.money import Money
from marketplace.orders.queries import price_of
from marketplace.orders.services import settlement
from marketplace.payments.chargebacks import apply_dispute
from marketplace.payments.models import Payment, ProviderCommand
from marketplace.payments.provider_disputes import Dispute, DisputeEntry
from marketplace.payments.provider_models import Chargeback
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import Sale, delivered_order
from tests.people import person
from tests.web.staff.test_finance_pages import key
from tests.web.test_orders import browser


def disputed(uow: UnitOfWork, sale: Sale, *, status: str = "needs_response") -> Chargeback:
    """Let the news of bob's bank arrive: it takes the whole payment back, with a fee of 15 dollars."""
    payment = uow.session.scalars(select(Payment).where(Payment.order_id == sale.order.id)).one()
    payment.state, payment.paid_at, payment.charge_id = "paid", uow.now, "ch_bob"
    payment.session_id, payment.payment_intent_id, payment.balance_transaction_id = "cs_bob", "pi_bob", "txn_bob"
    payment.fee_minor = 100
    uow.record("payment.test", payment)
    taken = DisputeEntry("txn_dispute", -price_of(sale.order), Money(1_500, "USD"), uow.now)
    found = Dispute(
        id="dp_bob",
        status=status,
        reason="product_not_received",
        amount=price_of(sale.order),
        charge_id="ch_bob",
        payment_intent_id="pi_bob",
        entries=(taken,),
        evidence_due=uow.clock.wall() + timedelta(days=9),
        has_evidence=status == "under_review",
        created=uow.now,
    )
    apply_dispute(uow.acting_as(PROVIDER), found, settlement)
    return uow.session.scalars(select(Chargeback)).one()


def finance(app: Flask, uow: UnitOfWork, name: str) -> FlaskClient:
    return browser(app, uow, person(uow, name, StaffRole.FINANCE))


def sent(client: FlaskClient, path: str, number: int, **form: str) -> TestResponse:
    return client.post(path, data={**key(number), **form})


def commands(uow: UnitOfWork, kind: str) -> list[ProviderCommand]:
    uow.session.expire_all()
    found = select(ProviderCommand).where(ProviderCommand.kind == kind).order_by(ProviderCommand.created_at)
    return list(uow.session.scalars(found))


def refuse(uow: UnitOfWork, command: ProviderCommand) -> None:
    """Let the provider refuse a command."""
    command.state, command.last_error = "failed", "evidence: the file is not readable"
    uow.record("provider_command.test", command)
    uow.commit()


def test_finance_finds_the_chargeback_with_reason_deadline_and_what_our_records_say(
    app: Flask, uow: UnitOfWork
) -> None:
    sale = delivered_order(uow)
    found = disputed(uow, sale)
    where = f"/staff/finance/chargebacks/{found.id}"
    frida = finance(app, uow, "frida")

    listed = frida.get("/staff/finance/chargebacks").text
    assert f'href="{where}"' in listed
    assert "The buyer says that nothing arrived." in listed
    assert where not in frida.get("/staff/finance/chargebacks?state=won").text
    page = frida.get(where).text

    assert "The money is frozen until the bank decides." in page
    assert "Show the tracking number and the proof of delivery." in page
    for recorded in (sale.order.version_sha256, "Received by the buyer.", "DHL", "Hafenstrasse 12", "PS-7781"):
        assert recorded in page, recorded
    assert "The held money of the order was frozen." in page
    assert f"frozen:order:{sale.order.id}" in page
    assert f'href="{where}"' in frida.get(f"/staff/orders/{sale.order.reference}").text


def test_refused_evidence_is_sent_again_under_another_key(app: Flask, uow: UnitOfWork) -> None:
    found = disputed(uow, delivered_order(uow))
    where, first_key = f"/staff/finance/chargebacks/{found.id}", f"evidence:{found.id}"
    frida = finance(app, uow, "frida")
    assert sent(frida, f"{where}/evidence", 1, evidence="  ").status_code == 422
    long = sent(frida, f"{where}/evidence", 2, evidence="x" * 20_001)
    assert (long.status_code, "x" * 20_001 in long.text) == (422, True), "nothing typed is lost"

    assert sent(frida, f"{where}/evidence", 3, evidence="Signed for on 3 October.").status_code == 303
    assert sent(frida, f"{where}/evidence", 4, evidence="And more.").status_code == 409, "it is on its way"
    (first,) = commands(uow, "evidence")
    refuse(uow, first)
    page = frida.get(where).text
    assert "It was refused." in page
    assert "the file is not readable" in page
    assert "Signed for on 3 October.</textarea>" in page
    assert sent(frida, f"{where}/evidence", 5, evidence="Signed for by hand.").status_code == 303

    _first, second = commands(uow, "evidence")
    assert (first_key, f"{first_key}:2") == (_first.key, second.key)
    assert second.request == {"dispute_id": "dp_bob", "text": "Signed for by hand."}
    refuse(uow, second)
    assert sent(frida, f"{where}/evidence", 6, evidence="A third time.").status_code == 303


def test_one_person_proposes_to_give_up_and_another_accepts_the_loss(app: Flask, uow: UnitOfWork) -> None:
    found = disputed(uow, delivered_order(uow))
    where = f"/staff/finance/chargebacks/{found.id}/loss"
    frida, grace = finance(app, uow, "frida"), finance(app, uow, "grace")
    assert sent(grace, f"{where}/acceptance", 1).status_code == 409, "nobody proposed it"
    assert sent(frida, where, 2, loss_reason=" ").status_code == 422
    assert sent(frida, where, 3, loss_reason="The parcel was lost by the courier.").status_code == 303

    assert sent(frida, f"{where}/acceptance", 4).status_code == 403
    assert "You proposed this." in frida.get(f"/staff/finance/chargebacks/{found.id}").text
    assert sent(frida, f"{where}/withdrawal", 5).status_code == 303
    assert sent(grace, f"{where}/acceptance", 6).status_code == 409
    assert commands(uow, "dispute_close") == []
    assert sent(frida, where, 7, loss_reason="The parcel was lost by the courier.").status_code == 303
    assert "The parcel was lost by the courier." in grace.get(f"/staff/finance/chargebacks/{found.id}").text
    assert sent(grace, f"{where}/acceptance", 8).status_code == 303

    (closing,) = commands(uow, "dispute_close")
    assert closing.request == {"dispute_id": "dp_bob"}
    assert sent(grace, f"{where}/acceptance", 9).status_code == 409
    refuse(uow, closing)
    assert sent(grace, where, 10, loss_reason="Again, the provider was down.").status_code == 303
    assert sent(frida, f"{where}/acceptance", 11).status_code == 303
    assert [command.key for command in commands(uow, "dispute_close")] == [
        f"dispute_close:{found.id}",
        f"dispute_close:{found.id}:2",
    ]


def test_who_has_a_stake_or_only_reads_changes_nothing(app: Flask, uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    where = f"/staff/finance/chargebacks/{disputed(uow, sale).id}"
    otto = browser(app, uow, person(uow, "otto", StaffRole.AUDITOR))
    assert otto.get(where).status_code == 200
    assert "Send it to the bank" not in otto.get(where).text
    assert sent(otto, f"{where}/evidence", 1, evidence="No.").status_code == 403
    mary = browser(app, uow, person(uow, "mary", StaffRole.MODERATOR))
    assert mary.get(where).status_code == 403


def test_the_parties_read_that_the_money_waits_and_why(app: Flask, uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    disputed(uow, sale)
    page = browser(app, uow, sale.amina).get(f"/cooperative/orders/{sale.order.reference}").text
    assert "The buyer’s bank asks for" in page
    assert "The money is held until the bank decides" in page
    page = browser(app, uow, sale.bob).get(f"/orders/{sale.order.reference}").text
    assert "If you did not want this, tell your bank." in page
    assert "evidence:" not in page


def test_both_parties_read_what_happens_who_acts_next_and_by_when(app: Flask, uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    disputed(uow, sale)
    bob, amina = browser(app, uow, sale.bob), browser(app, uow, sale.amina)

    for page in (
        bob.get(f"/orders/{sale.order.reference}").text,
        amina.get(f"/cooperative/orders/{sale.order.reference}").text,
    ):
        assert "stopped, the bank asks for the payment back" in page
        assert "stopped for a check" not in page
        assert re.search(r"Our finance staff answers the bank by \d{1,2} \w+ 20\d\d\. Then the bank decides\.", page)
