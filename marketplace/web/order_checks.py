"""What an order's pages say about the independent check: a deposit by assay, and what the verifier found."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace.core.money import Money
from marketplace.http.languages import translate as _
from marketplace.orders.models import Order
from marketplace.orders.queries import verification_of
from marketplace.web.filters import fineness, money, weight


def deposit_rows(order: Order) -> list[dict[str, Any]]:
    """Return what a buyer who pays by assay should know; nothing for a fixed price."""
    if order.provisional_minor is None:
        return []
    price = money(Money(order.provisional_minor, order.currency))
    if order.refund_minor is None:
        told = _(
            "The price is %(price)s by the listing. The assay sets it; what was paid too much goes back.", price=price
        )
    else:
        back = money(Money(order.refund_minor, order.currency))
        told = _("The price is %(price)s by the listing. By the assay %(refund)s goes back.", price=price, refund=back)
    return [{"term": _("Price by assay"), "value": told}]


def check_rows(session: Session, order: Order, kind: str) -> list[dict[str, Any]]:
    """Return the verifier's newest report, or nothing."""
    report = verification_of(session, order.id) if order.wants_verification else None
    if report is None:
        return []
    rows = [
        {"term": _("Report of the verifier"), "value": report.certificate},
        {"term": _("Weight by the verifier"), "value": weight(report.weight_mg, kind)},
    ]
    if report.fineness_permille is not None:
        rows.append({"term": _("Fineness by assay"), "value": fineness(report.fineness_permille)})
    return rows
