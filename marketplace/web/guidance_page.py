"""The page that opens a guide, the same for buyers, for the cooperative and for staff."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import render_template, request

from marketplace.core.money import Money
from marketplace.http.context import current_uow
from marketplace.web.public.currencies import currency_choices, currency_error, exchange_to, wanted_currency
from marketplace.web.working import explained, unit_choices, unit_wanted


def guidance_page(
    snapshot: Mapping[str, Any],
    *,
    title: str,
    crumbs: Sequence[tuple[str, str]],
    address: str,
    charges: Sequence[Mapping[str, str]] = (),
    price: Money | None = None,
    download: str | None = None,
    made_at: datetime | None = None,
) -> str:
    """Return the page; `made_at` is None for a guide of this moment, which is stored nowhere."""
    uow, currency = current_uow(), wanted_currency()
    unit = unit_wanted(request.args.get("unit", ""), snapshot)
    exchange = exchange_to(uow.session, currency, uow.now.date())
    return render_template(
        "public/guidance.html",
        title=title,
        crumbs=crumbs,
        address=address,
        charges=charges,
        price=price,
        download=download,
        made_at=made_at,
        guide=explained(snapshot, unit=unit, exchange=exchange),
        exchange=exchange,
        units=unit_choices(),
        currencies=currency_choices(),
        values={"currency": currency, "unit": unit},
        errors=currency_error(),
    )
