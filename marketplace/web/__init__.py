"""Pages for people, one package an audience."""

from importlib import import_module

from flask import Flask

# Every blueprint, by module; each module has `bp`. Named here, so that a forgotten page is seen in review.
MODULES: tuple[str, ...] = (
    "account.invitations",
    "account.language",
    "account.limit",
    "account.passwords",
    "account.price_text",
    "account.profile",
    "account.register",
    "account.second_factor",
    "account.sessions",
    "account.sign_in",
    "account.tokens",
    "buyer.buying",
    "buyer.offering",
    "buyer.offers",
    "buyer.orders",
    "buyer.papers",
    "cooperative.fairness",
    "cooperative.lots",
    "cooperative.lots_check",
    "cooperative.lots_guidance",
    "cooperative.lots_steps",
    "cooperative.money",
    "cooperative.offers",
    "cooperative.orders",
    "cooperative.papers",
    "cooperative.people",
    "cooperative.photos",
    "cooperative.profile",
    "cooperative.recipient",
    "evidence",
    "public.charges",
    "public.fairness",
    "public.guidance",
    "public.help",
    "public.home",
    "public.lots",
    "public.metal_history",
    "public.photos",
    "public.prices",
    "public.sorting",
    "public.stone_history",
    "public.today",
    "public.water_test",
    "staff.audit",
    "staff.charges",
    "staff.chargebacks",
    "staff.closures",
    "staff.compliance_holds",
    "staff.cooperatives",
    "staff.fairness",
    "staff.finance",
    "staff.finance_cash",
    "staff.finance_currencies",
    "staff.finance_destinations",
    "staff.finance_bank",
    "staff.finance_batches",
    "staff.finance_exchange",
    "staff.finance_parts",
    "staff.finance_payouts",
    "staff.finance_reports",
    "staff.finance_unmatched",
    "staff.finance_waiting",
    "staff.guidance",
    "staff.holds",
    "staff.home",
    "staff.ledger",
    "staff.limits",
    "staff.moderation",
    "staff.offers",
    "staff.officers",
    "staff.orders",
    "staff.outbox",
    "staff.papers",
    "staff.people",
    "staff.price_book",
    "staff.price_book_drafts",
    "staff.prices",
    "staff.rate_entries",
    "staff.rates",
    "staff.recipients",
    "staff.sites",
)


def init_web(app: Flask) -> None:
    """Register filters and every blueprint of the pages."""
    from marketplace.web.filters import register_filters
    from marketplace.web.frame import register_frame

    register_filters(app)
    register_frame(app)
    for name in MODULES:
        app.register_blueprint(import_module(f"marketplace.web.{name}").bp)
