"""A hold from its form to its lifting, and what the parties see of it meanwhile."""

from flask import Flask

from marketplace.core.actor import StaffRole
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import delivered_order
from tests.people import person
from tests.web.staff.test_limit_pages import moderators, sent
from tests.web.test_orders import browser

DOUBT = {"ground": "screening", "reason": "Ivan Petrov is on the list of 12 August.", "wide": "yes"}


def test_a_hold_is_set_by_one_lifted_by_another_and_explained_to_nobody(app: Flask, uow: UnitOfWork) -> None:
    sale = delivered_order(uow)
    reference, bob, amina = sale.order.reference, sale.bob, sale.amina
    where = f"/staff/checks/{reference}"
    mary, peter = moderators(app, uow)
    assert f'href="{where}"' in mary.get(f"/staff/orders/{reference}").text
    refused = sent(mary, where, 1, reason="doubt")
    assert refused.status_code == 422
    assert "Choose one." in refused.text

    assert sent(mary, where, 2, **DOUBT).status_code == 303

    assert reference in mary.get("/staff/checks").text
    assert "You set this hold. Somebody else must lift it." in mary.get(where).text
    for user, path in ((bob, f"/orders/{reference}"), (amina, f"/cooperative/orders/{reference}")):
        page = browser(app, uow, user).get(path).text
        assert "A check of the papers takes some time." in page
        for word in ("Petrov", "sanction", "ompliance", "doubt"):
            assert word not in page, (path, word)
    lifting = "It is another man of that name."
    assert sent(mary, f"{where}/lifting", 3, lifting=lifting).status_code == 403
    assert sent(peter, f"{where}/lifting", 4, lifting=lifting).status_code == 303
    assert "Lifted by peter" in peter.get(where).text
    assert "A check of the papers" not in browser(app, uow, bob).get(f"/orders/{reference}").text


def test_finance_and_auditors_read_holds_and_set_none(app: Flask, uow: UnitOfWork) -> None:
    reference = delivered_order(uow).order.reference
    for name, role in (("frida", StaffRole.FINANCE), ("otto", StaffRole.AUDITOR)):
        client = browser(app, uow, person(uow, name, role))
        assert client.get("/staff/checks").status_code == 200
        page = client.get(f"/staff/checks/{reference}")
        assert "Stop this order" not in page.text
        assert sent(client, f"/staff/checks/{reference}", 1, **DOUBT).status_code == 403
