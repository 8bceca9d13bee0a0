"""Payout destinations and payouts on every stretch of their road, made through the services."""

from datetime import timedelta

from marketplace.accounts.models import User
from marketplace.core.actor import MemberRole, StaffRole
from marketplace.orders import services
from marketplace.orders.services import settlement
from marketplace.orders.transitions import Action
from marketplace.payments import destinations, taking_back
from marketplace.payments.destination_details import read_details
from marketplace.payments.models import Payout, PayoutDestination
from marketplace.payments.provider_models import ProviderTransfer
from marketplace.unit_of_work import UnitOfWork
from tests.builders.orders import Sale, delivered_order
from tests.people import actor, member

MOBILE = {"rail": "mobile_money", "holder": "Mama Madini Cooperative", "provider": "mpesa", "phone": "+255 712 345 678"}
BANK = {
    "rail": "bank",
    "holder": "Mama Madini Cooperative",
    "bank": "Bank of Dodoma",
    "account": "DE89 3704 0044 0532 0130 00",
    "bic": "",
}


def signatory(uow: UnitOfWork, sale: Sale, name: str = "salome") -> User:
    """Make a signatory of the sale's cooperative."""
    return member(uow, name, sale.order.cooperative_id, role=MemberRole.SIGNATORY)


def entered_destination(
    uow: UnitOfWork, sale: Sale, *, form: dict[str, str] = MOBILE, currency: str = "USD"
) -> PayoutDestination:
    """Let a signatory enter where to pay; nobody checked it yet."""
    salome = signatory(uow, sale)
    return destinations.enter(
        uow.acting_as(actor(uow.session, salome)),
        cooperative_id=sale.order.cooperative_id,
        details=read_details(form),
        currency=currency,
    )


def usable_destination(sale: Sale, *, form: dict[str, str] = MOBILE, currency: str = "USD") -> PayoutDestination:
    """Let finance check a destination that was entered long ago."""
    destination = entered_destination(sale.uow, sale, form=form, currency=currency)
    destination.usable_from -= timedelta(hours=48)
    destinations.verify(sale.as_staff("victor", StaffRole.FINANCE), destination=destination)
    return destination


def releasing_order(uow: UnitOfWork, *, form: dict[str, str] = MOBILE, currency: str = "USD", **other: object) -> Sale:
    """Let bob accept; the cooperative's part waits and its account, kept in `currency`, is checked."""
    sale = delivered_order(uow, **other)
    services.advance(sale.as_buyer(), order=sale.order, action=Action.ACCEPT)
    usable_destination(sale, form=form, currency=currency)
    return sale


def prepared_payout(sale: Sale) -> Payout:
    """Let frida prepare."""
    return settlement.prepare_payout(sale.as_staff("frida", StaffRole.FINANCE), order=sale.order)


def approved_payout(sale: Sale) -> Payout:
    """Let grace approve."""
    payout = prepared_payout(sale)
    settlement.approve_payout(sale.as_staff("grace", StaffRole.FINANCE), payout=payout)
    return payout


def sent_payout(sale: Sale, *, reference: str = "MP-20260929-1") -> Payout:
    """Let frida send."""
    payout = approved_payout(sale)
    settlement.send_payout(sale.as_staff("frida"), payout=payout, reference=reference)
    return payout


def take_back(sale: Sale, transfer: ProviderTransfer) -> None:
    """Let two people of finance ask the provider to take a transfer back."""
    taking_back.propose(sale.as_staff("frida", StaffRole.FINANCE), transfer=transfer, reason="The wrong account.")
    taking_back.agree(sale.as_staff("grace", StaffRole.FINANCE), transfer=transfer)
