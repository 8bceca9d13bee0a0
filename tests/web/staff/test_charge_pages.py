"""Charges as curators keep them: proposed by one, approved by another, verified by a third, shown to everybody."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from marketplace.core.actor import StaffRole
from marketplace.pricing.models import DeductionRule
from marketplace.pricing.queries import charges_for, country_rules
from marketplace.pricing.services import import_rules
from marketplace.unit_of_work import UnitOfWork
from tests.conftest import TODAY
from tests.people import person
from tests.web.test_orders import browser

FORM = {
    "country": "KE",
    "kind": "gold",
    "form": "any",
    "code": "royalty",
    "status": "applied",
    "rate": "3,5",
    "basis": "sale",
    "base": "gross value",
    "base_share": "100",
    "payee": "Kenya Revenue Authority",
    "valid_from": "2026-10-01",
    "valid_to": "",
    "evidence": "sourced",
    "source": "Legal Notice 106 of 2024",
    "reason": "",
}


@pytest.fixture
def rules(uow: UnitOfWork) -> UnitOfWork:
    import_rules(uow)
    return uow


def curator(app: Flask, uow: UnitOfWork, name: str) -> FlaskClient:
    return browser(app, uow, person(uow, name, StaffRole.CURATOR))


def send(client: FlaskClient, path: str, number: int, **form: str) -> tuple[int, str]:
    answer = client.post(path, data={"idempotency_key": f"form-number-{number}", **form})
    return answer.status_code, answer.headers.get("Location", "") or unescape(answer.text)


def ending(client: FlaskClient, place: str) -> str:
    """Return what the page says a proposal would end, as its form sends it."""
    found = re.search(r'name="ending" value="([^"]*)"', client.get(place).text)
    return found[1] if found else ""


def approve(client: FlaskClient, place: str, number: int) -> int:
    return send(client, f"{place}/approval", number, ending=ending(client, place))[0]


def royalty_of_kenya(uow: UnitOfWork, on: date) -> Decimal:
    charges = charges_for(uow.session, country="KE", commodity="gold", form="dore", on=on)
    return charges.deductions[0].rate


def test_a_change_of_a_charge_counts_when_a_second_curator_approved_it_and_from_its_first_day(
    app: Flask, rules: UnitOfWork
) -> None:
    rosa, karim = curator(app, rules, "rosa"), curator(app, rules, "karim")
    status, place = send(rosa, "/staff/charges/new", 1, **FORM)
    assert status == 303
    assert royalty_of_kenya(rules, date(2026, 10, 1)) == Decimal("0.03")
    assert approve(rosa, place, 2) == 403
    assert "Another curator has to approve" in rosa.get(place).text
    assert "Waiting for approval" in karim.get("/staff/charges/KE").text

    assert "It ends this rule the day before: Royalty, 3 %, since 5 Jul 2024." in unescape(karim.get(place).text)
    assert send(karim, f"{place}/approval", 9)[0] == 409, "she did not see what it ends"
    assert approve(karim, place, 3) == 303

    assert royalty_of_kenya(rules, date(2026, 9, 30)) == Decimal("0.03")
    assert royalty_of_kenya(rules, date(2026, 10, 1)) == Decimal("0.035")
    former = next(rule for rule in country_rules(rules.session, "KE") if rule.valid_to is not None)
    assert former.valid_to == date(2026, 9, 30)
    assert approve(karim, place, 4) == 409, "it is in force already"


def test_the_database_itself_refuses_one_person_on_both_sides(rules: UnitOfWork) -> None:
    with pytest.raises(IntegrityError, match="two_people"), rules.session.begin_nested():
        rules.session.execute(text("UPDATE deduction_rule SET entered_by = 'rosa', approved_by = 'rosa'"))
    with pytest.raises(IntegrityError, match="in_force_has_approver"), rules.session.begin_nested():
        rules.session.execute(text("UPDATE deduction_rule SET entered_by = 'rosa'"))


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("rate", "-3"),
        ("rate", "100"),
        ("rate", "NaN"),
        ("rate", "1e1"),
        ("rate", ""),
        ("rate", "3.12345"),
        ("country", "XX"),
        ("kind", "salt"),
        ("form", "powder"),
        ("code", "not_recorded"),
        ("status", "maybe"),
        ("basis", "guess"),
        ("base", ""),
        ("base_share", "0"),
        ("base_share", "101"),
        ("payee", ""),
        ("valid_from", ""),
        ("valid_from", "1.10.2026"),
        ("valid_to", "2026-09-30"),
        ("evidence", "verified"),
        ("source", ""),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_typed_is_lost(
    app: Flask, rules: UnitOfWork, field: str, typed: str
) -> None:
    status, page = send(curator(app, rules, "rosa"), "/staff/charges/new", 1, **{**FORM, field: typed})

    assert status == 422
    assert f'href="#f-{field}"' in page
    assert 'value="Legal Notice 106 of 2024"' in page or field == "source"


def test_rules_that_need_more_ask_for_it(app: Flask, rules: UnitOfWork) -> None:
    rosa = curator(app, rules, "rosa")

    assert 'href="#f-reason"' in send(rosa, "/staff/charges/new", 1, **{**FORM, "status": "unknown", "rate": ""})[1]
    assert 'href="#f-limit"' in send(rosa, "/staff/charges/new", 2, **{**FORM, "basis": "first_mass"})[1]
    stones = {**FORM, "kind": "gemstone", "form": "rough", "basis": "reference"}
    assert 'href="#f-basis"' in send(rosa, "/staff/charges/new", 3, **stones)[1]
    assert send(rosa, "/staff/charges/new", 4, **{**FORM, "basis": "first_mass", "limit": "50"})[0] == 303
    rule = rules.session.scalars(select(DeductionRule).where(DeductionRule.approval == "proposed")).one()
    assert rule.limit_mg == 50_000_000
    unknown = {**FORM, "code": "export_duty", "status": "unknown", "rate": "", "reason": "Sources conflict."}
    assert send(rosa, "/staff/charges/new", 5, **unknown)[0] == 303


def test_a_charge_may_not_begin_before_one_that_is_in_force(app: Flask, rules: UnitOfWork) -> None:
    status, page = send(curator(app, rules, "rosa"), "/staff/charges/new", 1, **{**FORM, "valid_from": "2024-07-05"})

    assert status == 422
    assert "begins on 5 Jul 2024 or later" in page


def test_a_proposal_is_declined_with_a_reason(app: Flask, rules: UnitOfWork) -> None:
    rosa, karim = curator(app, rules, "rosa"), curator(app, rules, "karim")
    place = send(rosa, "/staff/charges/new", 1, **FORM)[1]

    assert send(karim, f"{place}/refusal", 2, reason=" ")[0] == 422
    assert send(karim, f"{place}/refusal", 3, reason="The notice says 3.")[0] == 303
    assert "was declined" in karim.get(place).text
    assert approve(karim, place, 4) == 409


def test_two_rules_never_take_one_charge_of_the_same_goods(app: Flask, rules: UnitOfWork) -> None:
    rosa = curator(app, rules, "rosa")
    stones = {**FORM, "country": "TZ", "kind": "gemstone", "rate": "6"}

    status, page = send(rosa, "/staff/charges/new", 1, **stones)  # rough and cut have rules of their own
    assert status == 422
    assert "Another rule already takes this charge, for the form" in page
    assert 'href="#f-form"' in page
    assert send(rosa, "/staff/charges/new", 2, **{**FORM, "form": "dust"})[0] == 422
    not_counted = {**stones, "status": "not_applied", "reason": "Only for a note."}
    assert send(rosa, "/staff/charges/new", 3, **not_counted)[0] == 303


def test_of_two_proposals_for_one_charge_the_second_approver_must_look_again(app: Flask, rules: UnitOfWork) -> None:
    rosa, karim = curator(app, rules, "rosa"), curator(app, rules, "karim")
    first = send(rosa, "/staff/charges/new", 1, **FORM)[1]
    second = send(rosa, "/staff/charges/new", 2, **{**FORM, "rate": "5", "valid_from": "2026-11-01"})[1]
    seen = ending(karim, second)
    assert approve(karim, first, 3) == 303

    status, page = send(karim, f"{second}/approval", 4, ending=seen)
    assert (status, "changed since you opened this page" in page) == (409, True)
    assert approve(karim, second, 5) == 303
    assert royalty_of_kenya(rules, date(2026, 10, 31)) == Decimal("0.035")
    assert royalty_of_kenya(rules, date(2026, 11, 1)) == Decimal("0.05")


def test_who_compared_a_charge_with_the_law_stands_beside_it_and_the_public_reads_pact_staff(
    app: Flask, rules: UnitOfWork, client: FlaskClient
) -> None:
    kenyan = next(rule for rule in country_rules(rules.session, "KE") if rule.kind == "gold")
    place = f"/staff/charges/rules/{kenyan.id}"
    rosa = curator(app, rules, "rosa")
    assert "Not verified" in rosa.get("/staff/charges/KE").text

    assert send(rosa, f"{place}/verification", 1, against="")[0] == 422
    assert send(rosa, f"{place}/verification", 2, against="Legal Notice 106 of 2024, read today")[0] == 303

    page = unescape(rosa.get(place).text)
    assert "Verified by rosa on 29 Sept 2026 against: Legal Notice 106 of 2024" in page
    charges = charges_for(rules.session, country="KE", commodity="gold", form="dore", on=TODAY.date())
    assert charges.deductions[0].evidence == "verified"
    public = unescape(client.get("/prices/charges?country=KE").text)
    assert "Verified by Pact staff on 29 Sept 2026" in public
    assert "rosa" not in public


def test_nobody_verifies_what_she_entered_or_what_is_not_in_force(app: Flask, rules: UnitOfWork) -> None:
    rosa, karim = curator(app, rules, "rosa"), curator(app, rules, "karim")
    place = send(rosa, "/staff/charges/new", 1, **FORM)[1]

    assert send(karim, f"{place}/verification", 2, against="the law")[0] == 409
    approve(karim, place, 3)
    assert send(rosa, f"{place}/verification", 4, against="the law")[0] == 403
    assert send(karim, f"{place}/verification", 5, against="the law")[0] == 303


def test_standards_are_verified_too(app: Flask, rules: UnitOfWork, client: FlaskClient) -> None:
    rosa = curator(app, rules, "rosa")
    form = {"against-FAIRMINED": "Fairmined standard 2.0, section 4"}

    assert send(rosa, "/staff/charges/standards/FAIRMINED/verification", 1)[0] == 422
    assert send(rosa, "/staff/charges/standards/FAIRMINED/verification", 2, **form)[0] == 303
    assert send(rosa, "/staff/charges/standards/NOBODY/verification", 3, **form)[0] == 404
    assert "section 4" in rosa.get("/staff/charges/standards").text
    page = unescape(client.get("/prices/charges").text)
    assert "4,000 US dollars a kilogram of fine gold" in page
    assert "15 % of the reference value" in page


def test_readers_read_and_only_curators_change(app: Flask, rules: UnitOfWork) -> None:
    otto = browser(app, rules, person(rules, "otto", StaffRole.AUDITOR))

    assert otto.get("/staff/charges").status_code == 200
    assert "Propose a charge" not in otto.get("/staff/charges").text
    assert otto.get("/staff/charges/new").status_code == 403
    assert send(otto, "/staff/charges/new", 1, **FORM)[0] == 403
    assert otto.get("/staff/charges/DE").status_code == 404, "nothing is recorded of Germany"


def test_a_change_begins_with_what_is_in_force(app: Flask, rules: UnitOfWork) -> None:
    mali = next(rule for rule in country_rules(rules.session, "ML") if rule.kind == "gold")
    page = curator(app, rules, "rosa").get(f"/staff/charges/new?of={mali.id}").text

    assert 'name="limit" type="text" value="50"' in page
    assert 'name="rate" type="text" value="3"' in page


def test_the_public_page_shows_every_country_and_says_what_is_not_verified(
    rules: UnitOfWork, client: FlaskClient
) -> None:
    rules.commit()
    for code, words in (("CO", "4 % of 80 %"), ("SL", "highest of three valuations"), ("ML", "Not verified")):
        assert words in unescape(client.get(f"/prices/charges?country={code}").text)
    assert "No charge is recorded for that country" in client.get("/prices/charges?country=XX").text


def test_without_any_charge_the_page_says_so(client: FlaskClient) -> None:
    assert "No charge is recorded yet" in client.get("/prices/charges").text


def test_a_charge_ends_on_its_last_day(rules: UnitOfWork) -> None:
    rule = next(rule for rule in country_rules(rules.session, "KE") if rule.kind == "gold")
    rule.valid_to = TODAY.date()
    rules.record("deduction_rule.end", rule)

    assert royalty_of_kenya(rules, TODAY.date()) == Decimal("0.03")
    later = charges_for(rules.session, country="KE", commodity="gold", form="dore", on=TODAY.date() + timedelta(days=1))
    assert later.deductions == ()
    assert later.unknown[0].code == "not_recorded"
