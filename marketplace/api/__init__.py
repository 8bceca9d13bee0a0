"""The JSON API, version 1, at /api/v1."""

from importlib import import_module
from typing import Final

from flask import Flask

from marketplace.api.openapi import CONFIGURATION

# Every resource, in the order of the description; each module has `bp`.
RESOURCES: Final = ("guidance", "prices", "rates", "lots", "me", "drafts", "offers", "orders", "audit")


def init_api(app: Flask) -> None:
    """Register the API's resources and their description."""
    from marketplace.api import pages
    from marketplace.api.blueprint import ApiV1
    from marketplace.api.tokens import init_tokens

    app.config.update(CONFIGURATION)
    init_tokens(app)
    api = ApiV1(app)
    for name in RESOURCES:
        api.register(import_module(f"marketplace.api.v1.resources.{name}").bp)
    app.extensions[pages.DESCRIPTION] = api.spec.to_dict()
    app.register_blueprint(pages.bp)
