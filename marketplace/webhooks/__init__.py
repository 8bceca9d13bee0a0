"""Calls from providers to us."""

from flask import Flask


def init_webhooks(app: Flask) -> None:
    """Register the webhook views."""
