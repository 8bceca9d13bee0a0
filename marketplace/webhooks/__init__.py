"""Calls from providers to us."""

from flask import Flask

from marketplace.http.context import settings
from marketplace.http.security import csrf
from marketplace.payments.stripe_provider import StripeProvider


def init_webhooks(app: Flask) -> None:
    """Register the webhook views, and the provider that signs what they take in."""
    from marketplace.webhooks import sms, stripe

    with app.app_context():
        chosen = settings()
    app.extensions["payment_provider"] = StripeProvider(
        chosen.stripe_api_key, chosen.stripe_webhook_secret, chosen.stripe_api_base
    )
    csrf.exempt(stripe.bp)  # signed instead
    app.register_blueprint(stripe.bp)
    csrf.exempt(sms.bp)  # signed as well
    app.register_blueprint(sms.bp)
