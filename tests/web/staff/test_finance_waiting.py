"""Finance works off what waits: with a reason, once, and never in an order of one's own."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import StaffGrant
from marketplace.audit.queries import history
from marketplace.core.actor import StaffRole
from marketplace.payments.finance_models import DailyReport, FinanceNote
from marketplace.payments.models import PaymentProblem, ProviderCommand, ProviderNews
from marketplace.payments.problems import Kind, open_problem
from marketplace.unit_of_work import UnitOfWork
from tests.builders.finance import quarantined_news, unmatched_entry
from tests.builders.orders import placed_order
from tests.people import person
from tests.web.staff.test_finance_pages import key, post
from tests.web.test_orders import browser


def test_a_waiting_command_is_sent_now_with_a_reason(app: Flask, uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    command = uow.session.scalars(select(ProviderCommand)).one()
    command.retry_at, command.last_error = uow.clock.wall() + timedelta(hours=1), "not available"
    uow.record("provider_command.test", command)
    frida = browser(app, uow, person(uow, "frida", StaffRole.FINANCE))
    page = f"/staff/finance/commands/{command.id}"
    listed = frida.get("/staff/finance/commands").text
    assert page in listed
    assert "not available" in listed
    assert page not in frida.get("/staff/finance/commands?state=failed").text
    assert page not in frida.get("/staff/finance/commands?kind=refund").text

    assert sale.order.reference in frida.get(page).text
    assert sale.bob.email not in frida.get(page).text
    assert frida.post(f"{page}/retry", data={**key(1), "reason": " "}).status_code == 422
    assert frida.post(f"{page}/closing", data={**key(2), "reason": "no"}).status_code == 409
    post(frida, f"{page}/retry", 3, reason="The provider is back.")
    text = frida.get(page).text
    assert "The provider is back." in text
    assert "provider_command.retry" in text
    uow.session.expire_all()
    assert uow.session.get_one(ProviderCommand, command.id).retry_at is None


def test_a_refused_command_is_closed_with_its_problem(app: Flask, uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    command = uow.session.scalars(select(ProviderCommand)).one()
    command.state, command.last_error = "failed", "amount_too_small"
    uow.record("provider_command.test", command)
    about = f"{command.kind} {command.id}"
    problem = open_problem(uow, kind=Kind.REFUSED, subject=about, order_id=sale.order.id)
    frida = browser(app, uow, person(uow, "frida", StaffRole.FINANCE))
    page = f"/staff/finance/commands/{command.id}"
    assert frida.post(f"{page}/retry", data={**key(1), "reason": "again"}).status_code == 409
    post(frida, f"{page}/closing", 2, reason="The order ended.")
    assert frida.post(f"{page}/closing", data={**key(3), "reason": "again"}).status_code == 409
    assert page not in frida.get("/staff/finance/commands").text
    assert page in frida.get("/staff/finance/commands?state=failed").text
    uow.session.expire_all()
    assert uow.session.get_one(PaymentProblem, problem.id).note == "The order ended."


def test_news_in_quarantine_is_applied_again_or_closed(app: Flask, uow: UnitOfWork) -> None:
    first, second = quarantined_news(uow, "evt_1"), quarantined_news(uow, "evt_2")
    frida = browser(app, uow, person(uow, "frida", StaffRole.FINANCE))
    assert "/staff/finance/news/evt_1" in frida.get("/staff/finance/news?kind=payment").text
    assert "/staff/finance/news/evt_1" not in frida.get("/staff/finance/news?kind=refund").text
    post(frida, "/staff/finance/news/evt_1/retry", 1, reason="The order is there now.")
    post(frida, "/staff/finance/news/evt_2/closing", 2, reason="A test of the provider.")
    assert frida.post("/staff/finance/news/evt_2/closing", data={**key(3), "reason": "x"}).status_code == 409
    uow.session.expire_all()
    states = {news.event_id: news.state for news in uow.session.scalars(select(ProviderNews))}
    assert states == {first.event_id: "received", second.event_id: "ignored"}
    assert "A test of the provider." in frida.get("/staff/finance/news/evt_2").text
    assert frida.get("/staff/finance/news/evt_3").status_code == 404


def test_a_line_without_a_journal_is_closed_and_stays_in_the_books(app: Flask, uow: UnitOfWork) -> None:
    unmatched_entry(uow)
    frida = browser(app, uow, person(uow, "frida", StaffRole.FINANCE))
    overview = frida.get("/staff/finance").text
    assert "lines without a journal" in overview
    assert "The provider’s books were not read for more than 2 hours." in overview
    page = "/staff/finance/unmatched/txn_lost"
    assert page in frida.get("/staff/finance/unmatched").text
    assert "US$48.25" in frida.get(page).text
    post(frida, f"{page}/retry", 1, reason="Perhaps it came late.")
    post(frida, f"{page}/closing", 2, reason="The provider's own test.")
    assert page not in frida.get("/staff/finance/unmatched").text
    assert page in frida.get("/staff/finance/unmatched?state=closed").text
    assert uow.session.query(FinanceNote).count() == 2


def test_nobody_works_on_the_money_of_an_order_of_her_own(app: Flask, uow: UnitOfWork) -> None:
    sale = placed_order(uow)
    command = uow.session.scalars(select(ProviderCommand)).one()
    problem = open_problem(uow, kind=Kind.OTHER_AMOUNT, subject="payment 1", order_id=sale.order.id)
    grant = StaffGrant(user_id=sale.bob.id, role=StaffRole.FINANCE.value, granted_at=uow.now)
    sale.bob.totp_confirmed_at = uow.now
    uow.session.add(grant)
    uow.record("staff_grant.give", grant, sale.bob)
    bob = browser(app, uow, sale.bob)
    command_page, problem_page = f"/staff/finance/commands/{command.id}", f"/staff/finance/problems/{problem.id}"
    assert bob.post(f"{command_page}/retry", data={**key(1), "reason": "Mine."}).status_code == 403
    assert bob.post(problem_page, data={**key(2), "note": "Mine."}).status_code == 403


def test_lists_go_on_behind_the_last_row(app: Flask, uow: UnitOfWork) -> None:
    for number in range(31):
        unmatched_entry(uow, f"txn_{number:02}")
    frida = browser(app, uow, person(uow, "frida", StaffRole.FINANCE))
    first = frida.get("/staff/finance/unmatched").text
    assert "after=txn_01" in first
    second = frida.get("/staff/finance/unmatched?state=open&after=txn_01").text
    assert "txn_00" in second
    assert "txn_02" not in second
    for path in ("commands", "news", "unmatched", "problems"):
        assert frida.get(f"/staff/finance/{path}?after=nothing").status_code == 404


def test_reports_are_shown_day_by_day_and_as_csv(app: Flask, uow: UnitOfWork) -> None:
    from marketplace.payments.daily_report import write_report

    unmatched_entry(uow)
    day = uow.now.date() - timedelta(days=1)
    write_report(uow, day=day)
    frida = browser(app, uow, person(uow, "frida", StaffRole.FINANCE))
    assert "differs" in frida.get("/staff/finance/reports").text
    page = frida.get(f"/staff/finance/reports/{day}").text
    assert "txn_lost" in page
    assert "The other side has it, our ledger does not" in page
    lines = frida.get(f"/staff/finance/reports/{day}/csv").text.splitlines()
    assert lines == [
        "day,currency,run,side,what,reference,kind,on,ledger,other",
        f"{day},USD,1,provider,sum,,,{day},0.00,48.25",
        f"{day},USD,1,bank,sum,,,{day},0.00,",
        f"{day},USD,1,provider,other_only,txn_lost,charge,{day},,48.25",
    ]
    noted = history(uow.session, kind="daily_report", key=str(uow.session.scalars(select(DailyReport.id)).one()))
    assert [(row.action, row.actor_name) for row in noted][:1] == [("daily_report.export", "frida")]
    assert frida.get("/staff/finance/reports/2020-02-30").status_code == 404
    assert frida.post("/staff/finance/reports", data={**key(1), "day": str(uow.now.date())}).status_code == 422
    post(frida, "/staff/finance/reports", 2, day=str(day))
