"""Orders whose cooperative is paid by the provider: accepted, the account filled in at the provider's own page."""

import requests

from marketplace.orders import services
from marketplace.orders.transitions import Action
from marketplace.payments import recipients
from marketplace.payments.provider_models import RecipientAccount
from tests.builders.documents import papers_of_order
from tests.builders.orders import Sale, parcel
from tests.builders.payments import usable_destination
from tests.integration.payments.shop import Shop

BACK = "https://shop.example/back"


def accepted(shop: Shop, **other: object) -> Sale:
    """Let an order go the whole way until the cooperative's part waits for its payout."""
    sale = shop.paid_order(**other)
    services.advance(sale.as_cooperative(), order=shop.order_now(sale), action=Action.CONFIRM)
    papers_of_order(shop.uow, sale.order, sale.amina)
    services.ship(sale.as_cooperative(), order=sale.order, parcel=parcel(sale.order))
    services.advance(sale.as_buyer(), order=sale.order, action=Action.RECEIVE)
    services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)
    return sale


def requested(shop: Shop, sale: Sale, *, country: str = "DE") -> RecipientAccount:
    """Ask for the cooperative's account, and let the worker do it."""
    account = recipients.request_recipient(
        shop.uow, cooperative_id=sale.order.cooperative_id, country=country, email=None
    )
    shop.uow.commit()
    shop.work()
    return account


def ready(shop: Shop, sale: Sale, *, country: str = "DE") -> RecipientAccount:
    """Let the cooperative fill in its page at the provider."""
    account = requested(shop, sale, country=country)
    recipients.request_link(shop.uow, account=account, return_url=BACK, refresh_url=BACK)
    shop.work()
    form = {"holder": "Mama Madini", "number": "DE89370400440532013000"}
    assert requests.post(account.link_url or "", data=form, allow_redirects=False, timeout=5).status_code == 303
    shop.deliver()
    return account


def paid_by_stripe(shop: Shop, *, country: str = "US", **other: object) -> Sale:
    """Let the cooperative of an accepted order be paid to its own account at the provider, which finance checked."""
    sale = accepted(shop, **other)
    account = ready(shop, sale, country=country)
    form = {"rail": "stripe", "holder": "Mama Madini", "stripe_account": str(account.provider_ref)}
    usable_destination(sale, form=form)
    shop.uow.commit()
    return sale
