"""The settings of text messages, and what may not go together there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.parsing import Reader

if TYPE_CHECKING:
    from config.settings import Settings


def read_text_messages(read: Reader, data_dir: Path) -> dict[str, Any]:
    """Return the settings of the gateway; without its address, messages become files outside production."""
    return {
        "sms_url": read.address("SMS_URL", None, schemes=("https", "http")),
        "sms_key": read.optional("SMS_KEY"),
        "sms_from": read.text("SMS_FROM", "Facet"),
        "sms_report_secret": read.optional("SMS_REPORT_SECRET"),
        "sms_dir": Path(read.text("SMS_DIR", str(data_dir / "sms"))).absolute(),
    }


def wrong_text_messages(settings: Settings) -> tuple[tuple[bool, str], ...]:
    """Return each rule: whether it is broken, and its words."""
    is_plain = settings.sms_url is not None and settings.sms_url.startswith("http://")
    return (
        (settings.is_production and is_plain, "SMS_URL must begin with https:// in production"),
        (settings.is_production and bool(settings.sms_url) and not settings.sms_key, "SMS_URL needs SMS_KEY"),
        (
            settings.sms_report_secret is not None and len(settings.sms_report_secret) < 32,
            "SMS_REPORT_SECRET needs at least 32 characters",
        ),
        (len(settings.sms_from) > 15, "SMS_FROM is at most 15 characters: a name or a number"),
    )
