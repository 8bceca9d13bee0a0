"""A cooperative asks for an account at Stripe, gets links to its form, and reads how far it is."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.compliance.models import Cooperative
from marketplace.core.actor import MemberRole, StaffRole
from marketplace.payments.models import ProviderCommand
from marketplace.payments.provider_models import RecipientAccount
from marketplace.payments.provider_recipients import OnboardingLink, Recipient
from marketplace.payments.recipients import apply_recipient, keep_link
from marketplace.unit_of_work import UnitOfWork
from marketplace.web.recipient_words import wanted_words
from tests.builders.cooperatives import approved_cooperative
from tests.people import member, person
from tests.web.staff.test_finance_pages import key
from tests.web.test_orders import browser

FORM = "https://connect.stripe.example/setup/1"


def american(uow: UnitOfWork) -> Cooperative:
    """Return a cooperative where Stripe pays."""
    cooperative, _site, _amina = approved_cooperative(uow)
    cooperative.country = "US"
    uow.record("cooperative.amend", cooperative)
    return cooperative


def stripe_says(uow: UnitOfWork, account: RecipientAccount, *, wanted: tuple[str, ...], is_ready: bool = False) -> None:
    """Let the provider tell how the account stands."""
    told = Recipient(
        id="acct_1", country="US", is_submitted=is_ready or not wanted, takes_transfers=is_ready, is_paid_out=is_ready,
        wanted=wanted, reference=f"cooperative:{account.cooperative_id}",
    )  # fmt: skip
    apply_recipient(uow, told)
    uow.commit()


def test_a_signatory_starts_gets_a_link_and_reads_what_is_missing(app: Flask, uow: UnitOfWork) -> None:
    cooperative = american(uow)
    where = f"/cooperative/money/stripe/{cooperative.reference}"
    sara = browser(app, uow, member(uow, "sara", cooperative.id, role=MemberRole.SIGNATORY))
    assert f'href="{where}"' in sara.get("/cooperative/money").text
    assert "Ask for an account" in sara.get(where).text
    assert sara.post(f"{where}/link", data=key(1)).status_code == 404

    assert sara.post(where, data=key(2)).status_code == 303

    account = uow.session.scalars(select(RecipientAccount)).one()
    assert "being opened" in sara.get(where).text
    assert sara.post(f"{where}/link", data=key(3)).status_code == 409, "there is no account yet"
    stripe_says(uow, account, wanted=("external_account", "individual.dob.day", "individual.first_name"))
    page = sara.get(where).text
    assert "A bank account" in page
    assert page.count("Name, birthday and address of a person") == 1
    assert "Get a link to the form" in page
    assert sara.post(f"{where}/link", data=key(4)).status_code == 303
    assert "The link is being made." in sara.get(where).text
    _answer_link(uow, account)
    assert f'href="{FORM}"' in sara.get(where).text
    account.link_expires_at = uow.clock.wall() - timedelta(seconds=1)
    uow.record("recipient_account.test", account)
    uow.commit()
    page = sara.get(where).text
    assert FORM not in page
    assert "Get a new link to the form" in page
    stripe_says(uow, account, wanted=(), is_ready=True)
    assert "Stripe can pay your cooperative." in sara.get(where).text


def _answer_link(uow: UnitOfWork, account: RecipientAccount) -> None:
    command = uow.session.scalars(select(ProviderCommand).where(ProviderCommand.kind == "onboarding")).one()
    assert command.request["return_url"].endswith(f"/cooperative/money/stripe/{_reference(uow, account)}")
    command.state = "done"
    uow.record("provider_command.test", command)
    keep_link(uow, account=account, link=OnboardingLink(FORM, uow.clock.wall() + timedelta(minutes=5)))
    uow.commit()


def _reference(uow: UnitOfWork, account: RecipientAccount) -> str:
    return uow.session.get_one(Cooperative, account.cooperative_id).reference


def test_where_stripe_pays_nobody_the_page_says_so_and_takes_nothing(app: Flask, uow: UnitOfWork) -> None:
    cooperative, _site, _amina = approved_cooperative(uow)
    where = f"/cooperative/money/stripe/{cooperative.reference}"
    sara = browser(app, uow, member(uow, "sara", cooperative.id, role=MemberRole.SIGNATORY))
    assert "Stripe pays nobody in Tanzania." in sara.get(where).text
    assert where not in sara.get("/cooperative/money").text
    assert sara.post(where, data=key(1)).status_code == 409


def test_a_refused_account_may_be_asked_for_again(app: Flask, uow: UnitOfWork) -> None:
    cooperative = american(uow)
    where = f"/cooperative/money/stripe/{cooperative.reference}"
    sara = browser(app, uow, member(uow, "sara", cooperative.id, role=MemberRole.SIGNATORY))
    sara.post(where, data=key(1))
    account = uow.session.scalars(select(RecipientAccount)).one()
    account.state = "failed"
    uow.record("recipient_account.test", account)
    uow.commit()
    assert "Stripe did not open an account." in sara.get(where).text
    assert sara.post(where, data=key(2)).status_code == 303
    assert "being opened" in sara.get(where).text


def test_only_a_signatory_of_this_cooperative_asks(app: Flask, uow: UnitOfWork) -> None:
    cooperative = american(uow)
    where = f"/cooperative/money/stripe/{cooperative.reference}"
    vera = browser(app, uow, member(uow, "vera", cooperative.id, role=MemberRole.VIEWER))
    assert "Only a signatory" in vera.get(where).text
    assert vera.post(where, data=key(1)).status_code == 403


@pytest.mark.parametrize(("role", "status"), [(StaffRole.FINANCE, 200), (StaffRole.AUDITOR, 200)])
def test_staff_see_who_has_an_account_and_what_is_missing(
    app: Flask, uow: UnitOfWork, role: StaffRole, status: int
) -> None:
    cooperative = american(uow)
    row = RecipientAccount(
        cooperative_id=cooperative.id, country="US", state="restricted", provider_ref="acct_1", created_at=uow.now,
        wanted=["individual.verification.document"],
    )  # fmt: skip
    uow.session.add(row)
    uow.record("recipient_account.test", row)
    client = browser(app, uow, person(uow, "frida", role))
    page = client.get("/staff/finance/recipients")
    assert page.status_code == status
    assert cooperative.legal_name in page.text
    assert "A photo of an identity document" in page.text
    assert cooperative.legal_name not in client.get("/staff/finance/recipients?state=ready").text
    assert client.get("/staff/finance/recipients?after=nonsense").status_code == 404


def test_what_stripe_wants_is_said_once_in_words() -> None:
    assert wanted_words(["individual.verification.document", "individual.dob.day", "individual.dob.year"]) == [
        "A photo of an identity document",
        "Name, birthday and address of a person",
    ]
    assert wanted_words(["zz"]) == ["Something more, which Stripe’s form names"]
    assert wanted_words([]) == []
