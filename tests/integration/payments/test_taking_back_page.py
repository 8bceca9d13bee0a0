"""On a payout's page two people of finance take Stripe's transfer back."""

from sqlalchemy import select

from marketplace.core.actor import StaffRole
from marketplace.payments.provider_models import ProviderTransfer
from tests.builders.payments import approved_payout
from tests.integration.payments.onboarding import paid_by_stripe
from tests.integration.payments.shop import Shop
from tests.people import person
from tests.web.test_orders import browser


def key(number: int) -> dict[str, str]:
    return {"idempotency_key": f"taking-back-{number}"}


def test_one_proposes_another_agrees_and_the_page_says_what_came_back(own_shop: Shop) -> None:
    shop = own_shop
    payout = approved_payout(paid_by_stripe(shop))
    shop.work()
    shop.deliver()
    people = [person(shop.uow, name, StaffRole.FINANCE) for name in ("felix", "gloria")]
    shop.uow.commit()
    felix, gloria = (browser(shop.app, shop.uow, each) for each in people)
    page = f"/staff/payouts/{payout.reference}"

    assert "Propose to take it back" in felix.get(page).text
    refused = felix.post(f"{page}/reversal", data={**key(1), "reversal_reason": "x" * 1001})
    assert (refused.status_code, "at most 1,000 letters" in refused.text, "x" * 1001 in refused.text) == (
        422,
        True,
        True,
    )
    assert felix.post(f"{page}/reversal", data={**key(2), "reversal_reason": "Wrong account."}).status_code == 303
    shown = felix.get(page).text
    assert "Somebody else of finance must agree" in shown
    assert f"{page}/reversal/agreement" not in shown
    assert felix.post(f"{page}/reversal/agreement", data=key(3)).status_code == 403

    assert "Wrong account." in gloria.get(page).text
    assert gloria.post(f"{page}/reversal/agreement", data=key(4)).status_code == 303
    assert "Stripe was asked to take it back" in gloria.get(page).text
    shop.work()
    shop.deliver()
    shop.uow.session.expire_all()
    transfer = shop.uow.session.scalars(select(ProviderTransfer).where(ProviderTransfer.payout_id == payout.id)).one()
    assert transfer.state == "reversed"
    assert "Came back from the cooperative’s account" in gloria.get(page).text
    assert felix.post(f"{page}/reversal", data={**key(5), "reversal_reason": "Again."}).status_code == 409
