"""Payments that are held for long: which must end soon, the most urgent first."""

from flask import Blueprint, render_template, request

from marketplace.core.actor import StaffRole
from marketplace.http.access import allow, staff
from marketplace.http.context import current_uow
from marketplace.orders.hold_limits import alarm_days, backstop_days, is_road_too_long, road_days
from marketplace.orders.queries import price_of
from marketplace.orders.services.hold_alarms import long_holds
from marketplace.orders.terms import INSPECTION_DAYS

bp = Blueprint("staff_holds", __name__, url_prefix="/staff/holds")
READERS = staff(StaffRole.MODERATOR, StaffRole.FINANCE, StaffRole.AUDITOR)


@bp.get("")
@allow(READERS)
def index() -> str:
    """List the payments past their first alarm, and what the provider allows."""
    uow = current_uow()
    rule = uow.settings.limits_file.of_hold(uow.settings.provider_country)
    rows, after = long_holds(uow, after=request.args.get("after"))
    return render_template(
        "staff/holds/list.html",
        rows=rows,
        prices={row.order.id: price_of(row.order) for row in rows},
        after=after,
        rule=rule,
        nobody_buys=is_road_too_long(rule.days),
        needed=road_days(INSPECTION_DAYS, is_large=False),
        provider_country=uow.settings.provider_country,
        alarms=alarm_days(rule.days),
        backstop=backstop_days(rule.days),
    )
