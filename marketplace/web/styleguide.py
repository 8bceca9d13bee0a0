"""What the style guide page shows: one made-up lot in every part of the design system."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from marketplace.core.money import Money

_DRAWINGS: Final = ("dore", "dust", "nugget", "bar", "rough", "cut", "parcel", "carving")


def sample(photo_url: str = "") -> Mapping[str, Any]:
    """Return the values of the style guide; `photo_url` is shown wherever a photo stands."""
    price = Money(124_000, "USD")
    photo = {"url": photo_url, "alt": "Rough tanzanite from the front"}
    return MappingProxyType(
        {
            "price": price,
            "local": Money(322_400_000, "TZS"),
            "day": date(2026, 11, 22),
            "photos": [photo, photo, photo],
            "split": [
                {"label": "Cooperative", "amount": Money(97_000, "USD"), "payee": "cooperative"},
                {"label": "Cooperative fund", "amount": Money(9_700, "USD"), "payee": "premium"},
                {"label": "Royalty and inspection", "amount": Money(8_300, "USD"), "payee": "deduction"},
                {"label": "Platform fee", "amount": Money(9_000, "USD"), "payee": "platform"},
            ],
            "guidance": {"low": Money(110_000, "USD"), "middle": Money(126_000, "USD"), "high": Money(142_000, "USD")},
            "facts": _facts(),
            "cards": [_card(number, photo) for number in range(1, 5)],
            "moments": _moments(),
            **_staff(),
            **_form(),
        }
    )


def _facts() -> list[dict[str, str]]:
    return [
        {"term": "Weight", "value": "3.42 ct (0.684 g)", "how": "measured by the cooperative", "change": "#weight"},
        {"term": "Treatment", "value": "Heated", "how": "laboratory report no. 2211"},
        {"term": "Colour", "value": "Blue to violet", "how": "declared"},
    ]


def _card(number: int, photo: dict[str, str]) -> dict[str, Any]:
    return {
        "href": f"/lots/{number}",
        "title": f"Tanzanite, {number}.42 ct, rough",
        "place": "Merelani, Tanzania",
        "price": Money(31_000 * number, "USD"),
        "miners_share": Decimal("0.78"),
        "photo": photo,
    }


def _moments() -> list[dict[str, str]]:
    return [
        {"title": "Paid", "state": "done", "meta": "20 Nov 2026"},
        {"title": "With the courier", "state": "now", "meta": "22 Nov 2026, Arusha", "body": "Seal TZ-00412 is whole."},
        {"title": "A problem was reported", "state": "bad", "meta": "23 Nov 2026"},
        {"title": "Accepted by the buyer", "state": "todo"},
    ]


def _staff() -> dict[str, Any]:
    return {
        "stats": [
            {"number": 12, "label": "Waiting", "href": "#waiting"},
            {"number": "3 h", "label": "Oldest"},
            {"number": 2, "label": "Price outliers", "href": "#outliers"},
            {"number": 1, "label": "Possible duplicate", "href": "#duplicates"},
        ],
        "columns": [
            {"key": "lot", "label": "Lot"},
            {"key": "origin", "label": "From"},
            {"key": "price", "label": "Price", "numeric": True},
        ],
        "rows": [
            {"lot": "Tanzanite, 3.42 ct", "origin": "Merelani", "price": "US$1,240.00"},
            {"lot": "Gold doré, 250.00 g", "origin": "Migori", "price": "US$30,533.34"},
        ],
        "changes": [
            {"label": "Weight", "before": "34.2 ct", "after": "3.42 ct"},
            {"label": "Colour", "before": "Blue", "after": "Blue"},
        ],
        "tasks": [
            {"label": "What is it", "href": "#1", "state": "Done", "tone": "good"},
            {"label": "Photos", "href": "#3", "state": "Incomplete", "tone": "warn"},
            {"label": "Price", "href": "#6", "state": "Not started", "tone": "info"},
        ],
    }


def _form() -> dict[str, Any]:
    return {
        "typed": {"weight": "3,4,2", "form": "rough", "country": "TZ"},
        "errors": {"weight": "Write the weight with one comma or point, like 3.42."},
        "forms": [{"value": name, "label": name.capitalize(), "drawing": name} for name in _DRAWINGS],
    }
