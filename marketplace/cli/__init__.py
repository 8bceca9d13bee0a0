"""Commands: `flask --app wsgi …`."""

from importlib import import_module

from flask import Flask

# Every module with a click group named `group`.
MODULES: tuple[str, ...] = (
    "areas",
    "audit",
    "demo",
    "ledger",
    "passport",
    "payments",
    "price_book",
    "pricing",
    "price_texts",
    "privacy",
    "rates",
    "screening",
    "staff",
    "worker",
)


def init_commands(app: Flask) -> None:
    """Register every command."""
    for name in MODULES:
        app.cli.add_command(import_module(f"marketplace.cli.{name}").group)
